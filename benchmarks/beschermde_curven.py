"""Bias and coverage of curves in their protected form, from a simulation with a fixed seed.

    python benchmarks/beschermde_curven.py            # print the table
    python benchmarks/beschermde_curven.py --bewaar   # also write tests/reference/beschermde_curven.json

Two ways to end with constant hazards, censored at random: the truth is known. Each sample goes
through the package's own estimator; the protected form is compared with the truth on the days that
it publishes, and linearly interpolated on all others. The unprotected curve stands beside it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.curve_protection import protect_curves
from toekomstscenario_eval.disclosure.policy import load_policy
from toekomstscenario_eval.estimators import duration
from toekomstscenario_eval.types import Maat, Vorm

UIT = Path(__file__).parents[1] / "tests" / "reference" / "beschermde_curven.json"
SEED, KEREN = 20261126, 400
GROOTTES = (100, 300, 1000, 3000)
HAZARD = (0.0020, 0.0010)
HORIZON = 365
_MATEN = {f"incidentie_{k}_365": Maat("x", "x", Vorm.AANDEEL) for k in (1, 2)}


def waarheid(oorzaak: int, dagen: np.ndarray) -> np.ndarray:
    """Return the true cumulative incidence on each day; ends fall on the day after they happen."""
    samen = sum(HAZARD)
    return HAZARD[oorzaak - 1] / samen * (1 - np.exp(-samen * dagen))


def steekproef(kans: np.random.Generator, n: int) -> pd.DataFrame:
    """Return the curves of one sample, as the estimator gives them."""
    einde = kans.exponential(1 / sum(HAZARD), n)
    oorzaak = np.where(kans.random(n) < HAZARD[0] / sum(HAZARD), 1, 2)
    censor = kans.uniform(150, 900, n)
    dag = np.ceil(np.minimum(einde, censor)).astype(int)
    soort = np.where(einde <= censor, oorzaak, 0)
    rijen = pd.DataFrame({"dag": dag, "soort": soort, "n": 1})
    rijen = pd.concat([pd.DataFrame({"dag": [0], "soort": [-1], "n": [n]}), rijen])
    gegevens = rijen.groupby(["dag", "soort"], as_index=False)["n"].sum()
    reeksen = duration.estimate_group(gegevens, huishoudens=n, maten=_MATEN, horizon=HORIZON).reeksen
    return pd.DataFrame(list(reeksen))


def simuleer(n: int, keren: int, seed: int) -> dict[str, float]:
    """Return what is published and how good it is, over a number of samples of size `n`."""
    kans, beleid = np.random.default_rng([seed, n]), load_policy()
    fout, ruw, dekt, dekt_ruw, tussen, dagen = [], [], [], [], [], []
    for _ in range(keren):
        punten = steekproef(kans, n)
        vrij = protect_curves(punten, shut=[False] * len(punten), anchors=frozenset(), policy=beleid)
        open_ = ~vrij["onderdrukt"] & vrij["reeks"].eq("incidentie") & (vrij["x"] > 0)
        dagen.append(int((open_ & vrij["label"].eq("1")).sum()))
        for label in ("1", "2"):
            keus = open_ & vrij["label"].eq(label)
            if not keus.any():
                continue
            echt = waarheid(int(label), vrij.loc[keus, "x"].to_numpy(float))
            for bron, fouten, dekking in ((vrij, fout, dekt), (punten, ruw, dekt_ruw)):
                deel = bron[keus.to_numpy()]
                fouten += (deel["waarde"].to_numpy(float) - echt).tolist()
                dekking += ((deel["ondergrens"] <= echt) & (echt <= deel["bovengrens"])).tolist()
            x = np.concatenate(([0.0], vrij.loc[keus, "x"].to_numpy(float)))
            y = np.concatenate(([0.0], vrij.loc[keus, "waarde"].to_numpy(float)))
            ander = np.array([d for d in range(30, int(x[-1]) + 1, 30) if d not in x], dtype=float)
            tussen += (np.interp(ander, x, y) - waarheid(int(label), ander)).tolist()
    return {
        "getoond": float(np.mean(np.array(dagen) > 0)),
        "dagen": float(np.mean(dagen)),
        "vertekening": float(np.mean(fout)),
        "vertekening_onbeschermd": float(np.mean(ruw)),
        "dekking": float(np.mean(dekt)),
        "dekking_onbeschermd": float(np.mean(dekt_ruw)),
        "vertekening_tussen": float(np.mean(tussen)) if tussen else 0.0,
        "fout_tussen": float(np.mean(np.abs(tussen))) if tussen else 0.0,
    }


def main() -> None:
    uitkomst = {str(n): {k: round(w, 4) for k, w in simuleer(n, KEREN, SEED).items()} for n in GROOTTES}
    print(pd.DataFrame(uitkomst).T.to_string())
    if "--bewaar" in sys.argv:
        bron = {"seed": SEED, "keren": KEREN, "uitkomst": uitkomst}
        UIT.write_text(json.dumps(bron, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
