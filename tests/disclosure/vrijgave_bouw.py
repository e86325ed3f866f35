"""Results made by hand, and results about an invented world in which everything adds up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.policy import Policy, load_policy
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.types import (
    REEKS,
    SCHATTING,
    UITSLUITING,
    Card,
    Kind,
    Maat,
    Param,
    Result,
    Venster,
    Vorm,
)

VENSTER = Venster(date(2025, 1, 1), date(2026, 1, 1))
BELEID = load_policy()

MATEN: Mapping[Kind, Mapping[str, Maat]] = {
    Kind.AANDEEL: {"aandeel": Maat("Aandeel", "aandeel van de eenheden", Vorm.AANDEEL)},
    Kind.AANTAL: {"gemiddelde": Maat("Gemiddeld aantal", "professionals per huishouden", Vorm.GETAL)},
    Kind.DUUR: {
        "mediaan": Maat("Mediane duur", "dagen", Vorm.DAGEN),
        "langer_90": Maat("Langer dan 90 dagen", "aandeel van de perioden", Vorm.AANDEEL),
        "gemiddelde_beeindigd": Maat("Gemiddelde van afgelopen perioden", "dagen", Vorm.DAGEN),
    },
    Kind.NETWERK: {
        "professionals_per_huishouden": Maat("Professionals per huishouden", "professionals", Vorm.GETAL),
        "professionals": Maat("Professionals in het netwerk", "professionals", Vorm.TELLING),
        "dichtheid": Maat("Dichtheid", "aandeel van de paren", Vorm.AANDEEL),
    },
    Kind.TELLING: {"aantal": Maat("Aantal", "huishoudens", Vorm.TELLING)},
}


def beleid(minimum: int = 10, **anders: int) -> Policy:
    """Return a policy with one minimum for everything, unless told otherwise."""
    drempels = BELEID.regels | dict.fromkeys(BELEID.drempels, minimum) | anders
    return Policy(naam="proef", titel="Proef", bron="verzonnen", regels=drempels)


def kaart(kind: Kind, maten: Mapping[str, Maat] | None = None) -> Card:
    """Return a card without text that matters."""
    return Card(
        label="Proefmaat",
        kind=kind,
        versie="1.0",
        vraag="",
        populatie="alle huishoudens",
        teller="",
        noemer="",
        eenheid="",
        venster="",
        censurering="",
        uitsluitingen="",
        lezen="",
        bronnen=(),
        tabellen={},
        maten=maten or MATEN[kind],
        params={"keuze": Param("a", "een keuze")},
    )


def rij(uitsplitsing: str, groep: str, n: float, **anders: Any) -> dict[str, Any]:
    """Return a row of estimates; what is not given is missing."""
    return {
        "maat": "aandeel",
        "uitsplitsing": uitsplitsing,
        "groep": groep,
        "periode": "",
        "stratum": "",
        "schatting": math.nan,
        "ondergrens": math.nan,
        "bovengrens": math.nan,
        "eenheid": "eenheid",
        "methode": "een methode",
        "n": n,
        "teller": math.nan,
        "noemer": math.nan,
        "gecensureerd": 0,
        **anders,
    }


def aandeel(uitsplitsing: str, groep: str, teller: float, noemer: float, **anders: Any) -> dict[str, Any]:
    """Return a row of a share with one unit per household."""
    deel = teller / noemer if noemer else math.nan
    vast = {"schatting": deel, "ondergrens": deel * 0.9, "bovengrens": min(1.0, deel * 1.1)}
    return rij(uitsplitsing, groep, anders.pop("n", noemer), teller=teller, noemer=noemer, **vast, **anders)


def punt(reeks: str, x: float, waarde: float, n: float, **anders: Any) -> dict[str, Any]:
    """Return a point of a series, of the whole unless told otherwise."""
    return {
        "reeks": reeks,
        "uitsplitsing": "",
        "groep": TOTAAL,
        "periode": "",
        "x": float(x),
        "label": "",
        "ander": "",
        "waarde": waarde,
        "ondergrens": math.nan,
        "bovengrens": math.nan,
        "n": n,
        **anders,
    }


def uitsluiting(reden: str, aantal: float, **anders: Any) -> dict[str, Any]:
    """Return a row of what was left out, of the whole unless told otherwise."""
    return {
        "uitsplitsing": "",
        "groep": TOTAAL,
        "periode": "",
        "reden": reden,
        "aantal": aantal,
        **anders,
    }


def resultaat(
    kind: Kind,
    rijen: Iterable[Mapping[str, Any]],
    *,
    naam: str = "proef",
    reeksen: Sequence[Mapping[str, Any]] = (),
    uitsluitingen: Sequence[Mapping[str, Any]] = (),
    maten: Mapping[str, Maat] | None = None,
) -> Result:
    """Return an unreleased result of the rows given."""
    return Result(
        naam,
        kaart(kind, maten),
        {},
        VENSTER,
        pd.DataFrame(list(rijen), columns=list(SCHATTING)),
        pd.DataFrame(list(reeksen), columns=list(REEKS)),
        pd.DataFrame(list(uitsluitingen), columns=list(UITSLUITING)),
    )


def delen(*groepen: tuple[str, float, float], per: str = "gezinsprofiel", **anders: Any) -> Result:
    """Return shares of groups `(name, teller, noemer)` with their whole."""
    teller, noemer = sum(g[1] for g in groepen), sum(g[2] for g in groepen)
    rijen = [aandeel("", TOTAAL, teller, noemer), *(aandeel(per, *groep) for groep in groepen)]
    return resultaat(Kind.AANDEEL, rijen, **anders)


# An invented world: what every household adds to every quantity, summed per smallest cell.

PROFIELEN = ("zorg", "stress", "onbekend")
# Quantities that add up over households.
GROOTHEDEN = (
    "huishoudens",
    "duo",
    "kinderen",
    "ots",
    "professionals",
    "perioden",
    "geeindigd",
    "langer_90",
    "risico_90",
    "dagen",
)


@dataclass(frozen=True)
class Wereld:
    """Numbers per smallest cell `(periode, proeftuin, profiel)`, and the kind of each proeftuin."""

    cellen: Mapping[tuple[str, str, str], Mapping[str, int]]
    soort: Mapping[str, str]

    @property
    def perioden(self) -> list[str]:
        return sorted({periode for periode, _, _ in self.cellen})

    def leden(self, uitsplitsing: str, groep: str) -> list[tuple[str, str]]:
        """Return the smallest cells (without period) of a group."""
        hoort = {
            "": lambda p, f: True,
            "proeftuin": lambda p, f: p == groep,
            "proeftuin_soort": lambda p, f: self.soort[p] == groep,
            "gezinsprofiel": lambda p, f: f == groep,
        }[uitsplitsing]
        return sorted({(p, f) for _, p, f in self.cellen if hoort(p, f)})

    def groepen(self, uitsplitsing: str) -> list[str]:
        return {
            "": [TOTAAL],
            "proeftuin": sorted(self.soort),
            "proeftuin_soort": sorted(set(self.soort.values())),
            "gezinsprofiel": sorted({f for _, _, f in self.cellen}),
        }[uitsplitsing]

    def som(self, grootheid: str, uitsplitsing: str, groep: str, periode: str) -> int:
        """Return the true number."""
        leden = self.leden(uitsplitsing, groep)
        return sum(self.cellen[periode, p, f][grootheid] for p, f in leden)


@dataclass(frozen=True)
class Opmaak:
    """What a row of each kind holds: quantities behind n, teller, noemer and gecensureerd."""

    kind: Kind
    n: str
    teller: str = ""
    noemer: str = ""
    maten: tuple[str, ...] = field(default=())


RESULTATEN: Mapping[str, Opmaak] = {
    "aandeel_duo": Opmaak(Kind.AANDEEL, "huishoudens", "duo", "huishoudens"),
    "aandeel_ots": Opmaak(Kind.AANDEEL, "huishoudens", "ots", "kinderen"),
    "professionals": Opmaak(Kind.AANTAL, "huishoudens", "professionals", "huishoudens"),
    "duo_duur": Opmaak(Kind.DUUR, "duo", "geeindigd", "perioden"),
    "netwerk": Opmaak(Kind.NETWERK, "huishoudens"),
    "telling": Opmaak(Kind.TELLING, "huishoudens", "huishoudens"),
}


def wereldresultaat(wereld: Wereld, naam: str, per: Sequence[str], *, strata: bool = True) -> Result:
    """Return one result about a world, split by each of `per`."""
    vorm = RESULTATEN[naam]
    rijen, reeksen = [], []
    for uitsplitsing in ("", *per):
        for groep in wereld.groepen(uitsplitsing):
            for periode in wereld.perioden:
                plek = {"uitsplitsing": uitsplitsing, "groep": groep, "periode": periode}
                stratum = ""
                if strata and uitsplitsing == "proeftuin" and "proeftuin_soort" in per:
                    stratum = wereld.soort[groep]
                for maat in MATEN[vorm.kind]:
                    getallen = _getallen(wereld, vorm, maat, plek)
                    rijen.append({**rij(**plek, n=0), **getallen, "maat": maat, "stratum": stratum})
                if vorm.kind is Kind.DUUR:
                    reeksen += _curve(wereld, plek)
    return resultaat(vorm.kind, rijen, naam=naam, reeksen=reeksen)


def _getallen(wereld: Wereld, vorm: Opmaak, maat: str, plek: Mapping[str, str]) -> dict[str, float]:
    def som(grootheid: str) -> float:
        return float(wereld.som(grootheid, **plek))

    n = som(vorm.n)
    if vorm.kind is Kind.NETWERK:
        return _netwerk(maat, n, som("professionals"))
    teller = som(vorm.teller)
    if vorm.kind is Kind.TELLING:
        return {"n": n, "schatting": n, "teller": teller}
    noemer = som(vorm.noemer)
    uit = {"n": n, "teller": teller, "noemer": noemer, "schatting": _deel(teller, noemer)}
    if vorm.kind is Kind.DUUR:
        uit["gecensureerd"] = noemer - teller
        uit["schatting"] = {
            "mediaan": 60.0 if noemer else math.nan,
            "langer_90": _deel(som("langer_90"), noemer),
            "gemiddelde_beeindigd": _deel(som("dagen"), teller),
        }[maat]
    return uit


def _netwerk(maat: str, n: float, banden: float) -> dict[str, float]:
    # Professionals do not add up: here as many as there are ties, less some that return.
    actoren = math.ceil(banden * 0.6)
    paren = actoren * (actoren - 1) / 2
    gedeeld = float(round(paren * 0.7))
    return {
        "professionals_per_huishouden": {
            "n": n,
            "teller": banden,
            "noemer": n,
            "schatting": _deel(banden, n),
        },
        "professionals": {"n": n, "teller": actoren, "noemer": math.nan, "schatting": actoren},
        "dichtheid": {"n": n, "teller": gedeeld, "noemer": paren, "schatting": _deel(gedeeld, paren)},
    }[maat]


def _curve(wereld: Wereld, plek: Mapping[str, str]) -> list[dict[str, Any]]:
    perioden, langer, risico = (float(wereld.som(g, **plek)) for g in ("perioden", "langer_90", "risico_90"))
    if not perioden:
        return []
    return [
        punt("overleving", 0, 1.0, perioden, **plek),
        punt("overleving", 90, langer / perioden, risico, **plek),
    ]


def _deel(teller: float, noemer: float) -> float:
    return teller / noemer if noemer else float(np.nan)
