"""Cases small enough to work out by hand, from delivered tables to the estimate that a user gets."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd
import pytest
from test_voorbeelden import lees, tabellen

from toekomstscenario_eval import estimators
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.summaries.kinds import CELL, SUMMARIES
from toekomstscenario_eval.summaries.registry import fill_params, find
from toekomstscenario_eval.types import Summary, Venster, Vraag

JAAR = Venster(date(2024, 1, 1), date(2025, 1, 1))
ORGANISATIE = """
    organisatie_id | soort
    lt             | lokaal_team
    rvt            | regionaal_veiligheidsteam
"""


def duos(*perioden: tuple[str, str, str]) -> dict[str, str]:
    """Tables in which the local professional is always there, and the RVT comes and goes."""
    huizen = list(dict.fromkeys(h for h, _, _ in perioden))
    rvt = "\n".join(f"{h} | b | rvt | {begin} | {eind}" for h, begin, eind in perioden)
    lokaal = "\n".join(f"{h} | a | lt | 2023-01-01 |" for h in huizen)
    kop = "huishouden_id | professional_id | organisatie_id | begin | eind"
    return {
        "huishouden": "huishouden_id | begin | eind\n" + "\n".join(f"{h} | 2023-01-01 |" for h in huizen),
        "organisatie": ORGANISATIE,
        "betrokkenheid": f"{kop}\n{rvt}\n{lokaal}",
    }


def ots(*maatregelen: tuple[str, str, str, str], geboren: int = 2015) -> dict[str, str]:
    """Tables with one child per household, and its supervision orders: child, begin, end, end reason."""
    kinderen = list(dict.fromkeys(k for k, *_ in maatregelen))
    rijen = "\n".join(
        f"{k} | 11 | {begin} | {eind} | {reden} | gi{i}"
        for i, (k, begin, eind, reden) in enumerate(maatregelen)
    )
    return {
        "huishouden": "huishouden_id | begin | eind\n" + "\n".join(f"h{k} | 2023-01-01 |" for k in kinderen),
        "persoon": "persoon_id | huishouden_id | rol | geboortejaar\n"
        + "\n".join(f"{k} | h{k} | kind | {geboren}" for k in kinderen),
        "maatregel": f"persoon_id | soort | begin | eind | reden_einde | organisatie_id\n{rijen}",
    }


def reken(indicator: str, bron: dict[str, str], *, venster: Venster = JAAR, **params):
    """Return the unit rows, and the estimates of the whole by estimand."""
    ind = find(indicator)
    ingevuld = fill_params(ind, params)
    frames = {naam: lees(tekst) for naam, tekst in bron.items()}
    rijen = ind.rows(tabellen(frames), Vraag(venster, venster.eind, ingevuld))
    mee = rijen.filter(rijen.uitsluiting.isnull()).mutate(**{CELL: 1})
    gegevens = SUMMARIES[ind.card.kind].query(mee).execute().assign(groep=TOTAAL, periode="")
    huishoudens = int(mee.huishouden_id.nunique().execute())
    groepen = pd.DataFrame({"groep": [TOTAAL], "periode": [""], "huishoudens": [huishoudens]})
    samenvatting = Summary(ind.card.kind, gegevens.drop(columns=CELL), groepen)
    schattingen, _ = estimators.estimate(samenvatting, ind.card, ingevuld, uitsplitsing="")
    return rijen.execute(), schattingen.set_index("maat")


def test_late_entry():
    """Two duos of 100 days; the third began 60 days before the window and ends on day 80.

    On day 80 three are at risk, so S = 2/3.
    The fourth began 95 days before the window, so it is not yet at risk on day 80; it ends on day 120.
    On day 100 three are at risk and two end: S = 2/3 * 1/3 = 2/9.
    """
    rijen, uit = reken(
        "duo_duur",
        duos(
            ("p", "2024-02-01", "2024-05-11"),
            ("q", "2024-03-01", "2024-06-09"),
            ("r", "2023-11-02", "2024-01-21"),
            ("s", "2023-09-28", "2024-01-26"),
        ),
    )
    assert sorted(rijen[["instroom", "duur"]].itertuples(index=False, name=None)) == [
        (0, 100),
        (0, 100),
        (60, 80),
        (95, 120),
    ]
    assert uit.loc["langer_90", "schatting"] == pytest.approx(2 / 3)
    assert uit.loc["langer_180", "schatting"] == 0
    assert uit.loc["mediaan", "schatting"] == 100


def test_all_censored():
    """Both duos run on: nothing has ended, so there is no median; all last longer than 90 days."""
    _, uit = reken("duo_duur", duos(("p", "2024-02-01", ""), ("q", "2024-03-01", "")))
    assert math.isnan(uit.loc["mediaan", "schatting"])
    assert uit.loc["mediaan", "gecensureerd"] == 2
    assert uit.loc["langer_90", "schatting"] == 1
    assert math.isnan(uit.loc["langer_90", "ondergrens"])
    assert math.isnan(uit.loc["gemiddelde_beeindigd", "schatting"])


def test_a_chain_of_more_than_eighteen_months():
    """Chains of 300, 547, 548 and 600 days: 547 days is not longer than 547, so two of four are."""
    begin = date(2022, 1, 3)
    keten = "\n".join(
        f"k{n} | h{n} | start_hulp | {begin} | {begin + timedelta(days=n)}" for n in (300, 547, 548, 600)
    )
    bron = {
        "huishouden": "huishouden_id | begin | eind\n"
        + "\n".join(f"h{n} | 2022-01-01 |" for n in (300, 547, 548, 600)),
        "ketenstap": f"ketenstap_id | huishouden_id | stap | begin | eind\n{keten}",
    }
    _, uit = reken("doorlooptijd", bron, venster=Venster(date(2022, 1, 1), date(2025, 1, 1)))
    assert uit.loc["langer_365", "schatting"] == 0.75
    assert uit.loc["langer_547", "schatting"] == 0.5
    assert 0 < uit.loc["langer_547", "ondergrens"] < 0.5 < uit.loc["langer_547", "bovengrens"]


def test_no_events():
    """Two children a whole year without an order: a rate of 0, with an exact upper bound."""
    bron = ots(("k1", "2023-02-01", "2023-03-01", "02"), ("k2", "2023-02-01", "2023-03-01", "02"))
    _, uit = reken("instroom_ots", bron)
    rij = uit.iloc[0]
    assert (rij["schatting"], rij["ondergrens"], rij["teller"]) == (0, 0, 0)
    kindjaren = 2 * 366 / 365.25
    assert rij["bovengrens"] == pytest.approx(1000 * -math.log(0.025) / kindjaren)


def test_one_household():
    """With one household the estimate would be its own value: there is none."""
    _, uit = reken("duo_duur", duos(("p", "2024-02-01", "2024-05-11")))
    assert uit["schatting"].isna().all()
    assert uit.loc["mediaan", "methode"] == "niet te schatten: te weinig huishoudens"


def test_two_identical_spells():
    bron = [("p", "2024-02-01", "2024-05-11"), ("q", "2024-02-01", "2024-03-02")]
    rijen, een = reken("duo_duur", duos(*bron))
    dubbel, twee = reken("duo_duur", duos(*bron, bron[0]))
    assert len(rijen) == len(dubbel) == 2
    pd.testing.assert_frame_equal(een, twee)


@pytest.mark.parametrize(
    ("eind", "duur", "einde"), [("2024-12-31", 30, 1), ("2025-01-01", 31, 1), ("2025-01-02", 31, 0)]
)
def test_end_on_the_edge_of_the_window(eind, duur, einde):
    """The last day of the window is 31 December: an end on 1 January was seen, one on 2 January was not."""
    rijen, _ = reken("duo_duur", duos(("p", "2024-12-01", eind)))
    assert rijen[["duur", "einde"]].iloc[0].tolist() == [duur, einde]


def test_begin_on_the_edge_of_the_window():
    """Ended on 1 January: no day in the window."""
    rijen, _ = reken("duo_duur", duos(("p", "2023-12-01", "2024-01-01")))
    assert rijen["uitsluiting"].tolist() == ["duo geheel buiten venster of verblijf"]


@pytest.mark.parametrize(("geboren", "dagen"), [(2006, 182), (2007, 366), (2005, 0)])
def test_a_child_turns_eighteen(geboren, dagen):
    """Born in 2006: eighteen on 1 July 2024, so 182 days as a child in the window."""
    bron = ots(("k1", "2023-02-01", "2023-03-01", "02"), ("k2", "2023-02-01", "2023-03-01", "02"))
    bron["persoon"] = bron["persoon"].replace("| 2015", f"| {geboren}")
    rijen, _ = reken("instroom_ots", bron)
    mee = rijen[rijen["uitsluiting"].isna()]
    assert mee["blootstelling"].tolist() == ([dagen, dagen] if dagen else [])


def test_a_child_with_an_order_turns_eighteen():
    """On 31 December a child born in 2006 is no longer counted, one born in 2007 is."""
    bron = ots(("k1", "2024-02-01", "", ""), ("k2", "2024-02-01", "", ""))
    bron["persoon"] = (
        bron["persoon"].replace("hk1 | kind | 2015", "hk1 | kind | 2006").replace("| 2015", "| 2007")
    )
    rijen, _ = reken("aandeel_ots", bron, eenheid="kind")
    assert sorted(rijen["uitsluiting"].fillna("").tolist()) == ["", "18 jaar of ouder"]


@pytest.mark.parametrize(
    ("vervolg", "perioden"), [("2024-04-01", 1), ("2024-04-02", 1), ("2024-04-08", 1), ("2024-04-09", 2)]
)
def test_transfer_between_organisations(vervolg, perioden):
    """The new organisation starts within a week after the day of transfer: one measure; later: two."""
    rijen, _ = reken(
        "duur_ots",
        ots(("k1", "2024-02-01", "2024-04-01", "OV"), ("k1", vervolg, "2024-05-01", "02")),
    )
    assert len(rijen[rijen["uitsluiting"].isna()]) == perioden
    if perioden == 1:
        # 1 February to 1 May 2024 is 90 days: 29 + 31 + 30.
        assert rijen["duur"].tolist() == [90]


@pytest.mark.parametrize(("jaar", "dagen"), [(2024, 2), (2023, 1)])
def test_leap_day(jaar, dagen):
    """From 28 February to 1 March is two days in a leap year, and one otherwise."""
    rijen, _ = reken(
        "duo_duur",
        duos(("p", f"{jaar}-02-28", f"{jaar}-03-01")),
        venster=Venster(date(jaar, 1, 1), date(jaar + 1, 1, 1)),
    )
    assert rijen["duur"].tolist() == [dagen]


@pytest.mark.parametrize(("begin", "hoogste"), [("2024-03-01", 1), ("2024-02-29", 2)])
def test_who_leaves_goes_before_who_comes(begin, hoogste):
    """The end is the first day of absence: who comes that day is alone, who comes the day before is not."""
    bron = duos(("p", "2024-01-01", "2024-03-01"))
    bron["betrokkenheid"] = f"""
        huishouden_id | professional_id | organisatie_id | begin      | eind
        p             | a               | lt             | 2024-01-01 | 2024-03-01
        p             | b               | lt             | {begin} | 2024-05-01
    """
    rijen, _ = reken("professionals_per_huishouden", bron, telling="gelijktijdig_hoogste")
    assert rijen["aantal"].tolist() == [hoogste]


@pytest.mark.parametrize(
    ("dag", "kinderen"), [(date(2024, 6, 30), 2), (date(2024, 7, 1), 1), (date(2024, 7, 2), 1)]
)
def test_a_birthday_is_the_first_day_of_eighteen(dag, kinderen):
    """Born in 2006: the last day as a child is 30 June 2024; born in 2007: a year later."""
    bron = ots(("k1", "2024-02-01", "", ""), ("k2", "2024-02-01", "", ""))
    bron["persoon"] = (
        bron["persoon"].replace("hk1 | kind | 2015", "hk1 | kind | 2006").replace("| 2015", "| 2007")
    )
    venster = Venster(date(2024, 1, 1), dag + timedelta(days=1))
    rijen, _ = reken("aandeel_ots", bron, venster=venster, eenheid="kind")
    assert int(rijen.loc[rijen["uitsluiting"].isna(), "noemer"].sum()) == kinderen


def test_the_instrument_in_most_use_is_that_of_most_households():
    """The meter was used with two households, the lijst with one, though five times as often."""
    keer = "\n".join(f"p | 2024-0{maand}-01 | lijst | veiligheid | {maand} | ouder" for maand in range(1, 10))
    bron = {
        "huishouden": "huishouden_id | begin | eind\np | 2023-01-01 |\nq | 2023-01-01 |\nr | 2023-01-01 |",
        "meting": f"""
            huishouden_id | datum | instrument | schaal | waarde | informant
            {keer}
            q | 2024-02-01 | meter | veiligheid | 60 | ouder
            q | 2024-08-01 | meter | veiligheid | 80 | ouder
            r | 2024-02-01 | meter | veiligheid | 50 | ouder
            r | 2024-08-01 | meter | veiligheid | 40 | ouder
        """,
    }
    rijen, _ = reken("uitkomsten", bron, schaal="veiligheid")
    assert sorted(rijen["waarde"].dropna()) == [40, 80]


@pytest.mark.parametrize(
    ("geboren", "begin", "eind", "dagen"),
    [
        (2006, date(2024, 7, 1), date(2025, 1, 1), 0),
        (2006, date(2024, 6, 30), date(2025, 1, 1), 1),
        (2024, date(2023, 6, 1), date(2024, 1, 1), 0),
        (2024, date(2023, 6, 1), date(2024, 1, 2), 1),
    ],
)
def test_childhood_and_window_that_only_touch_share_no_day(geboren, begin, eind, dagen):
    """Eighteen on the first day of the window, or born on the day it ends: there was no day to count."""
    bron = ots(
        ("k1", "2023-02-01", "2023-03-01", "02"), ("k2", "2023-02-01", "2023-03-01", "02"), geboren=geboren
    )
    rijen, _ = reken("instroom_ots", bron, venster=Venster(begin, eind))
    mee = rijen[rijen["uitsluiting"].isna()]
    assert mee["blootstelling"].tolist() == ([dagen, dagen] if dagen else [])
    assert rijen["uitsluiting"].dropna().tolist() == (
        [] if dagen else ["kind zonder dag onder de 18 in het venster"] * 2
    )
