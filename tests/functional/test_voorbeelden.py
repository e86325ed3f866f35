"""The worked examples of every indicator, and what must not change a result."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from datetime import date, timedelta

import ibis
import pandas as pd
import pytest

from toekomstscenario_eval.data.parsing import ROW, typed
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.summaries import contract
from toekomstscenario_eval.summaries.registry import all_indicators, fill_params
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

GEVALLEN = [
    pytest.param(ind, vb, id=f"{ind.id}: {vb.naam}")
    for ind in all_indicators().values()
    for vb in ind.voorbeelden
]
GETAL = re.compile(r"-?\d+(\.\d+)?")
# One row is one thing there; in the other tables a row that is delivered twice is one.
EIGEN_RIJ = ("proeftuin", "huishouden", "persoon", "organisatie", "professional")


def lees(tekst: str) -> pd.DataFrame:
    regels = [r for r in textwrap.dedent(tekst).strip().splitlines() if r.strip()]
    cellen = [[c.strip() or None for c in r.split("|")] for r in regels]
    return pd.DataFrame(cellen[1:], columns=cellen[0], dtype="object")


def tabellen(frames: dict[str, pd.DataFrame]) -> dict[str, ibis.Table]:
    uit = {}
    for naam, frame in frames.items():
        ruw = ibis.memtable(
            frame.assign(**{ROW: range(1, len(frame) + 1)}),
            schema={**dict.fromkeys(frame.columns, "string"), ROW: "int64"},
        )
        uit[naam] = typed(ruw, load_schema().tabellen[naam])
    return uit


def reken(ind, frames, vraag: Vraag, kolommen: list[str]) -> Counter:
    vol = Vraag(vraag.venster, vraag.peildatum, fill_params(ind, vraag.params))
    rijen = ind.rows(tabellen(frames), vol)
    uit = rijen.mutate(breuk=contract.breach(rijen, ind.card)).execute()
    contract.demand(ind.id, uit["breuk"])
    return Counter(
        tuple(None if pd.isna(w) else (w if isinstance(w, str) else round(float(w), 6)) for w in rij)
        for rij in uit[kolommen].itertuples(index=False)
    )


def verwacht(vb: Voorbeeld) -> tuple[list[str], Counter]:
    tabel = lees(vb.verwacht)
    rijen = Counter(
        tuple(None if w is None else (float(w) if GETAL.fullmatch(w) else w) for w in rij)
        for rij in tabel.itertuples(index=False)
    )
    return list(tabel.columns), rijen


def frames(vb: Voorbeeld) -> dict[str, pd.DataFrame]:
    return {naam: lees(tekst) for naam, tekst in vb.tabellen.items()}


@pytest.mark.parametrize(("ind", "vb"), GEVALLEN)
def test_worked_example(ind, vb):
    kolommen, rijen = verwacht(vb)
    assert reken(ind, frames(vb), vb.vraag, kolommen) == rijen


@pytest.mark.parametrize(("ind", "vb"), GEVALLEN)
def test_row_order_does_not_matter(ind, vb):
    kolommen, rijen = verwacht(vb)
    omgekeerd = {n: f.iloc[::-1].reset_index(drop=True) for n, f in frames(vb).items()}
    assert reken(ind, omgekeerd, vb.vraag, kolommen) == rijen


@pytest.mark.parametrize(("ind", "vb"), GEVALLEN)
def test_identical_rows_count_once(ind, vb):
    kolommen, rijen = verwacht(vb)
    dubbel = {n: f if n in EIGEN_RIJ else pd.concat([f, f], ignore_index=True) for n, f in frames(vb).items()}
    assert reken(ind, dubbel, vb.vraag, kolommen) == rijen


@pytest.mark.parametrize(("ind", "vb"), GEVALLEN)
def test_split_spell_counts_as_one(ind, vb):
    """Every involvement and measure of at least two days is split in two after its first day."""
    kolommen, rijen = verwacht(vb)
    gesplitst = frames(vb)
    for naam in ("betrokkenheid", "maatregel"):
        if naam not in gesplitst:
            continue
        delen = []
        for rij in gesplitst[naam].to_dict("records"):
            knip = date.fromisoformat(rij["begin"]) + timedelta(days=1)
            if rij["eind"] is None or date.fromisoformat(rij["eind"]) > knip:
                delen += [{**rij, "eind": knip.isoformat()}, {**rij, "begin": knip.isoformat()}]
            else:
                delen.append(rij)
        gesplitst[naam] = pd.DataFrame(delen, dtype="object")
    assert reken(ind, gesplitst, vb.vraag, kolommen) == rijen


@pytest.mark.parametrize(("ind", "vb"), GEVALLEN)
def test_shifting_all_dates_changes_nothing(ind, vb):
    """28 years forward: the same weekdays and leap years, and the years of birth move along."""
    kolommen, rijen = verwacht(vb)

    def schuif(d: date) -> date:
        return d.replace(year=d.year + 28)

    later = frames(vb)
    for f in later.values():
        for k in ("begin", "eind", "datum", "start_datum"):
            if k in f:
                f[k] = [None if w is None else schuif(date.fromisoformat(w)).isoformat() for w in f[k]]
        if "geboortejaar" in f:
            f["geboortejaar"] = [None if w is None else str(int(w) + 28) for w in f["geboortejaar"]]
    v = vb.vraag
    vraag = Vraag(Venster(schuif(v.venster.begin), schuif(v.venster.eind)), schuif(v.peildatum), v.params)
    assert reken(ind, later, vraag, kolommen) == rijen


@pytest.mark.parametrize("ind", all_indicators().values(), ids=lambda i: i.id)
def test_card_is_complete(ind):
    assert ind.voorbeelden
    assert ind.card.maten
    assert ind.card.bronnen
    # Without a value of its own an example would test nothing of the kind.
    assert set(contract.ROWS[ind.card.kind].kolommen) <= set(lees(ind.voorbeelden[0].verwacht).columns)


@pytest.mark.parametrize("ind", all_indicators().values(), ids=lambda i: i.id)
def test_every_choice_keeps_the_contract(ind):
    """Also the choices that no example makes: what they read, and which codes they name."""
    contract.check(ind.id, ind.card, ind.compute, fill_params(ind, {}))
    for naam, param in ind.card.params.items():
        for keuze in {*param.keuzes, *param.redelijk}:
            contract.check(ind.id, ind.card, ind.compute, fill_params(ind, {naam: keuze}))


def test_shared_definitions_are_not_indicators():
    assert not [naam for naam in all_indicators() if naam.startswith("_")]
