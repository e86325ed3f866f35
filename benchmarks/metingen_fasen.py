"""What an attacker learns from populations by phase: before the start, from it on, and all days together.

The same indicators of all three, by every breakdown and by year, in two epochs of an example. Each count is
guessed by itself as in `metingen_veiligheid`; and then from the others: who was there before the start only
is all less from the start on, and who lived across it is before and from it together less all. Also how often
the answer of one household is guessed that a corrected start date takes in or leaves out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import aanvaller, metingen_huishouden
from benchmarks.metingen_veiligheid import EPOCHS, SIZES, judged, row_of, sites, summary, truth, write_open
from benchmarks.pakketten import Delivery, Recorder, example, open_package, recorded
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.identity import BEFORE, FROM
from toekomstscenario_eval.protection.public import OUTSIDE, PublicSummary
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import phases

ALL = ""
# Shares, counts and durations; a question of a phase costs as many as there are days of start. By year too.
INDICATORS = ("aandeel_duo", "professionals_per_huishouden", "duo_duur")
BY_YEAR = ("aandeel_duo",)
# Counts of which those of a phase lie inside those of all days; who lacks something may have it on others.
NESTED = ("t", "n", "a", "b", "risico", "einde_1", "h")
WAYS = {
    "alle dagen min vanaf": (ALL, FROM),
    "alle dagen min voor": (ALL, BEFORE),
    "over de start: voor plus vanaf min alle dagen": (BEFORE, FROM, ALL),
}
Names = dict[tuple[str, str], dict[str, str]]


def questions(study: Study) -> Iterator[tuple[str, str, str, dict[str, PublicSummary]]]:
    """Yield indicator, split, phase and what is public, without the comparison regions beside a phase."""
    assert study.passage is not None  # noqa: S101
    per = study.passage.waist.policy.uitsplitsingen
    for naam in INDICATORS:
        for periode in ("", "jaar") if naam in BY_YEAR else ("",):
            for phase in (ALL, FROM, BEFORE):
                r = study.shown(study.computed(naam, per, periode or None, fase=phase))[0]
                yield naam, periode, phase, {k: _own(study.pakket, k, s, phase) for k, s in r.publiek.items()}


def _own(package: Package, per: str, s: PublicSummary, phase: str) -> PublicSummary:
    if not phase or per in ("", OUTSIDE):
        return s
    others = phases.beside(package, per)
    cells, places = (t[~t["groep"].isin(others)] for t in (s.cellen, s.plekken))
    return replace(s, cellen=cells, plekken=places)


def published(
    package: Package, line: Delivery, folder: Path
) -> tuple[list[Path], dict[str, Recorder], Names]:
    """Publish everything at the start of both epochs; return the open files, what went in, and recipes."""
    folders, recorders, names = list[Path](), dict[str, Recorder](), Names()
    for day in EPOCHS:
        study, recorder = recorded(line.study(replace(package, peildatum=day)))
        shown: list[PublicSummary] = []
        for naam, periode, phase, found in questions(study):
            shown += found.values()
            names.setdefault((naam, periode), {})[phase] = found[""].recept
        folders.append(write_open(shown, folder / f"uit{day.year}"))
        recorders[day.isoformat()] = recorder
    return folders, recorders, names


def across(
    files: aanvaller.Files, true: Mapping[tuple[Any, ...], int], names: Names
) -> Iterator[dict[str, Any]]:
    """Yield what is said of each difference of phases, where it is small or held for small."""
    spots: dict[tuple[Any, ...], set[tuple[str, int, int]]] = {}
    for key in files.cells:
        spots.setdefault(key[:5], set()).add(key[5:])
    of_all = {recipes[ALL]: recipes for recipes in names.values()}
    for place in files.places:
        if not place[0] or place[1] not in of_all:
            continue
        recipes = of_all[place[1]]
        every = set().union(*(spots.get((place[0], r, *place[2:]), set()) for r in recipes.values()))
        for spot in sorted(every | {("h", 0, 1)}):
            if spot[0] in NESTED:
                yield from _ways(files, true, recipes, place, spot)


def _ways(
    files: aanvaller.Files,
    true: Mapping[tuple[Any, ...], int],
    recipes: Mapping[str, str],
    place: tuple[Any, ...],
    spot: tuple[str, int, int],
) -> Iterator[dict[str, Any]]:
    seen = {phase: _value(files, (place[0], recipe, *place[2:]), spot) for phase, recipe in recipes.items()}
    own = {phase: files.recipes[recipes[phase]].own(v) for phase, v in seen.items() if v is not None}
    exact = {phase: true.get((place[0], recipe, *place[2:], *spot), 0) for phase, recipe in recipes.items()}
    for naam, used in WAYS.items():
        if not own.keys() >= {*used}:
            continue
        if len(used) == 2:
            outer, inner = used
            said = aanvaller.step(own[outer], own[inner], same=seen[outer] == seen[inner])
            count = exact[outer] - exact[inner]
        else:
            rest = (own[BEFORE] + own[FROM]).rest(own[ALL])
            left = rest.at(0, max(1, rest.high))
            said = aanvaller.Spread(0, left if left.sum() > 0 else np.ones(len(left)))
            count = exact[BEFORE] + exact[FROM] - exact[ALL]
        found = aanvaller.Finding((*place, *spot), None, said, said, float("nan"))
        row = row_of(found, count)
        if row["klein"] or row["zegt"]:
            yield {"soort": naam, "plek": found.spot, **row}


def _value(files: aanvaller.Files, place: tuple[Any, ...], spot: tuple[str, int, int]) -> int | None:
    n, shows = files.places.get(place, (0, False))
    if not shows:
        return None
    return n if spot[0] == "h" else files.cells.get((*place, *spot), 0)


def small_counts(households: int) -> list[dict[str, Any]]:
    """Return one row for each way to guess, of one size."""
    with tempfile.TemporaryDirectory() as at:
        folder = Path(at)
        package = open_package(example(folder, households))
        line = Delivery.make(folder, f"fasen{households}", 3000 + households)
        folders, recorders, names = published(package, line, folder)
        files, true = aanvaller.Files.read(folders), truth(recorders)
        by_itself = judged(files, true, sites(package))
        of_phase = {recipe for recipes in names.values() for phase, recipe in recipes.items() if phase}
        phased = by_itself["plek"].map(lambda spot: spot[1] in of_phase)
        each = by_itself.assign(soort=np.where(phased, "telling van een fase", "telling van alle dagen"))
        together = pd.DataFrame([*across(files, true, names)])
    return summary(pd.concat([each, together], ignore_index=True), households)


def corrected(places: int = metingen_huishouden.PLACES) -> list[dict[str, Any]]:
    """Return how often one answer is guessed when a corrected start takes some households in."""
    rng, rows = np.random.default_rng(metingen_huishouden.SEED), []
    for share in (0.05, 0.5):
        for others, having in ((0, 0), (5, 0), (15, 0.5), (60, 0.5)):
            found = np.concatenate(
                [
                    metingen_huishouden.between(rng, 60, share, others, having, places, moved=True)
                    for _ in range(metingen_huishouden.KEYS)
                ]
            )
            rows.append(
                {
                    "huishoudens": 60,
                    "aandeel": share,
                    "anderen veranderd": others,
                    "daarvan met": having,
                    "keren": len(found),
                    "goed geraden": float(found.mean()),
                    "grens": 0.62,
                }
            )
    return rows


def measure(sizes: Sequence[int] = SIZES) -> dict[str, list[dict[str, Any]]]:
    """Return both tables."""
    rows = [row for households in sizes or SIZES for row in small_counts(households)]
    return {
        "Kleine tellingen (waar 1-9) geraden uit voor, vanaf en alle dagen samen, twee epochen": rows,
        "Een andere startdatum in dezelfde epoche: hoe vaak het antwoord van een huishouden wordt geraden": (
            corrected()
        ),
    }
