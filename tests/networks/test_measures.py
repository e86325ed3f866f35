"""Measures of networks, against published values and counted by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.networks import projection
from toekomstscenario_eval.estimators.networks.measures import MATEN, estimate_group
from toekomstscenario_eval.estimators.networks.projection import project, to_networkx, two_mode
from toekomstscenario_eval.types import Maat, Vorm

ALLE = {naam: Maat(naam, "eenheid", Vorm.GETAL) for naam in MATEN}


def banden(*rijen: tuple[int, int, int, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rijen), columns=["huishouden", "actor", "organisatie", "soort"])


def waarden(gegevens: pd.DataFrame) -> dict[str, float]:
    uit = estimate_group(gegevens, huishoudens=gegevens.huishouden.nunique(), maten=ALLE, horizon=365)
    return {r["maat"]: r["schatting"] for r in uit.schattingen}


def test_davis_southern_women():
    """Published: 18 x 14, 89 ties, density 0.3532; the projection on the women has 139 ties."""
    graaf = nx.davis_southern_women_graph()
    vrouwen, gebeurtenissen = graaf.graph["top"], graaf.graph["bottom"]
    code = {v: i for i, v in enumerate(gebeurtenissen)}
    wie = {v: i for i, v in enumerate(vrouwen)}
    g = banden(*[(code[e], wie[v], 0, "x") for v in vrouwen for e in graaf[v]])
    uit = waarden(g)
    assert (uit["professionals"], uit["banden"], uit["paren"]) == (18, 89, 139)
    assert uit["dichtheid_tweezijdig"] == pytest.approx(0.3532, abs=5e-5)


def test_counted_by_hand():
    g = banden((1, 1, 1, "lt"), (1, 2, 2, "gi"), (2, 2, 2, "gi"), (2, 3, 2, "gi"), (3, 1, 1, "lt"))
    uit = waarden(g)
    assert uit["paren"] == 2
    assert uit["dichtheid"] == pytest.approx(2 / 3)
    assert uit["over_organisaties"] == pytest.approx(1 / 2)
    assert uit["professionals_per_huishouden"] == pytest.approx(5 / 3)
    assert uit["organisaties"] == 2


def test_professional_of_two_organisations_is_one_actor():
    g = banden((1, 1, 1, "lt"), (1, 1, 2, "gi"), (1, 2, 2, "gi"))
    uit = waarden(g)
    assert (uit["banden"], uit["paren"], uit["over_organisaties"]) == (2, 1, 0)


@pytest.mark.parametrize("blok", [1, 40, 10**9])
def test_pairs_counted_in_blocks_are_those_of_the_projection(blok, monkeypatch):
    monkeypatch.setattr(projection, "_BLOCK", blok)
    kans = np.random.default_rng(7)
    g = pd.DataFrame({k: kans.integers(0, n, 300) for k, n in (("huishouden", 60), ("actor", 35))})
    g["organisatie"] = np.where(kans.random(300) < 0.1, 0, 1 + g["actor"] % 6)
    g["soort"] = "x"
    netwerk = two_mode(g, "actor")
    paren = project(netwerk)
    lid = g.groupby("actor")["organisatie"].agg(set).reindex(netwerk.actors)
    assert lid.map(len).max() > 1
    binnen = sum(bool(lid.iloc[i] & lid.iloc[j]) for i, j in zip(paren.een, paren.twee, strict=True))
    uit = waarden(g)
    assert uit["paren"] == len(paren.een)
    assert 0 < binnen < len(paren.een)
    assert uit["over_organisaties"] == pytest.approx(1 - binnen / len(paren.een))


def test_series_count_households():
    g = banden((1, 1, 1, "lt"), (1, 2, 2, "gi"), (2, 2, 2, "gi"), (3, 1, 1, "lt"), (3, 2, 2, "gi"))
    reeksen = estimate_group(g, huishoudens=3, maten=ALLE, horizon=365).reeksen
    assert [(r["x"], r["n"]) for r in reeksen if r["reeks"] == "verdeling"] == [(1, 1), (2, 2)]
    assert [(r["label"], r["ander"], r["n"]) for r in reeksen if r["reeks"] == "soortparen"] == [
        ("gi", "lt", 2)
    ]


def test_empty_and_lonely_networks():
    leeg = waarden(banden())
    assert leeg["professionals"] == 0
    assert np.isnan(leeg["dichtheid"])
    assert np.isnan(leeg["professionals_per_huishouden"])
    alleen = waarden(banden((1, 1, 1, "lt")))
    assert alleen["paren"] == 0
    assert np.isnan(alleen["over_organisaties"])


def test_projection_equals_networkx():
    g = pd.DataFrame(np.random.default_rng(1).integers(0, 12, size=(60, 2)), columns=["huishouden", "actor"])
    graaf = nx.Graph()
    graaf.add_edges_from((f"h{h}", f"a{a}") for h, a in g.itertuples(index=False))
    actoren = {n for n in graaf if n.startswith("a")}
    zij = nx.bipartite.weighted_projected_graph(graaf, actoren)
    ons = to_networkx(two_mode(g, "actor"))
    assert {frozenset((f"a{u}", f"a{v}")): w for u, v, w in ons.edges(data="gedeeld")} == {
        frozenset((u, v)): w for u, v, w in zij.edges(data="weight")
    }
    assert len(project(two_mode(g, "actor")).een) == zij.number_of_edges()


def test_unknown_measure_is_refused():
    with pytest.raises(GebruikFout, match="de maat 'x' bestaat niet bij de soort netwerk"):
        estimate_group(banden(), huishoudens=0, maten={"x": Maat("x", "", Vorm.GETAL)}, horizon=365)
