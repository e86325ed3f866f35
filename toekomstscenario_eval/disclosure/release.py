"""The one door to the outside: results go in, a Release comes out, or a refusal.

Reporting accepts a `Release` and nothing else. Any doubt is a refusal: an unknown kind, a missing
column, a rule that breaks. This stops accidents, not forgery.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure import rules
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.errors import OnthullingsFout, TksFout, bedoelt_u
from toekomstscenario_eval.types import REEKS, SCHATTING, UITSLUITING, Card, Result, Venster

_GETALLEN = ("schatting", "ondergrens", "bovengrens", "n", "teller", "noemer", "gecensureerd")
_PUNTEN = ("waarde", "ondergrens", "bovengrens", "n")
_GROEP = ["uitsplitsing", "groep", "periode"]
# How each series is protected; a series that is not named here is refused.
_CURVE, _VERDELING, _PAREN = "overleving", "verdeling", "soortparen"


@dataclass(frozen=True)
class Released:
    """A result as it may be shown.

    Attributes
    ----------
    schattingen : DataFrame
        Columns `SCHATTING` with `getal_id` and `onderdrukt`; hidden numbers are missing, never zero.
    reeksen, uitsluitingen : DataFrame
        Columns `REEKS` and `UITSLUITING` with `onderdrukt`.
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
    variant: str


@dataclass(frozen=True)
class Release:
    """Results that were decided on together. Made by `release` only."""

    id: str
    beleid: Policy
    resultaten: tuple[Released, ...] = field(repr=False)

    def resultaat(self, sleutel: str) -> Released:
        """Return the released result of this name; OnthullingsFout when it is not in the release."""
        namen = {r.sleutel: r for r in self.resultaten}
        if sleutel not in namen:
            raise OnthullingsFout(f"'{sleutel}' zit niet in deze vrijgave", herstel=bedoelt_u(sleutel, namen))
        return namen[sleutel]

    @property
    def balans(self) -> pd.DataFrame:
        """Numbers shown and hidden per result: `resultaat, getallen, onderdrukt`."""
        rijen = [
            (r.sleutel, len(r.schattingen), int(r.schattingen["onderdrukt"].sum())) for r in self.resultaten
        ]
        return pd.DataFrame(rijen, columns=["resultaat", "getallen", "onderdrukt"])


def _number_id(resultaat: Result, rij: Mapping[Any, Any]) -> str:
    """Name a number by what it is, so that the same number has the same id in every report."""
    delen = [
        resultaat.sleutel,
        resultaat.card.versie,
        str(resultaat.venster),
        *(str(rij[k]) for k in ("maat", *_GROEP)),
    ]
    return "g" + hashlib.sha256("\x1f".join(delen).encode()).hexdigest()[:12]


def _estimates(resultaat: Result, beleid: Policy, dicht: pd.DataFrame) -> pd.DataFrame:
    tabel = resultaat.schattingen[list(SCHATTING)].reset_index(drop=True)
    geheim = _in_groups(tabel, dicht)
    for (naam, _), rijen in tabel.groupby(["maat", "uitsplitsing"], sort=True):
        maat = resultaat.card.maten[str(naam)]
        geheim.loc[rijen.index] = rules.hide_rows(rijen, geheim.loc[rijen.index], maat, beleid)
    uit = tabel.astype(dict.fromkeys(_GETALLEN, "float64"))
    uit.loc[geheim, list(_GETALLEN)] = np.nan
    # Even the method tells something, such as that there was one household.
    uit.loc[geheim, "methode"] = ""
    uit["onderdrukt"] = geheim
    uit["getal_id"] = [_number_id(resultaat, rij) for rij in uit.to_dict("records")]
    return uit


def _in_groups(tabel: pd.DataFrame, dicht: pd.DataFrame) -> pd.Series:
    sleutels = pd.MultiIndex.from_frame(tabel[_GROEP])
    return pd.Series(sleutels.isin(pd.MultiIndex.from_frame(dicht[_GROEP])), index=tabel.index)


def _series(resultaat: Result, beleid: Policy, dicht: pd.DataFrame) -> pd.DataFrame:
    tabel = resultaat.reeksen[list(REEKS)].astype(dict.fromkeys(_PUNTEN, "float64"))
    stukken = [tabel.head(0).assign(onderdrukt=pd.Series(dtype=bool))]
    for (reeks, *_), punten in tabel.groupby(["reeks", *_GROEP], sort=False):
        if reeks == _VERDELING:
            stuk = rules.fold_distribution(punten, beleid.minimum_huishoudens)
        elif reeks in (_CURVE, _PAREN):
            minimum = beleid.minimum_risico if reeks == _CURVE else beleid.minimum_huishoudens
            stuk = punten.assign(onderdrukt=~(punten["n"] >= minimum))
        else:
            raise OnthullingsFout(f"voor de reeks '{reeks}' bestaat geen regel")
        stukken.append(stuk)
    uit = pd.concat([s for s in stukken if len(s)] or stukken, ignore_index=True)
    uit["onderdrukt"] = uit["onderdrukt"].astype(bool) | _in_groups(uit, dicht)
    uit.loc[uit["onderdrukt"], list(_PUNTEN)] = np.nan
    return uit


def _exclusions(resultaat: Result, beleid: Policy) -> pd.DataFrame:
    tabel = resultaat.uitsluitingen[list(UITSLUITING)].reset_index(drop=True)
    tabel = tabel.astype({"aantal": "float64"})
    geheim = (tabel["aantal"] < beleid.minimum_teller) & (tabel["aantal"] > 0)
    for (uitsplitsing, _), deel in tabel.groupby(["uitsplitsing", "reden"], sort=True):
        if uitsplitsing:
            geheim.loc[deel.index] = rules.protect(
                deel.assign(stratum=""), geheim.loc[deel.index], "aantal", beleid.minimum_teller
            )
    tabel.loc[geheim, "aantal"] = np.nan
    return tabel.assign(onderdrukt=geheim)


def _decide(resultaat: Result, beleid: Policy) -> Released:
    dicht = rules.hide_groups(resultaat.schattingen, beleid)
    return Released(
        resultaat.sleutel,
        resultaat.indicator,
        resultaat.card,
        resultaat.params,
        resultaat.venster,
        _estimates(resultaat, beleid, dicht),
        _series(resultaat, beleid, dicht),
        _exclusions(resultaat, beleid),
        resultaat.reden_nvt,
        resultaat.variant,
    )


def _identify(resultaten: Sequence[Released], beleid: Policy) -> str:
    inhoud = [
        [r.sleutel, r.schattingen.to_csv(index=False), r.reeksen.to_csv(index=False)] for r in resultaten
    ]
    bron = json.dumps([beleid.naam, beleid.drempels, inhoud], ensure_ascii=False)
    return "v" + hashlib.sha256(bron.encode()).hexdigest()[:12]


def release(resultaten: Sequence[Result], *, beleid: Policy, eerder: Sequence[Release] = ()) -> Release:
    """Decide on all results together and return what may be shown.

    Parameters
    ----------
    resultaten : sequence of Result
        Everything that the report will show; each result once.
    beleid : Policy
        Thresholds; see `load_policy`.
    eerder : sequence of Release
        Earlier releases about the same households. Deciding against those is not possible yet,
        so any earlier release is a refusal rather than a guess.

    Raises
    ------
    OnthullingsFout
        On anything that cannot be judged.
    """
    if eerder:
        raise OnthullingsFout(
            "vergelijken met een eerdere vrijgave kan deze versie nog niet",
            herstel="laat de gezamenlijke vrijgave beoordelen door de eigenaar van de gegevens",
        )
    namen = [r.sleutel if isinstance(r, Result) else "" for r in resultaten]
    if "" in namen or len(set(namen)) != len(namen):
        raise OnthullingsFout(
            "alleen resultaten kunnen worden vrijgegeven, elk één keer",
            herstel="geef de uitkomsten van 'bereken' door, zonder dubbele",
        )
    vrij = []
    for resultaat in resultaten:
        try:
            vrij.append(_decide(resultaat, beleid))
        except TksFout:
            raise
        except Exception as fout:  # noqa: BLE001  (fails closed: whatever breaks here is a refusal)
            raise OnthullingsFout(
                "de regels voor vrijgave konden niet worden toegepast",
                waar=resultaat.sleutel,
                kreeg=type(fout).__name__,
                herstel="meld dit; zolang het niet is opgelost, wordt er niets vrijgegeven",
            ) from None
    return Release(_identify(vrij, beleid), beleid, tuple(vrij))
