"""The record of a release: per output the rules, the outcome, the attack, and what a person decided.

An exception changes no number. It says that somebody looked at an output, and why it may go as it
is: a released number that deserves a second look, or numbers typed by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from toekomstscenario_eval.disclosure.earlier_release import STATE
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.disclosure.thresholds import all_rules, looking_at
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, did_you_mean
from toekomstscenario_eval.identity import Labels

FILE = "vrijgave.json"
VERSION = 2


def record(vrijgave: Release, free_text: Mapping[str, int]) -> dict[str, Any]:
    """Return the record of a release as JSON.

    Parameters
    ----------
    vrijgave : Release
    free_text : how many numbers were typed by hand, by text
    """
    policy, a, rules = vrijgave.beleid, vrijgave.aanval, all_rules()
    return {
        "dossier": VERSION,
        "vrijgave": vrijgave.id,
        "beleid": {
            "naam": policy.naam,
            "titel": policy.titel,
            "bron": policy.bron,
            "regels": [
                {
                    "naam": naam,
                    "waarde": w,
                    "uitleg": rules[naam].card.uitleg,
                    "bron": policy.bronnen.get(naam, ""),
                }
                for naam, w in policy.regels.items()
            ],
        },
        "aanval": {
            "bekend": a.bekend,
            "verborgen": a.verborgen,
            "vergelijkingen": a.vergelijkingen,
            "geheimen": a.targets,
            "te_goed_bekend_voor_herstel": a.open_for,
            "te_goed_bekend_na_herstel": 0,
            "vereiste_breedte": a.width,
            "goedkoopste_herstel_bewezen": "ja" if a.proven else "nee",
        },
        "eerder": [book.vrijgave for e in vrijgave.eerder for book in e.books],
        "uitvoer": [
            _output(r, a.added.get(r.sleutel, ()), vrijgave.near.get(r.sleutel, 0))
            for r in vrijgave.resultaten
        ],
        "vrije_tekst": [{"veld": naam, "getallen": n} for naam, n in free_text.items()],
        "uitzonderingen": [],
    }


def _output(r: Released, remedy: Iterable[Any], near: int) -> dict[str, Any]:
    asked, suppressed = len(r.schattingen), int(r.schattingen["onderdrukt"].sum())
    remained = int(r.schattingen["methode"].str.contains(STATE, regex=False).sum()) if asked else 0
    added = [_name(gone, r.labels) for gone in remedy]
    return {
        "sleutel": r.sleutel,
        "label": r.card.label,
        "soort": r.card.kind.value,
        "regels": list(looking_at(r.card.kind)),
        "gevraagd": asked,
        "onderdrukt": suppressed,
        "gebleven": remained,
        "punten": len(r.reeksen),
        "punten_onderdrukt": int(r.reeksen["onderdrukt"].sum()),
        "herstel": added,
        "nabij_andere_definitie": near,
        "uitkomst": _outcome(r, asked, suppressed, remained),
    }


def _name(gone: Any, labels: Labels) -> str:
    """Name what the repair hid: a place, or a day of a curve at a place."""
    spot = getattr(gone, "plek", gone)
    groep = labels.text(spot.uitsplitsing, spot.groep)
    day = f", dag {gone.curve.dag:g} van de curve" if hasattr(gone, "curve") else ""
    return " ".join(filter(None, (spot.uitsplitsing, groep, spot.periode))) + day


def _outcome(r: Released, asked: int, suppressed: int, remained: int) -> str:
    if r.reden_nvt:
        return "niet van toepassing"
    if asked and suppressed == asked:
        return "niet getoond"
    if suppressed or r.reeksen["onderdrukt"].any():
        return "deels getoond"
    return "eerdere stand" if remained else "getoond"


# Stored beside the report


def load(map_: Path | str) -> tuple[Path, dict[str, Any]]:
    """Read the record in the folder of a report; InvoerFout when it cannot be read."""
    path = Path(map_)
    path = path / FILE if path.is_dir() else path
    try:
        source = json.loads(path.read_text(encoding="utf-8"))
        if source["dossier"] != VERSION or not all(
            isinstance(source[k], list) for k in ("uitvoer", "uitzonderingen")
        ):
            raise ValueError("een andere versie")
    except (OSError, ValueError, KeyError, TypeError):
        raise InvoerFout(
            "het dossier van de vrijgave is niet leesbaar",
            waar=str(path),
            verwacht=f"de map van een verslag, met {FILE}",
            herstel="maak het verslag opnieuw met 'tks rapport'",
        ) from None
    return path, source


def output(dossier: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return what the record says of one output; GebruikFout when it is not in it."""
    namen = {u["sleutel"]: u for u in dossier["uitvoer"]}
    if key not in namen:
        raise GebruikFout(f"'{key}' zit niet in deze vrijgave", herstel=did_you_mean(key, namen))
    out: Mapping[str, Any] = namen[key]
    return out


def with_exception(dossier: Mapping[str, Any], key: str, *, who: str, why: str, when: date) -> dict[str, Any]:
    """Return the record with an exception: who granted it, when and why.

    Raises
    ------
    GebruikFout
        When the output is not in the record, or the name or the reason is missing.
    """
    output(dossier, key)
    if not who.strip() or not why.strip():
        raise GebruikFout(
            "een uitzondering heeft een naam en een reden nodig", herstel="geef --wie en --waarom"
        )
    added = {"sleutel": key, "wie": who.strip(), "wanneer": when.isoformat(), "waarom": why.strip()}
    return {**dossier, "uitzonderingen": [*dossier["uitzonderingen"], added]}
