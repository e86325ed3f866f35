"""What a package lacks makes what needs it not applicable, with the reason, wherever it is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.data.package import DESCRIPTION, Package
from toekomstscenario_eval.data.parsing import typed
from toekomstscenario_eval.data.schema import REQUIRED_TABLES, load_schema
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.nodes import Tekst, all_nodes
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.networks import network_cards
from toekomstscenario_eval.making import multiverse, plan_file
from toekomstscenario_eval.making.conductor import Verslag
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.report.report import all_sections, section
from toekomstscenario_eval.report.site_report import site_blocks, site_names
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries.registry import all_indicators

OPTIONEEL = {
    naam: {v.naam for v in tabel.fields if not v.required} for naam, tabel in load_schema().tabellen.items()
}
WEG = [
    pytest.param(ind, tabel, kolom, id=f"{ind.id}: {tabel}{kolom and '.'}{kolom}")
    for ind in all_indicators().values()
    for tabel, kolommen in ind.card.tabellen.items()
    for kolom in ("", *sorted(OPTIONEEL[tabel] & set(kolommen)))
    if kolom or tabel not in REQUIRED_TABLES
]


@pytest.fixture(scope="module")
def pakket(tmp_path_factory) -> Path:
    return make_example(tmp_path_factory.mktemp("klein") / "pakket", huishoudens=80, seed=3)


@pytest.fixture(scope="module")
def studie(pakket) -> Study:
    return Study.open(pakket, intern=True)


@pytest.fixture(scope="module")
def kaal(tmp_path_factory, pakket) -> Path:
    """The least that a package may be: the tables that must be there, and in them what must be."""
    map_ = tmp_path_factory.mktemp("kaal")
    bron = json.loads((pakket / DESCRIPTION).read_text(encoding="utf-8"))
    bron["resources"] = [r for r in bron["resources"] if r["name"] in REQUIRED_TABLES]
    (map_ / DESCRIPTION).write_text(json.dumps(bron), encoding="utf-8")
    for r in bron["resources"]:
        tabel = pd.read_csv(pakket / r["path"], dtype="str", keep_default_na=False)
        tabel.drop(columns=list(OPTIONEEL[r["name"]])).to_csv(map_ / r["path"], index=False)
    return map_


def without(pakket: Package, tabel: str, kolom: str = "") -> Package:
    """Return the package as it is read when a table, or a column of it, was not delivered."""
    ruw = {n: t for n, t in pakket.raw.items() if n != tabel}
    tabellen = {n: t for n, t in pakket.tabellen.items() if n != tabel}
    if kolom:
        ruw[tabel] = pakket.raw[tabel].drop(kolom)
        tabellen[tabel] = typed(ruw[tabel], load_schema().tabellen[tabel])
    return replace(pakket, raw=ruw, tabellen=tabellen, memory={})


@pytest.mark.parametrize(("ind", "tabel", "kolom"), WEG)
def test_what_was_not_delivered_is_the_reason(ind, tabel, kolom, studie):
    zonder = Study(without(studie.pakket, tabel, kolom), (), load_policy())
    waarin = f"in de tabel {tabel} is niet geleverd: {kolom}"
    reden = waarin if kolom else f"de tabel {tabel} is niet geleverd"
    uit = [zonder.bereken(ind.id, per="proeftuin"), zonder.toets(ind.id)]
    uit += multiverse.run(zonder, ind.id, multiverse.one_at_a_time(zonder, ind.id))
    assert {r.reden_nvt for r in uit} == {reden}
    assert all(r.schattingen.empty for r in uit)
    assert [r.reden_nvt for r in zonder.bundel(uit[0]).resultaten] == [reden]


def test_a_code_in_what_was_not_delivered_is_a_reason_too(studie):
    """Also of a table that is named for its codes alone."""
    codes = {("contact", "vorm"): ("telefoon",)}
    zonder = without(studie.pakket, "contact", "vorm")
    assert zonder.ontbreekt({}, codes) == "in de tabel contact is niet geleverd: vorm"
    assert without(zonder, "contact").ontbreekt({}, codes) == "de tabel contact is niet geleverd"


@pytest.mark.parametrize("tabel", sorted(set(network_cards.OVERLEG.tabellen) - set(REQUIRED_TABLES)))
def test_networks_without_a_table(tabel, studie):
    zonder = Study(without(studie.pakket, tabel), (), load_policy())
    reden = f"de tabel {tabel} is niet geleverd"
    assert zonder.netwerkstructuur(band="overleg").reden_nvt == reden
    with pytest.raises(GebruikFout) as fout:
        zonder.netwerk(band="overleg")
    assert fout.value.kreeg == reden
    if tabel in network_cards.NETWERK.tabellen:
        alles = [*zonder.netwerkanalyse(), *zonder.netwerkanalyse(periode="jaar"), zonder.netwerkstructuur()]
        assert {r.reden_nvt for r in alles} == {reden}


def test_networks_without_the_day_of_the_start(studie):
    zonder = Study(without(studie.pakket, "proeftuin", "start_datum"), (), load_policy())
    vergelijking = zonder.netwerkanalyse()[1].schattingen.set_index("maat")
    for maat in ("verschil_na_voor", "p_na_voor"):
        assert pd.isna(vergelijking.loc[maat, "schatting"])
        reden = "niet berekend: in de tabel proeftuin is niet geleverd: start_datum"
        assert vergelijking.loc[maat, "methode"] == reden


def test_a_bare_package_has_a_reason_for_everything(kaal):
    studie = Study.open(kaal, intern=True)
    uit = [studie.bereken(naam, per=("proeftuin", "gezinsprofiel")) for naam in all_indicators()]
    uit += [*studie.netwerkanalyse(), studie.netwerkstructuur(), studie.netwerkstructuur(band="overleg")]
    assert all("niet geleverd" in r.reden_nvt for r in uit)
    assert len(studie.bundel(*uit[: len(all_indicators())]).resultaten) == len(all_indicators())


def test_counts_of_who_is_seen_say_what_they_cannot_tell(kaal):
    """Nobody of a profile that was not registered is no zero."""
    studie = Study.open(kaal, intern=True)
    vrijgave = studie.bundel(*studie.feiten())
    redenen = {r.indicator: r.reden_nvt for r in vrijgave.resultaten if r.reden_nvt}
    geen_soort = "de tabel betrokkenheid is niet geleverd; de tabel organisatie is niet geleverd"
    assert redenen == {
        "huishoudens_per_gezinsprofiel": "in de tabel huishouden is niet geleverd: gezinsprofiel",
        "huishoudens_per_soort_organisatie": geen_soort,
    }
    regels = plan_file.skeleton(studie.pakket, vrijgave).splitlines()
    assert f"# Soorten organisaties met 0 of enkele huishoudens: niet bekend, want {geen_soort}" in regels


def test_a_bare_package_has_a_report(kaal):
    verslag = Verslag.open(kaal)
    for naam in all_sections():
        assert section(verslag.rapport, naam)
    blokken = section(verslag.rapport, "wie_niet")
    tekst = " ".join(k.tekst for k in all_nodes(blokken) if isinstance(k, Tekst))
    assert "Huishoudens per gezinsprofiel: niet van toepassing, want in de tabel huishouden" in tekst
    assert "nauwelijks gezien: " not in tekst
    assert "is iets gezien" not in tekst
    namen = site_names(verslag.rapport)
    assert len(namen) == len(pd.read_csv(kaal / "proeftuin.csv"))
    assert site_blocks(verslag.rapport, namen[0])
