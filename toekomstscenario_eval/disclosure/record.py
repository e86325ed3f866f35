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

from toekomstscenario_eval.disclosure.difference import STAND
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.disclosure.thresholds import all_rules, looking_at
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, bedoelt_u
from toekomstscenario_eval.identity import Labels

BESTAND = "vrijgave.json"
VERSIE = 2


def record(vrijgave: Release, vrije_tekst: Mapping[str, int]) -> dict[str, Any]:
    """Return the record of a release as JSON.

    Parameters
    ----------
    vrijgave : Release
    vrije_tekst : how many numbers were typed by hand, by text
    """
    beleid, a, regels = vrijgave.beleid, vrijgave.aanval, all_rules()
    return {
        "dossier": VERSIE,
        "vrijgave": vrijgave.id,
        "beleid": {
            "naam": beleid.naam,
            "titel": beleid.titel,
            "bron": beleid.bron,
            "regels": [
                {
                    "naam": naam,
                    "waarde": w,
                    "uitleg": regels[naam].card.uitleg,
                    "bron": beleid.bronnen.get(naam, ""),
                }
                for naam, w in beleid.regels.items()
            ],
        },
        "aanval": {
            "bekend": a.bekend,
            "verborgen": a.verborgen,
            "vergelijkingen": a.vergelijkingen,
            "geheimen": a.doelen,
            "te_goed_bekend_voor_herstel": a.open_voor,
            "te_goed_bekend_na_herstel": 0,
            "vereiste_breedte": a.breedte,
            "goedkoopste_herstel_bewezen": "ja" if a.bewezen else "nee",
        },
        "eerder": [boek.vrijgave for e in vrijgave.eerder for boek in e.boeken],
        "uitvoer": [
            _output(r, a.erbij.get(r.sleutel, ()), vrijgave.nabij.get(r.sleutel, 0))
            for r in vrijgave.resultaten
        ],
        "vrije_tekst": [{"veld": naam, "getallen": n} for naam, n in vrije_tekst.items()],
        "uitzonderingen": [],
    }


def _output(r: Released, herstel: Iterable[Any], nabij: int) -> dict[str, Any]:
    gevraagd, onderdrukt = len(r.schattingen), int(r.schattingen["onderdrukt"].sum())
    gebleven = int(r.schattingen["methode"].str.contains(STAND, regex=False).sum()) if gevraagd else 0
    erbij = [_name(weg, r.labels) for weg in herstel]
    return {
        "sleutel": r.sleutel,
        "label": r.card.label,
        "soort": r.card.kind.value,
        "regels": list(looking_at(r.card.kind)),
        "gevraagd": gevraagd,
        "onderdrukt": onderdrukt,
        "gebleven": gebleven,
        "punten": len(r.reeksen),
        "punten_onderdrukt": int(r.reeksen["onderdrukt"].sum()),
        "herstel": erbij,
        "nabij_andere_definitie": nabij,
        "uitkomst": _outcome(r, gevraagd, onderdrukt, gebleven),
    }


def _name(weg: Any, labels: Labels) -> str:
    """Name what the repair hid: a place, or a day of a curve at a place."""
    plek = getattr(weg, "plek", weg)
    groep = labels.text(plek.uitsplitsing, plek.groep)
    dag = f", dag {weg.curve.dag:g} van de curve" if hasattr(weg, "curve") else ""
    return " ".join(filter(None, (plek.uitsplitsing, groep, plek.periode))) + dag


def _outcome(r: Released, gevraagd: int, onderdrukt: int, gebleven: int) -> str:
    if r.reden_nvt:
        return "niet van toepassing"
    if gevraagd and onderdrukt == gevraagd:
        return "niet getoond"
    if onderdrukt or r.reeksen["onderdrukt"].any():
        return "deels getoond"
    return "eerdere stand" if gebleven else "getoond"


# Stored beside the report


def load(map_: Path | str) -> tuple[Path, dict[str, Any]]:
    """Read the record in the folder of a report; InvoerFout when it cannot be read."""
    pad = Path(map_)
    pad = pad / BESTAND if pad.is_dir() else pad
    try:
        bron = json.loads(pad.read_text(encoding="utf-8"))
        if bron["dossier"] != VERSIE or not all(
            isinstance(bron[k], list) for k in ("uitvoer", "uitzonderingen")
        ):
            raise ValueError("een andere versie")
    except (OSError, ValueError, KeyError, TypeError):
        raise InvoerFout(
            "het dossier van de vrijgave is niet leesbaar",
            waar=str(pad),
            verwacht=f"de map van een verslag, met {BESTAND}",
            herstel="maak het verslag opnieuw met 'tks rapport'",
        ) from None
    return pad, bron


def output(dossier: Mapping[str, Any], sleutel: str) -> Mapping[str, Any]:
    """Return what the record says of one output; GebruikFout when it is not in it."""
    namen = {u["sleutel"]: u for u in dossier["uitvoer"]}
    if sleutel not in namen:
        raise GebruikFout(f"'{sleutel}' zit niet in deze vrijgave", herstel=bedoelt_u(sleutel, namen))
    uit: Mapping[str, Any] = namen[sleutel]
    return uit


def with_exception(
    dossier: Mapping[str, Any], sleutel: str, *, wie: str, waarom: str, wanneer: date
) -> dict[str, Any]:
    """Return the record with an exception: who granted it, when and why.

    Raises
    ------
    GebruikFout
        When the output is not in the record, or the name or the reason is missing.
    """
    output(dossier, sleutel)
    if not wie.strip() or not waarom.strip():
        raise GebruikFout(
            "een uitzondering heeft een naam en een reden nodig", herstel="geef --wie en --waarom"
        )
    erbij = {"sleutel": sleutel, "wie": wie.strip(), "wanneer": wanneer.isoformat(), "waarom": waarom.strip()}
    return {**dossier, "uitzonderingen": [*dossier["uitzonderingen"], erbij]}
