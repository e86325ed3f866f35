"""Indicators: one file each, found by directory. A file whose name starts with `_` is no indicator."""
