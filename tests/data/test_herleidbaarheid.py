"""k-anonymity and l-diversity against a count in plain Python, on the example package."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.traceability import anonymity
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.types import Status


@pytest.fixture(scope="module")
def pakket(voorbeeldpakket):
    return open_package(voorbeeldpakket)


def rijen(pakket, tabel):
    return pakket.tabellen[tabel].to_pyarrow().to_pylist()


@pytest.mark.parametrize("k", [1, 5, 40])
def test_households_in_small_groups(pakket, k):
    groepen = Counter((r["proeftuin_id"], r["gezinsprofiel"]) for r in rijen(pakket, "huishouden"))
    (bevinding,) = anonymity(pakket, ["proeftuin_id", "gezinsprofiel"], k=k)
    verwacht = sum(n for n in groepen.values() if n < k)
    assert bevinding.aantal == verwacht
    assert bevinding.status is (Status.GEFAALD if verwacht else Status.GESLAAGD)
    assert bevinding.tabel == "huishouden"


def test_persons_take_along_what_is_of_their_household(pakket):
    thuis = {r["huishouden_id"]: r["proeftuin_id"] for r in rijen(pakket, "huishouden")}
    groepen = Counter(
        (thuis[r["huishouden_id"]], r["geboortejaar"], r["geslacht"]) for r in rijen(pakket, "persoon")
    )
    (bevinding,) = anonymity(pakket, ["proeftuin_id", "geboortejaar", "geslacht"], k=5)
    assert bevinding.aantal == sum(n for n in groepen.values() if n < 5) > 0
    assert bevinding.tabel == "persoon"


def test_date_counts_as_its_year_and_sensitive_value_must_differ(pakket):
    groepen = defaultdict(list)
    for r in rijen(pakket, "huishouden"):
        groepen[r["begin"].year, r["gezinsprofiel"]].append(r["reden_einde"])
    k, soorten = 5, 4
    _, bevinding = anonymity(pakket, ["begin", "gezinsprofiel"], sensitive="reden_einde", k=k, l_min=soorten)
    eenvormig = [g for g in groepen.values() if len(g) >= k and len(set(g)) < soorten]
    assert bevinding.regel == "l_diversiteit"
    assert bevinding.aantal == sum(map(len, eenvormig))


@pytest.mark.parametrize("veld", ["huishouden_id", "persoon_id", "gezinsprofil"])
def test_keys_and_unknown_fields_are_refused(pakket, veld):
    with pytest.raises(GebruikFout, match="kan niet worden gebruikt"):
        anonymity(pakket, [veld])


@pytest.mark.parametrize(("quasi", "k"), [([], 5), (["gezinsprofiel"], 0)])
def test_incomplete_question_is_refused(pakket, quasi, k):
    with pytest.raises(GebruikFout, match="niet volledig"):
        anonymity(pakket, quasi, k=k)
