"""Measures that were taken over, of which only the first day that they were seen is known."""

from __future__ import annotations

from datetime import date

import pytest
from test_met_de_hand import reken

from toekomstscenario_eval.types import Venster

# Seen: within the window, on the day of entry, after a spell whose begin is known, and one that is known.
HUISHOUDENS = ("overgenomen", "gestikt", "bekend", "zonder")
MAATREGEL = """
    persoon_id  | soort | begin      | begin_onbekend | eind       | reden_einde
    overgenomen | 11    | 2024-03-01 | true           | 2024-06-01 | 02
    gestikt     | 11    | 2024-02-01 | false          | 2024-03-01 | OV
    gestikt     | 11    | 2024-03-02 | true           | 2024-07-01 | 02
    bekend      | 11    | 2024-04-01 |                | 2024-05-01 | 04
"""
ONBEKEND = "begin van de maatregel niet bekend"


def source(maatregel: str = MAATREGEL) -> dict[str, str]:
    return {
        "huishouden": "huishouden_id | begin | eind\n"
        + "\n".join(f"{h} | 2024-01-01 |" for h in HUISHOUDENS),
        "persoon": "persoon_id | huishouden_id | rol | geboortejaar\n"
        + "\n".join(f"{h} | {h} | kind | 2015" for h in HUISHOUDENS),
        "organisatie": "organisatie_id | soort\nlt | lokaal_team\nrvt | regionaal_veiligheidsteam",
        "betrokkenheid": "huishouden_id | professional_id | organisatie_id | begin | eind\n"
        + "\n".join(
            f"{h} | {p} | {o} | 2024-01-02 |" for h in HUISHOUDENS for p, o in (("a", "lt"), ("b", "rvt"))
        ),
        "maatregel": maatregel,
    }


def known(text: str) -> str:
    return text.replace("true", "false")


def excluded(rows) -> dict[str, list[str]]:
    gone = rows[rows["uitsluiting"].notna()]
    return {h: list(part["uitsluiting"]) for h, part in gone.groupby("huishouden_id")}


def test_it_counts_in_a_stand():
    half = Venster(date(2024, 1, 1), date(2024, 4, 2))
    rows, out = reken("aandeel_ots", source(), venster=half)
    assert (out.loc["aandeel", "teller"], out.loc["aandeel", "noemer"]) == (3, 4)
    assert excluded(rows) == {}


def test_it_is_never_new():
    rows, out = reken("instroom_ots", source())
    assert out["teller"].tolist() == [2]
    assert excluded(rows) == {"overgenomen": [ONBEKEND]}
    # Its child is followed all the same: the exposure is that of everybody.
    _, all_known = reken("instroom_ots", source(known(MAATREGEL)))
    assert all_known["teller"].tolist() == [3]
    assert out["noemer"].tolist() == all_known["noemer"].tolist()


def test_a_household_whose_first_measure_may_have_been_there_is_left_out():
    rows, out = reken("cumulatieve_incidentie_ots", source())
    assert excluded(rows) == {"overgenomen": [ONBEKEND]}
    assert out["n"].unique().tolist() == [3]
    assert sorted(rows.loc[rows["einde"].eq(1), "duur"]) == [31, 91]
    # One that began before it says enough: that was the first.
    earlier = MAATREGEL + "    overgenomen | 11 | 2024-01-15 | false | 2024-01-20 | 02\n"
    rows, _ = reken("cumulatieve_incidentie_ots", source(earlier))
    assert excluded(rows) == {}
    assert rows.loc[rows["huishouden_id"].eq("overgenomen"), "duur"].tolist() == [14]


def test_it_enters_no_duration():
    rows, out = reken("duur_ots", source())
    assert excluded(rows) == {"overgenomen": [ONBEKEND]}
    assert sorted(rows["duur"].dropna()) == [30, 151]
    assert out["noemer"].unique().tolist() == [2]


@pytest.mark.parametrize(("text", "teller"), [(MAATREGEL, 2), (known(MAATREGEL), 3)])
def test_elsewhere_it_is_no_new_measure_after_a_duo(text, teller):
    rows, out = reken("duo_voor_maatregel", source(text), maatregel="ots")
    assert (out["teller"].tolist(), out["noemer"].tolist()) == ([teller], [teller])
    assert sum(ONBEKEND in r for r in excluded(rows).values()) == 3 - teller


def test_elsewhere_it_is_no_return_on_a_day_that_is_not_known():
    back = MAATREGEL + "    bekend | 11 | 2024-09-01 | true | | \n"
    rows, _ = reken("herhaald_beroep", source(back))
    assert "begin van de volgende maatregel niet bekend" in excluded(rows)["bekend"]
    rows, _ = reken("herhaald_beroep", source(known(back)))
    own = rows[rows["huishouden_id"].eq("bekend") & rows["uitsluiting"].isna()]
    assert own[["duur", "einde"]].to_numpy().tolist() == [[123, 1]]


def test_without_the_column_every_begin_is_known():
    bare = "\n".join(
        " | ".join(cell for i, cell in enumerate(line.split(" | ")) if i != 3)
        for line in MAATREGEL.strip().splitlines()
    )
    rows, out = reken("instroom_ots", source(bare))
    assert out["teller"].tolist() == [3]
    assert excluded(rows) == {}
