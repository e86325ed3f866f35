"""One column as it leaves: each different value is looked at once, and the rows follow.

A translator turns a list of different values into pairs: what it becomes, and the reason why it became empty
(no reason: it did not).
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.citizen_number import DECIMALS, SIGNS, digits_of, passes
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.cleaning import day, year
from toekomstscenario_eval.data.importers.mapping_model import AMSTERDAM, MIDDLE, NOTATION, SourceColumn
from toekomstscenario_eval.data.pseudonyms.column_rules import (
    ALONE,
    BSN,
    MUNICIPALITY,
    QUARTER,
    YEAR,
    ColumnRules,
)
from toekomstscenario_eval.data.pseudonyms.pseudonym import KINDS, pseudonym
from toekomstscenario_eval.errors import InvoerFout

Pairs = list[tuple[str, str]]
Translate = Callable[[Sequence[str]], Pairs]

NOTHING, FILLER = "leeg in de bron", "een vulwaarde voor onbekend"
NO_BSN = "geen nummer dat de elfproef doorstaat"
NO_DATE, NO_MONTH = "geen leesbare datum", "een datum zonder maand"
NO_MUNICIPALITY = "een postcode die niet in de tabel met gemeenten staat"
# These never were a key of anybody, so with `los` each row gets a code of its own.
_UNKNOWN_KEY = (NOTHING, FILLER, NO_BSN)
_FILLER_LENGTH = 8
_SIGN = f"[{SIGNS}]"
_WRITTEN = re.compile(
    rf"(?:[A-Za-z]{{1,4}}[ :.]*)?([0-9]{{8,9}}|[0-9]{{2,4}}{_SIGN}[0-9]{{2,3}}{_SIGN}[0-9]{{3}})"
)
_FLOAT = re.compile(r"([0-9]+)\.0")
_DECIMALS = re.compile(DECIMALS)


class Column:
    """Translates a column batch after batch, and counts what became of its rows.

    Attributes
    ----------
    counts : Counter
        Rows per reason; those that were translated under the empty text.
    known : dict
        What each different value became, with the reason. It holds values of the source: for this process
        only, and never shown.
    """

    def __init__(self, translate: Translate, *, alone: bool = False) -> None:
        self._translate, self._alone = translate, alone
        self.counts: Counter[str] = Counter()
        self.known: dict[str, tuple[str, str]] = {}

    def apply(self, values: pa.Array) -> pa.Array:
        """Return the column as it leaves; empty values are null."""
        coded = pc.fill_null(values, "").dictionary_encode()
        different = coded.dictionary.to_pylist()
        new = [v for v in different if v not in self.known]
        self.known.update(zip(new, self._translate(new), strict=True))
        became = [self.known[v] for v in different]
        spots = coded.indices.to_numpy()
        for (_, reason), count in zip(became, np.bincount(spots, minlength=len(became)), strict=True):
            self.counts[reason] += int(count)
        out = pa.array([v or None for v, _ in became], pa.string()).take(coded.indices)
        return self._own_codes(out, became, spots) if self._alone else out

    def _own_codes(self, out: pa.Array, became: Pairs, spots: np.ndarray) -> pa.Array:
        unknown = np.array([reason in _UNKNOWN_KEY for _, reason in became], dtype=bool)[spots]
        codes = pa.array([f"los-{secrets.token_hex(8)}" for _ in range(int(unknown.sum()))], pa.string())
        return pc.replace_with_mask(out, pa.array(unknown), codes)


def translator(con: Backend, action: str, rules: ColumnRules, pepper: bytes) -> Column:
    """Return what translates a column by one of the actions."""
    alone = rules.invalid == ALONE
    if action == BSN:
        return Column(lambda values: [citizen(v, pepper, rules.unknown) for v in values], alone=alone)
    if action in KINDS:
        return Column(lambda values: [key(v, pepper, action, rules.unknown) for v in values], alone=alone)
    if action == MUNICIPALITY and rules.municipalities is not None:
        places = municipalities(rules.municipalities)
        return Column(lambda values: [_municipality(v, places) for v in values])
    return Column(lambda values: coarser(con, values, action))


def plain_key(value: str) -> str:
    """Return a key as it is hashed: no spaces around it, and no decimal that a float left behind."""
    text = value.strip()
    whole = _FLOAT.fullmatch(text)
    return whole[1] if whole else text


def citizen(value: str, pepper: bytes, unknown: Sequence[str] = ()) -> tuple[str, str]:
    """Return the pseudonym of a citizen service number, however it is written."""
    text = value.strip()
    if not text:
        return "", NOTHING
    digits = nine_digits(text)
    if text in unknown or _is_filler(plain_key(text)) or _is_filler(digits):
        return "", FILLER
    return (pseudonym(digits, pepper, KINDS[0]), "") if digits and passes(digits) else ("", NO_BSN)


def nine_digits(text: str) -> str:
    """Return the nine digits of what is written as one number; empty when it is not."""
    whole = _DECIMALS.sub(r"\1", text)
    written = _WRITTEN.fullmatch(whole)
    digits = digits_of(written[1]) if written else ""
    return digits if len(digits) == 9 else ""


def key(value: str, pepper: bytes, kind: str, unknown: Sequence[str] = ()) -> tuple[str, str]:
    """Return the pseudonym of any other key."""
    text = plain_key(value)
    if not text:
        return "", NOTHING
    if text in unknown or _is_filler(text):
        return "", FILLER
    return pseudonym(text, pepper, kind), ""


def _is_filler(text: str) -> bool:
    return len(text) >= _FILLER_LENGTH and text.isdecimal() and len(set(text)) == 1


def coarser(con: Backend, values: Sequence[str], action: str) -> Pairs:
    """Return dates as their year, or as the first day of their month or quarter.

    Each notation is tried: no text is a date in two of them. A moment in UTC is the Dutch day.
    """
    if not values:
        return []
    table = con.create_table(
        "datums", ibis.memtable(pa.table({"w": pa.array(values, pa.string())})), overwrite=True
    )
    words = table.w.strip()
    days, years = [], []
    for notation in NOTATION:
        how = SourceColumn("", notation, gedeeltelijk=MIDDLE, tijdzone=AMSTERDAM)
        # Without a day the middle of the month stands in; without a month that of the year, which tells no
        # month: a strict reader refuses both, and the first is the fifteenth.
        whole, middle = (
            day(words, SourceColumn("", notation, tijdzone=AMSTERDAM)).waarde,
            day(words, how).waarde,
        )
        days.append(ibis.ifelse(whole.notnull() | (middle.day() == 15), middle, ibis.null("date")))
        years.append(year(words, how).waarde)
    read = table.select("w", d=ibis.coalesce(*days), j=ibis.coalesce(*years)).mutate(leeg=words == "")
    unit = "Q" if action == QUARTER else "M"
    start = read.d.truncate(unit).strftime("%Y-%m-%d")
    out = read.select("w", "leeg", "j", u=read.j if action == YEAR else start).to_pyarrow().to_pydict()
    found = {
        w: (u or "", "" if u else NOTHING if empty else NO_MONTH if j else NO_DATE)
        for w, u, j, empty in zip(out["w"], out["u"], out["j"], out["leeg"], strict=True)
    }
    return [found[v] for v in values]


def municipalities(path: Path) -> dict[str, str]:
    """Return the municipality of each postal code in a table of the user's own.

    Raises
    ------
    InvoerFout
        When it lacks a column, or gives one code two municipalities.
    """
    needed = ("postcode", "gemeente")

    def check(heading: tuple[str, ...]) -> None:
        for naam in needed:
            if list(heading).count(naam) != 1:
                raise InvoerFout(
                    f"de tabel met gemeenten heeft geen kolom '{naam}'",
                    waar=path.name,
                    verwacht="op de eerste regel: postcode;gemeente",
                    herstel="geef de twee kolommen deze namen",
                )

    table = _read(path, needed, check)
    out: dict[str, str] = {}
    for number, (code, place) in enumerate(zip(*table, strict=True), 2):
        if out.setdefault(_plain_code(code), place.strip()) != place.strip():
            raise InvoerFout(
                "een postcode hoort in de tabel met gemeenten bij twee gemeenten",
                waar=f"{path.name}, rij {number}",
                herstel="kies per postcode één gemeente, of gebruik de zes tekens van de postcode",
            )
    return out


def _read(
    path: Path, needed: tuple[str, ...], check: Callable[[tuple[str, ...]], None]
) -> tuple[list[str], list[str]]:
    if not path.is_file():
        raise InvoerFout("de tabel met gemeenten bestaat niet", waar=str(path), herstel="controleer het pad")
    naam = formats.format_of(path)
    delivery = formats.find(naam).read(path, formats.defaults(naam), namen=needed, check=check)
    table = delivery.whole()
    first, second = (table.column(delivery.kolommen.index(n)).to_pylist() for n in needed)
    return first, second


def _plain_code(code: str) -> str:
    return re.sub(r"\s", "", code).upper().removesuffix(".0")


def _municipality(value: str, places: Mapping[str, str]) -> tuple[str, str]:
    code = _plain_code(value)
    if not code:
        return "", NOTHING
    place = places.get(code) or places.get(code[:4]) or ""
    return place, "" if place else NO_MUNICIPALITY
