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
    comparisons,
    concentration,
    curves,
    definitions,
    difference,
    networks,
    rules,
    series,
    source,
    together,
)
from toekomstscenario_eval.disclosure.ledger import Grootboek, as_json, as_published, subject
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Plek
from toekomstscenario_eval.disclosure.relations import Weg
from toekomstscenario_eval.disclosure.rules import Bron, Kader, Oordeel
from toekomstscenario_eval.errors import OnthullingsFout, TksFout, bedoelt_u
from toekomstscenario_eval.frames import significant, tuples
from toekomstscenario_eval.identity import Labels, Variant
from toekomstscenario_eval.types import REEKS, SCHATTING, UITSLUITING, Card, Result, Venster

_GETALLEN = ("schatting", "ondergrens", "bovengrens", "n", "teller", "noemer", "gecensureerd")
_TELLINGEN = ("teller", "gecensureerd")
_AANTALLEN = ("n", "noemer")
_PUNTEN = ("waarde", "ondergrens", "bovengrens", "n")


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
        Columns `comparisons.GETOOND` with `getal_id` and `onderdrukt`.
    labels : Labels
        The words for the codes in these tables.
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


@dataclass(frozen=True)
class Release:
    """Results that were decided on together. Made by `release` only.

    `aanval` is what the attack on all of it found; `samenhang` says of which coarser groups each
    proeftuin is a part; `eerder` are the ledgers that it was decided against; `nabij` is how much of a
    result is hidden because another definition differs from it by a few.
    """

    id: str
    beleid: Policy
    resultaten: tuple[Released, ...] = field(repr=False)
    aanval: together.Aanvalsverslag = field(default_factory=together.Aanvalsverslag, repr=False)
    samenhang: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    eerder: tuple[Grootboek, ...] = field(default=(), repr=False)
    nabij: Mapping[str, int] = field(default_factory=dict, repr=False)

    def resultaat(self, sleutel: str) -> Released:
        """Return the released result of this name; OnthullingsFout when it is not in the release."""
        namen = {r.sleutel: r for r in self.resultaten}
        if sleutel not in namen:
            raise OnthullingsFout(f"'{sleutel}' zit niet in deze vrijgave", herstel=bedoelt_u(sleutel, namen))
        return namen[sleutel]

    @cached_property
    def grootboek(self) -> dict[str, Any]:
        """What a later release is decided against, to be stored as JSON: nothing hidden is in it."""
        return as_json(self.id, self.resultaten, self.samenhang, [e.bron for e in self.eerder])

    @property
    def balans(self) -> pd.DataFrame:
        """Numbers shown and hidden per result: `resultaat, getallen, onderdrukt`."""
        rijen = [
            (r.sleutel, len(r.schattingen), int(r.schattingen["onderdrukt"].sum())) for r in self.resultaten
        ]
        return pd.DataFrame(rijen, columns=["resultaat", "getallen", "onderdrukt"])


def _number_id(resultaat: Result, maat: str, plek: Plek) -> str:
    """Name a number by what it is, so that the same number has the same id in every report."""
    delen = [resultaat.sleutel, resultaat.card.versie, str(resultaat.venster), maat, *plek]
    return "g" + hashlib.sha256("\x1f".join(delen).encode()).hexdigest()[:12]


def _name(soort: str, resultaat: Result, tabel: pd.DataFrame, velden: Sequence[str]) -> list[str]:
    """Name the points or exclusions of a result in the same way; `soort` is the first letter."""
    vast = [resultaat.sleutel, resultaat.card.versie, str(resultaat.venster)]
    namen = ("\x1f".join([*vast, *map(str, rij)]) for rij in tuples(tabel, velden))
    return [soort + hashlib.sha256(naam.encode()).hexdigest()[:12] for naam in namen]


def _estimates(resultaat: Result, oordeel: Oordeel) -> pd.DataFrame:
    tabel = resultaat.schattingen[list(SCHATTING)].reset_index(drop=True)
    plekken = list(zip(tabel["maat"], source.places(tabel), strict=True))
    geheim = np.array([plek in oordeel.rijen[maat] for maat, plek in plekken], dtype=bool)
    tellingen = np.array([plek in oordeel.tellingen for _, plek in plekken], dtype=bool)
    uit = tabel.astype(dict.fromkeys(_GETALLEN, "float64"))
    uit.loc[geheim, list(_GETALLEN)] = np.nan
    aantallen = np.array([plek in oordeel.aantallen for _, plek in plekken], dtype=bool)
    uit.loc[tellingen, list(_TELLINGEN)] = np.nan
    uit.loc[aantallen, list(_AANTALLEN)] = np.nan
    # Even the method tells something, such as that there was one household.
    uit.loc[geheim, "methode"] = ""
    uit["onderdrukt"] = geheim
    uit["getal_id"] = [_number_id(resultaat, maat, plek) for maat, plek in plekken]
    return uit


def _series(resultaat: Result, bron: Bron, beleid: Policy, oordeel: Oordeel) -> pd.DataFrame:
    tabel = resultaat.reeksen[list(REEKS)].astype(dict.fromkeys(_PUNTEN, "float64"))
    curven = tabel[tabel["reeks"].eq(source.CURVE)]
    dicht = [
        plek in oordeel.curven[curve]
        for curve, plek in zip(source.curve_days(curven), source.places(curven), strict=True)
    ]
    curven = curven.assign(onderdrukt=np.array(dicht, dtype=bool))
    niet = tabel[tabel["reeks"].isin(source.BESCHERMD)]
    stukken = [curven] if niet.empty else _protected(curven, niet, bron, beleid, oordeel)
    for (groep, periode), alles in tabel[tabel["reeks"].isin(networks.REEKSEN)].groupby(["groep", "periode"]):
        stukken += _network(alles, Plek("", str(groep), str(periode)), bron, beleid, oordeel)
    for (reeks, groep, periode), punten in _of_the_whole(tabel).groupby(["reeks", "groep", "periode"]):
        geheel = Plek("", str(groep), str(periode))
        if geheel in oordeel.plekken:
            stukken.append(series.hide_all(punten))
        elif reeks == source.PAREN:
            stukken.append(series.hide_pairs(punten, bron.per_plek()[geheel].n, beleid))
        else:
            klassen = series.fold_distribution(punten, beleid.minimum_huishoudens)
            scheef = concentration.crowded_class(klassen["n"].tolist(), beleid)
            stukken.append(series.hide_all(punten) if scheef else klassen)
    uit = pd.concat([s for s in stukken if len(s)] or stukken[:1], ignore_index=True)
    uit["onderdrukt"] = uit["onderdrukt"].astype(bool)
    uit.loc[uit["onderdrukt"], list(_PUNTEN)] = np.nan
    # The other end of a tie joins the name of the first one; other points have none.
    namen = uit.assign(label=uit["label"].where(uit["ander"].eq(""), uit["label"] + "\x1f" + uit["ander"]))
    plek = ("reeks", "uitsplitsing", "groep", "periode", "x", "label")
    return uit.assign(getal_id=_name("p", resultaat, namen, plek))


def _network(
    punten: pd.DataFrame, geheel: Plek, bron: Bron, beleid: Policy, oordeel: Oordeel
) -> list[pd.DataFrame]:
    """Return nodes, ties and flows of one network, thin ones marked; nothing when the network is hidden."""
    reeksen = {str(naam): deel for naam, deel in punten.groupby("reeks")}
    if geheel in oordeel.plekken or geheel not in bron.per_plek():
        return [series.hide_all(deel) for deel in reeksen.values()]
    dicht = {naam for naam, plekken in oordeel.rijen.items() if geheel in plekken}
    return networks.protect(reeksen, bron.per_plek()[geheel].n, beleid, dicht)


def _protected(
    curven: pd.DataFrame, niet: pd.DataFrame, bron: Bron, beleid: Policy, oordeel: Oordeel
) -> list[pd.DataFrame]:
    """Curves of competing or repeated ends, and the survival curve beside them, in their protected form."""
    alles = pd.concat([s for s in (curven, niet.assign(onderdrukt=False)) if len(s)], ignore_index=True)
    geheel = (alles["uitsplitsing"].eq("") & alles["periode"].eq("")).to_numpy()
    rest, deel = alles[~geheel].assign(onderdrukt=True), alles[geheel]
    plekken = set(source.places(deel))
    if not plekken or plekken & oordeel.plekken:
        return [rest, deel.assign(onderdrukt=True)]
    ankers = {
        float(dag)
        for naam, weg in oordeel.rijen.items()
        if (dag := (bron.maten[naam].schatter or naam).rpartition("_")[2]).isdigit() and not plekken <= weg
    }
    dicht = deel["onderdrukt"].tolist()
    return [rest, curves.protect_curves(deel, dicht=dicht, ankers=frozenset(ankers), beleid=beleid)]


def _of_the_whole(tabel: pd.DataFrame) -> pd.DataFrame:
    """Return distributions and pairs of the whole: by group, or next to each other, they would add up."""
    elders = (source.CURVE, *source.BESCHERMD, *networks.REEKSEN)
    deel = tabel[tabel["uitsplitsing"].eq("") & ~tabel["reeks"].isin(elders)]
    paren = deel["reeks"].eq(source.PAREN)
    return deel[paren] if paren.any() else deel


def _exclusions(resultaat: Result, beleid: Policy, oordeel: Oordeel) -> pd.DataFrame:
    tabel = resultaat.uitsluitingen[list(UITSLUITING)]
    tabel = tabel[tabel["uitsplitsing"].eq("")].reset_index(drop=True).astype({"aantal": "float64"})
    geheim = np.array(
        [
            plek in oordeel.plekken or rules.few_but_some(aantal, beleid.minimum_teller)
            for plek, aantal in zip(source.places(tabel), tabel["aantal"], strict=True)
        ],
        dtype=bool,
    )
    tabel.loc[geheim, "aantal"] = np.nan
    return tabel.assign(onderdrukt=geheim, getal_id=_name("u", resultaat, tabel, ("reden", "periode")))


def _released(resultaat: Result, bron: Bron, beleid: Policy, oordeel: Oordeel) -> Released:
    return Released(
        resultaat.sleutel,
        resultaat.indicator,
        resultaat.card,
        resultaat.params,
        resultaat.venster,
        _estimates(resultaat, oordeel),
        _series(resultaat, bron, beleid, oordeel),
        _exclusions(resultaat, beleid, oordeel),
        resultaat.reden_nvt,
        resultaat.variant,
        comparisons.decide(resultaat, oordeel, beleid),
        resultaat.labels,
    )


def _judge_together(paren: Sequence[tuple[Result, Bron]], beleid: Policy) -> list[Oordeel]:
    """Judge all results until none hides a number that another one shows."""
    nesting = source.nesting(paren)
    elders: frozenset[rules.Sleutel] = frozenset()
    while True:
        oordelen = [rules.judge(bron, Kader(beleid, nesting, elders)) for _, bron in paren]
        nieuw = elders.union(*(o.sleutels for o in oordelen))
        if nieuw == elders:
            return oordelen
        elders = nieuw


def _decide(resultaten: Sequence[Result], beleid: Policy, eerder: Sequence[Grootboek]) -> Release:
    paren = [(r, source.read(r)) for r in resultaten]
    oordelen = _judge_together(paren, beleid)
    verschillen = [_compare(r, bron, o, eerder, beleid) for (r, bron), o in zip(paren, oordelen, strict=True)]
    difference.keep_rows(verschillen)

    @cache
    def toon_een(i: int, weg: frozenset[Weg]) -> Released:
        (r, bron), o = paren[i], oordelen[i]
        return _released(r, bron, beleid, together.hide_more(o, weg))

    def toon(extra: together.Extra) -> list[Released]:
        return [toon_een(i, extra.get(i, frozenset())) for i in range(len(paren))]

    nabij = definitions.compare_all(
        paren,
        oordelen,
        verschillen,
        lambda i, weg: as_published(_stays(toon_een(i, weg), verschillen[i])),
        eerder=eerder,
        beleid=beleid,
    )
    nesting = source.nesting(paren)
    extra, aanval = together.withstand(
        paren,
        lambda extra: [(v.schattingen, _points(v.reeksen)) for v in toon(extra)],
        beleid=beleid,
        nesting=nesting,
        begin={i: frozenset(v.weg) for i, v in enumerate(verschillen) if v.weg},
        bekend=[(i, *getal) for i, v in enumerate(verschillen) for getal in v.gelijk],
        klein=[(i, *getal) for i, v in enumerate(verschillen) for getal in v.klein],
    )
    vrij = [_rounded(_stays(r, v)) for r, v in zip(toon(extra), verschillen, strict=True)]
    kenmerk = _identify(vrij, beleid)
    return Release(kenmerk, beleid, tuple(vrij), aanval, nesting.strata, tuple(eerder), nabij)


def _compare(
    resultaat: Result, bron: Bron, oordeel: Oordeel, eerder: Sequence[Grootboek], beleid: Policy
) -> difference.Verschil:
    over = subject(resultaat.indicator, resultaat.params, resultaat.variant)
    oud = [e for boek in eerder for e in boek.about(over, resultaat.venster)]
    return difference.compare(bron, oordeel, resultaat.reeksen, resultaat.uitsluitingen, oud, beleid)


def _stays(vrij: Released, verschil: difference.Verschil) -> Released:
    s, r, u = difference.stays(vrij.schattingen, vrij.reeksen, vrij.uitsluitingen, verschil)
    return replace(vrij, schattingen=s, reeksen=r, uitsluitingen=u)


def _rounded(vrij: Released) -> Released:
    """Round what is shown, so that the order in which the engine adds up changes no release."""
    return replace(
        vrij,
        schattingen=significant(vrij.schattingen),
        reeksen=significant(vrij.reeksen),
        toetsen=significant(vrij.toetsen),
    )


def _points(reeksen: pd.DataFrame) -> pd.DataFrame:
    return reeksen[reeksen["reeks"].eq(source.CURVE)]


def _identify(resultaten: Iterable[Released], beleid: Policy) -> str:
    inhoud = [
        [r.sleutel, *(t.to_csv(index=False) for t in (r.schattingen, r.reeksen, r.toetsen))]
        for r in resultaten
    ]
    bron = json.dumps([beleid.naam, beleid.drempels, inhoud], ensure_ascii=False)
    return "v" + hashlib.sha256(bron.encode()).hexdigest()[:12]


def release(resultaten: Iterable[Result], *, beleid: Policy, eerder: Sequence[Grootboek] = ()) -> Release:
    """Decide on all results together and return what may be shown.

    Parameters
    ----------
    resultaten : iterable of Result
        Everything that the report will show; each result once.
    beleid : Policy
        Thresholds; see `load_policy`.
    eerder : sequence of Grootboek
        Ledgers of earlier releases about the same households; see `ledger.load`. What may follow
        from the difference with those is not shown.

    Raises
    ------
    OnthullingsFout
        On anything that cannot be judged.
    """
    if not all(isinstance(e, Grootboek) for e in eerder):
        raise OnthullingsFout(
            "een eerdere vrijgave is niet als grootboek gegeven", verwacht="het antwoord van ledger.load"
        )
    if not isinstance(beleid, Policy):
        raise OnthullingsFout(
            "zonder beleid wordt niets vrijgegeven", verwacht="het antwoord van load_policy"
        )
    alle = tuple(resultaten) if isinstance(resultaten, Iterable) else (resultaten,)
    namen = [r.sleutel if isinstance(r, Result) else "" for r in alle]
    if "" in namen or len(set(namen)) != len(namen) or not isinstance(resultaten, Iterable):
        raise OnthullingsFout(
            "alleen resultaten kunnen worden vrijgegeven, elk één keer",
            herstel="geef de uitkomsten van 'bereken' door, zonder dubbele",
        )
    try:
        return _decide(alle, beleid, tuple(eerder))
    except TksFout:
        raise
    except Exception as fout:  # noqa: BLE001  (fails closed: whatever breaks here is a refusal)
        raise OnthullingsFout(
            "de regels voor vrijgave konden niet worden toegepast",
            kreeg=type(fout).__name__,
            herstel="meld dit; zolang het niet is opgelost, wordt er niets vrijgegeven",
        ) from None
