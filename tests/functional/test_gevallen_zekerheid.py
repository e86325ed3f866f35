"""Small packages once seen to say more than they know: few regions that lie close together."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.data.conftest import write_package
from toekomstscenario_eval.blocks.sites import combine_sites
from toekomstscenario_eval.designs._regions import by_region
from toekomstscenario_eval.estimators.group_tests import toets
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries.registry import fill_params, find
from toekomstscenario_eval.types import SITE_KIND

PER = ("proeftuin", SITE_KIND)
VENSTER = {"peildatum": "2025-01-01", "waarneemvenster": {"begin": "2024-01-01", "eind": "2025-01-01"}}
ORGANISATIE = "organisatie_id | soort\nlt | lokaal_team\nrvt | regionaal_veiligheidsteam"


@pytest.fixture(scope="module")
def gelijke_regios(tmp_path_factory) -> Study:
    """Four sites of each kind with 100 households, in 40 of which a duo."""
    proeftuin = ["proeftuin_id | naam | soort"]
    huishouden = ["huishouden_id | proeftuin_id | begin | eind"]
    betrokken = ["betrokkenheid_id | huishouden_id | professional_id | organisatie_id | rol | begin | eind"]
    for pt, soort in enumerate(["proeftuin"] * 4 + ["vergelijking"] * 4):
        proeftuin.append(f"pt{pt} | Plaats {pt} | {soort}")
        for i in range(100):
            h = f"h{pt}-{i}"
            huishouden.append(f"{h} | pt{pt} | 2024-01-01 |")
            betrokken.append(f"b{pt}-{i}-1 | {h} | a | lt | lid | 2024-01-01 |")
            if i < 40:
                betrokken.append(f"b{pt}-{i}-2 | {h} | b | rvt | lid | 2024-02-01 | 2024-05-01")
    tabellen = {
        "proeftuin": "\n".join(proeftuin),
        "huishouden": "\n".join(huishouden),
        "organisatie": ORGANISATIE,
        "professional": "professional_id\na\nb",
        "betrokkenheid": "\n".join(betrokken),
    }
    map_ = write_package(tmp_path_factory.mktemp("gelijk") / "pakket", tabellen, **VENSTER)
    return Study.open(map_, intern=True)


def test_a_next_region_is_not_expected_to_be_exactly_the_same(gelijke_regios):
    """Of a kind four sites of 40%: the common effect says 35 to 45%, t with 3 degrees of freedom more."""
    r = gelijke_regios.bereken("aandeel_duo", per=PER)
    sites = combine_sites(gelijke_regios.bundel(r), r.sleutel)
    half = 3.182446 * math.sqrt((1 / 40 + 1 / 60) / 4)
    expected = [1 / (1 + math.exp(-math.log(40 / 60) - s * half)) for s in (-1, 1)]
    assert sites.gemiddelde == pytest.approx(0.4)
    # The size of a site follows from its Wilson interval: exact for a household that counts once.
    assert sites.predict == pytest.approx(expected, rel=1e-6)
    assert (sites.tabel["krimp_onder"] < 0.38).all()
    assert (sites.tabel["krimp_boven"] > 0.42).all()


def test_four_regions_as_first_seen(gelijke_regios):
    """Only the proeftuinen: 32 to 48%, where once 40.0 to 40.0% was printed."""
    r = gelijke_regios.bereken("aandeel_duo", per="proeftuin")
    vier = r.schattingen[~r.schattingen["groep"].str.contains("[4-7]$")]
    deel = replace(r, schattingen=vier)
    sites = combine_sites(gelijke_regios.bundel(deel), deel.sleutel)
    assert len(sites.tabel) == 4
    assert sites.predict == pytest.approx((0.325, 0.480), abs=5e-4)


def test_regions_as_units_do_not_differ_by_exactly_nothing(gelijke_regios):
    """Elsewhere: a difference over regions that are alike has an interval, where it had none."""
    bundel = gelijke_regios.bundel(gelijke_regios.bereken("aandeel_duo", per=PER))
    found = by_region(bundel.resultaten[0], per=SITE_KIND, a="proeftuin", b="vergelijking")
    ((_, v, sources),) = found
    assert len(sources) == 8
    assert v.schatting == pytest.approx(0)
    # All 70 assignments are alike: the interval is that of the regions' own errors.
    half = 1.959964 * math.sqrt(2 * 0.24 / 100 / 4)
    assert (v.ondergrens, v.bovengrens) == pytest.approx((-half, half), rel=0.03)
    assert (v.p, v.by_own) == (1, True)


def test_a_ratio_over_regions_that_are_alike_is_no_surer_than_its_spells():
    """Elsewhere again: six regions with the very same spells leave a robust error of nothing."""
    dagen = np.arange(10, 200, 10)
    pieces = []
    for i in range(6):
        groep = "ab"[i % 2]
        longer = 1 if groep == "a" else 2
        ended = pd.DataFrame({"dag": dagen * longer, "soort": 1, "n": 2})
        entered = pd.DataFrame({"dag": [0], "soort": [-1], "n": [2 * len(dagen)]})
        pieces.append(pd.concat([ended, entered]).assign(groep=groep, cluster=f"r{i}"))
    data = pd.concat(pieces, ignore_index=True)
    wat = find("duo_duur")

    def cox_row(rows: pd.DataFrame) -> pd.Series:
        tabel = toets(rows, wat.card, fill_params(wat, {}), naar=SITE_KIND)
        return tabel.set_index("toets").loc["verhouding van de kans op een einde (Cox)"]

    by_region, alone = cox_row(data), cox_row(data.drop(columns="cluster"))
    widths = [math.log(r["bovengrens"] / r["ondergrens"]) for r in (by_region, alone)]
    assert by_region["df"] == 4
    assert by_region["schatting"] == pytest.approx(alone["schatting"])
    assert widths[0] == pytest.approx(widths[1] * 2.776445 / 1.959964, rel=1e-5)
