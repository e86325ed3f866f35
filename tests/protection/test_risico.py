"""The risk meter against all that is possible and against a sampler, and what it does with a breakdown.

Distances are the total variation to the exact posterior of cells published at 15 or less.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.stats import nbinom

from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.posterior import Parents, certainty, posterior
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.protection.risk import GUESSED, guarded, split_certainty
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind

RUIS = Noise(6, 3.0, 2)
BELEID = load_policy()
NIETS = Parents(sparse.csr_array((0, 1)), np.zeros(0), np.zeros(0))


def chance(waar, gepubliceerd):
    """P(true -> published), from the table itself."""
    verschil = np.asarray(gepubliceerd) - waar
    rij = RUIS.rows[np.minimum(waar, len(RUIS.rows) - 1), np.clip(verschil + RUIS.d, 0, 2 * RUIS.d)]
    return np.where(np.abs(verschil) <= RUIS.d, rij, 0.0)


@dataclass
class Deling:
    """Shares of some groups: those with, then those without; sums of each group and of all."""

    eigen: np.ndarray
    verwacht: np.ndarray
    ouders: Parents


def deling(rng, groepen: int) -> Deling:
    n = rng.integers(6, 20, groepen)
    met = rng.binomial(n, rng.beta(2, 5, groepen))
    waar = np.concatenate([met, n - met])
    g = np.arange(groepen)
    matrix = np.zeros((groepen + 3, 2 * groepen))
    matrix[g, g] = matrix[g, groepen + g] = 1
    matrix[groepen, :groepen] = matrix[groepen + 1, groepen:] = matrix[groepen + 2] = 1
    sommen = (matrix @ waar).astype(int)
    y = RUIS.draw(sommen, rng.random(len(sommen)))
    totaal = np.maximum(y[groepen : groepen + 2], 1)
    verwacht = np.concatenate([y[:groepen] * totaal[i] / max(1, y[-1]) for i in (0, 1)])
    eigen = RUIS.draw(waar, rng.random(len(waar)))
    return Deling(
        eigen, verwacht, Parents(sparse.csr_array(matrix), y.astype(float), np.full(len(y), RUIS.v))
    )


def prior(waar, verwacht):
    """Negative binomial with variance mean + mean^2 / 2."""
    m = np.maximum(verwacht, 0.05)
    return nbinom.pmf(waar, 2, 2 / (2 + m))


def variation(anders: np.ndarray, d: Deling) -> np.ndarray:
    """Total variation between the meter and another posterior, of cells that are small."""
    _, eigen = posterior(d.eigen, d.verwacht, d.ouders, RUIS)
    return (np.abs(eigen - anders).sum(axis=1) / 2)[d.eigen <= 15]


def enumerated(d: Deling) -> np.ndarray:
    """Every combination of true counts of four cells, each weighed."""
    stappen = d.eigen[:, None] + np.arange(-RUIS.d, RUIS.d + 1)
    alles = np.array(list(itertools.product(range(2 * RUIS.d + 1), repeat=4)))
    waar = stappen[np.arange(4), alles]
    gewicht = (waar >= 0).all(axis=1).astype(float)
    waar = np.maximum(waar, 0)
    gewicht *= (prior(waar, d.verwacht) * chance(waar, d.eigen)).prod(axis=1)
    sommen = waar @ d.ouders.matrix.toarray().T.astype(int)
    gewicht *= chance(sommen, d.ouders.published.astype(int)).prod(axis=1)
    uit = np.array([np.bincount(alles[:, i], gewicht, 2 * RUIS.d + 1) for i in range(4)])
    return uit / uit.sum(axis=1, keepdims=True)


def test_close_to_every_combination():
    """Two groups, 60 tables: median .015, 95% under .048; without the parents .27 and .64."""
    rng = np.random.default_rng(1)
    tabellen = [deling(rng, 2) for _ in range(60)]
    afstand = np.concatenate([variation(enumerated(d), d) for d in tabellen])
    assert np.median(afstand) < 0.03
    assert np.quantile(afstand, 0.95) < 0.1


def sampled(tabellen: list[Deling], rng, rondes: int) -> np.ndarray:
    """Gibbs over all tables at once; the mean of each cell's chance given the rest, after a tenth."""
    eigen, verwacht = (np.array([getattr(d, wat) for d in tabellen]) for wat in ("eigen", "verwacht"))
    y = np.array([d.ouders.published for d in tabellen]).astype(int)
    matrix = tabellen[0].ouders.matrix.toarray().astype(int)
    stappen = np.arange(-RUIS.d, RUIS.d + 1)
    kandidaat = np.maximum(eigen[:, :, None] + stappen, 0)
    los = prior(kandidaat, verwacht[:, :, None]) * chance(kandidaat, eigen[:, :, None])
    los *= eigen[:, :, None] + stappen >= 0
    # Begin at the published counts: where those cannot be, at what is nearest to them.
    keuze = np.full(eigen.shape, RUIS.d)
    keuze[los[:, :, RUIS.d] == 0] = los[los[:, :, RUIS.d] == 0].argmax(axis=1)
    waar = np.take_along_axis(kandidaat, keuze[:, :, None], 2)[:, :, 0]
    uit, tabel = np.zeros(los.shape), np.arange(len(tabellen))
    for ronde in range(rondes):
        for cel in range(eigen.shape[1]):
            kans = los[:, cel].copy()
            for ouder in np.flatnonzero(matrix[:, cel]):
                rest = waar @ matrix[ouder] - waar[:, cel]
                # Where a chain begins outside the bound, a little is let through until it is inside.
                kans *= chance(rest[:, None] + kandidaat[:, cel], y[:, ouder, None]) + 1e-12
            kans /= kans.sum(axis=1, keepdims=True)
            keuze = (kans.cumsum(axis=1) < rng.random((len(tabellen), 1))).sum(axis=1)
            waar[:, cel] = kandidaat[tabel, cel, np.minimum(keuze, 2 * RUIS.d)]
            if ronde >= rondes / 10:
                uit[:, cel] += kans
    return uit / uit.sum(axis=2, keepdims=True)


@pytest.mark.traag
def test_close_to_a_sampler():
    """Ten groups, 40 tables: median .012, 95% under .037; without the parents .20 and .49."""
    rng = np.random.default_rng(2)
    tabellen = [deling(rng, 10) for _ in range(40)]
    afstand = np.concatenate(
        [variation(s, d) for s, d in zip(sampled(tabellen, rng, 3000), tabellen, strict=True)]
    )
    assert np.median(afstand) < 0.03
    assert np.quantile(afstand, 0.95) < 0.1


def test_alone_it_is_own_row_times_what_is_expected():
    """Without parents nothing is approximated: published 3, expected 2, by hand from the table."""
    ouders = replace(NIETS)
    true, kans = posterior(np.array([3]), np.array([2.0]), ouders, RUIS)
    waar = np.arange(1, 10)
    hand = prior(waar, 2.0) * chance(waar, 3)
    hand /= hand.sum()
    assert true[0].tolist() == list(range(-3, 10))
    assert kans[0, 4:] == pytest.approx(hand, rel=1e-12)
    assert not kans[0, :4].any()
    assert certainty(np.array([3]), np.array([2.0]), ouders, RUIS) == pytest.approx(hand.max())


def test_a_count_that_is_never_published_is_refused():
    """1 and 2 do not occur: the meter would divide by nothing, and nobody seem certain."""
    for aantal in (1, 2, -1):
        with pytest.raises(OnthullingsFout, match="kan niet met deze ruis zijn gemaakt"):
            certainty(np.array([aantal]), np.array([2.0]), NIETS, RUIS)


def test_what_is_large_is_not_small():
    eigen = np.array([16, 15, 400])
    niets = Parents(sparse.csr_array((0, 3)), np.zeros(0), np.zeros(0))
    zeker = certainty(eigen, np.array([12.0, 12.0, 300.0]), niets, RUIS)
    assert zeker[[0, 2]].tolist() == [0, 0]
    assert 0 < zeker[1] < 0.05


def test_a_sum_that_is_known_ties_its_parts():
    """Of a part that is zero the other is the sum: the more often that is published, the more certain."""
    eigen, verwacht = np.array([5, 0]), np.array([4.0, 0.05])
    zeker = []
    for keer in (0, 1, 4, 16, 64):
        ouders = Parents(sparse.csr_array(np.ones((keer, 2))), np.full(keer, 5.0), np.full(keer, RUIS.v))
        zeker.append(certainty(eigen, verwacht, ouders, RUIS)[0])
    assert zeker == sorted(zeker)
    assert zeker[0] < 0.4
    assert zeker[-1] > 0.8


def test_parts_that_are_solved_apart_or_together_are_the_same():
    """Many small families of cells, each with its sum and one more: as one by one."""
    rng = np.random.default_rng(3)
    eigen, verwacht = rng.integers(3, 15, 120), rng.random(120) * 8
    een = np.array([[1.0, 1, 1, 0], [0, 1, 1, 1]])
    y = rng.integers(10, 40, 60).astype(float)
    v = np.full(60, RUIS.v)
    samen = certainty(eigen, verwacht, Parents(sparse.block_diag([een] * 30), y, v), RUIS)
    for i in range(30):
        cel, ouder = slice(4 * i, 4 * i + 4), slice(2 * i, 2 * i + 2)
        deel = Parents(sparse.csr_array(een), y[ouder], v[ouder])
        los = certainty(eigen[cel], verwacht[cel], deel, RUIS)
        assert samen[cel] == pytest.approx(los, rel=1e-9)
    # Alone, a sum needs no matrix.
    een = np.ones((1, 4))
    samen = certainty(eigen, verwacht, Parents(sparse.block_diag([een] * 30), y[:30], v[:30]), RUIS)
    rest = np.array(
        [
            certainty(
                eigen[i : i + 4], verwacht[i : i + 4], Parents(een, y[i // 4 : i // 4 + 1], v[:1]), RUIS
            )
            for i in range(0, 120, 4)
        ]
    ).ravel()
    assert samen == pytest.approx(rest, rel=1e-9)


def test_a_hundred_thousand_cells_fit():
    rng = np.random.default_rng(4)
    r, c = 1000, 100
    waar = rng.poisson(rng.gamma(0.8, 4, (r, c)))
    i = np.arange(r * c)
    matrix = sparse.coo_array(
        (np.ones(2 * r * c), (np.concatenate([i // c, r + i % c]), np.concatenate([i, i])))
    )
    sommen = np.concatenate([waar.sum(axis=1), waar.sum(axis=0)])
    y = RUIS.draw(sommen, rng.random(r + c)).astype(float)
    verwacht = np.outer(y[:r], y[r:]).ravel() / y[:r].sum()
    zeker = certainty(
        RUIS.draw(waar.ravel(), rng.random(r * c)), verwacht, Parents(matrix, y, np.full(r + c, RUIS.v)), RUIS
    )
    assert zeker.max() < 0.8


# Breakdowns


def openbaar(cellen, plekken, kind=Kind.AANDEEL, **stand) -> PublicSummary:
    """Cells as (group, name, x, k, n) and places as (group, households, reason); a period may follow.

    `stand` is when a group was drawn, when that differs; "dicht" is a closed window.
    """
    rijen = [(c[0], c[5] if len(c) > 5 else "", *c[1:5]) for c in cellen]
    plek = []
    for groep, n, reden, *periode in plekken:
        wanneer = stand.get(groep, "2026-01-01")
        dicht = wanneer.startswith("dicht")
        plek.append((groep, *(periode or [""]), n, wanneer.removeprefix("dicht "), 365, dicht, reden))
    return PublicSummary(
        kind, pd.DataFrame(rijen, columns=list(CELLEN)), pd.DataFrame(plek, columns=list(PLEKKEN)), RUIS
    )


def delen(periode="", **groepen) -> PublicSummary:
    """Shares: per group households with, without, and that count; zeros are not stored."""
    cellen = [
        (g, naam, 0, 1, n, periode)
        for g, drie in groepen.items()
        for naam, n in zip("trn", drie, strict=True)
        if n
    ]
    return openbaar(cellen, [(g, drie[2], "", periode) for g, drie in groepen.items()])


def per_plek(*gevraagd):
    """The most certain count of each place without a reason; nothing published is nothing known."""
    zeker = split_certainty(*gevraagd).groupby(level=["groep", "periode"]).max()
    open_ = gevraagd[0].plekken.loc[gevraagd[0].plekken["reden"].eq(""), ["groep", "periode"]]
    return zeker.reindex(pd.MultiIndex.from_frame(open_), fill_value=0.0)


GEHEEL = delen(totaal=(4, 21, 25))
SITES = delen(a=(5, 12, 17), b=(0, 9, 9))


def test_a_share_hangs_on_its_size_and_on_the_whole():
    """The same as by hand: cells t and r of a and b, their sizes, and the three of the whole."""
    matrix = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]], dtype=float)
    ouders = Parents(sparse.csr_array(matrix), np.array([17.0, 9, 4, 21, 25]), np.full(5, RUIS.v))
    verwacht = np.array([17 * 4, 9 * 4, 17 * 21, 9 * 21]) / 25
    t_a, t_b, r_a, r_b = certainty(np.array([5, 0, 12, 9]), verwacht, ouders, RUIS)
    gevonden = per_plek(SITES, GEHEEL)
    assert gevonden.index.tolist() == [("a", ""), ("b", "")]
    assert gevonden.tolist() == pytest.approx([max(t_a, r_a), max(t_b, r_b)], rel=1e-9)


def test_it_rises_with_every_other_breakdown():
    """Of a: .39 with the whole only, .42, .44 and .53 with 2, 5 and 20 other breakdowns."""
    ander = delen(c=(3, 10, 13), d=(0, 11, 13))
    zeker = [per_plek(SITES, GEHEEL, [ander] * m)["a", ""] for m in (0, 2, 5, 20)]
    assert zeker == sorted(zeker)
    assert zeker[-1] > zeker[0] + 0.1


def test_without_a_whole_it_says_less():
    assert per_plek(SITES)["a", ""] <= per_plek(SITES, GEHEEL)["a", ""]


def test_one_group_that_is_the_whole_adds_nothing():
    """The same households have the same noise: that is no second look."""
    een = delen(a=(4, 21, 25))
    assert per_plek(een, GEHEEL)["a", ""] == per_plek(een)["a", ""]
    # And as another breakdown it is the whole once more.
    assert per_plek(SITES, GEHEEL, [een]).tolist() == per_plek(SITES, GEHEEL).tolist()


def test_a_group_that_is_hidden_leaves_doubt():
    """Of b nothing is published: what a has follows less from the whole."""
    deels = openbaar(
        [("a", "t", 0, 1, 5), ("a", "r", 0, 1, 12), ("a", "n", 0, 1, 17)],
        [("a", 17, ""), ("b", 9, "te klein")],
    )
    gevonden = per_plek(deels, GEHEEL)
    assert gevonden.index.tolist() == [("a", "")]
    los = per_plek(deels)["a", ""]
    assert los <= gevonden["a", ""] < per_plek(SITES, GEHEEL)["a", ""]
    # A whole of which nothing is published says nothing, nor does one of other periods.
    dicht = openbaar([], [("totaal", 25, "te klein")])
    assert per_plek(deels, dicht)["a", ""] == pytest.approx(los, abs=0.02)
    later = delen("2027", totaal=(4, 21, 25))
    assert per_plek(SITES, later).tolist() == per_plek(SITES).tolist()


A = [("a", "t", 0, 1, 5), ("a", "r", 0, 1, 12), ("a", "n", 0, 1, 17)]
B = [("b", "r", 0, 1, 9), ("b", "n", 0, 1, 9)]


def test_how_many_are_hidden_follows_from_the_whole():
    """A place without a reason to say its size has none in the table: what is left of the whole is there."""
    genoemd, niet = (openbaar(A, [("a", 17, ""), ("b", n, "te klein")]) for n in (8, 0))
    assert per_plek(niet, GEHEEL).tolist() == per_plek(genoemd, GEHEEL).tolist()
    # As another breakdown it leaves the same doubt.
    ander = [per_plek(SITES, GEHEEL, [s])["a", ""] for s in (genoemd, niet, SITES)]
    assert ander[0] == ander[1] < ander[2]


def test_a_group_of_another_day_is_not_a_part_of_the_sum():
    """b shows last year: of a the whole says what it says when b is hidden, and of b nothing."""
    plekken = [("a", 17, ""), ("b", 9, "")]
    vorig = per_plek(openbaar(A + B, plekken, b="2025-01-01"), GEHEEL)
    verborgen = per_plek(openbaar(A, [("a", 17, ""), ("b", 9, "te klein")]), GEHEEL)
    assert vorig["a", ""] == pytest.approx(verborgen["a", ""], rel=1e-9)
    assert vorig["b", ""] == pytest.approx(per_plek(SITES, None).loc["b", ""], abs=0.02)
    # A whole that has grown since would else pull every group up.
    gegroeid = delen(totaal=(40, 60, 100))
    eerder = openbaar(A + B, plekken, a="2025-01-01", b="2025-01-01")
    assert per_plek(eerder, gegroeid).max() < 0.45


def test_a_closed_window_is_the_same_whenever_it_was_drawn():
    plekken = [("a", 17, ""), ("b", 9, "")]
    dicht = openbaar(A + B, plekken, a="dicht 2025-01-01", b="dicht 2026-01-01")
    geheel = openbaar(
        [("totaal", naam, 0, 1, n) for naam, n in zip("trn", (4, 21, 25), strict=True)],
        [("totaal", 25, "")],
        totaal="dicht 2024-01-01",
    )
    assert per_plek(dicht, geheel).tolist() == per_plek(SITES, GEHEEL).tolist()


def test_nested_counts_hang_on_those_of_the_whole():
    """Households with at least k: each k with its own sum, and no size that they add up to."""
    geheel = openbaar(
        [("totaal", "u", 0, 1, 25), ("totaal", "a", 1, 1, 9), ("totaal", "a", 2, 1, 4)],
        [("totaal", 25, "")],
        Kind.AANTAL,
    )
    sites = openbaar(
        [("a", "u", 0, 1, 14), ("b", "u", 0, 1, 10), ("a", "a", 1, 1, 6), ("b", "a", 1, 1, 3)],
        [("a", 14, ""), ("b", 10, "")],
        Kind.AANTAL,
    )
    n, eigen = np.array([14, 10]), {25: [14, 10], 9: [6, 3], 4: [0, 0]}
    hand = [
        certainty(
            np.array(c),
            n * som / 25,
            Parents(sparse.csr_array(np.ones((1, 2))), np.array([som]), np.array([3.0])),
            RUIS,
        )
        for som, c in eigen.items()
    ]
    assert per_plek(sites, geheel).tolist() == pytest.approx(np.max(hand, axis=0).tolist(), rel=1e-9)


def test_two_units_in_a_household_undo_the_sum():
    """With more units a household may be with and without: both no longer add up to those that count."""
    cellen = [("a", "t", 0, 1, 5), ("a", "r", 0, 1, 12), ("a", "n", 0, 1, 14), ("a", "n", 0, 2, 3)]
    meer = openbaar(cellen, [("a", 14, "")])
    niets = Parents(sparse.csr_array((0, 4)), np.zeros(0), np.zeros(0))
    hand = certainty(np.array([5, 12, 14, 3]), np.array([5.0, 12, 14, 3]), niets, RUIS)
    assert per_plek(meer)["a", ""] == pytest.approx(hand.max())


def test_a_size_that_was_drawn_as_zero_is_a_sum_of_zero():
    """Three households, all with: of 2025 t was drawn as 3, and n and r as nothing."""
    cellen = [("a", "t", 0, 1, 3, "2025"), *((g, "n", 0, 1, 12, "2024") for g in "ab")]
    plekken = [("a", 0, "", "2025"), ("b", 0, "", "2025"), ("a", 12, "", "2024"), ("b", 12, "", "2024")]
    gevonden = per_plek(openbaar(cellen, plekken))
    een = Parents(sparse.csr_array([[1, 1]]), np.zeros(1), np.array([RUIS.v]))
    hand = certainty(np.array([3, 0]), np.array([3.0, 0.0]), een, RUIS)
    assert gevonden["a", "2025"] == pytest.approx(hand.max())


def test_nothing_published_is_nothing_known():
    leeg = openbaar([], [("a", 3, "")])
    assert per_plek(leeg).to_dict() == {("a", ""): 0.0}
    assert per_plek(openbaar([], [("a", 3, "te klein")])).empty


def test_every_period_apart():
    twee = [delen(p, a=(5, 12, 17), b=(0, 9, 9)) for p in ("2024", "2025")]
    samen = replace(
        twee[0],
        cellen=pd.concat([s.cellen for s in twee]),
        plekken=pd.concat([s.plekken for s in twee]),
    )
    los = per_plek(SITES)
    assert per_plek(samen).to_dict() == pytest.approx(
        {(g, p): los[g, ""] for g in "ab" for p in ("2024", "2025")}
    )


# What goes


def beleid(risico):
    return replace(BELEID, regels={**BELEID.regels, "risico": risico})


SOORT = delen(x=(6, 12, 18), y=(0, 9, 9))
SPLITSEN = {"": GEHEEL, SITE_KIND: SOORT, SITE: SITES, "gezinsprofiel": delen(p=(0, 12, 12), q=(3, 9, 12))}


def telling(summary, groep, naam, periode=""):
    c = summary.cellen
    gevonden = c[c["groep"].eq(groep) & c["naam"].eq(naam) & c["periode"].eq(periode)]["n"]
    return int(gevonden.sum())


def test_nothing_goes_while_nobody_is_certain():
    beschermd = guarded(SPLITSEN, BELEID)
    assert all(beschermd[per].cellen.equals(s.cellen) for per, s in SPLITSEN.items())
    assert max(split_certainty(s, GEHEEL).max() for s in (SITES, SOORT)) < 0.8


def test_what_is_too_certain_is_published_as_zero():
    """Only that count goes; the place keeps the rest, and nothing too certain is left."""
    grens = float(split_certainty(SITES, GEHEEL)["a", "", "t", 0, 1]) - 1e-6
    beschermd = guarded({"": GEHEEL, SITE: SITES}, beleid(max(grens, 0.3)))
    assert telling(SITES, "a", "t") == 5
    assert telling(beschermd[SITE], "a", "t") == 0
    assert telling(beschermd[SITE], "a", "r") == 12
    over = split_certainty(beschermd[SITE], beschermd[""])
    assert over.max() <= max(grens, 0.3) or beschermd[SITE].plekken["reden"].any()


def test_a_place_shows_nothing_when_a_drawn_zero_follows_from_the_rest():
    """Of b t was drawn as zero: at a limit below what the rest says of it, b shows nothing."""
    zeker = split_certainty(SITES, GEHEEL)
    grens = float(zeker["b", "", "t", 0, 1]) - 1e-6
    beschermd = guarded({"": GEHEEL, SITE: SITES}, beleid(grens))
    redenen = beschermd[SITE].plekken.set_index("groep")["reden"]
    assert redenen["b"] == GUESSED
    assert not beschermd[SITE].cellen["groep"].eq("b").any()


def test_what_was_asked_first_makes_no_difference():
    heen, terug = (guarded(s, beleid(0.3)) for s in (SPLITSEN, dict(reversed(SPLITSEN.items()))))
    for per in SPLITSEN:
        pd.testing.assert_frame_equal(heen[per].cellen, terug[per].cellen)
        pd.testing.assert_frame_equal(heen[per].plekken, terug[per].plekken)
    assert any(not heen[per].cellen.equals(s.cellen) for per, s in SPLITSEN.items())


def test_another_period_is_left_alone():
    ruim, krap = delen("2024", a=(30, 40, 70), b=(25, 45, 70)), delen("2025", a=(5, 12, 16), b=(0, 9, 9))
    samen = replace(
        ruim,
        cellen=pd.concat([ruim.cellen, krap.cellen], ignore_index=True),
        plekken=pd.concat([ruim.plekken, krap.plekken], ignore_index=True),
    )
    beschermd = guarded({SITE: samen}, beleid(0.3))[SITE]
    over = beschermd.cellen[beschermd.cellen["periode"].eq("2024")].reset_index(drop=True)
    pd.testing.assert_frame_equal(over, ruim.cellen.reset_index(drop=True))
    assert len(beschermd.cellen) < len(samen.cellen)


# What divides all households


def kenmerken(**groepen) -> PublicSummary:
    """Per group the households that count, and those by name; zeros are not stored."""
    cellen = [
        (g, naam, 0, 1, n)
        for g, namen in groepen.items()
        for naam, n in [*namen.items()]
        if n and naam != "h"
    ]
    return openbaar(cellen, [(g, namen["h"], "") for g, namen in groepen.items()], kind=Kind.KENMERK)


def test_values_that_divide_all_households_add_up_to_them():
    """The same as by hand: three values of one characteristic, and a name that stands alone, of 25."""
    s = kenmerken(a={"h": 25, "k=1": 14, "k=2": 8, "k=3": 3, "los": 8})
    ouders = Parents(sparse.csr_array(np.array([[1.0, 1, 1, 0]])), np.array([25.0]), np.array([RUIS.v]))
    getallen = np.array([14, 8, 3, 8])
    verwacht = certainty(getallen, getallen.astype(float), ouders, RUIS)
    gevonden = split_certainty(s).droplevel(["groep", "periode", "x", "k"])
    assert gevonden[["k=1", "k=2", "k=3", "los"]].tolist() == pytest.approx(verwacht.tolist(), rel=1e-9)
    # Without the sum it is what it says by itself.
    los = kenmerken(a={"h": 25, "p": 14, "q": 8, "r": 3, "los": 8})
    assert split_certainty(los).droplevel(["groep", "periode", "x", "k"])["r"] != pytest.approx(
        gevonden["k=3"]
    )
