"""Curves of competing ends (cumulative incidence) and of repeated events, in their protected form."""

from __future__ import annotations

import pandas as pd

from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.reporting import access, curves
from toekomstscenario_eval.reporting.alt_text import hidden
from toekomstscenario_eval.reporting.document import Cel, Figuur, Tabel
from toekomstscenario_eval.reporting.format import number, sentence_case
from toekomstscenario_eval.reporting.table import count_cell, interval_cell
from toekomstscenario_eval.reporting.theme import KLEUREN
from toekomstscenario_eval.types import Vorm

INCIDENTIE, GEMIDDELD = "incidentie", "mcf"
_GROF = "Grover getoond om herleiden te voorkomen: alleen dagen met genoeg eindes, en afgerond."


def has_event_curves(r: Released) -> bool:
    """Whether the curves of a result are those of ends or repeated events."""
    return bool(r.reeksen["reeks"].isin((INCIDENTIE, GEMIDDELD)).any())


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
    punten = r.reeksen[r.reeksen["reeks"].isin((INCIDENTIE, GEMIDDELD)) & r.reeksen["uitsplitsing"].eq("")]
    aandeel = bool(punten["reeks"].eq(INCIDENTIE).any())
    namen = {str(k): naam for k, naam in r.card.oorzaken.items()}
    punten = punten.assign(groep=punten["label"].map(lambda k: namen.get(k, k)))
    zicht = punten[~punten["onderdrukt"]]
    if zicht.empty:
        raise GebruikFout(
            f"van {r.sleutel} is geen curve te maken",
            kreeg="alle punten zijn onderdrukt",
            herstel="toon de tabel; met meer huishoudens komt de curve erbij",
        )
    vorm = Vorm.AANDEEL if aandeel else Vorm.GETAL
    # Ends that happen most come first; more than can be told apart are in the table only.
    einden = zicht.groupby("groep")["waarde"].max().sort_values(ascending=False, kind="stable").index
    tekenen = punten[punten["groep"].isin(einden[: len(KLEUREN)])].sort_values(["groep", "x"])
    dagen = zicht["x"].unique()
    titel = "Deel met dit einde" if aandeel else "Gemiddeld aantal per huishouden"
    wat = "welk deel op elke dag hoe eindigde" if aandeel else "gemiddeld aantal tot en met elke dag"
    return Figuur(
        f"{r.card.label}: {wat}, met 95%-band",
        _alt(r, zicht, wat, vorm) + hidden(int(punten["onderdrukt"].sum())),
        curves.curve(tekenen[tekenen["x"].isin(dagen)], titel, vorm=vorm, risico=False),
        _table(r, punten[punten["x"].isin(dagen)], vorm, aandeel=aandeel),
    )


def _alt(r: Released, zicht: pd.DataFrame, wat: str, vorm: Vorm) -> str:
    delen = [f"Curve met 95%-band: {sentence_case(r.card.label)}; {wat}."]
    laatste = zicht.sort_values("x").groupby("groep").last()
    for naam, rij in laatste.sort_values("waarde", ascending=False).iterrows():
        bij = f"{naam}: " if naam else ""
        delen.append(f"{bij}{number(rij['waarde'], vorm)} op dag {number(rij['x'], Vorm.TELLING)}.")
    return " ".join(delen)


def _table(r: Released, punten: pd.DataFrame, vorm: Vorm, *, aandeel: bool) -> Tabel:
    def cellen(rij: access.Row) -> tuple[Cel, ...]:
        kop = (Cel(rij["groep"] or sentence_case(r.card.label)), Cel(f"{rij['x']:.0f}", rechts=True))
        if rij["onderdrukt"]:
            return (*kop, *(Cel("", rechts=True, onderdrukt=True),) * 3)
        waarde = Cel(number(rij["waarde"], vorm), access.trace(rij), rechts=True)
        return (*kop, waarde, interval_cell(rij, vorm), count_cell(rij, "n"))

    return Tabel(
        f"{r.card.label}: gegevens achter de curve",
        (
            "Einde" if aandeel else "Wat",
            "Dag",
            "Aandeel" if aandeel else "Gemiddeld",
            "95%-interval",
            "Onder waarneming",
        ),
        tuple(cellen(rij) for rij in access.records(punten.sort_values(["groep", "x"]))),
        (_GROF,),
    )
