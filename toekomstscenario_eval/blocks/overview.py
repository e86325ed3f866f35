"""Many indicators in one table: the headline of each, for the whole and per kind of region."""

from __future__ import annotations

from collections.abc import Sequence

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.document.document import Cel, Tabel
from toekomstscenario_eval.types import SITE_KIND

_GROEPEN = ("proeftuin", "vergelijking")
_EIGEN_WOORD = 5  # shorter words say nothing about what is counted


def _label(kaart: str, maat: str) -> str:
    """Return the label of the estimand, after that of the indicator when they share no word."""
    woorden = {woord.strip(":,()") for woord in kaart.lower().split() if len(woord) >= _EIGEN_WOORD}
    eigen = any(woord in maat.lower() for woord in woorden) or maat == kaart
    return maat if eigen else f"{kaart}: {maat}"


def _row(r: Released) -> tuple[Cel, ...]:
    maat = r.card.maten_bij(r.params)[access.headline(r)]
    label = f"{_label(r.card.label, maat.label)} ({maat.eenheid})"
    if r.reden_nvt:
        leeg = Cel("nvt", rechts=True)
        return (Cel(label), leeg, leeg, leeg, leeg, leeg)
    rij = access.records(access.rows(r, uitsplitsing="", maat=access.headline(r)))[0]
    delen = []
    if SITE_KIND in access.breakdowns(r):
        rijen = access.records(access.rows(r, uitsplitsing=SITE_KIND, maat=access.headline(r)))
        per_groep = {deel["groep"]: deel for deel in rijen}
        delen = [per_groep.get(groep) for groep in _GROEPEN]
    kant = [
        number_cell(deel, maat.vorm) if deel else Cel("geen", rechts=True) for deel in delen or [None] * 2
    ]
    return (
        Cel(label),
        number_cell(rij, maat.vorm),
        interval_cell(rij, maat.vorm),
        *kant,
        count_cell(rij, "n"),
    )


def compact_table(vrijgave: Release, namen: Sequence[str], *, titel: str) -> Tabel:
    """Return one row per result: headline estimate with interval, and the two kinds of region.

    Parameters
    ----------
    namen : sequence of str
        Names of results in the release; one that does not apply says so in its row.
    """
    resultaten = [access.released(vrijgave, naam) for naam in namen]
    redenen = sorted({r.reden_nvt for r in resultaten if r.reden_nvt})
    noten = ["Interval: 95%, bij het geheel. Definities: zie het codeboek en 'tks toon'."]
    if redenen:
        noten.append(f"Nvt is niet van toepassing: {'; '.join(redenen)}.")
    if any(r.schattingen["onderdrukt"].any() for r in resultaten if not r.reden_nvt):
        noten.append(
            "Onderdrukt is niet nul: het getal is te klein om te tonen, of beschermt een ander getal."
        )
    return Tabel(
        titel,
        (
            "Indicator (eenheid)",
            "Geheel",
            "95%-interval",
            "Proeftuinen",
            "Vergelijkings\u00adregio's",
            "Huishoudens",
        ),
        tuple(_row(r) for r in resultaten),
        tuple(noten),
    )
