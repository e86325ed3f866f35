"""Finds the rules, asks the engine their questions in as few scans as possible, makes findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis.expr.types as ir

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.checks._hulp import repeated, smallest
from toekomstscenario_eval.data.checks._vorm import EERSTE, Geval, Nvt, Regel, Telling, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.types import Finding, Status

Stel = Callable[[Package], Iterator[Toets | Telling | Nvt]]
Meld = Callable[[str], None]


@dataclass(frozen=True)
class Regelbestand:
    """A rule as found: id (file name), rule, worked cases and the function that asks its questions."""

    id: str
    regel: Regel
    gevallen: tuple[Geval, ...]
    toetsen: Stel


@dataclass(frozen=True)
class Antwoord:
    """Answer to one question: violations, first rows, and how many rows were looked at."""

    aantal: int
    rijen: tuple[int, ...]
    bekeken: int


@dataclass(frozen=True)
class Vastgelopen:
    """A question or rule that crashed; only the kind of error, for its text may hold data."""

    soort: str


@cache
def rules() -> Mapping[str, Regelbestand]:
    """Return every rule by id, in alphabetical order."""
    return {
        naam: Regelbestand(naam, module.REGEL, module.GEVALLEN, module.toetsen)
        for naam, module in modules(checks)
    }


def controleer(pakket: Package, *, voortgang: Meld | None = None) -> tuple[Finding, ...]:
    """Check a package against every rule.

    Parameters
    ----------
    pakket : Package
        An opened package.
    voortgang : callable, optional
        Called with a short Dutch text before each step.

    Returns
    -------
    tuple of Finding
        At least one per rule, rules in alphabetical order: geslaagd, gefaald (one per table and
        column), niet van toepassing with the reason, or fout when the rule itself crashed.
    """
    return run(pakket, tuple(rules().values()), voortgang=voortgang)


def run(
    pakket: Package, regels: Sequence[Regelbestand], *, voortgang: Meld | None = None
) -> tuple[Finding, ...]:
    """Check a package against these rules."""
    voortgang = voortgang or _silent
    gesteld = {r.id: _ask(r, pakket, voortgang) for r in regels}
    vragen = [v for lijst in gesteld.values() if not isinstance(lijst, Vastgelopen) for v in lijst]
    antwoorden = _answer([v for v in vragen if isinstance(v, Toets)], voortgang)
    return tuple(f for r in regels for f in _findings(r, gesteld[r.id], antwoorden))


def _silent(tekst: str) -> None:
    del tekst


def _ask(
    bestand: Regelbestand, pakket: Package, voortgang: Meld
) -> tuple[Toets | Telling | Nvt, ...] | Vastgelopen:
    voortgang(f"regel {bestand.id}")
    reden = pakket.ontbreekt(bestand.regel.nodig)
    if reden:
        return (Nvt(reden),)
    try:
        return tuple(bestand.toetsen(pakket))
    except Exception as fout:  # noqa: BLE001 - a crash is reported as the status fout, which blocks
        return Vastgelopen(type(fout).__name__)


def _answer(vragen: Sequence[Toets], voortgang: Meld) -> dict[int, Antwoord | Vastgelopen]:
    """Return the answer to each question by its `id()`, in one scan per set of rows."""
    per_bron: dict[object, list[Toets]] = {}
    for vraag in vragen:
        per_bron.setdefault((vraag.rijen.op(), vraag.dubbel), []).append(vraag)
    uit: dict[int, Antwoord | Vastgelopen] = {}
    for groep in per_bron.values():
        voortgang(f"tabel {groep[0].tabel}: {len(groep)} vragen")
        uit.update(zip(map(id, groep), _scan(groep), strict=True))
    return uit


def _scan(groep: Sequence[Toets]) -> list[Antwoord | Vastgelopen]:
    """Answer questions on the same rows; when the scan fails, each apart, so that one cannot hide others."""
    try:
        rij = _count(groep)
    except Exception as fout:  # noqa: BLE001 - a crash is reported as the status fout, which blocks
        if len(groep) == 1:
            return [Vastgelopen(type(fout).__name__)]
        return [_scan([vraag])[0] for vraag in groep]
    return [
        Antwoord(rij[f"aantal_{i}"], tuple(rij[f"rijen_{i}"] or ()), rij["bekeken"])
        for i in range(len(groep))
    ]


def _count(groep: Sequence[Toets]) -> dict[str, Any]:
    """Return how many rows were looked at, and of each question the violations and their first rows."""
    rijen = groep[0].rijen
    if groep[0].dubbel:
        rijen = repeated(rijen, groep[0].dubbel)
    maten: dict[str, ir.Scalar] = {"bekeken": rijen.count()}
    for i, vraag in enumerate(groep):
        waar = vraag.overtreding
        maten[f"aantal_{i}"] = rijen.count(where=waar)
        maten[f"rijen_{i}"] = smallest(rijen[RIJ], EERSTE, where=waar)
    rij: dict[str, Any] = rijen.aggregate(**maten).to_pyarrow().to_pylist()[0]
    return rij


def _findings(
    bestand: Regelbestand,
    gesteld: tuple[Toets | Telling | Nvt, ...] | Vastgelopen,
    antwoorden: Mapping[int, Antwoord | Vastgelopen],
) -> Iterator[Finding]:
    if isinstance(gesteld, Vastgelopen):
        yield _crashed(bestand, gesteld)
        return
    gevraagd, verdicten = 0, []
    for vraag in gesteld:
        if isinstance(vraag, Nvt):
            verdicten.append(_finding(bestand, Status.NVT, vraag, toelichting=vraag.reden))
            continue
        antwoord = antwoorden[id(vraag)] if isinstance(vraag, Toets) else _counted(vraag)
        if isinstance(antwoord, Vastgelopen):
            verdicten.append(_crashed(bestand, antwoord, vraag))
        elif antwoord.aantal:
            verdicten.append(_failed(bestand, vraag, antwoord))
        # No rows to look at is no answer; a question whose rows are the violations needs none.
        gevraagd += not isinstance(antwoord, Vastgelopen) and (
            antwoord.bekeken > 0 or (isinstance(vraag, Toets) and vraag.overtreding is None)
        )
    yield from verdicten
    if all(v.status is Status.NVT for v in verdicten):
        if gevraagd:
            vragen = "1 vraag" if gevraagd == 1 else f"{gevraagd} vragen"
            yield _finding(bestand, Status.GESLAAGD, None, toelichting=f"{vragen} gesteld, geen overtreding")
        elif not verdicten:
            yield _finding(bestand, Status.NVT, None, toelichting="er zijn geen rijen om te toetsen")


def _counted(vraag: Telling) -> Antwoord:
    return Antwoord(vraag.aantal, vraag.rijen, 1)


def _finding(
    bestand: Regelbestand, status: Status, vraag: Toets | Telling | Nvt | None, *, toelichting: str
) -> Finding:
    return Finding(
        regel=bestand.id,
        status=status,
        ernst=bestand.regel.ernst,
        titel=bestand.regel.titel,
        tabel=vraag.tabel if vraag else "",
        kolom=vraag.kolom if vraag else "",
        toelichting=toelichting,
    )


def _failed(bestand: Regelbestand, vraag: Toets | Telling, antwoord: Antwoord) -> Finding:
    regel = bestand.regel
    extra = vraag.toelichting if isinstance(vraag, Telling) else ""
    return Finding(
        regel=bestand.id,
        status=Status.GEFAALD,
        ernst=regel.ernst,
        titel=regel.titel,
        tabel=vraag.tabel,
        kolom=vraag.kolom,
        aantal=antwoord.aantal,
        rijen=antwoord.rijen,
        verwacht=vraag.verwacht,
        herstel=vraag.herstel or regel.herstel,
        toelichting=extra or regel.uitleg,
    )


def _crashed(bestand: Regelbestand, fout: Vastgelopen, vraag: Toets | Telling | None = None) -> Finding:
    return Finding(
        regel=bestand.id,
        status=Status.FOUT,
        ernst=bestand.regel.ernst,
        titel=bestand.regel.titel,
        tabel=vraag.tabel if vraag else "",
        kolom=vraag.kolom if vraag else "",
        herstel="lever het bestand opnieuw; blijft het, meld het dan bij de makers van toekomstscenario-eval",
        toelichting=f"de controle liep zelf vast ({fout.soort}), dus er is niets vastgesteld",
    )
