"""Whether two networks of the same organisations go together: QAP and MRQAP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.errors import GebruikFout

# With fewer, all arrangements together hardly reach p = 0.05.
LEAST = 5
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
    coefficients : mapping of name to Coefficient
        For QAP one, the correlation, under the name `correlatie`.
    r2 : float
    knopen, permutations : int
    """

    coefficients: Mapping[str, Coefficient]
    r2: float
    knopen: int
    permutations: int
    reden: str = ""


def qap(y: Matrix, x: Matrix, *, permutations: int = 2000, seed: int = 0) -> Qap:
    """Correlate two symmetric networks on the same nodes; p by permuting the nodes of one.

    Reference: Krackhardt 1988, doi 10.1016/0378-8733(88)90004-4.
    """
    n = _check(y, x)
    above = np.triu_indices(n, 1)
    yv = y[above]
    if reden := _too_small(n, yv, x[above]):
        return Qap({}, np.nan, n, 0, reden)
    seen = float(np.corrcoef(yv, x[above])[0, 1])
    rng = np.random.default_rng(seed)
    chance = np.empty(permutations)
    for i in range(permutations):
        o = rng.permutation(n)
        chance[i] = np.corrcoef(yv, x[np.ix_(o, o)][above])[0, 1]
    p = (np.sum(np.abs(chance) >= abs(seen) - 1e-12) + 1) / (permutations + 1)
    return Qap({"correlatie": Coefficient(seen, np.nan, float(p))}, seen**2, n, permutations)


def mrqap(y: Matrix, x: Mapping[str, Matrix], *, permutations: int = 2000, seed: int = 0) -> Qap:
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
    above = np.triu_indices(n, 1)
    yv = y[above]
    columns = {naam: m[above] for naam, m in x.items()}
    reden = _too_small(n, yv, *columns.values())
    design = np.column_stack([np.ones(len(yv)), *columns.values()])
    if not reden and (len(yv) <= design.shape[1] or np.linalg.matrix_rank(design) < design.shape[1]):
        reden = "de netwerken zijn niet van elkaar te onderscheiden, of er zijn te weinig paren"
    if reden:
        return Qap({}, np.nan, n, 0, reden)
    rng = np.random.default_rng(seed)
    beta, t, r2 = _ols(yv, design)
    out = {}
    for k, naam in enumerate(columns, start=1):
        chance = _permuted_t(yv, design, k, n, permutations, rng)
        higher = int(np.sum(np.abs(chance) >= abs(t[k]) - 1e-9))
        out[naam] = Coefficient(float(beta[k]), float(t[k]), (higher + 1) / (permutations + 1))
    return Qap(out, r2, n, permutations)


def _permuted_t(
    y: Matrix, design: Matrix, k: int, n: int, permutations: int, rng: np.random.Generator
) -> Matrix:
    """Return t of column `k`, freed from the other columns and then permuted, for each permutation.

    By Frisch, Waugh and Lovell a coefficient among others is one between two sets of residuals.
    """
    base = np.linalg.qr(np.delete(design, k, axis=1))[0]

    def rest(v: Matrix) -> Matrix:
        return np.asarray(v - base @ (base.T @ v), dtype=np.float64)

    row, column = np.triu_indices(n, 1)
    full = np.zeros((n, n))
    full[row, column] = rest(design[:, k])
    full += full.T
    # What is left of y is at right angles to the others: only the length of the other side changes.
    beside = np.ascontiguousarray(np.column_stack([rest(y), base]).T)
    length_y, length_e = float(np.sum(beside[0] ** 2)), float(np.sum(full[row, column] ** 2))
    free, out = len(y) - design.shape[1], np.empty(permutations)
    for i in range(permutations):
        o = rng.permutation(n)
        total = np.einsum("ij,j->i", beside, full[o[row], o[column]])
        over = length_e - float(np.sum(total[1:] ** 2))
        r = float(total[0]) / np.sqrt(max(length_y * over, 1e-300))
        out[i] = r * np.sqrt(free / max(1 - r * r, 1e-300))
    return out


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
    good = len(vormen) == 1 and len(vorm) == 2 and vorm[0] == vorm[1]
    if not good or not all(np.allclose(m, m.T) for m in matrices):
        raise GebruikFout(
            "de netwerken passen niet bij elkaar",
            verwacht="symmetrische matrices met dezelfde knopen in dezelfde volgorde",
        )
    return int(vorm[0])


def _too_small(n: int, *columns: Matrix) -> str:
    if n < LEAST:
        return f"met {n} knopen zijn er maar {factorial(n)} volgordes: te weinig om te toetsen"
    if any(np.ptp(k) == 0 for k in columns):
        return "in een van de netwerken zijn alle banden even sterk: er is niets te vergelijken"
    return ""
