"""Checks on a package: one rule per file, found by directory. Findings, never repairs.

A rule file holds `REGEL` (what it asks and how serious a violation is), `toetsen(pakket)` (the
questions on tables and columns) and `GEVALLEN` (worked cases: small tables in, findings out).
Adding a rule is adding one file; files that start with an underscore are not rules.
"""

from toekomstscenario_eval.data.checks._rapport import als_json, eis_geschikt, samenvatting
from toekomstscenario_eval.data.checks._runner import controleer, rules

__all__ = ["als_json", "controleer", "eis_geschikt", "rules", "samenvatting"]
