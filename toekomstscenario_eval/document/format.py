"""How numbers read in Dutch: decimal comma, point between thousands, percentages, whole days."""

from __future__ import annotations

import math
from datetime import date, timedelta

from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.types import Venster, Vorm

LEEG = "niet te bepalen"
_MAANDEN = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def _dutch(tekst: str) -> str:
    return tekst.replace(",", "\x00").replace(".", ",").replace("\x00", ".")


def number(waarde: float, vorm: Vorm) -> str:
    """Return a number as a Dutch reader expects it; `LEEG` when it is missing."""
    if math.isnan(waarde):
        return LEEG
    if vorm is Vorm.AANDEEL:
        return _dutch(f"{100 * waarde:.1f}") + "%"
    if vorm in (Vorm.TELLING, Vorm.DAGEN):
        return _dutch(f"{waarde:,.0f}")
    # A count such as a median reads as a count.
    return _dutch(f"{waarde:,.0f}" if waarde == round(waarde) else f"{waarde:,.2f}")


def probability(p: float) -> str:
    """Return a p-value: three decimals, and never zero."""
    if math.isnan(p):
        return "geen"
    return "kleiner dan 0,001" if p < 0.001 else _dutch(f"{p:.3f}")


def interval(onder: float, boven: float, vorm: Vorm) -> str:
    """Return a 95% interval as `van – tot`; an open end is named, a missing one gives an empty text."""
    if math.isnan(onder) and math.isnan(boven):
        return ""
    links = "?" if math.isnan(onder) else number(onder, vorm).removesuffix("%")
    rechts = "?" if math.isnan(boven) else number(boven, vorm)
    return f"{links} – {rechts}"


def day(dag: date) -> str:
    """Return a date as a Dutch reader writes it."""
    return f"{dag.day} {_MAANDEN[dag.month - 1]} {dag.year}"


def window(venster: Venster) -> str:
    """Return a half-open window as its first and last day."""
    return f"{day(venster.begin)} tot en met {day(venster.eind - timedelta(days=1))}"


def group(naam: str) -> str:
    """Return the name of a group; the whole is called by name."""
    return "Geheel" if naam == TOTAAL else naam


def field(naam: str) -> str:
    """Return the name of a breakdown as a reader sees it."""
    return {
        "": "Geheel",
        "proeftuin": "Proeftuin of regio",
        "proeftuin_soort": "Soort regio",
        "proeftuin_regio": "Regio",
        "proeftuin_tranche": "Tranche",
        "gezinsprofiel": "Gezinsprofiel",
        "reden_einde": "Reden van uitstroom",
    }.get(naam, naam[:1].upper() + naam[1:].replace("_", " "))


def sentence_start(tekst: str) -> str:
    """Return a label with its first letter as a capital."""
    return tekst[:1].upper() + tekst[1:]


def sentence_case(tekst: str) -> str:
    """Return a label for use inside a sentence: the first letter small, unless it is an abbreviation."""
    return tekst if tekst[1:2].isupper() else tekst[:1].lower() + tekst[1:]
