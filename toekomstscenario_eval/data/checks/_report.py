"""Findings as JSON, as a summary, and as the gate before analysis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.standing import RowCount, count_rows
from toekomstscenario_eval.errors import ControleFout
from toekomstscenario_eval.types import Ernst, Finding, Status
from toekomstscenario_eval.version import __version__

# What became of the rows of a table, in the words of the report.
_BECAME = {
    "delivered": "geleverd",
    "refused": "geweigerd",
    "superseded": "vervallen",
    "excluded": "uitgesloten",
    "used": "gebruikt",
}


def summary(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return whether the package can be analysed, and how many findings there are of each sort."""
    return {
        "geschikt": not any(f.blokkeert for f in findings),
        "blokkerend": sum(f.blokkeert for f in findings),
        "waarschuwingen": sum(f.status is Status.GEFAALD and f.ernst is Ernst.WAARSCHUWING for f in findings),
        **{s.value.replace(" ", "_"): sum(f.status is s for f in findings) for s in Status},
    }


def as_json(package: Package, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the report of a check as plain values for JSON; holds no value of the data."""
    counts = row_counts(package)
    return {
        "pakket": {
            "naam": package.naam,
            "titel": package.titel,
            "peildatum": package.peildatum.isoformat(),
            "waarneemvenster": {
                "begin": package.venster.begin.isoformat(),
                "eind": package.venster.eind.isoformat(),
            },
        },
        "schema_versie": load_schema().versie,
        "versie": __version__,
        "bestanden": [
            {
                "tabel": table,
                "pad": b.pad,
                "sha256": b.sha256,
                "bytes": b.bytes,
                "rijen": b.rijen,
                "onleesbaar": b.onleesbaar,
                "onleesbare_regels": list(b.onleesbare_regels),
                "telling": {word: getattr(counts[table], naam) for naam, word in _BECAME.items()},
            }
            for table, b in sorted(package.bestanden.items())
        ],
        "samenvatting": summary(findings),
        "bevindingen": [_plain(f) for f in findings],
    }


def _plain(f: Finding) -> dict[str, Any]:
    return {
        "regel": f.regel,
        "status": f.status.value,
        "ernst": f.ernst.value,
        "blokkeert": f.blokkeert,
        "titel": f.titel,
        "tabel": f.tabel,
        "kolom": f.kolom,
        "aantal": f.aantal,
        "rijen": list(f.rijen),
        "verwacht": f.verwacht,
        "herstel": f.herstel,
        "toelichting": f.toelichting,
    }


def row_counts(package: Package) -> dict[str, RowCount]:
    """Return what became of the delivered rows of each table."""
    return {
        naam: count_rows(
            naam,
            package.tabellen[naam],
            read=b.rijen,
            refused=b.onleesbaar,
            superseded=package.superseded.get(naam),
        )
        for naam, b in package.bestanden.items()
    }


def require_fit(findings: Sequence[Finding]) -> None:
    """Stop before analysis when a finding blocks.

    Raises
    ------
    ControleFout
        With rule, table, column, number of violations, first rows and how to mend, per finding.
    """
    blockades = [f for f in findings if f.blokkeert]
    if not blockades:
        return
    aantal = "1 bevinding blokkeert" if len(blockades) == 1 else f"{len(blockades)} bevindingen blokkeren"
    raise ControleFout(
        f"het pakket is niet geschikt voor analyse, {aantal}",
        waar="".join(f"\n    - {_line(f)}" for f in blockades),
        herstel="verbeter het pakket bij de bron en lever het opnieuw; er wordt niets stil gerepareerd",
    )


def _line(f: Finding) -> str:
    spot = ", ".join(
        part for part in (f.tabel and f"tabel {f.tabel}", f.kolom and f"kolom {f.kolom}") if part
    )
    heading = f"{f.regel}: {f.titel}" + (f" ({spot})" if spot else "")
    if f.status is Status.FOUT:
        return f"{heading}; {f.toelichting}; herstel: {f.herstel}"
    rows = f", eerste rijen {', '.join(map(str, f.rijen))}" if f.rijen else ""
    expected = f"; verwacht: {f.verwacht}" if f.verwacht else ""
    return f"{heading}: {f.aantal} keer{rows}{expected}; herstel: {f.herstel}"
