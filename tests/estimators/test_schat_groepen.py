"""From a summary with groups to the long tables."""

import math

import pandas as pd
import pytest

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import estimate
from toekomstscenario_eval.long_tables import REEKS, SCHATTING
from toekomstscenario_eval.types import Card, Kind, Maat, Summary, Vorm

AANDEEL = ["som_t", "som_n", "som_tt", "som_nn", "som_tn"]


def kaart(kind, maten, *, horizon=365):
    tekst = dict.fromkeys(
        ("label", "versie", "vraag", "populatie", "teller", "noemer", "eenheid", "venster"), ""
    )
    rest = dict.fromkeys(("censurering", "uitsluitingen", "lezen"), "")
    return Card(kind=kind, bronnen=(), tabellen={}, maten=maten, horizon=horizon, **tekst, **rest)


def groepen(*namen, huishoudens=20, periode=""):
    return pd.DataFrame(
        [(naam, periode, huishoudens) for naam in namen], columns=["groep", "periode", "huishoudens"]
    )


def aandelen(*rijen):
    return pd.DataFrame(rijen, columns=["groep", "periode", *AANDEEL])


KAART = kaart(Kind.AANDEEL, {"aandeel": Maat("Aandeel", "aandeel", Vorm.AANDEEL)})
FOODVALLEY, TWENTE = ("FoodValley", "", 4, 20, 4, 20, 4), ("Twente", "", 9, 20, 9, 20, 9)


def test_columns_types_and_group_columns():
    summary = Summary(Kind.AANDEEL, aandelen(FOODVALLEY, TWENTE), groepen("Twente", "FoodValley"))
    schattingen, reeksen = estimate(summary, KAART, {}, uitsplitsing="proeftuin")
    assert tuple(schattingen.columns) == SCHATTING
    assert tuple(reeksen.columns) == REEKS
    assert reeksen.empty
    assert schattingen[["maat", "uitsplitsing", "groep", "periode", "n", "teller"]].values.tolist() == [
        ["aandeel", "proeftuin", "Twente", "", 20, 9],
        ["aandeel", "proeftuin", "FoodValley", "", 20, 4],
    ]
    getal = ("schatting", "ondergrens", "bovengrens", "teller", "noemer")
    assert {str(schattingen[k].dtype) for k in getal} == {"float64"}
    assert {str(schattingen[k].dtype) for k in ("n", "gecensureerd")} == {"int64"}
    assert {str(reeksen[k].dtype) for k in ("x", "waarde", "ondergrens", "bovengrens")} == {"float64"}


def test_group_without_data_still_has_its_rows():
    summary = Summary(Kind.AANDEEL, aandelen(TWENTE), groepen("Twente", "Leeg"))
    schattingen, _ = estimate(summary, KAART, {}, uitsplitsing="proeftuin")
    leeg = schattingen[schattingen["groep"] == "Leeg"].iloc[0]
    assert math.isnan(leeg["schatting"])
    assert (leeg["n"], leeg["teller"], leeg["noemer"]) == (20, 0, 0)
    assert leeg["methode"] == "niet te schatten: geen eenheden in de noemer"


def test_without_any_data_every_group_has_rows():
    summary = Summary(Kind.AANDEEL, aandelen(), groepen("a", "b", huishoudens=0))
    schattingen, _ = estimate(summary, KAART, {}, uitsplitsing="")
    assert schattingen["groep"].tolist() == ["a", "b"]
    assert schattingen["schatting"].isna().all()


def test_without_groups_the_tables_are_empty_but_whole():
    schattingen, reeksen = estimate(Summary(Kind.AANDEEL, aandelen(), groepen()), KAART, {}, uitsplitsing="")
    assert (tuple(schattingen.columns), tuple(reeksen.columns)) == (SCHATTING, REEKS)
    assert schattingen.empty
    assert reeksen.empty


def test_adding_groups_changes_no_other_group():
    een, _ = estimate(Summary(Kind.AANDEEL, aandelen(TWENTE), groepen("Twente")), KAART, {}, uitsplitsing="p")
    twee, _ = estimate(
        Summary(Kind.AANDEEL, aandelen(FOODVALLEY, TWENTE), groepen("FoodValley", "Twente")),
        KAART,
        {},
        uitsplitsing="p",
    )
    pd.testing.assert_frame_equal(een, twee[twee["groep"] == "Twente"].reset_index(drop=True))


def test_periods_are_groups_of_their_own():
    rijen = aandelen(("t", "2023", 4, 20, 4, 20, 4), ("t", "2024", 9, 20, 9, 20, 9))
    alle = pd.concat([groepen("t", periode="2023"), groepen("t", periode="2024")])
    schattingen, _ = estimate(Summary(Kind.AANDEEL, rijen, alle), KAART, {}, uitsplitsing="")
    assert schattingen[["periode", "schatting"]].values.tolist() == [["2023", 0.2], ["2024", 0.45]]


def test_missing_group_name_is_matched():
    summary = Summary(Kind.AANDEEL, aandelen((None, "", 4, 20, 4, 20, 4)), groepen(None, huishoudens=20))
    schattingen, _ = estimate(summary, KAART, {}, uitsplitsing="")
    assert schattingen["schatting"].tolist() == [0.2]


def test_counts_and_durations_give_series_per_group():
    gegevens = pd.DataFrame(
        [("a", "", 0, -1, 9), ("a", "", 40, 1, 9), ("b", "", 0, -1, 3), ("b", "", 80, 0, 3)],
        columns=["groep", "periode", "dag", "soort", "n"],
    )
    card = kaart(Kind.DUUR, {"mediaan": Maat("Mediaan", "dagen", Vorm.DAGEN)}, horizon=60)
    _, reeksen = estimate(Summary(Kind.DUUR, gegevens, groepen("a", "b")), card, {}, uitsplitsing="p")
    assert reeksen[["groep", "x", "waarde", "n"]].values.tolist() == [
        ["a", 0, 1, 9],
        ["a", 30, 1, 9],
        ["a", 60, 0, 0],
        ["b", 0, 1, 3],
        ["b", 30, 1, 3],
        ["b", 60, 1, 3],
    ]
    gegevens = pd.DataFrame(
        [("a", "", 2, 5, 50, 500)], columns=["groep", "periode", "aantal", "n", "som_b", "som_bb"]
    )
    card = kaart(Kind.AANTAL, {"gemiddelde": Maat("Gemiddelde", "professionals", Vorm.GETAL)})
    schattingen, _ = estimate(Summary(Kind.AANTAL, gegevens, groepen("a")), card, {}, uitsplitsing="")
    assert schattingen["schatting"].tolist() == [2]


def test_only_the_estimands_of_these_parameters():
    maten = {
        "mediaan": Maat("", "", Vorm.GETAL, {"telling": ("een",)}),
        "p90": Maat("", "", Vorm.GETAL, {"telling": ("twee",)}),
    }
    gegevens = pd.DataFrame(
        [("a", "", 2, 5, 50, 500)], columns=["groep", "periode", "aantal", "n", "som_b", "som_bb"]
    )
    summary = Summary(Kind.AANTAL, gegevens, groepen("a"))
    schattingen, _ = estimate(summary, kaart(Kind.AANTAL, maten), {"telling": "twee"}, uitsplitsing="")
    assert schattingen["maat"].tolist() == ["p90"]


def test_a_kind_without_an_estimator_is_refused():
    with pytest.raises(GebruikFout) as fout:
        estimate(
            Summary(Kind.TELLING, aandelen(), groepen("a")), kaart(Kind.TELLING, {}), {}, uitsplitsing=""
        )
    assert str(fout.value) == (
        "Opdracht niet begrepen: de soort telling heeft geen schatter per groep\n"
        "  Verwacht: een samenvatting van de soort aandeel, aantal, duur, herhaald, score, matrix, netwerk, "
        "kenmerk\n"
        "  Kreeg: telling\n"
        "  Herstel: een telling wordt niet geschat"
    )


def test_card_of_another_kind_is_refused():
    with pytest.raises(GebruikFout, match="zijn van een andere soort"):
        estimate(Summary(Kind.DUUR, aandelen(), groepen("a")), KAART, {}, uitsplitsing="")


def test_data_of_an_unknown_group_are_refused():
    summary = Summary(Kind.AANDEEL, aandelen(FOODVALLEY, TWENTE), groepen("Twente"))
    with pytest.raises(GebruikFout) as fout:
        estimate(summary, KAART, {}, uitsplitsing="")
    assert str(fout.value) == (
        "Opdracht niet begrepen: de samenvatting bevat gegevens van groepen die niet bij de groepen staan\n"
        "  Waar: kolommen groep en periode van de samenvatting\n"
        "  Kreeg: 1 groep(en) te veel"
    )


def test_a_group_that_is_listed_twice_is_refused():
    summary = Summary(Kind.AANDEEL, aandelen(TWENTE), groepen("Twente", "Twente"))
    with pytest.raises(GebruikFout, match="een groep staat er meer dan één keer in"):
        estimate(summary, KAART, {}, uitsplitsing="")
