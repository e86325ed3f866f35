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
from toekomstscenario_eval.estimators.contrast import Toets, difference_restricted, gray, logrank
from toekomstscenario_eval.estimators.cox import cox, from_summary, proportional
from toekomstscenario_eval.estimators.incidence import PREFIX, parse
from toekomstscenario_eval.estimators.intervals import NAN, column, estimator, t_waarde
from toekomstscenario_eval.estimators.mixed import Mixed, mixed
from toekomstscenario_eval.identity import PAIRED
from toekomstscenario_eval.long_tables import TOETS
from toekomstscenario_eval.types import SITE, Card, Kind

GROEP, CLUSTER, STRATUM = "groep", "cluster", "stratum"
# Fewest regions on each side for which regions can be the unit.
LEAST_CLUSTERS = 2
_ON_REGIO = "de regio als eenheid"
COX, PROPORTIONAL = "verhouding van de kans op een einde (Cox)", "evenredigheid (Schoenfeld)"

Row = dict[str, Any]


def comparable(kind: Kind) -> bool:
    """Whether there are tests for this kind."""
    return _TOETSEN[kind] is not None


def toets(data: pd.DataFrame, card: Card, params: Mapping[str, Any], *, naar: str) -> pd.DataFrame:
    """Compare the groups of one breakdown.

    Parameters
    ----------
    data : DataFrame
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
    groepen = sorted(data[GROEP].unique(), key=str)
    rows: list[Row] = []
    calculate = _TOETSEN[card.kind]
    if len(groepen) > 1 and calculate:
        for row in calculate(data, groepen, card, params):
            spots = [(naar, groep) for groep in groepen]
            if row.pop("per_cluster", False):
                spots += [(SITE, str(c)) for c in sorted(data[CLUSTER].unique(), key=str)]
            rows.append({**row, "uitsplitsing": naar, "plekken": tuple(dict.fromkeys(spots))})
    return comparisons(rows)


def comparisons(rows: list[Row]) -> pd.DataFrame:
    """Return rows as a table with the columns `TOETS`."""
    getallen = ("schatting", "ondergrens", "bovengrens", "statistiek", "df", "p", "vrijheid", "kleinste")
    table = pd.DataFrame(rows, columns=list(TOETS))
    return table.astype(dict.fromkeys(getallen, "float64"))


def named_row(toets_: str, methode: str, **otherwise: Any) -> Row:
    """Return a row of a test; what is not given is missing."""
    return {"toets": toets_, "methode": methode, "eenheid": "", **otherwise}


def _per_groep(data: pd.DataFrame, groepen: Sequence[str], column_: str) -> int:
    """Return the fewest distinct values of a column that any of the groups has."""
    if column_ not in data:
        return 0
    return _least(data.groupby(GROEP)[column_].nunique(), groepen)


def _least(per_groep: pd.Series, groepen: Sequence[str]) -> int:
    """Return the smallest number of any group; a group that is not there has none."""
    return int(min(per_groep.get(groep, 0) for groep in groepen))


def _add_up(data: pd.DataFrame, *keys: str) -> pd.DataFrame:
    return data.groupby(list(keys))["n"].sum().reset_index()


def _duren(
    data: pd.DataFrame, groepen: Sequence[str], card: Card, params: Mapping[str, Any]
) -> Iterator[Row]:
    """Log-rank, Gray, restricted mean and Cox; of one end when the headline is about that end."""
    heading, maat = next(iter(card.maten_bij(params).items()))
    naam = estimator(heading, maat)
    cause = parse(naam)[0] if naam.startswith(PREFIX) else None
    loose = _add_up(data, GROEP, "dag", "soort")
    einden = loose[loose["soort"].ge(1) if cause is None else loose["soort"].eq(cause)]
    vast = {
        "kleinste": float(_least(einden.groupby(GROEP)["n"].sum(), groepen)),
        "vrijheid": float(einden["n"].sum()) - len(groepen),
    }
    yield _chi2("log-rank", logrank(loose, cause=cause), vast)
    if STRATUM in data and data[STRATUM].nunique() > 1:
        per = _add_up(data, GROEP, STRATUM, "dag", "soort")
        yield _chi2("log-rank, gestratificeerd", logrank(per, cause=cause), vast)
    if cause is not None:
        yield _chi2("Gray", gray(loose, cause=cause), vast)
    if len(groepen) == 2:
        if cause is None:
            yield _restricted(loose, groepen, card.horizon, vast)
        yield from _cox(data, groepen, cause, vast)


def _chi2(naam: str, out: Toets, vast: Mapping[str, float]) -> Row:
    return named_row(naam, out.methode, statistiek=out.statistiek, df=out.df, p=out.p, **vast)


def _restricted(loose: pd.DataFrame, groepen: Sequence[str], horizon: int, vast: Mapping[str, float]) -> Row:
    v = difference_restricted(loose, *groepen, horizon=horizon)
    return named_row(
        f"verschil in gemiddelde binnen {horizon} dagen",
        v.methode,
        schatting=v.schatting,
        ondergrens=v.interval[0],
        bovengrens=v.interval[1],
        p=v.p,
        **{**vast, "eenheid": "dagen"},
    )


def _cox(
    data: pd.DataFrame, groepen: Sequence[str], cause: int | None, vast: Mapping[str, float]
) -> Iterator[Row]:
    """Hazard ratio of the first group to the second, and whether it stays the same over time.

    With regions as clusters the robust error is enlarged by sqrt(k / (k - 1)) and the interval takes t
    with k - 2 degrees of freedom. It is never smaller than the error of independent spells: a few regions
    that are alike by chance know no more. With few regions on one side it is too small even so.
    """
    per_regio = _per_groep(data, groepen, CLUSTER) >= LEAST_CLUSTERS
    keys = [GROEP, *([CLUSTER] if per_regio else [])]
    loose = _add_up(data, *keys, "dag", "soort")
    rows = from_summary(loose, keys)
    rows = rows.assign(x=rows[GROEP].eq(groepen[0]).astype("float64"))
    try:
        model = cox(rows, ["x"], cause=cause)
        toetsen = proportional(rows, ["x"], cause=cause)
    except GebruikFout:
        yield named_row(COX, "Cox: niet te schatten, in een groep eindigt niets of alles meteen")
        return
    effect, k = model.effects[0], model.clusters
    if per_regio:
        fout, df = max(effect.standard_error * float(np.sqrt(k / (k - 1))), effect.model_error), k - 2
        half, methode = t_waarde(df) * fout, f"Cox (Efron), {_ON_REGIO} (robuust, t-verdeling)"
    else:
        fout, df = effect.model_error, 0
        half, methode = t_waarde(1e9) * fout, "Cox (Efron), perioden als onafhankelijk geteld"
    z = effect.coefficient / fout
    bounds = np.exp([effect.coefficient, effect.coefficient - half, effect.coefficient + half])
    yield named_row(
        COX,
        methode,
        **dict(zip(("schatting", "ondergrens", "bovengrens"), bounds.tolist(), strict=True)),
        statistiek=z,
        df=df or NAN,
        p=two_sided(z, df),
        **{**vast, "eenheid": "verhouding"},
    )
    yield {**_chi2(PROPORTIONAL, toetsen["x"], vast), "methode": PROPORTIONAL}


def two_sided(z: float, df: float) -> float:
    """Return the two-sided probability of a statistic, normal (df 0) or t."""
    from scipy import special

    return float(2 * (special.stdtr(df, -abs(z)) if df else special.ndtr(-abs(z))))


def _scores(
    data: pd.DataFrame, groepen: Sequence[str], card: Card, params: Mapping[str, Any]
) -> Iterator[Row]:
    """Mixed model with a random effect of the region: the mean over all, and the difference of two groups."""
    if CLUSTER not in data or data[CLUSTER].equals(data[GROEP]):
        return
    namen = [estimator(k, m) for k, m in card.maten_bij(params).items()]
    pairs = bool(PAIRED & set(namen))
    what = "verandering" if pairs else "score"
    per = data.groupby([GROEP, CLUSTER], as_index=False).sum(numeric_only=True)
    n, total, square = _sums(per, pairs=pairs)
    small = float(_least(per.assign(n_=n).groupby(GROEP)["n_"].sum(), groepen))
    vast = {"kleinste": small, "vrijheid": float(n.sum()) - len(groepen), "per_cluster": True}
    one = np.ones(len(per))
    models: dict[str, Callable[[], Mixed]] = {
        f"gemiddelde {what}": lambda: mixed(n, total, square, one[:, None])
    }
    if len(groepen) == 2:
        x = np.column_stack([one, per[GROEP].eq(groepen[0]).astype("float64")])
        models[f"verschil in {what}"] = lambda: mixed(n, total, square, x)
    for naam, fit_on in models.items():
        label = f"{naam}, regio als toevalseffect"
        if _per_groep(per[n > 0], groepen, CLUSTER) < LEAST_CLUSTERS:
            yield named_row(label, "gemengd model: niet te schatten, te weinig regio's in een groep")
            continue
        try:
            model = fit_on()
        except GebruikFout:
            yield named_row(label, "gemengd model: niet te schatten")
            continue
        spot = len(model.coefficients) - 1
        under, above = model.interval(spot)
        t, p = model.toets(spot)
        yield named_row(
            label,
            f"gemengd model (REML), {_ON_REGIO} (t-verdeling)",
            schatting=model.coefficients[spot],
            ondergrens=under,
            bovengrens=above,
            statistiek=t,
            df=model.df,
            p=p,
            **{**vast, "eenheid": "punten"},
        )


def _sums(per: pd.DataFrame, *, pairs: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not pairs:
        return column(per, "n"), column(per, "som_w"), column(per, "som_ww")
    before, after = column(per, "som_v"), column(per, "paar_w")
    square = column(per, "paar_ww") - 2 * column(per, "som_vw") + column(per, "som_vv")
    return column(per, "n_paar"), after - before, square


_Calculator = Callable[[pd.DataFrame, Sequence[str], Card, Mapping[str, Any]], Iterator[Row]]
# None: a difference that follows from what is released of the groups.
_TOETSEN: Mapping[Kind, _Calculator | None] = {
    Kind.AANDEEL: None,
    Kind.AANTAL: None,
    Kind.DUUR: _duren,
    Kind.HERHAALD: None,
    Kind.SCORE: _scores,
    Kind.MATRIX: None,
    Kind.NETWERK: None,
    Kind.KENMERK: None,
    Kind.TELLING: None,
}
