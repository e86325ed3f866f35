"""The record of a release: the rules, what each place shows, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.protection.policy import Policy
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.protection.rules import all_rules
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Result

FILE = "vrijgave.json"
VERSION = 3


def record(
    vrijgave: Release, policy: Policy, free_text: Mapping[str, int], *, levering: str = "", head: str = ""
) -> dict[str, Any]:
    """Return the record of a release as JSON; everything in it is public.

    Parameters
    ----------
    free_text : how many numbers were typed by hand, by text
    levering : fingerprint of the key
    head : hash of the last line of the register
    """
    rules = all_rules()
    summaries = _once(s for r in vrijgave.resultaten for s in r.publiek.values())
    return {
        "dossier": VERSION,
        "vrijgave": vrijgave.id,
        "intern": vrijgave.intern,
        "epoche": vrijgave.stand,
        "sleutel": levering,
        "register": head,
        "beleid": {
            "naam": policy.naam,
            "titel": policy.titel,
            "bron": policy.bron,
            "regels": [
                {
                    "naam": naam,
                    "waarde": list(w) if isinstance(w, tuple) else w,
                    "uitleg": rules[naam].card.uitleg,
                    "bron": policy.bronnen.get(naam, ""),
                }
                for naam, w in policy.regels.items()
            ],
        },
        "cellen": sum(len(s.cellen) for s in summaries),
        "plekken": _places(summaries),
        "uitvoer": [_output(r) for r in vrijgave.resultaten],
        "vrije_tekst": [{"veld": naam, "getallen": n} for naam, n in free_text.items()],
    }


def _once(summaries: Iterable[PublicSummary]) -> list[PublicSummary]:
    """Return the summaries without those that ask the same: these stand in the open files once."""
    asked = {(s.recept, s.uitsplitsing, *s.plekken["periode"].unique()): s for s in summaries}
    return list(asked.values())


def _places(summaries: Iterable[PublicSummary]) -> list[dict[str, Any]]:
    """Return per breakdown how many places show something, by the epoch that they show."""
    count: Counter[tuple[str, str]] = Counter()
    for summary in summaries:
        for stand in summary.plekken["stand"]:
            count[summary.uitsplitsing, str(stand)] += 1
    return [{"uitsplitsing": per, "stand": stand, "aantal": n} for (per, stand), n in sorted(count.items())]


def _output(r: Result) -> dict[str, Any]:
    reasons: Counter[str] = Counter()
    for summary in r.publiek.values():
        reasons.update(str(reden) for reden in summary.plekken["reden"] if reden)
    asked, gone = len(r.schattingen), int(r.schattingen["onderdrukt"].sum())
    return {
        "sleutel": r.sleutel,
        "label": r.card.label,
        "soort": r.card.kind.value,
        "cellen": sum(len(s.cellen) for s in r.publiek.values()),
        "gevraagd": asked,
        "niet_getoond": gone,
        "redenen": dict(sorted(reasons.items())),
        "uitkomst": "niet van toepassing"
        if r.reden_nvt
        else "niet getoond"
        if asked and gone == asked
        else "deels getoond"
        if gone
        else "getoond",
    }


def load(map_: Path | str) -> tuple[Path, dict[str, Any]]:
    """Read the record in the folder of a report; InvoerFout when it cannot be read."""
    path = Path(map_)
    path = path / FILE if path.is_dir() else path
    try:
        source = structured_text.from_json(structured_text.read_bytes(path))
        if source["dossier"] != VERSION or not isinstance(source["uitvoer"], list):
            raise ValueError("een andere versie")
    except (OSError, ValueError, KeyError, TypeError):
        raise InvoerFout(
            "het dossier van de vrijgave is niet leesbaar",
            waar=str(path),
            verwacht=f"de map van een verslag, met {FILE}",
            herstel="maak het verslag opnieuw met 'tks rapport'",
        ) from None
    return path, source
