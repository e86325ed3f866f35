"""Counts of households with the sum of their keys, against the same counted household by household."""

import itertools

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.grids import duration_days, ladder
from toekomstscenario_eval.summaries import engine, registry
from toekomstscenario_eval.summaries.cells import CELLS
from toekomstscenario_eval.types import Kind, Vraag

GEHEEL = tuple(range(1, 200))
SOORTEN = [what.id for what in registry.all_indicators().values() if CELLS[what.card.kind]]


@pytest.fixture(scope="module")
def klein(tmp_path_factory):
    """A package of 300 households, and a random key for each."""
    pakket = open_package(make_example(tmp_path_factory.mktemp("klein") / "p", huishoudens=300, seed=3))
    ids = sorted(pakket.tabellen["huishouden"].select("huishouden_id").execute()["huishouden_id"])
    sleutels = np.random.default_rng(1).integers(0, 2**64, len(ids), dtype=np.uint64)
    helften = pd.DataFrame(
        {
            "huishouden_id": ids,
            "boven": (sleutels >> np.uint64(32)).astype("int64"),
            "onder": (sleutels & np.uint64(2**32 - 1)).astype("int64"),
        }
    )
    tabel = pakket.con.create_table("sleutels", helften, temp=True)
    groep = engine.groups(pakket, "proeftuin").execute().set_index("huishouden_id")["groep"].to_dict()
    return pakket, tabel, dict(zip(ids, map(int, sleutels), strict=True)), groep


def omlaag(waarden, treden):
    alle = np.array((0, *treden))
    return alle[np.searchsorted(alle, waarden, side="right") - 1]


def tellingen(rijen, card, kap):
    """Yield the name, grid point, steps and what each household counts."""
    per = rijen.groupby("huishouden_id")
    yield "h", 0, (1,), per.size().clip(upper=1)
    if card.kind is Kind.AANDEEL:
        som = per[["teller", "noemer"]].sum()
        for naam, waarde in (("t", som.teller), ("r", som.noemer - som.teller), ("n", som.noemer)):
            yield naam, 0, ladder(card.stap, kap), waarde
    elif card.kind is Kind.AANTAL:
        yield "u", 0, ladder(1, kap), per.size()
        if any((maat.schatter or naam) == "per_blootstelling" for naam, maat in card.maten.items()):
            som = per[["aantal", "blootstelling"]].sum().astype("int64")
            yield "b", 0, ladder(30, kap), som.blootstelling
            yield "ab", 0, ladder(1, kap), som.aantal * som.blootstelling
        trede = omlaag(rijen.aantal.to_numpy(), ladder(1, 0))
        for v in ladder(1, 0):
            yield "a", v, GEHEEL, rijen[trede >= v].groupby("huishouden_id").size()
    elif card.kind is Kind.NETWERK:
        yield "professionals", 0, ladder(1, kap), per["actor"].nunique()
        soorten = per["soort"].unique().map(sorted)
        for soort in sorted(rijen["soort"].unique()):
            yield f"knoop|soort|{soort}", 0, (1,), soorten.map(lambda s, een=soort: int(een in s))
        for een, twee in itertools.combinations(sorted(rijen["soort"].unique()), 2):
            beide = soorten.map(lambda s, paar=(een, twee): int(set(paar) <= set(s)))
            yield f"deelt|soort|{een}|{twee}", 0, (1,), beide
    else:
        yield "u", 0, GEHEEL, per.size()
        for dag in duration_days(card.horizon):
            bezig = (rijen.instroom <= dag) & (dag < rijen.duur)
            yield "risico", dag, GEHEEL, rijen[bezig].groupby("huishouden_id").size()
            for oorzaak in card.oorzaken or (1,):
                weg = (rijen.duur <= dag) & (rijen.einde == oorzaak)
                yield f"einde_{oorzaak}", dag, GEHEEL, rijen[weg].groupby("huishouden_id").size()


@pytest.mark.parametrize("naam", SOORTEN)
def test_cells_hold_the_households_and_their_keys(klein, naam):
    pakket, tabel, sleutel, groep = klein
    what = registry.find(naam)
    params = registry.fill_params(what, {})
    som = engine.summarise(pakket, what, params=params, venster=pakket.venster, per=["proeftuin"], keys=tabel)
    rijen = what.rows(pakket.tabellen, Vraag(pakket.venster, pakket.peildatum, params)).execute()
    tellen = rijen[rijen.uitsluiting.isna()]
    verwacht: dict = {}
    for cel, x, treden, waarden in tellingen(tellen, what.card, pakket.venster.dagen):
        for huishouden, waarde in waarden.items():
            for k in treden:
                if k > waarde:
                    break
                n, s = verwacht.get((groep[huishouden], cel, x, k), (0, 0))
                verwacht[groep[huishouden], cel, x, k] = n + 1, (s + sleutel[huishouden]) % 2**64
    cellen = som.per["proeftuin"].cellen
    gekregen = {(r.groep, r.naam, r.x, r.k): (r.n, r.sleutel) for r in cellen.itertuples(index=False)}
    assert gekregen == verwacht
    geheel = som.totaal.cellen
    assert geheel["sleutel"].dtype == np.uint64
    # Groups add up to the whole, households as well as keys.
    samen = cellen.groupby(["naam", "x", "k"])["n"].sum()
    pd.testing.assert_series_equal(geheel.set_index(["naam", "x", "k"])["n"].sort_index(), samen)


@pytest.mark.parametrize("naam", ["aandeel_ots", "duo_duur", "instroom_ots", "overleggrootte"])
def test_who_is_left_out_is_counted_by_household(klein, naam):
    pakket, tabel, _, _ = klein
    what = registry.find(naam)
    params = registry.fill_params(what, {})
    som = engine.summarise(pakket, what, params=params, venster=pakket.venster, keys=tabel)
    rijen = what.rows(pakket.tabellen, Vraag(pakket.venster, pakket.peildatum, params)).execute()
    weg = rijen[rijen.uitsluiting.notna()]
    huishoudens = weg.groupby("uitsluiting")["huishouden_id"].nunique().to_dict()
    een = som.gone[som.gone["k"] == 1].set_index("naam")["n"].to_dict()
    assert een == huishoudens
    assert som.gone["n"].sum() == som.uitsluitingen["aantal"].sum()


def test_without_keys_there_are_no_cells(klein):
    pakket, *_ = klein
    what = registry.find("aandeel_duo")
    params = registry.fill_params(what, {})
    som = engine.summarise(pakket, what, params=params, venster=pakket.venster)
    assert som.totaal.cellen is None
    assert som.gone is None
