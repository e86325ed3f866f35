"""When a place is drawn: by calendar, seldom, and only after enough has happened."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.protection.entries import Draw, Grant
from toekomstscenario_eval.protection.epochs import Decision, closed, decide, epoch_of, new_recipe
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.register import Register

PLEK = ("proeftuin", "pt01")
DAGEN = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def trekking(jaar: int, maand: int = 1, n: int = 103, **anders) -> Draw:
    return Draw(PLEK, date(jaar, maand, 1), n, **({"pakket": "p1"} | anders))


def besluit(
    *jaren: int, epoche: int, gebeurd: int = 50, n: int = 103, v: float = 3, toegestaan=False, moved=False
) -> Decision:
    return decide(
        draws=[trekking(j) for j in jaren],
        epoch=date(epoche, 1, 1),
        published_n=n,
        events=gebeurd,
        v=v,
        exception=toegestaan,
        moved=moved,
    )


@pytest.mark.parametrize(
    ("peildatum", "jaar", "halfjaar"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 1)),
        (date(2025, 12, 31), date(2025, 1, 1), date(2025, 7, 1)),
        (date(2026, 6, 30), date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 7, 1), date(2026, 1, 1), date(2026, 7, 1)),
        (date(2024, 2, 29), date(2024, 1, 1), date(2024, 1, 1)),
    ],
)
def test_the_epoch_began_on_or_before_the_peildatum(peildatum, jaar, halfjaar):
    assert epoch_of(peildatum, "jaar") == jaar
    assert epoch_of(peildatum, "halfjaar") == halfjaar


@given(DAGEN, st.sampled_from(["jaar", "halfjaar"]))
def test_no_epoch_lies_between(peildatum, every):
    epoche = epoch_of(peildatum, every)
    assert epoche <= peildatum
    assert epoch_of(epoche, every) == epoche
    assert (peildatum - epoche).days < (366 if every == "jaar" else 184)
    assert epoch_of(epoche - timedelta(1), every) < epoche


@pytest.mark.parametrize("every", ["maand", "", "kwartaal", "Jaar"])
def test_another_length_is_refused(every):
    with pytest.raises(OnthullingsFout, match="lengte van een epoche bestaat niet"):
        epoch_of(date(2026, 1, 1), every)


@pytest.mark.parametrize(
    ("na_laatste", "epoche", "dicht"),
    [
        (date(2025, 1, 1), date(2026, 1, 1), True),  # the year 2024
        (date(2025, 1, 1), date(2025, 7, 1), False),
        (date(2025, 1, 2), date(2026, 1, 1), False),
        (date(2024, 7, 1), date(2025, 7, 1), True),
        (date(2026, 1, 1), date(2026, 1, 1), False),  # running: up to the epoch
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_a_window_is_closed_a_year_after_its_end(na_laatste, epoche, dicht):
    assert closed(na_laatste, epoche) is dicht


def test_the_first_time_a_place_is_drawn():
    assert besluit(epoche=2026, gebeurd=0, n=0) == Decision(True, date(2026, 1, 1))


def test_in_one_epoch_all_is_copied():
    assert besluit(2026, epoche=2026, gebeurd=10_000) == Decision(False, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("gebeurd", "n", "open_"),
    [
        (9, 10, False), (10, 10, True), (10, 50, True), (10, 51, False), (11, 51, True),
        (20, 103, False), (21, 103, True), (2399, 12_000, False), (2400, 12_000, True), (0, 0, False),
    ],
)  # fmt: skip
def test_enough_must_have_happened(gebeurd, n, open_):
    """At least ten households, and a fifth of them."""
    anders = Decision(True, date(2026, 1, 1)) if open_ else Decision(False, date(2024, 1, 1))
    assert besluit(2024, epoche=2026, gebeurd=gebeurd, n=n) == anders


@pytest.mark.parametrize(("v", "hooguit"), [(1.08, 1), (2.9, 2), (3, 3), (3.99, 3), (5, 5)])
def test_at_most_floor_v_draws(v, hooguit):
    jaren = range(2020, 2020 + hooguit)
    assert besluit(*jaren[:-1], epoche=2030, v=v).draw
    assert besluit(*jaren, epoche=2030, v=v) == Decision(False, date(jaren[-1], 1, 1))


def test_an_exception_draws_once_more():
    assert besluit(2024, 2025, 2026, epoche=2030, gebeurd=0, toegestaan=True) == Decision(
        True, date(2030, 1, 1)
    )
    # In the same epoch all noise is new.
    assert besluit(2025, 2026, epoche=2026, toegestaan=True) == Decision(True, date(2026, 1, 1), 1)
    assert besluit(2026, 2026, epoche=2026, toegestaan=True) == Decision(True, date(2026, 1, 1), 2)
    # What is asked after it has that noise too.
    assert besluit(2025, 2026, 2026, epoche=2026) == Decision(False, date(2026, 1, 1), 1)


def test_another_start_of_a_pilot_is_a_draw_that_counts():
    # Nothing else has to happen, and in the same epoch all noise is new.
    assert besluit(2025, epoche=2026, gebeurd=0, moved=True) == Decision(True, date(2026, 1, 1))
    assert besluit(2025, 2026, epoche=2026, gebeurd=0, moved=True) == Decision(True, date(2026, 1, 1), 1)
    assert besluit(2025, epoche=2026, gebeurd=0) == Decision(False, date(2025, 1, 1))
    # No more draws than there may be, and never an older package after a newer one.
    assert besluit(2024, 2025, 2026, epoche=2026, moved=True) == Decision(False, date(2026, 1, 1))
    assert besluit(2026, epoche=2025, moved=True) == Decision(False, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("eerst", "nu", "anders"),
    [
        (("Aa=2024-04-01", "B=b=2024-05-01"), ("Aa=2024-04-01", "B=b=2024-05-02"), True),
        (("Aa=2024-04-01",), ("Aa=2024-04-01", "Bb=2024-05-01"), False),  # one joins
        (("Aa=2024-04-01", "Bb=2024-05-01"), ("Aa=2024-04-01",), False),  # one is gone
        (("Aa=",), ("Aa=2024-04-01",), True),
        ((), ("Aa=2024-04-01",), False),  # a register of before
    ],
)
def test_what_another_start_is(eerst, nu, anders):
    assert trekking(2026, start=eerst).moved(nu) == anders


@pytest.mark.parametrize("toegestaan", [True, False])
def test_an_older_package_is_not_drawn_after_a_newer_one(toegestaan):
    assert besluit(2026, epoche=2025, toegestaan=toegestaan) == Decision(False, date(2026, 1, 1))


def test_a_new_question_of_another_package_waits():
    assert new_recipe(draws=[], package="p2") == ""
    assert new_recipe(draws=[trekking(2025, pakket="p0"), trekking(2026)], package="p1") == ""
    reden = new_recipe(draws=[trekking(2025, pakket="p2"), trekking(2026)], package="p2")
    assert reden.startswith("deze vraag is nieuw")
    assert "stand per 2026-01-01" in reden


@pytest.mark.parametrize("every", ["jaar", "halfjaar"])
@pytest.mark.parametrize("v", [1.9, 3, 4])
def test_forty_months_of_releases(every, v):
    """A study that grows: released each month, and drafts between; with the register that keeps count."""
    boek = Register.memory("0" * 16, Noise(6, v, 1), every)
    plekken = {("proeftuin", f"pt{i:02}"): 20 + 30 * i for i in range(8)} | {("", "totaal"): 1000}
    gezien: dict[tuple[str, str], set[date]] = {plek: set() for plek in plekken}
    for maand in range(40):
        peildatum = date(2023 + maand // 12, maand % 12 + 1, 1)
        epoche = epoch_of(peildatum, every)
        for plek, n in plekken.items():
            for _ in range(2):
                draws = boek.draws(plek)
                besluit_ = decide(
                    draws=draws,
                    epoch=epoche,
                    published_n=draws[-1].huishoudens if draws else 0,
                    events=n,  # something happens to everybody
                    v=v,
                    exception=False,
                )
                assert besluit_.stand <= peildatum
                if besluit_.draw:
                    boek.append([Draw(plek, epoche, n + maand, f"p{maand}")])
                gezien[plek].add(besluit_.stand)
    for plek in plekken:
        assert len(boek.draws(plek)) == len(gezien[plek]) == int(v)


def test_forty_months_with_an_exception():
    """It adds one, and is counted."""
    boek = Register.memory("0" * 16, Noise(6, 3, 2), "jaar")
    for maand in range(40):
        epoche = epoch_of(date(2023 + maand // 12, maand % 12 + 1, 1), "jaar")
        if maand == 20:
            boek.append([Grant(PLEK, "correctie", "wie", "waarom", epoche)])
        (*_, toegestaan) = [None, *boek.exceptions(PLEK)]
        uit = decide(
            draws=boek.draws(PLEK),
            epoch=epoche,
            published_n=103,
            events=100,
            v=3,
            exception=toegestaan is not None,
        )
        if uit.draw:
            boek.append([trekking(epoche.year, uitzondering=toegestaan.kenmerk if toegestaan else "")])
    assert [d.epoche.year for d in boek.draws(PLEK)] == [2023, 2024, 2024]
