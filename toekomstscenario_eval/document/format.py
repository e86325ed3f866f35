"""How numbers read in Dutch: decimal comma, point between thousands, percentages, whole days."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.types import SITE, SITE_KIND, Maat, Venster, Vorm

EMPTY = "niet te bepalen"
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


# The sign of a number below zero; a hyphen would break a line, and reads as a dash.
MINUS = "\u2212"
_SWAP = str.maketrans(",.", ".,")
_POINTS = " procentpunt"
# How a method says from how many draws a chance was counted, and how many of them it cannot be less than.
_DRAWS = (
    (re.compile(r"(\d+) (?:omwisselingen|willekeurige verdelingen)"), 1),
    (re.compile(r"(\d+) netwerken met dezelfde aantallen"), 2),
)


def _dutch(text: str) -> str:
    """Return a number as Python writes it in Dutch; what is rounded to zero has no sign."""
    digits = text.translate(_SWAP).removeprefix("-")
    below = text.startswith("-") and any(digit in "123456789" for digit in digits)
    return f"{MINUS}{digits}" if below else digits


def _percentage(waarde: float) -> str:
    return _dutch(f"{100 * waarde:.1f}") + "%"


def _points(waarde: float) -> str:
    return _dutch(f"{100 * waarde:.1f}") + _POINTS


def _whole(waarde: float) -> str:
    return _dutch(f"{waarde:,.0f}")


def _decimal(waarde: float) -> str:
    # A count such as a median reads as a count.
    return _whole(waarde) if waarde == round(waarde) else _dutch(f"{waarde:,.2f}")


def probability(p: float) -> str:
    """Return a p-value: three decimals, and never zero."""
    if math.isnan(p):
        return "geen"
    return "< 0,001" if p < 0.001 else _dutch(f"{p:.3f}")


def least_chance(p: float) -> str:
    """Return the smallest p that can come out: two digits that count, and never zero."""
    if p < 0.001:
        return "kleiner dan 0,001"
    return _dutch(f"{p:.{1 - math.floor(math.log10(p))}f}")


@dataclass(frozen=True)
class Form:
    """How a number of one form is written, and what it is.

    Attributes
    ----------
    tekst : writes it
    as_ : number format along an axis, and that for when all numbers are small
    deel : a part of a whole, from 0 to 1, that needs no unit
    telling : a bare count, that is not compared
    verandering : 0 means that nothing changed
    kans : a p-value
    dagen : a duration
    """

    tekst: Callable[[float], str]
    as_: tuple[str, str] = (",.4~g", ",.4~g")
    deel: bool = False
    telling: bool = False
    verandering: bool = False
    kans: bool = False
    dagen: bool = False


FORMS: Mapping[Vorm, Form] = {
    Vorm.AANDEEL: Form(_percentage, (".0%", ".1%"), deel=True),
    Vorm.TELLING: Form(_whole, telling=True),
    Vorm.DAGEN: Form(_whole, dagen=True),
    Vorm.GETAL: Form(_decimal, verandering=True),
    Vorm.KANS: Form(probability, kans=True),
    Vorm.PROCENTPUNT: Form(_points, (".0%", ".1%"), verandering=True),
}


# Numbers that belong to no estimand. What stands beside one reads the same everywhere; a point of a series is
# a share, unless it stands here; what is counted in days reads as days.
BESIDE: Mapping[str, Vorm] = {
    **dict.fromkeys(("n", "teller", "noemer", "gecensureerd", "aantal", "x"), Vorm.TELLING),
    **dict.fromkeys(("statistiek", "df"), Vorm.GETAL),
}
_SERIES: Mapping[str, Vorm] = {"mcf": Vorm.GETAL, "gevoeligheid": Vorm.GETAL}
_UNITS: Mapping[str, Vorm] = {"dagen": Vorm.DAGEN}


def of_difference(vorm: Vorm) -> Vorm:
    """Return how a difference between two numbers of this form reads."""
    return Vorm.PROCENTPUNT if FORMS[vorm].deel else vorm


def of_series(reeks: str) -> Vorm:
    """Return how a point of this series reads."""
    return _SERIES.get(reeks, Vorm.AANDEEL)


def of_unit(eenheid: str) -> Vorm:
    """Return how the outcome of a test in this unit reads."""
    return _UNITS.get(eenheid, Vorm.GETAL)


def number(waarde: float, vorm: Vorm) -> str:
    """Return a number as a Dutch reader expects it; `EMPTY` when it is missing."""
    return EMPTY if math.isnan(waarde) else FORMS[vorm].tekst(waarde)


def of_method(waarde: float, vorm: Vorm, methode: str) -> str:
    """Return a number; a chance that is the least its number of draws can give is at most that."""
    text = number(waarde, vorm)
    if not FORMS[vorm].kans or text.startswith("<"):
        return text
    least = [times / (int(found[1]) + 1) for how, times in _DRAWS if (found := how.search(methode))]
    return f"\u2264 {text}" if any(waarde <= one * (1 + 1e-9) for one in least) else text


def unit(maat: Maat) -> str:
    """Return the unit as it follows a number of this estimand: a share has none."""
    return "" if FORMS[maat.vorm].deel else f" {maat.eenheid}"


def interval(under: float, above: float, vorm: Vorm) -> str:
    """Return a 95% interval as `van – tot`; an open end is named, a missing one gives an empty text."""
    if math.isnan(under) and math.isnan(above):
        return ""
    if math.isnan(above):
        return f"{number(under, vorm)} en {'langer' if FORMS[vorm].dagen else 'meer'}"
    if math.isnan(under):
        return f"tot en met {number(above, vorm)}"
    left = number(under, vorm).removesuffix("%").removesuffix(_POINTS)
    return f"{left} – {number(above, vorm)}"


def day(this_day: date) -> str:
    """Return a date as a Dutch reader writes it."""
    return f"{this_day.day} {_MONTHS[this_day.month - 1]} {this_day.year}"


def day_text(text: str) -> str:
    """Return a date in ISO text as a Dutch reader writes it; empty for none."""
    return day(date.fromisoformat(text)) if text else ""


def last_day(venster: Venster) -> date:
    """Return the last day of a half-open window: the one on which a stand is measured."""
    return venster.eind - timedelta(days=1)


def window(venster: Venster) -> str:
    """Return a half-open window as its first and last day; one day as that day."""
    if venster.dagen == 1:
        return day(venster.begin)
    return f"{day(venster.begin)} tot en met {day(last_day(venster))}"


def group(naam: str) -> str:
    """Return the name of a group; the whole is called by name."""
    return "Geheel" if naam == TOTAAL else naam


def field(naam: str) -> str:
    """Return the name of a breakdown as a reader sees it."""
    return {
        "": "Geheel",
        SITE: "Proeftuin of regio",
        SITE_KIND: "Soort regio",
        "proeftuin_regio": "Regio",
        "proeftuin_tranche": "Tranche",
        "gezinsprofiel": "Gezinsprofiel",
        "reden_einde": "Reden van uitstroom",
    }.get(naam, naam[:1].upper() + naam[1:].replace("_", " "))


def sentence_start(text: str) -> str:
    """Return a label with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def sentence_case(text: str) -> str:
    """Return a label for use inside a sentence: the first letter small, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
