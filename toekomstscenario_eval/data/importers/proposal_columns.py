"""What a column of a source looks like: counts, shares and the shape of its values, never a value itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from toekomstscenario_eval.citizen_number import digits_of, passes, says_so
from toekomstscenario_eval.data.citizen_columns import unlikely
from toekomstscenario_eval.data.schema import load_schema

# In this order: a column is of the first kind that nearly all of its values fit.
_KINDS = {
    "iso": r"^\d{4}-\d{2}-\d{2}([ T].*)?$",
    "dd-mm-jjjj": r"^\d{1,2}[-/]\d{1,2}[-/]\d{4}$",
    "jjjjmmdd": r"^((19|20)\d{2}(0\d|1[0-2])([0-2]\d|3[01])|99999999)$",
    "year": r"^(19|20)\d{2}$",
    "integer": r"^-?\d{1,18}$",
    "comma": r"^-?\d+,\d+$|^-?\d+$",
    "point": r"^-?\d+(\.\d+)?$",
}
DATES = ("iso", "dd-mm-jjjj", "jjjjmmdd")
_ENOUGH = 0.98
_FEW = 40
_PERSON_NAME = re.compile(
    r"(voor|achter|roep|familie|geslachts)naam|^(naam|naam_(kind|ouder|client))$|adres|straat|telefoon|e?-?mail",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Profile:
    """A column in counts: how many of its rows are filled, how many values differ, and their kind.

    `shape` is the commonest form of a value, with 9 for a digit and a for a letter; `partial` is the share of
    dates with a day or month 00. `codes` are the values when all are of one public code list: per list.
    """

    naam: str
    rijen: int
    gevuld: int
    distinct: int
    notation: str
    shape: str
    partial: float
    codes: dict[str, dict[str, str]]
    refused: str


def profile(naam: str, column: pa.ChunkedArray) -> Profile:
    """Return what a column looks like."""
    text = pc.utf8_trim_whitespace(column)
    filled = text.filter(pc.not_equal(text, ""))
    counted = pc.value_counts(filled) if len(filled) else None
    if counted is None:
        return Profile(naam, len(column), 0, 0, "empty", "", 0.0, {}, _refused_by_name(naam))
    values, counts = counted.field("values"), counted.field("counts")
    total = pc.sum(counts).as_py()

    def share(pattern: str) -> float:
        fits = pc.match_substring_regex(values, pattern)
        return float((pc.sum(counts.filter(fits)).as_py() or 0) / total)

    kind = next((k for k, pattern in _KINDS.items() if share(pattern) >= _ENOUGH), "text")
    letters = pc.replace_substring_regex(pc.replace_substring_regex(values, r"\d", "9"), r"[^\W\d_]", "a")
    forms = pc.value_counts(letters).to_pylist()
    shape = max(forms, key=lambda f: f["counts"])["values"][:24]
    return Profile(
        naam,
        len(column),
        total,
        len(values),
        kind,
        shape,
        share(r"^(19|20)\d{4}00$") if kind == "jjjjmmdd" else 0.0,
        _codes(values.to_pylist()) if len(values) <= _FEW else {},
        _refused_by_name(naam) or ("de waarden lijken burgerservicenummers" if _bsn(values) else ""),
    )


def _refused_by_name(naam: str) -> str:
    if says_so(naam):
        return "de kolom heet naar het burgerservicenummer"
    return "de kolom lijkt een naam, adres of contactgegeven" if _PERSON_NAME.search(naam) else ""


def _bsn(values: pa.Array) -> bool:
    """Return whether more numbers pass the test of citizen service numbers than chance gives."""
    shaped = values.filter(pc.match_substring_regex(values, r"^\D{0,6}\d[\d .-]{6,12}\d$")).slice(0, 2000)
    nine = {d for v in shaped.to_pylist() if len(d := digits_of(v)) == 9}
    return unlikely(sum(map(passes, nine)), len(nine))


def _codes(values: list[str]) -> dict[str, dict[str, str]]:
    """Return per public code list that explains all values, by code or by label, the code of each."""
    out: dict[str, dict[str, str]] = {}
    for naam, codelist in load_schema().codelists.items():
        known = {label.casefold(): code for code, label in codelist.labels.items()}
        known |= {code.casefold(): code for code in codelist.codes}
        if all(v.casefold() in known for v in values):
            out[naam] = {v: known[v.casefold()] for v in values}
    return out
