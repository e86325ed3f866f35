"""Whether two networks of the same organisations go together: QAP and MRQAP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.errors import GebruikFout

# With fewer, all arrangements together hardly reach p = 0.05.
MINSTE = 5
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficient:
    """One explanatory network: coefficient, t and two-sided permutation p."""

    schatting: float
    t: float
    p: float


@dataclass(frozen=True)
class Qap:
    """Outcome of QAP or MRQAP; with `reden` filled nothing could be determined.

    Attributes
    ----------
    coefficienten : mapping of name to Coefficient
        For QAP one, the correlation, under the name `correlatie`.
    r2 : float
    knopen, permutaties : int
    """

    coefficienten: Mapping[str, Coefficient]
    r2: float
    knopen: int
    permutaties: int
    reden: str = ""


def qap(y: Matrix, x: Matrix, *, permutaties: int = 2000, seed: int = 0) -> Qap:
    """Correlate two symmetric networks on the same nodes; p by permuting the nodes of one.

    Reference: Krackhardt 1988, doi 10.1016/0378-8733(88)90004-4.
    """
    n = _check(y, x)
    boven = np.triu_indices(n, 1)
    yv = y[boven]
    if reden := _too_small(n, yv, x[boven]):
        return Qap({}, np.nan, n, 0, reden)
    gezien = float(np.corrcoef(yv, x[boven])[0, 1])
    rng = np.random.default_rng(seed)
    toeval = np.empty(permutaties)
    for i in range(permutaties):
        o = rng.permutation(n)
        toeval[i] = np.corrcoef(yv, x[np.ix_(o, o)][boven])[0, 1]
    p = (np.sum(np.abs(toeval) >= abs(gezien) - 1e-12) + 1) / (permutaties + 1)
    return Qap({"correlatie": Coefficient(gezien, np.nan, float(p))}, gezien**2, n, permutaties)


def mrqap(y: Matrix, x: Mapping[str, Matrix], *, permutaties: int = 2000, seed: int = 0) -> Qap:
    """Regress a symmetric network on others, with p by double semi-partialling.

    Each explanatory network is first freed from the others; the nodes of what remains are permuted
    and the t of its coefficient is compared.

    Parameters
    ----------
    y : array of shape (nodes, nodes)
    x : mapping of name to array of the same shape

    Reference: Dekker, Krackhardt & Snijders 2007, doi 10.1007/s11336-007-9016-1.
    """
    n = _check(y, *x.values())
    boven = np.triu_indices(n, 1)
    yv = y[boven]
    kolommen = {naam: m[boven] for naam, m in x.items()}
    reden = _too_small(n, yv, *kolommen.values())
    ontwerp = np.column_stack([np.ones(len(yv)), *kolommen.values()])
    if not reden and (len(yv) <= ontwerp.shape[1] or np.linalg.matrix_rank(ontwerp) < ontwerp.shape[1]):
        reden = "de netwerken zijn niet van elkaar te onderscheiden, of er zijn te weinig paren"
    if reden:
        return Qap({}, np.nan, n, 0, reden)
    rng = np.random.default_rng(seed)
    beta, t, r2 = _ols(yv, ontwerp)
    uit = {}
    for k, naam in enumerate(kolommen, start=1):
        toeval = _permuted_t(yv, ontwerp, k, n, permutaties, rng)
        hoger = int(np.sum(np.abs(toeval) >= abs(t[k]) - 1e-9))
        uit[naam] = Coefficient(float(beta[k]), float(t[k]), (hoger + 1) / (permutaties + 1))
    return Qap(uit, r2, n, permutaties)


def _permuted_t(
    y: Matrix, ontwerp: Matrix, k: int, n: int, permutaties: int, rng: np.random.Generator
) -> Matrix:
    """Return t of column `k`, freed from the other columns and then permuted, for each permutation.

    By Frisch, Waugh and Lovell a coefficient among others is one between two sets of residuals.
    """
    basis = np.linalg.qr(np.delete(ontwerp, k, axis=1))[0]

    def rest(v: Matrix) -> Matrix:
        return np.asarray(v - basis @ (basis.T @ v), dtype=np.float64)

    rij, kolom = np.triu_indices(n, 1)
    vol = np.zeros((n, n))
    vol[rij, kolom] = rest(ontwerp[:, k])
    vol += vol.T
    # What is left of y is at right angles to the others: only the length of the other side changes.
    naast = np.ascontiguousarray(np.column_stack([rest(y), basis]).T)
    lengte_y, lengte_e = float(np.sum(naast[0] ** 2)), float(np.sum(vol[rij, kolom] ** 2))
    vrij, uit = len(y) - ontwerp.shape[1], np.empty(permutaties)
    for i in range(permutaties):
        o = rng.permutation(n)
        som = np.einsum("ij,j->i", naast, vol[o[rij], o[kolom]])
        over = lengte_e - float(np.sum(som[1:] ** 2))
        r = float(som[0]) / np.sqrt(max(lengte_y * over, 1e-300))
        uit[i] = r * np.sqrt(vrij / max(1 - r * r, 1e-300))
    return uit


def _ols(y: Matrix, x: Matrix) -> tuple[Matrix, Matrix, float]:
    inv = np.linalg.pinv(x.T @ x)
    beta = inv @ x.T @ y
    rest = y - x @ beta
    s2 = float(rest @ rest) / (len(y) - x.shape[1])
    fout = np.sqrt(np.maximum(np.diag(inv) * s2, 1e-300))
    totaal = float(np.sum((y - y.mean()) ** 2))
    return beta, beta / fout, 1 - float(rest @ rest) / totaal if totaal else np.nan


def _check(*matrices: Matrix) -> int:
    vormen = {m.shape for m in matrices}
    vorm = next(iter(vormen))
    goed = len(vormen) == 1 and len(vorm) == 2 and vorm[0] == vorm[1]
    if not goed or not all(np.allclose(m, m.T) for m in matrices):
        raise GebruikFout(
            "de netwerken passen niet bij elkaar",
            verwacht="symmetrische matrices met dezelfde knopen in dezelfde volgorde",
        )
    return int(vorm[0])


def _too_small(n: int, *kolommen: Matrix) -> str:
    if n < MINSTE:
        return f"met {n} knopen zijn er maar {factorial(n)} volgordes: te weinig om te toetsen"
    if any(np.ptp(k) == 0 for k in kolommen):
        return "in een van de netwerken zijn alle banden even sterk: er is niets te vergelijken"
    return ""
