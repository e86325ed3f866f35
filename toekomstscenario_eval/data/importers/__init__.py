"""From a real export to a package, by a mapping that people can read and check."""
