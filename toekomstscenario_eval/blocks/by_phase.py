"""The clock of the pilot: proeftuinen from their own start on, what was before it, and comparison regions."""

from __future__ import annotations

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.leading import in_phase, leading
from toekomstscenario_eval.blocks.sentence import headline_sentence
from toekomstscenario_eval.blocks.table import figure_columns, reasons
from toekomstscenario_eval.blocks.two_targets import both_targets, first_target
from toekomstscenario_eval.blocks.whose import measured, some
from toekomstscenario_eval.document.document import Alinea, Cel, Tabel, Tekst
from toekomstscenario_eval.identity import BEFORE, COMPARISON, FROM, PILOT
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result

_ROWS = (
    (BEFORE, PILOT, "Proeftuinen, voor hun start"),
    (FROM, PILOT, "Proeftuinen, vanaf hun start"),
    (FROM, COMPARISON, "Vergelijkingsregio's, hele venster"),
)
_ROWS_OF_ONE_DAY = (*_ROWS[:2], (FROM, COMPARISON, "Vergelijkingsregio's"))
_OWN_DAYS = "Een huishouden dat de start meemaakte, telt in beide fasen mee, elk met zijn eigen dagen."
_ON_ONE_DAY = "Voor de start is dat de laatste dag ervoor."
_NO_EFFECT = (
    "Het verschil tussen de fasen is geen effect: ook wat er verder in die jaren veranderde, zit erin."
)


def _at(r: Result, groep: str) -> pd.DataFrame:
    rows = access.rows(r, uitsplitsing=SITE_KIND, maat=access.headline(r))
    return rows[rows["groep"].eq(groep)]


def headline(vrijgave: Release, key: str, *, short: bool = False) -> Alinea:
    """Return the sentence of proeftuinen from their start on, with comparison regions beside them.

    Each for regions like these first, and for these households in these regions beside it. A short one is of
    proeftuinen and the first of these: a table has the others.

    Without phases in the release: of each kind of region, over all days.
    """
    r = leading(vrijgave, key)
    if not r.variant.fase or _at(r, PILOT).empty:
        return headline_sentence(vrijgave, key)
    label = r.card.maten[access.headline(r)].label
    opening = f"{label} in {some(r, PILOT)} vanaf hun start"
    if short:
        return Alinea(first_target(vrijgave, r.sleutel, PILOT, opening=opening))
    parts = both_targets(vrijgave, r.sleutel, PILOT, opening=opening)
    if not _at(r, COMPARISON).empty:
        # A stand has one day, also where there is no start.
        opening = f"In {some(r, COMPARISON)}{'' if r.card.op_een_dag else ', over het hele venster'}"
        beside = both_targets(vrijgave, r.sleutel, COMPARISON, opening=opening)
        parts = (*parts, Tekst(" "), *beside)
    return Alinea(parts)


def phases_table(vrijgave: Release, key: str) -> Tabel | None:
    """Return the headline before the start, from it on, and of comparison regions; None without phases."""
    found = {phase: r for phase in (BEFORE, FROM) if (r := in_phase(vrijgave, key, phase))}
    if len(found) < 2:
        return None
    r = found[FROM]
    maat = r.card.maten[access.headline(r)]
    rows = _ROWS_OF_ONE_DAY if r.card.op_een_dag else _ROWS
    parts = [(label, _at(found[phase], groep)) for phase, groep, label in rows]
    named = [
        (f"{label} ({row['stand']})" if row["stand"] else label, row)
        for label, part in parts
        for row in access.records(part)
    ]
    if not named:
        return None
    titles, figures = figure_columns([row for _, row in named], r.card.kind, maat)
    return Tabel(
        f"{maat.label} ({maat.eenheid}), voor en vanaf de start van de eigen proeftuin",
        ("Wie en wanneer", *titles),
        tuple((Cel(label), *cells) for (label, _), cells in zip(named, figures, strict=True)),
        (
            f"{measured(r)}. {_ON_ONE_DAY if r.card.op_een_dag else _OWN_DAYS} {_NO_EFFECT}",
            *reasons(r, pd.concat([part for _, part in parts])),
        ),
    )
