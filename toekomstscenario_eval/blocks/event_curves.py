"""Curves of competing ends (cumulative incidence) and of repeated events, in their protected form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toekomstscenario_eval.blocks import access, curve_drawing, whose
from toekomstscenario_eval.blocks.alt_text import hidden
from toekomstscenario_eval.blocks.count_words import few
from toekomstscenario_eval.blocks.table import curve_table
from toekomstscenario_eval.document.document import Figuur
from toekomstscenario_eval.document.format import number, of_series, sentence_case
from toekomstscenario_eval.document.theme import COLORS
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.types import Result, Vorm


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
_COARSE = "Op vaste dagen; een dag waarop te weinig huishoudens onder waarneming zijn, ontbreekt."
_TOO_FEW = "Geen curve, want daarvoor zijn er te weinig gegevens: Geheel."


def has_event_curves(r: Result) -> bool:
    """Whether the curves of a result are those of ends or repeated events."""
    return bool(_series(r))


def _series(r: Result) -> str:
    """Return which series the curves of a result are, also when too few households leave none; or empty."""
    there = r.reeksen["reeks"]
    if len(there):
        return next((naam for naam in _SERIES if there.eq(naam).any()), "")
    first = access.headline(r)
    stem = (r.card.maten[first].schatter or first).partition("_")[0]
    return stem if stem in _SERIES else ""


def event_curves(r: Result, uitsplitsing: str) -> Figuur:
    """Return one curve for each end, with interval; or the mean number of events.

    Without points the figure says that there are too few data.

    Raises
    ------
    GebruikFout
        By group.
    """
    if uitsplitsing:
        raise GebruikFout(
            f"de curve van {r.sleutel} wordt alleen van het geheel getoond",
            kreeg=f"per={uitsplitsing}",
            herstel="laat 'per' weg, of laat 'curve' weg voor een stip met interval per groep",
        )
    points = r.reeksen[r.reeksen["reeks"].isin(_SERIES) & r.reeksen["uitsplitsing"].eq("")]
    namen = {str(k): naam for k, naam in r.card.oorzaken.items()}
    points = points.assign(groep=points["label"].map(lambda k: namen.get(k, k)))
    view = points[~points["onderdrukt"]]
    series = _series(r)
    how, vorm = _SERIES[series], of_series(series)
    notes = (_COARSE,) if len(view) else (_TOO_FEW,)
    # Ends that happen most come first; more than can be told apart are in the table only.
    einden = view.groupby("groep")["waarde"].max().sort_values(ascending=False, kind="stable").index
    drawing = points[points["groep"].isin(einden[: len(COLORS)])].sort_values(["groep", "x"])
    dagen = view["x"].unique()
    return Figuur(
        whose.about(f"{r.card.label}: {how.wat}, met 95%-band", r),
        _alt(r, view, how, vorm) + hidden(int(points["onderdrukt"].sum())),
        curve_drawing.curve(drawing[drawing["x"].isin(dagen)], how.as_, least=few(r), vorm=vorm, risk=False),
        curve_table(r, _named(r, points[points["x"].isin(dagen)]), how.kop, vorm, notes),
    )


def _alt(r: Result, view: pd.DataFrame, how: _Curves, vorm: Vorm) -> str:
    parts = [f"Curve met 95%-band: {sentence_case(r.card.label)}; {how.wat}."]
    if view.empty:
        return " ".join((*parts, _TOO_FEW))
    last = view.sort_values("x").groupby("groep").last()
    for naam, row in last.sort_values("waarde", ascending=False).iterrows():
        at = f"{naam}: " if naam else ""
        parts.append(f"{at}{number(row['waarde'], vorm)} op dag {number(row['x'], Vorm.TELLING)}.")
    return " ".join(parts)


def _named(r: Result, points: pd.DataFrame) -> pd.DataFrame:
    """Return the points in the order of their curve; one curve alone is named after the result."""
    naam = points["groep"].where(points["groep"].ne(""), sentence_case(r.card.label))
    return points.assign(groep=naam).sort_values(["groep", "x"])
