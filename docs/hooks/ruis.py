"""What noise does to one count, as a figure and a table: from the noise that the program uses itself."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from opmaak import blad, tabel

from toekomstscenario_eval.blocks.charts import COLORS, to_svg
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import load_policy

PLAATJE = "afbeeldingen/ruis.svg"
# The examples on the page: a count of few, and one of many.
KLEIN, GROOT = 4, 43
_TOP = 60  # true counts that are looked at; far above what may stand behind GROOT
_SHOWN = 0.005  # chances under half a percent are no bar


def ruis() -> Noise:
    """Return the noise of the policy that is used when nobody chooses one."""
    return load_policy().ruis


def drempel() -> int:
    """Return the number under which a report says "minder dan"."""
    return load_policy().drempel


def getrokken(echt: int) -> pd.Series:
    """Return the chance of each published count of a true one."""
    rij = ruis().rows[min(echt, len(ruis().rows) - 1)]
    aantallen = echt + np.arange(-ruis().d, ruis().d + 1)
    return pd.Series(rij, aantallen)[lambda kans: kans > 0]


def echt_achter(*gepubliceerd: int) -> pd.Series:
    """Return how likely each true count is behind what is read, when each was as likely before."""
    kans = sum(ruis().likelihood(g, _TOP) for g in gepubliceerd)
    return pd.Series(kans / kans.sum(), np.arange(_TOP + 1))[lambda k: k > 0]


def _weinig() -> range:
    return range(ruis().js + 1, drempel())


def panelen() -> tuple[tuple[str, str, pd.Series], ...]:
    """Return the three drawings: heading, name of the axis, chances."""
    return (
        (f"1. Het zijn er echt {KLEIN}: wat wordt getrokken?", "Getrokken aantal", getrokken(KLEIN)),
        (
            f"2. U leest 'minder dan {drempel()}': hoeveel zijn het er?",
            "Echt aantal",
            echt_achter(*_weinig()),
        ),
        (f"3. U leest {GROOT}: hoeveel zijn het er?", "Echt aantal", echt_achter(GROOT)),
    )


def _procent(kans: float) -> str:
    return f"{100 * kans:.0f}%" if kans >= _SHOWN else "minder dan 1%"


def alt_tekst() -> str:
    """Say in words what the figure shows; the numbers are those drawn."""
    delen = [
        f"{kop} {', '.join(f'{n}: {_procent(k)}' for n, k in kansen.items() if k >= _SHOWN)}"
        for kop, _, kansen in panelen()
    ]
    return "Drie staafdiagrammen met kansen. " + ". ".join(delen) + "."


def plaatje() -> str:
    """Return the figure as SVG: three rows of bars, each with its chance above it."""
    delen = []
    for kop, naam, kansen in panelen():
        frame = pd.DataFrame({"aantal": kansen.index.astype(str), "kans": kansen.to_numpy()})
        frame = frame[frame["kans"] >= _SHOWN].assign(procent=lambda f: f["kans"].map(_procent))
        x = alt.X("aantal:N", sort=None, title=naam, axis=alt.Axis(labelAngle=0))
        y = alt.Y("kans:Q", title=None, axis=None, scale=alt.Scale(domain=[0, frame["kans"].max() * 1.2]))
        staaf = alt.Chart(frame).mark_bar(color=COLORS[0]).encode(x=x, y=y)
        tekst = alt.Chart(frame).mark_text(dy=-7, fontSize=11).encode(x=x, y=y, text="procent:N")
        titel = alt.TitleParams(kop, anchor="start", fontSize=13)
        delen.append(alt.layer(staaf, tekst).properties(width=560, height=110, title=titel))
    return to_svg(alt.vconcat(*delen, spacing=18))


def _leest(kansen: pd.Series) -> tuple[float, float, float]:
    """Return the chance of reading a zero, few, and a number."""
    aantal = kansen.index.to_numpy()
    nul, getal = aantal == 0, aantal >= drempel()
    return tuple(float(kansen[deel].sum()) for deel in (nul, ~nul & ~getal, getal))


def blok() -> str:
    """Return the figure with what follows from it."""
    nul, weinig, getal = _leest(getrokken(KLEIN))
    achter = echt_achter(*_weinig())
    binnen = float(getrokken(GROOT)[lambda k: abs(k.index - GROOT) <= 3].sum())
    kop = ("Echt aantal", "U leest '0 of enkele'", f"U leest 'minder dan {drempel()}'", "U leest een getal")
    rijen = [(str(n), *map(_procent, _leest(getrokken(n)))) for n in (1, 2, 3, KLEIN, 6, 8, 10, 12, 15)]
    hoogste = int(achter[achter >= _SHOWN].index.max())
    grens = drempel()
    of_getal = f"; in {_procent(getal)} staat er een getal" if getal >= _SHOWN else ""
    return blad(
        f"![{alt_tekst()}]({PLAATJE}){{ width=600 }}",
        f"- **Tekening 1.** In het echt zijn het er {KLEIN}. Het programma trekt een getal in de buurt; "
        f"1 tot en met {ruis().js} worden nooit getrokken. In {_procent(nul)} van de gevallen wordt het 0, "
        f"en staat er *0 of enkele*. In {_procent(weinig)} wordt het {ruis().js + 1} tot en met {grens - 1}, "
        f"en staat er *minder dan {grens} van 103*{of_getal}.",
        f"- **Tekening 2.** U leest *minder dan {grens} van 103*. Dan kan het er {achter.index.min()} "
        f"zijn, en ook {hoogste}. Welk aantal het is, weet u niet. Dat is de bedoeling.",
        f"- **Tekening 3.** U leest {GROOT}. In {_procent(binnen)} van de gevallen is het echte aantal "
        f"hooguit 3 hoger of lager, en altijd hooguit {ruis().d}. Op 103 huishoudens maakt dat weinig uit.",
        "Zo vaak leest u wat, bij een echt aantal:",
        tabel(kop, rijen),
        "Soms is een klein aantal ook met ruis nog te goed te raden uit de rest van de tabel. Dan staat er "
        "*0 of enkele*, wat er ook getrokken is.",
    ).rstrip()
