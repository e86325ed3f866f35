"""Designs over time in worlds of which the truth is known: the worlds are right, and faults are seen."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks import metingen, metingen_ijking
from toekomstscenario_eval import cli
from toekomstscenario_eval.blocks.calibration import calibration_figure, calibration_table
from toekomstscenario_eval.designs import find, over_time
from toekomstscenario_eval.designs._calibration import calibrate, judged
from toekomstscenario_eval.designs._effect import Effect
from toekomstscenario_eval.designs._panel import NEVER
from toekomstscenario_eval.designs._worlds import TOGETHER, Setting, of_means, panels, require_possible
from toekomstscenario_eval.document.document import Figuur, Tabel
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.protection.policy import DEFAULT, load_policy
from toekomstscenario_eval.report.calibrated import FILE, calibrated, calibrated_blocks
from toekomstscenario_eval.types import Vorm

VOOR_NA = find("voor_na").effect
GROOT = Setting(households=12_000, periode="kwartaal")
RUIS = load_policy(DEFAULT).ruis


# The worlds.


def test_waves_start_and_cells_just_before_a_start_are_partly_after_it():
    assert Setting().labels == ("2023-H1", "2023-H2", "2024-H1", "2024-H2", "2025-H1", "2025-H2")
    assert Setting().start.tolist() == [2] * 4 + [3] * 4 + [4] * 3 + [NEVER] * 3
    # Of 90 days that are seen, entered in the last 90 of 180 days: a half of a half.
    assert Setting().seen_after[0].tolist() == pytest.approx([0, 0.25, 1, 1, 1, 1])
    assert Setting().seen_after[-1].tolist() == [0] * 6
    assert replace(Setting(), periode="maand").seen_after[0, 8:13] == pytest.approx(
        [0, 1 / 6, 1 / 2, 5 / 6, 1]
    )
    panel = next(panels(Setting(), 0.0, 1, 1))
    assert panel.clean[0].tolist() == [True, False, True, True, True, True]
    assert panel.clean[-1].all()
    assert panel.pilots.tolist() == [True] * 11 + [False] * 3


@pytest.mark.parametrize("setting", [GROOT, replace(GROOT, noise=RUIS), of_means(GROOT)], ids=str)
def test_figures_and_their_variance_are_what_the_world_says(setting):
    """Without anything but chance and noise the figures vary as `v` says, around level and effect."""
    still = replace(setting, regions=0.0, shocks=0.0)
    drawn = list(panels(still, 0.05, 150, 3))
    y, v = (np.stack([getattr(p, naam) for p in drawn]) for naam in ("y", "v"))
    truth = still.level + 0.05 * still.seen_after
    z = (y - truth) / np.sqrt(np.nanmean(v, axis=0))
    assert abs(np.nanmean(z)) < 0.03
    assert np.nanmean(z**2) == pytest.approx(1.0, abs=0.05)


def test_every_part_of_a_world_does_what_it_says():
    """Differences from the same worlds without it."""
    plain = replace(GROOT, households=40_000_000, regions=0.0, shocks=0.0)

    def mean(**other: float) -> np.ndarray:
        return np.mean([p.y for p in panels(replace(plain, **other), 0.0, 40, 3)], axis=0)

    base, after = mean(), plain.seen_after
    assert mean(trend=0.02) - base == pytest.approx(
        np.broadcast_to(0.005 * np.arange(12), after.shape), abs=0.003
    )
    assert mean(drift=0.1) - base == pytest.approx(0.04 * after, abs=0.003)
    own = np.stack([p.y for p in panels(replace(plain, spread=0.05), 0.0, 200, 3)])[:, :11, -1]
    assert own.std() == pytest.approx(0.05, abs=0.004)
    shocks = np.stack([p.y for p in panels(replace(plain, shocks=0.02), 0.0, 200, 3)]) - plain.level
    assert shocks.std() == pytest.approx(0.02, rel=0.1)
    assert (shocks[..., 1:] * shocks[..., :-1]).mean() / shocks.var() == pytest.approx(0.4, abs=0.06)
    n = np.stack([p.n for p in panels(replace(plain, unequal=5.0), 0.0, 20, 3)]).mean(axis=2)
    assert n.max(axis=1) / n.min(axis=1) == pytest.approx(5.0, rel=0.05)
    assert n.sum(axis=1) * 12 == pytest.approx(40_000_000, rel=0.01)


def test_the_same_seed_gives_the_same_worlds_and_more_worlds_begin_with_these():
    few, many = (list(panels(Setting(), 0.0, k, 7)) for k in (3, TOGETHER + 2))
    assert len(many) == TOGETHER + 2
    for a, b in zip(few, many, strict=False):
        assert np.array_equal(a.y, b.y, equal_nan=True)
    assert not np.array_equal(few[0].n, many[TOGETHER].n)
    other, moved = next(panels(Setting(), 0.0, 1, 8)), next(panels(Setting(), 0.05, 1, 7))
    assert not np.array_equal(few[0].n, other.n)
    assert np.array_equal(few[0].n, moved.n, equal_nan=True)


@pytest.mark.parametrize(
    ("setting", "effect"),
    [
        (Setting(), 0.5),
        (Setting(), -0.4),
        (Setting(), math.nan),
        (Setting(trend=0.2), 0.0),
        (Setting(drift=-1.0), 0.0),
        (Setting(drift=math.nan), 0.0),
        (of_means(Setting()), -2.5),
    ],
)
def test_worlds_that_cannot_be_are_refused(setting, effect):
    with pytest.raises(GebruikFout, match="zijn er geen werelden"):
        require_possible(setting, effect)
    require_possible(Setting(), 0.05)


# The runner.


def test_judging_by_hand():
    answers = [
        Effect(0.1, 0.0, 0.2, p=0.05),  # holds, found
        Effect(0.3, 0.2, 0.4, p=0.2),  # misses, not found by its own test
        Effect(0.2, -math.inf, 0.3),  # holds, no bound
        Effect(-0.2, math.nan, -0.1),  # misses, found: no test, and zero is outside
        Effect(reason="te klein"),
        Effect(reason="te klein"),
        Effect(reason="te kort"),
    ]
    row = judged(0.1, answers)
    assert (row.worlds, row.estimated, row.unbounded) == (7, 4, 2)
    assert row.bias == pytest.approx(0.0)
    assert (row.coverage, row.found) == (0.5, 0.5)
    assert row.width == pytest.approx(0.2)
    assert row.reason == "te klein"
    assert row.tested
    none = judged(0.1, answers[4:])
    assert none.estimated == 0
    assert all(map(math.isnan, (none.bias, none.coverage, none.found, none.width)))


@pytest.fixture(scope="module")
def eerlijk():
    return calibrate(VOOR_NA, GROOT, [0.0, 0.05], worlds=400, seed=2026)


def test_a_design_that_is_right_is_found_right(eerlijk):
    nothing, something = eerlijk
    assert abs(nothing.bias) < 3 * nothing.bias_error
    for row in eerlijk:
        assert row.coverage == pytest.approx(0.95, abs=0.035)
    assert nothing.found <= 0.05 + 3 * nothing.found_error
    assert something.found > 0.5
    assert calibrate(VOOR_NA, GROOT, [0.0, 0.05], worlds=400, seed=2026) == eerlijk


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (
            lambda e: replace(
                e,
                under=e.estimate - (e.estimate - e.under) / 2,
                above=e.estimate + (e.above - e.estimate) / 2,
            ),
            lambda row, was: row.coverage < 0.8 < was.coverage,
        ),
        (
            lambda e: replace(e, estimate=e.estimate + 0.01),
            lambda row, was: row.bias > 5 * row.bias_error > 0 and abs(was.bias) < 5 * was.bias_error,
        ),
        (lambda e: replace(e, p=e.p / 4), lambda row, was: row.found > 0.1 > was.found),
        (
            lambda e: replace(e, p=math.nan, under=-1.0, above=1.0),
            lambda row, was: row.width > 10 * was.width,
        ),
    ],
    ids=["interval half as wide", "estimate too high", "p too small", "interval of no use"],
)
def test_a_planted_fault_in_a_design_is_seen(fault, seen, eerlijk):
    (row,) = calibrate(lambda panel: fault(VOOR_NA(panel)), GROOT, [0.0], worlds=300, seed=2026)
    assert seen(row, eerlijk[0])


@pytest.mark.parametrize("at_play", [{"trend": 0.02}, {"drift": 0.1}], ids=str)
def test_what_is_no_effect_of_the_pilot_is_found_by_before_and_after(at_play, eerlijk):
    (row,) = calibrate(VOOR_NA, replace(GROOT, **at_play), [0.0], worlds=150, seed=2026)
    assert row.found > 0.3 > 5 * eerlijk[0].found


def test_every_design_over_time_takes_part():
    setting = replace(GROOT, years=5)
    for design in over_time():
        (row,) = calibrate(design.effect, setting, [0.0], worlds=2, seed=1)
        assert row.estimated == 2, design.naam


# What is shown.


def test_table_and_figure_say_the_same(eerlijk):
    table = calibration_table("Ontwerp", eerlijk, Vorm.PROCENTPUNT, ("Werelden: zo.",))
    assert table.bijschrift == "Ontwerp: ijking in 400 werelden"
    assert [rij[0].tekst for rij in table.rijen] == ["0,0 procentpunt", "5,0 procentpunt"]
    assert table.rijen[0][2].tekst.startswith(f"{100 * eerlijk[0].coverage:.1f}".replace(".", ",") + "% ± ")
    assert "Werelden: zo." in table.noten
    figure = calibration_figure("Ontwerp", eerlijk, Vorm.PROCENTPUNT)
    assert figure is not None
    found = f"{100 * eerlijk[1].found:.1f}%".replace(".", ",")
    assert f"en {found} bij 5,0 procentpunt" in figure.alt
    assert "Echte verandering (procentpunt)" in figure.svg
    none = judged(0.0, [Effect(reason="te klein")])
    assert calibration_figure("Ontwerp", [none], Vorm.PROCENTPUNT) is None
    assert "Zonder schatting meestal omdat: te klein." in calibration_table("X", [none], Vorm.GETAL).noten


def tks(*woorden: str):
    return CliRunner().invoke(cli.app, ["ijking", *woorden])


def test_the_command_writes_what_it_shows(tmp_path):
    uit = tks(
        "voor_na", "--werelden", "40", "--ongelijk", "--openbaar", "--drift", "0.1", "--uit", str(tmp_path)
    )
    assert uit.exit_code == 0, uit.output
    assert "Voor en na binnen proeftuinen: ijking in 40 werelden" in uit.output
    assert "regio's ongelijk van omvang; met ruis in de tellingen" in uit.output
    assert "vanaf de start 10,0% meer geregistreerd" in uit.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ijking.csv", "ijking.html", "ijking.svg"]
    rows = (tmp_path / "ijking.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 3
    assert rows[1].startswith("0.0,40,40,")
    again = tks("voor_na", "--werelden", "40", "--ongelijk", "--openbaar", "--drift", "0.1")
    assert again.output in uit.output


@pytest.mark.parametrize(
    ("woorden", "wat"),
    [
        (("voor_naa",), "is er niet om te ijken"),
        (("funnel",), "is er niet om te ijken"),
        (("voor_na", "--effect", "0,05"), "zijn er geen werelden"),
        (("voor_na", "--effect", "veel"), "een verandering is geen getal"),
        (("voor_na", "--effect", ""), "een verandering is geen getal"),
        (("voor_na", "--aantal", "--openbaar"), "alleen zonder ruis geijkt"),
        (("voor_na", "--periode", "week"), "de periode 'week' bestaat niet"),
        (("voor_na", "--openbaar", "--beleid", "los"), "los"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_way_out(woorden, wat):
    uit = tks(*woorden)
    assert isinstance(uit.exception, GebruikFout)
    assert wat in uit.exception.tekst()


# What travels with the package.


def test_chapter_six_shows_what_was_measured():
    (rows,) = metingen.load()["ijking"]["tabellen"].values()
    assert metingen_ijking.SHIPPED == FILE
    assert FILE.read_text(encoding="utf-8") == metingen_ijking.text(rows)
    # Of a design that was measured every world is there; another one is in no row.
    asked = {
        (t.code, t.setting.households, t.world, t.change)
        for t in metingen_ijking.tasks(sorted({r["ontwerp"] for r in rows}))
    }
    assert {(r["ontwerp"], r["huishoudens"], r["wereld"], r["echte verandering"]) for r in rows} == asked
    table, *rest = calibrated_blocks()
    assert isinstance(table, Tabel)
    own = next(
        r
        for r in rows
        if (r["ontwerp"], r["huishoudens"], r["wereld"]) == ("voor_na", 12000, "proeftuinen registreren meer")
    )
    line = next(
        rij for rij in table.rijen if rij[0].tekst == "Voor en na binnen proeftuinen, bij 12.000 huishoudens"
    )
    assert line[4].tekst == f"{100 * own['gevonden']:.1f}%".replace(".", ",")
    assert sum(isinstance(block, Figuur) for block in rest) == 2


def test_saving_a_measurement_renews_what_travels_with_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(metingen, "FOLDER", tmp_path)
    monkeypatch.setattr(metingen, "SHIPPED", tmp_path / "measured.csv")
    monkeypatch.setattr(metingen, "CALIBRATED", tmp_path / "calibrated.csv")
    task = next(t for t in metingen_ijking.tasks(["voor_na"]) if t.setting.noise)
    row = metingen_ijking.row(replace(task, worlds=5))
    metingen.save({"ijking": {"cpu_seconden": 1, "tabellen": {metingen_ijking.TITLE: [row]}}}, tmp_path)
    (read,) = calibrated(tmp_path / "calibrated.csv")
    assert (read.design, read.households, read.worlds) == ("Voor en na binnen proeftuinen", 1400, 5)
    assert read.holds == row["interval bevat de waarheid"]
    assert json.loads((tmp_path / "metingen.json").read_text())["ijking"]
    # It is no sort of figure of its own in the table of coverage.
    assert (tmp_path / "measured.csv").read_text().count("\n") == 1


def test_a_design_without_estimates_has_dashes_and_no_sentence_is_made_of_nothing(tmp_path):
    head = metingen_ijking.text(
        [dict.fromkeys(next(iter(metingen.load()["ijking"]["tabellen"].values()))[0])]
    )
    names = head.splitlines()[0]
    row = "voor_na,1400,halfjaar,6,gelijk,openbaar,niets anders,0.0,4000,0.0,,,,,,0.0,False,te kort"
    (tmp_path / "c.csv").write_text(f"{names}\n{row}\n", encoding="utf-8")
    (table,) = calibrated_blocks(tmp_path / "c.csv")
    assert isinstance(table, Tabel)
    assert [cell.tekst for cell in table.rijen[0][1:]] == ["\u2013"] * 5


def test_what_is_shown_has_its_english():
    def texts(block):
        if isinstance(block, Tabel):
            yield from (block.bijschrift, *block.noten, *block.kop)
        elif isinstance(block, Figuur):
            yield from (block.bijschrift, block.alt, *texts(block.gegevens))
        else:
            yield block.inhoud[0].tekst

    assert [t for block in calibrated_blocks() for t in texts(block) if translate(t) is None] == []
