"""The sections of the verantwoording: one file each, found by directory, in the order of the names."""
