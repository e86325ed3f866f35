"""From unit rows to small tables per group, computed where the data live."""
