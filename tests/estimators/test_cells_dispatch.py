"""From a public summary to the long tables: the same tables as from an exact one, place by place."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.estimators.cells_world import NOISE, counts, durations, households_with, visits
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import PUBLIC_MODULES, estimate
from toekomstscenario_eval.long_tables import REEKS, SCHATTING
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import NIET, TOON, Kind, Maat, Vorm

SCENES = {
    Kind.AANDEEL: households_with,
    Kind.AANTAL: counts,
    Kind.DUUR: durations,
    Kind.HERHAALD: visits,
}
MATEN = {
    Kind.AANDEEL: ("aandeel",),
    Kind.AANTAL: ("gemiddelde", "per_blootstelling", "mediaan", "p90", "overspreiding"),
    Kind.DUUR: ("mediaan", "langer_365", "gemiddelde_beperkt", "incidentie_1_365"),
    Kind.HERHAALD: ("mcf_365", "per_jaar"),
}
TOO_SMALL = "minder dan 30 huishoudens"


def card(kind):
    some = next(wat.card for wat in registry.all_indicators().values() if wat.card.kind is kind)
    return replace(some, maten={m: Maat(m, "x", Vorm.GETAL) for m in MATEN[kind]}, horizon=365)


def summary(kind, *places, n=150):
    """Return a public summary; of a place with a reason there are no cells."""
    cells, rows = [pd.DataFrame(columns=list(CELLEN))], []
    for i, (groep, number, reden) in enumerate(places):
        sample = SCENES[kind](np.random.default_rng(i), n)
        own, drawn = sample.world.published(i)
        if not reden:
            cells.append(own.assign(groep=groep, periode=""))
        rows.append((groep, "", number or drawn, "2026-01-01", sample.kap, False, reden))
    cellen = pd.concat([c for c in cells if len(c)], ignore_index=True) if len(cells) > 1 else cells[0]
    return PublicSummary(kind, cellen, pd.DataFrame(rows, columns=list(PLEKKEN)), NOISE)


@pytest.mark.parametrize("kind", SCENES, ids=lambda k: k.value)
def test_every_place_has_its_rows(kind):
    public = summary(kind, ("Twente", None, ""), ("Klein", 24, TOO_SMALL), ("Onbekend", math.nan, TOO_SMALL))
    schattingen, reeksen = estimate(public, card(kind), {}, uitsplitsing="proeftuin")
    assert tuple(schattingen.columns) == SCHATTING
    assert tuple(reeksen.columns) == REEKS
    assert schattingen["groep"].tolist() == [
        groep for groep in ("Twente", "Klein", "Onbekend") for _ in MATEN[kind]
    ]
    assert set(schattingen["uitsplitsing"]) == {"proeftuin"}
    assert {str(schattingen[k].dtype) for k in ("n", "gecensureerd")} == {"int64"}
    assert {str(schattingen[k].dtype) for k in ("schatting", "teller", "noemer")} == {"float64"}
    shown = schattingen[schattingen["groep"] == "Twente"]
    assert set(shown["weergave"]) == {TOON}
    assert shown["schatting"].notna().all()
    assert shown["methode"].str.startswith("uit beschermde tellingen: ").all()
    for groep, n in (("Klein", 24), ("Onbekend", 0)):
        rest = schattingen[schattingen["groep"] == groep]
        assert set(zip(rest["weergave"], rest["methode"], rest["n"], strict=True)) == {(NIET, TOO_SMALL, n)}
        assert rest[["schatting", "ondergrens", "bovengrens", "teller", "noemer"]].isna().all(axis=None)
    assert set(reeksen["groep"]) <= {"Twente"}
    assert reeksen.empty == (kind is Kind.AANDEEL)


def test_an_interval_of_the_kind_can_be_chosen():
    public = summary(Kind.AANDEEL, ("Twente", None, ""))
    found = {
        interval: estimate(public, card(Kind.AANDEEL), {}, uitsplitsing="", interval=interval)[0].iloc[0]
        for interval in ("wilson", "clopper-pearson")
    }
    assert found["clopper-pearson"]["ondergrens"] < found["wilson"]["ondergrens"]
    with pytest.raises(GebruikFout, match="het interval 'robuust' bestaat niet"):
        estimate(public, card(Kind.AANDEEL), {}, uitsplitsing="", interval="robuust")


def test_a_place_without_cells_says_so():
    public = summary(Kind.AANDEEL, ("Leeg", 3, TOO_SMALL))
    public = replace(public, plekken=public.plekken.assign(reden=""))
    row = estimate(public, card(Kind.AANDEEL), {}, uitsplitsing="")[0].iloc[0]
    assert (row["weergave"], row["methode"]) == (NIET, "niet te schatten: geen eenheden in de noemer")


def test_cells_of_a_place_that_publishes_nothing_are_refused():
    public = summary(Kind.AANDEEL, ("Twente", None, ""))
    public = replace(public, plekken=public.plekken.assign(reden=TOO_SMALL))
    with pytest.raises(GebruikFout, match="groepen die niet bij de groepen staan"):
        estimate(public, card(Kind.AANDEEL), {}, uitsplitsing="")


def test_another_kind_than_the_card_is_refused():
    with pytest.raises(GebruikFout, match="van een andere soort"):
        estimate(summary(Kind.AANDEEL, ("Twente", None, "")), card(Kind.DUUR), {}, uitsplitsing="")


@pytest.mark.parametrize("kind", [k for k, m in PUBLIC_MODULES.items() if m is None], ids=lambda k: k.value)
def test_a_kind_without_public_estimator_is_refused(kind):
    empty = replace(summary(Kind.AANDEEL, ("Twente", None, "")), kind=kind)
    what = "uit beschermde tellingen"
    with pytest.raises(GebruikFout, match=f"de soort {kind.value} heeft geen schatter {what}") as fout:
        estimate(empty, replace(card(Kind.AANDEEL), kind=kind), {}, uitsplitsing="")
    assert "aandeel, aantal, duur, herhaald" in str(fout.value)
