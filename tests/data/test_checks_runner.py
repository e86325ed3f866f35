"""The runner and its reports: statuses, exact findings and messages, and what may never be in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.checks._runner import RuleFile, run
from toekomstscenario_eval.data.checks._vorm import Nvt, Rule, Telling, Toets
from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.errors import ControleFout
from toekomstscenario_eval.types import Ernst, Finding, Status

Maak = Callable[..., Package]

GOED = {
    "persoon": """
        persoon_id | huishouden_id | rol   | geboortejaar | geslacht
        k1         | h1            | kind  | 2015         | V
        o1         | h1            | ouder | 1985         | M
    """,
    "organisatie": """
        organisatie_id | soort       | domein
        o1             | lokaal_team | lokale_hulp
    """,
    "professional": """
        professional_id | functie
        a               | jeugdhulp
    """,
    "betrokkenheid": """
        betrokkenheid_id | huishouden_id | professional_id | organisatie_id | rol | begin | eind | reden_einde
        b1               | h1            | a               | o1             | lid | 2023-02-01 | |
    """,
    "maatregel": """
        maatregel_id | persoon_id | soort | begin | eind | reden_einde | organisatie_id | begin_onbekend
        m1 | k1 | 11 | 2023-03-01 | 2024-03-01 | 02 | o1 | false
    """,
    "ketenstap": """
        ketenstap_id | huishouden_id | stap    | begin      | eind
        s1           | h1            | melding | 2023-02-01 | 2023-02-01
    """,
    "contact": """
        contact_id | huishouden_id | professional_id | datum      | vorm
        c1         | h1            | a               | 2023-02-03 | huisbezoek
    """,
    "overleg": """
        overleg_id | huishouden_id | datum      | soort | gezin_aanwezig
        v1         | h1            | 2023-02-10 | mdo   | true
    """,
    "overleg_deelname": """
        overleg_id | professional_id
        v1         | a
    """,
    "meting": """
        meting_id | huishouden_id | persoon_id | datum      | instrument | schaal | item | waarde | informant
        t1        | h1            | k1         | 2023-02-10 | vragen     | rust   | 1    | 3      | ouder
    """,
    "schaal_item": """
        schaal_item_id | instrument | schaal | item | minimum | maximum | richting
        s1             | vragen     | rust   | 1    | 1       | 5       | hoger_is_beter
    """,
    "reflectie": """
        reflectie_id | scan_id | datum      | niveau | principe | vraag_id | score
        r1           | s1      | 2023-02-10 | micro  | lerend   | v1       | 7
    """,
}


@pytest.fixture(scope="module")
def goed(pakket: Maak) -> tuple[Package, tuple[Finding, ...]]:
    p = pakket(GOED)
    return p, checks.check(p)


def fake(stel: Callable[[Package], Iterator[Toets | Telling | Nvt]], naam: str = "proef") -> RuleFile:
    regel = Rule("Titel", Ernst.FOUT, "Uitleg.", "herstel")
    return RuleFile(naam, regel, (), stel)


# --- statuses


def test_good_package_blocks_nothing_and_every_rule_answers(
    goed: tuple[Package, tuple[Finding, ...]],
) -> None:
    _, bevindingen = goed
    assert {f.regel for f in bevindingen} == set(checks.rules())
    assert not [f for f in bevindingen if f.status in (Status.GEFAALD, Status.FOUT)]
    te_klein = {f.regel for f in bevindingen if f.status is Status.NVT}
    assert te_klein == {"geen_lopende", "lege_kolom"}  # they need more rows than these tables have
    checks.require_fit(bevindingen)


def test_rules_come_in_alphabetical_order(goed: tuple[Package, tuple[Finding, ...]]) -> None:
    namen = [f.regel for f in goed[1]]
    assert namen == sorted(namen)


def test_same_package_gives_the_same_findings_twice(goed: tuple[Package, tuple[Finding, ...]]) -> None:
    p, bevindingen = goed
    assert checks.check(p) == bevindingen


def test_passed_finding_says_how_much_was_asked(pakket: Maak) -> None:
    p = pakket()
    assert run(p, [checks.rules()["kolommen"]]) == (
        Finding(
            regel="kolommen",
            status=Status.GESLAAGD,
            ernst=Ernst.FOUT,
            titel="Een verplichte kolom ontbreekt",
            toelichting="6 vragen gesteld, geen overtreding",
        ),
    )
    (een,) = run(p, [checks.rules()["naam_dubbel"]])
    assert een.toelichting == "1 vraag gesteld, geen overtreding"


def test_failed_finding_is_whole(pakket: Maak) -> None:
    p = pakket({"persoon": "persoon_id | rol\nk1 | kind\nk2 | Kind\nk3 |\nk4 | 1"})
    assert run(p, [checks.rules()["codes"]]) == (
        Finding(
            regel="codes",
            status=Status.GEFAALD,
            ernst=Ernst.FOUT,
            titel="Een code staat niet in de codelijst",
            tabel="persoon",
            kolom="rol",
            aantal=2,
            rijen=(2, 4),
            verwacht="een van de codes kind, ouder, stiefouder, pleegouder, grootouder, overig",
            herstel="gebruik een code uit de lijst, precies zoals zij er staat; hoofdletters en spaties "
            "tellen mee",
            toelichting="Een onbekende code kan niet worden geteld en wordt nooit geraden.",
        ),
    )


def test_codes_that_look_like_numbers_get_a_hint(pakket: Maak) -> None:
    p = pakket({"maatregel": "maatregel_id | soort\nm1 | 11.0"})
    (bevinding,) = [f for f in run(p, [checks.rules()["codes"]]) if f.status is Status.GEFAALD]
    assert bevinding.herstel.startswith("bewaar codes als tekst: Excel maakt van 01 een 1, SPSS")
    assert bevinding.verwacht.startswith("een van de codes 11, 12, 21,")


def test_rule_without_its_table_does_not_apply(pakket: Maak) -> None:
    assert run(pakket(), [checks.rules()["maatregel_overlap"]]) == (
        Finding(
            regel="maatregel_overlap",
            status=Status.NVT,
            ernst=Ernst.WAARSCHUWING,
            titel="Maatregelen van dezelfde soort lopen bij een persoon door elkaar",
            toelichting="de tabel maatregel is niet geleverd",
        ),
    )


def test_question_that_cannot_be_asked_stands_beside_those_that_pass(pakket: Maak) -> None:
    p = pakket({"contact": "contact_id | huishouden_id | professional_id\nc1 | h1 | a"})
    bevindingen = run(p, [checks.rules()["verwijzing"]])
    assert [(f.status, f.tabel, f.kolom, f.toelichting) for f in bevindingen] == [
        (Status.NVT, "contact", "professional_id", "de tabel professional is niet geleverd"),
        (Status.GESLAAGD, "", "", "2 vragen gesteld, geen overtreding"),
    ]


@pytest.mark.parametrize(
    ("regel", "tabel", "csv", "reden"),
    [
        (
            "sleutel",
            "professional",
            "functie\nx",
            "in de tabel professional is niet geleverd: professional_id",
        ),
        (
            "dubbele_waarneming",
            "reflectie",
            "scan_id\ns1",
            "in de tabel reflectie is niet geleverd: vraag_id",
        ),
        (
            "eind_zonder_reden",
            "maatregel",
            "maatregel_id,eind\nm1,2024-01-01",
            "in de tabel maatregel is niet geleverd: reden_einde",
        ),
    ],
)
def test_missing_column_makes_a_question_not_apply(
    regel: str, tabel: str, csv: str, reden: str, pakket: Maak
) -> None:
    bevindingen = run(pakket({tabel: csv}), [checks.rules()[regel]])
    nvt = [(f.tabel, f.toelichting) for f in bevindingen if f.status is Status.NVT]
    assert nvt == [(tabel, reden)]


def test_nothing_to_look_at_is_not_fine(pakket: Maak) -> None:
    p = pakket({"huishouden": "huishouden_id | begin | eind"})
    (bevinding,) = run(p, [checks.rules()["buiten_venster"]])
    assert (bevinding.status, bevinding.toelichting) == (Status.NVT, "er zijn geen rijen om te toetsen")


def test_rule_that_asks_nothing_is_not_fine(pakket: Maak) -> None:
    (bevinding,) = run(pakket(), [fake(lambda p: iter(()))])
    assert bevinding.status is Status.NVT


def crash(p: Package) -> Iterator[Toets]:
    raise ValueError("Jansen, 0612345678")
    yield


def test_rule_that_crashes_blocks_and_tells_no_data(pakket: Maak) -> None:
    assert run(pakket(), [fake(crash)]) == (
        Finding(
            regel="proef",
            status=Status.FOUT,
            ernst=Ernst.FOUT,
            titel="Titel",
            herstel="lever het bestand opnieuw; blijft het, meld het dan bij de makers van "
            "toekomstscenario-eval",
            toelichting="de controle liep zelf vast (ValueError), dus er is niets vastgesteld",
        ),
    )


def test_question_that_crashes_hides_no_other(pakket: Maak) -> None:
    p = pakket()
    t = p.raw["huishouden"]

    def stel(p: Package) -> Iterator[Toets]:
        yield Toets("huishouden", "begin", t, t.huishouden_id.cast("int64") > 0)
        yield Toets("huishouden", "eind", t, t.eind.isnull())

    bevindingen = run(p, [fake(stel), fake(lambda p: iter([Toets("huishouden", "x", t)]), "tweede")])
    assert [(f.regel, f.status, f.kolom, f.aantal, f.rijen) for f in bevindingen] == [
        ("proef", Status.FOUT, "begin", 0, ()),
        ("proef", Status.GEFAALD, "eind", 1, (1,)),
        ("tweede", Status.GEFAALD, "x", 1, (1,)),
    ]
    assert bevindingen[0].toelichting == (
        "de controle liep zelf vast (ConversionException), dus er is niets vastgesteld"
    )


def test_five_first_rows_in_order(pakket: Maak) -> None:
    p = pakket({"professional": "professional_id | functie\n" + " | x\n" * 8})
    (bevinding,) = [f for f in run(p, [checks.rules()["verplicht"]]) if f.status is Status.GEFAALD]
    assert (bevinding.aantal, bevinding.rijen) == (8, (1, 2, 3, 4, 5))


def test_progress_is_told(pakket: Maak) -> None:
    gehoord: list[str] = []
    checks.check(pakket(), progress=gehoord.append)
    assert gehoord[0] == "regel betrokkenheid_buiten_huishouden"
    assert any(t.startswith("tabel huishouden: ") and t.endswith(" vragen") for t in gehoord)


# --- reports


def test_json_report_is_plain_and_whole(goed: tuple[Package, tuple[Finding, ...]]) -> None:
    p, bevindingen = goed
    uit = checks.as_json(p, bevindingen)
    assert json.loads(json.dumps(uit)) == uit
    assert list(uit) == [
        "pakket",
        "schema_versie",
        "versie",
        "bestanden",
        "samenvatting",
        "bevindingen",
    ]
    assert uit["pakket"] == {
        "naam": "proef",
        "titel": "Proefpakket",
        "peildatum": "2024-07-01",
        "waarneemvenster": {"begin": "2023-01-01", "eind": "2024-07-01"},
    }
    assert [b["tabel"] for b in uit["bestanden"]] == sorted(load_schema().tabellen)
    contact = next(b for b in uit["bestanden"] if b["tabel"] == "contact")
    assert contact == {
        "tabel": "contact",
        "pad": "contact.csv",
        "sha256": p.bestanden["contact"].sha256,
        "bytes": (p.map / "contact.csv").stat().st_size,
        "rijen": 1,
        "onleesbaar": 0,
        "onleesbare_regels": [],
        "telling": {"geleverd": 1, "geweigerd": 0, "vervallen": 0, "uitgesloten": 0, "gebruikt": 1},
    }
    assert len(uit["bevindingen"]) == len(bevindingen)
    assert uit["bevindingen"][0] == {
        "regel": "betrokkenheid_buiten_huishouden",
        "status": "geslaagd",
        "ernst": "waarschuwing",
        "blokkeert": False,
        "titel": "Een betrokkenheid valt helemaal buiten de tijd van het huishouden in het onderzoek",
        "tabel": "",
        "kolom": "",
        "aantal": 0,
        "rijen": [],
        "verwacht": "",
        "herstel": "",
        "toelichting": "1 vraag gesteld, geen overtreding",
    }


FOUT = Finding(
    regel="codes",
    status=Status.GEFAALD,
    ernst=Ernst.FOUT,
    titel="Een code staat niet in de codelijst",
    tabel="persoon",
    kolom="rol",
    aantal=2,
    rijen=(2, 4),
    verwacht="een van de codes kind, ouder",
    herstel="gebruik een code uit de lijst",
)


def test_summary_counts_each_sort() -> None:
    bevindingen = [
        FOUT,
        replace(FOUT, ernst=Ernst.WAARSCHUWING),
        replace(FOUT, status=Status.GESLAAGD, aantal=0),
        replace(FOUT, status=Status.NVT, aantal=0),
        replace(FOUT, status=Status.FOUT, aantal=0, ernst=Ernst.WAARSCHUWING),
    ]
    assert checks.summary(bevindingen) == {
        "geschikt": False,
        "blokkerend": 2,
        "waarschuwingen": 1,
        "geslaagd": 1,
        "gefaald": 2,
        "niet_van_toepassing": 1,
        "fout": 1,
    }
    assert checks.summary(bevindingen[1:4])["geschikt"]


def test_gate_lets_warnings_through_and_stops_on_a_blocking_finding() -> None:
    checks.require_fit([replace(FOUT, ernst=Ernst.WAARSCHUWING)])
    vast = replace(
        FOUT,
        regel="typen",
        titel="T",
        status=Status.FOUT,
        kolom="",
        toelichting="liep vast",
        herstel="lever opnieuw",
    )
    with pytest.raises(ControleFout) as gevangen:
        checks.require_fit([FOUT, vast])
    assert gevangen.value.exitcode == 4
    assert str(gevangen.value) == (
        "Controle gefaald: het pakket is niet geschikt voor analyse, 2 bevindingen blokkeren\n"
        "  Waar: \n"
        "    - codes: Een code staat niet in de codelijst (tabel persoon, kolom rol): 2 keer, "
        "eerste rijen 2, 4; verwacht: een van de codes kind, ouder; herstel: gebruik een code uit de lijst\n"
        "    - typen: T (tabel persoon); liep vast; herstel: lever opnieuw\n"
        "  Herstel: verbeter het pakket bij de bron en lever het opnieuw; er wordt niets stil gerepareerd"
    )


def test_gate_counts_one_as_one() -> None:
    with pytest.raises(ControleFout, match="1 bevinding blokkeert"):
        checks.require_fit([FOUT])


# --- never a value of personal data


def recognisable(tabel: str, kolommen: tuple[str, ...], rijen: int) -> str:
    """Return a CSV in which every cell is a value that no message may hold."""
    regels = [",".join(kolommen)]
    for i in range(rijen):
        regels.append(",".join(f"GEHEIM-{tabel}-{k}-{i % 3} x@geheim.nl" for k in kolommen))
    return "\n".join([*regels, "GEHEIM te weinig", "GEHEIM" + ",te veel" * 40])


def test_no_finding_holds_a_value_of_the_data(pakket: Maak, capsys: pytest.CaptureFixture[str]) -> None:
    tabellen = {
        t.naam: recognisable(t.naam, tuple(v.naam for v in t.fields), 25)
        for t in load_schema().tabellen.values()
    }
    gehoord: list[str] = []
    p = pakket(tabellen)
    bevindingen = checks.check(p, progress=gehoord.append)
    gefaald = {f.regel for f in bevindingen if f.status is Status.GEFAALD}
    assert {"typen", "codes", "patroon_en_bereik", "sleutel", "verwijzing", "leesbaarheid"} <= gefaald
    with pytest.raises(ControleFout) as gevangen:
        checks.require_fit(bevindingen)
    uitvoer = capsys.readouterr()
    alles = [json.dumps(checks.as_json(p, bevindingen)), str(gevangen.value), *gehoord, *uitvoer]
    assert "geheim" not in "\n".join(alles).casefold()


def test_bsn_are_refused_without_being_shown(pakket: Maak) -> None:
    nummers = [f"99999{i:04d}" for i in range(10_000)]
    proef = [n for n in nummers if _eleven(n)][:40]
    assert len(proef) == 40
    regels = "\n".join(f"{n},h1,kind,{n}" for n in proef)
    p = pakket({"persoon": "persoon_id,huishouden_id,rol,koppelnummer\n" + regels})
    bevindingen = run(p, [checks.rules()["bsn"]])
    assert [(f.tabel, f.kolom, f.aantal, f.rijen) for f in bevindingen] == [
        ("persoon", "persoon_id", 40, (1, 2, 3, 4, 5)),
        ("persoon", "koppelnummer", 40, (1, 2, 3, 4, 5)),
    ]
    tekst = json.dumps(checks.as_json(p, bevindingen))
    assert not [n for n in proef if n in tekst]
    assert bevindingen[0].verwacht == "pseudoniemen; een ruw BSN wordt geweigerd"


def _eleven(nummer: str) -> bool:
    som = sum(int(c) * g for c, g in zip(nummer, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return som % 11 == 0


@pytest.mark.parametrize(
    ("schrijfwijze", "gevonden"),
    [
        ("{}", True),
        ("{}.0", True),
        ("0{}", False),
        ("nr {}", True),
        ("NL{}", True),
        ("1{}", False),
    ],
)
def test_ways_to_write_a_bsn(schrijfwijze: str, gevonden: bool, pakket: Maak) -> None:
    proef = [n for n in (f"99999{i:04d}" for i in range(10_000)) if _eleven(n)][:10]
    tekst = "\n".join(f"k{i},{schrijfwijze.format(n)}" for i, n in enumerate(proef))
    (bevinding,) = run(pakket({"persoon": "persoon_id,nummer\n" + tekst}), [checks.rules()["bsn"]])
    assert (bevinding.status is Status.GEFAALD) is gevonden


@pytest.mark.parametrize("vorm", ["{0}{1}.{2}.{3}", "{0}{1} {2} {3}"])
def test_bsn_with_separators(vorm: str, pakket: Maak) -> None:
    proef = [n for n in (f"99999{i:04d}" for i in range(10_000)) if _eleven(n)][:10]
    tekst = "\n".join(f"k{i},{vorm.format(n[:2], n[2:4], n[4:6], n[6:])}" for i, n in enumerate(proef))
    (bevinding,) = run(pakket({"persoon": "persoon_id,nummer\n" + tekst}), [checks.rules()["bsn"]])
    assert bevinding.aantal == 10


def test_bsn_that_lost_its_zero(pakket: Maak) -> None:
    proef = [n for n in (f"0999{i:05d}" for i in range(10_000)) if _eleven(n)][:10]
    tekst = "\n".join(f"k{i},{n[1:]}" for i, n in enumerate(proef))
    (bevinding,) = run(pakket({"persoon": "persoon_id,nummer\n" + tekst}), [checks.rules()["bsn"]])
    assert bevinding.aantal == 10


def test_random_numbers_of_nine_digits_are_not_taken_for_bsn(pakket: Maak) -> None:
    tekst = "\n".join(f"k{i},{100_000_007 + 7919 * i}" for i in range(2000))
    (bevinding,) = run(pakket({"persoon": "persoon_id,nummer\n" + tekst}), [checks.rules()["bsn"]])
    assert bevinding.status is Status.GESLAAGD


@pytest.mark.parametrize(
    ("kolom", "gevonden"),
    [
        ("bsn", True),
        ("BSN", True),
        ("kind_bsn", True),
        ("bsn2", True),
        ("BSN-nummer", True),
        ("Burgerservicenummer", True),
        ("sofinummer", True),
        ("jobsnaam", False),
        ("nummer", False),
    ],
)
def test_column_named_after_the_bsn(kolom: str, gevonden: bool, pakket: Maak) -> None:
    (bevinding,) = run(pakket({"persoon": f"persoon_id,{kolom}\nk1,x"}), [checks.rules()["bsn"]])
    assert (bevinding.status is Status.GEFAALD) is gevonden


@pytest.mark.parametrize(
    ("kolom", "gevonden"),
    [
        ("naam", True),
        ("Voornaam", True),
        ("KindAchternaam", True),
        ("e-mail", True),
        ("telefoon 1", True),
        ("geboorte_datum", True),
        ("organisatienaam", False),
        ("naamgeving", False),
        ("adressering", False),
    ],
)
def test_column_named_after_an_identifier(kolom: str, gevonden: bool, pakket: Maak) -> None:
    p = pakket({"persoon": f"persoon_id,{kolom}\nk1,x"})
    gefaald = [f.kolom for f in run(p, [checks.rules()["herleidbaar"]]) if f.status is Status.GEFAALD]
    assert gefaald == ([kolom] if gevonden else [])


def test_checking_changes_no_file(schrijf: Callable[..., Path]) -> None:
    map_ = schrijf(GOED)
    voor = {p.name: p.read_bytes() for p in map_.iterdir()}
    checks.check(open_package(map_))
    assert {p.name: p.read_bytes() for p in map_.iterdir()} == voor
