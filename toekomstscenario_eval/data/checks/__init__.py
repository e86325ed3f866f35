"""Checks on a package: one rule per file, found by directory. Findings, never repairs.

A rule file holds `RULE` (what it asks and how serious a violation is), `toetsen(package)` (the
questions on tables and columns) and `CASES` (worked cases: small tables in, findings out).
Adding a rule is adding one file; files that start with an underscore are not rules.
"""

from toekomstscenario_eval.data.checks._report import as_json, require_fit, row_counts, summary
from toekomstscenario_eval.data.checks._runner import check, failing, rules

__all__ = ["as_json", "check", "failing", "require_fit", "row_counts", "rules", "summary"]
