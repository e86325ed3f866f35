"""A plan in words, tables and a figure: what can be found with it, before there are data."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from toekomstscenario_eval.blocks.power_figure import power_curve
from toekomstscenario_eval.designs import _assignment, _sign_flips
from toekomstscenario_eval.designs._sign_flips import MOST
from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Definities,
    Figuur,
    Lijst,
    Tabel,
    Tekst,
)
from toekomstscenario_eval.document.format import EMPTY, least_chance, number
from toekomstscenario_eval.power.formula import chance, detectable, half_width
from toekomstscenario_eval.power.layouts import BESIDE, CHANGE, CHANGES, STAGGERED, Layout, layouts
from toekomstscenario_eval.power.plan_overview import Line, Overview, variants
from toekomstscenario_eval.power.setting import LESS, MORE, MOST_REGIONS, Setting
from toekomstscenario_eval.types import Vorm

_FINE = 60  # differences along a line
_Z = 1.96
CANNOT, TOO_FAR = "kan niet", "geen enkel verschil"
OTHER_PLANS = "Als het plan of de werkelijkheid anders is"


def vorm_of(s: Setting) -> Vorm:
    """Return how a difference reads."""
    return Vorm.PROCENTPUNT if s.share else Vorm.GETAL


def difference_word(s: Setting) -> str:
    """Return which way a difference goes."""
    return MORE if s.sign > 0 else LESS


def power_blocks(o: Overview) -> tuple[Block, ...]:
    """Return what a plan can find: the smallest p first, then differences, chances, and other plans."""
    curve = (_chances(o), _figure(o)) if o.effects else ()
    return (
        Alinea((Tekst(_plan(o.setting)),)),
        *(Alinea((Tekst(text),)) for text in _beforehand(o)),
        _smallest(o),
        *curve,
        _other_plans(o),
        _sources(o),
        Definities(tuple((x.layout.naam, (Tekst(x.layout.explained),)) for x in o.lines)),
        Lijst(tuple((Tekst(text),) for text in _assumed(o))),
    )


def _many(n: int, one: str, more: str) -> str:
    return f"{number(n, Vorm.TELLING)} {one if n == 1 else more}"


def _plan(s: Setting) -> str:
    who = _many(s.pilots, "proeftuin", "proeftuinen")
    beside = "geen vergelijkingsregio's"
    if s.others:
        beside = _many(s.others, "vergelijkingsregio", "vergelijkingsregio's")
    n = _many(s.households, "huishouden", "huishoudens")
    if s.others and s.households != s.households_others:
        n = f"{number(s.households, Vorm.TELLING)} en {number(s.households_others, Vorm.TELLING)} huishoudens"
    what = "aandeel" if s.share else "gemiddeld aantal"
    base = number(s.base, Vorm.AANDEEL if s.share else Vorm.GETAL)
    spread = number(s.spread, vorm_of(s))
    text = (
        f"Plan: {who} en {beside}, {n} per regio en periode. Zonder verschil is het {what} {base}; regio's "
        f"verschillen onderling met een standaarddeviatie van {spread}"
    )
    if s.dispersion > 1:
        text += f", en huishoudens {number(s.dispersion, Vorm.GETAL)} keer zo veel als door toeval alleen"
    text += f". Samenhang van een regio met zichzelf tussen perioden: {number(s.stable, Vorm.GETAL)}."
    if s.waves:
        waves = ", ".join(map(str, s.waves))
        text += f" Golven van {waves} proeftuinen, in {s.periods} perioden; de eerste start in de tweede."
    noise = (
        "Met de ruis van openbare tellingen." if s.noise else "Zonder ruis: exacte cijfers, alleen binnen."
    )
    return f"{text} {noise}"


def _beforehand(o: Overview) -> list[str]:
    """Return the smallest p of each comparison, before anything else; and which can find nothing."""
    out = []
    for x in o.lines:
        ways = x.layout.ways
        text = (
            f"{x.layout.naam}: {_count(x)} toewijzingen; de kleinste p die kan is "
            f"{least_chance(ways.kleinste)}."
        )
        if not x.layout.reaches:
            text += (
                " Dat is meer dan 0,05: met zo weinig regio's is geen verschil aan te tonen, hoe groot ook. "
                f"Er staat alleen hoe breed een interval zou zijn.{_from(o.setting, x)}"
            )
        out.append(text)
    return [*out, *_absent(o)]


def _absent(o: Overview) -> list[str]:
    """Return which comparisons this plan does not have, and why."""
    there = {x.layout.naam for x in o.lines}
    out = []
    if BESIDE not in there:
        out.append("Zonder vergelijkingsregio's is er geen vergelijking naast elkaar.")
    if CHANGE not in there:
        out.append(f"Voor en na wordt bij meer dan {MOST} proeftuinen niet getoetst.")
    if not there & {CHANGES, STAGGERED}:
        out.append("Alle regio's van dit plan starten tegelijk: hun verandering is met niets te vergelijken.")
    return out


def _from(s: Setting, x: Line) -> str:
    """Return from how many regions on a comparison can find something, all else equal."""
    if x.layout.naam == CHANGE:
        enough = next(k for k in range(1, MOST + 1) if _sign_flips.possible(k).reaches)
        return f" Vanaf {enough} proeftuinen kan het wel."
    if x.layout.naam in (BESIDE, CHANGES):
        many = range(s.others, MOST_REGIONS)
        enough = next(k for k in many if _assignment.possible(s.pilots, k).reaches)
        return f" Vanaf {enough} vergelijkingsregio's kan het wel."
    return ""


def _count(x: Line) -> str:
    drawn = "" if x.layout.ways.alle else " willekeurig getrokken"
    return f"{number(x.layout.ways.aantal, Vorm.TELLING)}{drawn}"


def _smallest(o: Overview) -> Tabel:
    s = o.setting
    asked = number(s.chance, Vorm.AANDEEL)
    return Tabel(
        f"Kleinste {difference_word(s)} die met {asked} kans wordt gevonden, bij 5%",
        (
            "Vergelijking",
            "Toewijzingen",
            "Kleinste p",
            "Kleinste verschil",
            "Kans daarop, simulatie",
            "Interval, plus of min",
        ),
        tuple(_smallest_row(s, x) for x in o.lines),
        (
            f"Kleinste verschil: volgens de formule. Simulatie: {number(o.studies, Vorm.TELLING)} verzonnen "
            "onderzoeken met dat verschil, elk getoetst door toewijzing; erachter de marge van het toeval. "
            "Zijn er heel veel toewijzingen, dan is daaruit getrokken.",
            "Interval: de helft van de breedte van een 95%-interval (t) als er geen verschil is.",
        ),
    )


def _smallest_row(s: Setting, x: Line) -> tuple[Cel, ...]:
    vorm = vorm_of(s)
    half = "" if math.isnan(x.half) else f"± {number(x.half, vorm)}"
    texts = (
        _count(x),
        least_chance(x.layout.ways.kleinste),
        _difference(x.smallest, vorm, reaches=x.layout.reaches),
        _seen(x.check.chance, x.check.error) if x.check else "geen",
        half or EMPTY,
    )
    return (Cel(x.layout.naam), *(Cel(text, rechts=True) for text in texts))


def _difference(d: float, vorm: Vorm, *, reaches: bool) -> str:
    if not reaches:
        return CANNOT
    return TOO_FAR if math.isnan(d) else number(d, vorm)


def _seen(p: float, error: float) -> str:
    """Return a chance that was counted, with twice its error."""
    margin = number(_Z * error, Vorm.PROCENTPUNT).removesuffix(" procentpunt")
    return f"{number(p, Vorm.AANDEEL)} ± {margin}"


def _chances(o: Overview) -> Tabel:
    s = o.setting
    reached = [x for x in o.lines if x.by_simulation]
    rows = tuple(
        (
            Cel(number(d, vorm_of(s))),
            *(
                Cel(
                    f"{number(x.by_formula[i], Vorm.AANDEEL)} | "
                    f"{number(x.by_simulation[i].chance, Vorm.AANDEEL)}",
                    rechts=True,
                )
                for x in reached
            ),
        )
        for i, d in enumerate(o.effects)
    )
    worst = _Z * max(f.error for x in reached for f in x.by_simulation)
    return Tabel(
        f"Kans om een {difference_word(s)} te vinden: formule | simulatie",
        ("Werkelijk verschil", *(x.layout.naam for x in reached)),
        rows,
        (
            "Bij een verschil van 0 is dit de kans om iets te vinden dat er niet is; die hoort 5% te zijn of "
            "minder.",
            f"Het toeval van de simulatie is hooguit {number(worst, Vorm.PROCENTPUNT)}. Wijken formule en "
            "simulatie verder af, ga dan uit van de simulatie: zij toetst zoals een verslag toetst.",
        ),
    )


def _figure(o: Overview) -> Figuur:
    s = o.setting
    reached = [x for x in o.lines if x.by_simulation]
    along = np.linspace(0.0, o.effects[-1], _FINE)
    lines = pd.DataFrame(
        [
            {"naam": x.layout.naam, "verschil": d, "kans": chance(s, x.layout, float(d))}
            for x in reached
            for d in along
        ]
    )
    points = pd.DataFrame(
        [
            {
                "naam": x.layout.naam,
                "verschil": f.effect,
                "kans": f.chance,
                "ondergrens": max(0.0, f.chance - _Z * f.error),
                "bovengrens": min(1.0, f.chance + _Z * f.error),
            }
            for x in reached
            for f in x.by_simulation
        ]
    )
    word = difference_word(s)
    title = f"Werkelijke {word}" + (" (procentpunten)" if s.share else "")
    return Figuur(
        f"Kans om een {word} te vinden: lijn volgens de formule, punten volgens de simulatie",
        _alt(o, reached),
        power_curve(lines, points, s.chance, title, vorm_of(s)),
        _chances(o),
    )


def _alt(o: Overview, reached: list[Line]) -> str:
    s, asked = o.setting, number(o.setting.chance, Vorm.AANDEEL)
    parts = [
        f"Lijnen van de kans om een {difference_word(s)} te vinden, van 0 tot "
        f"{number(o.effects[-1], vorm_of(s))}, met punten van de simulatie."
    ]
    for x in reached:
        if math.isnan(x.smallest):
            parts.append(f"{x.layout.naam} haalt {asked} nergens.")
        else:
            parts.append(f"{x.layout.naam} haalt {asked} bij {number(x.smallest, vorm_of(s))}.")
    return " ".join(parts)


def _other_plans(o: Overview) -> Tabel:
    s, reach = o.setting, any(x.layout.reaches for x in o.lines)
    rows = []
    for label, other in variants(s):
        texts = [_other(other, layout, reach=reach) for layout in layouts(other)]
        rows.append((Cel(label), *(Cel(text, rechts=True) for text in texts)))
    what = "kleinste verschil volgens de formule" if reach else "interval, plus of min"
    return Tabel(
        f"{OTHER_PLANS}: {what}",
        ("Wat er anders is", *(x.layout.naam for x in o.lines)),
        tuple(rows),
    )


def _other(s: Setting, layout: Layout, *, reach: bool) -> str:
    """Return what another plan can find; where this one finds nothing, how wide an interval would be."""
    if reach:
        return _difference(detectable(s, layout), vorm_of(s), reaches=layout.reaches)
    half = half_width(s, layout)
    return EMPTY if math.isnan(half) else f"± {number(half, vorm_of(s))}"


def _sources(o: Overview) -> Tabel:
    rows = []
    for x in o.lines:
        p = x.parts
        total = p.regions + p.households + p.noise
        each = (p.regions, p.households, p.noise)
        texts = (number(v / total, Vorm.AANDEEL) if total else EMPTY for v in each)
        rows.append((Cel(x.layout.naam), *(Cel(text, rechts=True) for text in texts)))
    return Tabel(
        "Waar de onzekerheid vandaan komt",
        ("Vergelijking", "Verschil tussen regio's", "Huishoudens", "Ruis"),
        tuple(rows),
        ("Wat van regio's komt, wordt niet kleiner met meer huishoudens, alleen met meer regio's.",),
    )


def _assumed(o: Overview) -> list[str]:
    out = [
        "De spreiding tussen regio's, en hun samenhang door de tijd, zijn gekozen en niet gemeten. Wat zij "
        f"uitmaken, staat bij '{OTHER_PLANS}'.",
        "Huishoudens van een regio zijn los van elkaar, en in elke periode zijn het andere. Zijn het voor "
        "een deel dezelfde, dan is voor en na vaak iets zekerder.",
        "Elke regio telt even zwaar, en elke proeftuin verschilt evenveel. De regio's zijn niet door loting "
        "verdeeld: ook een verschil dat is gevonden, kan een andere oorzaak hebben.",
        "Eén maat, één toets. Bij meer maten vindt u vaker iets door toeval, en is voor elke maat een groter "
        "verschil nodig.",
    ]
    s = o.setting
    together = s.pilots * s.households + s.others * s.households_others
    if together < o.place_from:
        out.append(
            f"Openbaar staan regio's apart vanaf {number(o.place_from, Vorm.TELLING)} huishoudens in het "
            f"geheel; in dit plan zijn het er {number(together, Vorm.TELLING)} per periode. Een vergelijking "
            "van regio's is er dan alleen binnen, met --intern."
        )
    out.append("Het verschil is er meteen bij de start en blijft even groot.")
    return out
