"""Read `onderzoek.yaml`: every objection names the field and the line, and what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

from toekomstscenario_eval.data.yaml_node import Node, Place, Wording, load_yaml, plain
from toekomstscenario_eval.document.prose import Passage
from toekomstscenario_eval.errors import InvoerFout, did_you_mean
from toekomstscenario_eval.making.plan_lock import locked_prose, place_of, read_lock
from toekomstscenario_eval.making.plan_section import read_planned
from toekomstscenario_eval.making.traces import refuse_traces
from toekomstscenario_eval.report.locked_plan import Planned
from toekomstscenario_eval.report.plan import (
    CASE,
    COURSE,
    EXCEPTION,
    FIELD,
    FIELDS,
    FIXED,
    STAPPEN,
    SUPPLIER,
    FixedNumber,
    Plan,
    RegionFlow,
    Soort,
    Story,
    Supplier,
    WordingException,
)

_EMPTY: tuple[object, ...] = (None, "", [])
_WORDS = Wording(
    naam="het onderzoeksbestand",
    weg="is niet te lezen",
    onleesbaar="is niet te lezen",
    pad="controleer het pad bij --onderzoek",
    utf8="sla het op als UTF-8",
    vorm="controleer inspringen, dubbele punten en aanhalingstekens",
)


@dataclass(frozen=True)
class _Source:
    """The file as read: its values, its text, and each field as it stands there (for places)."""

    pad: Path
    waarden: Mapping[str, Any]
    knopen: Mapping[str, Node]
    tekst: str

    def fout(self, what: str, naam: str, remedy: str = "", *, number: int | None = None) -> InvoerFout:
        """Return the error about a field, or about item `number` (from 1) in it."""
        where = Place(self.pad.name, self.knopen[naam].line(number))
        return InvoerFout(what, waar=str(where), herstel=remedy)


def load_plan(path: Path | str | None) -> Plan:
    """Read the researcher's file, and the plan that was locked beside it.

    Without a file it is an empty plan, in which everything is missing.

    Raises
    ------
    InvoerFout
        When a file cannot be read, holds an unknown field or a wrong value, or the lock was tampered with.
    OnthullingsFout
        When a text holds what could point to a family.
    """
    if path is None:
        return Plan()
    source = _read(Path(path))
    fields: dict[str, Any] = {naam: _VORMEN[FIELD[naam].soort](source, naam) for naam in source.waarden}
    texts = {n: fields.pop(n) for n in list(fields) if FIELD[n].soort is Soort.TEXT}
    lines = {naam: node.line() for naam, node in source.knopen.items()}
    for naam, value in fields.items():
        if FIELD[naam].soort is Soort.NAMEN:
            lines |= {f"{naam}.{i}": source.knopen[naam].line(i) for i in range(1, len(value) + 1)}
    prose, allowed = tuple(_passages(source)), fields.get("kleine_aantallen", ())
    refuse_traces(source.pad.name, prose, allowed)
    locked = read_lock(source.pad)
    refuse_traces(place_of(source.pad).name, locked_prose(locked), allowed, what="het vastgelegde plan")
    planned = fields.pop("plan", None)
    if "uitkomsten" in fields and (locked or (planned and planned.indicatoren)):
        raise source.fout(
            "bij een plan horen de indicatoren van dat plan, en geen 'uitkomsten' ernaast",
            "uitkomsten",
            "haal het veld 'uitkomsten' weg; wat u vooraf koos, staat in het plan",
        )
    return Plan(
        **fields,
        teksten=texts,
        planned=planned,
        locked=locked,
        regels=lines,
        bestand=source.pad.name,
        proza=prose,
    )


def _read(path: Path) -> _Source:
    root, text = load_yaml(path, _WORDS)
    if root is None:
        return _Source(path, {}, {}, text)
    waarden = plain(path, text, _WORDS)
    if not isinstance(waarden, dict):
        raise InvoerFout(
            "het onderzoeksbestand bestaat niet uit velden",
            waar=path.name,
            herstel="schrijf elk veld als 'naam: tekst'",
        )
    nodes: dict[str, Node] = {}
    for naam, node in root.pairs():
        where = str(Place(path.name, node.plek.regel))
        if naam not in FIELD:
            raise InvoerFout(f"het veld '{naam}' bestaat niet", waar=where, herstel=did_you_mean(naam, FIELD))
        if naam in nodes:
            raise InvoerFout(
                f"het veld '{naam}' staat er twee keer", waar=where, herstel="voeg beide teksten samen"
            )
        nodes[naam] = node
    return _Source(path, {k: v for k, v in waarden.items() if v not in _EMPTY}, nodes, text)


def _is_text(waarde: Any) -> bool:
    return isinstance(waarde, str | int | float | date) and not isinstance(waarde, bool)


def _line(source: _Source, naam: str) -> str:
    waarde = source.waarden[naam]
    if not _is_text(waarde):
        raise source.fout(f"het veld '{naam}' is geen tekst", naam)
    return " ".join(str(waarde).split())


def _text(source: _Source, naam: str) -> str:
    waarde = source.waarden[naam]
    if isinstance(waarde, list) and all(isinstance(part, str) for part in waarde):
        return "\n".join(f"- {part}" for part in waarde)
    if _is_text(waarde):
        return str(waarde)
    raise source.fout(f"het veld '{naam}' is geen tekst of lijst van teksten", naam)


def _names(source: _Source, naam: str) -> tuple[str, ...]:
    waarde = source.waarden[naam]
    if not isinstance(waarde, list) or not all(isinstance(part, str) for part in waarde):
        raise source.fout(
            f"'{naam}' is geen lijst van namen", naam, "schrijf elke naam op een regel na een streepje"
        )
    return tuple(waarde)


def _date(source: _Source, naam: str) -> str:
    text = _line(source, naam)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise source.fout(f"'{naam}' is geen bestaande datum", naam, "schrijf JJJJ-MM-DD") from None
    return text


def _items(
    source: _Source, naam: str, *, what: str, fields: Sequence[str], required: Sequence[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the items of a list with their number, each with known fields only."""
    listing = source.waarden[naam]
    if not isinstance(listing, list):
        raise source.fout(f"'{naam}' is geen lijst van {what}", naam)
    for number, item in enumerate(listing, start=1):
        where = f"'{naam}', punt {number}"
        if not isinstance(item, dict):
            raise source.fout(
                f"{where} bestaat niet uit velden", naam, "schrijf: " + ", ".join(fields), number=number
            )
        for key in item:
            if key not in fields:
                raise source.fout(
                    f"{where}: het veld '{key}' bestaat niet",
                    naam,
                    did_you_mean(str(key), fields),
                    number=number,
                )
        for key in required:
            if not isinstance(item.get(key), str) or not item[key].strip():
                raise source.fout(
                    f"{where} mist '{key}'", naam, "schrijf: " + ", ".join(fields), number=number
                )
        yield number, item


def _count(source: _Source, naam: str, number: int, item: Mapping[str, Any], stap: str) -> int | None:
    waarde = item.get(stap)
    if waarde is not None and (not isinstance(waarde, int) or isinstance(waarde, bool) or waarde < 0):
        raise source.fout(
            f"'{naam}', punt {number}: '{stap}' is geen aantal",
            naam,
            "schrijf een geheel getal, of laat het weg",
            number=number,
        )
    return waarde


def _flow(source: _Source, naam: str) -> tuple[RegionFlow, ...]:
    out = []
    for number, item in _items(source, naam, what="regio's", fields=COURSE, required=("regio",)):
        a, b, c, d = (_count(source, naam, number, item, stap) for stap in STAPPEN)
        out.append(RegionFlow(item["regio"], (a, b, c, d), str(item.get("reden") or "")))
    return tuple(out)


def _suppliers(source: _Source, naam: str) -> tuple[Supplier, ...]:
    return tuple(
        Supplier(
            item["naam"],
            _count(source, naam, number, item, "gepland"),
            _count(source, naam, number, item, "geleverd"),
            str(item.get("reden") or ""),
        )
        for number, item in _items(source, naam, what="aanleveraars", fields=SUPPLIER, required=("naam",))
    )


def _fixed(source: _Source, naam: str) -> tuple[FixedNumber, ...]:
    out: dict[str, FixedNumber] = {}
    for number, item in _items(source, naam, what="getallen", fields=FIXED, required=("naam", "bron")):
        waarde, title = item.get("waarde"), " ".join(item["naam"].split())
        if isinstance(waarde, bool) or not isinstance(waarde, int | float) or not isfinite(waarde):
            raise source.fout(
                f"'{naam}', punt {number}: 'waarde' is geen getal",
                naam,
                "schrijf alleen cijfers, met een punt voor decimalen, zoals 103 of 3.9",
                number=number,
            )
        if title in out:
            raise source.fout(
                f"'{naam}', punt {number}: de naam '{title}' staat er twee keer",
                naam,
                "geef elk getal een eigen naam",
                number=number,
            )
        more = " ".join(str(item.get("toelichting") or "").split())
        out[title] = FixedNumber(title, waarde, " ".join(item["bron"].split()), more)
    return tuple(out.values())


def _stories(source: _Source, naam: str) -> tuple[Story, ...]:
    out = []
    for number, item in _items(source, naam, what="verhalen", fields=CASE, required=("titel", "verhaal")):
        if item.get("samengesteld") is not True:
            raise source.fout(
                f"'{naam}', punt {number} is niet als samengesteld verklaard",
                naam,
                "een verhaal over één gezin mag niet in het verslag; is het uit meer gezinnen samengesteld, "
                "schrijf dan 'samengesteld: true'",
                number=number,
            )
        out.append(Story(" ".join(item["titel"].split()), item["verhaal"]))
    return tuple(out)


def _exceptions(source: _Source, naam: str) -> tuple[WordingException, ...]:
    return tuple(
        WordingException(" ".join(item["zin"].split()), " ".join(item["reden"].split()))
        for _, item in _items(source, naam, what="zinnen", fields=EXCEPTION, required=EXCEPTION)
    )


def _planned(source: _Source, naam: str) -> Planned:
    return read_planned(source.knopen[naam])


_VORMEN = {
    Soort.LINE: _line,
    Soort.TEXT: _text,
    Soort.NAMEN: _names,
    Soort.DATUM: _date,
    Soort.COURSE: _flow,
    Soort.SUPPLIERS: _suppliers,
    Soort.FIXED: _fixed,
    Soort.CASES: _stories,
    Soort.EXCEPTIONS: _exceptions,
    Soort.PLAN: _planned,
}


def _passages(source: _Source) -> Iterator[Passage]:
    """Yield every field in which the researcher writes, as it stands in the file."""
    no_prose = {"auteurs", "datum", "uitkomsten", "controles", "kleine_aantallen"}
    for field in FIELDS:
        if field.naam in source.waarden and field.naam not in no_prose:
            node = source.knopen[field.naam]
            yield Passage(field.naam, node.written(source.tekst), node.line())
