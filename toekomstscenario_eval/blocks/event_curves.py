"""Curves of competing ends (cumulative incidence) and of repeated events, in their protected form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toekomstscenario_eval.blocks import curves
from toekomstscenario_eval.blocks.alt_text import hidden
from toekomstscenario_eval.blocks.table import curve_table
from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.document.document import Figuur
from toekomstscenario_eval.document.format import number, of_series, sentence_case
from toekomstscenario_eval.document.theme import KLEUREN
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.types import Vorm


@dataclass(frozen=True)
class _Curves:
    """How the curves of one series read: heads of the table, axis, and in words."""

    kop: tuple[str, str]
    as_: str
    wat: str


_SERIES: Mapping[str, _Curves] = {
    "incidentie": _Curves(("Einde", "Aandeel"), "Deel met dit einde", "welk deel op elke dag hoe eindigde"),
    "mcf": _Curves(
        ("Wat", "Gemiddeld"),
        "Gemiddeld aantal per huishouden",
        "gemiddeld aantal tot en met elke dag",
    ),
}
_GROF = "Grover getoond om herleiden te voorkomen: alleen dagen met genoeg eindes, en afgerond."


def has_event_curves(r: Released) -> bool:
    """Whether the curves of a result are those of ends or repeated events."""
    return bool(r.reeksen["reeks"].isin(_SERIES).any())


def event_curves(r: Released, uitsplitsing: str) -> Figuur:
    """Return one curve for each end, with interval; or the mean number of events.

    Raises
    ------
    GebruikFout
        By group, or when nothing of the curves may be shown.
    """
    if uitsplitsing:
        raise GebruikFout(
            f"de curve van {r.sleutel} wordt alleen van het geheel getoond",
            kreeg=f"per={uitsplitsing}",
            herstel="laat 'per' weg, of laat 'curve' weg voor een stip met interval per groep",
        )
    punten = r.reeksen[r.reeksen["reeks"].isin(_SERIES) & r.reeksen["uitsplitsing"].eq("")]
    namen = {str(k): naam for k, naam in r.card.oorzaken.items()}
    punten = punten.assign(groep=punten["label"].map(lambda k: namen.get(k, k)))
    zicht = punten[~punten["onderdrukt"]]
    if zicht.empty:
        raise GebruikFout(
            f"van {r.sleutel} is geen curve te maken",
            kreeg="alle punten zijn onderdrukt",
            herstel="toon de tabel; met meer huishoudens komt de curve erbij",
        )
    reeks = zicht["reeks"].iloc[0]
    hoe, vorm = _SERIES[reeks], of_series(reeks)
    # Ends that happen most come first; more than can be told apart are in the table only.
    einden = zicht.groupby("groep")["waarde"].max().sort_values(ascending=False, kind="stable").index
    tekenen = punten[punten["groep"].isin(einden[: len(KLEUREN)])].sort_values(["groep", "x"])
    dagen = zicht["x"].unique()
    return Figuur(
        f"{r.card.label}: {hoe.wat}, met 95%-band",
        _alt(r, zicht, hoe, vorm) + hidden(int(punten["onderdrukt"].sum())),
        curves.curve(tekenen[tekenen["x"].isin(dagen)], hoe.as_, vorm=vorm, risico=False),
        curve_table(r, _named(r, punten[punten["x"].isin(dagen)]), hoe.kop, vorm, (_GROF,)),
    )


def _alt(r: Released, zicht: pd.DataFrame, hoe: _Curves, vorm: Vorm) -> str:
    delen = [f"Curve met 95%-band: {sentence_case(r.card.label)}; {hoe.wat}."]
    laatste = zicht.sort_values("x").groupby("groep").last()
    for naam, rij in laatste.sort_values("waarde", ascending=False).iterrows():
        bij = f"{naam}: " if naam else ""
        delen.append(f"{bij}{number(rij['waarde'], vorm)} op dag {number(rij['x'], Vorm.TELLING)}.")
    return " ".join(delen)


def _named(r: Released, punten: pd.DataFrame) -> pd.DataFrame:
    """Return the points in the order of their curve; one curve alone is named after the result."""
    naam = punten["groep"].where(punten["groep"].ne(""), sentence_case(r.card.label))
    return punten.assign(groep=naam).sort_values(["groep", "x"])
