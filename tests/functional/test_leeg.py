"""A column that was delivered and holds nothing says nothing: not 'no', and not zero."""

from __future__ import annotations

import pandas as pd
import pytest
from openbaar_verslag import eigen_pakket

from toekomstscenario_eval.data import filled
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.estimators.networks import network_cards
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries.registry import all_indicators
from toekomstscenario_eval.tie_names import (
    NO_DOMAINS,
    NO_FACE,
    NO_KINDS,
    OF_DOMAINS,
    OF_FACE,
    OF_KINDS,
    ONE_DOMAIN,
    ONE_KIND,
)

# Column -> indicators that need it; see also the test that no other column is needed.
LEEG = {
    ("persoon", "geboortejaar"): ("aandeel_ots", "cumulatieve_incidentie_ots", "instroom_ots"),
    ("maatregel", "reden_einde"): ("duur_ots", "herhaald_beroep"),
    ("overleg", "gezin_aanwezig"): ("gezin_aan_tafel",),
    ("contact", "vorm"): ("contactfrequentie", "tijdigheid_eerste_gesprek"),
    ("organisatie", "domein"): ("professionals_naar_domein",),
}


def leeg(pakket, tabel, kolom, waarde=""):
    """Empty a column in the files of a package, or give it one value."""
    pad = pakket / f"{tabel}.csv"
    rijen = pd.read_csv(pad, dtype=str, keep_default_na=False)
    rijen[kolom] = waarde
    rijen.to_csv(pad, index=False)


@pytest.fixture(scope="module")
def binnen(tmp_path_factory):
    map_ = make_example(tmp_path_factory.mktemp("leeg") / "pakket", huishoudens=120, seed=3)
    for tabel, kolom in LEEG:
        leeg(map_, tabel, kolom)
    return Study.open(map_, intern=True)


def test_these_are_all_columns_that_can_be_empty_everywhere():
    nodig = {spot for wat in all_indicators().values() for spot in filled.asked(wat.card.tabellen)}
    assert nodig == set(LEEG)


@pytest.mark.parametrize(("spot", "indicatoren"), LEEG.items(), ids=".".join)
def test_without_a_single_value_an_indicator_does_not_apply(binnen, spot, indicatoren):
    tabel, kolom = spot
    for naam in indicatoren:
        r = binnen.bereken(naam)
        assert f"in de tabel {tabel} is overal leeg: {kolom}" in r.reden_nvt
        assert r.schattingen.empty


def test_a_few_empty_cells_are_counted_and_no_reason(tmp_path):
    """Fewer rows than twenty can be empty by chance; a single value is a value."""
    map_ = make_example(tmp_path / "pakket", huishoudens=60, seed=3)
    pad = map_ / "overleg.csv"
    rijen = pd.read_csv(pad, dtype=str, keep_default_na=False)
    assert len(rijen) >= 20
    rijen["gezin_aanwezig"] = [rijen["gezin_aanwezig"].max(), *[""] * (len(rijen) - 1)]
    rijen.to_csv(pad, index=False)
    nodig = all_indicators()["gezin_aan_tafel"].card.tabellen
    assert filled.empty(open_package(map_), nodig) == ""
    rijen.head(19).assign(gezin_aanwezig="").to_csv(pad, index=False)
    assert filled.empty(open_package(map_), nodig) == ""
    rijen.head(20).assign(gezin_aanwezig="").to_csv(pad, index=False)
    assert filled.empty(open_package(map_), nodig) == "in de tabel overleg is overal leeg: gezin_aanwezig"


def test_in_public_whether_a_single_household_has_a_value_does_not_show(tmp_path):
    """By a published count: none, or hardly any, is the same answer."""
    pakket, sleutel = eigen_pakket(tmp_path, huishoudens=120)
    pad = pakket / "overleg.csv"
    rijen = pd.read_csv(pad, dtype=str, keep_default_na=False)
    redenen = set()
    for eerste in ("", rijen["gezin_aanwezig"].max()):
        rijen["gezin_aanwezig"] = [eerste, *[""] * (len(rijen) - 1)]
        rijen.to_csv(pad, index=False)
        redenen.add(Study.open(pakket, sleutel=sleutel).missing(all_indicators()["gezin_aan_tafel"].card))
    assert redenen == {
        "in de tabel overleg is overal leeg: gezin_aanwezig (of bij enkele huishoudens gevuld)"
    }


# Networks.

ZONDER = {
    "een domein": (("organisatie", "domein", "overig"), OF_DOMAINS, NO_DOMAINS, ONE_DOMAIN),
    "geen rol": (("betrokkenheid", "rol", "lid"), OF_FACE, NO_FACE, NO_FACE),
    "een soort": (("organisatie", "soort", "overig"), OF_KINDS, NO_KINDS, ONE_KIND),
}


@pytest.mark.parametrize(("wat", "maten", "reden", "openbaar"), ZONDER.values(), ids=ZONDER)
def test_a_network_says_nothing_of_what_was_not_registered(tmp_path, wat, maten, reden, openbaar):
    pakket, sleutel = eigen_pakket(tmp_path, huishoudens=130)
    leeg(pakket, *wat)
    for studie in (Study.open(pakket, intern=True), Study.open(pakket, sleutel=sleutel)):
        s = studie.netwerkstructuur().schattingen
        eigen = s[s["uitsplitsing"].eq("") & s["maat"].isin(maten)]
        assert len(eigen) == len(maten & set(network_cards.MATEN))
        assert eigen["schatting"].isna().all()
        # Of what needs professionals as persons the reason in public is another.
        if studie.intern:
            assert set(eigen["methode"]) == {reden}
        else:
            assert openbaar in set(eigen["methode"])
            assert not s.loc[s["methode"].eq(openbaar), "onderdrukt"].eq("").any()
        rest = s[s["uitsplitsing"].eq("") & s["maat"].eq("naast_elkaar")]
        assert rest["schatting"].notna().all()


def test_an_empty_domain_everywhere_is_that_of_the_kind(tmp_path):
    """Where the domain was left empty the code list knows it: then there is more than one."""
    map_ = make_example(tmp_path / "pakket", huishoudens=80, seed=3)
    leeg(map_, "organisatie", "domein")
    s = Study.open(map_, intern=True).netwerkstructuur().schattingen
    geheel = s[s["uitsplitsing"].eq("")].set_index("maat")["schatting"]
    assert geheel["over_domeinen_organisaties"] > 0
