"""Networks from counts of households: near the exact ones from true counts, and nothing below the minima."""

from __future__ import annotations

import itertools
from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.estimators import estimate
from toekomstscenario_eval.estimators.cells.nested import Nested, noise_of_part
from toekomstscenario_eval.estimators.cells.network_graph import public_graph
from toekomstscenario_eval.estimators.cells.tie_levels import levels
from toekomstscenario_eval.estimators.networks import analysis, brokerage, mixing, network_cards, qap
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import Least, PublicSummary
from toekomstscenario_eval.summaries.breakdowns import labels
from toekomstscenario_eval.tie_names import named
from toekomstscenario_eval.types import NUL, TOON, WEINIG, Kind

NOISE = Noise(6, 3.0, 2)
CODES = [row["code"] for row in load_schema().codelists["organisatie_soort"].rijen]
PAIRS_OF_KINDS = len(list(itertools.combinations(CODES, 2)))
EVERY_TIE = Least(median=1, tie=1, tie_whole=1, triads=1)


def summary(cells, households, per="", *, least=EVERY_TIE, threshold=1):
    """Return counts as if they were published; nothing was drawn."""
    places = pd.DataFrame(
        {
            "groep": sorted(cells["groep"].unique()) or [TOTAAL],
            "periode": "",
            "huishoudens": households,
            "stand": "2026-01-01",
            "kap": 730,
            "gesloten": True,
            "reden": "",
        }
    )
    cells = cells.assign(periode="")
    return PublicSummary(Kind.NETWERK, cells, places, NOISE, "r", per, 1, threshold, least)


def whole(summary_, card=network_cards.NETWERK):
    rows, series = estimate(summary_, card, {}, uitsplitsing=summary_.uitsplitsing)
    return rows.set_index("maat"), series


@pytest.fixture(scope="module")
def true(package):
    """The estimates from true counts with every tie, those of the ties themselves, and the series."""
    _, _, members, counting = package
    cells = members.cells(counting.shared(organisations=True), "")
    n = counting.banden["huishouden"].nunique()
    rows, series = whole(summary(cells, n))
    exact = analysis.outcomes(
        analysis.NetworkData(counting.banden, counting.naast, counting.reach), tuple(network_cards.MATEN)
    )
    return rows, exact, series


def test_from_true_counts_what_goes_by_tie_is_exactly_that_of_the_network(true):
    rows, exact, _ = true
    for naam in (
        "organisaties",
        "dichtheid_organisaties",
        "centralisatie_organisaties",
        "rol_coordinator",
        "rol_consultant",
        "rol_poort",
        "rol_verbinder",
        "ei_organisaties_verwacht",
    ):
        assert rows.loc[naam, "weergave"] == TOON
        assert rows.loc[naam, "schatting"] == pytest.approx(exact[naam].waarde), naam
        assert np.isnan(rows.loc[naam, "ondergrens"])
    assert rows.loc["dichtheid_organisaties", "teller"] > 200


def test_from_true_counts_what_goes_by_household_is_near_that_of_the_network(true):
    """Counts of many pairs stand on steps that grow; parts on tenths."""
    rows, exact, _ = true
    for naam, slack in (
        ("naast_elkaar", 0.005),
        ("na_elkaar", 0.005),
        ("over_domeinen_organisaties", 0.005),
        ("ei_organisaties", 0.01),
        ("bereik_vast_gezicht", 0.005),
        ("bereik_domeinen", 0.01),
        ("professionals_per_huishouden", 0.02),
    ):
        row = rows.loc[naam]
        assert row.weergave == TOON
        assert row.schatting == pytest.approx(exact[naam].waarde, abs=slack), naam
        assert row.ondergrens < row.schatting < row.bovengrens, naam
    assert rows.loc["banden", "schatting"] == pytest.approx(exact["banden"].waarde, rel=0.01)


def test_density_of_kinds_and_their_strength_are_those_of_the_ties(package, true):
    _, _, _, counting = package
    rows, exact, series = true
    per = counting.banden[["huishouden", "soort"]].astype({"soort": str}).drop_duplicates()
    pairs = per.merge(per, on="huishouden").query("soort_x < soort_y")
    shared = pairs.groupby(["soort_x", "soort_y"]).size()
    row = rows.loc["dichtheid_soorten"]
    assert row.schatting == pytest.approx(len(shared) / PAIRS_OF_KINDS)
    assert row.schatting == pytest.approx(exact["dichtheid_soorten"].waarde)
    assert (row.noemer, f"de {PAIRS_OF_KINDS} paren" in row.methode) == (PAIRS_OF_KINDS, True)
    both = pd.concat([shared, shared.swaplevel()])
    strength = (both.groupby(level=0).sum() / (2 * shared.sum())).to_dict()
    points = series[series["reeks"].eq("sterkte")]
    assert dict(zip(points["label"], points["waarde"], strict=True)) == pytest.approx(strength)
    assert points["waarde"].is_monotonic_decreasing


def test_who_meets_is_tested_on_households_with_both_at_one_table(package):
    """The correlation and the coefficients are those of two matrices made by hand."""
    _, _, members, counting = package
    cells = members.cells(counting.meetings(), "")
    rows, _ = whole(summary(cells, 300), network_cards.OVERLEG)
    banden = counting.banden.astype({"domein": str})
    places = np.sort(banden["organisatie"].unique())
    spot = pd.Index(places)
    x, y = np.zeros((2, len(places), len(places)))
    seen = counting.source.meetings()
    seen = seen[seen["huishouden"].isin(banden["huishouden"]) & seen["organisatie"].isin(places)]
    for out, table, keys in ((x, banden, ["huishouden"]), (y, seen, ["overleg", "huishouden"])):
        at = table[list({*keys, "huishouden", "organisatie"})].drop_duplicates()
        pairs = at.merge(at, on=keys).query("organisatie_x != organisatie_y")
        pairs = pairs[["huishouden", "organisatie_x", "organisatie_y"]].drop_duplicates()
        for one, two in pairs[["organisatie_x", "organisatie_y"]].to_numpy():
            out[spot.get_loc(one), spot.get_loc(two)] += 1
    home = banden.drop_duplicates("organisatie").set_index("organisatie")["domein"].reindex(places).to_numpy()
    same = (home[:, None] == home[None, :]).astype(float)
    np.fill_diagonal(same, 0)
    single = qap.qap(np.log1p(y), np.log1p(x), permutations=20)
    more = qap.mrqap(np.log1p(y), {"huishoudens": np.log1p(x), "zelfde_domein": same}, permutations=20)
    assert rows.loc["correlatie", "schatting"] == pytest.approx(single.coefficients["correlatie"].schatting)
    for naam in ("huishoudens", "zelfde_domein"):
        assert rows.loc[f"b_{naam}", "schatting"] == pytest.approx(more.coefficients[naam].schatting)
        assert 0 < rows.loc[f"p_{naam}", "schatting"] <= 1
    assert rows.loc["r2", "schatting"] == pytest.approx(more.r2)
    assert "niet openbaar geteld" in rows.loc["b_zelfde_gebied", "methode"]


def test_persons_are_no_number_of_a_public_network(true):
    rows, *_ = true
    for naam in ("professionals", "paren", "dichtheid", "over_domeinen", "gini_banden", "kern"):
        assert np.isnan(rows.loc[naam, "schatting"])
        assert "professionals zijn personen" in rows.loc[naam, "methode"]


# Minima


def few(*, ties=12, households=40, pair=20):
    """Return cells of kinds in a ring, each shared by `households`, and ties by `pair`."""
    out = []
    for i in range(ties):
        out.append((named("knoop", "soort", f"k{i:02d}", "d"), 1, households))
        ends = sorted((f"k{i:02d}", f"k{(i + 1) % ties:02d}"))
        out.append((named("deelt", "soort", *ends), 1, pair))
    frame = pd.DataFrame(out, columns=["naam", "k", "n"])
    return frame.assign(groep=TOTAAL, x=0)


@pytest.mark.parametrize(("pair", "density"), [(9, 0.0), (10, 12 / PAIRS_OF_KINDS)])
def test_a_tie_of_a_part_counts_from_ten_households(pair, density):
    rows, _ = whole(summary(few(pair=pair), 300, "proeftuin", least=Least(), threshold=10))
    assert rows.loc["dichtheid_soorten", "schatting"] == pytest.approx(density)
    assert "rol_poort" not in rows.index


@pytest.mark.parametrize(("pair", "ties", "density"), [(4, 0, 0), (5, 2, 0), (9, 2, 0), (10, 2, 12)])
def test_a_tie_of_the_whole_is_one_from_five_and_in_a_density_from_ten(pair, ties, density):
    rows, series = whole(summary(few(pair=pair), 300, least=Least(), threshold=10))
    assert rows.loc["dichtheid_soorten", "schatting"] == pytest.approx(density / PAIRS_OF_KINDS)
    assert "10 huishoudens" in rows.loc["dichtheid_soorten", "methode"]
    assert set(series.loc[series["reeks"].eq("sterkte"), "x"]) == {ties}


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ((), "niet van toepassing: in de beschermde tellingen staat maar één soort organisatie"),
        ((0, 0), "niet van toepassing: in de beschermde tellingen staat maar één soort organisatie"),
        ((9, 4), "te weinig knopen met genoeg huishoudens"),
        ((9, 0), "te weinig knopen met genoeg huishoudens"),
    ],
)
def test_why_a_part_says_nothing_of_kinds_follows_from_what_was_counted(others, reason):
    """Kinds around too few households for a figure were counted all the same."""
    nodes = [("knoop|soort|gi|d", 40), *((f"knoop|soort|k{i}|d{i}", n) for i, n in enumerate(others))]
    cells = pd.DataFrame(nodes, columns=["naam", "n"]).assign(k=1, groep="s", x=0)
    rows, _ = whole(summary(cells, 40, "proeftuin", least=Least(), threshold=10))
    assert rows.loc["dichtheid_soorten", "methode"] == reason
    of_domains = rows.loc["over_domeinen_organisaties", "methode"]
    assert ("staat maar één domein" in of_domains) is (not sum(others))
    # The indicator counts kinds without the domain of each: that says nothing of domains.
    bare = cells.assign(naam=cells["naam"].str.rpartition("|")[0])
    rows, _ = whole(summary(bare, 40, "proeftuin", least=Least(), threshold=10))
    assert "domein" not in rows.loc["over_domeinen_organisaties", "methode"]


def organisations(n, tie):
    """Return cells of organisations, and pairs around households."""
    out = [(f"geheel|knoop|organisatie|o{i:02d}|gi|d{i % 3}", 1, 50) for i in range(n)]
    out += [(f"geheel|deelt|organisatie|o{i:02d}|o{j:02d}", 1, 20) for i, j in tie]
    out += [("paar", 1, 20 * len(tie))]
    return pd.DataFrame(out, columns=["naam", "k", "n"]).assign(groep=TOTAAL, x=0)


@pytest.mark.parametrize(("leaves", "told"), [(14, False), (15, True)])
def test_roles_are_told_from_a_hundred_open_triads(leaves, told):
    """A star of 14 leaves has 91 open triads, one of 15 has 105."""
    star = organisations(leaves + 1, [(0, i) for i in range(1, leaves + 1)])
    rows, _ = whole(summary(star, 300, least=Least(), threshold=10))
    row = rows.loc["rol_verbinder"]
    assert (row.weergave == TOON) is told
    if told:
        assert row.noemer == 105
        # The middle is of domain 0, as every third leaf: both ends of another domain, and of two.
        assert row.schatting == pytest.approx(25 / 105)
        assert rows.loc["rol_coordinator", "schatting"] == pytest.approx(10 / 105)
    else:
        assert "minder dan 100 open drietallen" in row.methode


def test_centralisation_needs_ten_organisations_and_is_one_for_a_star():
    for leaves, value in ((8, None), (9, 1.0)):
        star = organisations(leaves + 1, [(0, i) for i in range(1, leaves + 1)])
        rows, _ = whole(summary(star, 300, least=Least(), threshold=10))
        row = rows.loc["centralisatie_organisaties"]
        assert np.isnan(row.schatting) if value is None else row.schatting == pytest.approx(value)


def test_a_network_without_most_of_the_pairs_is_not_told():
    """Most organisations have few households: of those no count leaves."""
    star = organisations(12, [(0, i) for i in range(1, 12)])
    star.loc[star["naam"].eq("paar"), "n"] = 10_000
    rows, _ = whole(summary(star, 300, least=Least(), threshold=10))
    for naam in ("dichtheid_organisaties", "centralisatie_organisaties", "p_ei_organisaties"):
        assert (
            rows.loc[naam, "methode"]
            == "minder dan de helft van wat organisaties delen, is van organisaties met genoeg huishoudens"
        )


@pytest.mark.parametrize(("n", "weergave"), [(0, NUL), (7, WEINIG)])
def test_a_mean_of_few_households_reads_in_words(n, weergave):
    cells = (
        few().iloc[:0]
        if n == 0
        else pd.DataFrame({"naam": "professionals", "k": [1], "n": [n], "groep": TOTAAL, "x": 0})
    )
    rows, _ = whole(summary(cells, 50, least=Least(), threshold=10))
    row = rows.loc["professionals_per_huishouden"]
    assert row.weergave == weergave
    assert np.isnan(row.schatting)


def test_a_part_of_a_tie_needs_ten_households_on_both_sides():
    cells = few()
    for m, told in ((9, False), (10, True), (11, False)):
        sub = pd.concat(
            [
                cells,
                pd.DataFrame({"naam": ["samen|soort|k00|k01"], "k": 1, "n": m, "groep": TOTAAL, "x": 0}),
            ]
        )
        part = levels(sub, 5)["soort"].part("deelt", "samen", 10).set_index(["een", "twee"])
        assert bool(part.loc[("k00", "k01"), "deel"] == 0.5) is told
        assert part["deel"].notna().sum() == told


def test_a_graph_of_a_part_of_a_tie_leaves_it_out(package):
    _, _, members, counting = package
    cells = members.cells(counting.shared(organisations=True), "")
    public = summary(cells, 300, least=Least(), threshold=10)
    graph = public_graph(public, level="organisatie", tie="huishouden", labels=labels())
    assert graph.graph["band_vanaf"] == 5
    assert min(d["gedeeld"] for *_, d in graph.edges(data=True)) == 5
    assert min(d["huishoudens"] for _, d in graph.nodes(data=True)) >= 5
    assert all(naam.startswith("Organisatie ") for naam in graph)
    order = [d["huishoudens"] for _, d in sorted(graph.nodes(data=True))]
    assert order == sorted(order, reverse=True)
    for *_, d in graph.edges(data=True):
        if "naast_elkaar" in d:
            both = d["naast_elkaar"] * d["gedeeld"]
            assert both >= 10 - 1e-9
            assert d["gedeeld"] - both >= 10 - 1e-9
    flows = public_graph(public, level="soort", tie="overdracht", labels=labels())
    assert isinstance(flows, nx.DiGraph)
    assert not list(nx.isolates(flows))
    assert min(d["huishoudens"] for *_, d in flows.edges(data=True)) >= 5
    # The labels of kinds are words, not codes.
    assert all(d["naam"] and d["naam"] != node for node, d in flows.nodes(data=True))


# By hand


def test_expected_mixing_keeps_the_strength_of_each():
    """Strengths 3, 2, 1 with the first two of one domain: within 2 * 3 * 2 of 36 - 14."""
    weights = np.array([[0, 2, 1], [2, 0, 0], [1, 0, 0.0]])
    assert mixing.expected_by_strength(weights, np.array(["a", "a", "b"])) == pytest.approx(1 - 2 * 12 / 22)
    assert np.isnan(mixing.expected_by_strength(np.zeros((3, 3)), np.array(["a", "a", "b"])))


def test_roles_of_open_triads_by_hand():
    """A path a-b-c-d of domains x, x, y, x: b is between x and y, c between x and x."""
    matrix = nx.to_scipy_sparse_array(nx.path_graph(4), format="csr", dtype="float64")
    parts, n = brokerage.role_parts(matrix, np.array(["x", "x", "y", "x"]))
    assert n == 2
    assert parts == {"coordinator": 0.0, "consultant": 0.5, "poort": 0.5, "verbinder": 0.0}


def parts(households, rng):
    """Return the cells of how much organisations were side by side around these many, and of their pairs."""
    beside, pairs = rng.integers(0, 11, households), rng.integers(1, 7, households)
    apart = rng.binomial(pairs, 0.4)
    counted = {"naast_elkaar": beside, "niet_naast_elkaar": 10 - beside, "paar": pairs}
    counted |= {"na_elkaar": apart, "tegelijk": pairs - apart}
    rows = [
        (naam, k, int((values >= k).sum()))
        for naam, values in counted.items()
        for k in range(1, int(values.max()) + 1)
    ]
    cells = pd.DataFrame(rows, columns=["naam", "k", "n"]).assign(groep=TOTAAL, x=0)
    return cells, {"naast_elkaar": beside.mean() / 10, "na_elkaar": apart.sum() / pairs.sum()}


@pytest.mark.parametrize(("households", "shown"), [(35, False), (400, True)])
def test_a_part_is_shown_when_noise_alone_moves_it_little(households, shown):
    """Noise is drawn two hundred times; where figures are told they are near, where not they would not be."""
    rng = np.random.default_rng(households)
    cells, exact = parts(households, rng)
    card = replace(network_cards.NETWERK, maten={m: network_cards.MATEN[m] for m in exact})
    told, errors = {m: [] for m in exact}, {m: [] for m in exact}
    for _ in range(200):
        drawn = cells.assign(n=NOISE.draw(cells["n"].to_numpy(), rng.random(len(cells))))
        rows, _ = whole(summary(drawn[drawn["n"] > 0], households, least=Least(), threshold=10), card)
        sums = drawn["n"].groupby(drawn["naam"]).sum()
        found = {
            "naast_elkaar": sums["naast_elkaar"] / (sums["naast_elkaar"] + sums["niet_naast_elkaar"]),
            "na_elkaar": sums["na_elkaar"] / (sums["na_elkaar"] + sums["tegelijk"]),
        }
        for maat, row in rows.iterrows():
            errors[maat].append(abs(found[maat] - exact[maat]))
            told[maat].append(row.weergave == TOON)
            if told[maat][-1]:
                assert row.schatting == pytest.approx(found[maat])
                assert row.ondergrens < row.schatting < row.bovengrens
            else:
                assert "de ruis alleen kan meer dan 0,02 schelen" in row.methode
    for maat in exact:
        far = np.quantile(errors[maat], 0.95)
        assert (far <= 0.02) is np.bool_(shown), maat
        assert np.mean(told[maat]) == pytest.approx(float(shown), abs=0.1), maat


def test_the_noise_of_a_part_is_what_drawing_it_gives():
    rng = np.random.default_rng(5)
    steps = tuple(range(1, 11))
    values = np.arange(1, 11)
    pair = [np.array([200 - 15 * k for k in values]), np.array([130 - 12 * k for k in values])]
    drawn = [
        [Nested(NOISE.draw(n, rng.random(10)).astype(float), steps, NOISE.v) for n in pair]
        for _ in range(3000)
    ]
    share = [a.sum() / (a.sum() + b.sum()) for a, b in drawn]
    stated = np.mean([noise_of_part(a, b) for a, b in drawn])
    assert stated == pytest.approx(np.var(share), rel=0.1)


def test_noise_widens_the_interval_of_a_mean(package):
    _, _, members, counting = package
    cells = members.cells(counting.shared(organisations=True), "")
    half = []
    for noise in (NOISE, Noise(12, 12.0, 2)):
        rows, _ = whole(replace(summary(cells, 297), ruis=noise))
        half.append(rows.loc["naast_elkaar", "bovengrens"] - rows.loc["naast_elkaar", "schatting"])
    assert half[0] < half[1] < 1.3 * half[0]
