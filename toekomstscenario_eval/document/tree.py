"""The document tree as JSON and back; import it from `reporting.document`."""

from __future__ import annotations

import json
import typing
from typing import Any

from toekomstscenario_eval.document.nodes import (
    MAX_DIEPTE,
    Alinea,
    Cel,
    Code,
    Definities,
    Figuur,
    Getal,
    Herkomst,
    Kaart,
    Kader,
    Kop,
    Lijst,
    Node,
    Spoor,
    Tabel,
    Tekst,
    Verwijzing,
    _Knoop,
    _velden,
)
from toekomstscenario_eval.errors import UitvoerFout

_SOORTEN: dict[str, type[_Knoop]] = {
    klasse.__name__.lower(): klasse
    for klasse in (
        Tekst,
        Getal,
        Verwijzing,
        Cel,
        Spoor,
        Kaart,
        Kop,
        Alinea,
        Lijst,
        Tabel,
        Figuur,
        Kader,
        Definities,
        Code,
        Herkomst,
    )
}


def naar_json(knoop: object) -> Any:
    """Return a node as JSON-ready data; `uit_json` returns the node."""
    if isinstance(knoop, _Knoop):
        inhoud = {naam: naar_json(getattr(knoop, naam)) for naam, _ in _velden(type(knoop))}
        return {"type": type(knoop).__name__.lower()} | inhoud
    if isinstance(knoop, tuple):
        return [naar_json(deel) for deel in knoop]
    return knoop


def uit_json(gegevens: object) -> Node:
    """Return the node that `naar_json` wrote.

    Raises
    ------
    UitvoerFout
        On an unknown type, a missing or unknown field, or a value that the node refuses.
    """
    return typing.cast(Node, _lees(gegevens, diepte=0))


def _lees(gegevens: object, *, diepte: int) -> Any:
    if diepte > 4 * MAX_DIEPTE:
        raise UitvoerFout("het document is te diep genest")
    if isinstance(gegevens, list):
        return tuple(_lees(deel, diepte=diepte + 1) for deel in gegevens)
    if not isinstance(gegevens, dict):
        return gegevens
    soort = gegevens.get("type")
    klasse = _SOORTEN.get(soort) if isinstance(soort, str) else None
    if klasse is None:
        raise UitvoerFout("het document bevat een onbekend soort onderdeel")
    namen = {naam for naam, _ in _velden(klasse)}
    if set(gegevens) != namen | {"type"}:
        raise UitvoerFout("een onderdeel mist een veld of heeft er een te veel", waar=klasse.__name__)
    return klasse(**{naam: _lees(gegevens[naam], diepte=diepte + 1) for naam in namen})


def canoniek(gegevens: object) -> bytes:
    """Return JSON-ready data as the one byte string that stands for it."""
    return json.dumps(
        gegevens, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()
