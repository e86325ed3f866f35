"""Comparisons over sites and periods, one design per file."""
