"""Proportional hazards: how much faster spells end with a characteristic, other things equal (Cox).

Ties by Efron, late entry, strata, counts instead of rows, and standard errors that allow spells of one
cluster (a site) to be alike. Rows that agree are one row with a larger `n`: with covariates of groups
the work does not grow with the number of households. A counted row gives what its n single rows give,
also within ties; statsmodels' PHReg has no counts, and no robust variance with Efron's ties.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.estimators.coxsommen import (
    SINGULIER,
    Momenten,
    Rijen,
    einddagen,
    lees,
    momenten,
    residuen,
)
from toekomstscenario_eval.estimators.curve import bereken
from toekomstscenario_eval.estimators.intervals import Interval, Reeks, z_waarde
from toekomstscenario_eval.estimators.vergelijk import Toets

TRANSFORMATIES = ("km", "identiteit")
WEINIG_CLUSTERS = 40
_STAPPEN, _KLAAR = 40, 1e-9
_GROOTSTE_STAP = 5.0  # of the logarithm of a hazard


@dataclass(frozen=True)
class Effect:
    """Effect of one covariate on the hazard.

    Attributes
    ----------
    coefficient : float
        Logarithm of the hazard ratio per unit of the covariate.
    standaardfout : float
        Robust when there are clusters, else that of the model (`modelfout`).
    verhouding, interval : float, tuple
        Hazard ratio with a normal 95% interval on the log scale.
    z, p : float
        Test of no effect.
    """

    covariaat: str
    coefficient: float
    standaardfout: float
    modelfout: float
    verhouding: float
    interval: Interval
    z: float
    p: float


@dataclass(frozen=True)
class CoxModel:
    """A fitted model: effects, log likelihood without and with them, and what it rests on."""

    effecten: tuple[Effect, ...]
    loglik_leeg: float
    loglik: float
    variantie: tuple[tuple[float, ...], ...]
    duren: int
    einden: int
    clusters: int
    methode: str


def cox(gegevens: pd.DataFrame, covariaten: Sequence[str], *, oorzaak: int | None = None) -> CoxModel:
    """Fit a proportional hazards model.

    Parameters
    ----------
    gegevens : DataFrame
        One row per kind of spell: `instroom` and `duur` (days since its start at entry and at exit;
        at risk on day t when instroom < t <= duur, from the start when instroom is 0), `einde` (0 censored, 1
        or higher ended by that cause), `n` (spells), and the covariates as numbers. Optional:
        `stratum` (each its own baseline hazard) and `cluster` (robust standard errors).
    covariaten : sequence of str
        Columns of covariates.
    oorzaak : int, optional
        Only ends by this cause count as the end; others as censored. Default: every end.

    Returns
    -------
    CoxModel
        Equals R's `coxph` (Efron), with `cluster()` its robust standard errors. With few clusters
        those are too small; `methode` says so under 40.

    Raises
    ------
    GebruikFout
        When a covariate is constant or follows from the others, or its coefficient runs to infinity.

    References
    ----------
    Cox (1972), doi:10.1111/j.2517-6161.1972.tb00899.x
    Efron (1977), doi:10.1080/01621459.1977.10480613
    Lin and Wei (1989), doi:10.1080/01621459.1989.10478874
    """
    rijen = lees(gegevens, covariaten, oorzaak)
    b, leeg, vol = _pas_aan(rijen, covariaten)
    model = np.linalg.inv(vol.informatie.sum(axis=0))
    clusters = int(rijen.cluster.max(initial=-1)) + 1
    robuust = model
    if clusters == 1:
        # The influences of all rows add up to 0: one cluster would seem to know everything exactly.
        robuust = np.full_like(model, np.nan)
    elif clusters:
        invloed = np.zeros((clusters, len(b)))
        np.add.at(invloed, rijen.cluster, rijen.n[:, None] * residuen(rijen, vol, b))
        robuust = model @ (invloed.T @ invloed) @ model
    terug = np.outer(rijen.schaal, rijen.schaal)
    fouten, modelfouten = (np.sqrt(np.diag(v / terug)) for v in (robuust, model))
    return CoxModel(
        tuple(
            _effect(*w)
            for w in zip(
                covariaten, (b / rijen.schaal).tolist(), fouten.tolist(), modelfouten.tolist(), strict=True
            )
        ),
        leeg.loglik,
        vol.loglik,
        tuple(tuple(rij) for rij in (robuust / terug).tolist()),
        round(float(rijen.n.sum())),
        round(float(rijen.n[rijen.einde].sum())),
        clusters,
        _methode(clusters),
    )


def evenredig(
    gegevens: pd.DataFrame,
    covariaten: Sequence[str],
    *,
    oorzaak: int | None = None,
    transformatie: str = "km",
) -> dict[str, Toets]:
    """Test whether effects stay the same as spells last longer (Schoenfeld residuals).

    The score test of an interaction of each covariate with a function g of time: g(t) = 1 - S(t-),
    with S the Kaplan-Meier curve of all spells ("km", robust against a few long spells) or g(t) = t
    ("identiteit"). Clusters are not used.

    Parameters
    ----------
    gegevens, covariaten, oorzaak
        As for `cox`.
    transformatie : str
        `km` or `identiteit`.

    Returns
    -------
    dict of str to Toets
        One per covariate, and `geheel` for all together. Equals R's `cox.zph` (survival 3).

    References
    ----------
    Grambsch and Therneau (1994), doi:10.1093/biomet/81.3.515
    """
    if transformatie not in TRANSFORMATIES:
        raise GebruikFout(
            f"de transformatie '{transformatie}' bestaat niet",
            herstel=bedoelt_u(transformatie, TRANSFORMATIES),
        )
    rijen = lees(gegevens, covariaten, oorzaak)
    _, _, vol = _pas_aan(rijen, covariaten)
    tijd = rijen.dagen[einddagen(rijen)]
    g = tijd if transformatie == "identiteit" else _verstreken(gegevens, tijd, oorzaak)
    g = g - float((g * vol.m).sum() / vol.m.sum())
    p = len(covariaten)
    score = (g[:, None] * vol.rest).sum(axis=0)
    blok = [(vol.informatie * (g**k)[:, None, None]).sum(axis=0) for k in range(3)]
    over = blok[2] - blok[1] @ np.linalg.solve(blok[0], blok[1])
    uit = {naam: _chi2(naam, score[[j]], over[np.ix_([j], [j])]) for j, naam in enumerate(covariaten)}
    return {**uit, "geheel": _chi2(f"geheel ({p})" if p > 1 else "geheel", score, over)}


def uit_samenvatting(gegevens: pd.DataFrame, sleutels: Sequence[str]) -> pd.DataFrame:
    """Turn counts per day into rows for `cox`, for covariates that are the same in a whole group.

    The model looks at entries and exits of a group apart; which exit goes with which entry makes no
    difference. They are paired in order of time.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `sleutels` (covariates, `stratum`, `cluster`), `dag`, `soort`, `n`, as in a summary
        of kind DUUR.
    sleutels : sequence of str

    Returns
    -------
    DataFrame
        Columns `sleutels`, `instroom`, `duur`, `einde`, `n`.
    """
    stukken = []
    for waarden, deel in gegevens.groupby(list(sleutels), dropna=False, sort=True):
        bereken(deel)
        # Ends before censorings, so that who ends was there the day before.
        orde = deel.assign(_laat=deel["soort"].eq(0)).sort_values(["dag", "_laat", "soort"], kind="stable")
        erin, eruit = orde[orde["soort"].eq(-1)], orde[orde["soort"].ne(-1)]
        op, af = (np.cumsum(d["n"].to_numpy(dtype=np.int64)) for d in (erin, eruit))
        grens = np.unique(np.concatenate((op, af)))
        grens = grens[grens > 0]
        i, j = np.searchsorted(op, grens), np.searchsorted(af, grens)
        stuk = pd.DataFrame(dict(zip(sleutels, waarden, strict=True)), index=range(len(grens)))
        stukken.append(
            stuk.assign(
                instroom=erin["dag"].to_numpy()[i],
                duur=eruit["dag"].to_numpy()[j],
                einde=eruit["soort"].to_numpy()[j],
                n=np.diff(grens, prepend=0),
            )
        )
    return pd.concat(stukken, ignore_index=True)


def _pas_aan(rijen: Rijen, covariaten: Sequence[str]) -> tuple[Reeks, Momenten, Momenten]:
    """Maximise the likelihood by Newton's method, halving steps that go down."""
    b = np.zeros(len(covariaten))
    leeg = nu = momenten(rijen, b)
    waarden = np.linalg.eigvalsh(leeg.informatie.sum(axis=0))
    # With covariates of spread 1 the information is of the order of the number of ends.
    if waarden[0] <= SINGULIER * max(waarden[-1], float(leeg.m.sum())):
        raise GebruikFout(
            "de covariaten zijn niet uit elkaar te houden",
            waar=", ".join(covariaten),
            herstel="laat een covariaat weg die volgt uit de andere, of die binnen elk stratum gelijk is",
        )
    for _ in range(_STAPPEN):
        stap = np.linalg.solve(nu.informatie.sum(axis=0), nu.rest.sum(axis=0))
        # A leap on a slope that is nearly flat would leave weights of 0.
        stap = stap * min(1.0, _GROOTSTE_STAP / max(float(np.abs(rijen.x @ stap).max()), 1e-300))
        nieuw = momenten(rijen, b + stap)
        while nieuw.loglik < nu.loglik - _KLAAR * (1 + abs(nu.loglik)):
            stap = stap / 2
            nieuw = momenten(rijen, b + stap)
        b, nu = b + stap, nieuw
        if np.abs(stap).max() < _KLAAR:
            return b, leeg, nu
        if np.linalg.eigvalsh(nu.informatie.sum(axis=0))[0] <= SINGULIER * waarden[0]:
            break
    raise GebruikFout(
        "een coëfficiënt loopt naar oneindig",
        waar=", ".join(covariaten),
        herstel="kijk na of er een groep is waarin niets, of alles meteen, is beëindigd",
    )


def _verstreken(gegevens: pd.DataFrame, tijd: Reeks, oorzaak: int | None) -> Reeks:
    """Return 1 - S(t-) of all spells together, whatever their stratum."""
    einde = gegevens["einde"].ge(1) if oorzaak is None else gegevens["einde"].eq(oorzaak)
    erin = pd.DataFrame({"dag": gegevens["instroom"], "soort": -1, "n": gegevens["n"]})
    eruit = pd.DataFrame({"dag": gegevens["duur"], "soort": einde.astype("int64"), "n": gegevens["n"]})
    c = bereken(pd.concat([erin, eruit]))
    return 1 - c.ervoor[np.searchsorted(c.dagen, tijd)]


def _chi2(naam: str, score: Reeks, variantie: Reeks) -> Toets:
    statistiek = float(score @ np.linalg.solve(variantie, score))
    return Toets(
        f"evenredigheid, {naam}", statistiek, len(score), float(special.chdtrc(len(score), statistiek))
    )


def _effect(naam: str, b: float, fout: float, modelfout: float) -> Effect:
    half, z = z_waarde() * fout, b / fout if fout else math.nan
    with np.errstate(over="ignore"):  # a limit larger than any number is infinite
        interval = (float(np.exp(b - half)), float(np.exp(b + half)))
    p = float(2 * special.ndtr(-abs(z)))
    return Effect(naam, b, fout, modelfout, float(np.exp(b)), interval, z, p)


def _methode(clusters: int) -> str:
    if not clusters:
        return "Cox (Efron), 95%-interval (model)"
    if clusters == 1:
        return "Cox (Efron), zonder interval: er is maar een cluster"
    klein = f"; let op: bij minder dan {WEINIG_CLUSTERS} clusters zijn de intervallen te smal"
    return "Cox (Efron), 95%-interval (robuust per cluster)" + (klein if clusters < WEINIG_CLUSTERS else "")
