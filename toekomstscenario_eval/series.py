"""Names of the series of points that results hold, and how they group: which are curves, ties, roles."""

from __future__ import annotations

CURVE, DISTRIBUTION, PAIRS = "overleving", "verdeling", "soortparen"
# Curves of competing or repeated ends, beside the survival curve.
EVENTS = ("incidentie", "mcf")
# Of a network, by level.
NIVEAUS = ("domein", "soort", "organisatie")
NODES = tuple(f"{n}knopen" for n in NIVEAUS)
# An organisation has no name outside: its point says in `ander` what it is, as `soort|domein`.
ORGANISATIONS, BAR = "organisatieknopen", "|"
HOME = "soortdomein"
TIES = (*(f"{n}banden" for n in NIVEAUS), HOME)
FLOWS = ("domeinoverdrachten", "soortoverdrachten")
# A row among the tests that says who takes no part in them; it holds no number.
NO_PART = "groepen die niet meedoen"
ROLLEN, SENSITIVITY, STRENGTH = "rollen", "gevoeligheid", "sterkte"
# What stands with a point of these in the place of an interval: a share of its own, days, or a range.
BOUNDS = {
    **dict.fromkeys(TIES, ("naast elkaar", "")),
    **dict.fromkeys(FLOWS, ("zonder overlap", "dagen ertussen (mediaan)")),
    SENSITIVITY: ("laagste", "hoogste"),
}
