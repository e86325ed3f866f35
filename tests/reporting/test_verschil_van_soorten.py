"""The difference of two kinds of region in words: one reason, and no count over windows of unequal length."""

from __future__ import annotations

import dataclasses
import math

import pytest

from tests.vrijgave_bouw import resultaat, rij
from toekomstscenario_eval.blocks.difference import difference_blocks
from toekomstscenario_eval.blocks.overview import compact_table
from toekomstscenario_eval.blocks.region_difference import difference_sentence
from toekomstscenario_eval.blocks.years import years_sentence
from toekomstscenario_eval.designs._sites import compared
from toekomstscenario_eval.document.document import Alinea, Tabel, flat_text
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.identity import FROM, TOTAAL, Variant
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.summaries.registry import all_indicators
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind, Maat, Vorm

MATEN = {
    "mediaan": Maat("Mediaan", "professionals per huishouden", Vorm.GETAL),
    "gemiddelde": Maat("Gemiddeld aantal", "professionals per huishouden", Vorm.GETAL),
}
PLEKKEN = [
    ("", TOTAAL, ""),
    *((SITE_KIND, kind, "") for kind in ("proeftuin", "vergelijking")),
    *((SITE, f"proeftuin{i}", "proeftuin") for i in range(6)),
    *((SITE, f"vergelijking{i}", "vergelijking") for i in range(4)),
]


def met_cijfer(maat, plek, waarde, fout=0.2, **anders):
    """Return a row of a figure of 40 households."""
    per, groep, stratum = plek
    vast = {"schatting": waarde, "ondergrens": waarde - 2 * fout, "bovengrens": waarde + 2 * fout}
    vast |= {"standaardfout": fout, "noemer": 40.0}
    return rij(per, groep, 40, maat=maat, stratum=stratum, **vast | anders)


def test_one_reason_for_one_missing_difference():
    """A median has no standard error; that regions are too small is why there is no difference."""
    geen = {"schatting": math.nan, "ondergrens": math.nan, "bovengrens": math.nan, "standaardfout": math.nan}
    rijen = [met_cijfer("mediaan", plek, 4.0) for plek in PLEKKEN]
    rijen += [
        met_cijfer("gemiddelde", plek, 4.0, **(geen if plek[1] == "proeftuin0" else {})) for plek in PLEKKEN
    ]
    vrijgave = bundle((resultaat(Kind.AANTAL, rijen, maten=MATEN),))
    assert compared(vrijgave.resultaten[0]) == "gemiddelde"
    kort = flat_text(difference_sentence(vrijgave, "proef"))
    lang = flat_text(difference_blocks(vrijgave, "proef")[0].inhoud)
    (reden,) = {text.partition("want ")[2] for text in (kort, lang)}
    assert reden.startswith("bij 1 van de 10 regio's")


OVER_TIJD = {
    "gemiddelde": Maat(
        "Gemiddeld aantal professionals", "professionals per huishouden", Vorm.GETAL, over_tijd=True
    ),
    "per_jaar": Maat(
        "Aantal per jaar in het onderzoek",
        "professionals per huishoudjaar",
        Vorm.GETAL,
        schatter="per_blootstelling",
        schaal=365.25,
    ),
}


def geteld(dagen, *, maten=OVER_TIJD, variant=None, naam="proef"):
    """Return a count that is lower in proeftuinen, with its rate, and the mean days seen of each kind."""
    rijen = []
    for i, plek in enumerate(PLEKKEN):
        kind = plek[2] or plek[1]
        waarde = (3.0 if kind == "proeftuin" else 5.0) + 0.05 * i
        rijen += [met_cijfer(m, plek, waarde) for m in maten if m != "per_jaar"]
        if "per_jaar" in maten:
            noemer = 40 * dagen.get(kind, 365.0) / 365.25
            rijen.append(met_cijfer("per_jaar", plek, 4.0 + 0.05 * (i % 4), noemer=noemer))
    r = resultaat(Kind.AANTAL, rijen, maten=maten, naam=naam)
    return r if variant is None else dataclasses.replace(r, variant=variant)


def gezegd(*results):
    """Return the sentence on the first result, and the notes of its tables."""
    vrijgave = bundle(results)
    key = vrijgave.resultaten[0].sleutel
    blokken = difference_blocks(vrijgave, key)
    noten = [noot for blok in blokken if isinstance(blok, Tabel) for noot in blok.noten]
    zin = difference_sentence(vrijgave, key)
    assert not in_english((Alinea(zin), *blokken))[1] - {"Proefmaat", "proeftuin", "vergelijking"}
    return flat_text(zin), " ".join(noten)


def test_over_unequal_days_the_rate_leads_and_the_count_is_said_not_to_compare():
    zin, noten = gezegd(geteld({"proeftuin": 200.0, "vergelijking": 400.0}))
    assert zin.startswith("Verschil in aantal per jaar in het onderzoek met de regio als eenheid")
    let_op = (
        "Let op: huishoudens zijn niet even lang gezien (gemiddeld 200 dagen in proeftuinen, 400 in "
        "vergelijkingsregio's). Dat telt door, en daarom niet zonder meer te vergelijken: Gemiddeld aantal "
        "professionals."
    )
    assert zin.endswith(let_op)
    # With the region as the unit, and over households.
    assert noten.count(let_op) == 2


def test_a_rate_that_depends_on_the_days_is_named_too():
    maten = OVER_TIJD | {"per_jaar": dataclasses.replace(OVER_TIJD["per_jaar"], over_tijd=True)}
    zin, _ = gezegd(geteld({"proeftuin": 200.0, "vergelijking": 400.0}, maten=maten))
    assert zin.startswith("Verschil in aantal per jaar in het onderzoek met de regio als eenheid")
    assert zin.endswith(": Gemiddeld aantal professionals; Aantal per jaar in het onderzoek.")


def test_a_table_of_headlines_names_those_that_depend_on_the_days():
    een, twee = (geteld({"proeftuin": 200.0, "vergelijking": 400.0}, naam=naam) for naam in ("een", "twee"))
    vast = {naam: dataclasses.replace(maat, over_tijd=False) for naam, maat in OVER_TIJD.items()}
    drie = geteld({"proeftuin": 200.0, "vergelijking": 400.0}, maten=vast, naam="drie")
    een, twee, drie = (
        dataclasses.replace(r, card=dataclasses.replace(r.card, label=r.indicator)) for r in (een, twee, drie)
    )
    vrijgave = bundle((een, twee, drie))
    noten = compact_table(vrijgave, [r.sleutel for r in vrijgave.resultaten], title="T").noten
    (let_op,) = [noot for noot in noten if noot.startswith("Let op")]
    assert let_op.endswith("niet zonder meer te vergelijken: een; twee.")
    assert "gemiddeld 200 dagen in proeftuinen, 400" in let_op


@pytest.mark.parametrize("dagen", [{}, {"proeftuin": 380.0, "vergelijking": 400.0}])
def test_over_equal_days_a_count_compares(dagen):
    zin, noten = gezegd(geteld(dagen))
    assert zin.startswith("Verschil met de regio als eenheid")
    assert "even lang gezien" not in zin + noten


def test_a_count_without_a_rate_has_the_days_of_another_result_of_the_same_days():
    """A network, or a share of those to whom something ever happened, has no days of its own."""
    zonder = {"gemiddelde": OVER_TIJD["gemiddelde"]}
    langs = geteld({"proeftuin": 400.0, "vergelijking": 200.0}, naam="dagen")
    zin, _ = gezegd(geteld({}, maten=zonder), langs)
    assert zin.startswith("Verschil met de regio als eenheid")
    assert "gemiddeld 400 dagen in proeftuinen, 200" in zin
    other = dataclasses.replace(langs, variant=Variant(fase=FROM))
    assert "even lang gezien" not in gezegd(geteld({}, maten=zonder), other)[0]
    # Nothing tells the days, and a phase is not the whole window.
    (zin, noten) = gezegd(geteld({}, maten=zonder, variant=Variant(fase=FROM)))
    assert "van proeftuinen tellen de dagen van één fase" in zin
    assert "van proeftuinen tellen de dagen van één fase" in noten


def test_what_does_not_add_up_over_time_compares_over_unequal_days():
    maten = {naam: dataclasses.replace(maat, over_tijd=False) for naam, maat in OVER_TIJD.items()}
    zin, noten = gezegd(geteld({"proeftuin": 200.0, "vergelijking": 400.0}, maten=maten))
    assert zin.startswith("Verschil met de regio als eenheid")
    assert "even lang gezien" not in zin + noten


def test_every_count_per_household_beside_a_rate_is_said_to_add_up():
    """A mean count has the flag in every card that also gives the same per time.

    So has the rate of different persons: who is there on the first day counts in a short window as well.
    """
    cards = [one.card for one in all_indicators().values()]
    counts = [c for c in cards if c.kind is Kind.AANTAL and {"gemiddelde", "per_jaar"} <= set(c.maten)]
    assert len(counts) > 1
    assert all(c.maten[naam].over_tijd for c in counts for naam in ("gemiddelde", "mediaan", "p90"))
    rates = [(naam, m) for c in cards for naam, m in c.maten.items() if m.schatter == "per_blootstelling"]
    assert {naam for naam, m in rates if m.over_tijd} == {"per_jaar"}
    assert {"gemiddeld_tegelijk", "per_jaar"} <= {naam for naam, _ in rates}
    assert not any(m.over_tijd for c in cards if c.op_een_dag for m in c.maten.values())
    warned = [c for c in cards if "vensters van gelijke lengte" in c.lezen + c.censurering]
    assert warned
    assert all(any(m.over_tijd for m in c.maten.values()) for c in warned)


@pytest.mark.parametrize(("fout", "sprong"), [(0.1, True), (1.0, False)])
@pytest.mark.parametrize("op_een_dag", [False, True])
def test_a_series_says_whose_days_it_is_about_and_tells_a_jump_only_beyond_its_intervals(
    fout, sprong, op_een_dag
):
    maten = {"gemiddelde": OVER_TIJD["gemiddelde"]}
    rijen = [
        met_cijfer("gemiddelde", plek, waarde, fout, periode=jaar, getal_id=f"{plek[1]}{jaar}")
        for plek in PLEKKEN
        if plek[0] in ("", SITE_KIND)
        for jaar, waarde in (("2024", 5.0), ("2025", 4.0))
    ]
    r = resultaat(Kind.AANTAL, rijen, maten=maten)
    card = dataclasses.replace(r.card, op_een_dag=op_een_dag)
    regios = {"proeftuin": 6, "vergelijking": 4}
    r = dataclasses.replace(r, card=card, regios=regios, variant=Variant(periode="jaar"))
    vrijgave = bundle((r,))
    zinnen = years_sentence(vrijgave, vrijgave.resultaten[0].sleutel)
    eigen, naast = (flat_text(zin.inhoud) for zin in zinnen)
    whose = "ook wie nog niet was begonnen" if op_een_dag else "ook hun dagen voor de start"
    assert eigen.startswith(f"Proeftuinen, {whose}: Gemiddeld aantal professionals (professionals")
    assert naast.startswith("Vergelijkingsregio's: Gemiddeld aantal")
    for tekst in (eigen, naast):
        assert tekst.count("95%-interval") == 2
        assert ("op de laatste dag van elk jaar" in tekst) is op_een_dag
        assert ("Intervallen die elkaar niet overlappen: 2024 – 2025." in tekst) is sprong
        assert ("een sprong is niet aangetoond" in tekst) is not sprong
    assert not in_english(tuple(zinnen))[1]
