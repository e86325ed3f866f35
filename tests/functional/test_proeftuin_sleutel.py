"""A proeftuin is counted by its key, and known by its name: other keys change nothing, one name stops."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.protection.test_lege_plek import BELEID, GEHEIM, plekken, toon
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.errors import ControleFout
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.protection.waist import Waist
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import breakdowns
from toekomstscenario_eval.types import SITE


def herschrijf(pad: Path, verander) -> None:
    with pad.open(encoding="utf-8", newline="") as bestand:
        lezer = csv.DictReader(bestand)
        kop, rijen = list(lezer.fieldnames), list(lezer)
    with pad.open("w", encoding="utf-8", newline="") as bestand:
        schrijver = csv.DictWriter(bestand, kop)
        schrijver.writeheader()
        schrijver.writerows(verander(i, rij) for i, rij in enumerate(rijen))


@pytest.fixture(scope="module")
def pakket(tmp_path_factory) -> Path:
    return make_example(tmp_path_factory.mktemp("sleutel") / "p", huishoudens=60, seed=4)


def test_other_keys_of_sites_change_no_number(pakket, tmp_path):
    ander = make_example(tmp_path / "p", huishoudens=60, seed=4)
    for naam in ("proeftuin", "huishouden"):
        herschrijf(
            ander / f"{naam}.csv", lambda _, rij: {**rij, "proeftuin_id": f"x{rij['proeftuin_id'][::-1]}"}
        )
    een, twee = (
        Study.of(open_package(map_), (), BELEID, intern=True).computed("aandeel_duo", (SITE,))
        for map_ in (pakket, ander)
    )
    pd.testing.assert_frame_equal(een.schattingen, twee.schattingen)
    assert een.schattingen["groep"].nunique() > 10


@pytest.mark.parametrize("naam", ["Brinkerade", " brinkerade", "BRINKERADE "])
def test_households_of_two_keys_with_one_name_are_never_counted_together(tmp_path, naam):
    """Also where nobody looked at the checks: a study of a package that was opened without them."""
    ander = make_example(tmp_path / "p", huishoudens=60, seed=4)
    herschrijf(
        ander / "proeftuin.csv",
        lambda i, rij: {**rij, "naam": naam if i == 3 else "Brinkerade" if i == 0 else rij["naam"]},
    )
    with pytest.raises(ControleFout, match="twee proeftuinen hebben dezelfde naam"):
        breakdowns.groups(open_package(ander), SITE)


def test_a_site_in_other_capitals_is_no_new_place_to_draw():
    boek = Register.memory("0" * 16, BELEID.ruis, BELEID.epoche)
    toon(boek, 60, "p1")
    wie = plekken(60).replace({"groep": {"Noord": "noord "}})
    with pytest.raises(ControleFout, match="anders geschreven dan in eerdere vrijgaven") as fout:
        Waist.make(
            *(GEHEIM, BELEID, boek.snapshot),
            **{"epoch": date(2027, 1, 1), "package": "p2", "places": wie, "events": lambda _: {}},
        )
    assert (fout.value.verwacht, fout.value.kreeg) == ("Noord", "noord ")
    # Written as before it is the same place, and another name is another.
    for groep in ("Noord", "Zuid"):
        ander = plekken(60).replace({"groep": {"Noord": groep}})
        Waist.make(
            *(GEHEIM, BELEID, boek.snapshot),
            **{"epoch": date(2027, 1, 1), "package": "p2", "places": ander, "events": lambda _: {}},
        )
