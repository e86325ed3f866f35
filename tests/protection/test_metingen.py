"""The measurements of protection, small: what `make metingen` does in full. And that they would notice."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from benchmarks import (
    aanvaller,
    inner_counts,
    metingen,
    metingen_huishouden,
    metingen_maanden,
    metingen_meter,
    metingen_nauwkeurigheid,
    metingen_teams,
    metingen_veiligheid,
)
from benchmarks.pakketten import Delivery, asked, example, open_package
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import Kind

INDICATORS = ("duo_duur",)


@pytest.fixture(scope="module")
def map_(tmp_path_factory):
    return tmp_path_factory.mktemp("metingen")


# The attacker


@pytest.mark.parametrize(("d", "v", "js"), [(6, 3.0, 2), (8, 5.0, 3), (2, 1.08, 1)])
def test_attacker_solves_the_same_table_of_noise(d, v, js):
    own, rows = aanvaller.table(d, v, js), Noise(d, v, js).rows
    for true in range(aanvaller.HIDDEN - d):
        row = rows[min(true, len(rows) - 1)]
        published = np.arange(true - d, true + d + 1)
        inside = published >= 0
        np.testing.assert_allclose(own[true, published[inside]], row[inside], atol=1e-6)


def files(folder, counts, *, noise=(1, 0.2, 0), hidden=(), naam="t"):
    """Write counts by breakdown and group as a report of one question."""
    cells = [(1, per, g, "", naam, 0, 1, n) for (per, g), n in counts.items() if n and (per, g) not in hidden]
    places = [
        (
            1,
            per,
            g,
            "",
            0 if (per, g) in hidden else 50,
            "2026-01-01",
            365,
            False,
            "x" if (per, g) in hidden else "",
        )
        for per, g in counts
    ]
    folder.mkdir()
    spot = ["recept", "uitsplitsing", "groep", "periode"]
    pd.DataFrame(cells, columns=[*spot, "naam", "x", "k", "n"]).to_csv(folder / "cellen.csv", index=False)
    columns = [*spot, "huishoudens", "stand", "kap", "gesloten", "reden"]
    pd.DataFrame(places, columns=columns).to_csv(folder / "plekken.csv", index=False)
    recipe = {"nummer": 1, "recept": "vraag", "ruis": dict(zip(("d", "v", "js"), noise, strict=True))}
    (folder / "recepten.json").write_text(json.dumps({"recepten": [recipe]}), encoding="utf-8")
    return aanvaller.Files.read([folder])


def found(of, per, groep):
    return next(f for f in aanvaller.attack(of, {}) if f.spot[2:4] == (per, groep) and f.inside is None)


def test_attacker_finds_a_hidden_count_from_the_total_where_noise_is_too_small(tmp_path):
    counts = {("", "totaal"): 30, ("soort", "a"): 12, ("soort", "b"): 14, ("soort", "c"): 4}
    of = files(tmp_path / "uit", counts, noise=(1, 0.02, 0), hidden={("soort", "c")})
    f = found(of, "soort", "c")
    assert f.own is None
    assert f.all.low + int(f.all.p.argmax()) == 4
    # One in two that no group was left out: so near to certain as somebody can be here.
    assert f.all.p.max() / f.all.p.sum() > 0.45
    # The noise of the product leaves it open.
    wide = found(files(tmp_path / "ruim", counts, noise=(6, 3.0, 2), hidden={("soort", "c")}), "soort", "c")
    assert wide.all.p.max() / wide.all.p.sum() < 0.2


def test_attacker_uses_another_breakdown(tmp_path):
    counts = {
        ("", "totaal"): 30,
        ("soort", "a"): 12,
        ("soort", "b"): 18,
        ("profiel", "x"): 15,
        ("profiel", "y"): 15,
    }
    with_, without = (
        found(files(tmp_path / str(i), part, noise=(6, 3.0, 2)), "soort", "a").all
        for i, part in enumerate((counts, {k: v for k, v in counts.items() if k[0] != "profiel"}))
    )

    def spread(s):
        p, x = s.p / s.p.sum(), np.arange(len(s.p))
        return (p * x**2).sum() - (p * x).sum() ** 2

    assert spread(with_) < spread(without) - 0.05


@pytest.mark.parametrize(
    ("of", "inside"),
    [
        (("einde_1", 60, 1), [("einde_1", 30, 1)]),
        (("gebeurd", 60, 1), [("gebeurd", 30, 1), ("gebeurd", 60, 2)]),
        (("risico", 30, 1), [("risico", 30, 2)]),
        (("w", 3, 1), [("w", 5, 1)]),
        (("w_onder", 3, 1), [("w_onder", 4, 1)]),
        (("w", 3, 2), []),
        (("paar", 0, 1), [("paar", 0, 3)]),
        (("knoop|soort|gi|jeugd", 0, 1), [("deelt|soort|gi|raad", 0, 1)]),
        (("deelt|soort|gi|raad", 0, 1), [("samen|soort|gi|raad", 0, 1)]),
        (("geheel|knoop|soort|gi|jeugd", 0, 1), [("geheel|deelt|soort|gi|wijk", 0, 1)]),
    ],
)
def test_attacker_takes_one_count_from_another(of, inside):
    spots = {
        *((naam, x, k) for naam in ("einde_1", "gebeurd") for x in (30, 60) for k in (1, 2)),
        *(("risico", 30, k) for k in (1, 2)),
        *(("w", x, k) for x in (3, 5, 9) for k in (1, 2) if x < 9 or k == 1),
        *(("w_onder", x, 1) for x in (3, 4)),
        ("w", 3, 2),
        *(("paar", 0, k) for k in (1, 3, 4)),
        *((f"{what}|soort|gi|raad", 0, 1) for what in ("deelt", "samen")),
        ("deelt|soort|raad|wijk", 0, 1),
        ("knoop|soort|gi|jeugd", 0, 1),
        ("geheel|knoop|soort|gi|jeugd", 0, 1),
        ("geheel|deelt|soort|gi|wijk", 0, 1),
    }
    assert list(inner_counts.Inside(spots).of(of)) == inside


def test_groups_say_nothing_of_what_only_the_whole_has(tmp_path):
    counts = {("", "totaal"): 30, ("soort", "a"): 12, ("soort", "b"): 18}
    of = files(tmp_path / "uit", counts, noise=(6, 3.0, 2), naam="geheel|deelt|soort|gi|raad")
    of.cells = {spot: n for spot, n in of.cells.items() if not spot[2]}
    (only,) = aanvaller.attack(of, {})
    assert only.spot[2:4] == ("", "totaal")
    assert only.all.p.argmax() + only.all.low == only.own.p.argmax() + only.own.low == 30


def test_two_draws_of_a_closed_year_say_more_than_one(tmp_path):
    recipe = aanvaller.Recipe("", (6, 3.0, 2))
    one = recipe.own(20)
    both = one * recipe.own(22)
    assert both.p.max() > one.p.max()


def test_no_small_count_is_certain_from_two_epochs_of_public_files(map_):
    # Under a hundred published households only what leads is public.
    package = open_package(example(map_, 160))
    line = Delivery.make(map_, "aanval", 1)
    folders, recorders = [], {}
    for day in metingen_veiligheid.EPOCHS:
        made, recorders[day.isoformat()] = metingen_veiligheid.release(
            package, line, day, map_ / f"uit{day.year}", INDICATORS
        )
        folders.append(made)
    read = aanvaller.Files.read(folders)
    assert len(read.stands) == 2
    rows = metingen_veiligheid.judged(
        read, metingen_veiligheid.truth(recorders), metingen_veiligheid.sites(package)
    )
    # Of steps between two counts see the tables: that is measured there.
    cells = rows[rows["soort"].ne("stap tussen twee tellingen")]
    assert cells["klein"].sum() >= 500
    assert not (cells["exact"] & cells["klein"]).any()
    assert not cells["zegt"].any()


def test_small_counts_are_guessed_little_better_than_without_the_release(tmp_path):
    rng, right, sure = np.random.default_rng(4), [], 0
    for i in range(40):
        studies, t = metingen_huishouden.Studies(rng, 14), rng.integers(1, 10, 14)
        studies.release(date(2026, 1, 1), t, rng.integers(15, 40, 14), 0)
        read = aanvaller.Files.read([metingen_veiligheid.write_open(studies.shown, tmp_path / str(i))])
        for f in aanvaller.attack(read, {}):
            if f.spot[2] and f.spot[5] == "t" and f.inside is None and f.own is not None:
                true, p = t[int(f.spot[3][1:])], aanvaller.told(f.all)
                right.append(int(p.argmax()) + 1 == true)
                sure += bool(f.all.p.max() / f.all.p.sum() > metingen_veiligheid.CERTAIN)
    assert len(right) >= 500
    assert sure == 0
    # By chance a ninth; the table of noise alone gives .324. Two standard errors are .04.
    assert 0.25 < np.mean(right) <= 1 / 9 + 0.25 + 0.04


# Accuracy


def test_published_figures_are_near_the_exact_ones(map_):
    package = open_package(example(map_, 300))
    inside = Study.of(package, (), load_policy(), intern=True)
    exact = {
        r.indicator: r
        for r in asked(inside, ("aandeel_duo", "duo_duur"), per=("gezinsprofiel", "proeftuin_soort"))
    }
    pieces = []
    for number in (1, 2):
        study = Delivery.make(map_, f"nauw{number}", number).study(package)
        pieces += [
            metingen_nauwkeurigheid.errors(r, exact[r.indicator])
            for r in asked(study, ("aandeel_duo", "duo_duur"), per=("gezinsprofiel", "proeftuin_soort"))
        ]
    rows = {r["soort"]: r for r in metingen_nauwkeurigheid.summary(pd.concat(pieces), ("soort",))}
    assert rows["aandelen"]["gemeten"] >= 10
    # Few numbers: wider than the limits of the tables, but an estimator without its noise is far outside.
    assert rows["aandelen"]["p95"] <= 0.45 + 0.25
    assert rows["duren"]["p95"] <= 0.95 + 0.25
    assert rows["aandelen"]["mediaan"] > 0


# One household


def test_a_copy_tells_nothing_of_one_household():
    rng = np.random.default_rng(1)
    right = metingen_huishouden.between(rng, 60, 0.5, 5, 0, places=150)
    assert len(right) == 150
    assert (right == 0.5).all()


@pytest.mark.parametrize("having", [0, 1])
def test_a_new_draw_tells_little_of_one_household(having):
    rng = np.random.default_rng(2)
    right = metingen_huishouden.between(rng, 60, 0.5, 20, having, places=600)
    # Six hundred times: two standard errors are .04.
    assert 0.5 < right.mean() <= 0.62 + 0.04


def test_a_second_release_adds_little_to_the_first():
    one, two = metingen_huishouden.twice(np.random.default_rng(3), 103, 0.5, places=600)
    assert 0.5 < one.mean() < 0.75
    assert two.mean() - one.mean() <= 0.05 + 0.03


# Forty months


def test_no_place_is_drawn_too_often_and_closed_windows_stay(tmp_path):
    rows = metingen_maanden.months(103, tmp_path)
    assert rows["maand"].nunique() == metingen_maanden.MONTHS
    assert rows["trekkingen"].max() == 3
    assert not rows["veranderd"].any()
    by_age = {r["plek"]: r for r in metingen_maanden.by_age(rows, 103)}
    assert 0 < by_age["profiel"]["leeftijd in maanden, gemiddeld"] < 40
    assert by_age["plaats"]["trekkingen, hoogste"] <= by_age["profiel"]["trekkingen, hoogste"]


# The page


def test_tables_are_saved_to_read_and_to_use(tmp_path):
    tables = {"Een tabel": [{"soort": "aandelen", "p95": 0.25, "grens": float("nan")}]}
    metingen.save({"nauwkeurigheid": {"cpu_seconden": 1, "tabellen": tables}}, tmp_path)
    text = (tmp_path / "metingen.md").read_text(encoding="utf-8")
    assert "| aandelen | 0,250 |  |" in text
    assert metingen.load(tmp_path)["nauwkeurigheid"]["tabellen"]["Een tabel"][0]["grens"] is None


def test_open_files_hold_what_was_published(tmp_path):
    cells = pd.DataFrame({"groep": ["a"], "periode": [""], "naam": ["t"], "x": [0], "k": [1], "n": [12]})
    places = pd.DataFrame(
        {
            "groep": ["a"],
            "periode": [""],
            "huishoudens": [30],
            "stand": ["2026-01-01"],
            "kap": [365],
            "gesloten": [False],
            "reden": [""],
        }
    )
    summary = PublicSummary(Kind.AANDEEL, cells, places, Noise(6, 3.0, 2), "vraag", "soort")
    read = aanvaller.Files.read([metingen_veiligheid.write_open([summary], tmp_path / "uit")])
    assert read.cells == {("2026-01-01", "vraag", "soort", "a", "", "t", 0, 1): 12}
    assert read.places == {("2026-01-01", "vraag", "soort", "a", ""): (30, True)}
    assert date.fromisoformat(read.stands[0]) == date(2026, 1, 1)


# The risk meter against a sampler


@pytest.fixture(scope="module")
def vragen(map_):
    return metingen_meter.asked_of(103, map_, ("aandeel_duo", "wisselingen", "duo_duur"))


def test_meter_is_close_to_a_sampler_on_public_tables(vragen):
    """Cells of every kind that has them; nothing of them is certain and right."""
    kinds = {vraag[1][""].kind for vraag in vragen}
    gevonden = metingen_meter.by_kind(vragen, np.random.default_rng(3), 40, most=2)
    assert {kind for kind, found in gevonden.items() if found} == kinds
    rij = metingen_meter.row([f for found in gevonden.values() for f in found])
    assert rij["kleine cellen"] >= 40
    assert rij["mediaan"] < 0.05
    assert rij["p95"] < 0.2
    # The two halves of the sampler are nearer to each other than meter and sampler may be.
    assert rij["steekproef met zichzelf, p95"] < 0.05
    assert rij["zeker en goed: meter"] == rij["zeker en goed: steekproef"] == 0


def test_the_measure_of_the_meter_sees_a_meter_that_forgets_the_sums(vragen, monkeypatch):
    nothing = metingen_meter.posterior.posterior

    def alone(own, expected, parents, noise):
        none = metingen_meter.posterior.Parents(
            parents.matrix[:0], parents.published[:0], parents.variance[:0]
        )
        return nothing(own, expected, none, noise)

    monkeypatch.setattr(metingen_meter.posterior, "posterior", alone)
    gevonden = metingen_meter.by_kind(vragen, np.random.default_rng(3), 40, most=2)
    afstand = [f.variation for found in gevonden.values() for f in found]
    assert np.quantile(afstand, 0.95) > 0.2


def test_every_kind_with_cells_is_measured():
    """Another kind that gets cells is taken in without a change here."""
    open_ = {kind for kind, naam in metingen_meter.CELLS.items() if naam}
    asked_kinds = {what.card.kind for what in registry.all_indicators().values()}
    assert open_ <= asked_kinds
    assert set(metingen_meter.CELLS) == set(Kind)


# What households share


def test_chances_of_an_effect_add_up_to_one_around_it():
    for effect in (1.0, 1.3, 2.0, 3.75, 9.9, 40.0, float("inf")):
        p = metingen_teams.chances(effect)
        assert p.sum() == pytest.approx(1)
        assert (p >= 0).all()
        if 2 < effect < 9:
            assert p @ np.arange(2, 21) / 2 == pytest.approx(effect)
    assert metingen_teams.chances(40.0)[-1] == 1


def test_who_guesses_from_an_effect():
    same, far = metingen_teams.Guess.of(2.1, 2.1), metingen_teams.Guess.of(2.0, 5.0)
    assert (same.right, same.certain) == (pytest.approx(0.5), 0)
    assert (far.right, far.certain) == (pytest.approx(1), pytest.approx(1))
    near = metingen_teams.Guess.of(2.0, 2.05)
    assert 0.5 < near.right < 0.6
    assert near.certain == 0


def test_the_table_of_coverage_would_notice_shared_professionals():
    rows = metingen_teams.coverage(settings=((300, 20),), spreads=(0.5,), studies=60)
    (mean,) = [row for row in rows if row["maat"] == "gemiddelde_beperkt"]
    assert mean["dekking zonder"] < 0.88
    assert mean["dekking binnen"] > 0.88
    assert mean["dekking openbaar"] > 0.88
    assert mean["werkelijk effect"] > 1.5
    assert mean["getoond effect"] > 2


def test_the_table_of_what_an_effect_tells(map_, monkeypatch):
    del map_
    rows = metingen_teams.safety(sizes=(103,), tried=10)
    assert rows
    for row in rows:
        assert row["huishoudens"] >= 100
        assert 0.5 <= row["geraden, duur van een ander"] <= row["hoogste van alles"] < 0.75
        assert row["zeker"] == 0
    # A rounding that tells would be seen: as if nothing random were added.
    exact = np.eye(19)
    monkeypatch.setattr(metingen_teams, "chances", lambda effect: exact[min(18, int(effect * 1e3) % 19)])
    assert any(row["zeker"] > 0 for row in metingen_teams.safety(sizes=(103,), tried=10))
