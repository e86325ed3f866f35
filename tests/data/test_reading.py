"""Reading a package: what is refused, what is counted, and that nothing is lost or repaired."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toekomstscenario_eval.data.checks import check
from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.data.parsing import ROW, parse
from toekomstscenario_eval.data.schema import Field, load_schema
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.types import Status

Schrijf = Callable[..., Path]
Maak = Callable[..., Package]


def rows(pakket: Package, tabel: str, *, ruw: bool = True) -> list[dict[str, Any]]:
    bron = pakket.raw[tabel] if ruw else pakket.tabellen[tabel]
    return bron.order_by(ROW).to_pyarrow().to_pylist()


def refusal(doe: Callable[[], Any]) -> InvoerFout:
    with pytest.raises(InvoerFout) as gevangen:
        doe()
    return gevangen.value


# --- CSV as agreed


def test_plain_package_is_opened(pakket: Maak) -> None:
    p = pakket()
    assert (p.naam, p.titel, p.contact, p.bronnen) == ("proef", "Proefpakket", "niemand", ("verzonnen",))
    assert p.peildatum == date(2024, 7, 1)
    assert str(p.venster) == "2023-01-01 tot 2024-07-01"
    assert rows(p, "huishouden", ruw=False) == [
        {
            "_rij": 1,
            "huishouden_id": "h1",
            "proeftuin_id": "p1",
            "begin": date(2023, 2, 1),
            "eind": None,
            "reden_einde": None,
            "gezinsprofiel": "langdurige_zorg",
        }
    ]


@pytest.mark.parametrize(
    ("naam", "inhoud"),
    [
        ("bom", b"\xef\xbb\xbfprofessional_id,functie\na,x\nb,y\n"),
        ("crlf", b"professional_id,functie\r\na,x\r\nb,y\r\n"),
        ("cr", b"professional_id,functie\ra,x\rb,y\r"),
        ("no last newline", b"professional_id,functie\na,x\nb,y"),
        ("blank lines", b"professional_id,functie\n\na,x\n\n\nb,y\n\n"),
        ("quotes", b'"professional_id","functie"\n"a","x"\n"b","y"\n'),
    ],
)
def test_same_rows_however_the_csv_is_written(naam: str, inhoud: bytes, pakket: Maak) -> None:
    p = pakket({"professional": inhoud})
    assert rows(p, "professional") == [
        {"_rij": 1, "professional_id": "a", "functie": "x"},
        {"_rij": 2, "professional_id": "b", "functie": "y"},
    ]
    assert p.bestanden["professional"].rijen == 2
    assert p.bestanden["professional"].onleesbaar == 0


def test_text_is_kept_as_it_is(pakket: Maak) -> None:
    p = pakket(
        {"professional": 'professional_id,functie\n007," met ""quotes"", komma\nen regel "\n1.0,NA\nx,""\n'}
    )
    assert [(r["professional_id"], r["functie"]) for r in rows(p, "professional")] == [
        ("007", ' met "quotes", komma\nen regel '),
        ("1.0", "NA"),
        ("x", None),
    ]


def test_columns_may_stand_in_any_order_and_be_unknown(pakket: Maak) -> None:
    p = pakket({"professional": "extra,functie,professional_id\n1,x,a"})
    assert rows(p, "professional") == [{"_rij": 1, "extra": "1", "functie": "x", "professional_id": "a"}]
    assert rows(p, "professional", ruw=False) == [{"_rij": 1, "professional_id": "a", "functie": "x"}]


def test_column_that_was_not_delivered_is_null_and_typed(pakket: Maak) -> None:
    p = pakket({"betrokkenheid": "betrokkenheid_id\nb1"})
    assert str(p.tabellen["betrokkenheid"].schema()["eind"]) == "date"
    assert rows(p, "betrokkenheid", ruw=False)[0]["eind"] is None


def test_header_only_is_an_empty_table(pakket: Maak) -> None:
    p = pakket({"professional": "professional_id,functie"})
    assert p.bestanden["professional"].rijen == 0
    assert rows(p, "professional", ruw=False) == []


def test_hash_and_size_are_those_of_the_file(pakket: Maak) -> None:
    inhoud = b"professional_id\na\n"
    bestand = pakket({"professional": inhoud}).bestanden["professional"]
    assert bestand.sha256 == hashlib.sha256(inhoud).hexdigest()
    assert bestand.bytes == len(inhoud)
    assert bestand.pad == "professional.csv"


def test_folder_with_wildcards_in_its_name(tmp_path: Path, schrijf: Schrijf) -> None:
    oud = schrijf({"professional": "professional_id,functie\na,x"})
    nieuw = oud.rename(tmp_path / "levering [2] 'juni' *")
    assert open_package(nieuw).bestanden["professional"].rijen == 1


def test_what_is_missing_is_said_in_one_sentence(pakket: Maak) -> None:
    p = pakket({"persoon": "persoon_id,rol\nk1,kind"})
    assert p.ontbreekt({"huishouden": ("begin",)}) == ""
    assert p.ontbreekt({"contact": ("datum",), "persoon": ("rol", "geslacht", "geboortejaar")}) == (
        "de tabel contact is niet geleverd; in de tabel persoon is niet geleverd: geslacht, geboortejaar"
    )
    nodig = {"persoon": ("rol",)}
    assert p.ontbreekt(nodig, {("persoon", "rol"): ("kind",)}) == ""
    assert (
        p.ontbreekt(nodig, {("persoon", "rol"): ("kind", "ouder")}) == "in persoon.rol komt niet voor: ouder"
    )


# --- unreadable lines


def unreadable(pakket: Package) -> list[tuple[str, int, str]]:
    return [
        (f.tabel, f.aantal, f.toelichting)
        for f in check(pakket)
        if f.regel == "leesbaarheid" and f.status is Status.GEFAALD
    ]


def test_lines_with_too_few_or_too_many_columns_are_counted_and_located(pakket: Maak) -> None:
    p = pakket({"professional": b'professional_id,functie\na,"x\ny"\nb\nc,z\n\nd,x,y,z\ne,"x"y\nf,x\n'})
    bestand = p.bestanden["professional"]
    assert [r["professional_id"] for r in rows(p, "professional")] == ["a", "c", "f"]
    assert (bestand.rijen, bestand.onleesbaar, bestand.onleesbare_regels) == (3, 3, (4, 7, 8))
    assert unreadable(p) == [
        (
            "professional",
            3,
            "Een regel heeft te veel of te weinig kolommen, of een aanhalingsteken dat niet wordt gesloten. "
            "Eerste regels in professional.csv (de kop is regel 1): 4, 7, 8. "
            "De rijnummers van andere bevindingen tellen deze regels niet mee.",
        )
    ]


@pytest.mark.parametrize("einde", ["\n", "\r\n", "\r"])
def test_line_numbers_do_not_depend_on_the_line_ending_or_bom(einde: str, pakket: Maak) -> None:
    tekst = einde.join(["professional_id,functie", "a,x", "b", "c,x", "d,x,y", ""])
    p = pakket({"professional": b"\xef\xbb\xbf" + tekst.encode()})
    assert p.bestanden["professional"].onleesbare_regels == (3, 5)


def test_only_the_first_line_numbers_are_kept_but_all_are_counted(pakket: Maak) -> None:
    p = pakket({"professional": "professional_id,functie\n" + "a\n" * 9 + "b,x"})
    assert p.bestanden["professional"].onleesbaar == 9
    assert p.bestanden["professional"].onleesbare_regels == (2, 3, 4, 5, 6)


def test_quote_that_is_never_closed_is_not_read_as_fine(pakket: Maak) -> None:
    p = pakket({"professional": 'professional_id,functie\na,x\nb,"y\n' + "c,z\n" * 1000})
    assert p.bestanden["professional"].rijen == 1
    assert p.bestanden["professional"].onleesbare_regels == (3,)


def test_line_of_more_than_a_megabyte_is_reported(pakket: Maak) -> None:
    p = pakket({"professional": f"professional_id,functie\na,{'x' * (1 << 21)}\nb,y\n"})
    assert [r["professional_id"] for r in rows(p, "professional")] == ["b"]
    assert p.bestanden["professional"].onleesbare_regels == (2,)


def test_large_file_keeps_order_and_counts_every_bad_line(pakket: Maak) -> None:
    keus = random.Random(7)
    aantal = 60_000
    slecht = set(keus.sample(range(aantal), 400))
    breed = set(keus.sample(range(aantal), 400)) - slecht
    regels = ["professional_id,functie"]
    for i in range(aantal):
        if i in slecht:
            regels.append(f"m{i}" if i % 2 else f"m{i},a,b")
        elif i in breed:
            regels.append(f'm{i},"tekst over\ntwee regels"')
        else:
            regels.append(f"m{i},{'vulling' * 10}")
    p = pakket({"professional": "\n".join(regels).encode()})
    assert p.bestanden["professional"].onleesbaar == len(slecht)
    gelezen = p.raw["professional"].order_by(ROW).to_pandas()
    assert list(gelezen["professional_id"]) == [f"m{i}" for i in range(aantal) if i not in slecht]
    assert list(gelezen[ROW]) == list(range(1, aantal - len(slecht) + 1))
    tekst = "\n".join(regels).split("\n")
    eerste = p.bestanden["professional"].onleesbare_regels
    assert [tekst[r - 1].split(",")[0] for r in eerste] == [f"m{i}" for i in sorted(slecht)[:5]]


# --- files that are refused


@pytest.mark.parametrize(
    ("inhoud", "wat", "waar", "kreeg"),
    [
        (b"", "het bestand is leeg of begint met een lege regel", "professional.csv", ""),
        (b"\n\n", "het bestand is leeg of begint met een lege regel", "professional.csv", ""),
        (b"\xef\xbb\xbf", "het bestand is leeg of begint met een lege regel", "professional.csv", ""),
        (
            "professional_id,functie\na,x\nb,coördinator\n".encode("latin-1"),
            "het bestand is niet in UTF-8 gecodeerd",
            "professional.csv, regel 3",
            "een andere codering",
        ),
        (
            "professional_id,functie\na,x\n".encode("utf-16"),
            "het bestand is niet in UTF-8 gecodeerd",
            "professional.csv, regel 1",
            "UTF-16",
        ),
        (
            "professional_id,functie\na,x\n".encode("utf-16-le"),
            "het bestand is niet in UTF-8 gecodeerd",
            "professional.csv, regel 1",
            "UTF-16",
        ),
        (
            "professional_id,functie\na,é".encode()[:-1],
            "het bestand is niet in UTF-8 gecodeerd",
            "professional.csv, regel 2",
            "een andere codering",
        ),
        (
            b"professional_id;functie\na;x\n",
            "het bestand heeft een ander scheidingsteken",
            "professional.csv, regel 1",
            "een puntkomma",
        ),
        (
            b'"professional_id"\t"functie"\n"a"\t"x"\n',
            "het bestand heeft een ander scheidingsteken",
            "professional.csv, regel 1",
            "een tab",
        ),
        (
            b"Jansen,0612345678\nDe Vries,0687654321\n",
            "het bestand heeft geen enkele kolom van de tabel professional",
            "professional.csv, regel 1",
            "",
        ),
        (
            b"professional_id,functie,Functie\na,x,y\n",
            "een kolomnaam is leeg, komt dubbel voor of is gereserveerd",
            "professional.csv, regel 1, kolom 2, 3",
            "",
        ),
        (
            b"professional_id,functie,\na,x,\n",
            "een kolomnaam is leeg, komt dubbel voor of is gereserveerd",
            "professional.csv, regel 1, kolom 3",
            "",
        ),
        (
            b"_rij,professional_id\n1,a\n",
            "een kolomnaam is leeg, komt dubbel voor of is gereserveerd",
            "professional.csv, regel 1, kolom 1",
            "",
        ),
        (
            b"professional_id,functie\na,x\r\nb,y\n",
            "het bestand is niet als CSV te lezen",
            "professional.csv",
            "",
        ),
        (
            b'"professional_id,functie\nJansen,x\n',
            "een aanhalingsteken op de eerste regel wordt niet gesloten",
            "professional.csv, regel 1",
            "",
        ),
        (
            b'"professional_id,functie\n' + b"Jansen,x\n" * 20_000,
            "een aanhalingsteken op de eerste regel wordt niet gesloten",
            "professional.csv, regel 1",
            "",
        ),
    ],
)
def test_file_that_is_refused(inhoud: bytes, wat: str, waar: str, kreeg: str, schrijf: Schrijf) -> None:
    map_ = schrijf({"professional": inhoud})
    fout = refusal(lambda: open_package(map_))
    assert (fout.wat, fout.waar, fout.kreeg) == (wat, waar, kreeg)
    assert fout.herstel
    assert not [w for w in ("Jansen", "0612345678", "De Vries", "coördinator") if w in str(fout)]


def test_message_of_a_refusal_is_whole(schrijf: Schrijf) -> None:
    map_ = schrijf({"professional": b"professional_id;functie\na;x\n"})
    assert str(refusal(lambda: open_package(map_))) == (
        "Invoer niet leesbaar: het bestand heeft een ander scheidingsteken\n"
        "  Waar: professional.csv, regel 1\n"
        "  Verwacht: een komma\n"
        "  Kreeg: een puntkomma\n"
        "  Herstel: sla het bestand op met een komma als scheidingsteken"
    )


def test_cut_character_on_the_edge_of_a_block_is_no_error(
    pakket: Maak, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toekomstscenario_eval.data.text_file._CHUNK", 7)
    p = pakket({"professional": "professional_id,functie\n" + "a,ééééééé\n" * 5})
    assert p.bestanden["professional"].rijen == 5


def test_line_of_a_coding_error_is_right_in_small_blocks(
    schrijf: Schrijf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toekomstscenario_eval.data.text_file._CHUNK", 5)
    map_ = schrijf({"professional": "professional_id,functie\na,é\nb,é\n".encode() + b"c,\xe9x\n"})
    assert refusal(lambda: open_package(map_)).waar == "professional.csv, regel 4"


# --- the description of a package


def rewrite(map_: Path, wijzig: Callable[[dict[str, Any]], None]) -> Path:
    pad = map_ / "datapackage.json"
    bron = json.loads(pad.read_text(encoding="utf-8"))
    wijzig(bron)
    pad.write_text(json.dumps(bron), encoding="utf-8")
    return map_


def set_path(tabel: str, pad: str) -> Callable[[dict[str, Any]], None]:
    def wijzig(bron: dict[str, Any]) -> None:
        next(r for r in bron["resources"] if r["name"] == tabel)["path"] = pad

    return wijzig


@pytest.mark.parametrize(
    ("wijzig", "wat"),
    [
        (
            lambda b: b.update(schema_versie="2.0.0"),
            "het pakket volgt een andere versie van de gegevensafspraak",
        ),
        (lambda b: b.pop("schema_versie"), "'schema_versie' ontbreekt of heeft de verkeerde vorm"),
        (lambda b: b.update(peildatum="20240701"), "'peildatum' is geen bestaande datum"),
        (lambda b: b.update(peildatum="2024-02-30"), "'peildatum' is geen bestaande datum"),
        (lambda b: b.update(peildatum=20240701), "'peildatum' ontbreekt of heeft de verkeerde vorm"),
        (lambda b: b.update(peildatum="2022-01-01"), "het venster is leeg of loopt terug"),
        (lambda b: b.update(waarneemvenster=[]), "'waarneemvenster' ontbreekt of heeft de verkeerde vorm"),
        (lambda b: b["waarneemvenster"].pop("eind"), "'eind' ontbreekt of heeft de verkeerde vorm"),
        (lambda b: b.pop("name"), "'name' ontbreekt of heeft de verkeerde vorm"),
        (lambda b: b.update(resources={}), "'resources' ontbreekt of heeft de verkeerde vorm"),
        (lambda b: b["resources"].append("persoon.csv"), "een tabel in 'resources' mist 'name' of 'path'"),
        (
            lambda b: b["resources"].append({"name": "persoon"}),
            "een tabel in 'resources' mist 'name' of 'path'",
        ),
        (
            lambda b: b["resources"].append({"name": "personen", "path": "p.csv"}),
            "de tabel 'personen' bestaat niet in de gegevensafspraak",
        ),
        (
            lambda b: b["resources"].append(b["resources"][0]),
            "de tabel proeftuin staat twee keer in 'resources'",
        ),
        (lambda b: b["resources"].pop(), "de tabel huishouden ontbreekt"),
        (set_path("proeftuin", "../elders.csv"), "het bestand van de tabel proeftuin ligt buiten het pakket"),
        (set_path("proeftuin", "/elders.csv"), "het bestand van de tabel proeftuin ligt buiten het pakket"),
        (set_path("proeftuin", "weg.csv"), "het bestand van de tabel proeftuin ontbreekt"),
        (set_path("proeftuin", ""), "het bestand van de tabel proeftuin ontbreekt"),
        (
            set_path("proeftuin", "datapackage.json"),
            "het bestand van de tabel proeftuin heeft geen bekende vorm",
        ),
    ],
)
def test_description_that_is_refused(
    wijzig: Callable[[dict[str, Any]], None], wat: str, schrijf: Schrijf
) -> None:
    map_ = rewrite(schrijf(), wijzig)
    assert refusal(lambda: open_package(map_)).wat == wat


def test_wrong_table_name_gets_a_hint(schrijf: Schrijf) -> None:
    map_ = rewrite(schrijf(), lambda b: b["resources"].append({"name": "personen", "path": "p.csv"}))
    assert refusal(lambda: open_package(map_)).herstel == "Bedoelt u 'persoon'?"


def test_link_to_a_file_outside_the_package_is_refused(schrijf: Schrijf, tmp_path: Path) -> None:
    map_ = schrijf()
    buiten = tmp_path / "buiten.csv"
    (map_ / "proeftuin.csv").rename(buiten)
    (map_ / "proeftuin.csv").symlink_to(buiten)
    assert refusal(lambda: open_package(map_)).wat == (
        "het bestand van de tabel proeftuin ligt buiten het pakket"
    )


@pytest.mark.parametrize(
    ("inhoud", "wat"),
    [
        (b"{", "datapackage.json is geen geldige JSON in UTF-8"),
        (b"\xff\xfe{}", "datapackage.json is geen geldige JSON in UTF-8"),
        (b"[]", "datapackage.json is geen JSON-object"),
        (None, "datapackage.json ontbreekt"),
    ],
)
def test_description_that_cannot_be_read(inhoud: bytes | None, wat: str, schrijf: Schrijf) -> None:
    map_ = schrijf()
    pad = map_ / "datapackage.json"
    pad.unlink() if inhoud is None else pad.write_bytes(inhoud)
    assert refusal(lambda: open_package(map_)).wat == wat


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert refusal(lambda: open_package(tmp_path / "nergens")).wat == "de map met het pakket bestaat niet"


def test_sources_and_contributors_may_be_missing_or_odd(pakket: Maak) -> None:
    p = pakket(sources=None, contributors=[{"title": "A"}, {"email": "x"}, "B"], title="")
    assert (p.bronnen, p.contact, p.titel) == ((), "A", "proef")


def test_window_never_reaches_beyond_the_peildatum(pakket: Maak) -> None:
    p = pakket(waarneemvenster={"begin": "2023-01-01", "eind": "2030-01-01"})
    assert p.venster.eind == p.peildatum == date(2024, 7, 1)


# --- Parquet


def parquet_package(map_: Path, tabel: str, inhoud: pa.Table) -> Path:
    (map_ / f"{tabel}.parquet").unlink(missing_ok=True)
    pq.write_table(inhoud, map_ / f"{tabel}.parquet")

    def wijzig(bron: dict[str, Any]) -> None:
        bron["resources"] = [r for r in bron["resources"] if r["name"] != tabel]
        bron["resources"].append({"name": tabel, "path": f"{tabel}.parquet", "format": "parquet"})

    return rewrite(map_, wijzig)


def test_parquet_as_a_data_frame_writes_it(schrijf: Schrijf) -> None:
    frame = pd.DataFrame(
        {
            "persoon_id": ["k1", "k2", "k3"],
            "huishouden_id": ["h1", "h1", ""],
            "geboortejaar": [2010.0, None, 2011.5],
            "rol": pd.Categorical(["kind", "ouder", None]),
        }
    )
    p = open_package(parquet_package(schrijf(), "persoon", pa.Table.from_pandas(frame, preserve_index=False)))
    assert [
        (r["_rij"], r["geboortejaar"], r["rol"], r["huishouden_id"]) for r in rows(p, "persoon", ruw=False)
    ] == [
        (1, 2010, "kind", "h1"),
        (2, None, "ouder", "h1"),
        (3, None, None, None),
    ]


def test_parquet_timestamps_are_dates_only_at_midnight(schrijf: Schrijf) -> None:
    begin = [datetime(2024, 1, 1), datetime(2024, 1, 1, 12), None]  # noqa: DTZ001 - naive on purpose
    bewust = [datetime(2024, 1, 1, tzinfo=timezone.utc)] * 3  # noqa: UP017
    tabel = pa.table(
        {
            "betrokkenheid_id": ["b1", "b2", "b3"],
            "begin": pa.array(begin, pa.timestamp("us")),
            "eind": pa.array(bewust, pa.timestamp("us", tz="UTC")),
        }
    )
    p = open_package(parquet_package(schrijf(), "betrokkenheid", tabel))
    gelezen = rows(p, "betrokkenheid", ruw=False)
    assert [r["begin"] for r in gelezen] == [date(2024, 1, 1), None, None]
    assert [r["eind"] for r in gelezen] == [None, None, None]
    typen = {(f.kolom, f.aantal, f.rijen) for f in check(p) if f.regel == "typen" and f.aantal}
    assert typen == {("begin", 1, (2,)), ("eind", 3, (1, 2, 3))}


def test_parquet_and_csv_give_the_same_typed_rows(schrijf: Schrijf, tmp_path: Path) -> None:
    csv = open_package(schrijf({"meting": "meting_id | datum | waarde\nm1 | 2024-01-01 | 3\nm2 | | 2.5"}))
    verwacht = rows(csv, "meting", ruw=False)
    tabel = pa.table(
        {
            "meting_id": ["m1", "m2"],
            "datum": pa.array([date(2024, 1, 1), None], pa.date32()),
            "waarde": pa.array([3.0, 2.5], pa.float32()),
        }
    )
    assert rows(open_package(parquet_package(schrijf(), "meting", tabel)), "meting", ruw=False) == verwacht


@pytest.mark.parametrize("deel", [0.3, 0.9])
def test_truncated_parquet_is_refused(deel: float, schrijf: Schrijf) -> None:
    tabel = pa.table({"professional_id": [f"m{i}" for i in range(5000)]})
    map_ = parquet_package(schrijf(), "professional", tabel)
    pad = map_ / "professional.parquet"
    pad.write_bytes(pad.read_bytes()[: int(pad.stat().st_size * deel)])
    fout = refusal(lambda: open_package(map_))
    assert (fout.wat, fout.waar) == ("het bestand is geen leesbaar Parquet-bestand", "professional.parquet")


def test_parquet_damaged_inside_is_never_found_fine(schrijf: Schrijf) -> None:
    tabel = pa.table({"professional_id": [f"m{i}" for i in range(5000)], "functie": ["x"] * 5000})
    map_ = parquet_package(schrijf(), "professional", tabel)
    pad = map_ / "professional.parquet"
    ruw = bytearray(pad.read_bytes())
    ruw[200:4000] = b"\xff" * 3800
    pad.write_bytes(bytes(ruw))
    bevindingen = check(open_package(map_))
    fout = [f for f in bevindingen if f.status is Status.FOUT and f.tabel == "professional"]
    assert {"sleutel", "verplicht", "patroon_en_bereik"} <= {f.regel for f in fout}
    assert all(f.blokkeert for f in fout)


@pytest.mark.parametrize("naam", ["_rij", "file_row_number"])
def test_parquet_with_a_reserved_column_is_refused(naam: str, schrijf: Schrijf) -> None:
    map_ = parquet_package(schrijf(), "professional", pa.table({"professional_id": ["a"], naam: [1]}))
    fout = refusal(lambda: open_package(map_))
    assert fout.wat == "een kolomnaam is leeg, komt dubbel voor of is gereserveerd"


def test_parquet_without_a_known_column_is_refused(schrijf: Schrijf) -> None:
    map_ = parquet_package(schrijf(), "professional", pa.table({"naam": ["Jansen"]}))
    fout = refusal(lambda: open_package(map_))
    assert fout.wat == "het bestand heeft geen enkele kolom van de tabel professional"
    assert "Jansen" not in str(fout)


# --- parsing


def parsed(waarden: list[Any], soort: str, type_: pa.DataType | None = None) -> list[Any]:
    kolom = ibis.memtable(pa.table({"i": range(len(waarden)), "w": pa.array(waarden, type_ or pa.string())}))
    veld = Field("w", soort, "", "", {}, None)
    uit = kolom.select("i", w=parse(kolom.w, veld)).order_by("i")
    return [r["w"] for r in uit.to_pyarrow().to_pylist()]


def test_dates_are_read_in_one_notation_only() -> None:
    goed = ["2024-02-29", "1900-01-01", "9999-12-31"]
    fout = [
        "2023-02-29",
        "20240101",
        "1-1-2024",
        "2024-1-1",
        "2024-01-01 ",
        " 2024-01-01",
        "2024-01-01T00:00",
    ]
    fout += ["0000-01-01", "0024-01-01", "2024-00-00", "2024-13-01", "infinity", "epoch", "", "2024/01/01"]
    assert parsed(goed, "date") == [date.fromisoformat(d) for d in goed]
    assert parsed(fout, "date") == [None] * len(fout)


def test_whole_numbers() -> None:
    assert parsed(["0", "-7", "007", "999999999999999999"], "integer") == [0, -7, 7, 999999999999999999]
    assert parsed(["1.0", "1e3", "+1", "1 000", "", "x", "9" * 19], "integer") == [None] * 7
    assert parsed([1.0, 2.5, None, float("nan"), 1e300], "integer", pa.float64()) == [
        1,
        None,
        None,
        None,
        None,
    ]
    assert parsed([2**63, 5], "integer", pa.uint64()) == [None, 5]
    assert parsed(["2024", "24", "02024", "2024.0"], "year") == [2024, None, None, None]


def test_numbers() -> None:
    assert parsed(["1", "-1.50", "2e-3"], "number") == [1.0, -1.5, 0.002]
    assert parsed(["1,5", ".5", "5.", "nan", "inf", "1e999", "-1e999", "", "0x1"], "number") == [None] * 9
    assert parsed([1.5, float("nan"), float("inf"), None], "number", pa.float64()) == [1.5, None, None, None]
    assert parsed([3], "number", pa.int32()) == [3.0]


def test_booleans() -> None:
    assert parsed(["true", "False", "1", "0"], "boolean") == [True, False, True, False]
    assert parsed(["ja", "nee", "waar", "T", " true", ""], "boolean") == [None] * 6
    assert parsed([True, None], "boolean", pa.bool_()) == [True, None]


def test_empty_text_is_null() -> None:
    assert parsed(["", " ", "x"], "string") == [None, " ", "x"]
    assert parsed([11], "string", pa.int64()) == ["11"]


@given(st.lists(st.dates(min_value=date(1000, 1, 1)), min_size=1))
def test_every_date_survives(dagen: list[date]) -> None:
    assert parsed([d.isoformat() for d in dagen], "date") == dagen


def test_schema_knows_version_keys_and_codes() -> None:
    schema = load_schema()
    assert schema.versie == "1.1.0"
    assert schema.tabellen["overleg_deelname"].sleutel == ("overleg_id", "professional_id")
    assert schema.tabellen["huishouden"].veld("begin").required
    assert schema.codelists["maatregel_soort"].labels["11"] == "Ondertoezichtstelling"
    with pytest.raises(KeyError):
        schema.tabellen["huishouden"].veld("weg")
