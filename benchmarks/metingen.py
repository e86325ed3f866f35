"""What protection at the waist promises, measured: accuracy, safety, gate and cost, in Markdown and JSON.

    python benchmarks/metingen.py                              # everything, some hours on one core
    python benchmarks/metingen.py nauwkeurigheid poort         # these parts; what was measured before stays
    python benchmarks/metingen.py dekking                      # coverage and type I, in some minutes
    python benchmarks/metingen.py --groottes 103 300           # smaller examples only

The tables come in `benchmarks/uitkomsten`: `metingen.md` to read, `metingen.json` with the same rows. What
the report shows of them goes with the package, in `report/measured.csv` and `report/calibrated.csv`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import metingen_ijking
from benchmarks.metingen_dekking import SHIPPED, combined, text

CALIBRATED = metingen_ijking.SHIPPED
FOLDER = Path(__file__).with_name("uitkomsten")
# Name of a part: its module, what it says, and whether it goes by the size of the example.
PARTS = {
    "nauwkeurigheid": ("metingen_nauwkeurigheid", "Nauwkeurigheid op voorbeeldpakketten, met poort", True),
    "veiligheid": ("metingen_veiligheid", "Een aanvaller met alles wat openbaar is", True),
    "fasen": ("metingen_fasen", "Een aanvaller met voor, vanaf en alle dagen", True),
    "meter": ("metingen_meter", "De risicometer en een steekproef", True),
    "huishouden": ("metingen_huishouden", "Een huishouden verschil", False),
    "poort": ("metingen_poort", "De poort: veranderingen", False),
    "maanden": ("metingen_maanden", "De poort: veertig maanden", False),
    "kosten": ("metingen_kosten", "Wat de vrijgave aan rekentijd kost", False),
    "schatters": ("metingen_schatters", "Schatters op nagebootste onderzoeken", False),
    "herhaald": ("metingen_herhaald", "Wat vaker kan gebeuren", False),
    "scores": ("metingen_scores", "Scores en hun verandering", False),
    "schalen": ("metingen_matrix", "Schalen: betrouwbaarheid en overeenstemming", False),
    "regios": ("metingen_regios", "Tussen regio's", False),
    "doelen": ("metingen_doelen", "Regio's zoals deze, en deze huishoudens", False),
    "toewijzing": ("metingen_toewijzing", "Soorten regio vergeleken", False),
    "starts": ("metingen_toewijzing_start", "Starten vergeleken over regio's en kwartalen", False),
    "toetsen": ("metingen_toetsen", "Toetsen tussen groepen", False),
    "dekking": ("metingen_dekking", "Dekking en fout van de eerste soort, van alle soorten samen", False),
    "teams": ("metingen_teams", "Duren van huishoudens die een professional of een team delen", False),
    "ijking": ("metingen_ijking", "Ontwerpen over de tijd in werelden met een bekende waarheid", False),
    "netwerk": ("metingen_netwerk", "Netwerken uit openbare tellingen", True),
}
Rows = Sequence[Mapping[str, Any]]


def _cpu_seconds() -> float:
    """Return what this process and those that it started and ended have used."""
    return sum(os.times()[:4])


def cell(value: Any) -> str:
    """Return a value as it reads: decimals with a comma."""
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:.3f}".replace(".", ",")
    return str(value)


def markdown(rows: Rows) -> str:
    """Return rows as a table."""
    head = list(dict.fromkeys(k for row in rows for k in row))
    lines = [head, ["---"] * len(head), *([cell(row.get(k, "")) for k in head] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page(found: Mapping[str, Any]) -> str:
    """Return all parts that were measured as one page."""
    pieces = [
        "# Metingen van de bescherming",
        "Gemaakt met `make metingen`; wat eronder ligt staat in `benchmarks/`.",
    ]
    for name, (_, title, _) in PARTS.items():
        if name in found:
            pieces.append(f"## {title}")
            for caption, rows in found[name]["tabellen"].items():
                pieces.append(f"**{caption}**\n\n{markdown(rows)}")
    return "\n\n".join(pieces) + "\n"


def save(found: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """Write what was found, to read and to use."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = json.dumps(found, ensure_ascii=False, indent=1, default=float)
    (folder / "metingen.json").write_text(plain.replace("NaN", "null") + "\n", encoding="utf-8")
    (folder / "metingen.md").write_text(page(found), encoding="utf-8")
    if folder == FOLDER:
        SHIPPED.write_text(text(combined(found, titles())), encoding="utf-8")
        if "ijking" in found:
            (rows,) = found["ijking"]["tabellen"].values()
            CALIBRATED.write_text(metingen_ijking.text(rows), encoding="utf-8")


def titles() -> dict[str, str]:
    """Return what each part is called."""
    return {name: title for name, (_, title, _) in PARTS.items()}


def load(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what was measured before."""
    at = folder / "metingen.json"
    return json.loads(at.read_text(encoding="utf-8")) if at.exists() else {}


def main() -> None:
    """Measure the parts asked for and save after each."""
    reader = argparse.ArgumentParser(description="meet wat de bescherming belooft")
    reader.add_argument("delen", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    reader.add_argument("--groottes", nargs="*", type=int, default=None, help="aantallen huishoudens")
    asked = reader.parse_args()
    for name in asked.delen:
        module, _, sized = PARTS[name]
        begin = _cpu_seconds()
        measure = importlib.import_module(f"benchmarks.{module}").measure
        tables = measure(asked.groottes) if sized and asked.groottes else measure()
        found = load() | {name: {"cpu_seconden": round(_cpu_seconds() - begin), "tabellen": tables}}
        save({k: found[k] for k in PARTS if k in found})
        print(f"{name}: {_cpu_seconds() - begin:.0f} s rekentijd")


if __name__ == "__main__":
    main()
