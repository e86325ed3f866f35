"""Random results against an attacker: nothing hidden can be calculated from what is shown."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from aanvaller import Lek, val_aan
from hypothesis import given, settings
from hypothesis import strategies as st
from vrijgave_bouw import MATEN, PROFIELEN, RESULTATEN, Wereld, beleid, wereldresultaat

from toekomstscenario_eval.disclosure.release import release
from toekomstscenario_eval.types import Vorm

# The same worlds in every run: what an attacker cannot find today must not be found by luck tomorrow.
INSTELLING = settings(max_examples=25, deadline=None, derandomize=True)
_INDELINGEN = (
    ("proeftuin",),
    ("gezinsprofiel",),
    ("proeftuin_soort",),
    ("proeftuin", "proeftuin_soort"),
    ("proeftuin", "proeftuin_soort", "gezinsprofiel"),
)
_GETALLEN = ["schatting", "n", "teller", "noemer", "gecensureerd"]
_PLEK = ["uitsplitsing", "groep", "periode"]

zaden = st.integers(0, 2**32 - 1)
minima = st.sampled_from([2, 5, 10, 15])


def cel(kans: random.Random, hoogste: int) -> dict[str, int]:
    """Return the numbers of one smallest cell: often nobody, often a few."""

    def tot(meest: int) -> int:
        return kans.choice([0, meest, *(kans.randint(0, meest) for _ in range(3))])

    n = kans.choice([0, kans.randint(0, 6), kans.randint(0, hoogste), kans.randint(0, hoogste)])
    duo = tot(n)
    kinderen = n + tot(n)
    perioden = duo + (tot(5) if duo else 0)
    langer, geeindigd = tot(perioden), tot(perioden)
    return {
        "huishoudens": n,
        "duo": duo,
        "kinderen": kinderen,
        "ots": tot(kinderen),
        "professionals": n + tot(3 * n),
        "perioden": perioden,
        "geeindigd": geeindigd,
        "langer_90": langer,
        "risico_90": tot(langer),
        "dagen": 40 * geeindigd + tot(geeindigd),
    }


def maak_wereld(kans: random.Random) -> Wereld:
    """Return a world of 1 to 8 proeftuinen of 1 to 3 kinds, 1 to 3 profiles, 1 or 2 periods."""
    proeftuinen = [f"P{i}" for i in range(kans.randint(1, 8))]
    soorten = "ABC"[: kans.randint(1, 3)]
    profielen = PROFIELEN[: kans.randint(1, 3)]
    hoogste = kans.choice([12, 30, 80])
    perioden = ["2024", "2025"][: kans.choice([1, 1, 2])]
    cellen = {(j, p, f): cel(kans, hoogste) for j in perioden for p in proeftuinen for f in profielen}
    return Wereld(cellen, {p: kans.choice(soorten) for p in proeftuinen})


def maak_uitgave(zaad: int) -> tuple[Wereld, dict[str, tuple[str, ...]]]:
    """Return a world, and which results are published about it with which breakdowns."""
    kans = random.Random(zaad)
    wereld = maak_wereld(kans)
    indelingen = {
        naam: kans.choice(_INDELINGEN) for naam in kans.sample(sorted(RESULTATEN), kans.randint(1, 4))
    }
    if {"aandeel_duo", "duo_duur"} <= indelingen.keys():
        # How many have no duo follows from the two together: the share must be there to be judged.
        indelingen["duo_duur"] = indelingen["aandeel_duo"]
    return wereld, indelingen


def resultaten(wereld, indelingen):
    return [wereldresultaat(wereld, naam, per) for naam, per in indelingen.items()]


def sleutels(vrij) -> pd.Index:
    return pd.MultiIndex.from_frame(vrij.schattingen[["maat", *_PLEK]])


@INSTELLING
@given(zaden, minima)
def test_attacker_finds_nothing(zaad, minimum):
    wereld, indelingen = maak_uitgave(zaad)
    regels = beleid(minimum)
    vrijgave = release(resultaten(wereld, indelingen), policy=regels)
    assert val_aan(wereld, vrijgave, regels) == []


@INSTELLING
@given(zaden, minima)
def test_shown_numbers_are_the_true_ones_and_hidden_ones_are_missing(zaad, minimum):
    waar = resultaten(*maak_uitgave(zaad))
    vrijgave = release(waar, policy=beleid(minimum))
    for r, vrij in zip(waar, vrijgave.resultaten, strict=True):
        echt, getoond = r.schattingen[_GETALLEN].astype(float), vrij.schattingen
        weg = getoond["onderdrukt"].to_numpy()
        assert getoond.loc[weg, [*_GETALLEN, "ondergrens", "bovengrens"]].isna().all(axis=None)
        assert getoond.loc[weg, "methode"].eq("").all()
        # Ended and censored may be hidden in a row that is shown; nothing else may.
        los = getoond["gecensureerd"].isna().to_numpy() & ~weg
        assert getoond.loc[los, "teller"].isna().all()
        vergelijk = getoond[_GETALLEN].mask(np.tile(los[:, None], (1, len(_GETALLEN))), echt)
        # Shown to twelve digits.
        pd.testing.assert_frame_equal(vergelijk[~weg], echt[~weg], rtol=5e-12, atol=0)
        assert los.sum() == 0 or r.indicator == "duo_duur"


@INSTELLING
@given(zaden, minima)
def test_thresholds_hold_in_every_shown_row(zaad, minimum):
    wereld, indelingen = maak_uitgave(zaad)
    for vrij in release(resultaten(wereld, indelingen), policy=beleid(minimum)).resultaten:
        open_ = vrij.schattingen[~vrij.schattingen["onderdrukt"]]
        assert (open_["n"].eq(0) | open_["n"].ge(minimum)).all()
        maten = [naam for naam, maat in MATEN[vrij.card.kind].items() if maat.vorm is Vorm.AANDEEL]
        delen = open_[open_["maat"].isin(maten) & open_["schatting"].notna()]
        met = (delen["schatting"] * delen["noemer"]).round()
        assert (met.eq(0) | met.ge(minimum)).all()
        assert (delen["noemer"] - met).ge(minimum).all()
        for kolom in ("teller", "gecensureerd") if vrij.indicator == "duo_duur" else ():
            aantal = open_[kolom].dropna()
            assert (aantal.eq(0) | aantal.ge(minimum)).all()
        punten = vrij.reeksen[~vrij.reeksen["onderdrukt"]]
        assert punten["n"].ge(minimum).all()


@INSTELLING
@given(zaden, minima, st.randoms(use_true_random=False))
def test_row_order_and_order_of_results_change_nothing(zaad, minimum, kans):
    wereld, indelingen = maak_uitgave(zaad)
    eerst = resultaten(wereld, indelingen)
    door_elkaar = [
        type(r)(
            r.indicator,
            r.card,
            r.params,
            r.venster,
            r.schattingen.sample(frac=1, random_state=kans.randrange(2**32)),
            r.reeksen.sample(frac=1, random_state=kans.randrange(2**32)),
            r.uitsluitingen,
        )
        for r in kans.sample(eerst, len(eerst))
    ]
    een, twee = (release(rs, policy=beleid(minimum)) for rs in (eerst, door_elkaar))
    for vrij in een.resultaten:
        ander = twee.resultaat(vrij.sleutel)
        volgorde = ["maat", *_PLEK]
        pd.testing.assert_frame_equal(
            vrij.schattingen.sort_values(volgorde, ignore_index=True),
            ander.schattingen.sort_values(volgorde, ignore_index=True),
        )


@INSTELLING
@given(zaden, minima, st.sampled_from([0, 1, 5, 20]))
def test_stricter_policy_never_shows_more(zaad, minimum, erbij):
    waar = resultaten(*maak_uitgave(zaad))
    los, streng = (release(waar, policy=beleid(m)) for m in (minimum, minimum + erbij))
    for a, b in zip(los.resultaten, streng.resultaten, strict=True):
        for kolom in _GETALLEN:
            assert not (a.schattingen[kolom].isna() & b.schattingen[kolom].notna()).any()
        assert not (a.reeksen["onderdrukt"].to_numpy() & ~b.reeksen["onderdrukt"].to_numpy()).any()


@INSTELLING
@given(zaden)
def test_one_stricter_threshold_never_shows_more(zaad):
    waar = resultaten(*maak_uitgave(zaad))
    los = release(waar, policy=beleid(5))
    for drempel in los.beleid.drempels:
        streng = release(waar, policy=beleid(5, **{drempel: 12}))
        for a, b in zip(los.resultaten, streng.resultaten, strict=True):
            assert not (a.schattingen["onderdrukt"] & ~b.schattingen["onderdrukt"]).any()


def test_attacker_is_no_straw_man():
    """Without protection of its company, the attacker finds the group that was hidden alone."""
    wereld = Wereld(
        {
            ("2025", p, "zorg"): cel(random.Random(0), 0) | {"huishoudens": n}
            for p, n in (("P1", 4), ("P2", 40), ("P3", 60))
        },
        {"P1": "A", "P2": "A", "P3": "B"},
    )
    r = wereldresultaat(wereld, "telling", ("proeftuin",))
    vrijgave = release([r], policy=beleid(10))
    assert val_aan(wereld, vrijgave, beleid(10)) == []
    tabel = vrijgave.resultaten[0].schattingen
    tabel.loc[tabel["groep"].eq("P2"), ["n", "schatting", "teller"]] = 40.0
    assert val_aan(wereld, vrijgave, beleid(10)) == [Lek("huishoudens", (("proeftuin", "P1", "2025"),), 4.0)]


@pytest.mark.parametrize("per", [("proeftuin",), ("proeftuin", "proeftuin_soort")])
def test_attacker_sees_the_total_of_the_kind(per):
    """With the total of the kind shown, company from another kind would not protect."""
    cellen = {
        ("2025", p, "zorg"): dict.fromkeys(cel(random.Random(0), 0), 0) | {"huishoudens": n}
        for p, n in (("P1", 4), ("P2", 40), ("P3", 20), ("P4", 30))
    }
    wereld = Wereld(cellen, {"P1": "A", "P2": "A", "P3": "B", "P4": "B"})
    vrijgave = release([wereldresultaat(wereld, "professionals", per)], policy=beleid(10))
    tabel = vrijgave.resultaten[0].schattingen
    dicht = set(tabel.loc[tabel["onderdrukt"], "groep"])
    assert dicht == ({"P1", "P2"} if "proeftuin_soort" in per else {"P1", "P3"})
    assert val_aan(wereld, vrijgave, beleid(10)) == []
    assert np.isnan(tabel.loc[tabel["onderdrukt"], "n"]).all()
