"""What tables, figures and sentences have in common: they take a Release and nothing else."""

from __future__ import annotations

from typing import Any, TypeAlias

import pandas as pd

from toekomstscenario_eval import designs, frames
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.designs import breakdowns, derived_id, headline
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, bedoelt_u

Row: TypeAlias = dict[str, Any]
__all__ = ["Row", "breakdowns", "derived_id", "headline", "records", "released", "required", "rows", "trace"]


def required(vrijgave: object) -> Release:
    """Return `vrijgave` itself; OnthullingsFout when it is no Release: nothing else may be shown."""
    if isinstance(vrijgave, Release):
        return vrijgave
    raise OnthullingsFout(
        "alleen een vrijgave kan worden getoond",
        verwacht="het antwoord van geef_vrij",
        kreeg=type(vrijgave).__name__,
        herstel="geef het resultaat eerst vrij: vrijgave = studie.geef_vrij(resultaat)",
    )


def released(vrijgave: Release, sleutel: str) -> Released:
    """Return a result of a release; see `required`."""
    return required(vrijgave).resultaat(sleutel)


def rows(resultaat: Released, *, uitsplitsing: str, maat: str | None = None) -> pd.DataFrame:
    """Return the estimates of one breakdown with the name of each group, names in alphabetical order.

    Raises
    ------
    GebruikFout
        When the result has no such breakdown or estimand.
    """
    tabel = resultaat.schattingen
    if resultaat.reden_nvt:
        raise GebruikFout(
            f"{resultaat.sleutel} is niet van toepassing op dit pakket", kreeg=resultaat.reden_nvt
        )
    aanwezig = tabel["uitsplitsing"].unique().tolist()
    if uitsplitsing not in aanwezig:
        raise GebruikFout(
            f"{resultaat.sleutel} is niet uitgesplitst naar '{uitsplitsing}'",
            herstel=bedoelt_u(uitsplitsing, [u for u in aanwezig if u]),
        )
    if maat is not None and maat not in tabel["maat"].unique():
        raise GebruikFout(
            f"{resultaat.sleutel} heeft geen maat '{maat}'", herstel=bedoelt_u(maat, tabel["maat"].unique())
        )
    return named(resultaat, designs.rows(resultaat, uitsplitsing=uitsplitsing, maat=maat)).sort_values(
        ["periode", "naam"], kind="stable"
    )


def named(resultaat: Released, tabel: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the name of their group in `naam`."""
    plekken = frames.tuples(tabel, ("uitsplitsing", "groep"))
    return tabel.assign(naam=pd.Series([name(resultaat, *p) for p in plekken], tabel.index, dtype="str"))


def records(tabel: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dictionaries by column name."""
    return frames.records(tabel)


def trace(rij: Row | pd.Series, veld: str = "") -> str:
    """Return the id of a number in a released row; `veld` names another number than the estimate."""
    return f"{rij['getal_id']}.{veld}" if veld else str(rij["getal_id"])
