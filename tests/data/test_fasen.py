"""Before and from the start of the own proeftuin, on cases to work out by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.summaries import phases, registry
from toekomstscenario_eval.types import Venster, Vraag

JAAR = Venster(date(2024, 1, 1), date(2025, 1, 1))
KLEIN = {
    "huishouden": "huishouden_id,proeftuin_id,begin,eind,reden_einde,gezinsprofiel\n"
    "door,p1,2024-01-01,,,\nna,p1,2024-09-01,,,\nerna,p2,2024-02-01,,,\nnaast,v,2024-01-01,,,\n",
    "proeftuin": "proeftuin_id,naam,soort,regio,tranche,start_datum\n"
    "p1,Een,proeftuin,r,1,2024-07-01\np2,Twee,proeftuin,r,1,\nv,Naast,vergelijking,r,,\n",
}


def rijen(pakket, indicator, fase):
    wat = registry.find(indicator)
    vraag = Vraag(JAAR, JAAR.eind, registry.fill_params(wat, {}))
    return phases.unit_rows(pakket, wat, vraag, fase).execute()


DUOS = {
    "organisatie": "organisatie_id,soort\nlt,lokaal_team\nrvt,regionaal_veiligheidsteam\n",
    "betrokkenheid": "huishouden_id,professional_id,organisatie_id,begin,eind\n"
    + "".join(f"{h},a,lt,2024-01-01,\n{h},b,rvt,2024-05-01,2024-10-01\n" for h in ("door", "naast")),
}


@pytest.fixture
def drie(pakket):
    return pakket({**KLEIN, **DUOS})


def test_a_duration_across_the_start_counts_before_it_and_enters_late_after_it(drie):
    voor = rijen(drie, "duo_duur", "voor")
    door = voor[voor["huishouden_id"].eq("door")].iloc[0]
    # From 1 May to the start on 1 July: 61 days, and not ended.
    assert (door["instroom"], door["duur"], door["einde"]) == (0, 61, 0)
    vanaf = rijen(drie, "duo_duur", "vanaf")
    door = vanaf[vanaf["huishouden_id"].eq("door")].iloc[0]
    # Seen from day 61 on, ended on day 153 (1 October).
    assert (door["instroom"], door["duur"], door["einde"]) == (61, 153, 1)
    naast = vanaf[vanaf["huishouden_id"].eq("naast")].iloc[0]
    assert (naast["instroom"], naast["duur"], naast["einde"]) == (0, 153, 1)


def test_a_proeftuin_without_a_start_is_in_no_phase_and_is_counted(drie):
    for fase in ("voor", "vanaf"):
        r = rijen(drie, "aandeel_duo", fase).set_index("huishouden_id")["uitsluiting"]
        assert r["erna"] == phases.NO_START
        assert pd.isna(r["door"])
        assert pd.isna(r["naast"])
    assert rijen(drie, "aandeel_duo", "voor").set_index("huishouden_id")["uitsluiting"]["na"]


@pytest.mark.parametrize(("start", "fase"), [("2024-01-01", "voor"), ("2025-01-01", "vanaf")])
def test_a_site_without_a_day_in_the_phase_counts_nobody_and_says_so(pakket, start, fase):
    bron = pakket({**KLEIN, **DUOS, "proeftuin": KLEIN["proeftuin"].replace("2024-07-01", start)})
    r = rijen(bron, "aandeel_duo", fase)
    assert set(r.loc[r["huishouden_id"].isin(["door", "na"]), "uitsluiting"]) == {phases.NO_DAY[fase]}


def test_without_start_dates_there_are_no_phases(pakket):
    bron = "proeftuin_id,naam,soort\np1,Een,proeftuin\np2,Twee,proeftuin\nv,Naast,vergelijking\n"
    with pytest.raises(GebruikFout, match="niet te onderscheiden"):
        phases.require(pakket({**KLEIN, "proeftuin": bron}), "vanaf")
