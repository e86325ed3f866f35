"""Assumptions of designs over time as checks, one a file; see `designs._checked`."""
