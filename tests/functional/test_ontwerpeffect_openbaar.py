"""The design effect as it leaves: drawn with its place, lent to other places, copied, rounded at random."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from openbaar_verslag import eigen_pakket

from toekomstscenario_eval import design_effect
from toekomstscenario_eval.protection.drawing import Drawing
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.sharing import Sharing
from toekomstscenario_eval.study import Study

PER = ("proeftuin", "proeftuin_soort", "gezinsprofiel")
DRAWING = Drawing(Secret(bytes(range(32))), Noise(6, 3.0, 2), date(2026, 1, 1))


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    return eigen_pakket(tmp_path_factory.mktemp("ontwerpeffect"), huishoudens=400)


def computed(delivery, **rest):
    pakket, sleutel = delivery
    return Study.open(pakket, sleutel=sleutel).bereken("doorlooptijd", per=PER, **rest)


@pytest.fixture(scope="module")
def first(delivery):
    return computed(delivery)


def effects(result, per):
    cells = result.publiek[per].cellen
    return cells[cells["naam"].eq(design_effect.NAME)].set_index("groep")


def households(result, per):
    places = result.publiek[per].plekken
    return places[places["reden"].eq("")].set_index("groep")["huishoudens"]


def test_the_whole_and_large_kinds_have_their_own(first):
    for per in design_effect.OWN:
        n, found = households(first, per), effects(first, per)
        assert set(found.index) == set(n.index[n >= 100])
        assert found["x"].between(2, 20).all()
        assert found["n"].eq(n[found.index]).all()


def test_a_site_uses_the_effect_of_its_kind_and_else_that_of_the_whole(first):
    whole, kind, site = (effects(first, per)["x"] for per in ("", "proeftuin_soort", "proeftuin"))
    small = set(households(first, "proeftuin_soort").index) - set(kind.index)
    assert small == {"vergelijking"}
    assert set(site.index) == set(households(first, "proeftuin").index)
    assert set(site) <= {kind["proeftuin"], whole["totaal"]}


def test_a_profile_uses_a_part_of_the_effect_of_the_whole(first):
    (whole,) = effects(first, "").itertuples()
    for row in effects(first, "gezinsprofiel").itertuples():
        wanted = 1 + (whole.x / 2 - 1) * row.n / whole.n
        assert row.x == design_effect.in_halves(wanted)


def test_the_method_says_so_where_it_is_and_where_it_is_not(first):
    s = first.schattingen
    rmst = s[s["maat"].eq("gemiddelde_beperkt") & s["ondergrens"].notna()]
    for per in ("", *PER):
        for row in rmst[rmst["uitsplitsing"].eq(per)].itertuples():
            known = row.groep in effects(first, per).index
            assert ("geen ontwerpeffect" in row.methode) is not known


def test_asked_again_it_is_copied_to_the_last_row(delivery, first):
    again = computed(delivery)
    for per in ("", *PER):
        pd.testing.assert_frame_equal(again.publiek[per].cellen, first.publiek[per].cellen)
        pd.testing.assert_frame_equal(again.publiek[per].plekken, first.publiek[per].plekken)


def test_a_phase_has_its_own_and_lends_comparison_regions_theirs(delivery, first):
    phase = computed(delivery, fase="vanaf")
    assert effects(phase, "").index.tolist() == ["totaal"]
    kind = effects(phase, "proeftuin_soort")
    # The whole of a phase is its proeftuinen: the same households, the same number.
    assert kind.loc["proeftuin", "x"] == effects(phase, "").loc["totaal", "x"]
    beside = effects(first, "proeftuin")["x"]
    found = effects(phase, "proeftuin")["x"]
    # Of a pilot of which hardly anybody left before its start, all days are not public beside it.
    assert set(found.index) & set(beside.index)
    for groep, x in found.items():
        assert x in {kind.loc["proeftuin", "x"], beside.get(groep)}


def test_inside_says_the_same_of_the_same_places(delivery, first):
    pakket, _ = delivery
    s = Study.open(pakket, intern=True).bereken("doorlooptijd", per=PER).schattingen
    known = ~s["methode"].str.contains("geen ontwerpeffect")
    for per in design_effect.OWN:
        rows = s["uitsplitsing"].eq(per) & s["maat"].eq("langer_90")
        assert set(s.loc[rows & known, "groep"]) == set(effects(first, per).index)


def test_other_kinds_have_none(delivery):
    pakket, sleutel = delivery
    share = Study.open(pakket, sleutel=sleutel).bereken("aandeel_duo", per=PER)
    assert all(effects(share, per).empty for per in ("", *PER))


def test_rounding_is_random_unbiased_and_the_same_every_time():
    shifts = np.array([DRAWING.shift(key, "vraag") for key in range(4000)])
    assert DRAWING.shift(7, "vraag") == shifts[7]
    assert shifts.min() >= -0.5
    assert shifts.max() < 1.5
    for effect in (1.9, 2.0, 2.25, 3.4):
        halves = np.array([design_effect.in_halves(effect, shift) for shift in shifts])
        assert len(set(halves)) in (2, 3)
        assert abs(halves.mean() / 2 - effect) < 0.02


def test_another_question_epoch_or_draw_has_another_number():
    later = Drawing(DRAWING.secret, DRAWING.ruis, date(2027, 1, 1))
    numbers = [
        DRAWING.shift(7, "vraag"),
        DRAWING.shift(8, "vraag"),
        DRAWING.shift(7, "andere vraag"),
        DRAWING.shift(7, "vraag", 1),
        later.shift(7, "vraag"),
    ]
    assert len(set(numbers)) == 5


def test_the_number_tells_nothing_of_the_noise_of_the_same_households():
    keys = np.arange(4000, dtype=np.uint64)
    noise = DRAWING.secret.uniforms(keys, DRAWING.epoch)
    shifts = np.array([DRAWING.shift(int(key), "vraag") for key in keys])
    assert abs(np.corrcoef(noise, shifts)[0, 1]) < 0.05


def test_without_any_effect_nothing_is_added(first):
    parts = {per: first.publiek[per] for per in ("", "proeftuin_soort")}
    sharing = Sharing(DRAWING, 100, {}, {})
    assert sharing.added(parts, {}, {}) == parts
