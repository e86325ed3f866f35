"""The baseline table: who the households are, by kind of region and by the clock of the pilot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.table import HIDDEN, count_cell
from toekomstscenario_eval.characteristic_names import ACROSS, of_household
from toekomstscenario_eval.designs import DESCRIBES, Made, standardized_difference
from toekomstscenario_eval.document.document import Alinea, Block, Cel, Getal, Inline, Tabel, Tekst
from toekomstscenario_eval.document.format import number, sentence_case, window
from toekomstscenario_eval.identity import BEFORE, COMPARISON, FROM, PILOT
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE, SITE_KIND, Result, Vorm

_NOTABLE = standardized_difference.NOTABLE
_NONE = Cel("geen", rechts=True)
_NOT_APPLICABLE = Cel("nvt", rechts=True)
_TITLES = {
    (BEFORE, PILOT): "Proeftuinen voor hun start",
    (FROM, PILOT): "Proeftuinen vanaf hun start",
    ("", PILOT): "Proeftuinen",
    (FROM, COMPARISON): "Vergelijkings\u00adregio's",
    ("", COMPARISON): "Vergelijkings\u00adregio's",
}
_WORDS = {PILOT: "proeftuinen", COMPARISON: "vergelijkingsregio's"}
_UNKNOWN = "Of de huishoudens van proeftuinen en vergelijkingsregio's op elkaar lijken, is niet te zeggen"
_SMALL, _LARGE, _UNSURE = "klein", "niet klein", "onzeker"


@dataclass(frozen=True)
class _Column:
    """A population: its heading, the breakdown and group, and its rows by estimand; `reason` when hidden."""

    title: str
    group: str
    rows: Mapping[str, access.Row]
    reason: str = ""
    of_site: bool = False


def described(vrijgave: Release) -> dict[str, list[Result]]:
    """Return the results that say who the households are, by indicator."""
    out: dict[str, list[Result]] = {}
    for r in vrijgave.resultaten:
        if DESCRIBES[r.card.kind] and r.variant.onderwerp in ((), _topic(FROM), _topic(BEFORE)):
            out.setdefault(r.indicator, []).append(r)
    return out


def _topic(phase: str) -> tuple[str, ...]:
    return (f"fase: {phase}",)


def baseline_blocks(vrijgave: Release, site: str = "") -> tuple[Block, ...]:
    """Return the baseline table with a sentence that follows from it; of a site with its own column first.

    Where nothing of it is shown a sentence says so, and why.
    """
    found = [r for results in described(vrijgave).values() for r in results]
    here = [r for r in found if not r.reden_nvt]
    if not here:
        why = "; ".join(dict.fromkeys(r.reden_nvt for r in found)) or "dit verslag bevat geen kenmerken"
        return (_paragraph(f"Wie de huishoudens zijn, is niet te zeggen: {why}."),)
    columns = _columns(here, site)
    shown = [column for column in columns if not column.reason]
    hidden = [column for column in columns if column.reason]
    if not shown:
        why = "; ".join(dict.fromkeys(column.reason for column in hidden))
        return (_paragraph(f"Wie de huishoudens zijn, is niet getoond: {why}."),)
    made = _differences(here)
    return (
        Tabel(
            "Kenmerken van de huishoudens bij instroom: " + "; ".join(map(_title, shown)),
            ("Kenmerk bij instroom", *(column.title for column in shown), *((_HEADING,) if made else ())),
            tuple(_rows(here, shown, made)),
            tuple(_notes(found, shown, hidden, made)),
        ),
        _sentence(here, shown, made),
    )


_HEADING = "Gestandaar\u00addiseerd verschil"


def _paragraph(text: str) -> Alinea:
    return Alinea((Tekst(text),))


def _title(column: _Column) -> str:
    plain = column.title.replace("\u00ad", "")
    return plain if column.of_site else sentence_case(plain)


def _leading(results: Iterable[Result]) -> list[Result]:
    """Return the results of proeftuinen from their start on; without phases those of all days."""
    by_phase = {
        phase: [r for r in results if r.variant.fase == phase] for phase in {r.variant.fase for r in results}
    }
    return by_phase.get(FROM) or by_phase.get("", [])


def _columns(results: list[Result], site: str) -> list[_Column]:
    leading = _leading(results)
    phase = leading[0].variant.fase if leading else ""
    before = [r for r in results if r.variant.fase == BEFORE] if phase else []
    out = [_column(site, leading, SITE, site, of_site=True)] if site else []
    out += [_column(_TITLES[BEFORE, PILOT], before, SITE_KIND, PILOT)] if before else []
    out += [_column(_TITLES[phase, group], leading, SITE_KIND, group) for group in (PILOT, COMPARISON)]
    return [column for column in out if column.rows]


def _column(title: str, results: Sequence[Result], per: str, group: str, *, of_site: bool = False) -> _Column:
    rows: dict[str, access.Row] = {}
    for r in results:
        if per in access.breakdowns(r):
            at = access.rows(r, uitsplitsing=per)
            rows |= {_key(r, row["maat"]): row for row in access.records(at[at["groep"].eq(group)])}
    hidden = [row for row in rows.values() if row["onderdrukt"]]
    reason = str(hidden[0]["methode"]) if rows and len(hidden) == len(rows) else ""
    return _Column(title, group, rows, reason, of_site)


def _key(r: Result, maat: str) -> str:
    return f"{r.indicator}:{maat}"


def _labels(results: Iterable[Result]) -> dict[str, tuple[str, str]]:
    """Return of every row of the table its estimand, and the words for it."""
    return {
        _key(r, naam): (naam, maat.label)
        for r in results
        for naam, maat in r.card.maten_bij(r.params).items()
    }


def _differences(results: list[Result]) -> dict[str, Made]:
    """Return the standardised difference of each row that has one."""
    return {_key(r, made.maat): made for r in _leading(results) for made in standardized_difference.make(r)}


def _rows(
    results: list[Result], columns: list[_Column], made: Mapping[str, Made]
) -> Iterator[tuple[Cel, ...]]:
    sizes = [count_cell(next(iter(column.rows.values())), "n") for column in columns]
    yield (Cel("Aantal huishoudens"), *sizes, *((_NOT_APPLICABLE,) if made else ()))
    for key, (naam, label) in _labels(results).items():
        cells = [_cell(column, key, naam) for column in columns]
        yield (Cel(label), *cells, *((_difference_cell(made.get(key), naam),) if made else ()))


def _cell(column: _Column, key: str, naam: str) -> Cel:
    """Return households with it, and the share of all; who started nothing did not live across the start."""
    row = column.rows.get(key)
    if row is None or (naam == ACROSS and column.group == COMPARISON):
        return _NOT_APPLICABLE
    if row["onderdrukt"]:
        return Cel("", rechts=True, onderdrukt=True)
    if row["leest"]:
        return Cel(row["leest"], access.trace(row), rechts=True)
    if math.isnan(row["schatting"]):
        return _NONE
    many, share = number(row["teller"], Vorm.TELLING), number(row["schatting"], Vorm.AANDEEL)
    return Cel(f"{many} ({share})", access.trace(row), rechts=True)


def _difference_cell(made: Made | None, naam: str) -> Cel:
    if not of_household(naam):
        return _NOT_APPLICABLE
    if made is None:
        return Cel("niet te zeggen", rechts=True)
    return Cel(f"{number(made.waarden['schatting'], Vorm.GETAL)} ({_size(made)})", made.id, rechts=True)


def _size(made: Made) -> str:
    """Return in words how large a difference is; unsure where noise alone may bring it over the border."""
    size, noise = abs(made.waarden["schatting"]), made.waarden["ruis"]
    if abs(size - _NOTABLE) < noise:
        return _UNSURE
    return _LARGE if size >= _NOTABLE else _SMALL


def _notes(
    found: list[Result], shown: list[_Column], hidden: list[_Column], made: Mapping[str, Made]
) -> Iterator[str]:
    first = found[0]
    yield (
        f"Venster: {window(first.venster)}. Achter elk aantal staat het aandeel van alle huishoudens van de "
        "kolom. Wat niet is geleverd of niet bekend is, staat als groep apart."
    )
    if {_TITLES[BEFORE, PILOT], _TITLES[FROM, PILOT]} <= {column.title for column in shown}:
        yield "Een huishouden dat de start van de eigen proeftuin meemaakte, telt in beide fasen mee."
    if made:
        pilots = _pilots(shown)
        yield (
            f"Gestandaardiseerd verschil: {pilots} min vergelijkingsregio's, gedeeld door de gemiddelde "
            "spreiding. Klein is onder 0,1 (Austin 2009). Dat is een afspraak en geen toets. Onzeker: door "
            "de ruis kan het aan de andere kant van 0,1 liggen. Het staat er alleen waar beide aantallen "
            "groot genoeg zijn om te tonen. Hoe lang een huishouden in beeld is, hangt af van het venster en "
            "de start, en krijgt daarom geen verschil."
        )
    for column in hidden:
        yield f"{HIDDEN}: {_title(column)}. Reden: {column.reason}."
    for reason in dict.fromkeys(
        str(row["methode"]) for column in shown for row in column.rows.values() if row["onderdrukt"]
    ):
        yield f"{HIDDEN}: {reason}."
    for label, reason in dict.fromkeys((r.card.label, r.reden_nvt) for r in found if r.reden_nvt):
        yield f"{label}: niet van toepassing, want {reason}."
    for column in shown:
        for stand in dict.fromkeys(row["stand"] for row in column.rows.values() if row["stand"]):
            yield f"{column.title}: {stand}."


def _sentence(results: list[Result], shown: list[_Column], made: Mapping[str, Made]) -> Alinea:
    """Say which characteristics differ, as far as that can be said."""
    before = _TITLES[BEFORE, PILOT]
    groups = {column.group for column in shown if not column.of_site and column.title != before}
    gone = [words for group, words in _WORDS.items() if group not in groups]
    if gone:
        return _paragraph(f"{_UNKNOWN}: van {' en '.join(gone)} zijn geen kenmerken getoond.")
    if not made:
        return _paragraph(
            f"{_UNKNOWN}: van geen enkel kenmerk zijn in beide groepen de aantallen groot genoeg."
        )
    labels = _labels(results)
    by_size: dict[str, list[tuple[str, Made]]] = {}
    for key, m in made.items():
        by_size.setdefault(_size(m), []).append((labels[key][1], m))
    rows = sum(of_household(naam) for naam, _ in labels.values())
    parts: list[Inline] = [
        Tekst(
            f"Van {len(made)} van de {rows} regels is te zeggen hoe ver de huishoudens van {_pilots(shown)} "
            "en van vergelijkingsregio's uit elkaar liggen. "
        )
    ]
    if large := by_size.get(_LARGE):
        parts += [Tekst("Een verschil van 0,1 of meer: "), *_listed(large), Tekst(". ")]
    else:
        parts.append(Tekst("Geen enkel verschil is met zekerheid 0,1 of meer. "))
    if unsure := by_size.get(_UNSURE):
        parts += [
            Tekst("Door de ruis is niet te zeggen of het 0,1 of meer is: "),
            *_listed(unsure),
            Tekst(". "),
        ]
    if small := by_size.get(_SMALL):
        parts.append(Tekst(f"Bij {len(small)} {'regel' if len(small) == 1 else 'regels'} is het klein. "))
    if rows > len(made):
        why = "daar is geen spreiding" if results[0].intern else "de aantallen zijn te klein om te tonen"
        parts.append(Tekst(f"Van de andere regels is het niet te zeggen: {why}."))
    return Alinea(tuple(parts))


def _pilots(columns: Iterable[_Column]) -> str:
    """Return in words which days of proeftuinen are compared: those of the last column that has them."""
    return [_title(column) for column in columns if column.group == PILOT and not column.of_site][-1]


def _listed(pairs: Sequence[tuple[str, Made]]) -> Iterator[Inline]:
    """Yield the names of rows with their differences, the largest first."""
    ordered = sorted(pairs, key=lambda pair: -abs(pair[1].waarden["schatting"]))
    for i, (label, m) in enumerate(ordered):
        if i:
            yield Tekst("; ")
        yield Tekst(f"{label} (")
        yield Getal(number(m.waarden["schatting"], Vorm.GETAL), m.id)
        yield Tekst(")")
