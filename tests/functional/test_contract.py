"""Faults planted in an indicator: its worked example passes, its contract does not.

Each is caught in the tests of the examples and in a calculation on a package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pytest
import test_voorbeelden as machine

from toekomstscenario_eval.data.code_use import UnknownCode, unknown_codes
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import IBIS_TYPE
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import shared
from toekomstscenario_eval.errors import IndicatorFout
from toekomstscenario_eval.estimators.networks import network_cards
from toekomstscenario_eval.indicators import _maatregel
from toekomstscenario_eval.making import multiverse
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import breakdowns, contract, registry, ties
from toekomstscenario_eval.summaries.registry import Indicator, find
from toekomstscenario_eval.types import Kind, Venster, Voorbeeld, Vraag

VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))
TABELLEN = {
    "huishouden": """
        huishouden_id | begin      | eind
        met           | 2024-01-01 |
        zonder        | 2024-01-01 |
    """,
    "betrokkenheid": """
        betrokkenheid_id | huishouden_id | professional_id | rol       | begin      | eind
        b1               | met           | a               | regisseur | 2024-01-01 |
        b2               | met           | b               | regisseur | 2024-01-01 |
        b3               | zonder        | c               | lid       | 2024-01-01 |
    """,
    "contact": """
        contact_id | huishouden_id | datum
        c1         | met           | 2024-02-01
    """,
}
KAART = replace(
    find("aandeel_duo").card,
    tabellen={"huishouden": ("huishouden_id",), "betrokkenheid": ("huishouden_id", "rol")},
    komt_voor={},
    params={},
)
GOED = """
    huishouden_id | teller | noemer
    met           | 1      | 1
    zonder        | 0      | 1
"""
Bij = Callable[[contract.Tables], ir.Table]


def rows(t: contract.Tables, welke: ir.Table, teller: Callable[[ir.Table], ir.Value]) -> ir.Table:
    """Return one unit row per household: `teller` of its rows in `welke`, noemer 1."""
    geteld = welke.group_by("huishouden_id").agg(n=teller(welke))
    bij = t["huishouden"].left_join(geteld, "huishouden_id")
    return bij.select(
        "huishouden_id",
        teller=bij.n.fill_null(0).cast("int64"),
        noemer=ibis.literal(1, "int64"),
        uitsluiting=ibis.null("string"),
    )


def some(welke: Bij) -> contract.Compute:
    """Return a calculation: teller 1 for a household with any row in `welke`."""
    return lambda t, _: rows(t, welke(t), lambda _: ibis.literal(1))


def directors(t: contract.Tables) -> ir.Table:
    return t["betrokkenheid"].filter(lambda b: b.rol == "regisseur")


def toy(compute: contract.Compute, verwacht: str = GOED, kaart=KAART) -> Indicator:
    return Indicator("proef", kaart, (Voorbeeld("proef", TABELLEN, VRAAG, verwacht),), compute)


FOUTEN = [
    pytest.param(
        toy(some(lambda t: directors(t).filter(lambda b: b.professional_id.notnull()))),
        "leest de kolom betrokkenheid.professional_id, die niet op haar kaart staat",
        id="leest een kolom die niet op de kaart staat",
    ),
    pytest.param(
        toy(some(lambda t: directors(t).select("huishouden_id", "professional_id"))),
        "leest de kolom betrokkenheid.professional_id, die niet op haar kaart staat",
        id="kiest een kolom die niet op de kaart staat",
    ),
    pytest.param(
        toy(some(lambda t: t["contact"])),
        "leest de tabel contact, die niet op haar kaart staat",
        id="leest een tabel die niet op de kaart staat",
    ),
    pytest.param(
        toy(
            some(lambda t: t["betrokkenheid"].filter(lambda b: b.rol == "regiseur")),
            GOED.replace("| 1      |", "| 0      |"),
        ),
        "noemt de code 'regiseur', die niet in de codelijst van betrokkenheid.rol staat",
        id="noemt een code die niet bestaat",
    ),
    pytest.param(
        toy(
            lambda t, _: rows(t, directors(t), lambda w: w.count()), GOED.replace("| 1      |", "| 2      |")
        ),
        "geeft een rij die haar eigen regel breekt\n  Verwacht: 0 <= teller <= noemer",
        id="telt meer dan er zijn",
    ),
    pytest.param(
        toy(
            lambda t, v: rows(
                {"huishouden": t["huishouden"]},
                t["betrokkenheid"].filter(
                    t["betrokkenheid"].begin < v.grens, t["betrokkenheid"].rol == "regisseur"
                ),
                lambda _: ibis.literal(1),
            ),
            kaart=replace(
                KAART, tabellen={**KAART.tabellen, "betrokkenheid": ("huishouden_id", "rol", "begin")}
            ),
        ),
        "leest vraag.venster of vraag.grens zelf, en telt in een fase dagen mee die er niet bij horen",
        id="leest het venster zelf",
    ),
    pytest.param(
        toy(some(directors), kaart=replace(KAART, komt_voor={("contact", "vorm"): ("telefoon",)})),
        "vraagt codes van de kolom contact.vorm, die niet op haar kaart staat",
        id="vraagt codes van een tabel die niet op de kaart staat",
    ),
]


@pytest.fixture(scope="module")
def studie(voorbeeldpakket) -> Study:
    return Study.open(voorbeeldpakket, intern=True)


@pytest.fixture
def known(monkeypatch) -> Callable[[Indicator], None]:
    """Let a toy be found as any indicator is."""
    return lambda ind: monkeypatch.setattr(registry, "all_indicators", lambda: {ind.id: ind})


def test_the_toy_itself_is_sound(studie, known):
    ind = toy(some(directors))
    known(ind)
    machine.test_worked_example(ind, ind.voorbeelden[0])
    schatting = studie.bereken("proef").schattingen.iloc[0]
    assert 0 < schatting["teller"] < schatting["noemer"]


@pytest.mark.parametrize(("ind", "melding"), FOUTEN)
def test_a_planted_fault_is_caught_in_its_example(ind, melding):
    (vb,) = ind.voorbeelden
    kolommen, verwacht = machine.verwacht(vb)
    # Without the contract nothing is wrong with it: all rows come out as the example says.
    los = ind.compute(machine.tabellen(machine.frames(vb)), VRAAG).execute()
    assert sorted(los[kolommen].itertuples(index=False, name=None)) == sorted(verwacht)
    with pytest.raises(IndicatorFout) as fout:
        machine.test_worked_example(ind, vb)
    assert melding in str(fout.value)


@pytest.mark.parametrize(("ind", "melding"), FOUTEN)
def test_a_planted_fault_is_caught_in_a_calculation(ind, melding, studie, known):
    known(ind)
    with pytest.raises(IndicatorFout) as fout:
        studie.bereken("proef", per="proeftuin")
    assert str(fout.value).startswith("Fout in een indicator: de indicator proef ")
    assert melding in str(fout.value)
    assert fout.value.herstel.endswith(
        "Dit is een fout in de indicator, niet in uw gegevens: meld hem bij wie de indicator beheert."
    )


def test_a_code_that_is_spelled_wrong_gets_a_hint(studie, known):
    known(toy(some(lambda t: t["betrokkenheid"].filter(lambda b: b.rol == "regiseur"))))
    with pytest.raises(IndicatorFout) as fout:
        studie.bereken("proef")
    assert fout.value.herstel.startswith("Bedoelt u 'regisseur'?")


def test_the_check_is_no_calculation(studie, known):
    """What it tries is kept nowhere: the step is worked out once, on the package."""
    known(toy(some(lambda t: shared(directors(t)))))
    for _ in range(2):
        studie.pakket.forget()
        studie.bereken("proef")
        assert len(studie.pakket.stappen) == 1


# What a row must keep


@pytest.mark.parametrize(
    ("kind", "goed", "fout"),
    [
        (Kind.AANDEEL, (1, 2), [(3, 2), (-1, 2), (None, 2), (1, None)]),
        (Kind.AANTAL, (0, 1), [(-1, 1), (0, 0), (None, 1), (1, None)]),
        (
            Kind.DUUR,
            (3, 5, 1),
            [(6, 5, 1), (-1, 5, 0), (0, 5, 2), (0, 5, -1), (5, 5, 1), (5, 5, 0), (0, None, 0), (0, 5, None)],
        ),
        (Kind.HERHAALD, (0, -1), [(-1, 0), (1, 2), (None, 0), (1, None)]),
        (Kind.SCORE, (None, 0.5), [(0.5, None), (0.5, float("inf")), (float("nan"), 0.5)]),
        (Kind.MATRIX, ("e", "i", 1.0), [(None, "i", 1.0), ("e", None, 1.0), ("e", "i", float("nan"))]),
        (Kind.NETWERK, ("a", "o", "gi"), [(None, "o", "gi"), ("a", None, "gi"), ("a", "o", None)]),
        (Kind.KENMERK, (next(iter(KAART.maten)),), [("onbekend",), ("",)]),
        (Kind.KENMERK, (None,), [("onbekend",)]),
    ],
)
def test_every_kind_has_rules_for_its_rows(kind, goed, fout):
    kaart = replace(KAART, kind=kind)
    kolommen = contract.ROWS[kind].kolommen
    schema = {"nr": "int64", **kolommen, "uitsluiting": "string"}
    alle = [(0, *goed, None), *((i, *f, None) for i, f in enumerate(fout, 1)), (-1, *fout[0], "een reden")]
    # By way of arrow, which knows a number that is none from nothing.
    kolom = dict(zip(schema, zip(*alle, strict=True), strict=True))
    rijen = ibis.memtable(pa.table(kolom)).cast(schema)
    breuk = rijen.select("nr", breuk=contract.breach(rijen, kaart)).execute().set_index("nr")["breuk"]
    # What is left out of the count keeps no rule of what counts.
    assert breuk[breuk.isna()].index.tolist() == [0, -1]
    with pytest.raises(IndicatorFout, match="proef geeft een rij"):
        contract.demand("proef", breuk)


def test_a_kind_without_rows_is_no_indicator():
    ind = toy(some(directors), kaart=replace(KAART, kind=Kind.TELLING))
    with pytest.raises(IndicatorFout, match="is van de soort telling, en die heeft geen rijen"):
        ind.rows({}, VRAAG)


def test_a_cause_of_the_card_is_an_end():
    kaart = find("duur_ots").card
    kolommen = {**contract.ROWS[Kind.DUUR].kolommen, "uitsluiting": "string"}
    rijen = ibis.memtable(
        [{"instroom": 0, "duur": 5, "einde": e, "uitsluiting": None} for e in range(9)], schema=kolommen
    )
    goed = rijen.filter(contract.breach(rijen, kaart).isnull()).einde.execute()
    assert sorted(goed) == [0, *kaart.oorzaken]


@pytest.mark.parametrize(
    ("rij", "kreeg"),
    [
        (lambda r: r.drop("noemer"), "huishouden_id (string), teller (int64), uitsluiting (string)"),
        (lambda r: r.mutate(noemer=r.noemer.cast("float64")), "noemer (float64)"),
    ],
    ids=["zonder noemer", "noemer met decimalen"],
)
def test_rows_have_the_columns_of_their_kind(rij, kreeg):
    ind = toy(lambda t, vraag: rij(some(directors)(t, vraag)))
    with pytest.raises(IndicatorFout, match="geeft geen rijen van de soort aandeel") as fout:
        ind.rows(machine.tabellen(machine.frames(ind.voorbeelden[0])), VRAAG)
    assert fout.value.verwacht == "noemer (int64)"
    assert kreeg in fout.value.kreeg


@pytest.mark.parametrize(
    ("tabellen", "melding"),
    [
        ({"huishoden": ("huishouden_id",)}, "vraagt de tabel huishoden, die niet bestaat"),
        ({"huishouden": ("huishouden",)}, "vraagt de kolom huishouden.huishouden, die niet bestaat"),
    ],
)
def test_a_card_asks_for_what_exists(tabellen, melding):
    ind = toy(some(directors), kaart=replace(KAART, tabellen=tabellen))
    with pytest.raises(IndicatorFout, match=melding) as fout:
        ind.rows({}, VRAAG)
    assert "Bedoelt u 'huishouden" in fout.value.herstel


def test_a_code_that_must_occur_exists():
    ind = toy(some(directors), kaart=replace(KAART, komt_voor={("betrokkenheid", "rol"): ("regiseur",)}))
    with pytest.raises(IndicatorFout, match="noemt de code 'regiseur'"):
        ind.rows({}, VRAAG)


# Which codes a query names


def empty_tables() -> dict[str, ir.Table]:
    return {
        naam: ibis.table({v.naam: IBIS_TYPE[v.type] for v in tabel.fields}, naam)
        for naam, tabel in load_schema().tabellen.items()
    }


@pytest.mark.parametrize(
    "query",
    [
        lambda m: m.filter(m.soort == "X"),
        lambda m: m.filter(~m.soort.isin(("11", "X"))),
        lambda m: m.select("persoon_id", wat="soort").filter(lambda r: r.wat != "X"),
        lambda m: m.mutate(wat=m.soort.nullif("X")),
        lambda m: m.mutate(wat=m.soort.substitute({"X": "een naam"})),
        lambda m: m.group_by("persoon_id").agg(wat=m.soort.min()).filter(lambda r: r.wat == "X"),
        lambda m: m.filter(m.soort.fill_null("anders") == "X"),
        lambda m: m.filter(ibis.ifelse(m.begin == m.eind, m.soort, "anders") == "X"),
        lambda m: m.mutate(vorige=m.soort.lag().over(ibis.window(order_by="begin"))).filter(
            lambda r: r.vorige == "X"
        ),
        lambda m: m.select("soort").union(m.select(soort="organisatie_id")).filter(lambda r: r.soort == "X"),
        lambda m: m.join(m.view().select("persoon_id", ander="soort"), "persoon_id").filter(
            lambda r: r.ander == "X"
        ),
        lambda m: m.join(m.view().rename(ander="soort"), ["persoon_id", m.soort == "X"]),
    ],
)
def test_a_code_is_found_wherever_it_is_compared(query):
    assert unknown_codes(query(empty_tables()["maatregel"])) == [UnknownCode("maatregel", "soort", "X")]


@pytest.mark.parametrize(
    "query",
    [
        lambda m: m.filter(m.soort.isin(("11", "UH"))),
        lambda m: m.filter(m.persoon_id == "X"),
        lambda m: m.mutate(wat=ibis.ifelse(m.soort == "11", "een reden", "een andere")).filter(
            lambda r: r.wat == "een reden"
        ),
        lambda m: m.mutate(rang=ibis.dense_rank().over(ibis.window(order_by="soort"))).filter(
            lambda r: r.rang == 0
        ),
        lambda m: m.mutate(wat=m.soort.substitute({"11": "een naam"}, else_="geen naam")).filter(
            lambda r: r.wat == "een naam"
        ),
    ],
)
def test_a_text_that_is_no_code_is_left_alone(query):
    assert unknown_codes(query(empty_tables()["maatregel"])) == []


def test_the_codes_of_the_families_are_looked_up(monkeypatch):
    """Not trusted: an end reason that no list knows is found through a join, a minimum and a condition."""
    fout = replace(_maatregel.OTS, redenen={"Niet verlengd": ("3",)})
    ind = replace(find("duur_ots"), compute=lambda t, vraag: _maatregel.durations(t, vraag, fout))
    with pytest.raises(IndicatorFout, match="code '3', die niet in de codelijst van maatregel"):
        ind.rows({}, replace(VRAAG, params=registry.fill_params(ind, {})))


def test_networks_read_what_their_card_declares(studie):
    """And two columns without which they have another answer, or a reason for having none."""
    mag = {"organisatie": ("domein",), "proeftuin": ("start_datum",)}
    tabellen = network_cards.OVERLEG.tabellen
    kaart = replace(KAART, tabellen={n: (*kolommen, *mag.get(n, ())) for n, kolommen in tabellen.items()})
    pakket = studie.pakket
    alleen = replace(pakket, tabellen=contract.declared("netwerk", pakket.tabellen, kaart), memory={})
    bron, heel = (ties.NetworkTables(p, VRAAG.venster) for p in (alleen, pakket))
    for lees in (
        lambda b: b.ties(),
        lambda b: b.around_fixed_face(),
        lambda b: b.handovers("domein"),
        lambda b: b.meetings(),
        lambda b: b.together("organisatie"),
        lambda b: pd.concat(b.together_around_start("organisatie", least=90, most=365)),
    ):
        pd.testing.assert_frame_equal(lees(bron), lees(heel))
    assert bron.present_households == heel.present_households
    pd.testing.assert_series_equal(bron.site_of(), heel.site_of())


def test_networks_and_the_multiverse_name_codes_that_exist(studie, monkeypatch):
    gezien = []
    monkeypatch.setattr(Package, "once", lambda _, stap: stap)
    monkeypatch.setattr(ties, "fetch", lambda tabel: gezien.append(tabel) or breakdowns.fetch(tabel))
    ties.ties(studie.pakket, VRAAG.venster)
    ties.meetings(studie.pakket, VRAAG.venster)
    for veranderd in (w for waarden in multiverse._READS.values() for w in waarden.values()):
        gezien += veranderd(empty_tables()).values()
    assert [u for tabel in gezien for u in unknown_codes(tabel)] == []
    monkeypatch.setattr(ties, "VAST_GEZICHT", "vast gezicht")
    gezien.clear()
    ties.ties(studie.pakket, VRAAG.venster)
    assert unknown_codes(gezien[0]) == [UnknownCode("betrokkenheid", "rol", "vast gezicht")]
