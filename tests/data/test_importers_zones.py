"""Midnight written in UTC: it lies in the day before, and once landed there unsaid."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.errors import InvoerFout

MAPPING = """\
pakket:
  naam: proef
  titel: proef
  peildatum: 2026-01-01
  waarneemvenster: {{begin: 2024-01-01, eind: 2026-01-01}}
  bronnen: [x]
  contact: x
bron:
  scheidingsteken: puntkomma
  datumnotatie: {notatie}
  kolommen:
    gezin: {{sleutel: ongewijzigd}}
    dag: {{{zone}}}
    geboren: {{{zone}}}
tabellen:
  proeftuin:
    per: []
    kolommen:
      proeftuin_id: {{vast: p1}}
      naam: {{vast: P}}
      soort: {{vast: proeftuin}}
  huishouden:
    per: [gezin]
    periode: {{van: dag, tot: eind, laatste_dag_telt_mee: nee, open_als_leeg: eind}}
    kolommen:
      huishouden_id: {{kolom: gezin}}
      proeftuin_id: {{vast: p1}}
  persoon:
    per: [gezin, geboren]
    kolommen:
      persoon_id: {{nummer: k}}
      huishouden_id: {{kolom: gezin}}
      rol: {{vast: kind}}
      geboortejaar: {{kolom: geboren, jaar_uit_datum: ja}}
"""
AMSTERDAM, WRITTEN = "tijdzone: Europe/Amsterdam", "tijdzone: zoals_geschreven"
NL = ZoneInfo("Europe/Amsterdam")


def run(map_: Path, moments: list[str], *, zone: str = AMSTERDAM, notatie: str = "iso") -> tuple[list, list]:
    """Import families that began, and whose child was born, at these moments; return dates and years."""
    bron = map_ / "bron.csv"
    rows = [f"{i};{m};;{m}" for i, m in enumerate(moments)]
    bron.write_text("\n".join(["gezin;dag;eind;geboren", *rows]) + "\n", encoding="utf-8")
    mapping = map_ / "mapping.yaml"
    mapping.write_text(MAPPING.format(zone=zone, notatie=notatie), encoding="utf-8")
    run_import(mapping, bron, map_ / "uit")
    out = []
    for naam, kolom in (("huishouden", "begin"), ("persoon", "geboortejaar")):
        with (map_ / "uit" / f"{naam}.csv").open(encoding="utf-8", newline="") as file:
            lines = sorted(csv.DictReader(file), key=lambda r: int(r["huishouden_id"]))
        out.append([r[kolom] for r in lines])
    return out[0], out[1]


def test_midnight_in_utc_is_refused_until_somebody_says_what_it_is(tmp_path):
    with pytest.raises(InvoerFout) as fout:
        run(tmp_path, ["2024-02-29T23:00:00Z", "2024-03-31T22:00:00Z"], zone="")
    assert str(fout.value) == (
        "Invoer niet leesbaar: elke tijd in deze kolom is 22:00 of 23:00 in UTC: in Nederland is het dan al "
        "de volgende dag\n"
        "  Waar: kolom 'dag' van de bron\n"
        "  Verwacht: bij bron > kolommen > dag: 'tijdzone: Europe/Amsterdam' (de Nederlandse dag telt) of "
        "'tijdzone: zoals_geschreven' (de dag telt zoals hij er staat)\n"
        "  Herstel: voeg een van deze regels toe; is middernacht bedoeld, kies dan de eerste"
    )


@pytest.mark.parametrize(
    ("zone", "days"), [(AMSTERDAM, ["2024-03-01", "2024-04-01"]), (WRITTEN, ["2024-02-29", "2024-03-31"])]
)
def test_the_day_is_the_one_that_was_chosen(tmp_path, zone, days):
    found, _ = run(tmp_path, ["2024-02-29T23:00:00Z", "2024-03-31T22:00:00Z"], zone=zone)
    assert found == days


def test_elsewhere_a_year_of_birth_does_not_fall_a_year_early(tmp_path):
    """In another notation, and of a date of which only the year is kept: 1 January is 31 December in UTC."""
    days, years = run(tmp_path, ["31-12-2023 23:00Z", "31-12-2024 23:00Z"], notatie="dd-mm-jjjj")
    assert days == ["2024-01-01", "2025-01-01"]
    assert years == ["2024", "2025"]


@pytest.mark.parametrize("moment", ["2024-05-01T08:00:00Z", "2024-05-01T23:30:00+02:00", "2024-05-01"])
def test_a_column_with_other_times_is_read_as_ever(tmp_path, moment):
    found, _ = run(tmp_path, [moment, "2024-05-01T22:00:00Z"] if "Z" in moment else [moment], zone="")
    assert set(found) == {"2024-05-01"}


def test_most_midnights_are_enough_to_ask(tmp_path):
    with pytest.raises(InvoerFout, match="2 van de 3 tijden in deze kolom zijn 22:00 of 23:00 in UTC"):
        run(tmp_path, ["2024-02-29T23:00:00Z", "2024-03-31T22:00:00+00:00", "2024-05-01T08:15:00Z"], zone="")


def test_every_hour_around_the_change_of_the_clock_is_that_of_the_time_zone(tmp_path):
    begin = datetime(2025, 3, 29, 20, tzinfo=ZoneInfo("UTC"))
    moments = [begin + timedelta(hours=h) for h in range(60)]
    moments += [m.replace(month=10, day=min(m.day - 4, 27)) for m in moments if m.day > 4]
    moments += [datetime(2025, m, 15, h, tzinfo=ZoneInfo("UTC")) for m in range(1, 13) for h in (21, 22, 23)]
    found, _ = run(tmp_path, [m.strftime("%Y-%m-%dT%H:%M:%SZ") for m in moments])
    assert found == [m.astimezone(NL).date().isoformat() for m in moments]
    assert date(2025, 3, 31).isoformat() in found
