"""Two definitions of one indicator in one release, or in two: the few they differ on are not known."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vrijgave_bouw import BELEID, beleid, delen, kaart, punt, resultaat, rij, uitsluiting

from toekomstscenario_eval.disclosure import ledger, record
from toekomstscenario_eval.disclosure.release import release
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.types import Kind, Maat, Vorm

ANDERS = Variant(definitie=(("keuze", "b"),))
GEWOON = Variant()


def anders(r, variant=ANDERS):
    return replace(r, variant=variant)


def _keuze(waarde):
    return Variant(definitie=(("keuze", waarde),))


def getoond(r, kolom="schatting"):
    return r.schattingen.set_index("groep")[kolom].to_dict()


@pytest.mark.parametrize(("verschil", "weg"), [(0, False), (3, True), (-9, True), (10, False), (-10, False)])
def test_a_share_that_differs_by_a_few_is_not_shown(verschil, weg):
    een, twee = delen(("a", 100, 200)), anders(delen(("a", 100 + verschil, 200)))
    vrij = release([een, twee], policy=BELEID)
    assert not vrij.resultaten[0].schattingen["onderdrukt"].any()
    assert vrij.resultaten[1].schattingen["onderdrukt"].all() == weg
    assert vrij.resultaten[1].schattingen["schatting"].isna().all() == weg
    # The definition that comes first stays, whatever it is.
    omgekeerd = release([twee, een], policy=BELEID)
    assert not omgekeerd.resultaten[0].schattingen["onderdrukt"].any()
    assert bool(vrij.near) == weg
    dossier = record.record(vrij, {})
    assert [u["nabij_andere_definitie"] > 0 for u in dossier["uitvoer"]] == [False, weg]


def test_a_difference_in_one_group_hides_that_group_and_what_gives_it_away():
    een = delen(("a", 40, 100), ("b", 40, 100), ("c", 40, 100))
    twee = anders(delen(("a", 43, 100), ("b", 60, 100), ("c", 60, 100)))
    uit = getoond(release([een, twee], policy=BELEID).resultaten[1], "onderdrukt")
    # The whole differs by enough and may be shown; then one of the other groups goes with the first.
    assert uit["a"]
    assert uit["totaal"] or uit["b"] or uit["c"]


def test_three_definitions_are_compared_with_every_one_that_is_shown():
    basis = delen(("a", 100, 300))
    ver = anders(delen(("a", 150, 300)), _keuze("v"))
    dichtbij_ver = anders(delen(("a", 155, 300)), _keuze("w"))
    vrij = release([basis, ver, dichtbij_ver], policy=BELEID)
    assert [r.schattingen["onderdrukt"].all() for r in vrij.resultaten] == [False, False, True]


def test_steps_are_no_definitions_of_each_other():
    een = delen(("a", 100, 200))
    stappen = [
        replace(
            een,
            card=replace(kaart(Kind.AANDEEL), naast_elkaar="keuze"),
            params={"keuze": stap},
            schattingen=delen(("a", teller, 200)).schattingen,
        )
        for stap, teller in (("a", 100), ("b", 103))
    ]
    assert not any(r.schattingen["onderdrukt"].any() for r in release(stappen, policy=BELEID).resultaten)


def duur(n, teller, langer, mediaan, variant=GEWOON, risico=(300, 150)):
    maten = {
        "mediaan": Maat("Mediane duur", "dagen", Vorm.DAGEN),
        "langer_90": Maat("Langer dan 90 dagen", "aandeel", Vorm.AANDEEL),
        "gemiddelde_beeindigd": Maat("Gemiddelde", "dagen", Vorm.DAGEN),
    }
    schatting = {"mediaan": mediaan, "langer_90": langer / n, "gemiddelde_beeindigd": mediaan + 1 / teller}
    rijen = [
        rij("", "totaal", n, maat=m, schatting=s, teller=teller, noemer=n, gecensureerd=n - teller)
        for m, s in schatting.items()
    ]
    dagen = [punt("overleving", 0, 1.0, risico[0]), punt("overleving", 90, langer / n, risico[1])]
    return replace(resultaat(Kind.DUUR, rijen, reeksen=dagen, maten=maten), variant=variant)


def test_a_duration_with_a_few_more_households_keeps_its_median_and_loses_its_counts():
    een, twee = duur(300, 200, 150, 60), duur(303, 203, 175, 64, ANDERS, risico=(303, 190))
    vrij = release([een, twee], policy=BELEID).resultaten[1]
    tabel = vrij.schattingen.set_index("maat")
    assert tabel.loc["mediaan", "schatting"] == 64
    assert tabel[["n", "teller", "noemer", "gecensureerd"]].isna().all(axis=None)
    # From a mean or a share the number behind it can be worked out.
    assert tabel.loc[["langer_90", "gemiddelde_beeindigd"], "schatting"].isna().all()
    assert vrij.reeksen["onderdrukt"].all()


def test_a_share_on_a_curve_goes_with_its_day():
    een, twee = duur(300, 200, 150, 60), duur(300, 200, 154, 75, ANDERS, risico=(300, 190))
    vrij = release([een, twee], policy=BELEID).resultaten[1]
    tabel = vrij.schattingen.set_index("maat")
    assert tabel["onderdrukt"].to_dict() == {
        "mediaan": False,
        "langer_90": True,
        "gemiddelde_beeindigd": False,
    }
    assert vrij.reeksen.set_index("x")["onderdrukt"].to_dict() == {0.0: False, 90.0: True}


def test_an_estimate_that_moves_while_hardly_anybody_does_is_not_shown():
    een, twee = duur(300, 200, 150, 60), duur(300, 200, 150, 61, ANDERS, risico=(300, 153))
    tabel = release([een, twee], policy=BELEID).resultaten[1].schattingen.set_index("maat")
    assert tabel.loc["mediaan", "onderdrukt"]


def gemiddelde(klassen, variant=GEWOON, uit=0):
    n, som = sum(klassen.values()), sum(k * v for k, v in klassen.items())
    rijen = [rij("", "totaal", n, maat="gemiddelde", schatting=som / n, teller=som, noemer=n)]
    reeksen = [punt("verdeling", k, v / n, v, label=str(k)) for k, v in klassen.items()]
    weg = [uitsluiting("reden", uit)] if uit else []
    return replace(resultaat(Kind.AANTAL, rijen, reeksen=reeksen, uitsluitingen=weg), variant=variant)


@pytest.mark.parametrize(("verplaatst", "weg"), [(3, True), (30, False)])
def test_a_mean_is_shown_when_enough_households_certainly_moved(verplaatst, weg):
    een = gemiddelde({1: 100, 2: 100, 3: 100}, uit=40)
    # One household may bring many of what is counted: that the sum moved enough says nothing.
    twee = gemiddelde({1: 100 - verplaatst, 2: 100, 3: 100 + verplaatst}, ANDERS, uit=42)
    vrij = release([een, twee], policy=BELEID).resultaten[1]
    assert vrij.schattingen["onderdrukt"].all() == weg
    assert vrij.reeksen["onderdrukt"].any() == weg
    assert vrij.uitsluitingen["aantal"].isna().all()


def test_nothing_that_did_not_move_is_hidden():
    een, twee = gemiddelde({1: 100, 2: 100}), gemiddelde({1: 100, 2: 100}, ANDERS)
    vrij = release([een, twee], policy=BELEID)
    assert not vrij.near
    assert not any(r.schattingen["onderdrukt"].any() for r in vrij.resultaten)


def netwerk(n, banden, gedeeld, variant=GEWOON):
    rijen = [
        rij(
            "",
            "totaal",
            n,
            maat="professionals_per_huishouden",
            schatting=banden / n,
            teller=banden,
            noemer=n,
        ),
        rij("", "totaal", n, maat="professionals", schatting=80, teller=80),
        rij("", "totaal", n, maat="dichtheid", schatting=gedeeld / 3160, teller=gedeeld, noemer=3160),
    ]
    return replace(resultaat(Kind.NETWERK, rijen), variant=variant)


@pytest.mark.parametrize(
    ("ander", "weg"), [((300, 900, 700), False), ((300, 903, 700), True), ((303, 900, 700), True)]
)
def test_a_network_that_is_the_same_under_two_definitions_is_shown_twice(ander, weg):
    vrij = release([netwerk(300, 900, 700), netwerk(*ander, ANDERS)], policy=BELEID)
    assert not vrij.resultaten[0].schattingen["onderdrukt"].any()
    assert vrij.resultaten[1].schattingen["onderdrukt"].all() == weg


def test_a_later_report_with_another_definition_is_compared_too(tmp_path):
    eerste = release([delen(("a", 100, 200))], policy=BELEID)
    (tmp_path / ledger.FILE).write_text(json.dumps(eerste.grootboek), encoding="utf-8")
    eerder = (ledger.load(tmp_path),)
    dichtbij, ver = (anders(delen(("a", teller, 200))) for teller in (103, 150))
    assert release([dichtbij], policy=BELEID, earlier=eerder).resultaten[0].schattingen["onderdrukt"].all()
    assert not release([ver], policy=BELEID, earlier=eerder).resultaten[0].schattingen["onderdrukt"].any()


groepen = st.lists(
    st.tuples(st.integers(30, 60), st.integers(-15, 15)), min_size=2, max_size=5
)  # with, and how many more by the other definition


def _known(tabel: pd.DataFrame, noemer: int) -> dict[str, tuple[float, float]]:
    """Return between which bounds a reader knows the units with, from the groups and their whole."""
    met = {g: round(s * noemer) for g, s in getoond_deel(tabel).items() if g != "totaal"}
    dicht = [g for g in tabel["groep"] if g not in met and g != "totaal"]
    geheel = tabel.loc[tabel["groep"].eq("totaal")].iloc[0]
    uit = {g: (float(w), float(w)) for g, w in met.items()}
    if geheel["onderdrukt"]:
        vrij = noemer * len(dicht)
        uit["totaal"] = (sum(met.values()), sum(met.values()) + vrij)
        return uit | dict.fromkeys(dicht, (0.0, float(noemer)))
    alles = round(geheel["schatting"] * geheel["noemer"])
    uit["totaal"] = (float(alles), float(alles))
    rest = alles - sum(met.values())
    andere = noemer * (len(dicht) - 1)
    return uit | dict.fromkeys(dicht, (max(0.0, rest - andere), min(float(noemer), rest)))


def getoond_deel(tabel: pd.DataFrame) -> dict[str, float]:
    deel = tabel[~tabel["onderdrukt"]]
    return dict(zip(deel["groep"], deel["schatting"], strict=True))


@settings(max_examples=120, deadline=None)
@given(groepen)
def test_no_difference_of_a_few_can_be_worked_out(wereld):
    noemer = 100
    een = delen(*((f"g{i}", met, noemer) for i, (met, _) in enumerate(wereld)))
    twee = anders(delen(*((f"g{i}", met + erbij, noemer) for i, (met, erbij) in enumerate(wereld))))
    a, b = (r.schattingen for r in release([een, twee], policy=beleid(10)).resultaten)
    assert not a["onderdrukt"].any()
    waar = {f"g{i}": erbij for i, (_, erbij) in enumerate(wereld)}
    waar["totaal"] = sum(waar.values())
    weet = _known(b, noemer)
    for groep, verschil in waar.items():
        onder, boven = weet[groep]
        if 0 < abs(verschil) < 10:
            assert boven - onder >= 10, (groep, verschil)
    # What is shown is true.
    for groep, deel in getoond_deel(b).items():
        geheel = noemer * len(wereld) if groep == "totaal" else noemer
        echt = sum(m + e for m, e in wereld) if groep == "totaal" else sum(wereld[int(groep[1:])])
        assert deel == pytest.approx(echt / geheel, rel=1e-11)
