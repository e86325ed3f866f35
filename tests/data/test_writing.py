"""Writing a package: exact bytes, nothing lost, all or nothing."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.data import writing
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.writing import write_package
from toekomstscenario_eval.errors import GebruikFout, UitvoerFout
from toekomstscenario_eval.types import Venster

PROEFTUIN = pd.DataFrame(
    {
        "tranche": [1.0, None],
        "start_datum": [pd.Timestamp("2024-04-01"), pd.NaT],
        "soort": pd.Categorical(["proeftuin", "vergelijking"]),
        "naam": ['Noord, "West"', "Zuid"],
        "proeftuin_id": ["p1", "p2"],
    }
)
HUISHOUDEN = pd.DataFrame(
    {
        "huishouden_id": ["h1", "h2"],
        "proeftuin_id": ["p1", "p2"],
        "begin": [date(2024, 1, 1), date(2024, 2, 29)],
        "eind": ["", None],
        "gezinsprofiel": [None, None],
    }
)


def schrijf(map_: Path, *, formaat: str = "csv", **tabellen: pd.DataFrame) -> Path:
    return write_package(
        map_,
        tables={"proeftuin": PROEFTUIN, "huishouden": HUISHOUDEN, **tabellen},
        naam="proef",
        title="Een proef met ë",
        peildatum=date(2024, 7, 1),
        venster=Venster(date(2024, 1, 1), date(2024, 7, 1)),
        sources=("bron een", "bron twee"),
        contact="het team",
        fmt=formaat,
    )


def weiger(map_: Path, **tabellen: pd.DataFrame) -> str:
    with pytest.raises(UitvoerFout) as fout:
        schrijf(map_, **tabellen)
    return str(fout.value)


def test_csv_has_exactly_these_bytes(tmp_path: Path) -> None:
    map_ = schrijf(tmp_path / "uit")
    assert (map_ / "proeftuin.csv").read_bytes() == (
        b"proeftuin_id,naam,soort,start_datum,tranche\n"
        b'p1,"Noord, ""West""",proeftuin,2024-04-01,1\n'
        b"p2,Zuid,vergelijking,,\n"
    )
    assert (map_ / "huishouden.csv").read_bytes() == (
        b"huishouden_id,proeftuin_id,begin,eind,gezinsprofiel\nh1,p1,2024-01-01,,\nh2,p2,2024-02-29,,\n"
    )


def test_the_description_is_readable_and_complete(tmp_path: Path) -> None:
    map_ = schrijf(tmp_path / "uit")
    assert json.loads((map_ / "datapackage.json").read_text(encoding="utf-8")) == {
        "name": "proef",
        "title": "Een proef met ë",
        "schema_versie": "1.1.0",
        "peildatum": "2024-07-01",
        "waarneemvenster": {"begin": "2024-01-01", "eind": "2024-07-01"},
        "sources": [{"title": "bron een"}, {"title": "bron twee"}],
        "contributors": [{"title": "het team"}],
        "resources": [
            {"name": n, "path": f"{n}.csv", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
            for n in ("proeftuin", "huishouden")
        ],
    }
    pakket = open_package(map_)
    assert (pakket.naam, pakket.bronnen, pakket.contact) == ("proef", ("bron een", "bron twee"), "het team")


def test_booleans_integers_and_numbers(tmp_path: Path) -> None:
    overleg = pd.DataFrame(
        {
            "overleg_id": ["o1", "o2", "o3"],
            "huishouden_id": ["h1"] * 3,
            "datum": pd.array(["2024-03-01"] * 3, dtype="string"),
            "soort": ["mdo"] * 3,
            "gezin_aanwezig": [True, None, False],
        }
    )
    persoon = pd.DataFrame(
        {
            "persoon_id": ["a", "b"],
            "huishouden_id": ["h1", "h1"],
            "rol": ["kind", "kind"],
            "geboortejaar": pd.array([2015, None], dtype="Int64"),
        }
    )
    map_ = schrijf(tmp_path / "uit", overleg=overleg, persoon=persoon)
    assert (map_ / "overleg.csv").read_text().splitlines()[1:] == [
        "o1,h1,2024-03-01,mdo,true",
        "o2,h1,2024-03-01,mdo,",
        "o3,h1,2024-03-01,mdo,false",
    ]
    assert (map_ / "persoon.csv").read_text().splitlines()[1:] == ["a,h1,kind,2015", "b,h1,kind,"]


def test_what_is_no_date_or_integer_is_written_as_it_is(tmp_path: Path) -> None:
    huishouden = HUISHOUDEN.assign(begin=["2024-02-30", "onbekend"])
    proeftuin = PROEFTUIN.assign(tranche=[1.5, np.nan])
    map_ = schrijf(tmp_path / "uit", huishouden=huishouden, proeftuin=proeftuin)
    assert (map_ / "huishouden.csv").read_text().splitlines()[1:] == [
        "h1,p1,2024-02-30,,",
        "h2,p2,onbekend,,",
    ]
    assert (map_ / "proeftuin.csv").read_text().splitlines()[1].endswith(",1.5")


def test_parquet_has_the_types_of_the_contract(tmp_path: Path) -> None:
    map_ = schrijf(tmp_path / "uit", formaat="parquet")
    schema = pq.read_schema(map_ / "proeftuin.parquet")
    assert schema.names == ["proeftuin_id", "naam", "soort", "start_datum", "tranche"]
    assert schema.field("start_datum").type == pa.date32()
    assert schema.field("tranche").type == pa.int64()
    assert pq.read_schema(map_ / "huishouden.parquet").field("gezinsprofiel").type == pa.string()
    assert open_package(map_).tabellen["proeftuin"].naam.execute().tolist() == ['Noord, "West"', "Zuid"]


@pytest.mark.parametrize("formaat", ["csv", "parquet"])
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, formaat: str) -> None:
    a, b = (schrijf(tmp_path / n, formaat=formaat) for n in "ab")
    assert {p.name: p.read_bytes() for p in a.iterdir()} == {p.name: p.read_bytes() for p in b.iterdir()}


def test_a_table_without_rows_gets_no_file(tmp_path: Path) -> None:
    map_ = schrijf(tmp_path / "uit", reflectie=pd.DataFrame({"reflectie_id": []}))
    assert sorted(p.name for p in map_.iterdir()) == ["datapackage.json", "huishouden.csv", "proeftuin.csv"]


@settings(max_examples=25, deadline=None)
@given(
    namen=st.lists(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\x00"), max_size=12),
        min_size=1,
    )
)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, namen: list[str]) -> None:
    tabel = pd.DataFrame({"professional_id": [f"x{i}" for i in range(len(namen))], "functie": namen})
    map_ = schrijf(tmp_path_factory.mktemp("tekst") / "uit", professional=tabel)
    terug = list(
        csv.reader(io.StringIO((map_ / "professional.csv").read_bytes().decode("utf-8"), newline=""))
    )
    assert [r[1] for r in terug[1:]] == namen


def test_an_empty_folder_is_used_and_folders_above_are_made(tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()
    assert (schrijf(tmp_path / "leeg") / "huishouden.csv").is_file()
    assert (schrijf(tmp_path / "een" / "twee") / "huishouden.csv").is_file()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["een", "leeg"]


def test_a_used_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    doel = tmp_path / "uit"
    schrijf(doel)
    vooraf = {p.name: p.read_bytes() for p in doel.iterdir()}
    assert weiger(doel) == (
        "Uitvoer niet gelukt: de plek voor het pakket is al in gebruik\n"
        f"  Waar: {doel}\n"
        "  Verwacht: een map die nog niet bestaat of leeg is\n"
        "  Herstel: kies een andere map, of verwijder deze eerst zelf"
    )
    assert {p.name: p.read_bytes() for p in doel.iterdir()} == vooraf


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("geen map")
    doel = tmp_path / "bestand" / "uit"
    tekst = weiger(doel).splitlines()
    assert tekst[:2] == [
        "Uitvoer niet gelukt: het pakket kan hier niet worden geschreven; er is niets achtergebleven",
        f"  Waar: {doel}",
    ]
    assert tekst[-1] == "  Herstel: controleer of u in deze map mag schrijven en of de schijf niet vol is"


@pytest.mark.parametrize("soort", [OSError, KeyboardInterrupt])
def test_nothing_stays_behind_when_writing_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soort: type[BaseException]
) -> None:
    echt, geschreven = writing._write_table, []

    def halverwege(tabel: Any, pad: Path) -> None:
        if geschreven:
            raise soort(28, "No space left on device")
        echt(tabel, pad)
        geschreven.append(pad.exists())

    monkeypatch.setattr(writing, "_write_table", halverwege)
    with pytest.raises(UitvoerFout if soort is OSError else soort):
        schrijf(tmp_path / "uit")
    assert geschreven == [True]
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(GebruikFout, match="het formaat 'xlsx' bestaat niet"):
        schrijf(tmp_path / "uit", formaat="xlsx")


def test_an_unknown_table(tmp_path: Path) -> None:
    assert weiger(tmp_path / "uit", huishoudens=HUISHOUDEN) == (
        "Uitvoer niet gelukt: de tabel 'huishoudens' bestaat niet in de gegevensafspraak\n"
        "  Herstel: Bedoelt u 'huishouden'?"
    )


def test_a_required_table_without_rows(tmp_path: Path) -> None:
    assert weiger(tmp_path / "uit", huishouden=HUISHOUDEN.head(0)) == (
        "Uitvoer niet gelukt: de tabel huishouden heeft geen rijen\n"
        "  Verwacht: in elk pakket ten minste: proeftuin, huishouden\n"
        "  Herstel: lever de tabel huishouden mee"
    )


def test_an_unknown_column(tmp_path: Path) -> None:
    tekst = weiger(tmp_path / "uit", professional=pd.DataFrame({"professional_id": ["a"], "voornaam": ["X"]}))
    assert tekst == (
        "Uitvoer niet gelukt: de tabel professional heeft kolommen die niet in de gegevensafspraak staan of "
        "dubbel zijn\n"
        "  Waar: tabel professional\n"
        "  Verwacht: professional_id, functie\n"
        "  Kreeg: voornaam\n"
        "  Herstel: laat deze kolommen weg of geef ze de naam uit de gegevensafspraak"
    )
    assert not (tmp_path / "uit").exists()


def test_a_column_that_occurs_twice(tmp_path: Path) -> None:
    dubbel = pd.DataFrame([["a", "b"]], columns=["professional_id", "professional_id"])
    assert "  Kreeg: een kolom die dubbel voorkomt" in weiger(tmp_path / "uit", professional=dubbel)


def test_a_date_with_a_time_is_refused_with_its_row(tmp_path: Path) -> None:
    begin = [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02 13:45")]
    assert weiger(tmp_path / "uit", huishouden=HUISHOUDEN.assign(begin=begin)) == (
        "Uitvoer niet gelukt: een datumkolom bevat ook een tijd van de dag\n"
        "  Waar: tabel huishouden, kolom begin, rij 2\n"
        "  Verwacht: alleen datums\n"
        "  Kreeg: 1 waarden met een tijd\n"
        "  Herstel: rond de kolom eerst af op hele dagen"
    )


def test_a_column_of_mixed_kinds_is_refused_without_its_values(tmp_path: Path) -> None:
    tekst = weiger(tmp_path / "uit", professional=pd.DataFrame({"professional_id": ["geheim", 3]}))
    assert tekst == (
        "Uitvoer niet gelukt: een kolom bevat waarden van verschillende soort\n"
        "  Waar: tabel professional, kolom professional_id\n"
        "  Herstel: maak van de hele kolom tekst, getallen of datums"
    )
