"""Faults once seen in what left: a number that rests on a few, and a question that was refused as a whole."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

import toekomstscenario_eval as tks
from toekomstscenario_eval import cli
from toekomstscenario_eval.document.nodes import Tabel
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.types import ALLE, BIJNA, NIET, NUL, TOON, WEINIG

GETALLEN = ["schatting", "ondergrens", "bovengrens", "teller"]
PER = ("proeftuin", "gezinsprofiel", "proeftuin_soort")


@pytest.fixture(scope="module")
def studie(voorbeeldpakket) -> tks.Study:
    return tks.Study.open(voorbeeldpakket)


@pytest.fixture(scope="module")
def binnen(voorbeeldpakket) -> tks.Study:
    return tks.Study.open(voorbeeldpakket, intern=True)


@pytest.fixture
def opdracht(monkeypatch, capsys):
    """Run `tks` and return its exit code and what it wrote."""

    def draai(*delen: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["tks", *map(str, delen)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        uit = capsys.readouterr()
        return int(stop.value.code or 0), uit.out + uit.err

    return draai


def gepubliceerd(r, per: str, naam: str, x: int) -> pd.Series:
    """Return the published households of whom `naam` counts at least one, by group and period."""
    cellen = r.publiek[per].cellen
    cellen = cellen[cellen["naam"].eq(naam) & cellen["x"].eq(x) & cellen["k"].eq(1)]
    return cellen.set_index(["groep", "periode"])["n"]


# A rate that rests on 1-9 children.


@pytest.mark.parametrize(
    ("indicator", "per", "periode"),
    [("instroom_voogdij", "proeftuin_soort", None), ("instroom_ots", "proeftuin", "jaar")],
)
def test_no_rate_rests_on_fewer_than_ten(studie, binnen, indicator, per, periode):
    r = studie.bereken(indicator, per=per, periode=periode)
    rijen = r.schattingen[r.schattingen["uitsplitsing"].eq(per)]
    n = gepubliceerd(r, per, "a", 1)
    klein = rijen[[n.get(plek, 0) < 10 for plek in zip(rijen["groep"], rijen["periode"], strict=True)]]
    assert len(klein) > 0
    assert klein["weergave"].isin([WEINIG, NUL]).all()
    assert klein[GETALLEN].isna().all(axis=None)
    groot = rijen.drop(klein.index)
    assert groot["weergave"].eq(TOON).all()
    assert groot[GETALLEN].notna().all(axis=None)
    # No noise lifts 1-3 households over nine; whoever has a site of them reads no rate of it.
    exact = binnen.bereken(indicator, per=per, periode=periode).schattingen
    exact = exact[exact["uitsplitsing"].eq(per)].set_index(["groep", "periode"])["teller"]
    weinig = [exact.get(p, 0) in (1, 2, 3) for p in zip(rijen["groep"], rijen["periode"], strict=True)]
    if indicator == "instroom_ots":
        assert any(weinig)
    assert rijen.loc[weinig, GETALLEN].isna().all(axis=None)


def test_a_small_rate_reads_as_less_than_ten_everywhere(studie, opdracht, voorbeeldpakket, tmp_path):
    """On the screen, in the file, in a table and in a sentence: the comparison regions have four children."""
    doel = tmp_path / "uit.csv"
    code, tekst = opdracht(
        "bereken", "instroom_voogdij", voorbeeldpakket, "--per", "proeftuin_soort", "--uit", doel
    )
    assert code == 0
    r = studie.bereken("instroom_voogdij", per="proeftuin_soort")
    n = int(r.schattingen.set_index("groep").loc["vergelijking", "n"])
    (regel,) = [regel for regel in tekst.splitlines() if regel.strip().startswith("Vergelijkingsregio")]
    assert f"minder dan 10 van {n}" in regel
    los = pd.read_csv(doel).set_index("groep").loc["Vergelijkingsregio"]
    assert los[GETALLEN].isna().all()
    assert los["weergave"] == WEINIG
    (tabel,) = [b for b in tks.tabel(r, per="proeftuin_soort").blokken if isinstance(b, Tabel)]
    (rij,) = [rij for rij in tabel.rijen if rij[0].tekst == "Vergelijkingsregio"]
    assert [cel.tekst for cel in rij[1:3]] == [f"minder dan 10 van {n} huishoudens", "geen"]
    (figuur,) = tks.figuur(r, per="proeftuin_soort").blokken
    namen = {rij[0].tekst for rij in figuur.gegevens.rijen if any(c.isdigit() for c in rij[1].tekst)}
    assert "Proeftuin" in namen


def test_a_share_has_ten_on_both_sides(studie):
    """Who has it and who has not: a share of all but a few tells of those few."""
    gezien = set()
    for indicator in ("aandeel_ots", "aandeel_duo", "vast_gezicht", "aandeel_vots"):
        r = studie.bereken(indicator, per=("proeftuin", "gezinsprofiel"))
        for per in ("proeftuin", "gezinsprofiel"):
            rijen = r.schattingen[r.schattingen["uitsplitsing"].eq(per)]
            t, rest = (gepubliceerd(r, per, naam, 0) for naam in ("t", "r"))
            for rij in rijen.to_dict("records"):
                plek = (rij["groep"], rij["periode"])
                zijden = t.get(plek, 0), rest.get(plek, 0)
                gezien.add(rij["weergave"])
                if min(zijden) < 10 or rij["weergave"] != TOON:
                    assert rij["weergave"] in (WEINIG, NUL, BIJNA, ALLE, NIET), (indicator, rij)
                    assert all(np.isnan(rij[k]) for k in GETALLEN), (indicator, rij)
    assert {TOON, WEINIG} <= gezien


# A breakdown by year of a duration.


def says_why(rijen: pd.DataFrame) -> None:
    """Every row is a number, or one of the two bounds, or has its reason."""
    assert rijen["methode"].ne("").all()
    getal = rijen["schatting"].notna()
    bereikt = ~rijen["methode"].str.contains("mediaan niet bereikt")
    assert rijen.loc[getal, "weergave"].eq(TOON).all()
    assert rijen.loc[~getal & bereikt, "weergave"].isin([WEINIG, NUL, BIJNA, ALLE, NIET]).all()
    redenen = rijen.loc[rijen["weergave"].eq(NIET), "methode"]
    assert redenen.str.contains("minder dan|te weinig|te goed raden|kan vanaf").all(), set(redenen)


def test_what_can_be_shown_of_a_breakdown_by_year_is_shown(opdracht, voorbeeldpakket, tmp_path):
    doel = tmp_path / "duur.csv"
    vraag = [deel for per in PER for deel in ("--per", per)]
    code, tekst = opdracht("bereken", "duur_ots", voorbeeldpakket, *vraag, "--periode", "jaar", "--uit", doel)
    assert code == 0, tekst
    rijen = pd.read_csv(doel, keep_default_na=False, na_values={k: [""] for k in GETALLEN})
    assert set(rijen["uitsplitsing"]) == {"", *PER}
    says_why(rijen)
    # Something of the whole and of the kinds of region is a number.
    getoond = rijen["schatting"].notna().groupby(rijen["uitsplitsing"]).sum()
    assert (getoond[["", "proeftuin_soort"]] > 0).all(), getoond
    # Too few households is said of places with too few; of any other it is told how many there are.
    weinig = rijen["methode"].eq("minder dan 10 huishoudens tellen mee")
    assert 0 < weinig.sum() < len(rijen)
    assert (rijen.loc[weinig, "n"] < 10).all()
    # All days differ here and there in too few households from the days from the start on, which lead.
    gelijk = rijen["methode"].eq("deze definitie verschilt hier in minder dan 10 huishoudens van een andere")
    assert (rijen.loc[~weinig & ~gelijk, "n"] >= 10).all()
    assert set(rijen.loc[gelijk, "uitsplitsing"]) <= {"proeftuin", "gezinsprofiel"}


@pytest.mark.parametrize("indicator", ["duur_uithuisplaatsing", "duur_voogdij"])
def test_no_question_ends_in_a_refusal_of_everything(studie, indicator):
    r = studie.bereken(indicator, per=PER, periode="jaar")
    assert r.reden_nvt == ""
    says_why(r.schattingen)
    geheel = r.schattingen[r.schattingen["uitsplitsing"].eq("")]
    # Of guardianship there are so few in a year that also the whole has reasons only.
    weinig = geheel["methode"].eq("minder dan 10 huishoudens tellen mee")
    assert (geheel.loc[~weinig, "n"] >= 10).all()
    assert geheel["weergave"].ne(NIET).any() == (indicator == "duur_uithuisplaatsing")


def test_what_is_not_public_by_its_nature_says_what_is(studie):
    """A period or window that differs from another by a few is refused by name, before anything is drawn."""
    with pytest.raises(GebruikFout, match="cijfers per kwartaal zijn niet openbaar te maken") as fout:
        studie.bereken("duur_ots", periode="kwartaal")
    assert fout.value.verwacht == "jaar"
    with pytest.raises(GebruikFout, match="dit venster is niet openbaar te maken"):
        studie.bereken("duur_ots", van="2024-02-01", tot="2024-03-01")
