"""What differs between two reports, number by number, and why, out of their manifests alone.

A cause is named only when it is recorded: another hash of an input file, another definition, other
code, other choices, another policy. Several at once cannot be told apart afterwards; then all are
named together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toekomstscenario_eval.provenance.manifest import numbers
from toekomstscenario_eval.provenance.trace import of_network, place, shown

Row = Mapping[str, Any]
_PRECISE = 1e-9
_WAARDEN = ("schatting", "waarde", "aantal", "ondergrens", "bovengrens", "n", "teller", "noemer")
_FIELD = {
    "ondergrens": "interval",
    "bovengrens": "interval",
    "n": "n",
    "teller": "teller",
    "noemer": "noemer",
}
# Of a row everything is compared but its words: what it is, where it stands, and what it was made of.
_WORDS = {
    *("getal_id", "maat", "soort", "reeks", "reden", "toets", "uitsplitsing", "groep", "groepen", "periode"),
    *("label", "resultaat", "methode", "eenheid", "onderdrukt", "vormen", "uit", "stratum"),
}
UNKNOWN = "niet te verklaren uit de manifesten"


@dataclass(frozen=True)
class Difference:
    """A number that differs. `soort` is gewijzigd, niet meer getoond, nu wel getoond, verdwenen or nieuw."""

    getal_id: str
    sleutel: str
    wat: str
    soort: str
    old: str
    nieuw: str
    oorzaken: tuple[str, ...]

    @property
    def cause(self) -> str:
        """The cause in words; several at once cannot be told apart."""
        if not self.oorzaken:
            return UNKNOWN
        together = " en ".join(self.oorzaken)
        return f"niet te scheiden: {together}" if len(self.oorzaken) > 1 else together


@dataclass(frozen=True)
class Vergelijking:
    """What is different about two reports as a whole, and each number that differs."""

    anders: tuple[tuple[str, str], ...]
    differences: tuple[Difference, ...]
    gelijk: int

    @property
    def per_cause(self) -> Mapping[str, int]:
        """How many numbers differ by each cause."""
        return dict(sorted(Counter(v.cause for v in self.differences).items(), key=lambda x: (-x[1], x[0])))


def _key(soort: str, r: Row, row: Row) -> tuple[str, ...]:
    spot = ("maat", "soort", "reeks", "reden", "toets", "uitsplitsing", "groep", "periode", "label", "x")
    return (soort, r["sleutel"], *(str(row.get(k, "")) for k in spot))


def _hashes(manifest: Row) -> dict[str, str]:
    return {b["tabel"]: b["sha256"] for b in manifest["pakket"]["bestanden"]}


def _tables(old: Row, new: Row) -> list[str]:
    a, b = _hashes(old), _hashes(new)
    return sorted(t for t in {*a, *b} if a.get(t) != b.get(t))


def _arrow(a: object, b: object) -> str:
    return f"{a} → {b}"


def _program(old: Row, new: Row) -> str:
    """Return what differs in the program around the indicators, or an empty text."""
    namen = sorted({*old["versies"], *new["versies"]})
    parts = [
        f"{n} {_arrow(old['versies'].get(n, 'geen'), new['versies'].get(n, 'geen'))}"
        for n in namen
        if old["versies"].get(n) != new["versies"].get(n)
    ]
    if old["code_sha256"] != new["code_sha256"]:
        parts.append("broncode van het programma")
    return ", ".join(parts)


def _definition(a: Row, b: Row) -> str:
    if a["definitie"] != b["definitie"]:
        return f"definitie ({a['indicator']} {_arrow(a['definitie'], b['definitie'])})"
    if a["definitie_sha256"] != b["definitie_sha256"]:
        return f"definitie ({a['indicator']} {a['definitie']}, gewijzigd zonder nieuwe versie)"
    return ""


def _choices(a: Row, b: Row) -> str:
    parts = [
        f"{k} {_arrow(a['parameters'].get(k), b['parameters'].get(k))}"
        for k in sorted({*a["parameters"], *b["parameters"]})
        if a["parameters"].get(k) != b["parameters"].get(k)
    ]
    if a["venster"] != b["venster"]:
        parts.append(
            "venster " + _arrow(*(f"{v['begin']} tot {v['eind']}" for v in (a["venster"], b["venster"])))
        )
    return f"parameters ({', '.join(parts)})" if parts else ""


def _drawn(old: Row, new: Row) -> bool:
    """Whether public numbers were drawn from another delivery; which of its files differ nobody may know."""
    return bool(old["pakket"]["vingerafdruk"] != new["pakket"]["vingerafdruk"])


def _data(old: Row, new: Row, used: Sequence[str]) -> str:
    parts = [t for t in _tables(old, new) if t in used]
    parts += ["andere levering of sleutel"] if _drawn(old, new) else []
    if old["pakket"]["peildatum"] != new["pakket"]["peildatum"]:
        parts.append("peildatum")
    return f"gegevens ({', '.join(parts)})" if parts else ""


def _policy(old: Row, new: Row) -> str:
    a, b = old["beleid"], new["beleid"]
    parts = [] if a["naam"] == b["naam"] else [_arrow(a["naam"], b["naam"])]
    parts += [
        f"{k} {_arrow(_rule(a['regels'].get(k)), _rule(b['regels'].get(k)))}"
        for k in sorted({*a["regels"], *b["regels"]})
        if a["regels"].get(k) != b["regels"].get(k)
    ]
    return f"beleid ({', '.join(parts)})" if parts else ""


def _rule(waarde: object) -> str:
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    return ", ".join(waarde) if isinstance(waarde, list) else "geen" if waarde is None else str(waarde)


def _own_causes(old: Row, new: Row, a: Row, b: Row) -> list[str]:
    """Return what could change the value of a number of this result."""
    definition = _definition(a, b)
    # The definition stands in the source file of the indicator: a new definition is a new file.
    source = "" if definition or a["bron_sha256"] == b["bron_sha256"] else f"code ({a['indicator']})"
    program = _program(old, new)
    tables = sorted({*a["tabellen"], *b["tabellen"]})
    every = [
        _data(old, new, tables),
        definition,
        source,
        f"code ({program})" if program else "",
        _choices(a, b),
        # Another noise, another threshold: a rule changes values, not only what is shown.
        _policy(old, new),
    ]
    return [cause for cause in every if cause]


class _Causes:
    """The causes that the manifests record, worked out once per result."""

    def __init__(self, old: Row, new: Row) -> None:
        self.old, self.nieuw = old, new
        self.a = {r["sleutel"]: r for r in old["resultaten"]}
        self.b = {r["sleutel"]: r for r in new["resultaten"]}
        self.eigen = {s: _own_causes(old, new, self.a[s], self.b[s]) for s in self.a if s in self.b}

    def both(self, key: str) -> tuple[str, ...]:
        """Return what could change a number that stands in both reports, or whether it is shown."""
        return tuple(self.eigen[key])

    def presence(self, key: str) -> tuple[str, ...]:
        """Return why a number stands in one of the reports only."""
        if key in self.eigen:
            return tuple(self.eigen[key])
        where = "nieuwe" if key in self.b else "oude"
        extra = _program(self.old, self.nieuw)
        return (
            f"parameters (resultaat {key} staat alleen in het {where} rapport)",
            *((f"code ({extra})",) if extra else ()),
        )


def _differs(x: object, y: object) -> bool:
    if isinstance(x, int | float) and isinstance(y, int | float):
        return not math.isclose(x, y, rel_tol=_PRECISE, abs_tol=1e-12)
    return x != y


def _texts(a: tuple[Row, Row], b: tuple[Row, Row]) -> tuple[str, str, str] | None:
    """Return the name and both texts of the first value that differs, or None when all agree."""
    for field, x, y in _values(a[1], b[1]):
        # What stands beside the share of a tie is no interval of it.
        naam = field if of_network(*a) else _FIELD.get(field, field)
        short = "" if field in ("schatting", "waarde", "aantal", "weergave") else naam
        return short, *_both(a, b, short, (x, y))
    return None


def _values(old: Row, new: Row) -> Iterator[tuple[str, Any, Any]]:
    """Yield every value of two rows that differs, the estimate first; of a group behind the point."""
    first = [field for field in ("weergave", *_WAARDEN) if field in old or field in new]
    for field in dict.fromkeys((*first, *old, *new)):
        if field in _WORDS:
            continue
        x, y = old.get(field), new.get(field)
        if isinstance(x, dict) and isinstance(y, dict):
            for groep in dict.fromkeys((*x, *y)):
                if _differs(x.get(groep), y.get(groep)):
                    yield f"{field}.{groep}", x.get(groep), y.get(groep)
        elif _differs(x, y):
            yield field, x, y


def _both(a: tuple[Row, Row], b: tuple[Row, Row], entry: str, values: tuple[Any, Any]) -> tuple[str, str]:
    """Return both numbers as the report shows them; bare where that is the same or has no form."""
    try:
        texts = shown(*a, entry), shown(*b, entry)
    except (KeyError, AttributeError, TypeError):
        # A bound of its own, or a group that stands in one of the reports.
        texts = ("", "")
    return texts if texts[0] != texts[1] else (repr(values[0]), repr(values[1]))


def _compare_row(a: tuple[Row, Row], b: tuple[Row, Row], causes: _Causes) -> Difference | None:
    (r, old), (_, new) = a, b
    key, what = r["sleutel"], place(*a)
    shut, was = bool(new.get("onderdrukt")), bool(old.get("onderdrukt"))
    if shut != was:
        soort = "niet meer getoond" if shut else "nu wel getoond"
        return Difference(new["getal_id"], key, what, soort, shown(*a), shown(*b), causes.both(key))
    # Of a place that neither report shows no number differs to a reader, whatever its row holds.
    otherwise = None if shut else _texts(a, b)
    if otherwise is None:
        return None
    field, left, right = otherwise
    naam = f"{what} ({field})" if field else what
    return Difference(new["getal_id"], key, naam, "gewijzigd", left, right, causes.both(key))


def _changes(old: Row, new: Row) -> Iterator[tuple[str, str]]:
    """Yield what differs between the reports as a whole, whether or not a number changed by it."""
    for table in _tables(old, new):
        a, b = _hashes(old).get(table), _hashes(new).get(table)
        state = "nieuw bestand" if a is None else "weg" if b is None else "andere inhoud"
        yield "gegevens", f"{table}: {state}"
    if _drawn(old, new):
        yield "gegevens", "andere levering of andere sleutel (de vingerafdruk verschilt)"
    if old["pakket"]["peildatum"] != new["pakket"]["peildatum"]:
        yield "gegevens", "peildatum " + _arrow(old["pakket"]["peildatum"], new["pakket"]["peildatum"])
    a_per, b_per = ({r["sleutel"]: r for r in m["resultaten"]} for m in (old, new))
    together = [(a_per[s], b_per[s]) for s in a_per if s in b_per]
    for soort, text in (("definitie", _definition), ("parameters", _choices)):
        yield from ((soort, t) for t in sorted({text(x, y) for x, y in together} - {""}))
    own = {x["indicator"] for x, y in together if x["bron_sha256"] != y["bron_sha256"]}
    yield from (("code", f"bronbestand van {naam}") for naam in sorted(own))
    yield from (("parameters", f"resultaat verdwenen: {s}") for s in a_per if s not in b_per)
    yield from (("parameters", f"resultaat nieuw: {s}") for s in b_per if s not in a_per)
    if program := _program(old, new):
        yield "code", program
    if policy := _policy(old, new):
        yield "beleid", policy
    if old["plan_sha256"] != new["plan_sha256"]:
        yield "plan", "andere tekst of andere gegevens in onderzoek.yaml"
    if (was := old.get("vastgelegd_plan")) != (now := new.get("vastgelegd_plan")):
        yield "plan", "vastgelegd plan " + _arrow(*(_locked(part) for part in (was, now)))


def _locked(part: Row | None) -> str:
    return f"van {part['datum']} ({part['sha256'][:16]})" if part else "geen"


def compare(old: Row, new: Row) -> Vergelijking:
    """Compare two manifests number by number.

    Parameters
    ----------
    old, new : mapping
        As returned by `manifest.load`.
    """
    # The same number has the same id, whatever its group is called; another definition gives another id.
    often = Counter(row["getal_id"] for m in (old, new) for _, _, row in numbers(m))
    known = {row["getal_id"]: _key(s, r, row) for s, r, row in numbers(old) if often[row["getal_id"]] == 2}
    a = {_key(s, r, row): (r, row) for s, r, row in numbers(old)}
    b = {known.get(row["getal_id"], _key(s, r, row)): (r, row) for s, r, row in numbers(new)}
    causes = _Causes(old, new)
    out: list[Difference] = []
    equal = 0
    for key in dict.fromkeys((*a, *b)):
        if key in a and key in b:
            difference = _compare_row(a[key], b[key], causes)
            equal += difference is None
        else:
            soort, (r, row) = ("verdwenen", a[key]) if key in a else ("nieuw", b[key])
            if row.get("onderdrukt"):
                # Not to be seen in the one, not there in the other: no number differs.
                continue
            text = shown(r, row)
            old_new = (text, "geen") if key in a else ("geen", text)
            what, ground = place(r, row), causes.presence(r["sleutel"])
            difference = Difference(row["getal_id"], r["sleutel"], what, soort, *old_new, ground)
        out += [difference] if difference else []
    return Vergelijking(tuple(_changes(old, new)), tuple(out), equal)
