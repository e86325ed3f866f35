"""What tables, figures and sentences have in common: they take a Release and nothing else."""

from __future__ import annotations

from typing import Any, TypeAlias

import pandas as pd

from toekomstscenario_eval import designs, frames
from toekomstscenario_eval.blocks.count_words import with_stand
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.designs import breakdowns, derived_id, headline
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, did_you_mean
from toekomstscenario_eval.results import Release, bundle
from toekomstscenario_eval.types import Result

Row: TypeAlias = dict[str, Any]
__all__ = [
    "Row",
    "breakdowns",
    "derived_id",
    "headline",
    "records",
    "released",
    "required",
    "rows",
    "shown",
    "trace",
]


def required(vrijgave: object) -> Release:
    """Return `vrijgave` as a Release; OnthullingsFout when it is neither that nor a Result."""
    if isinstance(vrijgave, Release):
        return vrijgave
    if isinstance(vrijgave, Result):
        return bundle((vrijgave,))
    raise OnthullingsFout(
        "alleen een resultaat of een bundel kan worden getoond",
        verwacht="het antwoord van bereken of van bundel",
        kreeg=type(vrijgave).__name__,
        herstel="bereken eerst: resultaat = studie.bereken(...)",
    )


def shown(vrijgave: object, key: str) -> tuple[Release, str]:
    """Return a release and which result of it is meant: the only one, when no name is given.

    Raises
    ------
    GebruikFout
        Without a name when there are more results.
    """
    release = required(vrijgave)
    namen = [r.sleutel for r in release.resultaten]
    if not key and len(namen) != 1:
        raise GebruikFout(
            "het is niet duidelijk welk resultaat wordt bedoeld",
            verwacht="een van " + ", ".join(namen),
            herstel='noem het: tks.tabel(bundel, "naam")',
        )
    return release, key or namen[0]


def released(vrijgave: Release, key: str) -> Result:
    """Return a result of a release; see `required`."""
    return required(vrijgave).resultaat(key)


def rows(result: Result, *, uitsplitsing: str, maat: str | None = None) -> pd.DataFrame:
    """Return the estimates of one breakdown with the name of each group, names in alphabetical order.

    Raises
    ------
    GebruikFout
        When the result has no such breakdown or estimand.
    """
    table = result.schattingen
    if result.reden_nvt:
        raise GebruikFout(f"{result.sleutel} is niet van toepassing op dit pakket", kreeg=result.reden_nvt)
    aanwezig = table["uitsplitsing"].unique().tolist()
    if uitsplitsing not in aanwezig:
        raise GebruikFout(
            f"{result.sleutel} is niet uitgesplitst naar '{uitsplitsing}'",
            herstel=did_you_mean(uitsplitsing, [u for u in aanwezig if u]),
        )
    if maat is not None and maat not in table["maat"].unique():
        raise GebruikFout(
            f"{result.sleutel} heeft geen maat '{maat}'", herstel=did_you_mean(maat, table["maat"].unique())
        )
    return named(result, designs.rows(result, uitsplitsing=uitsplitsing, maat=maat)).sort_values(
        ["periode", "naam"], kind="stable"
    )


def named(result: Result, table: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the name of their group in `naam`."""
    spots = frames.tuples(table, ("uitsplitsing", "groep"))
    named_ = table.assign(naam=pd.Series([name(result, *p) for p in spots], table.index, dtype="str"))
    return with_stand(result, named_)


def records(table: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dictionaries by column name."""
    return frames.records(table)


def trace(row: Row | pd.Series, field: str = "") -> str:
    """Return the id of a number in a released row; `field` names another number than the estimate."""
    return f"{row['getal_id']}.{field}" if field else str(row["getal_id"])
