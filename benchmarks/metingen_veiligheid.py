"""What an attacker learns of small counts who has the public files of several reports; see `aanvaller`.

Two epochs of an example package with one key: every public indicator by every breakdown, and by year, and
the other choices of each card. Then every count of 1 to 9 that is in a place that shows anything is guessed.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import aanvaller
from benchmarks.pakketten import Delivery, Recorder, asked, example, open_package, public_indicators, recorded
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.identity import FROM
from toekomstscenario_eval.passage import public_facts
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import SITE, Result

SIZES = (103, 300, 1500)
EPOCHS = (date(2025, 1, 1), date(2026, 1, 1))
NETWORK = "samenwerkingsnetwerk"
# One of every sort: shares of households, children and steps, counts, rates, durations with and without
# competing ends, what can happen more than once, scores and their change, scales, characteristics, networks.
INDICATORS = (
    "aandeel_duo",
    "aandeel_ots",
    "eerste_gesprek_op_tijd",
    "vast_gezicht",
    "professionals_per_huishouden",
    "overleggrootte",
    "wisselingen",
    "instroom_ots",
    "duo_duur",
    "doorlooptijd",
    "duur_ots",
    "cumulatieve_incidentie_ots",
    "herhaalde_duos",
    "uitkomsten",
    "schaalbetrouwbaarheid",
    "overeenstemming_informanten",
    "kenmerken",
    NETWORK,
)
COARSE = {"proeftuin_soort": "soort", "proeftuin_regio": "regio", "proeftuin_tranche": "tranche"}
CERTAIN = 0.95
# What kind of count a name belongs to.
FAMILIES = {
    kind: re.compile(f"({names})$")
    for kind, names in {
        "aandeel": "t|r|n",
        "duur": r"risico|einde_\d+",
        "herhaald": "begin|gebeurd",
        "score": "(w|v|d)(_onder)?|p",
        "schaal": r"(item_\d+|afwijking_\d+|som|spreiding)(_onder)?|items",
        "netwerk": r"(geheel\|)?(knoop|deelt|samen|overdracht|estafette|tafel|overleg)\|.*"
        "|paar|na_elkaar|tegelijk|naast_elkaar|tussen_domeinen|binnen_domein|professionals|gezichten|bereik.*",
        "kenmerk": ".+=.+",
        "aantal": "a|u|b|ab|h",
    }.items()
}


def write_open(summaries: Iterable[PublicSummary], folder: Path) -> Path:
    """Write public summaries as the open files of a report: cells, places and what was asked."""
    folder.mkdir(parents=True)
    numbers: dict[str, int] = {}
    recipes, cells, places = [], [], []
    for s in summaries:
        if s.recept not in numbers:
            numbers[s.recept] = len(numbers) + 1
            noise = {"d": s.ruis.d, "v": s.ruis.v, "js": s.ruis.js}
            recipes.append({"nummer": numbers[s.recept], "recept": s.recept, "ruis": noise})
        spot = {"recept": numbers[s.recept], "uitsplitsing": s.uitsplitsing}
        cells.append(s.cellen.assign(**spot))
        places.append(s.plekken.assign(**spot))
    (folder / "recepten.json").write_text(json.dumps({"recepten": recipes}), encoding="utf-8")
    keys = ["recept", "uitsplitsing", "groep", "periode"]
    full = [c for c in cells if len(c)]
    pd.concat(full).drop_duplicates([*keys, "naam", "x", "k"]).to_csv(folder / "cellen.csv", index=False)
    pd.concat(places).drop_duplicates(keys).to_csv(folder / "plekken.csv", index=False)
    return folder


def questions(study: Study, indicators: Sequence[str] | None = None) -> Iterator[Result]:
    """Ask everything that is public: by every breakdown, by year, and every other choice."""
    assert study.passage is not None  # noqa: S101
    per = study.passage.waist.policy.uitsplitsingen
    names = [naam for naam in public_indicators(study) if not indicators or naam in indicators]
    yield from asked(study, names, per=per, phases=(FROM, ""))
    yield from asked(study, names, per=per, periode="jaar", phases=(FROM, ""))
    for naam in names:
        card = registry.find(naam).card
        for param, what in card.params.items():
            for value in dict.fromkeys((*what.keuzes, *what.redelijk)):
                if value != what.standaard:
                    yield study.computed(naam, ("proeftuin", "proeftuin_soort"), params={param: value})
    if NETWORK in names:
        yield from study.computed_networks()
        yield from study.computed_networks(periode="jaar")


def release(
    package: Package, line: Delivery, day: date, folder: Path, indicators: Sequence[str] | None = None
) -> tuple[Path, Recorder]:
    """Publish everything at the start of an epoch; return the open files, and what went in."""
    study, recorder = recorded(line.study(replace(package, peildatum=day)))
    results = [*questions(study, indicators), *public_facts(study.passage, study.bevindingen)]
    study.shown(*results)
    return write_open((s for r in results for s in r.publiek.values()), folder), recorder


def truth(recorders: Mapping[str, Recorder]) -> dict[tuple[Any, ...], int]:
    """Return the true counts by epoch, question, place, period and name."""
    out: dict[tuple[Any, ...], int] = {}
    for stand, recorder in recorders.items():
        for recipe, summaries, _ in recorder.asked:
            for per, summary in summaries.items():
                if summary.cellen is not None and len(summary.cellen):
                    columns = summary.cellen[["groep", "periode", "naam", "x", "k", "n"]]
                    for groep, periode, naam, x, k, n in columns.itertuples(index=False):
                        out[stand, recipe, per, groep, periode, naam, int(x), int(k)] = int(n)
    return out


def sites(package: Package) -> dict[str, dict[str, str]]:
    """Return of every site the coarser groups that it is in: no secret."""
    table = package.tabellen[SITE].execute()
    return {per: dict(zip(table["naam"], table[column], strict=True)) for per, column in COARSE.items()}


def family(found: aanvaller.Finding, twice: bool) -> str:
    """Return the kind of count that somebody guesses."""
    naam = found.spot[5]
    if found.inside:
        return "stap tussen twee tellingen"
    if found.own is None:
        return "plek die niets toont"
    if twice:
        return "jaar in twee epochen"
    return next((kind for kind, names in FAMILIES.items() if names.match(naam)), "feiten en uitsluitingen")


def _claim(found: aanvaller.Spread) -> tuple[int, float]:
    """Return the likeliest count and how likely it is."""
    p = found.p / found.p.sum()
    return found.low + int(p.argmax()), float(p.max())


def row_of(found: aanvaller.Finding, count: int) -> dict[str, Any]:
    """Return how a finding compares with the true count."""
    everything, small = found.all, aanvaller.told(found.all)
    claim, sure = _claim(everything)
    row = {
        "waar": count,
        "klein": 1 <= count <= aanvaller.SMALL,
        "goed": int(small.argmax()) + 1 == count,
        "eigen_goed": found.own is not None and int(aanvaller.told(found.own).argmax()) + 1 == count,
        # What the attacker holds for certain, of a small count; and whether it is so.
        "zegt": 1 <= claim <= aanvaller.SMALL and sure > CERTAIN,
        "raak": claim == count,
        "exact": claim == count and sure > 1 - 1e-9,
    }
    if np.isnan(found.expected):
        return row
    before = aanvaller.prior(found.expected, everything.high)
    other, as_sure = _claim(everything * before)
    return row | {
        "anderen_vooraf": int(aanvaller.told(before).argmax()) + 1 == count,
        "anderen_goed": int(aanvaller.told(everything * before).argmax()) + 1 == count,
        "anderen_zegt": 1 <= other <= aanvaller.SMALL and as_sure > CERTAIN,
        "anderen_raak": other == count,
    }


def judged(
    files: aanvaller.Files, true: Mapping[tuple[Any, ...], int], parents: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """Return one row for each count that is small, or that the attacker holds for small."""
    drawn: dict[tuple[Any, ...], int] = {}
    for stand, *place in files.places:
        drawn[tuple(place)] = drawn.get(tuple(place), 0) + bool(stand)
    rows = []
    for found in aanvaller.attack(files, parents):
        if not found.spot[0]:
            continue
        row = row_of(found, true.get(found.spot, 0) - (true.get(found.inside, 0) if found.inside else 0))
        if row["klein"] or row["zegt"] or row.get("anderen_zegt"):
            twice = found.spot[4] != "" and drawn[found.spot[1:5]] > 1
            rows.append({"soort": family(found, twice), "plek": found.spot, **row})
    return pd.DataFrame(rows)


def summary(found: pd.DataFrame, households: int) -> list[dict[str, Any]]:
    """Return one row for each kind of count, and one for all."""
    chance = 1 / aanvaller.SMALL
    rows = []
    for naam, part in [("alles", found), *found.groupby("soort")]:
        small, by_others = part[part["klein"]], part.dropna(subset=["anderen_vooraf"])
        near = by_others[by_others["klein"]]
        says, also = part[part["zegt"]], by_others[by_others["anderen_zegt"].astype(bool)]
        before, after = near["anderen_vooraf"].mean(), near["anderen_goed"].mean()
        rows.append(
            {
                "huishoudens": households,
                "soort": naam,
                "kleine tellingen": len(small),
                "exact": int((small["exact"] & small["zegt"]).sum()),
                "zeker: goed": int(says["raak"].sum()),
                "zeker: fout": int(len(says) - says["raak"].sum()),
                "zeker met anderen: goed": int(also["anderen_raak"].sum()),
                "zeker met anderen: fout": int(len(also) - also["anderen_raak"].sum()),
                "goed geraden": float(small["goed"].mean()),
                "meer dan zonder vrijgave": float(small["goed"].mean() - chance),
                "elk aantal even zwaar": float(small.groupby("waar")["goed"].mean().mean() - chance),
                "goed met anderen": float(after),
                "meer dan met anderen alleen": float(after - before),
            }
        )
    return rows


def measure(sizes: Sequence[int] = SIZES) -> dict[str, list[dict[str, Any]]]:
    """Return the table of this part."""
    rows = []
    for households in sizes or SIZES:
        with tempfile.TemporaryDirectory() as at:
            folder = Path(at)
            package = open_package(example(folder, households))
            line = Delivery.make(folder, f"aanval{households}", 2000 + households)
            folders, recorders = [], {}
            for day in EPOCHS:
                made, recorders[day.isoformat()] = release(
                    package, line, day, folder / f"uit{day.year}", INDICATORS
                )
                folders.append(made)
            found = judged(aanvaller.Files.read(folders), truth(recorders), sites(package))
        rows += summary(found, households)
    return {"Kleine tellingen (waar 1-9) geraden uit de openbare bestanden van twee epochen": rows}
