"""Does it make a difference: what designs over time say of one figure, and what would overturn it.

One picture, one interval, what it may mean, and what speaks against it: failed checks come first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from toekomstscenario_eval.blocks import access, panel_chart
from toekomstscenario_eval.designs import Found, course, find, over_time
from toekomstscenario_eval.designs._checked import (
    ASSUMPTIONS,
    SENSITIVITY,
    CheckCard,
    Checked,
    check_name,
    excludes_zero,
    run,
)
from toekomstscenario_eval.designs._effect import Effect, Part, made_of, numbers
from toekomstscenario_eval.designs._panel import LEAST, SPARSE, Panel, panel_of
from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Figuur,
    Getal,
    Inline,
    Kader,
    Output,
    Tabel,
    Tekst,
)
from toekomstscenario_eval.document.format import (
    interval,
    number,
    of_difference,
    probability,
    sentence_case,
)
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Maat, Result, Status, Vorm

_OUTCOME = {
    Status.GESLAAGD: "past",
    Status.GEFAALD: "past niet",
    Status.NVT: "niet te zeggen",
    Status.FOUT: "fout",
}
_BENDS = {**_OUTCOME, Status.GESLAAGD: "houdt stand", Status.GEFAALD: "gooit het om"}
_RISE = "Een registratie telt wat is opgeschreven: een stijging kan ook beter registreren zijn."
_FALL = "Een registratie telt wat is opgeschreven: een daling kan ook slechter of anders registreren zijn."
_NOT_ALIKE = (
    "Door de korte duur zijn deze cijfers niet te vergelijken met andere in dit verslag. Een p-waarde "
    "rekent alsof "
    "de starts hadden kunnen loten; dat is niet zo. De ijking in hoofdstuk 6 is van een groter plan."
)
Checks = list[tuple[CheckCard, Checked]]


_BEFORE = "Van voor de start is er geen interval: daar is geen verandering om eraf te halen."
_CHANCE = (
    "Elke controle heeft 5% kans om ten onrechte niet te passen; trend, schijnstart en vooruitlopen "
    "rusten op dezelfde "
    "perioden.",
)


@dataclass(frozen=True)
class Comparison:
    """What the designs over time make of one result.

    Attributes
    ----------
    result, panel, maat : the panel and its estimand
    effects : every design with what it makes
    leading : the first design with a change; None without one
    """

    result: Result
    panel: Panel
    maat: Maat
    effects: tuple[tuple[Found, Effect], ...]

    @property
    def leading(self) -> tuple[Found, Effect] | None:
        """The design that leads: the first that gives a change."""
        return next(((d, e) for d, e in self.effects if not e.reason), None)


def comparison(vrijgave: Release, key: str, *, ontwerp: str = "") -> Comparison:
    """Return what designs make of a panel: all, or the one of this code.

    Raises
    ------
    GebruikFout
        When the result is no panel, or the design is not one over time.
    """
    r = access.released(vrijgave, key)
    if r.variant.instroom is None:
        raise GebruikFout(
            "een ontwerp over tijd vraagt een paneel",
            kreeg=r.sleutel,
            herstel="maak het met studie.paneel(...)",
        )
    asked = [find(ontwerp)] if ontwerp else over_time()
    if any(d.effect is None for d in asked):
        raise GebruikFout(
            f"'{ontwerp}' is geen ontwerp over tijd",
            verwacht="een van " + ", ".join(d.card.code for d in over_time()),
            kreeg=ontwerp,
            herstel="zie tks ontwerp lijst",
        )
    panel = panel_of(r)
    maat = r.card.maten[access.headline(r)]
    return Comparison(r, panel, maat, tuple((d, d.effect(panel)) for d in asked))


def over_time_blocks(vrijgave: Release, key: str, *, ontwerp: str = "") -> list[Block]:
    """Return everything that designs over time say of one result; a sentence when there is no panel."""
    r = access.released(vrijgave, key)
    if r.reden_nvt:
        return [_line(f"{r.card.label}: geen vergelijking over de tijd, want {r.reden_nvt}.")]
    c = comparison(vrijgave, key, ontwerp=ontwerp)
    if not c.panel.pilots.any():
        return [_line(f"{c.maat.label}: geen vergelijking over de tijd, want {_nothing(c)}.")]
    if c.panel.sparse:
        return [_line(f"{c.maat.label}: geen vergelijking over de tijd, want {SPARSE}.")]
    out: list[Block] = [_course(c)]
    lead = c.leading
    if lead is None:
        return [*out, _designs(c), _line("Geen van de ontwerpen kan hier een verandering geven.")]
    design, effect = lead
    checks = run(ASSUMPTIONS, design.card.code, c.panel, effect, design.effect)
    bends = run(SENSITIVITY, design.card.code, c.panel, effect, design.effect)
    out += [_sentence(c, design, effect, checks), _designs(c), *_details(c, design)]
    out += [_checks(c, design, checks, "Aannames", "Aanname", _OUTCOME)]
    out += [_checks(c, design, bends, "Wat zou dit omverwerpen", "Stel", _BENDS)]
    recorded = _RISE if effect.estimate > 0 else _FALL
    said = (
        f"{design.card.assumption} Wat het niet zegt: {sentence_case(design.card.grens)} {recorded} "
        f"{_NOT_ALIKE}"
    )
    return [*out, Kader("info", "Wat dit mag betekenen", (_line(f"Het ontwerp neemt aan: {said}"),))]


def ontwerp(vrijgave: object, key: str = "", *, ontwerp: str = "") -> Output:
    """Show what designs over time make of a panel: all of them, or the one of this code.

    Parameters
    ----------
    vrijgave : Release or Result
        The answer of `studie.paneel`, or a bundle that holds it.
    key : str
        Which result of a bundle.
    ontwerp : str
        Code of one design; see `tks ontwerp lijst`.
    """
    release, naam = access.shown(vrijgave, key)
    return Output(tuple(over_time_blocks(release, naam, ontwerp=ontwerp)), release.id)


def _nothing(c: Comparison) -> str:
    """Say why no pilot has a figure in any period."""
    if not any(c.result.starts.values()):
        return "van geen proeftuin is de startdatum bekend"
    return (
        f"in geen proeftuin stroomden in een periode ten minste {LEAST} huishoudens in; wat voor en vanaf de "
        "start te zeggen is, staat bij de indicator"
    )


def _line(text: str) -> Alinea:
    return Alinea((Tekst(text),))


def _course(c: Comparison) -> Figuur:
    """Return the lines over time, and their numbers."""
    rows, cells = [], []
    found = course.lines(c.panel)
    naam_of = [course.name(c.panel, line) for line in found]
    sources = course.sources(c.result)
    for line, naam in zip(found, naam_of, strict=True):
        for t, period in enumerate(c.panel.periods):
            if math.isnan(line.mean[t]):
                continue
            made = course.made(access.headline(c.result), c.panel, line, t, sources[period])
            under, above = made.waarden["ondergrens"], made.waarden["bovengrens"]
            after = line.start is not None and t >= line.start
            rows.append((naam, period, made.waarden["schatting"], under, above, after))
            cells.append(
                (
                    Cel(naam),
                    Cel(period),
                    Cel(number(made.waarden["schatting"], c.maat.vorm), made.id, rechts=True),
                    Cel(interval(under, above, c.maat.vorm), f"{made.id}.interval", rechts=True),
                )
            )
    columns = ["naam", "periode", "schatting", "ondergrens", "bovengrens", "na"]
    frame = pd.DataFrame(rows, columns=columns)
    days = c.result.variant.instroom
    caption = (
        f"{c.maat.label} van huishoudens naar {days[0] if days else ''} van instroom, per golf van "
        f"starts, met "
        "95%-interval over huishoudens"
    )
    return Figuur(
        caption,
        f"Lijngrafiek: {sentence_case(caption)}. {_ends(frame, c.maat)}",
        panel_chart.lines(frame, c.maat, naam_of),
        Tabel(f"{c.maat.label}: gegevens", ("Regio's", "Periode", "Cijfer", "95%-interval"), tuple(cells)),
    )


def _ends(frame: pd.DataFrame, maat: Maat) -> str:
    """Say where each line begins and ends."""
    parts = []
    for naam, rows in frame.groupby("naam", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        if len(rows) == 1:
            parts.append(f"Punt '{naam}': {number(first['schatting'], maat.vorm)} in {first['periode']}.")
            continue
        span = f"van {number(first['schatting'], maat.vorm)} naar {number(last['schatting'], maat.vorm)}"
        parts.append(f"Lijn '{naam}': {span}.")
    return " ".join(parts)


def _main(c: Comparison, design: Found, effect: Effect) -> str:
    return next(numbers(c.result, design.naam, design.card.label, effect)).id


def _sentence(c: Comparison, design: Found, effect: Effect, checks: Checks) -> Alinea:
    """Say what the leading design found: the change, its interval, its test, and what speaks against it."""
    form, getal = of_difference(c.maat.vorm), _main(c, design, effect)
    content: list[Inline] = [
        Tekst(f"{c.maat.label}, eerste {_days(c)} dagen na de instroom: volgens het ontwerp "),
        Tekst(f"'{sentence_case(design.card.label)}' na de start een verschil van "),
        Getal(number(effect.estimate, form), getal),
    ]
    if effect.bounded:
        bounds = interval(effect.under, effect.above, form)
        content += [Tekst(" (95%-interval "), Getal(bounds, f"{getal}.interval"), Tekst(")")]
    content += [
        Tekst(f", {design.card.beside}. Het gaat over "),
        Getal(str(effect.pilots), f"{getal}.proeftuinen"),
        Tekst(" van de proeftuinen" if effect.left else " proeftuinen"),
        Tekst(f". {_zero(effect)}{_against(effect, checks)}{_test(effect)}"),
    ]
    if effect.tests and not math.isnan(effect.p):
        content += [
            Tekst(" De kleinste p-waarde die dit ontwerp kan geven is "),
            Getal(probability(effect.least), f"{getal}.kleinste_p"),
            Tekst("; gevonden is "),
            Getal(probability(effect.p), f"{getal}.p"),
            Tekst(", uit "),
            Getal(number(effect.ways, Vorm.TELLING), f"{getal}.toewijzingen"),
            Tekst(f" manieren ({effect.method})."),
        ]
    return Alinea(tuple(content))


def _days(c: Comparison) -> int:
    asked = c.result.variant.instroom
    return asked[1] if asked else 0


def _zero(effect: Effect) -> str:
    if not effect.bounded:
        return "De gegevens geven geen grens aan hoe groot de verandering is."
    if effect.under > 0 or effect.above < 0:
        return "Toeval en ruis alleen verklaren dit niet."
    return "Dat er niets veranderde, past ook bij deze gegevens."


def _test(effect: Effect) -> str:
    if effect.ways and not effect.tests:
        return " Met zo weinig regio's kan geen toets iets vinden: alleen het interval staat er."
    return ""


def _designs(c: Comparison) -> Tabel:
    """Return what every design makes of the figure; those without a change with the reason."""
    form = of_difference(c.maat.vorm)
    rows, notes = [], []
    for design, e in c.effects:
        if e.reason:
            rows.append((Cel(design.card.label), Cel("geen"), *(Cel(""),) * 5))
            notes.append(f"{design.card.label}: geen verandering, want {e.reason}.")
            continue
        getal = _main(c, design, e)
        bounds = interval(e.under, e.above, form) if e.bounded else "geen grens"
        least = probability(e.least) if e.ways else ""
        p = probability(e.p) if e.tests and not math.isnan(e.p) else ""
        rows.append(
            (
                Cel(design.card.label),
                Cel(number(e.estimate, form), getal, rechts=True),
                Cel(bounds, f"{getal}.interval" if e.bounded else "", rechts=True),
                Cel(least, f"{getal}.kleinste_p" if least else "", rechts=True),
                Cel(p, f"{getal}.p" if p else "", rechts=True),
                Cel(str(e.pilots), f"{getal}.proeftuinen", rechts=True),
                Cel(str(e.comparison), f"{getal}.vergelijkingsregio_s", rechts=True),
            )
        )
        for part in e.also:
            made = made_of(c.result, design.naam, design.card.label, part)
            rows.append(
                (
                    Cel(f"{design.card.label}: {part.label}"),
                    Cel(number(part.estimate, form), made.id, rechts=True),
                    Cel(interval(part.under, part.above, form), f"{made.id}.interval", rechts=True),
                    *(Cel(""),) * 4,
                )
            )
        notes += [f"{design.card.label}: {left}." for left in e.left]
    heading = ("Ontwerp", "Verandering", "95%-interval", "Kleinste p", "p", "Proeftuinen", "Vergelijking")
    return Tabel(f"{c.maat.label}: wat de ontwerpen zeggen", heading, tuple(rows), tuple(notes))


def _details(c: Comparison, design: Found) -> list[Block]:
    """Return what the change is made of; nothing of a design that does not say."""
    parts = list(design.details(c.panel)) if design.details else []
    if not parts:
        return []
    form, rows = of_difference(c.maat.vorm), []
    for part in parts:
        made = made_of(c.result, design.naam, design.card.label, part)
        known = math.isfinite(part.under) and math.isfinite(part.above)
        bounds = interval(part.under, part.above, form) if known else "geen"
        ids = f"{made.id}.interval" if known else ""
        cells = (Cel(number(part.estimate, form), made.id, rechts=True), Cel(bounds, ids, rechts=True))
        rows.append((Cel(part.label), *cells))
    heading = ("Sinds de start", "Verandering", "95%-interval")
    title = (
        f"{c.maat.label}: verandering per periode sinds de start, volgens "
        f"'{sentence_case(design.card.label)}'"
    )
    return [Tabel(title, heading, tuple(rows), (_BEFORE,))]


def _against(effect: Effect, checks: Checks) -> str:
    """Say which assumptions do not fit, and which could not be seen to fit."""
    failed = [sentence_case(card.label) for card, found in checks if found.status is Status.GEFAALD]
    unknown = [sentence_case(card.label) for card, found in checks if found.status is Status.NVT]
    out = ""
    if failed:
        out = f" Niet passend bij de aannames: {', '.join(failed)}."
        if excludes_zero(effect):
            out += " Of de verandering bij de start hoort, is daarom niet te zeggen."
    elif excludes_zero(effect):
        out = " Of de verandering bij de start hoort, hangt aan de aannames hieronder."
    return out + (f" Niet na te gaan: {', '.join(unknown)}." if unknown else "")


def _checks(
    c: Comparison,
    design: Found,
    checks: Checks,
    title: str,
    first: str,
    words: dict[Status, str],
) -> Tabel:
    """Return what the checks found, with their numbers."""
    rows = []
    for card, found in checks:
        for i, point in enumerate(found.points or (None,)):
            seen = "zie hierboven" if i else found.words
            head = (Cel(f"{card.label}: {words[found.status]}"), Cel(seen))
            rows.append((*head, *_point(c, design, card, point)))
    heading = (first, "Wat is gezien", "Getal", "Waarde", "95%-interval")
    caption = f"{c.maat.label}: {sentence_case(title)} bij '{sentence_case(design.card.label)}'"
    return Tabel(caption, heading, tuple(rows), _CHANCE if words is _OUTCOME else ())


def _point(c: Comparison, design: Found, card: CheckCard, point: Part | None) -> tuple[Cel, Cel, Cel]:
    if point is None:
        return Cel(""), Cel("", rechts=True), Cel("", rechts=True)
    form = point.vorm or of_difference(c.maat.vorm)
    made = made_of(c.result, check_name(design.naam, card), design.card.label, point)
    known = math.isfinite(point.under) and math.isfinite(point.above)
    bounds = interval(point.under, point.above, form) if known else ""
    return (
        Cel(point.label),
        Cel(number(point.estimate, form), made.id, rechts=True),
        Cel(bounds, f"{made.id}.interval" if bounds else "", rechts=True),
    )
