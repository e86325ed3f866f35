"""The one door to the outside: results go in, a Release comes out, or a refusal.

Reporting accepts a `Release` and nothing else. Any doubt is a refusal: an unknown kind, a missing
column, a rule that breaks. This stops accidents, not forgery.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure import (
    comparison_rule,
    concentration,
    curve_protection,
    definitions,
    distributions,
    earlier_release,
    joint_attack,
    networks,
    result_reading,
    rules,
)
from toekomstscenario_eval.disclosure.ledger import Ledger, as_json, as_published, subject
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Spot
from toekomstscenario_eval.disclosure.relations import Gone
from toekomstscenario_eval.disclosure.rules import Kader, Source, Verdict
from toekomstscenario_eval.errors import OnthullingsFout, TksFout, did_you_mean
from toekomstscenario_eval.frames import significant, tuples
from toekomstscenario_eval.identity import Labels, Variant
from toekomstscenario_eval.types import REEKS, SCHATTING, UITSLUITING, Card, Result, Venster

_GETALLEN = ("schatting", "ondergrens", "bovengrens", "n", "teller", "noemer", "gecensureerd")
_TELLINGEN = ("teller", "gecensureerd")
_AANTALLEN = ("n", "noemer")
_POINTS = ("waarde", "ondergrens", "bovengrens", "n")


@dataclass(frozen=True)
class Released:
    """A result as it may be shown.

    Attributes
    ----------
    schattingen : DataFrame
        Columns `SCHATTING` with `getal_id` and `onderdrukt`; hidden numbers are missing, never
        zero. In a row that is shown, teller and gecensureerd of a duration may be hidden alone.
    reeksen : DataFrame
        Columns `REEKS` with `getal_id` and `onderdrukt`; distributions and pairs of the whole only.
    uitsluitingen : DataFrame
        Columns `UITSLUITING` with `getal_id` and `onderdrukt`, of the whole only.
    toetsen : DataFrame
        Columns `comparison_rule.SHOWN` with `getal_id` and `onderdrukt`.
    labels : Labels
        The words for the codes in these tables.
    publiek : mapping
        The protected summary behind it by breakdown; empty when it is exact.
    """

    sleutel: str
    indicator: str
    card: Card
    params: Mapping[str, Any]
    venster: Venster
    schattingen: pd.DataFrame = field(repr=False)
    reeksen: pd.DataFrame = field(repr=False)
    uitsluitingen: pd.DataFrame = field(repr=False)
    reden_nvt: str
    variant: Variant
    toetsen: pd.DataFrame = field(repr=False)
    labels: Labels = field(repr=False)
    publiek: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Release:
    """Results that were decided on together. Made by `release` only.

    `aanval` is what the attack on all of it found; `samenhang` says of which coarser groups each
    proeftuin is a part; `eerder` are the ledgers that it was decided against; `near` is how much of a
    result is hidden because another definition differs from it by a few.
    """

    id: str
    beleid: Policy
    resultaten: tuple[Released, ...] = field(repr=False)
    aanval: joint_attack.AttackReport = field(default_factory=joint_attack.AttackReport, repr=False)
    samenhang: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    eerder: tuple[Ledger, ...] = field(default=(), repr=False)
    near: Mapping[str, int] = field(default_factory=dict, repr=False)

    def resultaat(self, key: str) -> Released:
        """Return the released result of this name; OnthullingsFout when it is not in the release."""
        namen = {r.sleutel: r for r in self.resultaten}
        if key not in namen:
            raise OnthullingsFout(f"'{key}' zit niet in deze vrijgave", herstel=did_you_mean(key, namen))
        return namen[key]

    @cached_property
    def grootboek(self) -> dict[str, Any]:
        """What a later release is decided against, to be stored as JSON: nothing hidden is in it."""
        return as_json(self.id, self.resultaten, self.samenhang, [e.bron for e in self.eerder])

    @property
    def balance(self) -> pd.DataFrame:
        """Numbers shown and hidden per result: `resultaat, getallen, onderdrukt`."""
        rows = [
            (r.sleutel, len(r.schattingen), int(r.schattingen["onderdrukt"].sum())) for r in self.resultaten
        ]
        return pd.DataFrame(rows, columns=["resultaat", "getallen", "onderdrukt"])


def _number_id(result: Result, maat: str, spot: Spot) -> str:
    """Name a number by what it is, so that the same number has the same id in every report."""
    parts = [result.sleutel, result.card.versie, str(result.venster), maat, *spot]
    return "g" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def _name(soort: str, result: Result, table: pd.DataFrame, fields: Sequence[str]) -> list[str]:
    """Name the points or exclusions of a result in the same way; `soort` is the first letter."""
    vast = [result.sleutel, result.card.versie, str(result.venster)]
    namen = ("\x1f".join([*vast, *map(str, row)]) for row in tuples(table, fields))
    return [soort + hashlib.sha256(naam.encode()).hexdigest()[:12] for naam in namen]


def _estimates(result: Result, verdict: Verdict) -> pd.DataFrame:
    table = result.schattingen[list(SCHATTING)].reset_index(drop=True)
    spots = list(zip(table["maat"], result_reading.places(table), strict=True))
    secret = np.array([spot in verdict.rijen[maat] for maat, spot in spots], dtype=bool)
    tellingen = np.array([spot in verdict.tellingen for _, spot in spots], dtype=bool)
    out = table.astype(dict.fromkeys(_GETALLEN, "float64"))
    out.loc[secret, list(_GETALLEN)] = np.nan
    aantallen = np.array([spot in verdict.aantallen for _, spot in spots], dtype=bool)
    out.loc[tellingen, list(_TELLINGEN)] = np.nan
    out.loc[aantallen, list(_AANTALLEN)] = np.nan
    # Even the method tells something, such as that there was one household.
    out.loc[secret, "methode"] = ""
    out["onderdrukt"] = secret
    out["getal_id"] = [_number_id(result, maat, spot) for maat, spot in spots]
    return out


def _series(result: Result, source: Source, policy: Policy, verdict: Verdict) -> pd.DataFrame:
    table = result.reeksen[list(REEKS)].astype(dict.fromkeys(_POINTS, "float64"))
    curves = table[table["reeks"].eq(result_reading.CURVE)]
    shut = [
        spot in verdict.curves[curve]
        for curve, spot in zip(result_reading.curve_days(curves), result_reading.places(curves), strict=True)
    ]
    curves = curves.assign(onderdrukt=np.array(shut, dtype=bool))
    not_ = table[table["reeks"].isin(result_reading.PROTECTED)]
    pieces = [curves] if not_.empty else _protected(curves, not_, source, policy, verdict)
    for (groep, periode), everything in table[table["reeks"].isin(networks.REEKSEN)].groupby(
        ["groep", "periode"]
    ):
        pieces += _network(everything, Spot("", str(groep), str(periode)), source, policy, verdict)
    for (reeks, groep, periode), points in _of_the_whole(table).groupby(["reeks", "groep", "periode"]):
        whole = Spot("", str(groep), str(periode))
        if whole in verdict.plekken:
            pieces.append(distributions.hide_all(points))
        elif reeks == result_reading.PAIRS:
            pieces.append(distributions.hide_pairs(points, source.per_spot()[whole].n, policy))
        else:
            classes = distributions.fold_distribution(points, policy.minimum_huishoudens)
            skewed = concentration.crowded_class(classes["n"].tolist(), policy)
            pieces.append(distributions.hide_all(points) if skewed else classes)
    out = pd.concat([s for s in pieces if len(s)] or pieces[:1], ignore_index=True)
    out["onderdrukt"] = out["onderdrukt"].astype(bool)
    out.loc[out["onderdrukt"], list(_POINTS)] = np.nan
    # The other end of a tie joins the name of the first one; other points have none.
    namen = out.assign(label=out["label"].where(out["ander"].eq(""), out["label"] + "\x1f" + out["ander"]))
    spot = ("reeks", "uitsplitsing", "groep", "periode", "x", "label")
    return out.assign(getal_id=_name("p", result, namen, spot))


def _network(
    points: pd.DataFrame, whole: Spot, source: Source, policy: Policy, verdict: Verdict
) -> list[pd.DataFrame]:
    """Return nodes, ties and flows of one network, thin ones marked; nothing when the network is hidden."""
    reeksen = {str(naam): part for naam, part in points.groupby("reeks")}
    if whole in verdict.plekken or whole not in source.per_spot():
        return [distributions.hide_all(part) for part in reeksen.values()]
    shut = {naam for naam, spots in verdict.rijen.items() if whole in spots}
    return networks.protect(reeksen, source.per_spot()[whole].n, policy, shut)


def _protected(
    curves: pd.DataFrame, not_: pd.DataFrame, source: Source, policy: Policy, verdict: Verdict
) -> list[pd.DataFrame]:
    """Curves of competing or repeated ends, and the survival curve beside them, in their protected form."""
    everything = pd.concat([s for s in (curves, not_.assign(onderdrukt=False)) if len(s)], ignore_index=True)
    whole = (everything["uitsplitsing"].eq("") & everything["periode"].eq("")).to_numpy()
    rest, part = everything[~whole].assign(onderdrukt=True), everything[whole]
    spots = set(result_reading.places(part))
    if not spots or spots & verdict.plekken:
        return [rest, part.assign(onderdrukt=True)]
    anchors = {
        float(day)
        for naam, gone in verdict.rijen.items()
        if (day := (source.maten[naam].schatter or naam).rpartition("_")[2]).isdigit() and not spots <= gone
    }
    shut = part["onderdrukt"].tolist()
    return [rest, curve_protection.protect_curves(part, shut=shut, anchors=frozenset(anchors), policy=policy)]


def _of_the_whole(table: pd.DataFrame) -> pd.DataFrame:
    """Return distributions and pairs of the whole: by group, or next to each other, they would add up."""
    elsewhere = (result_reading.CURVE, *result_reading.PROTECTED, *networks.REEKSEN)
    part = table[table["uitsplitsing"].eq("") & ~table["reeks"].isin(elsewhere)]
    pairs = part["reeks"].eq(result_reading.PAIRS)
    return part[pairs] if pairs.any() else part


def _exclusions(result: Result, policy: Policy, verdict: Verdict) -> pd.DataFrame:
    table = result.uitsluitingen[list(UITSLUITING)]
    table = table[table["uitsplitsing"].eq("")].reset_index(drop=True).astype({"aantal": "float64"})
    secret = np.array(
        [
            spot in verdict.plekken or rules.few_but_some(aantal, policy.minimum_teller)
            for spot, aantal in zip(result_reading.places(table), table["aantal"], strict=True)
        ],
        dtype=bool,
    )
    table.loc[secret, "aantal"] = np.nan
    return table.assign(onderdrukt=secret, getal_id=_name("u", result, table, ("reden", "periode")))


def _released(result: Result, source: Source, policy: Policy, verdict: Verdict) -> Released:
    return Released(
        result.sleutel,
        result.indicator,
        result.card,
        result.params,
        result.venster,
        _estimates(result, verdict),
        _series(result, source, policy, verdict),
        _exclusions(result, policy, verdict),
        result.reden_nvt,
        result.variant,
        comparison_rule.decide(result, verdict, policy),
        result.labels,
        result.publiek,
    )


def _judge_together(pairs: Sequence[tuple[Result, Source]], policy: Policy) -> list[Verdict]:
    """Judge all results until none hides a number that another one shows."""
    nesting = result_reading.nesting(pairs)
    elsewhere: frozenset[rules.Key] = frozenset()
    while True:
        verdicts = [rules.judge(source, Kader(policy, nesting, elsewhere)) for _, source in pairs]
        new = elsewhere.union(*(o.keys for o in verdicts))
        if new == elsewhere:
            return verdicts
        elsewhere = new


def _decide(results: Sequence[Result], policy: Policy, earlier: Sequence[Ledger]) -> Release:
    pairs = [(r, result_reading.read(r)) for r in results]
    verdicts = _judge_together(pairs, policy)
    differences = [
        _compare(r, source, o, earlier, policy) for (r, source), o in zip(pairs, verdicts, strict=True)
    ]
    earlier_release.keep_rows(differences)

    @cache
    def show_one(i: int, gone: frozenset[Gone]) -> Released:
        (r, source), o = pairs[i], verdicts[i]
        return _released(r, source, policy, joint_attack.hide_more(o, gone))

    def show(extra: joint_attack.Extra) -> list[Released]:
        return [show_one(i, extra.get(i, frozenset())) for i in range(len(pairs))]

    near = definitions.compare_all(
        pairs,
        verdicts,
        differences,
        lambda i, gone: as_published(_stays(show_one(i, gone), differences[i])),
        earlier=earlier,
        policy=policy,
    )
    nesting = result_reading.nesting(pairs)
    extra, attack = joint_attack.withstand(
        pairs,
        lambda extra: [(v.schattingen, _points(v.reeksen)) for v in show(extra)],
        policy=policy,
        nesting=nesting,
        begin={i: frozenset(v.weg) for i, v in enumerate(differences) if v.weg},
        known=[(i, *getal) for i, v in enumerate(differences) for getal in v.gelijk],
        small=[(i, *getal) for i, v in enumerate(differences) for getal in v.klein],
    )
    free = [_rounded(_stays(r, v)) for r, v in zip(show(extra), differences, strict=True)]
    feature = _identify(free, policy)
    return Release(feature, policy, tuple(free), attack, nesting.strata, tuple(earlier), near)


def _compare(
    result: Result, source: Source, verdict: Verdict, earlier: Sequence[Ledger], policy: Policy
) -> earlier_release.Difference:
    over = subject(result.indicator, result.params, result.variant)
    old = [e for book in earlier for e in book.about(over, result.venster)]
    return earlier_release.compare(source, verdict, result.reeksen, result.uitsluitingen, old, policy)


def _stays(free: Released, difference: earlier_release.Difference) -> Released:
    s, r, u = earlier_release.stays(free.schattingen, free.reeksen, free.uitsluitingen, difference)
    return replace(free, schattingen=s, reeksen=r, uitsluitingen=u)


def _rounded(free: Released) -> Released:
    """Round what is shown, so that the order in which the engine adds up changes no release."""
    return replace(
        free,
        schattingen=significant(free.schattingen),
        reeksen=significant(free.reeksen),
        toetsen=significant(free.toetsen),
    )


def _points(reeksen: pd.DataFrame) -> pd.DataFrame:
    return reeksen[reeksen["reeks"].eq(result_reading.CURVE)]


def _identify(results: Iterable[Released], policy: Policy) -> str:
    content = [
        [r.sleutel, *(t.to_csv(index=False) for t in (r.schattingen, r.reeksen, r.toetsen))] for r in results
    ]
    source = json.dumps([policy.naam, policy.drempels, content], ensure_ascii=False)
    return "v" + hashlib.sha256(source.encode()).hexdigest()[:12]


def release(results: Iterable[Result], *, policy: Policy, earlier: Sequence[Ledger] = ()) -> Release:
    """Decide on all results together and return what may be shown.

    Parameters
    ----------
    results : iterable of Result
        Everything that the report will show; each result once.
    policy : Policy
        Thresholds; see `load_policy`.
    earlier : sequence of Ledger
        Ledgers of earlier releases about the same households; see `ledger.load`. What may follow
        from the difference with those is not shown.

    Raises
    ------
    OnthullingsFout
        On anything that cannot be judged.
    """
    if not all(isinstance(e, Ledger) for e in earlier):
        raise OnthullingsFout(
            "een eerdere vrijgave is niet als grootboek gegeven", verwacht="het antwoord van ledger.load"
        )
    if not isinstance(policy, Policy):
        raise OnthullingsFout(
            "zonder beleid wordt niets vrijgegeven", verwacht="het antwoord van load_policy"
        )
    every = tuple(results) if isinstance(results, Iterable) else (results,)
    namen = [r.sleutel if isinstance(r, Result) else "" for r in every]
    if "" in namen or len(set(namen)) != len(namen) or not isinstance(results, Iterable):
        raise OnthullingsFout(
            "alleen resultaten kunnen worden vrijgegeven, elk één keer",
            herstel="geef de uitkomsten van 'bereken' door, zonder dubbele",
        )
    try:
        return _decide(every, policy, tuple(earlier))
    except TksFout:
        raise
    except Exception as fout:  # noqa: BLE001  (fails closed: whatever breaks here is a refusal)
        raise OnthullingsFout(
            "de regels voor vrijgave konden niet worden toegepast",
            kreeg=type(fout).__name__,
            herstel="meld dit; zolang het niet is opgelost, wordt er niets vrijgegeven",
        ) from None
