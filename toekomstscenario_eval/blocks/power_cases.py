"""What so many households of one study can show, in words, tables and a figure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.blocks.power_figure import power_curve
from toekomstscenario_eval.document.document import Alinea, Block, Cel, Figuur, Lijst, Tabel, Tekst
from toekomstscenario_eval.document.format import interval, number
from toekomstscenario_eval.power import cases
from toekomstscenario_eval.power.cases import MOST_EXACT, Public, Seen
from toekomstscenario_eval.power.plan_overview import steps
from toekomstscenario_eval.power.setting import LESS, MORE
from toekomstscenario_eval.types import Vorm

_SHARES = (0.0, 0.05, 0.1, 0.2, 0.5)
_RARE = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
_SURE = 0.95
_FINE = 60
_FORMULA, _EXACT = "Formule", "Exacte toets van Fisher"


@dataclass(frozen=True)
class Cases:
    """A study of `n` households beside `m` others, of whom a part `base` has it; `public` None for exact."""

    n: int
    m: int
    base: float
    chance: float
    sign: int
    public: Public | None

    @property
    def exact(self) -> bool:
        """Whether every table can be gone through."""
        return max(self.n, self.m) <= MOST_EXACT

    def smallest(self, chance_of: Callable[[float, float, int, int], float], sign: int) -> float:
        """Return the smallest difference that is found often enough, or NaN."""
        return cases.smallest_difference(chance_of, self.base, self.n, self.m, sign=sign, chance=self.chance)

    def rows(self) -> list[tuple[float, float, float]]:
        """Return differences, each with its chance by formula and by the exact test (NaN: not computed)."""
        top = self.smallest(cases.normal_chance, self.sign)
        most = 1 - self.base if self.sign > 0 else self.base
        out = []
        for d in steps([most / 1.25 if math.isnan(top) else top], most=most):
            other = self.base + self.sign * d
            exact = cases.exact_chance(other, self.base, self.n, self.m) if self.exact else math.nan
            out.append((d, cases.normal_chance(other, self.base, self.n, self.m), exact))
        return out


def case_blocks(c: Cases) -> tuple[Block, ...]:
    """Return what this many households can show, and what they cannot."""
    return (
        Alinea((Tekst(_first(c)),)),
        _precision(c),
        _differences(c),
        _chances(c),
        _figure(c),
        _rare(c),
        Lijst(tuple((Tekst(text),) for text in _assumed(c))),
    )


def _n(n: int) -> str:
    return number(n, Vorm.TELLING)


def _share(p: float) -> str:
    return number(p, Vorm.AANDEEL)


def _first(c: Cases) -> str:
    half = _seen_half(cases.shares_seen(c.n, [0.5], None)[0])
    return (
        f"Met {_n(c.n)} huishoudens is een aandeel rond de helft op {number(half, Vorm.PROCENTPUNT)} na "
        f"bekend. Komt iets bij geen van de {_n(c.n)} voor, dan kan het nog bij "
        f"{_share(cases.highest_after_none(c.n))} van de huishoudens voorkomen (95%, eenzijdig; de regel van "
        f"drie zegt {_share(min(1.0, 3 / c.n))}). Dit zijn {_n(c.n)} huishoudens van één onderzoek: over "
        "proeftuinen zegt het pas iets als er meer regio's zijn."
    )


def _seen_half(seen: Seen) -> float:
    return (seen.wilson[1] - seen.wilson[0]) / 2


def _precision(c: Cases) -> Tabel:
    shares = sorted({*_SHARES, c.base})
    with_public = c.public is not None
    rows = []
    for seen in cases.shares_seen(c.n, shares, c.public):
        texts = [
            _share(seen.k / c.n),
            interval(*seen.wilson, Vorm.AANDEEL),
            interval(*seen.exact, Vorm.AANDEEL),
        ]
        if with_public:
            texts.append(seen.why or interval(*seen.published or (0.0, 1.0), Vorm.AANDEEL))
        rows.append((Cel(f"{_n(seen.k)} van {_n(c.n)}"), *(Cel(text, rechts=True) for text in texts)))
    public = ("Openbaar, met ruis",) if with_public else ()
    return Tabel(
        f"Hoe precies een aandeel van {_n(c.n)} huishoudens is, met 95%-intervallen",
        ("Gezien", "Aandeel", "Wilson", "Clopper-Pearson (exact)", *public),
        tuple(rows),
    )


def _differences(c: Cases) -> Tabel:
    asked = _share(c.chance)
    rows = []
    for sign, word in ((1, MORE), (-1, LESS)):
        found = [c.smallest(cases.normal_chance, sign)]
        found += [c.smallest(cases.exact_chance, sign)] if c.exact else []
        texts = [_difference(d) for d in found] + ([] if c.exact else ["niet berekend"])
        rows.append((Cel(f"Aandeel, {word} vanaf {_share(c.base)}"), *(Cel(t, rechts=True) for t in texts)))
    change = number(cases.smallest_change(c.n, c.chance), Vorm.GETAL)
    rows.append(
        (
            Cel("Score, voor en na bij dezelfde huishoudens"),
            Cel(f"{change} standaarddeviatie", rechts=True),
            Cel("niet van toepassing", rechts=True),
        )
    )
    notes = [
        f"Aandeel: {_n(c.n)} huishoudens naast {_n(c.m)} andere, alsof zij los van elkaar en van hun regio "
        "zijn. Met de regio als eenheid is veel meer nodig: zie tks kracht zonder --casussen.",
        "Score: in standaarddeviaties van de verandering (t-toets). Van een ja-of-nee bij dezelfde "
        f"huishoudens moeten er ten minste {cases.same_side_needed()} veranderen, alle naar dezelfde kant, "
        "om een tekentoets op 5% te laten verwerpen.",
    ]
    if not c.exact:
        notes.append(f"De exacte toets is tot {_n(MOST_EXACT)} huishoudens per groep berekend.")
    return Tabel(
        f"Kleinste verschil dat met {asked} kans wordt gevonden, bij 5%",
        ("Wat", _FORMULA, _EXACT),
        tuple(rows),
        tuple(notes),
    )


def _difference(d: float) -> str:
    return "geen enkel verschil" if math.isnan(d) else number(d, Vorm.PROCENTPUNT)


def _chances(c: Cases) -> Tabel:
    rows = tuple(
        (
            Cel(number(d, Vorm.PROCENTPUNT)),
            Cel(_share(formula), rechts=True),
            Cel("niet berekend" if math.isnan(exact) else _share(exact), rechts=True),
        )
        for d, formula, exact in c.rows()
    )
    word = MORE if c.sign > 0 else LESS
    return Tabel(
        f"Kans om een {word} vanaf {_share(c.base)} te vinden",
        ("Werkelijk verschil", _FORMULA, _EXACT),
        rows,
        (
            "De exacte toets houdt zich ook bij kleine aantallen aan 5%, en vindt daarom minder. Alle "
            "mogelijke tabellen zijn geteld; er is geen toeval in.",
        ),
    )


def _figure(c: Cases) -> Figuur:
    table = c.rows()
    far = table[-1][0]
    lines = [
        {"naam": naam, "verschil": d, "kans": chance_of(c.base + c.sign * d, c.base, c.n, c.m)}
        for naam, chance_of in (
            (_FORMULA, cases.normal_chance),
            *(((_EXACT, cases.exact_chance),) if c.exact else ()),
        )
        for d in np.linspace(0.0, far, _FINE).tolist()
    ]
    word = MORE if c.sign > 0 else LESS
    parts = [
        f"Lijnen van de kans om een {word} te vinden bij {_n(c.n)} naast {_n(c.m)} huishoudens, van 0 tot "
        f"{number(far, Vorm.PROCENTPUNT)}."
    ]
    for naam, chance_of in ((_FORMULA, cases.normal_chance), (_EXACT, cases.exact_chance)):
        if naam == _FORMULA or c.exact:
            found = c.smallest(chance_of, c.sign)
            where = "nergens" if math.isnan(found) else f"bij {number(found, Vorm.PROCENTPUNT)}"
            parts.append(f"{naam}: {_share(c.chance)} {where}.")
    return Figuur(
        f"Kans om een {word} te vinden met {_n(c.n)} huishoudens naast {_n(c.m)}",
        " ".join(parts),
        power_curve(
            pd.DataFrame(lines),
            pd.DataFrame(),
            c.chance,
            f"Werkelijke {word} (procentpunten)",
            Vorm.PROCENTPUNT,
        ),
        _chances(c),
    )


def _rare(c: Cases) -> Tabel:
    rows = tuple(
        (
            Cel(f"1 op de {_n(round(1 / p))}"),
            Cel(_share(cases.seen_at_least_once(p, c.n)), rechts=True),
            Cel(_n(cases.needed_to_see(p, _SURE)), rechts=True),
        )
        for p in _RARE
    )
    return Tabel(
        f"Wat zelden voorkomt: kans dat het bij {_n(c.n)} huishoudens ten minste één keer wordt gezien",
        ("Komt voor bij", "Kans om het te zien", f"Huishoudens nodig voor {_share(_SURE)}"),
        rows,
        ("Iets dat niet is gezien, kan er dus wel zijn. Openbaar staat er ook dan '0 of enkele'.",),
    )


def _assumed(c: Cases) -> list[str]:
    out = [
        "Huishoudens zijn los van elkaar. Komen zij uit enkele regio's of van enkele teams, dan zijn de "
        "intervallen breder dan hier.",
        "Met één proeftuin naast één vergelijkingsregio zijn er 2 toewijzingen, en is de kleinste p 1: zo'n "
        "verschil zegt niets over de werkwijze.",
        "Eén maat, één toets. Bij meer maten vindt u vaker iets door toeval.",
    ]
    if c.public is not None and c.n < c.public.least:
        out.append(
            f"Openbaar geeft een verslag over minder dan {c.public.least} huishoudens geen getallen; wat "
            "hier staat, geldt voor exacte cijfers, binnen."
        )
    return out
