"""Counts of households with the sum of their keys, against the same counted household by household."""

from itertools import combinations, pairwise

import ibis
import numpy as np
import pandas as pd
import pytest

from tests.keyed_households import keyed_households
from toekomstscenario_eval.grids import POINT, duration_days, item_ladder, ladder, score_ladder
from toekomstscenario_eval.summaries import breakdowns, engine, registry
from toekomstscenario_eval.summaries.cells import CELLS, score_lines
from toekomstscenario_eval.types import Kind, Vraag

GEHEEL = tuple(range(1, 200))
SOORTEN = [what.id for what in registry.all_indicators().values() if CELLS[what.card.kind]]


@pytest.fixture(scope="module")
def klein(tmp_path_factory):
    """A package of 300 households, and a random key for each."""
    sleutels = keyed_households(tmp_path_factory.mktemp("klein") / "p")
    pakket = sleutels.package
    groep = breakdowns.groups(pakket, "proeftuin").execute().set_index("huishouden_id")["groep"].to_dict()
    return pakket, sleutels.table, sleutels.key, groep


def omlaag(waarden, treden):
    alle = np.array((0, *treden))
    return alle[np.searchsorted(alle, waarden, side="right") - 1]


def afgerond(punten, stap, sleutel):
    """Return the step that a score is rounded to: the one under it, or by the chance in the key the next."""
    miljoensten = round(punten * POINT)
    treden = (0, *score_ladder())
    if miljoensten >= treden[-1] * stap:
        return treden[-1]
    hoog = next(i for i, trede in enumerate(treden) if trede * stap > miljoensten)
    laag, breed = treden[hoog - 1] * stap, (treden[hoog] - treden[hoog - 1]) * stap
    kans = (sleutel % 2**32) / 2**32
    return treden[hoog] if (miljoensten - laag) / breed + kans >= 1 else treden[hoog - 1]


def scores(rijen, card, sleutel):
    """Yield the same of scores: above and below zero, of the value, and of before and change."""
    per = rijen.groupby("huishouden_id")
    yield "u", 0, GEHEEL, per.size()
    paren = ["v", "d"] if {"verschil", "gemiddelde_voor", "effectgrootte"} & set(card.maten) else []
    if paren:
        yield "p", 0, GEHEEL, per["voor"].count()
    waarden = {"w": rijen.waarde, "v": rijen.voor, "d": rijen.waarde - rijen.voor}
    for naam in ("w", *paren):
        for kant, teken in (("", 1), ("_onder", -1)):
            trede = pd.Series(
                [
                    afgerond(max(0.0, teken * punten), card.stap, sleutel[h]) if punten == punten else 0
                    for h, punten in zip(rijen.huishouden_id, waarden[naam], strict=True)
                ],
                index=rijen.index,
            )
            for x in score_ladder():
                yield naam + kant, x, GEHEEL, rijen[trede >= x].groupby("huishouden_id").size()


def antwoorden(rijen, stap):
    """Yield the same of the answers to items."""
    per = rijen.groupby("huishouden_id")
    yield "u", 0, GEHEEL, per.eenheid.nunique()
    yield "items", 0, GEHEEL, per.item.nunique()
    wijd = rijen.pivot(index="huishouden_id", columns="item", values="waarde")
    stappen = (wijd * POINT / stap).round().astype(int)
    som, k = stappen.sum(axis=1), stappen.shape[1]
    geteld = {"som": som} | {f"item_{i}": stappen[item] for i, item in enumerate(stappen, 1)}
    geteld |= {f"afwijking_{i}": k * stappen[item] - som for i, item in enumerate(stappen, 1)}
    if k > 2:
        geteld["spreiding"] = k * (stappen**2).sum(axis=1) - som**2
    else:
        del geteld["afwijking_2"]
    for naam, waarden in geteld.items():
        for kant, teken in (("", 1), ("_onder", -1)):
            trede = omlaag((teken * waarden).clip(lower=0), item_ladder())
            for v in item_ladder():
                yield naam + kant, v, (1,), pd.Series(1, waarden.index[trede >= v])


def kenmerken(rijen):
    """Yield the households with each characteristic; see `tellingen`."""
    yield "n", 0, (1,), rijen.groupby("huishouden_id").size().clip(upper=1)
    for naam, deel in rijen.dropna(subset="kenmerk").groupby("kenmerk"):
        yield naam, 0, (1,), deel.groupby("huishouden_id").size().clip(upper=1)


def herhaald(rijen, card, kap):
    """Yield what households that something happens to more than once count; see `tellingen`."""
    los = rijen.assign(**{naam: rijen.soort == s for naam, s in (("erin", -1), ("eruit", 0), ("keer", 1))})
    som = los.groupby("huishouden_id")[["erin", "keer"]].sum()
    dagen = (rijen.dag * (los.eruit.astype(int) - los.erin.astype(int))).groupby(los.huishouden_id).sum()
    yield "u", 0, GEHEEL, som.erin
    yield "b", 0, ladder(30, kap), dagen
    yield "ab", 0, ladder(1, kap), som.keer * dagen
    for v in ladder(1, 0):
        yield "a", v, (1,), (som.keer >= v).astype(int)
    for dag in duration_days(card.horizon):
        tot = los[los.dag <= dag].groupby("huishouden_id")[["erin", "eruit", "keer"]].sum()
        yield "begin", dag, GEHEEL, tot.erin
        yield "risico", dag, GEHEEL, tot.erin - tot.eruit
        yield "gebeurd", dag, GEHEEL, tot.keer


def banden(rijen, kap):
    """Yield the same of ties between kinds of organisation."""
    per = rijen.groupby("huishouden_id")
    yield "professionals", 0, ladder(1, kap), per["actor"].nunique()
    soorten = per["soort"].unique().map(sorted)
    for soort in sorted(rijen["soort"].unique()):
        yield f"knoop|soort|{soort}", 0, (1,), soorten.map(lambda s, een=soort: int(een in s))
    for een, twee in combinations(sorted(rijen["soort"].unique()), 2):
        beide = soorten.map(lambda s, paar=(een, twee): int(set(paar) <= set(s)))
        yield f"deelt|soort|{een}|{twee}", 0, (1,), beide


def tellingen(rijen, card, kap, sleutel):
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
    elif card.kind is not Kind.DUUR:
        yield from {
            Kind.HERHAALD: lambda: herhaald(rijen, card, kap),
            Kind.SCORE: lambda: scores(rijen, card, sleutel),
            Kind.MATRIX: lambda: antwoorden(rijen, card.stap),
            Kind.NETWERK: lambda: banden(rijen, kap),
            Kind.KENMERK: lambda: kenmerken(rijen),
        }[card.kind]()
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
    for cel, x, treden, waarden in tellingen(tellen, what.card, pakket.venster.dagen, sleutel):
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


def test_scores_are_rounded_up_as_likely_as_they_lie_near_the_next_step():
    """In the engine as by hand, on both sides of every border of the grid, and right on average."""
    stap, punten = 500_000, [0, 1, 250_000, 500_000, 9_999_999, 10_000_000, 10_200_000, 49_000_000]
    punten += [50_000_000, 99_000_001, 100_000_000, 333_333_333, 999_999_999, 1_000_000_000, 2_000_000_000]
    kansen = (np.arange(512) * 2**23 + 2**22).tolist()
    vast = pd.DataFrame([(p, k) for p in punten for k in kansen], columns=["score", "kans"])
    tabel = ibis.memtable(vast)
    gekregen = tabel.mutate(trede=score_lines.rounded(tabel.score, tabel.kans, stap)).execute()
    verwacht = [afgerond(p / POINT, stap, k) for p, k in zip(gekregen.score, gekregen.kans, strict=True)]
    assert gekregen.trede.tolist() == verwacht
    gemiddeld = gekregen.groupby("score")["trede"].mean() * stap
    for p in punten[:-1]:
        breed = next((b - a for a, b in pairwise((0, *score_ladder())) if b * stap > p), 0) * stap
        assert gemiddeld[p] == pytest.approx(p, abs=breed / 500), p


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
