"""The document tree as JSON and back; import it from `document.document`."""

from __future__ import annotations

import json
import typing
from typing import Any

from toekomstscenario_eval.document.nodes import (
    MAX_DEPTH,
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
    _fields,
    _Node,
)
from toekomstscenario_eval.errors import UitvoerFout

_SOORTEN: dict[str, type[_Node]] = {
    class_.__name__.lower(): class_
    for class_ in (
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


def to_json(node: object) -> Any:
    """Return a node as JSON-ready data; `from_json` returns the node."""
    if isinstance(node, _Node):
        content = {naam: to_json(getattr(node, naam)) for naam, _ in _fields(type(node))}
        return {"type": type(node).__name__.lower()} | content
    if isinstance(node, tuple):
        return [to_json(part) for part in node]
    return node


def from_json(data: object) -> Node:
    """Return the node that `to_json` wrote.

    Raises
    ------
    UitvoerFout
        On an unknown type, a missing or unknown field, or a value that the node refuses.
    """
    return typing.cast(Node, _read(data, depth=0))


def _read(data: object, *, depth: int) -> Any:
    if depth > 4 * MAX_DEPTH:
        raise UitvoerFout("het document is te diep genest")
    if isinstance(data, list):
        return tuple(_read(part, depth=depth + 1) for part in data)
    if not isinstance(data, dict):
        return data
    soort = data.get("type")
    class_ = _SOORTEN.get(soort) if isinstance(soort, str) else None
    if class_ is None:
        raise UitvoerFout("het document bevat een onbekend soort onderdeel")
    namen = {naam for naam, _ in _fields(class_)}
    if set(data) != namen | {"type"}:
        raise UitvoerFout("een onderdeel mist een veld of heeft er een te veel", waar=class_.__name__)
    return class_(**{naam: _read(data[naam], depth=depth + 1) for naam in namen})


def canonical(data: object) -> bytes:
    """Return JSON-ready data as the one byte string that stands for it."""
    return json.dumps(
        data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()
