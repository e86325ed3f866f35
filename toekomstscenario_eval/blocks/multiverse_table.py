"""What the definition multiverse shows: every definition, what each choice does, and one sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.count_words import threshold
from toekomstscenario_eval.blocks.table import HIDDEN, count_cell, interval_cell, number_cell
from toekomstscenario_eval.blocks.whose import KINDS, days, whose
from toekomstscenario_eval.document.document import Alinea, Cel, Getal, Inline, Tabel, Tekst
from toekomstscenario_eval.document.format import interval, number
from toekomstscenario_eval.identity import (
    COMPARISON,
    DEFAULT,
    EVERYBODY,
    OTHERS,
    PHASE,
    PHASES,
    PILOT,
    POPULATION,
    TOTAAL,
)
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Card, Maat, Result, Vorm

# What the default is of choices that are no parameter of the indicator.
_PLAIN = {
    "laatste dag": "telt niet mee",
    "wie telt mee": "iedereen die is geregistreerd",
    "venster": "de hele waarneemperiode",
    PHASE: "alle dagen",
    POPULATION: KINDS[PILOT][1],
}
EVERYONE = "alle huishoudens"
# Whom a figure is about: another question, and no other definition.
_AROUND = (PHASE, POPULATION)


def definitions(vrijgave: Release, indicator: str) -> list[Result]:
    """Return the results of the multiverse of one indicator that apply."""
    return [
        r
        for r in access.required(vrijgave).resultaten
        if r.indicator == indicator and r.variant.definitie is not None and not r.reden_nvt
    ]


@dataclass(frozen=True)
class Multiverse:
    """The definitions of one indicator, from low to high, those without a number last.

    Attributes
    ----------
    rijen : DataFrame
        `label`, `schatting`, `ondergrens`, `bovengrens`, `n`, `onderdrukt`, `getal_id`, `maat_eenheid`
        (the unit of its headline), and `keuzes`: choice -> value.
    waarden : mapping of choice to its values, the default first
    whose : str
        Whom the default is about, in words.
    """

    maat: Maat
    rijen: pd.DataFrame
    waarden: Mapping[str, tuple[str, ...]]
    whose: str = ""

    @property
    def getoond(self) -> pd.DataFrame:
        """Definitions with a number in the unit of the headline: only these are compared."""
        same = self.rijen["maat_eenheid"].eq(self.maat.eenheid)
        return self.rijen[~self.rijen["onderdrukt"].astype(bool) & self.rijen["schatting"].notna() & same]

    def values(self, choice: str) -> pd.Series:
        """Return the value of a choice for each definition that is shown."""
        return self.getoond["keuzes"].map(lambda k: k.get(choice, DEFAULT))

    @property
    def told(self) -> tuple[str, ...]:
        """The choices of which two values are shown: of the others nothing can be said."""
        return tuple(choice for choice in self.waarden if self.values(choice).nunique() > 1)

    @property
    def definitions(self) -> Multiverse:
        """The definitions that are about the same people: those of the default."""
        same = self.rijen["keuzes"].map(lambda k: not set(_AROUND) & set(k))
        own = {k: w for k, w in self.waarden.items() if k not in _AROUND}
        return replace(self, rijen=self.rijen[same].reset_index(drop=True), waarden=own)

    @property
    def populations(self) -> pd.DataFrame:
        """What is shown of others, by the default definition."""
        other = self.getoond["keuzes"].map(lambda k: bool(set(_AROUND) & set(k)))
        return self.getoond[other]

    @property
    def one_at_a_time(self) -> bool:
        """Whether no definition departs from the default in more than one choice."""
        return bool(self.rijen["keuzes"].map(len).le(1).all())

    def share(self, choice: str) -> float:
        """Return which part of the spread between definitions goes with a choice (eta squared).

        NaN for a choice of which one value is shown, and where nothing differs.
        """
        y = self.getoond["schatting"].astype(float)
        totaal = float(((y - y.mean()) ** 2).sum())
        if choice not in self.told or not self.spreads:
            return math.nan
        means = y.groupby(self.values(choice).to_numpy()).transform("mean")
        return float(((means - y.mean()) ** 2).sum()) / totaal

    @property
    def spreads(self) -> bool:
        """Whether definitions that are shown read as different numbers."""
        return len({number(y, self.maat.vorm) for y in self.getoond["schatting"]}) > 1

    @property
    def verborgen(self) -> int:
        """How many definitions may not be shown."""
        return int(self.rijen["onderdrukt"].astype(bool).sum())

    @property
    def gewoon(self) -> pd.Series | None:
        """The definition by default, when it was computed and may be shown."""
        itself = self.getoond[self.getoond["label"].eq(DEFAULT)]
        return None if itself.empty else itself.iloc[0]


def multiverse(vrijgave: Release, indicator: str) -> Multiverse | None:
    """Return the definitions of an indicator in a release, or None when there are none."""
    results = definitions(vrijgave, indicator)
    if not results:
        return None
    rows, waarden = [], dict[str, dict[str, None]]()
    for r in results:
        naam = access.headline(r)
        choices = dict(r.variant.definitie or ())
        row = _row(r, naam, choices)
        for choice, waarde in choices.items():
            waarden.setdefault(choice, {DEFAULT: None})[waarde] = None
        own = {"label": r.variant.keuzes, "keuzes": choices, "maat_eenheid": r.card.maten[naam].eenheid}
        rows.append({**row, **own})
    frame = pd.DataFrame(rows).sort_values(["schatting", "label"], na_position="last", ignore_index=True)
    maat = _by_default(results[0].card)
    m = Multiverse(maat, frame, {k: tuple(w) for k, w in waarden.items()}, _whose(results[0]))
    # The choice that matters most comes first; one without any spread keeps its place at the end.
    order = sorted(m.waarden, key=lambda k: (-np.nan_to_num(m.share(k)), k))
    return replace(m, waarden={k: m.waarden[k] for k in order})


def _row(r: Result, maat: str, choices: Mapping[str, str]) -> access.Row:
    """Return what a definition shows of the population that it is about."""
    per, groep = _spot(r, choices.get(POPULATION, DEFAULT))
    rows = access.rows(r, uitsplitsing=per, maat=maat)
    (row,) = access.records(rows[rows["groep"].eq(groep)])
    if choices.get(POPULATION) == OTHERS and not per:
        nobody = f"van {OTHERS} is niets te zien"
        return {**row, "schatting": math.nan, "onderdrukt": True, "methode": nobody}
    if choices.get(POPULATION) != EVERYBODY or r.intern:
        return row
    kinds = access.rows(r, uitsplitsing=SITE_KIND, maat=maat)
    if row["onderdrukt"] or not kinds.loc[kinds["groep"].eq(COMPARISON), "n"].lt(threshold(r)).any():
        return row
    # With hardly anybody beside the proeftuinen the two would tell of those few.
    few = f"deze definitie verschilt hier in minder dan {threshold(r)} huishoudens van een andere"
    return {**row, "schatting": math.nan, "onderdrukt": True, "methode": few}


def _spot(r: Result, population: str) -> tuple[str, str]:
    """Return the breakdown and group of a population."""
    kinds = access.rows(r, uitsplitsing=SITE_KIND) if SITE_KIND in access.breakdowns(r) else None
    there = set() if kinds is None else set(kinds["groep"])
    wanted = {OTHERS: COMPARISON, EVERYBODY: TOTAAL}.get(population, PILOT)
    return (SITE_KIND, wanted) if wanted in there else ("", TOTAAL)


def _whose(r: Result) -> str:
    """Return in words whom the default is about: proeftuinen where these stand apart, or the whole."""
    at, _ = _spot(r, DEFAULT)
    return f"{KINDS[PILOT][1]}, {days(r)}" if at else whose(r) or EVERYONE


def _by_default(card: Card) -> Maat:
    """Return the headline under the default choices: in its unit definitions are compared."""
    return next(iter(card.maten_bij({naam: p.standaard for naam, p in card.params.items()}).values()))


def value_label(card: Card, choice: str, waarde: str) -> str:
    """Return a value as a reader sees it; the default of a parameter by its own name."""
    if waarde == DEFAULT:
        own = card.params[choice].standaard if choice in card.params else _PLAIN[choice]
        waarde = f"{own} (standaard)"
    return waarde.replace("_", " ")


def multiverse_table(vrijgave: Release, indicator: str) -> Tabel:
    """Return one row per definition, from the lowest estimate to the highest."""
    m = multiverse(vrijgave, indicator)
    rows = access.records(m.rijen) if m else []
    vorm = m.maat.vorm if m else Vorm.GETAL
    reasons = dict.fromkeys(str(row["methode"]) for row in rows if row["onderdrukt"])
    return Tabel(
        f"Definities van {_of_what(vrijgave, indicator)}, van laag naar hoog",
        ("Definitie", "Schatting", "95%-interval", "Huishoudens"),
        tuple(
            (Cel(_in_unit(row, m)), number_cell(row, vorm), interval_cell(row, vorm), count_cell(row, "n"))
            for row in rows
        ),
        (*_about(m), *((f"{HIDDEN}: {'; '.join(reasons)}.",) if reasons else ())),
    )


def _of_what(vrijgave: Release, indicator: str) -> str:
    """Return the label of an indicator; its id where nothing of it was computed."""
    found = definitions(vrijgave, indicator)
    return found[0].card.label if found else indicator


def _about(m: Multiverse | None) -> tuple[str, ...]:
    """Return whom the default is about, where others stand beside it."""
    around = [k for k in reversed(_AROUND) if m and k in m.waarden]
    return (f"Standaard gaat over: {', '.join(_PLAIN[k] for k in around)}.",) if around else ()


def _in_unit(row: access.Row, m: Multiverse | None) -> str:
    """Return the name of a definition, with its unit where that is not the unit of the others."""
    same = m is None or row["maat_eenheid"] == m.maat.eenheid
    return str(row["label"]) if same else f"{row['label']} ({row['maat_eenheid']})"


def influence_table(vrijgave: Release, indicator: str) -> Tabel | None:
    """Return per choice and value the mean over all definitions, and how much of the spread it makes.

    None when of no choice two values are shown.
    """
    m = multiverse(vrijgave, indicator)
    if m is None or not m.told:
        return None
    card, rows = definitions(vrijgave, indicator)[0].card, []
    y = m.getoond["schatting"].astype(float)
    for choice in m.told:
        part = number(m.share(choice), Vorm.AANDEEL)
        for waarde in m.waarden[choice]:
            own = y[(m.values(choice) == waarde).to_numpy()]
            if own.empty:
                continue
            between = interval(float(own.min()), float(own.max()), m.maat.vorm)
            texts = (number(float(own.mean()), m.maat.vorm), between, str(len(own)), part)
            heading = (Cel(choice.replace("_", " ")), Cel(value_label(card, choice, waarde)))
            rows.append((*heading, *(Cel(text, rechts=True) for text in texts)))
    return Tabel(
        f"{m.maat.label}: wat elke keuze uitmaakt",
        ("Keuze", "Waarde", "Gemiddeld", "Laagste – hoogste", "Definities", "Deel van de spreiding"),
        tuple(rows),
        (f"Eenheid: {m.maat.eenheid}.", *_spread_notes(m)),
    )


def _spread_notes(m: Multiverse) -> Iterator[str]:
    """Yield how to read the parts of the spread, and of which choices nothing can be said."""
    part = (
        "Deel van de spreiding: hoeveel van de verschillen tussen definities met deze keuze samengaat "
        "(eta-kwadraat)"
    )
    # Eta squared of choices adds up to at most one only where every combination is there.
    if m.one_at_a_time or m.verborgen:
        yield f"{part}; de delen kunnen samen meer dan het geheel zijn."
    else:
        yield f"{part}; wat rest, zit in combinaties van keuzes."
    if unclear := [choice.replace("_", " ") for choice in m.waarden if choice not in m.told]:
        yield f"Hier niets te zeggen over: {', '.join(unclear)}. Geen andere waarde daarvan is getoond."


def multiverse_sentence(vrijgave: Release, indicator: str) -> Alinea | None:
    """Return how far the headline moves over the definitions, or None with fewer than two shown."""
    m = multiverse(vrijgave, indicator)
    if m is None or len(m.getoond) < 2:
        return None
    return Alinea((*compared(m), *map(Tekst, _not_compared(m))))


def compared(m: Multiverse) -> tuple[Inline, ...]:
    """Return how far the headline moves over the definitions that are shown, and what it is of others."""
    return (*ranged(m), *_others(m))


def ranged(every: Multiverse) -> tuple[Inline, ...]:
    """Return the lowest and highest of the other definitions of one population, and that by default."""
    m = every.definitions
    shown, vorm, plain = m.getoond, m.maat.vorm, m.gewoon
    if len(shown) < 2:
        if plain is None:
            return ()
        alone = Getal(number(plain["schatting"], vorm), plain["getal_id"])
        return Tekst(f"{_about_whom(m)}, standaard: "), alone, Tekst(".")
    others = shown if plain is None else shown[shown["label"].ne(DEFAULT)]
    low, high = others.iloc[0], others.iloc[-1]
    one = len(others) == 1
    many = f"{len(others)} andere redelijke {'definitie' if one else 'definities'}"
    parts: list[Inline] = [
        Tekst(f"{_about_whom(m)}, onder {many}: {'' if one else 'van '}"),
        Getal(number(low["schatting"], vorm), low["getal_id"]),
    ]
    if not one:
        parts += [Tekst(" tot "), Getal(number(high["schatting"], vorm), high["getal_id"])]
    parts.append(Tekst("."))
    if plain is not None:
        within = int(others["schatting"].between(plain["ondergrens"], plain["bovengrens"]).sum())
        parts += [
            Tekst(" Standaard: "),
            Getal(number(plain["schatting"], vorm), plain["getal_id"]),
            Tekst(f"; {_within(within, len(others))} in het 95%-interval daarvan."),
        ]
    return (*parts, *_strongest(m))


def _about_whom(m: Multiverse) -> str:
    """Return the figure with its unit and whom it is about."""
    return f"{m.maat.label} ({m.maat.eenheid}){f' van {m.whose}' if m.whose else ''}"


def _within(within: int, many: int) -> str:
    """Return how many of the other definitions lie within the interval of the default."""
    if many > 1:
        return f"bij {within} van die {many} ligt het cijfer"
    return "het andere cijfer ligt" if within else "het andere cijfer ligt niet"


def _others(m: Multiverse) -> tuple[Inline, ...]:
    """Return the same definition of other people, one by one: they are no range."""
    if not (rows := access.records(m.populations)):
        return ()
    parts: list[Inline] = [Tekst(" Over anderen, met dezelfde definitie: ")]
    for i, row in enumerate(rows):
        parts += [
            *((Tekst("; "),) if i else ()),
            Tekst(f"{_definition(row['keuzes'])} "),
            Getal(number(row["schatting"], m.maat.vorm), row["getal_id"]),
        ]
    return (*parts, Tekst("."))


def not_compared(vrijgave: Release, indicator: str) -> str:
    """Return which definitions are not compared, with the reason; empty when all are."""
    m = multiverse(vrijgave, indicator)
    return "".join(_not_compared(m)).strip() if m else ""


def _not_compared(m: Multiverse) -> Iterator[str]:
    """Yield the definitions without a number by the reason, and that nothing follows from them."""
    by_reason: dict[str, list[str]] = {}
    for row in access.records(m.rijen.drop(m.getoond.index)):
        reason = str(row["methode"]) if row["onderdrukt"] else row.get("leest") or "geen getal"
        if row["maat_eenheid"] != m.maat.eenheid:
            reason = f"andere eenheid: {row['maat_eenheid']}"
        by_reason.setdefault(reason, []).append(_definition(row["keuzes"]))
    for reason, labels in by_reason.items():
        yield f" Niet vergeleken: {', '.join(labels)} ({reason})."
    if by_reason:
        yield " Over deze definities is hier geen conclusie te trekken."


def _definition(choices: Mapping[str, str]) -> str:
    """Return what a definition chooses other than by default, in words."""
    return ", ".join(_chosen(choice, waarde) for choice, waarde in choices.items()) or DEFAULT


def _chosen(choice: str, waarde: str) -> str:
    """Return a choice as a reader sees it; whom it is about is no value of a choice."""
    if choice == PHASE:
        return f"{KINDS[PILOT][1]}, {PHASES[waarde]}"
    return waarde if choice == POPULATION else f"{choice}: {waarde}".replace("_", " ")


def _strongest(m: Multiverse) -> tuple[Inline, ...]:
    """Say which choice makes most of the spread, where there is a spread and another to set it beside."""
    parts = {choice: m.share(choice) for choice in m.told}
    if len(parts) < 2 or not m.spreads:
        return ()
    first, second = sorted(parts, key=lambda k: (-parts[k], k))[:2]
    if number(parts[first], Vorm.AANDEEL) == number(parts[second], Vorm.AANDEEL):
        return ()
    part = number(parts[first], Vorm.AANDEEL)
    naam = first.replace("_", " ")
    return (Tekst(f" De keuze '{naam}' maakt daarin het grootste verschil ({part} van de spreiding)."),)
