"""Names of what describes a household: what makes them and what reads them agree here.

A name with `=` in it is one value of what divides all households, each of which has exactly one value of it:
`kinderen=2`. Another name stands alone: a household has it or not.
"""

from __future__ import annotations

_IS = "="
# What follows from the window and from when the pilot began, and does not describe a household at instroom.
SEEN, ACROSS = "gevolgd", "over_de_start"
# The value of who has none, as in a breakdown.
_UNKNOWN = "~"


def value(what: str, code: str) -> str:
    """Return the name of a value of what divides all households."""
    return f"{what}{_IS}{code}"


def missing(what: str) -> str:
    """Return the name of who has no value of it."""
    return value(what, _UNKNOWN)


def characteristic(naam: str) -> str:
    """Return what a name is a value of; of one that stands alone the name itself."""
    return naam.partition(_IS)[0]


def of_household(naam: str) -> bool:
    """Whether a name describes the household itself, and not how long or when it was seen."""
    return characteristic(naam) not in (SEEN, ACROSS)


def divides(naam: str) -> bool:
    """Whether a name is a value of what divides all households."""
    return _IS in naam
