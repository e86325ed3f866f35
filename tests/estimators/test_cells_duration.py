"""Durations from published numbers at risk and ended: against the curve per day, and the edges."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.estimators.cells_world import (
    NOISE,
    duration_cells,
    duration_sums,
    durations,
    maten,
    world,
)
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import curve, duration
from toekomstscenario_eval.estimators.cells import duration_cells as public
from toekomstscenario_eval.estimators.cells.lattice import lattice
from toekomstscenario_eval.grids import duration_days
from toekomstscenario_eval.types import ALLE, BIJNA, NIET, NUL, TOON, WEINIG

ASKED = maten(
    "mediaan",
    "p25",
    "p75",
    "gemiddelde_beperkt",
    "langer_90",
    "langer_180",
    "langer_365",
    "gemiddelde_beeindigd",
    "incidentie_1_365",
    "incidentie_2_100",
)
WITHOUT = SimpleNamespace(v=0.0)
YEAR = 365
DAYS = duration_days(YEAR)


def spells(stop, end=1, start=0, of=None):
    stop = np.array(stop)
    end, start = (np.broadcast_to(np.array(x), stop.shape) for x in (end, start))
    of = np.arange(len(stop)) if of is None else np.array(of)
    cells = duration_cells(
        world(np.random.default_rng(1), int(of.max()) + 1), of, start, stop, end, YEAR
    ).true()
    return cells, duration_sums(start, stop, end), int(of.max()) + 1


def estimate(cells, n, *, asked=ASKED, noise=NOISE, interval="", threshold=10):
    out = public.estimate_group(
        cells, huishoudens=n, maten=asked, horizon=YEAR, noise=noise, step=1, cap=YEAR, threshold=threshold,
        interval=interval,
    )  # fmt: skip
    return {row["maat"]: row for row in out.schattingen}, pd.DataFrame(list(out.reeksen))


def exact(sums, n, *, asked=ASKED, interval=duration.LOG):
    out = duration.estimate_group(sums, huishoudens=n, maten=asked, horizon=YEAR, interval=interval)
    return {row["maat"]: row for row in out.schattingen}, pd.DataFrame(list(out.reeksen))


def three(row):
    return [row[k] for k in ("schatting", "ondergrens", "bovengrens")]


def cells_of(*rows):
    return pd.DataFrame(rows, columns=["naam", "x", "k", "n"])


def hazards(seed, n=400, scale=300.0):
    """All spells from day 0, ended by two causes, or censored after the last day of the grid."""
    rng = np.random.default_rng(seed)
    stop = np.ceil(rng.exponential(scale, n)).astype(int)
    return spells(np.where(stop > 730, 800, stop), np.where(stop > 730, 0, rng.integers(1, 3, n)))


def test_without_censoring_the_curve_is_that_of_the_days():
    cells, sums, n = hazards(1)
    c, whole = lattice(cells, DAYS, (1, 2), spells=n, v=0.0), curve.compute(sums)
    on_days = [curve.survival_on(whole, day)[0] for day in DAYS]
    assert c.survival == pytest.approx(on_days, rel=1e-9)
    assert c.risk[0] == n
    found, series = estimate(cells, n, noise=WITHOUT)
    per_day, points = exact(sums, n)
    for naam in ("langer_90", "langer_180", "langer_365", "incidentie_1_365"):
        assert found[naam]["schatting"] == pytest.approx(per_day[naam]["schatting"], rel=1e-9), naam
        assert three(found[naam]) == pytest.approx(three(per_day[naam]), rel=0.01), naam
    for naam in ("teller", "noemer", "gecensureerd", "n"):
        assert found["mediaan"][naam] == per_day["mediaan"][naam]
    # Beside an incidence the number with that cause by that day; between two days of the grid on the line.
    assert found["incidentie_1_365"]["teller"] == per_day["incidentie_1_365"]["teller"]
    assert 0 < per_day["incidentie_1_365"]["teller"] < per_day["mediaan"]["teller"]
    assert found["incidentie_2_100"]["teller"] == pytest.approx(per_day["incidentie_2_100"]["teller"], abs=5)
    assert set(series["reeks"]) == {"overleving", "incidentie"}
    assert series["x"].tolist() == points["x"].tolist()
    assert series["label"].tolist() == points["label"].tolist()
    assert series["waarde"].to_numpy() == pytest.approx(points["waarde"].to_numpy(), abs=1e-9)
    # At risk on a day, against after it.
    assert series["n"].to_numpy() == pytest.approx(points["n"].to_numpy(), abs=9)


def test_with_censoring_it_is_close():
    sample = durations(np.random.default_rng(6), 600)
    found, _ = estimate(sample.world.true(), 600, noise=WITHOUT)
    per_day, _ = exact(sample.exact, 600)
    for naam in ("langer_90", "langer_180", "langer_365", "incidentie_1_365"):
        assert three(found[naam]) == pytest.approx(three(per_day[naam]), abs=0.006), naam
    for naam in ("mediaan", "p25"):
        half = (per_day[naam]["bovengrens"] - per_day[naam]["ondergrens"]) / 2
        assert abs(found[naam]["schatting"] - per_day[naam]["schatting"]) < 0.3 * half
    assert found["gemiddelde_beeindigd"]["schatting"] == pytest.approx(
        per_day["gemiddelde_beeindigd"]["schatting"], abs=25
    )


@pytest.mark.parametrize("scale", [60.0, 120.0, 300.0, 900.0])
@pytest.mark.parametrize("shape", [0.8, 1.0, 2.0])
def test_the_restricted_mean_is_within_a_day(scale, shape):
    stop = np.ceil(scale * np.random.default_rng(9).weibull(shape, 4000)).astype(int)
    cells, sums, n = spells(np.where(stop > 730, 800, stop), np.where(stop > 730, 0, 1))
    asked = maten("gemiddelde_beperkt")
    found = estimate(cells, n, noise=WITHOUT, asked=asked)[0]["gemiddelde_beperkt"]
    per_day = exact(sums, n, asked=asked)[0]["gemiddelde_beperkt"]
    assert abs(found["schatting"] - per_day["schatting"]) < 1
    half, half_exact = ((r["bovengrens"] - r["ondergrens"]) / 2 for r in (found, per_day))
    assert half == pytest.approx(half_exact, rel=0.12)


def test_ends_on_the_first_day_have_a_step_of_their_own():
    stop = np.repeat([0, 200, 500], [40, 40, 40])
    cells, sums, n = spells(stop, np.repeat([1, 1, 0], 40))
    c = lattice(cells, DAYS, (1,), spells=n, v=0.0)
    assert c.survival[0] == pytest.approx(2 / 3)
    found, series = estimate(cells, n, noise=WITHOUT)
    assert found["langer_90"]["schatting"] == pytest.approx(2 / 3)
    assert found["p25"]["schatting"] == 0
    assert series["waarde"].iloc[0] == pytest.approx(2 / 3)
    assert exact(sums, n)[0]["langer_90"]["schatting"] == pytest.approx(2 / 3)


def test_late_entry_counts_from_its_day():
    rng = np.random.default_rng(2)
    start = np.where(rng.random(500) < 0.5, 0, rng.integers(0, 200, 500))
    stop = start + np.ceil(rng.exponential(250, 500)).astype(int)
    cells, sums, n = spells(stop, (stop <= 730).astype(int), start)
    found, per_day = estimate(cells, n, noise=WITHOUT)[0], exact(sums, n)[0]
    for naam in ("langer_90", "langer_180", "langer_365"):
        assert three(found[naam]) == pytest.approx(three(per_day[naam]), abs=0.015), naam


def test_nobody_at_risk_from_the_first_day_on():
    rng = np.random.default_rng(2)
    start = rng.integers(65, 90, 300)
    cells, sums, n = spells(start + rng.integers(1, 600, 300), 1, start)
    found, per_day = estimate(cells, n, noise=WITHOUT)[0], exact(sums, n)[0]
    assert found["langer_365"]["schatting"] == pytest.approx(per_day["langer_365"]["schatting"], abs=0.02)
    early = estimate(cells, n, asked=maten("incidentie_1_30"))[0]["incidentie_1_30"]
    assert early["weergave"] == NIET
    assert "in de eerste 30 dagen zijn te weinig duren onder risico" in early["methode"]
    # With a few at risk before the others enter, the curve would rest on them.
    few = pd.concat([cells, cells_of(("risico", 0, 1, 3), ("risico", 30, 1, 3))])
    found, series = estimate(few, n)
    assert found["langer_365"]["weergave"] == NIET
    assert "niet te schatten, er zijn te weinig duren onder risico" in found["langer_365"]["methode"]
    assert series.empty


def test_spells_of_one_household_are_added_up():
    rng = np.random.default_rng(3)
    of = np.repeat(np.arange(150), 2)
    stop = np.ceil(rng.exponential(200, 300)).astype(int)
    cells, sums, n = spells(stop, (stop <= 730).astype(int), of=of)
    found, per_day = estimate(cells, n, noise=WITHOUT)[0], exact(sums, n)[0]
    assert (n, found["mediaan"]["noemer"]) == (150, 300)
    for naam in ("langer_90", "langer_365"):
        assert three(found[naam]) == pytest.approx(three(per_day[naam]), rel=0.02)
    assert found["langer_90"]["methode"].endswith("; duren als onafhankelijk geteld (geen ontwerpeffect)")


def test_everything_ended_early():
    """A wait that is over for all within four months: after it the curve is as good as 0, and known."""
    rng = np.random.default_rng(4)
    stop = rng.integers(1, 121, 300)
    cells, sums, n = spells(stop)
    true, per_day = estimate(cells, n, noise=WITHOUT)[0], exact(sums, n)[0]
    # All days are equally likely: half of the panel's width is the most that a cubic can be off.
    assert true["gemiddelde_beperkt"]["schatting"] == pytest.approx(
        per_day["gemiddelde_beperkt"]["schatting"], abs=2
    )
    for seed in range(5):
        w = duration_cells(world(rng, n), np.arange(n), np.zeros(n, int), stop, np.ones(n, int), YEAR)
        found, series = estimate(*w.published(seed))
        assert found["gemiddelde_beperkt"]["schatting"] == pytest.approx(
            per_day["gemiddelde_beperkt"]["schatting"], abs=5
        )
        assert found["langer_180"]["weergave"] == NUL
        assert found["incidentie_1_365"]["schatting"] == pytest.approx(1, abs=0.06)
        assert series["x"].max() <= 120


def test_a_curve_on_which_nothing_ended():
    cells, _, n = spells([500] * 120, 0)
    found, series = estimate(cells, n)
    assert {naam: found[naam]["weergave"] for naam in ("langer_90", "incidentie_1_365")} == {
        "langer_90": ALLE,
        "incidentie_1_365": NUL,
    }
    assert found["mediaan"]["weergave"] == TOON
    assert "niet bereikt" in found["mediaan"]["methode"]
    assert math.isnan(found["mediaan"]["schatting"])
    for naam in ("gemiddelde_beperkt", "gemiddelde_beeindigd"):
        assert found[naam]["weergave"] == NIET
        assert "te weinig duren zijn beëindigd" in found[naam]["methode"]
    assert series.empty
    # Of none of these a number of ends is shown.
    assert all(math.isnan(row["teller"]) for row in found.values())


def test_few_ends_are_told_in_words():
    cells, _, n = spells(np.repeat([50, 500], [6, 120]), np.repeat([1, 0], [6, 120]))
    found, series = estimate(cells, n)
    assert found["langer_90"]["weergave"] == BIJNA
    assert found["incidentie_1_365"]["weergave"] == WEINIG
    assert found["incidentie_2_100"]["weergave"] == NUL
    assert series.empty


def test_days_after_the_last_with_enough_at_risk_are_unknown():
    stop = np.repeat([50, 100, 200], [60, 30, 40])
    cells, _, n = spells(stop, np.repeat([1, 1, 0], [60, 30, 40]))
    found, series = estimate(cells, n)
    assert found["langer_180"]["weergave"] == TOON
    assert (found["langer_365"]["weergave"], found["gemiddelde_beperkt"]["weergave"]) == (NIET, NIET)
    assert "na 365 dagen zijn te weinig duren onder risico" in found["langer_365"]["methode"]
    assert math.isnan(found["langer_365"]["noemer"])
    assert series["x"].max() == 180
    assert (series["n"] >= 5).all()


def test_days_beyond_the_grid_are_unknown():
    cells, _, n = hazards(1)
    row = estimate(cells, n, asked=maten("incidentie_1_1000"))[0]["incidentie_1_1000"]
    assert (row["weergave"], "na 1000 dagen zijn te weinig" in row["methode"]) == (NIET, True)


@pytest.mark.parametrize(("end", "weergave"), [(1, NUL), (0, NIET)])
def test_a_tail_of_censored_spells_is_not_called_ended(end, weergave):
    """Nearly all end within 100 days; the rest ends too, or is lost from sight: then nothing is known."""
    stop = np.repeat([50, 100, 130], [900, 40, 60])
    cells, sums, n = spells(stop, np.repeat([1, 1, end], [900, 40, 60]))
    found, per_day = estimate(cells, n)[0], exact(sums, n)[0]
    assert found["langer_90"]["schatting"] == pytest.approx(0.1)
    assert {found[k]["weergave"] for k in ("langer_180", "langer_365")} == {weergave}
    # From the days of each the same follows: 0, or unknown.
    assert math.isnan(per_day["langer_365"]["schatting"]) == (weergave == NIET)


def test_a_curve_above_one_by_noise_has_no_interval():
    rows = [("u", 0, 1, 200)]
    for x in DAYS:
        # By day 30 fewer seem to have ended than by day 0, for a while.
        ended = 12 if x in (0,) else 10 if x < 90 else 40
        rows += [("risico", x, 1, 210 - ended), ("einde_1", x, 1, ended)]
    found, series = estimate(cells_of(*rows), 200)
    assert series["waarde"].le(1).all()
    assert found["langer_90"]["schatting"] < 1


def test_series_need_households():
    cells, _, n = hazards(1, 99)
    assert estimate(cells, n)[1].empty
    assert not estimate(cells, 100)[1].empty


def test_a_day_between_two_of_the_grid_is_on_the_line():
    cells, sums, n = hazards(5)
    asked = maten("incidentie_1_100", "incidentie_1_90", "incidentie_1_120")
    found = estimate(cells, n, noise=WITHOUT, asked=asked)[0]
    f = {naam: found[naam]["schatting"] for naam in asked}
    line = f["incidentie_1_90"] + (f["incidentie_1_120"] - f["incidentie_1_90"]) / 3
    assert f["incidentie_1_100"] == pytest.approx(line)
    per_day = exact(sums, n, asked=asked)[0]["incidentie_1_100"]["schatting"]
    assert f["incidentie_1_100"] == pytest.approx(per_day, abs=0.01)


def test_within_the_first_step_of_the_grid_an_interval_says_no_more_than_the_step():
    """All end within eleven days: of what happens between day 0 and the first day told nothing is known."""
    rng = np.random.default_rng(4)
    cells, _, n = spells(rng.integers(1, 12, 200))
    found, _ = estimate(cells, n, noise=WITHOUT)
    eerste = min(day for day in DAYS if day > 0)
    for naam in ("mediaan", "p25", "p75"):
        schatting, onder, boven = three(found[naam])
        assert (onder, boven) == (0, eerste)
        assert 0 <= schatting <= eerste
    # In a later step the curve around it tells.
    later = estimate(*spells(rng.integers(100, 200, 200))[::2], noise=WITHOUT)[0]["mediaan"]
    assert later["ondergrens"] > eerste


def test_what_still_runs_never_grows_from_day_to_day():
    """Noise can make a curve rise, by hardly anybody at risk."""
    gestegen = 0
    for seed in range(12):
        sample = durations(np.random.default_rng(seed), 150)
        cells, n = sample.world.published(seed)
        _, reeks = estimate(cells, n)
        staat = reeks[reeks["reeks"].eq("overleving")].sort_values("x")
        for kolom in ("waarde", "ondergrens", "bovengrens"):
            assert (np.diff(staat[kolom].dropna()) <= 0).all()
        ruw = lattice(cells, DAYS, (1, 2), spells=n, v=NOISE.v)
        gestegen += bool((np.diff(ruw.survival[ruw.known]) > 0).any())
    assert gestegen


def test_scales_of_the_interval():
    cells, sums, n = hazards(7)
    for interval in duration.INTERVALS:
        found, per_day = (
            estimate(cells, n, noise=WITHOUT, interval=interval)[0],
            exact(sums, n, interval=interval)[0],
        )
        assert three(found["langer_365"]) == pytest.approx(three(per_day["langer_365"]), rel=0.01)
        assert f"(Greenwood, {interval})" in found["langer_365"]["methode"]
        assert found["mediaan"]["bovengrens"] == pytest.approx(per_day["mediaan"]["bovengrens"], abs=20)


def test_noise_widens_the_interval():
    cells, _, n = hazards(7, 120)
    wide, narrow = estimate(cells, n)[0], estimate(cells, n, noise=WITHOUT)[0]
    for naam in ("langer_365", "gemiddelde_beperkt", "incidentie_1_365"):
        assert wide[naam]["schatting"] == pytest.approx(narrow[naam]["schatting"])
        assert wide[naam]["bovengrens"] > narrow[naam]["bovengrens"]
        assert wide[naam]["ondergrens"] < narrow[naam]["ondergrens"]


def test_the_noise_of_the_curve_is_what_draws_give():
    """The spread of the published figures over many draws, against the slopes."""
    sample = durations(np.random.default_rng(11), 150)
    foreseen, curves, areas = [], [], []
    for seed in range(150):
        c = lattice(sample.world.published(seed)[0], DAYS, (1, 2), spells=150, v=NOISE.v)
        spot = DAYS.index(YEAR)
        curves.append([c.survival[spot], *c.incidence_of(c.risk, c.ended)[:, spot]])
        foreseen.append([c.noise(c.survival_of)[spot], *c.noise(c.incidence_of)[:, spot]])
        areas.append(c.area_of(c.risk, c.ended, YEAR)[0])
    assert np.var(curves, axis=0) == pytest.approx(np.mean(foreseen, axis=0), rel=0.4)
    assert np.std(areas) < 4


def test_nobody_and_one_household():
    found, series = estimate(cells_of(), 0)
    assert {row["methode"] for row in found.values()} == {"niet te schatten: geen eenheden in de noemer"}
    assert {row["weergave"] for row in found.values()} == {NIET}
    assert series.empty
    found, _ = estimate(cells_of(("u", 0, 1, 3), ("risico", 0, 1, 3)), 1)
    assert {row["methode"] for row in found.values()} == {"niet te schatten: te weinig huishoudens"}
    # Spells, but nobody ever at risk: every day is unknown.
    found, series = estimate(cells_of(("u", 0, 1, 120)), 120)
    assert {row["weergave"] for row in found.values()} == {NIET}
    assert series.empty


def test_an_estimand_of_another_kind_is_refused():
    with pytest.raises(GebruikFout, match="de maat 'aandeel' bestaat niet"):
        estimate(cells_of(), 0, asked=maten("aandeel"))


def test_a_design_effect_multiplies_what_is_of_sampling_and_not_the_noise():
    rng = np.random.default_rng(9)
    stop = np.ceil(rng.exponential(200, 400)).astype(int)
    cells, _, n = spells(np.minimum(stop, 500), np.where(stop <= 500, 1 + np.arange(400) % 2, 0))
    own = cells_of(("ontwerpeffect", 5, 1, n))
    variances = {}
    for noise in (WITHOUT, NOISE):
        for effect, shown in ((1.0, cells), (2.5, pd.concat([cells, own], ignore_index=True))):
            found, _ = estimate(shown, n, noise=noise)
            for naam in ("langer_90", "gemiddelde_beperkt", "incidentie_1_365"):
                variances[noise.v, effect, naam] = found[naam]["standaardfout"] ** 2
            ends = found["mediaan"]["bovengrens"] - found["mediaan"]["ondergrens"]
            variances[noise.v, effect, "mediaan"] = ends**2
    for naam in ("langer_90", "gemiddelde_beperkt", "incidentie_1_365"):
        plain, wide = (variances[0.0, effect, naam] for effect in (1.0, 2.5))
        # What is published as zero keeps a little noise.
        assert wide == pytest.approx(2.5 * plain, rel=1e-3)
        noisy, noisy_wide = (variances[NOISE.v, effect, naam] for effect in (1.0, 2.5))
        assert noisy > plain
        assert noisy_wide - noisy == pytest.approx(wide - plain)
    assert variances[0.0, 2.5, "mediaan"] > 1.5 * variances[0.0, 1.0, "mediaan"]
