"""Read `onderzoek.yaml`: every objection names the field and the line, and what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from toekomstscenario_eval.data.yaml_node import Node, Place, Wording, load_yaml, plain
from toekomstscenario_eval.document.prose import Objection, Passage, objections
from toekomstscenario_eval.errors import InvoerFout, OnthullingsFout, bedoelt_u
from toekomstscenario_eval.report.plan import (
    AANLEVERAAR,
    GEVAL,
    STAPPEN,
    VELD,
    VELDEN,
    VERLOOP,
    Plan,
    RegionFlow,
    Soort,
    Story,
    Supplier,
)

_LEEG: tuple[object, ...] = (None, "", [])
_WOORDEN = Wording(
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

    def fout(self, wat: str, naam: str, herstel: str = "", *, nummer: int | None = None) -> InvoerFout:
        """Return the error about a field, or about item `nummer` (from 1) in it."""
        waar = Place(self.pad.name, self.knopen[naam].line(nummer))
        return InvoerFout(wat, waar=str(waar), herstel=herstel)


def load_plan(pad: Path | str | None) -> Plan:
    """Read the researcher's file; without one an empty plan, in which everything is missing.

    Raises
    ------
    InvoerFout
        When the file cannot be read, or holds an unknown field or a wrong value.
    OnthullingsFout
        When a text holds what could point to a family.
    """
    if pad is None:
        return Plan()
    bron = _read(Path(pad))
    velden: dict[str, Any] = {naam: _VORMEN[VELD[naam].soort](bron, naam) for naam in bron.waarden}
    teksten = {n: velden.pop(n) for n in list(velden) if VELD[n].soort is Soort.TEKST}
    regels = {naam: knoop.line() for naam, knoop in bron.knopen.items()}
    proza = tuple(_passages(bron))
    _refuse_traces(bron.pad, proza, velden.get("kleine_aantallen", ()))
    return Plan(**velden, teksten=teksten, regels=regels, proza=proza)


def _read(pad: Path) -> _Source:
    wortel, tekst = load_yaml(pad, _WOORDEN)
    if wortel is None:
        return _Source(pad, {}, {}, tekst)
    waarden = plain(pad, tekst, _WOORDEN)
    if not isinstance(waarden, dict):
        raise InvoerFout(
            "het onderzoeksbestand bestaat niet uit velden",
            waar=pad.name,
            herstel="schrijf elk veld als 'naam: tekst'",
        )
    knopen: dict[str, Node] = {}
    for naam, knoop in wortel.pairs():
        waar = str(Place(pad.name, knoop.plek.regel))
        if naam not in VELD:
            raise InvoerFout(f"het veld '{naam}' bestaat niet", waar=waar, herstel=bedoelt_u(naam, VELD))
        if naam in knopen:
            raise InvoerFout(
                f"het veld '{naam}' staat er twee keer", waar=waar, herstel="voeg beide teksten samen"
            )
        knopen[naam] = knoop
    return _Source(pad, {k: v for k, v in waarden.items() if v not in _LEEG}, knopen, tekst)


def _is_text(waarde: Any) -> bool:
    return isinstance(waarde, str | int | float | date) and not isinstance(waarde, bool)


def _line(bron: _Source, naam: str) -> str:
    waarde = bron.waarden[naam]
    if not _is_text(waarde):
        raise bron.fout(f"het veld '{naam}' is geen tekst", naam)
    return " ".join(str(waarde).split())


def _text(bron: _Source, naam: str) -> str:
    waarde = bron.waarden[naam]
    if isinstance(waarde, list) and all(isinstance(deel, str) for deel in waarde):
        return "\n".join(f"- {deel}" for deel in waarde)
    if _is_text(waarde):
        return str(waarde)
    raise bron.fout(f"het veld '{naam}' is geen tekst of lijst van teksten", naam)


def _names(bron: _Source, naam: str) -> tuple[str, ...]:
    waarde = bron.waarden[naam]
    if not isinstance(waarde, list) or not all(isinstance(deel, str) for deel in waarde):
        raise bron.fout(
            f"'{naam}' is geen lijst van namen", naam, "schrijf elke naam op een regel na een streepje"
        )
    return tuple(waarde)


def _date(bron: _Source, naam: str) -> str:
    tekst = _line(bron, naam)
    try:
        date.fromisoformat(tekst)
    except ValueError:
        raise bron.fout(f"'{naam}' is geen bestaande datum", naam, "schrijf JJJJ-MM-DD") from None
    return tekst


def _items(
    bron: _Source, naam: str, *, wat: str, velden: Sequence[str], verplicht: Sequence[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the items of a list with their number, each with known fields only."""
    lijst = bron.waarden[naam]
    if not isinstance(lijst, list):
        raise bron.fout(f"'{naam}' is geen lijst van {wat}", naam)
    for nummer, item in enumerate(lijst, start=1):
        waar = f"'{naam}', punt {nummer}"
        if not isinstance(item, dict):
            raise bron.fout(
                f"{waar} bestaat niet uit velden", naam, "schrijf: " + ", ".join(velden), nummer=nummer
            )
        for sleutel in item:
            if sleutel not in velden:
                raise bron.fout(
                    f"{waar}: het veld '{sleutel}' bestaat niet",
                    naam,
                    bedoelt_u(str(sleutel), velden),
                    nummer=nummer,
                )
        for sleutel in verplicht:
            if not isinstance(item.get(sleutel), str) or not item[sleutel].strip():
                raise bron.fout(
                    f"{waar} mist '{sleutel}'", naam, "schrijf: " + ", ".join(velden), nummer=nummer
                )
        yield nummer, item


def _count(bron: _Source, naam: str, nummer: int, item: Mapping[str, Any], stap: str) -> int | None:
    waarde = item.get(stap)
    if waarde is not None and (not isinstance(waarde, int) or isinstance(waarde, bool) or waarde < 0):
        raise bron.fout(
            f"'{naam}', punt {nummer}: '{stap}' is geen aantal",
            naam,
            "schrijf een geheel getal, of laat het weg",
            nummer=nummer,
        )
    return waarde


def _flow(bron: _Source, naam: str) -> tuple[RegionFlow, ...]:
    uit = []
    for nummer, item in _items(bron, naam, wat="regio's", velden=VERLOOP, verplicht=("regio",)):
        a, b, c, d = (_count(bron, naam, nummer, item, stap) for stap in STAPPEN)
        uit.append(RegionFlow(item["regio"], (a, b, c, d), str(item.get("reden") or "")))
    return tuple(uit)


def _suppliers(bron: _Source, naam: str) -> tuple[Supplier, ...]:
    return tuple(
        Supplier(
            item["naam"],
            _count(bron, naam, nummer, item, "gepland"),
            _count(bron, naam, nummer, item, "geleverd"),
            str(item.get("reden") or ""),
        )
        for nummer, item in _items(bron, naam, wat="aanleveraars", velden=AANLEVERAAR, verplicht=("naam",))
    )


def _stories(bron: _Source, naam: str) -> tuple[Story, ...]:
    uit = []
    for nummer, item in _items(bron, naam, wat="verhalen", velden=GEVAL, verplicht=("titel", "verhaal")):
        if item.get("samengesteld") is not True:
            raise bron.fout(
                f"'{naam}', punt {nummer} is niet als samengesteld verklaard",
                naam,
                "een verhaal over één gezin mag niet in het verslag; is het uit meer gezinnen samengesteld, "
                "schrijf dan 'samengesteld: true'",
                nummer=nummer,
            )
        uit.append(Story(" ".join(item["titel"].split()), item["verhaal"]))
    return tuple(uit)


_VORMEN = {
    Soort.REGEL: _line,
    Soort.TEKST: _text,
    Soort.NAMEN: _names,
    Soort.DATUM: _date,
    Soort.VERLOOP: _flow,
    Soort.AANLEVERAARS: _suppliers,
    Soort.GEVALLEN: _stories,
}


def _passages(bron: _Source) -> Iterator[Passage]:
    """Yield every field in which the researcher writes, as it stands in the file."""
    geen_proza = {"auteurs", "datum", "uitkomsten", "controles", "kleine_aantallen"}
    for veld in VELDEN:
        if veld.naam in bron.waarden and veld.naam not in geen_proza:
            knoop = bron.knopen[veld.naam]
            yield Passage(veld.naam, knoop.written(bron.tekst), knoop.line())


def _refuse_traces(pad: Path, proza: Sequence[Passage], toegestaan: Sequence[str]) -> None:
    """Refuse all that could point to a family at once, each with its line; show none of it."""
    gevonden: list[tuple[Passage, Objection]] = [
        (passage, bezwaar)
        for passage in proza
        for bezwaar in objections(passage.tekst, toegestaan=toegestaan)
    ]
    if not gevonden:
        return
    plekken = [
        f"{pad.name}, regel {p.regel + b.regel} (veld '{p.veld}'): {b.soort}"
        for p, b in sorted(gevonden, key=lambda paar: paar[0].regel + paar[1].regel)
    ]
    raise OnthullingsFout(
        "het onderzoeksbestand bevat iets dat naar een gezin kan wijzen",
        waar="\n        ".join(dict.fromkeys(plekken)),
        herstel="\n           ".join(dict.fromkeys(b.herstel for _, b in gevonden)),
    )
