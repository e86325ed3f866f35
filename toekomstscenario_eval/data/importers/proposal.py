"""Propose a mapping for sources that nobody described yet: what goes where, how sure that is, and why.

It is a proposal to edit, in the mapping language. What is doubtful stands in a comment and does nothing;
what only a person can know is marked `VUL IN`. Values of the sources are never shown, except codes and
labels of the public code lists.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.proposal_columns import DATES, Profile, profile
from toekomstscenario_eval.data.schema import Field, TableSchema, load_schema
from toekomstscenario_eval.errors import InvoerFout

SURE, LIKELY, DOUBT = "zeker", "waarschijnlijk", "twijfel"
_WORDS = Path(__file__).with_name("proposal_synonyms.csv")
_NUMBERS = ("year", "integer", "comma", "point")
_FITS = {
    "date": DATES,
    "year": ("year",),
    "integer": ("integer", "year"),
    "number": _NUMBERS,
}
# A key that occurs this often in the other source is proposed as a link.
_LINK = 0.8


@dataclass(frozen=True)
class Placed:
    """A column of a source at a field of the contract, with how sure that is and the evidence in words."""

    kolom: str
    veld: str
    zekerheid: str
    bewijs: str
    vertaling: Mapping[str, str]


@dataclass(frozen=True)
class SourceProposal:
    """What is proposed for one source; `weg` are the columns left out with the reason, `over` the rest."""

    bestand: str
    naam: str
    tabel: str
    profiles: tuple[Profile, ...]
    placed: tuple[Placed, ...]
    weg: Mapping[str, str]
    over: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What is proposed for all sources together; `joins` say in words which keys occur in another source."""

    bronnen: tuple[SourceProposal, ...]
    joins: tuple[str, ...]


def propose(sources: Sequence[Path]) -> Proposal:
    """Look at the sources and return what would go where.

    Raises
    ------
    InvoerFout
        When a source cannot be read.
    """
    read = [(Path(s), *_read(Path(s))) for s in sources]
    found = _own_names([_source(path, heading, table) for path, heading, table in read])
    columns = {
        (one.naam, p.kolom): pc.unique(table.column(heading.index(p.kolom)))
        for one, (_, heading, table) in zip(found, read, strict=True)
        for p in one.placed
        if p.veld.endswith("_id")
    }
    return Proposal(found, tuple(_joins(columns)))


def _own_names(found: Sequence[SourceProposal]) -> tuple[SourceProposal, ...]:
    """Return the sources with a name each: two files may be called the same."""
    names = [one.naam for one in found]
    return tuple(
        replace(one, naam=f"{one.naam}_{number}") if names.count(one.naam) > 1 else one
        for number, one in enumerate(found, start=1)
    )


def _read(path: Path) -> tuple[tuple[str, ...], pa.Table]:
    """Return column names and text of a source, as its format finds them."""
    if not path.is_file():
        raise InvoerFout("de bron bestaat niet", waar=str(path), herstel="controleer het pad")
    naam = formats.format_of(path)
    got = formats.find(naam).read(path, formats.defaults(naam), namen=(), check=lambda _: None)
    return got.kolommen, got.whole()


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """Return per field of the contract the words that the sector uses for it."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        return {row["veld"]: frozenset(row["woorden"].split()) for row in csv.DictReader(file)}


def _plain(naam: str) -> str:
    letters = unicodedata.normalize("NFKD", naam.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def _source(path: Path, heading: tuple[str, ...], table: pa.Table) -> SourceProposal:
    profiles = tuple(
        profile(naam, table.column(i).combine_chunks().cast(pa.string()))
        for i, naam in enumerate(heading)
        if naam
    )
    away = {p.naam: p.refused for p in profiles if p.refused}
    usable = [p for p in profiles if not p.refused]
    tables = load_schema().tabellen.values()
    best = max(tables, key=lambda t: _worth(t, usable, path.stem))
    placed = _place(best, usable)
    taken = {p.kolom for p in placed}
    over = tuple(p.naam for p in usable if p.naam not in taken)
    return SourceProposal(path.name, _plain(path.stem) or "bron", best.naam, profiles, placed, away, over)


def _worth(table: TableSchema, profiles: Sequence[Profile], stem: str) -> float:
    """Return how well the columns fit a table: what is placed, less the required fields that are not."""
    placed = _place(table, profiles)
    weight = {SURE: 1.0, LIKELY: 0.5, DOUBT: 0.1}
    got = sum(weight[p.zekerheid] for p in placed)
    absent = sum(f.required for f in table.fields) - sum(table.veld(p.veld).required for p in placed)
    own_key = any(p.veld == table.sleutel[0] and p.zekerheid != DOUBT for p in placed)
    return got - 0.6 * absent + own_key + 2.0 * (table.naam in _plain(stem))


def _place(table: TableSchema, profiles: Sequence[Profile]) -> tuple[Placed, ...]:
    """Return the columns at the fields of a table, the surest first; each column and field once."""
    scored = [(s, p, f) for p in profiles for f in table.fields if (s := _score(p, f, table)) > 0]
    out: list[Placed] = []
    for score, column, field in sorted(scored, key=lambda x: (-x[0], x[1].naam, x[2].naam)):
        if any(field.naam == p.veld or column.naam == p.kolom for p in out):
            continue
        level = SURE if score >= 3 else LIKELY if score >= 2 else DOUBT
        out.append(
            Placed(column.naam, field.naam, level, _why(column, field, table), _translation(column, field))
        )
    return tuple(out)


def _named(column: Profile, field: Field, table: TableSchema) -> bool:
    naam = _plain(column.naam)
    return naam in {field.naam, f"{table.naam}_{field.naam}", f"{field.naam}_{table.naam}"} or (
        naam in synonyms().get(field.naam, ())
    )


def _fits(column: Profile, field: Field) -> bool | None:
    """Return whether the values fit the field; None when they say nothing either way."""
    if column.notation == "empty":
        return None
    if field.codelijst is not None:
        return field.codelijst in column.codes
    if field.type in _FITS:
        return column.notation in _FITS[field.type]
    if field.type == "boolean":
        return None
    return None if column.notation not in DATES else False


def _score(column: Profile, field: Field, table: TableSchema) -> int:
    """Return 3 when name and values fit, 2 when the name or a whole code list does, 1 in doubt, 0 if not."""
    named, fits = _named(column, field, table), _fits(column, field)
    if named:
        return {True: 3, None: 3 if field.naam.endswith("_id") else 2, False: 1}[fits]
    if fits and field.codelijst is not None:
        return 2 if column.distinct > 1 else 1
    return 0


_IN_WORDS = {
    "year": "een jaartal",
    "integer": "een geheel getal",
    "comma": "een getal",
    "point": "een getal",
    **dict.fromkeys(DATES, "een datum"),
}


def _why(column: Profile, field: Field, table: TableSchema) -> str:
    parts = ["de naam past" if _named(column, field, table) else "de naam zegt niets"]
    fits = _fits(column, field)
    if field.codelijst in column.codes:
        parts.append(f"alle waarden staan in de codelijst {field.codelijst}")
    elif fits:
        parts.append(f"alle waarden zijn {_IN_WORDS.get(column.notation, column.notation)}")
    elif fits is False:
        parts.append("de waarden passen niet bij het veld")
    return "; ".join(parts)


def _translation(column: Profile, field: Field) -> Mapping[str, str]:
    if field.codelijst is None:
        return {}
    codes = column.codes.get(field.codelijst, {})
    return codes if any(k != v for k, v in codes.items()) else {}


def _joins(columns: Mapping[tuple[str, str], pa.Array]) -> Iterator[str]:
    for (source, column), values in columns.items():
        for (other, theirs), known in columns.items():
            if source == other or not len(values):
                continue
            share = (pc.sum(pc.is_in(values, value_set=known)).as_py() or 0) / len(values)
            if share >= _LINK:
                yield f"{source}.{column} komt voor {100 * share:.0f}% voor in {other}.{theirs}"
