"""Several sources by one mapping, deliveries under each other, the quarantine, and a package in steps."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

import toekomstscenario_eval as tks
from toekomstscenario_eval.cli import app
from toekomstscenario_eval.data.importers import quarantine
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.errors import InvoerFout

PEIL = date(2024, 1, 1)
PAKKET = """
pakket:
  naam: twee-gi
  titel: Twee GI's in twee halve jaren
  peildatum: 2024-01-01
  waarneemvenster: {begin: 2022-01-01, eind: 2024-01-01}
  bronnen: [gemeente, GI]
  contact: onderzoeker
"""
GEZINNEN = """
  gezinnen:
    bestand: gezinnen.csv
    kolommen:
      gezin: {sleutel: ongewijzigd}
      kind: {sleutel: ongewijzigd}
"""
MAATREGELEN = r"""
  maatregelen:
    bestand: "GI_*.csv"
    uit_bestandsnaam: {gi: "GI_([A-Z])_", halfjaar: "_(\\d{4}H\\d)"}
    datumnotatie: jjjjmmdd
    onleesbare_rijen: apart
    kolommen:
      kind: {sleutel: ongewijzigd}
      gi: {sleutel: ongewijzigd}
    levering: {volgorde: halfjaar, leverancier: gi, sleutel: [gi, kind, soort, begin]}
"""
TABELLEN_GEMEENTE = """
  proeftuin:
    bron: gezinnen
    per: []
    kolommen:
      proeftuin_id: {vast: p1}
      naam: {vast: Proeftuin}
      soort: {vast: proeftuin}
  huishouden:
    bron: gezinnen
    per: [gezin]
    periode: {van: instroom, tot: uitstroom, laatste_dag_telt_mee: nee}
    kolommen:
      huishouden_id: {kolom: gezin}
      proeftuin_id: {vast: p1}
  persoon:
    bron: gezinnen
    kolommen:
      persoon_id: {kolom: kind}
      huishouden_id: {kolom: gezin}
      rol: {vast: kind}
      geboortejaar: {kolom: jaar}
"""
TABELLEN_GI = """
  organisatie:
    bron: maatregelen
    per: [gi]
    kolommen:
      organisatie_id: {kolom: gi}
      soort: {vast: gi}
  maatregel:
    bron: maatregelen
    periode:
      van: begin
      tot: eind
      laatste_dag_telt_mee: ja
      van_leeg: {wordt: gezien, merk: begin_onbekend}
    kolommen:
      maatregel_id: {nummer: m}
      persoon_id: {kolom: kind}
      soort: {kolom: soort}
      organisatie_id: {kolom: gi}
      reden_einde: {kolom: reden}
"""
ALLES = f"{PAKKET}bronnen:{GEZINNEN}{MAATREGELEN}tabellen:{TABELLEN_GEMEENTE}{TABELLEN_GI}"


def _day(text: object) -> str:
    return "" if pd.isna(text) else f"{pd.Timestamp(text):%Y%m%d}"


def world(folder: Path, n: int = 600, seed: int = 7) -> pd.DataFrame:
    """Write a municipality and two GIs in two half-years; return the measures as they truly were.

    Each half-year a GI delivers every measure that ran in it, with an end only when it had ended by then.
    Some move to the other GI, which does not know when they began.
    """
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2022-07-01") + pd.to_timedelta(rng.integers(0, 360, n), "D")
    truth = pd.DataFrame(
        {
            "kind": [f"k{i:04d}" for i in range(n)],
            "gi": rng.choice(["A", "B"], n),
            "begin": start,
            "dagen": rng.integers(60, 500, n),
        }
    )
    truth["eind"] = truth["begin"] + pd.to_timedelta(truth["dagen"], "D")
    moved = rng.random(n) < 0.15
    truth["overgang"] = pd.NaT
    truth.loc[moved, "overgang"] = truth["begin"] + pd.to_timedelta(truth["dagen"] // 2, "D")
    _write(folder / "gezinnen.csv", ["gezin", "kind", "jaar", "instroom", "uitstroom"], [
        [f"g{i:04d}", k, 2010 + i % 10, "2022-01-01", ""] for i, k in enumerate(truth["kind"])
    ])  # fmt: skip
    for half, (first, after) in {
        "2023H1": (pd.Timestamp("2022-07-01"), pd.Timestamp("2023-07-01")),
        "2023H2": (pd.Timestamp("2023-07-01"), pd.Timestamp("2024-01-01")),
    }.items():
        rows: dict[str, list[list[object]]] = {"A": [], "B": []}
        for r in truth.itertuples():
            other = "B" if r.gi == "A" else "A"
            spells = [(r.gi, r.begin, r.overgang, "OV", r.begin), (other, pd.NaT, r.eind, "02", r.overgang)]
            if pd.isna(r.overgang):
                spells = [(r.gi, r.begin, r.eind, "02", r.begin)]
            for gi, begin, eind, reden, seen in spells:
                if seen >= after or eind < first:
                    continue
                ended = eind < after
                last = eind - timedelta(days=1)
                rows[gi].append(
                    [
                        r.kind,
                        "11",
                        _day(begin),
                        _day(last) if ended else "",
                        reden if ended else "",
                        _day(seen),
                    ]
                )
        for gi, lines in rows.items():
            order = rng.permutation(len(lines))
            _write(
                folder / f"GI_{gi}_{half}.csv",
                ["kind", "soort", "begin", "eind", "reden", "gezien"],
                [lines[i] for i in order],
            )
    return truth


def _write(path: Path, heading: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([heading, *rows])


def _rows(path: Path) -> int:
    return len(pd.read_csv(path))


def _mapping(folder: Path, text: str, naam: str = "mapping.yaml") -> Path:
    path = folder / naam
    path.write_text(text, encoding="utf-8")
    return path


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("GI_*.csv"))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gi")
    truth = world(folder)
    verslag = run_import(_mapping(folder, ALLES), [], folder / "pakket")
    return folder, truth, verslag


def _duration(package: Path) -> pd.DataFrame:
    out = tks.Study.open(package, intern=True).bereken("duur_ots").schattingen
    return out[["maat", "schatting", "ondergrens", "bovengrens", "n"]].reset_index(drop=True)


def test_the_account_of_two_suppliers_in_two_half_years_adds_up(both):
    folder, truth, verslag = both
    delivered = sum(_rows(f) for f in _files(folder))
    (gezinnen, maatregelen) = verslag.sources
    account = maatregelen.account
    assert account.gelezen == delivered
    assert gezinnen.account.gelezen == gezinnen.account.gebruikt == len(truth)
    parts = (account.gebruikt, account.vertaald, account.geweigerd, account.vervangen, account.not_chosen)
    assert sum(parts) == delivered
    assert (account.geweigerd, account.not_chosen, verslag.quarantine) == (0, 0, ())
    # One spell for every measure, two for those that moved: nothing is lost and nothing counts twice.
    assert verslag.written["maatregel"] == len(truth) + int(truth["overgang"].notna().sum())


def test_the_spells_are_those_of_the_truth(both):
    folder, truth, _ = both
    got = pd.read_csv(folder / "pakket" / "maatregel.csv", dtype=str)
    known = got[got["begin_onbekend"] != "true"].set_index("persoon_id")
    assert known.index.is_unique
    assert (known["begin"] == truth.set_index("kind")["begin"].dt.strftime("%Y-%m-%d").loc[known.index]).all()
    last = got.sort_values("begin").groupby("persoon_id").tail(1).set_index("persoon_id")["eind"]
    ends = truth.set_index("kind")["eind"]
    ended = ends[ends < pd.Timestamp(PEIL)].dt.strftime("%Y-%m-%d")
    assert (last.loc[ended.index] == ended).all()
    assert last.drop(ended.index).isna().all()


def test_the_duration_is_that_of_the_truth(both, tmp_path):
    folder, truth, _ = both
    shutil.copytree(folder / "pakket", tmp_path / "waar")
    ended = truth["eind"] < pd.Timestamp(PEIL)
    pd.DataFrame(
        {
            "maatregel_id": "w" + truth["kind"],
            "persoon_id": truth["kind"],
            "soort": "11",
            "begin": truth["begin"].dt.strftime("%Y-%m-%d"),
            "eind": truth["eind"].dt.strftime("%Y-%m-%d").where(ended),
            "reden_einde": pd.Series("02", truth.index).where(ended),
            "organisatie_id": truth["gi"],
        }
    ).to_csv(tmp_path / "waar" / "maatregel.csv", index=False)
    got, want = _duration(folder / "pakket"), _duration(tmp_path / "waar")
    assert want["schatting"].iloc[0] > 0
    pd.testing.assert_frame_equal(got, want)


def test_the_files_may_come_in_any_order(both, tmp_path):
    folder, _, verslag = both
    files = [*reversed(_files(folder)), folder / "gezinnen.csv"]
    again = run_import(folder / "mapping.yaml", files, tmp_path / "pakket")
    assert again.written == verslag.written
    read = [
        pd.read_csv(p / "pakket" / "maatregel.csv", dtype=str)
        .drop(columns="maatregel_id")
        .sort_values(["persoon_id", "begin"], ignore_index=True)
        for p in (folder, tmp_path)
    ]
    pd.testing.assert_frame_equal(*read)


def test_a_package_is_built_in_steps(both, tmp_path):
    folder, _, verslag = both
    first = _mapping(tmp_path, f"{PAKKET}bronnen:{GEZINNEN}tabellen:{TABELLEN_GEMEENTE}", "gemeente.yaml")
    then = _mapping(tmp_path, f"{PAKKET}bronnen:{MAATREGELEN}tabellen:{TABELLEN_GI}", "gi.yaml")
    run_import(first, [folder / "gezinnen.csv"], tmp_path / "een")
    added = run_import(then, _files(folder), tmp_path / "twee", add_to=tmp_path / "een")
    assert added.written == verslag.written
    for table in verslag.written:
        one = (folder / "pakket" / f"{table}.csv").read_text(encoding="utf-8")
        assert (tmp_path / "twee" / f"{table}.csv").read_text(encoding="utf-8") == one
    assert not (tmp_path / "een" / "maatregel.csv").exists()


def test_rows_about_nobody_known_go_to_the_quarantine(both, tmp_path):
    folder, _, _ = both
    kept = pd.read_csv(folder / "gezinnen.csv", dtype=str)
    lost = kept["kind"].iloc[:3]
    kept.iloc[3:].to_csv(tmp_path / "gezinnen.csv", index=False)
    verslag = run_import(
        folder / "mapping.yaml",
        [tmp_path / "gezinnen.csv", *_files(folder)],
        tmp_path / "pakket",
        quarantine=tmp_path / "terug",
    )
    got = pd.read_csv(folder / "pakket" / "maatregel.csv")
    expected = int(got["persoon_id"].isin(lost).sum())
    assert verslag.written["maatregel"] == len(got) - expected
    account = verslag.sources[1].account
    assert account.geweigerd == expected
    assert sum((account.gebruikt, account.vertaald, account.geweigerd, account.vervangen)) == account.gelezen
    lines = pd.read_csv(verslag.quarantine[0], sep=";", encoding="utf-8-sig")
    assert len(lines) == expected
    assert set(lines["regel"]) == {"de sleutel staat niet in de tabel persoon"}
    for line in lines.itertuples():  # the row in the file is the row that a person sees there
        row = pd.read_csv(folder / line.bestand, dtype=str).iloc[line.rij - 2]
        assert row["kind"] in set(lost)
    assert not lines.astype(str).apply(lambda c: c.isin(lost)).any(axis=None)


def test_without_apart_a_missing_key_is_refused(both, tmp_path):
    folder, _, _ = both
    pd.read_csv(folder / "gezinnen.csv", dtype=str).iloc[3:].to_csv(tmp_path / "gezinnen.csv", index=False)
    strict = _mapping(tmp_path, ALLES.replace("    onleesbare_rijen: apart\n", ""))
    with pytest.raises(InvoerFout, match="verwijzingen kloppen niet tussen de bronnen") as fout:
        run_import(strict, [tmp_path / "gezinnen.csv", *_files(folder)], tmp_path / "pakket")
    assert "tabel maatregel, kolom persoon_id" in str(fout.value)
    assert not (tmp_path / "pakket").exists()


DRIFT = {
    # A moved its end, B opened again, C vanished, D got another begin, E went on, F ended: it may be gone.
    "2023H1": [
        "A,11,20230101,20230301",
        "B,11,20230101,20230301",
        "C,11,20230101,",
        "D,11,20230101,",
        "E,11,20230101,",
        "F,11,20230101,20230401",
    ],
    "2023H2": [
        "A,11,20230101,20230305",
        "B,11,20230101,",
        "D,11,20230115,",
        "E,11,20230101,20230901",
        "G,11,20230801,",
    ],
}


def test_what_changed_between_deliveries_is_told_by_rule(tmp_path):
    _write(
        tmp_path / "gezinnen.csv",
        ["gezin", "kind", "jaar", "instroom", "uitstroom"],
        [[f"g{k}", k, 2010, "2022-01-01", ""] for k in "ABCDEFG"],
    )
    for half, lines in DRIFT.items():
        text = "kind,soort,begin,eind,reden,gezien\n" + "".join(f"{r},,{r.split(',')[2]}\n" for r in lines)
        (tmp_path / f"GI_X_{half}.csv").write_text(text, encoding="utf-8")
    verslag = run_import(_mapping(tmp_path, ALLES), [], tmp_path / "pakket")
    (found,) = verslag.replaced.drift
    assert (found.leverancier, found.periode, found.volgende) == ("X", "2023H1", "2023H2")
    assert (found.records, found.again, found.other_end, found.reopened) == (6, 3, 1, 1)
    assert (found.vanished, dict(found.other_key)) == (1, {"begin": 1})
    assert (
        "registratiedrift X, 2023H1 naar 2023H2: 6 gegevens, 3 opnieuw geleverd, 4 gewijzigd (66,7%): "
        "1 met een ander einde, 1 weer open, 1 verdwenen, 1 met een andere 'begin'"
    ) in verslag.tekst()


EEN = """
pakket:
  naam: een
  titel: Een
  peildatum: 2024-06-01
  waarneemvenster: {begin: 2023-01-01, eind: 2024-06-01}
  bronnen: [x]
  contact: x
bron:
  onleesbare_rijen: apart
  kolommen:
    gezin: {sleutel: ongewijzigd}
tabellen:
  proeftuin:
    per: []
    kolommen:
      proeftuin_id: {vast: p1}
      naam: {vast: P}
      soort: {vast: proeftuin}
  huishouden:
    periode: {van: begin, tot: eind, laatste_dag_telt_mee: nee}
    alleen: {stad: [a]}
    kolommen:
      huishouden_id: {kolom: gezin}
      proeftuin_id: {vast: p1}
      gezinsprofiel: {kolom: profiel, vertaling: {1: stress, 2: zorg}}
"""


def _profiles() -> str:
    codes = list(tks.data.schema.load_schema().codelists["gezinsprofiel"].codes)
    return EEN.replace("stress", codes[0]).replace("zorg}", codes[1] + "}")


def test_the_quarantine_names_every_row_and_no_value(tmp_path):
    rows = [[f"g{i}", "2023-01-15", "" if i % 3 else "geheim 12-13", "1", "a"] for i in range(60)]
    _write(tmp_path / "bron.csv", ["gezin", "begin", "eind", "profiel", "stad"], rows)
    mapping = _mapping(
        tmp_path, _profiles().replace("  proeftuin:\n    per: []", "  proeftuin:\n    per: []")
    )
    mapping.write_text(
        mapping.read_text(encoding="utf-8").replace("    per: []\n", "    per: []\n"), encoding="utf-8"
    )
    verslag = run_import(mapping, tmp_path / "bron.csv", tmp_path / "pakket")
    assert [p.name for p in verslag.quarantine] == ["bron.apart.csv", "bron.apart.xlsx"]
    text = verslag.quarantine[0].read_text(encoding="utf-8-sig")
    lines = list(csv.reader(text.splitlines(), delimiter=";"))
    assert lines[0] == ["bestand", "rij", "kolom", "regel", "herstel"]
    assert [int(r[1]) for r in lines[1:]] == [i + 2 for i in range(0, 60, 3)]
    assert "geheim" not in text
    sheet = openpyxl.load_workbook(verslag.quarantine[1]).active
    assert [list(map(str, r)) for r in sheet.iter_rows(values_only=True)] == lines
    shown = run_import(
        mapping, tmp_path / "bron.csv", tmp_path / "twee", with_values=True, quarantine=tmp_path / "waarden"
    )
    assert "geheim 12-13" in shown.quarantine[0].read_text(encoding="utf-8-sig")


def test_a_sheet_too_long_says_so_and_formulas_never_run(tmp_path, monkeypatch):
    monkeypatch.setattr(quarantine, "MOST_IN_EXCEL", 5)
    rows = [[f"g{i}", "=HYPERLINK(1)", "", "1", "a"] for i in range(9)] + [
        ["g99", "2023-01-15", "", "1", "a"]
    ]
    _write(tmp_path / "bron.csv", ["gezin", "begin", "eind", "profiel", "stad"], rows)
    mapping = _mapping(tmp_path, _profiles())
    verslag = run_import(mapping, tmp_path / "bron.csv", tmp_path / "pakket", with_values=True)
    text = verslag.quarantine[0].read_text(encoding="utf-8-sig")
    lines = list(csv.reader(text.splitlines(), delimiter=";"))
    assert [line[-1] for line in lines[1:]] == ["'=HYPERLINK(1)"] * 9
    sheet = list(openpyxl.load_workbook(verslag.quarantine[1]).active.iter_rows())
    assert len(sheet) == 1 + 5 + 1
    assert sheet[1][-1].data_type == "s"
    assert sheet[-1][0].value == "er zijn meer regels: ze staan alle in het CSV-bestand ernaast"


def test_used_translated_refused_and_not_chosen_are_told_apart(tmp_path):
    rows = [
        ["g1", "2023-01-15", "", "1", "a"],  # translated
        ["g2", "2023-01-15", "", "", "a"],  # as delivered
        ["g3", "2023-01-15", "", "1", "b"],  # chosen by the table of the region only
        ["g4", "15-01-2023", "", "1", "a"],  # refused
    ]
    _write(tmp_path / "bron.csv", ["gezin", "begin", "eind", "profiel", "stad"], rows)
    text = _profiles().replace("    per: []\n", "    per: []\n    alleen: {stad: [a]}\n")
    verslag = run_import(_mapping(tmp_path, text), tmp_path / "bron.csv", tmp_path / "pakket")
    account = verslag.sources[0].account
    assert (account.gebruikt, account.vertaald, account.geweigerd, account.not_chosen) == (1, 1, 1, 1)
    assert "4 rijen gelezen = 1 gebruikt zoals geleverd + 1 vertaald + 1 apart gezet" in verslag.tekst()


def test_an_import_that_is_refused_leaves_its_quarantine(tmp_path):
    rows = [[f"g{i}", "onzin" if i % 2 else "2023-01-15", "", "1", "a"] for i in range(20)]
    _write(tmp_path / "bron.csv", ["gezin", "begin", "eind", "profiel", "stad"], rows)
    strict = _mapping(tmp_path, _profiles().replace("  onleesbare_rijen: apart\n", ""))
    with pytest.raises(InvoerFout, match=re.escape("alle rijen staan in bron.apart.csv en bron.apart.xlsx")):
        run_import(strict, tmp_path / "bron.csv", tmp_path / "pakket")
    assert len((tmp_path / "bron.apart.csv").read_text(encoding="utf-8-sig").splitlines()) == 11
    assert not (tmp_path / "pakket").exists()


LOOKUP = """
pakket:
  naam: erbij
  titel: Erbij
  peildatum: 2024-06-01
  waarneemvenster: {begin: 2023-01-01, eind: 2024-06-01}
  bronnen: [x]
  contact: x
bron:
  kolommen: {gezin: {sleutel: ongewijzigd}, gezin_van: {sleutel: ongewijzigd}, kind: {sleutel: ongewijzigd}}
bronnen:
  gezinnen: {bestand: gezinnen.csv}
  koppel: {bestand: koppel.csv}
  kinderen:
    bestand: kinderen.csv
    erbij: {bron: koppel, op: {nummer: nr}, kolommen: [gezin_van]}
tabellen:
  proeftuin:
    bron: gezinnen
    per: []
    kolommen: {proeftuin_id: {vast: p1}, naam: {vast: P}, soort: {vast: proeftuin}}
  huishouden:
    bron: gezinnen
    periode: {van: begin, tot: eind, laatste_dag_telt_mee: nee}
    kolommen: {huishouden_id: {kolom: gezin}, proeftuin_id: {vast: p1}}
  persoon:
    bron: kinderen
    kolommen:
      persoon_id: {kolom: kind}
      huishouden_id: {kolom: gezin_van}
      rol: {vast: kind}
"""


def _lookup_world(folder: Path, koppel: list[list[object]]) -> Path:
    _write(
        folder / "gezinnen.csv",
        ["gezin", "begin", "eind"],
        [["g1", "2023-02-01", ""], ["g2", "2023-02-01", ""]],
    )
    _write(folder / "kinderen.csv", ["kind", "nummer"], [["k1", "1"], ["k2", " 2"], ["k3", "2"]])
    _write(folder / "koppel.csv", ["nr", "gezin_van"], koppel)
    return _mapping(folder, LOOKUP)


def test_a_lookup_keeps_every_row_and_adds_none(tmp_path):
    mapping = _lookup_world(tmp_path, [["1", "g1"], ["2", "g2"], ["9", "g1"]])
    verslag = run_import(mapping, [], tmp_path / "pakket")
    got = pd.read_csv(tmp_path / "pakket" / "persoon.csv")
    assert dict(zip(got["persoon_id"], got["huishouden_id"], strict=True)) == {
        "k1": "g1",
        "k2": "g2",
        "k3": "g2",
    }
    assert "0 rijen zonder tegenhanger in de bron 'koppel'" in verslag.tekst()


def test_a_lookup_that_finds_two_rows_is_refused(tmp_path):
    mapping = _lookup_world(tmp_path, [["1", "g1"], ["2", "g2"], ["2", "g1"]])
    with pytest.raises(InvoerFout, match="staat een waarde om op te zoeken meer dan één keer"):
        run_import(mapping, [], tmp_path / "pakket")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    bron: kinderen\n", "", "bij de tabel persoon staat niet uit welke bron zij komt"),
        ("    bron: kinderen\n", "    bron: kinders\n", "de bron 'kinders' staat niet onder 'bronnen'"),
        ("bron: koppel,", "bron: kopel,", "de bron 'kopel' staat niet onder 'bronnen'"),
        ("bestand: kinderen.csv", "bestand: weg.csv", "voor de bron 'kinderen' is er geen bestand"),
        (
            "    bestand: kinderen.csv\n",
            '    bestand: kinderen.csv\n    uit_bestandsnaam: {nummer: "(kind)"}\n',
            "een kolom die van elders komt, staat ook in de bron zelf",
        ),
    ],
)
def test_faults_in_the_sources_are_named(tmp_path, old, new, what):
    mapping = _lookup_world(tmp_path, [["1", "g1"], ["2", "g2"]])
    mapping.write_text(LOOKUP.replace(old, new), encoding="utf-8")
    with pytest.raises(InvoerFout, match=re.escape(what)):
        run_import(mapping, [], tmp_path / "pakket")


def test_a_file_of_no_source_is_named(tmp_path):
    mapping = _lookup_world(tmp_path, [["1", "g1"], ["2", "g2"]])
    files = [tmp_path / n for n in ("gezinnen.csv", "kinderen.csv", "koppel.csv")]
    _write(tmp_path / "extra.csv", ["a"], [["1"]])
    with pytest.raises(InvoerFout, match="geen bron van de mapping noemt dit bestand"):
        run_import(mapping, [*files, tmp_path / "extra.csv"], tmp_path / "pakket")


def test_two_sources_that_contradict_each_other_are_refused(both, tmp_path):
    folder, _, _ = both
    text = ALLES.replace(
        "  organisatie:\n    bron: maatregelen\n",
        "  organisatie:\n    - bron: gezinnen\n      per: []\n"
        "      kolommen: {organisatie_id: {vast: A}, soort: {vast: raad}}\n    - bron: maatregelen\n",
    ).replace(
        "    per: [gi]\n    kolommen:\n      organisatie_id: {kolom: gi}\n      soort: {vast: gi}\n",
        "      per: [gi]\n      kolommen: {organisatie_id: {kolom: gi}, soort: {vast: gi}}\n",
    )
    with pytest.raises(InvoerFout, match="bronnen zeggen verschillende dingen over dezelfde sleutel") as fout:
        run_import(_mapping(tmp_path, text), [folder / "gezinnen.csv", *_files(folder)], tmp_path / "pakket")
    assert "tabel organisatie, kolom soort" in str(fout.value)


def test_the_command_takes_many_files_and_says_what_it_did(both, tmp_path):
    folder, _, _ = both
    files = [str(f) for f in (folder / "gezinnen.csv", *_files(folder))]
    out = CliRunner().invoke(
        app, ["importeer", str(folder / "mapping.yaml"), *files, "--uit", str(tmp_path / "pakket")]
    )
    assert out.exit_code == 0, out.output
    assert "Bron maatregelen: GI_A_2023H1.csv" in out.output
    assert "door een rij over dezelfde maatregel, hulp of stap" in out.output
