"""Every comparison of the groups of one breakdown that fits the kind of an indicator, as one table.

What is compared are groups of households: kinds of region, regions, family profiles. None of these was
drawn by lot. A small probability therefore says that chance alone does not explain a difference, never
what does. Where households in one region are alike, the region is the unit: intervals with regions as
clusters, or as a random effect, rest on the number of regions.

Shares and counts are not here: their differences follow from what is released (see `designs`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.cox import cox, evenredig, uit_samenvatting
from toekomstscenario_eval.estimators.gemengd import Gemengd, gemengd
from toekomstscenario_eval.estimators.incidentie import VOORVOEGSEL, ontleed
from toekomstscenario_eval.estimators.intervals import NAN, kolom, schatter, t_waarde
from toekomstscenario_eval.estimators.score import GEPAARD
from toekomstscenario_eval.estimators.vergelijk import Toets, gray, logrank, verschil_beperkt
from toekomstscenario_eval.types import SITE, TOETS, Card, Kind

GROEP, CLUSTER, STRATUM = "groep", "cluster", "stratum"
# Fewest regions on each side for which regions can be the unit.
MINSTE_CLUSTERS = 2
_OP_REGIO = "de regio als eenheid"

Rij = dict[str, Any]


def vergelijkbaar(kind: Kind) -> bool:
    """Whether there are tests for this kind."""
    return _TOETSEN[kind] is not None


def toets(gegevens: pd.DataFrame, card: Card, params: Mapping[str, Any], *, naar: str) -> pd.DataFrame:
    """Compare the groups of one breakdown.

    Parameters
    ----------
    gegevens : DataFrame
        A summary of the kind of `card`, with `groep`; and, where known, `cluster` (the region) and
        `stratum` (what is held equal in a stratified test).
    naar : str
        Name of the breakdown.

    Returns
    -------
    DataFrame
        Columns `TOETS`; a comparison that cannot be made says why in `methode`. Empty for a
        kind without tests and for fewer than two groups.
    """
    groepen = sorted(gegevens[GROEP].unique(), key=str)
    rijen: list[Rij] = []
    reken = _TOETSEN[card.kind]
    if len(groepen) > 1 and reken:
        for rij in reken(gegevens, groepen, card, params):
            plekken = [(naar, groep) for groep in groepen]
            if rij.pop("per_cluster", False):
                plekken += [(SITE, str(c)) for c in sorted(gegevens[CLUSTER].unique(), key=str)]
            rijen.append({**rij, "uitsplitsing": naar, "plekken": tuple(dict.fromkeys(plekken))})
    return _tabel(rijen)


def _tabel(rijen: list[Rij]) -> pd.DataFrame:
    getallen = ("schatting", "ondergrens", "bovengrens", "statistiek", "df", "p", "vrijheid", "kleinste")
    tabel = pd.DataFrame(rijen, columns=list(TOETS))
    return tabel.astype(dict.fromkeys(getallen, "float64"))


def _rij(toets_: str, methode: str, **anders: Any) -> Rij:
    return {"toets": toets_, "methode": methode, "eenheid": "", **anders}


def _per_groep(gegevens: pd.DataFrame, groepen: Sequence[str], kolom_: str) -> int:
    """Return the fewest distinct values of a column that any of the groups has."""
    if kolom_ not in gegevens:
        return 0
    return _minste(gegevens.groupby(GROEP)[kolom_].nunique(), groepen)


def _minste(per_groep: pd.Series, groepen: Sequence[str]) -> int:
    """Return the smallest number of any group; a group that is not there has none."""
    return int(min(per_groep.get(groep, 0) for groep in groepen))


def _optellen(gegevens: pd.DataFrame, *sleutels: str) -> pd.DataFrame:
    return gegevens.groupby(list(sleutels))["n"].sum().reset_index()


def _duren(
    gegevens: pd.DataFrame, groepen: Sequence[str], card: Card, params: Mapping[str, Any]
) -> Iterator[Rij]:
    """Log-rank, Gray, restricted mean and Cox; of one end when the headline is about that end."""
    kop, maat = next(iter(card.maten_bij(params).items()))
    naam = schatter(kop, maat)
    oorzaak = ontleed(naam)[0] if naam.startswith(VOORVOEGSEL) else None
    los = _optellen(gegevens, GROEP, "dag", "soort")
    einden = los[los["soort"].ge(1) if oorzaak is None else los["soort"].eq(oorzaak)]
    vast = {
        "kleinste": float(_minste(einden.groupby(GROEP)["n"].sum(), groepen)),
        "vrijheid": float(einden["n"].sum()) - len(groepen),
    }
    yield _chi2("log-rank", logrank(los, oorzaak=oorzaak), vast)
    if STRATUM in gegevens and gegevens[STRATUM].nunique() > 1:
        per = _optellen(gegevens, GROEP, STRATUM, "dag", "soort")
        yield _chi2("log-rank, gestratificeerd", logrank(per, oorzaak=oorzaak), vast)
    if oorzaak is not None:
        yield _chi2("Gray", gray(los, oorzaak=oorzaak), vast)
    if len(groepen) == 2:
        if oorzaak is None:
            yield _beperkt(los, groepen, card.horizon, vast)
        yield from _cox(gegevens, groepen, oorzaak, vast)


def _chi2(naam: str, uit: Toets, vast: Mapping[str, float]) -> Rij:
    return _rij(naam, uit.methode, statistiek=uit.statistiek, df=uit.df, p=uit.p, **vast)


def _beperkt(los: pd.DataFrame, groepen: Sequence[str], horizon: int, vast: Mapping[str, float]) -> Rij:
    v = verschil_beperkt(los, *groepen, horizon=horizon)
    return _rij(
        f"verschil in gemiddelde binnen {horizon} dagen",
        v.methode,
        schatting=v.schatting,
        ondergrens=v.interval[0],
        bovengrens=v.interval[1],
        p=v.p,
        **{**vast, "eenheid": "dagen"},
    )


def _cox(
    gegevens: pd.DataFrame, groepen: Sequence[str], oorzaak: int | None, vast: Mapping[str, float]
) -> Iterator[Rij]:
    """Hazard ratio of the first group to the second, and whether it stays the same over time.

    With regions as clusters the robust error is enlarged by sqrt(k / (k - 1)) and the interval takes t
    with k - 2 degrees of freedom. With few regions on one side it is too small even so.
    """
    naam, proef = "verhouding van de kans op een einde (Cox)", "evenredigheid (Schoenfeld)"
    per_regio = _per_groep(gegevens, groepen, CLUSTER) >= MINSTE_CLUSTERS
    sleutels = [GROEP, *([CLUSTER] if per_regio else [])]
    los = _optellen(gegevens, *sleutels, "dag", "soort")
    rijen = uit_samenvatting(los, sleutels)
    rijen = rijen.assign(x=rijen[GROEP].eq(groepen[0]).astype("float64"))
    try:
        model = cox(rijen, ["x"], oorzaak=oorzaak)
        toetsen = evenredig(rijen, ["x"], oorzaak=oorzaak)
    except GebruikFout:
        yield _rij(naam, "Cox: niet te schatten, in een groep eindigt niets of alles meteen")
        return
    effect, k = model.effecten[0], model.clusters
    if per_regio:
        fout, df = effect.standaardfout * float(np.sqrt(k / (k - 1))), k - 2
        half, methode = t_waarde(df) * fout, f"Cox (Efron), {_OP_REGIO} (robuust, t-verdeling)"
    else:
        fout, df = effect.modelfout, 0
        half, methode = t_waarde(1e9) * fout, "Cox (Efron), perioden als onafhankelijk geteld"
    z = effect.coefficient / fout
    grenzen = np.exp([effect.coefficient, effect.coefficient - half, effect.coefficient + half])
    yield _rij(
        naam,
        methode,
        **dict(zip(("schatting", "ondergrens", "bovengrens"), grenzen.tolist(), strict=True)),
        statistiek=z,
        df=df or NAN,
        p=_tweezijdig(z, df),
        **{**vast, "eenheid": "verhouding"},
    )
    yield {**_chi2(proef, toetsen["x"], vast), "methode": proef}


def _tweezijdig(z: float, df: float) -> float:
    from scipy import special

    return float(2 * (special.stdtr(df, -abs(z)) if df else special.ndtr(-abs(z))))


def _scores(
    gegevens: pd.DataFrame, groepen: Sequence[str], card: Card, params: Mapping[str, Any]
) -> Iterator[Rij]:
    """Mixed model with a random effect of the region: the mean over all, and the difference of two groups."""
    if CLUSTER not in gegevens or gegevens[CLUSTER].equals(gegevens[GROEP]):
        return
    namen = [schatter(k, m) for k, m in card.maten_bij(params).items()]
    paren = bool(GEPAARD & set(namen))
    wat = "verandering" if paren else "score"
    per = gegevens.groupby([GROEP, CLUSTER], as_index=False).sum(numeric_only=True)
    n, som, kwadraat = _sommen(per, paren=paren)
    klein = float(_minste(per.assign(n_=n).groupby(GROEP)["n_"].sum(), groepen))
    vast = {"kleinste": klein, "vrijheid": float(n.sum()) - len(groepen), "per_cluster": True}
    een = np.ones(len(per))
    modellen: dict[str, Callable[[], Gemengd]] = {
        f"gemiddelde {wat}": lambda: gemengd(n, som, kwadraat, een[:, None])
    }
    if len(groepen) == 2:
        x = np.column_stack([een, per[GROEP].eq(groepen[0]).astype("float64")])
        modellen[f"verschil in {wat}"] = lambda: gemengd(n, som, kwadraat, x)
    for naam, pas_aan in modellen.items():
        label = f"{naam}, regio als toevalseffect"
        if _per_groep(per[n > 0], groepen, CLUSTER) < MINSTE_CLUSTERS:
            yield _rij(label, "gemengd model: niet te schatten, te weinig regio's in een groep")
            continue
        try:
            model = pas_aan()
        except GebruikFout:
            yield _rij(label, "gemengd model: niet te schatten")
            continue
        plek = len(model.coefficienten) - 1
        onder, boven = model.interval(plek)
        t, p = model.toets(plek)
        yield _rij(
            label,
            f"gemengd model (REML), {_OP_REGIO} (t-verdeling)",
            schatting=model.coefficienten[plek],
            ondergrens=onder,
            bovengrens=boven,
            statistiek=t,
            df=model.df,
            p=p,
            **{**vast, "eenheid": "punten"},
        )


def _sommen(per: pd.DataFrame, *, paren: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not paren:
        return kolom(per, "n"), kolom(per, "som_w"), kolom(per, "som_ww")
    voor, na = kolom(per, "som_v"), kolom(per, "paar_w")
    kwadraat = kolom(per, "paar_ww") - 2 * kolom(per, "som_vw") + kolom(per, "som_vv")
    return kolom(per, "n_paar"), na - voor, kwadraat


_Rekenaar = Callable[[pd.DataFrame, Sequence[str], Card, Mapping[str, Any]], Iterator[Rij]]
# None: a difference that follows from what is released of the groups.
_TOETSEN: Mapping[Kind, _Rekenaar | None] = {
    Kind.AANDEEL: None,
    Kind.AANTAL: None,
    Kind.DUUR: _duren,
    Kind.HERHAALD: None,
    Kind.SCORE: _scores,
    Kind.MATRIX: None,
    Kind.NETWERK: None,
    Kind.TELLING: None,
}
