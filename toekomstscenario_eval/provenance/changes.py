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
from toekomstscenario_eval.provenance.trace import place, shown

Row = Mapping[str, Any]
_NAUWKEURIG = 1e-9
_WAARDEN = ("schatting", "waarde", "aantal", "ondergrens", "bovengrens", "n", "teller", "noemer")
_VELD = {"ondergrens": "interval", "bovengrens": "interval", "n": "n", "teller": "teller", "noemer": "noemer"}
ONBEKEND = "niet te verklaren uit de manifesten"


@dataclass(frozen=True)
class Verschil:
    """A number that differs. `soort` is gewijzigd, onderdrukt, onthuld, verdwenen or nieuw."""

    getal_id: str
    sleutel: str
    wat: str
    soort: str
    oud: str
    nieuw: str
    oorzaken: tuple[str, ...]

    @property
    def oorzaak(self) -> str:
        """The cause in words; several at once cannot be told apart."""
        if not self.oorzaken:
            return ONBEKEND
        samen = " en ".join(self.oorzaken)
        return f"niet te scheiden: {samen}" if len(self.oorzaken) > 1 else samen


@dataclass(frozen=True)
class Vergelijking:
    """What is different about two reports as a whole, and each number that differs."""

    anders: tuple[tuple[str, str], ...]
    verschillen: tuple[Verschil, ...]
    gelijk: int

    @property
    def per_oorzaak(self) -> Mapping[str, int]:
        """How many numbers differ by each cause."""
        return dict(sorted(Counter(v.oorzaak for v in self.verschillen).items(), key=lambda x: (-x[1], x[0])))


def _key(soort: str, r: Row, rij: Row) -> tuple[str, ...]:
    plek = ("maat", "soort", "reeks", "reden", "toets", "uitsplitsing", "groep", "periode", "label", "x")
    return (soort, r["sleutel"], *(str(rij.get(k, "")) for k in plek))


def _hashes(manifest: Row) -> dict[str, str]:
    return {b["tabel"]: b["sha256"] for b in manifest["pakket"]["bestanden"]}


def _tables(oud: Row, nieuw: Row) -> list[str]:
    a, b = _hashes(oud), _hashes(nieuw)
    return sorted(t for t in {*a, *b} if a.get(t) != b.get(t))


def _arrow(a: object, b: object) -> str:
    return f"{a} → {b}"


def _program(oud: Row, nieuw: Row) -> str:
    """Return what differs in the program around the indicators, or an empty text."""
    namen = sorted({*oud["versies"], *nieuw["versies"]})
    delen = [
        f"{n} {_arrow(oud['versies'].get(n, 'geen'), nieuw['versies'].get(n, 'geen'))}"
        for n in namen
        if oud["versies"].get(n) != nieuw["versies"].get(n)
    ]
    if oud["code_sha256"] != nieuw["code_sha256"]:
        delen.append("broncode van het programma")
    return ", ".join(delen)


def _definition(a: Row, b: Row) -> str:
    if a["definitie"] != b["definitie"]:
        return f"definitie ({a['indicator']} {_arrow(a['definitie'], b['definitie'])})"
    if a["definitie_sha256"] != b["definitie_sha256"]:
        return f"definitie ({a['indicator']} {a['definitie']}, gewijzigd zonder nieuwe versie)"
    return ""


def _choices(a: Row, b: Row) -> str:
    delen = [
        f"{k} {_arrow(a['parameters'].get(k), b['parameters'].get(k))}"
        for k in sorted({*a["parameters"], *b["parameters"]})
        if a["parameters"].get(k) != b["parameters"].get(k)
    ]
    if a["venster"] != b["venster"]:
        delen.append(
            "venster " + _arrow(*(f"{v['begin']} tot {v['eind']}" for v in (a["venster"], b["venster"])))
        )
    return f"parameters ({', '.join(delen)})" if delen else ""


def _data(oud: Row, nieuw: Row, gebruikt: Sequence[str] | None) -> str:
    delen = [t for t in _tables(oud, nieuw) if gebruikt is None or t in gebruikt]
    if oud["pakket"]["peildatum"] != nieuw["pakket"]["peildatum"]:
        delen.append("peildatum")
    return f"gegevens ({', '.join(delen)})" if delen else ""


def _policy(oud: Row, nieuw: Row) -> str:
    a, b = oud["beleid"], nieuw["beleid"]
    delen = [] if a["naam"] == b["naam"] else [_arrow(a["naam"], b["naam"])]
    delen += [
        f"{k} {_arrow(a['drempels'].get(k), b['drempels'].get(k))}"
        for k in sorted({*a["drempels"], *b["drempels"]})
        if a["drempels"].get(k) != b["drempels"].get(k)
    ]
    return f"beleid ({', '.join(delen)})" if delen else ""


def _own_causes(oud: Row, nieuw: Row, a: Row, b: Row) -> list[str]:
    """Return what could change the value of a number of this result."""
    definitie = _definition(a, b)
    # The definition stands in the source file of the indicator: a new definition is a new file.
    bron = "" if definitie or a["bron_sha256"] == b["bron_sha256"] else f"code ({a['indicator']})"
    programma = _program(oud, nieuw)
    tabellen = sorted({*a["tabellen"], *b["tabellen"]})
    alle = [
        _data(oud, nieuw, tabellen),
        definitie,
        bron,
        f"code ({programma})" if programma else "",
        _choices(a, b),
    ]
    return [oorzaak for oorzaak in alle if oorzaak]


class _Oorzaken:
    """The causes that the manifests record, worked out once per result."""

    def __init__(self, oud: Row, nieuw: Row) -> None:
        self.oud, self.nieuw = oud, nieuw
        self.a = {r["sleutel"]: r for r in oud["resultaten"]}
        self.b = {r["sleutel"]: r for r in nieuw["resultaten"]}
        self.eigen = {s: _own_causes(oud, nieuw, self.a[s], self.b[s]) for s in self.a if s in self.b}
        self.beleid = _policy(oud, nieuw)

    def value(self, sleutel: str) -> tuple[str, ...]:
        """Return what could change a value that is shown in both reports."""
        return tuple(self.eigen[sleutel])

    def shown(self, sleutel: str) -> tuple[str, ...]:
        """Return what could make that a number is shown in one report only.

        All results are decided on together: what differs in another result may hide a number here.
        """
        eigen = self.eigen.get(sleutel, [])
        if self.beleid or eigen:
            return tuple(filter(None, (*eigen, self.beleid)))
        elders = sorted({oorzaak for deel in self.eigen.values() for oorzaak in deel})
        if set(self.a) != set(self.b):
            elders.append("andere resultaten in de vrijgave")
        return tuple(f"onderdrukking, door {oorzaak}" for oorzaak in elders)

    def presence(self, sleutel: str) -> tuple[str, ...]:
        """Return why a number stands in one of the reports only."""
        if sleutel in self.eigen:
            return tuple(filter(None, (*self.eigen[sleutel], self.beleid)))
        waar = "nieuwe" if sleutel in self.b else "oude"
        extra = _program(self.oud, self.nieuw)
        return (
            f"parameters (resultaat {sleutel} staat alleen in het {waar} rapport)",
            *((f"code ({extra})",) if extra else ()),
        )


def _differs(x: object, y: object) -> bool:
    if isinstance(x, int | float) and isinstance(y, int | float):
        return not math.isclose(x, y, rel_tol=_NAUWKEURIG, abs_tol=1e-12)
    return x != y


def _texts(a: tuple[Row, Row], b: tuple[Row, Row]) -> tuple[str, str, str] | None:
    """Return the name and both texts of the first value that differs, or None when all agree."""
    for veld in (*_WAARDEN, "gecensureerd", "statistiek", "df", "p", "hedges_g", "i2"):
        x, y = a[1].get(veld), b[1].get(veld)
        if not _differs(x, y):
            continue
        naam = _VELD.get(veld, veld)
        kort = "" if veld in ("schatting", "waarde", "aantal") else naam
        teksten = shown(*a, kort), shown(*b, kort)
        if teksten[0] == teksten[1]:
            teksten = (repr(x), repr(y))
        return kort, *teksten
    return None


def _compare_row(a: tuple[Row, Row], b: tuple[Row, Row], oorzaken: _Oorzaken) -> Verschil | None:
    (r, oud), (_, nieuw) = a, b
    sleutel, wat = r["sleutel"], place(*a)
    dicht, was = bool(nieuw.get("onderdrukt")), bool(oud.get("onderdrukt"))
    if dicht != was:
        soort = "onderdrukt" if dicht else "onthuld"
        return Verschil(nieuw["getal_id"], sleutel, wat, soort, shown(*a), shown(*b), oorzaken.shown(sleutel))
    anders = _texts(a, b)
    if anders is None:
        return None
    veld, links, rechts = anders
    naam = f"{wat} ({veld})" if veld else wat
    # Of a row that stays shown, a count may come and go by the rules of release.
    grond = oorzaken.shown if "niet te bepalen" in (links, rechts) else oorzaken.value
    return Verschil(nieuw["getal_id"], sleutel, naam, "gewijzigd", links, rechts, grond(sleutel))


def _changes(oud: Row, nieuw: Row) -> Iterator[tuple[str, str]]:
    """Yield what differs between the reports as a whole, whether or not a number changed by it."""
    for tabel in _tables(oud, nieuw):
        a, b = _hashes(oud).get(tabel), _hashes(nieuw).get(tabel)
        stand = "nieuw bestand" if a is None else "weg" if b is None else "andere inhoud"
        yield "gegevens", f"{tabel}: {stand}"
    if oud["pakket"]["peildatum"] != nieuw["pakket"]["peildatum"]:
        yield "gegevens", "peildatum " + _arrow(oud["pakket"]["peildatum"], nieuw["pakket"]["peildatum"])
    a_per, b_per = ({r["sleutel"]: r for r in m["resultaten"]} for m in (oud, nieuw))
    samen = [(a_per[s], b_per[s]) for s in a_per if s in b_per]
    for soort, tekst in (("definitie", _definition), ("parameters", _choices)):
        yield from ((soort, t) for t in sorted({tekst(x, y) for x, y in samen} - {""}))
    eigen = {x["indicator"] for x, y in samen if x["bron_sha256"] != y["bron_sha256"]}
    yield from (("code", f"bronbestand van {naam}") for naam in sorted(eigen))
    yield from (("parameters", f"resultaat verdwenen: {s}") for s in a_per if s not in b_per)
    yield from (("parameters", f"resultaat nieuw: {s}") for s in b_per if s not in a_per)
    if programma := _program(oud, nieuw):
        yield "code", programma
    if beleid := _policy(oud, nieuw):
        yield "beleid", beleid
    if oud["plan_sha256"] != nieuw["plan_sha256"]:
        yield "plan", "andere tekst of andere gegevens in onderzoek.yaml"


def compare(oud: Row, nieuw: Row) -> Vergelijking:
    """Compare two manifests number by number.

    Parameters
    ----------
    oud, nieuw : mapping
        As returned by `manifest.load`.
    """
    # The same number has the same id, whatever its group is called; another definition gives another id.
    vaak = Counter(rij["getal_id"] for m in (oud, nieuw) for _, _, rij in numbers(m))
    bekend = {rij["getal_id"]: _key(s, r, rij) for s, r, rij in numbers(oud) if vaak[rij["getal_id"]] == 2}
    a = {_key(s, r, rij): (r, rij) for s, r, rij in numbers(oud)}
    b = {bekend.get(rij["getal_id"], _key(s, r, rij)): (r, rij) for s, r, rij in numbers(nieuw)}
    oorzaken = _Oorzaken(oud, nieuw)
    uit: list[Verschil] = []
    gelijk = 0
    for sleutel in dict.fromkeys((*a, *b)):
        if sleutel in a and sleutel in b:
            verschil = _compare_row(a[sleutel], b[sleutel], oorzaken)
            gelijk += verschil is None
        else:
            soort, (r, rij) = ("verdwenen", a[sleutel]) if sleutel in a else ("nieuw", b[sleutel])
            if rij.get("onderdrukt"):
                # Not to be seen in the one, not there in the other: no number differs.
                continue
            tekst = shown(r, rij)
            oud_nieuw = (tekst, "geen") if sleutel in a else ("geen", tekst)
            wat, grond = place(r, rij), oorzaken.presence(r["sleutel"])
            verschil = Verschil(rij["getal_id"], r["sleutel"], wat, soort, *oud_nieuw, grond)
        uit += [verschil] if verschil else []
    return Vergelijking(tuple(_changes(oud, nieuw)), tuple(uit), gelijk)
