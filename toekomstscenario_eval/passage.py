"""How a package passes the waist: its key, its register, the cut at the epoch, and one question at a time."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data import filled
from toekomstscenario_eval.data.cutting import cut
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.estimators import filling
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.periods import split_periods
from toekomstscenario_eval.protection import epochs, keys
from toekomstscenario_eval.protection.policy import Policy
from toekomstscenario_eval.protection.public import OUTSIDE, PublicSummary
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.protection.waist import WHOLE, Waist
from toekomstscenario_eval.results import identified, require_public
from toekomstscenario_eval.summaries import breakdowns, cohorts, fact_cells, facts, places
from toekomstscenario_eval.summaries.registry import all_indicators
from toekomstscenario_eval.types import Card, Finding, Kind, Result, Status, Summary, Venster

RUNNING = "lopend"
# How many days of every household a public panel of flows sees.
COHORT_DAYS = 90


@dataclass(frozen=True)
class Passage:
    """A package at the waist.

    Attributes
    ----------
    delivered, package : Package
        As it was delivered, and cut at the first day of the epoch.
    keys : Table
        The record key of every household, in the engine.
    places : DataFrame
        Who belongs to every place: `uitsplitsing`, `groep`, `n`, `sleutel`.
    """

    delivered: Package
    package: Package
    keys: ir.Table = field(repr=False)
    places: pd.DataFrame = field(repr=False)
    waist: Waist
    register: Register = field(repr=False)

    @classmethod
    def open(cls, delivered: Package, policy: Policy, *, option: Path | None = None) -> Passage:
        """Find the key and the register of a package, and decide what every place does in its epoch.

        Raises
        ------
        OnthullingsFout
            Without the key of this delivery, or with a register that does not fit.
        GebruikFout
            When the window of the package had not begun when the epoch did.
        """
        secret = keys.find(delivered.levering, option=option, environ=os.environ)
        register = keys.open_register(secret, policy.ruis, policy.epoche)
        policy.require_chosen(register.snapshot.chosen)
        epoch = epochs.epoch_of(delivered.peildatum, policy.epoche)
        package = cut(delivered, epoch)
        ids = places.households(package)
        table = places.key_table(package, ids, secret.record_keys(ids))
        fields = _fields(policy)
        at = places.places(package, fields, table)
        waist = Waist.make(
            secret,
            policy,
            register.snapshot,
            epoch=epoch,
            package=secret.keyed_hash(delivered.content),
            places=at,
            events=lambda since: places.dated(package, fields, since=since, until=epoch),
            starts=places.starts(package, at),
        )
        return cls(delivered, package, table, at, waist, register)

    @property
    def fingerprint(self) -> str:
        """Keyed hash of the delivery that the whole was last drawn from; nobody can test a guess with it.

        A correction that is not drawn yet does not show here either.
        """
        standing = self.waist.standings.get(WHOLE)
        if standing and standing.draw:
            return standing.draw.pakket
        draws = self.register.draws(WHOLE)
        return draws[-1].pakket if draws else ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The breakdowns that may be public."""
        return _fields(self.waist.policy)

    @property
    def breaks_down(self) -> bool:
        """Whether the whole is large enough for more than the headline populations."""
        return bool(self.waist.n >= self.waist.policy.omvang_uitsplitsing)

    def window(self, venster: Venster) -> str:
        """Return the name of a window that may be public: the running one, or a calendar year.

        Raises
        ------
        GebruikFout
            For any other window: two windows that differ by a few days differ by a few households.
        """
        if venster == self.package.venster:
            return RUNNING
        months = 12 if self.waist.policy.epoche == "jaar" else 6
        after = venster.begin.month - 1 + months
        end = date(venster.begin.year + after // 12, after % 12 + 1, 1)
        if venster.begin.day == 1 and venster.begin.month in (1, 7)[: 12 // months] and venster.eind == end:
            return str(venster)
        raise GebruikFout(
            "dit venster is niet openbaar te maken",
            verwacht=f"het hele venster ({self.package.venster}), of één kalenderjaar",
            kreeg=str(venster),
            herstel="laat --van en --tot weg, kies 1 januari en 1 januari een jaar later, of werk binnen met "
            "--intern",
        )

    def periods(self, venster: Venster, periode: str | None) -> dict[str, date]:
        """Return the end of each calendar part; GebruikFout when such parts are not public."""
        allowed = ("jaar",) if self.waist.policy.epoche == "jaar" else ("jaar", "halfjaar")
        if periode is not None and periode not in allowed:
            split_periods(venster, periode)  # a word that does not exist is another mistake
            raise GebruikFout(
                f"cijfers per {periode} zijn niet openbaar te maken",
                verwacht=" of ".join(allowed),
                kreeg=periode,
                herstel="kies een langere periode, of werk binnen met --intern",
            )
        parts = split_periods(venster, periode, self.package.peildatum)
        return {label: part.eind for label, part in parts.items() if label}

    @property
    def cohort(self) -> tuple[str, int] | None:
        """The one panel of flows that may be public at this size; None when there is none.

        One only: households in quarters and in half-years, or seen 90 and 91 days, would be the same
        households drawn twice.
        """
        if not self.breaks_down:
            return None
        large = self.waist.n >= self.waist.policy.omvang_kruising
        return ("kwartaal" if large else "halfjaar", COHORT_DAYS)

    def cohort_ends(self, venster: Venster, cohort: tuple[str, int]) -> dict[str, date]:
        """Return the day after the last that is seen of each cohort."""
        seen = cohorts.periods(self.package, venster, *cohort)
        return {label: part.eind + timedelta(cohort[1]) for label, part in seen.items()}

    def require_fields(self, fields: Sequence[str]) -> None:
        """Refuse a breakdown that the policy does not allow in public."""
        allowed = self.waist.policy.uitsplitsingen
        for naam in fields:
            # Also where it is too small to be computed, what does not exist is refused.
            breakdowns.require_field(naam)
            if naam not in allowed:
                raise GebruikFout(
                    f"uitsplitsen naar '{naam}' is niet openbaar te maken",
                    verwacht="een van " + ", ".join(allowed),
                    kreeg=naam,
                    herstel=f"{did_you_mean(naam, allowed)} Of werk binnen met --intern.",
                )

    @cached_property
    def codes(self) -> PublicSummary:
        """With how many households each code or filled column occurs that some card asks for; protected."""
        wanted = {column for what in all_indicators().values() for column in what.card.komt_voor}
        columns = {spot for what in all_indicators().values() for spot in filled.asked(what.card.tabellen)}
        counted = fact_cells.codes(self.package, self.keys, wanted, columns)
        return self.waist.protect("codes", {"": counted})[""]

    def missing(self, card: Card) -> str:
        """Return what a card needs and the package lacks; empty when nothing."""
        return self.lacks(card.tabellen, card.komt_voor) or self._empty(card)

    def lacks(
        self, tables: Mapping[str, tuple[str, ...]], comes_before: Mapping[tuple[str, str], tuple[str, ...]]
    ) -> str:
        """Return what the package lacks of tables with their columns, and of codes; empty when nothing.

        Whether a code occurs with households follows from a protected count: one household must not decide
        what a report says.
        """
        needed = {table: [*columns] for table, columns in tables.items()}
        # What does not occur in a table that was declared complete is zero.
        asked = {k: v for k, v in comes_before.items() if k[0] not in self.package.complete}
        for table, column in comes_before:
            needed.setdefault(table, []).append(column)
        if reden := self.package.ontbreekt({table: tuple(columns) for table, columns in needed.items()}):
            return reden
        alone = {
            (table, column): codes
            for (table, column), codes in asked.items()
            if fact_cells.without_household(self.package, table)
        }
        if reden := self.package.ontbreekt({}, alone):
            return reden
        if self.codes.plekken.empty or self.codes.plekken["reden"].iloc[0]:
            return ""
        seen = set(self.codes.cellen["naam"])
        parts = []
        for (table, column), codes in asked.items():
            gone = [c for c in codes if fact_cells.code_name(table, column, c) not in seen]
            if gone and (table, column) not in alone:
                what = f"in {table}.{column} komt niet, of bij enkele huishoudens, voor: "
                parts.append(what + ", ".join(gone))
        return "; ".join(parts)

    def _empty(self, card: Card) -> str:
        """Return the columns that a card needs and that hold nothing, or a value of single households.

        Of a table without households that is seen from the table itself.
        """
        spots = list(filled.asked(card.tabellen))
        alone = [spot for spot in spots if fact_cells.without_household(self.package, spot[0])]
        per_table = {table: tuple(c for t, c in alone if t == table) for table, _ in alone}
        if reden := filled.empty(self.package, per_table):
            return reden
        if self.codes.plekken.empty or self.codes.plekken["reden"].iloc[0]:
            return ""
        counts = dict(zip(self.codes.cellen["naam"], self.codes.cellen["n"], strict=True))
        gone = [
            spot
            for spot in spots
            if spot not in alone
            and counts.get(fact_cells.expected_name(*spot), 0) >= self.waist.policy.drempel
            and fact_cells.filled_name(*spot) not in counts
        ]
        return "; ".join(f"{filled.reason(*spot)} (of bij enkele huishoudens gevuld)" for spot in gone)

    def outside(
        self, recipe: str, gone: pd.DataFrame, periods: Iterable[str], *, phase: bool = False
    ) -> PublicSummary:
        """Return the public summary of what was left out of the whole."""
        labels = list(periods) or [""]
        groepen = pd.DataFrame({"groep": TOTAAL, "periode": labels, "huishoudens": 0})
        summary = Summary(Kind.TELLING, pd.DataFrame(), groepen, gone)
        return self.waist.protect(f"{recipe}|{OUTSIDE}", {"": summary}, phase=phase)[""]

    def commit(self, results: Iterable[Result]) -> None:
        """Write to the register what these results show, before anybody sees them.

        Raises
        ------
        OnthullingsFout
            When the register cannot be written, or a result is exact; then nothing may be shown.
        """
        listing = tuple(results)
        require_public(*listing, goal="het register")
        shown = [summary for r in listing for summary in r.publiek.values()]
        shown += [self.codes] if listing else []
        if entries := self.waist.entries(shown, self.register.snapshot):
            self.register.append(entries)


def _fields(policy: Policy) -> tuple[str, ...]:
    return tuple(f for f in policy.uitsplitsingen if f in breakdowns.group_fields())


def public_facts(passage: Passage, findings: Sequence[Finding]) -> tuple[Result, ...]:
    """Return the counts about the package itself, by household; what `facts.all_facts` gives inside."""
    package, table = passage.package, passage.keys
    alone = [naam for naam in package.bestanden if fact_cells.without_household(package, naam)]
    fields = facts.optional_fields(package)
    out = [
        _counted(
            passage,
            "geleverde_rijen",
            "tabel",
            list(package.bestanden),
            fact_cells.delivered_rows(package, table),
            without=alone,
        ),
        _findings(passage, findings),
        _counted(
            passage,
            "lege_velden",
            "veld",
            fields,
            fact_cells.empty_fields(package, table),
            without=[naam for naam in fields if naam.partition(".")[0] in alone],
        ),
    ]
    out += [_by_place(passage, naam, per) for naam, per in facts.BY_PLACE.items()]
    naam = "huishoudens_per_soort_organisatie"
    if reden := package.ontbreekt(facts.KINDS_NEED):
        return (*out, identified(facts.empty(naam, package, reden)))
    summary = fact_cells.households_by_kind(package, table)
    seen = _counted(
        passage, naam, "soort organisatie", facts.kinds_of_organisation(), summary, households=True
    )
    return (*out, seen, *_late(passage))


def _counted(
    passage: Passage,
    naam: str,
    per: str,
    names: Sequence[str],
    summary: Summary,
    *,
    households: bool = False,
    without: Collection[str] = (),
) -> Result:
    public = passage.waist.protect(naam, {"": summary})[""]
    result = facts.empty(naam, passage.package, "")
    spots = [(per, n) for n in names]
    rows = filling.facts(public, result.card, spots, households=households, without=without)
    return identified(filling.counted(result, rows, {"": public}))


def _findings(passage: Passage, findings: Sequence[Finding]) -> Result:
    """Return the findings: those with a published count, and those that no household has a part in.

    Which checks failed for a single household is as private as how often.
    """
    naam, package = "bevindingen", passage.package
    summary = fact_cells.finding_rows(package, findings, passage.keys)
    public = passage.waist.protect(naam, {"": summary})[""]
    own = [
        fact_cells.finding_name(f)
        for f in findings
        if f.status is Status.GEFAALD and fact_cells.of_no_household(package, f)
    ]
    names = dict.fromkeys((*sorted(public.cellen["naam"].unique()), *own))
    result = facts.empty(naam, package, "")
    spots = [("bevinding", n) for n in names]
    rows = filling.facts(public, result.card, spots, households=False, without=own)
    return identified(filling.counted(result, rows, {"": public}))


def _by_place(passage: Passage, naam: str, per: str) -> Result:
    reden, expected = facts.expected(passage.package, per)
    result = facts.empty(naam, passage.package, reden)
    if reden or per not in passage.waist.policy.uitsplitsingen:
        return identified(result)
    at = passage.places
    summaries = {}
    for name in ("", per):
        cells = at[at["uitsplitsing"].eq(name)].assign(periode="", naam="h", x=0, k=1)
        summaries[name] = Summary(Kind.TELLING, pd.DataFrame(), cells[["groep", "periode"]], cells)
    public = passage.waist.protect(naam, summaries)
    rows = filling.sizes(public[""], result.card) + filling.sizes(public[per], result.card, expected)
    return identified(filling.counted(result, rows, public))


def _late(passage: Passage) -> tuple[Result, ...]:
    """Return how many households have rows that this epoch leaves out; nothing without such rows."""
    if passage.delivered is passage.package:
        return ()
    summary = fact_cells.not_yet_in(passage.delivered, passage.package, passage.keys)
    return (_counted(passage, "nog_niet_verwerkt", "", ["huishoudens"], summary, households=True),)
