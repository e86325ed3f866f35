"""The difference of two kinds of region with the region as the unit: it leads, households follow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.observed_time import rate, unequal_days
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.designs._assignment import Assignments
from toekomstscenario_eval.designs._regions import UNEVEN, RegionDifference, by_region
from toekomstscenario_eval.designs._sites import compared
from toekomstscenario_eval.designs.group_difference import PROEFTUIN, VERGELIJKING, differences, of_regions
from toekomstscenario_eval.document.document import Alinea, Block, Cel, Getal, Inline, Tabel, Tekst
from toekomstscenario_eval.document.format import (
    field,
    interval,
    least_chance,
    number,
    of_difference,
    probability,
    sentence_case,
    unit,
)
from toekomstscenario_eval.identity import BEFORE, FROM
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE, SITE_KIND, Maat, Result, Vorm

TOO_SURE = (
    "Dit rekent alsof huishoudens onafhankelijk zijn van hun regio. Het geldt voor deze huishoudens in deze "
    "regio's, en is te zeker voor een conclusie over proeftuinen."
)
TESTS_TOO_SURE = (
    "De groepen zijn niet door loting bepaald. Toetsen zonder de regio rekenen alsof huishoudens "
    "onafhankelijk zijn van hun regio. Ook een model met regio's als cluster of als toevalseffect vindt bij "
    "zo weinig regio's te snel iets. Voor een conclusie over proeftuinen zijn zij te zeker."
)
_PLAIN = (
    "Hierna is het huishouden de eenheid. Die cijfers rekenen alsof huishoudens onafhankelijk zijn van hun "
    "regio: zij gelden voor deze huishoudens in deze regio's, en zijn te zeker voor een conclusie over "
    "proeftuinen."
)
_HOW = (
    "Elke regio telt even zwaar. De p-waarde is het deel van de toewijzingen met een minstens zo groot "
    "verschil, naar beide kanten. Het interval neemt aan dat de soort elke regio evenveel hoger of lager "
    "maakt. De soorten zijn niet door loting bepaald: dit is een beschrijving, geen effect."
)
_MORE = "Elke maat is apart getoetst: hoe meer maten, hoe vaker er door toeval een p-waarde onder 0,05 staat."
# With fewer regions of one kind than this a comparison rests on hardly anything.
FEW = 5
_PHASES = {FROM: " vanaf de start", BEFORE: " voor de start"}
_Found = Sequence[tuple[str, RegionDifference, tuple[str, ...]]]


def is_of_regions(per: str) -> bool:
    """Whether the groups of a breakdown are made of regions."""
    return per.startswith(f"{SITE}_")


def in_time(r: Result, per: str, groep: str) -> str:
    """Return the name of a group, of proeftuinen with the phase where the result is about one."""
    when = _PHASES.get(r.variant.fase, "") if (per, groep) == (SITE_KIND, PROEFTUIN) else ""
    return f"{name(r, per, groep)}{when}"


def region_blocks(
    vrijgave: Release,
    key: str,
    *,
    per: str = SITE_KIND,
    a: str = PROEFTUIN,
    b: str = VERGELIJKING,
    followed: bool = False,
) -> tuple[Block, ...]:
    """Return what is known before the difference, the difference, and what the figures after it are not.

    Nothing where the groups are not made of regions. `followed` says that figures of households follow.
    """
    r = access.released(vrijgave, key)
    found = list(by_region(r, per=per, a=a, b=b))
    if not found:
        return ()
    plain = (Alinea((Tekst(_PLAIN),)),) if followed else ()
    table = _table(vrijgave, r, found, per=per)
    return Alinea((Tekst(_beforehand(r, found, per=per)),)), *((table,) if table else ()), *plain


def _beforehand(r: Result, found: _Found, *, per: str) -> str:
    """Return how many assignments there are and the smallest p, or why there is no difference at all."""
    own = {naam: v for naam, v, _ in found}
    # The reason is that of the figure that the sentence is about: see `difference_sentence`.
    v = next((v for v in own.values() if not v.reden), own.get(compared(r), found[0][1]))
    one, two = (in_time(r, per, kind) for kind in (v.a, v.b))
    ways = v.ways
    if v.reden or ways is None:
        return (
            f"{r.card.label}: geen verschil tussen {one} en {two} met de regio als eenheid, want {v.reden}."
        )
    who = f"{one} ({_many(v.aantal[0])}) min {two} ({_many(v.aantal[1])})"
    text = f"{r.card.label}: {who}, met de regio als eenheid: {assignments(ways)}."
    if ways.reaches:
        return text
    return (
        f"{text} Dat is meer dan 0,05: met zo weinig regio's is geen verschil aan te tonen. Daarom staan er "
        "geen p-waarde en geen interval."
    )


def assignments(ways: Assignments) -> str:
    """Return how many assignments there are and the smallest p, in words."""
    drawn = "" if ways.alle else " willekeurig getrokken"
    least = least_chance(ways.kleinste)
    return f"{number(ways.aantal, Vorm.TELLING)}{drawn} toewijzingen; de kleinste p die kan is {least}"


def difference_sentence(vrijgave: Release, key: str, *, warn: bool = True) -> tuple[Inline, ...]:
    """Return the difference between the kinds of region as a sentence, or why there is none.

    Of the first estimand that regions can be compared by; where that adds up over days that are not the same
    for both kinds, of its rate, and it is said, unless a table beside it does (`warn`). Empty where the
    result has no kinds of region.
    """
    r = access.released(vrijgave, key)
    per, naam = SITE_KIND, compared(r)
    found = {n: (v, sources) for n, v, sources in by_region(r, per=per, a=PROEFTUIN, b=VERGELIJKING)}
    if naam not in found:
        return ()
    unequal = unequal_days(vrijgave, r, [naam])
    # Over unequal days a count says little; the same per time leads.
    other = rate(r) if unequal else ""
    if other in found and not found[other][0].reden:
        naam = other
        unequal = unequal_days(vrijgave, r, [compared(r), other])
    tail = (Tekst(" "), Tekst(unequal)) if unequal and warn else ()
    return (*_difference(r, naam, *found[naam]), *tail)


def _difference(r: Result, naam: str, v: RegionDifference, sources: tuple[str, ...]) -> tuple[Inline, ...]:
    ways = v.ways
    if v.reden or ways is None:
        return (Tekst(f"Geen verschil met de regio als eenheid, want {v.reden}."),)
    getal = of_regions(r, naam, v, sources, per=SITE_KIND).id
    vorm = of_difference(r.card.maten[naam].vorm)
    # A median leads where it is the headline, and has no standard error.
    what = "" if naam == access.headline(r) else f" in {sentence_case(r.card.maten[naam].label)}"
    begin = Tekst(f"Verschil{what} met de regio als eenheid, elke even zwaar ({assignments(ways)}): ")
    gap, of = Getal(number(v.schatting, vorm), getal), Tekst(unit(r.card.maten[naam]))
    if math.isnan(v.p):
        return begin, gap, of, Tekst("; met zo weinig regio's is geen verschil aan te tonen.")
    spread = Getal(interval(v.ondergrens, v.bovengrens, vorm), f"{getal}.interval")
    chance = Getal(probability(v.p), f"{getal}.p")
    return begin, gap, of, Tekst(" (95%-interval "), spread, Tekst("; p "), chance, Tekst(").")


def _many(regions: int) -> str:
    return f"{regions} regio" if regions == 1 else f"{regions} regio's"


def regions_table(
    vrijgave: Release, key: str, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> Tabel | None:
    """Return the difference of two kinds of region for each estimand, or None when there is none of any."""
    r = access.released(vrijgave, key)
    return _table(vrijgave, r, list(by_region(r, per=per, a=a, b=b)), per=per)


def _table(vrijgave: Release, r: Result, found: _Found, *, per: str) -> Tabel | None:
    if all(v.reden for _, v, _ in found):
        return None
    rows = tuple(
        _row(v, r.card.maten[naam], "" if v.reden else of_regions(r, naam, v, sources, per=per).id)
        for naam, v, sources in found
    )
    one, two = (in_time(r, per, kind) for kind in (found[0][1].a, found[0][1].b))
    shown = [naam for naam, v, _ in found if not v.reden]
    return Tabel(
        f"{r.card.label}: verschil naar {field(per).lower()}, {one} min {two}, regio als eenheid",
        ("Maat", "Verschil", "95%-interval", "p-waarde"),
        rows,
        (
            *_notes(r, found, per=per),
            *filter(None, [unequal_days(vrijgave, r, shown, per=per)]),
        ),
    )


def _row(v: RegionDifference, maat: Maat, getal: str) -> tuple[Cel, ...]:
    vorm, no = of_difference(maat.vorm), Cel("geen", rechts=True)
    if v.reden:
        return Cel(maat.label), no, no, no
    spread = interval(v.ondergrens, v.bovengrens, vorm)
    return (
        Cel(maat.label),
        Cel(number(v.schatting, vorm), getal, rechts=True),
        Cel(spread, f"{getal}.interval", rechts=True) if spread else no,
        no if math.isnan(v.p) else Cel(probability(v.p), f"{getal}.p", rechts=True),
    )


def _notes(r: Result, found: _Found, *, per: str) -> list[str]:
    """Return how to read the table, and what a reader must know first."""
    shown = [(naam, v) for naam, v, _ in found if not v.reden]
    tested = [(naam, v) for naam, v in shown if not math.isnan(v.p)]
    out = [_HOW, *([_MORE] if len(tested) > 1 else [])]
    if own := [naam for naam, v in tested if v.by_own]:
        out.append(
            f"{_labels(r, own)}: de regio's zijn zelf onzekerder dan uit hun onderlinge verschillen volgt; "
            "interval en p-waarde rekenen daarmee."
        )
    if unsure := [naam for naam, v in tested if v.uneven > UNEVEN]:
        out.append(
            f"Let op, {_labels(r, unsure)}: cijfers van regio's van de soort met de minste regio's zijn "
            "onzekerder dan die van de andere soort. Dan vindt de toets te snel iets."
        )
    reasons: dict[str, list[str]] = {}
    for naam, v, _ in found:
        if v.reden:
            reasons.setdefault(v.reden, []).append(naam)
    out += [f"{_labels(r, namen)}: geen verschil, want {why}." for why, namen in reasons.items()]
    return [*out, *_warnings(r, shown, per=per)]


def _labels(r: Result, namen: Sequence[str]) -> str:
    return "; ".join(r.card.maten[naam].label for naam in namen)


def _warnings(r: Result, shown: Sequence[tuple[str, RegionDifference]], *, per: str) -> list[str]:
    """Return a warning of few regions of a kind, and of a difference that points the other way."""
    out, v = [], shown[0][1]
    if (least := min(v.aantal)) < FEW:
        who = name(r, per, (v.a, v.b)[v.aantal.index(least)])
        only = "doet maar 1 regio" if least == 1 else f"doen maar {least} regio's"
        out.append(
            f"Let op: van de soort '{who}' {only} mee. Hun gemiddelde hangt sterk af van elke regio apart."
        )
    plain = {naam: d for naam, d, _ in differences(r, per=per, a=v.a, b=v.b) if not d.reden}
    for naam, one in shown:
        if naam in plain and plain[naam].schatting * one.schatting < 0:
            maat = r.card.maten[naam]
            vorm = of_difference(maat.vorm)
            out.append(
                f"Let op, {maat.label}: over alle huishoudens samen is het verschil "
                f"{number(plain[naam].schatting, vorm)}, met de regio als eenheid "
                f"{number(one.schatting, vorm)}. Die wijzen een andere kant op: trek hieruit geen "
                "conclusie over welke groep hoger ligt."
            )
    return out
