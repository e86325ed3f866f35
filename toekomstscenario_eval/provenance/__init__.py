"""From a number back to its source: manifest, trace, what changed, archive."""
