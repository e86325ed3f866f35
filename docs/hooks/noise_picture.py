"""What noise does to one count, as a figure and a table: from the noise that the program uses itself."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from opmaak import blad, tabel

from toekomstscenario_eval.blocks.charts import COLORS, to_svg
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import load_policy

PICTURE = "afbeeldingen/ruis.svg"
# The examples on the page: a count of few, and one of many.
FEW, MANY = 4, 43
_TOP = 60  # true counts that are looked at; far above what may stand behind MANY
_SHOWN = 0.005  # chances under half a percent are no bar
_NONE = 1e-12  # a sum of none may differ from it in its last bits


def noise() -> Noise:
    """Return the noise of the policy that is used when nobody chooses one."""
    return load_policy().ruis


def threshold() -> int:
    """Return the number under which a report says "minder dan"."""
    return load_policy().drempel


def drawn(true: int) -> pd.Series:
    """Return the chance of each published count of a true one."""
    row = noise().rows[min(true, len(noise().rows) - 1)]
    published = true + np.arange(-noise().d, noise().d + 1)
    return pd.Series(row, published)[lambda chance: chance > 0]


def behind(*published: int) -> pd.Series:
    """Return how likely each true count is behind what is read, when each was as likely before."""
    chance = sum(noise().likelihood(g, _TOP) for g in published)
    return pd.Series(chance / chance.sum(), np.arange(_TOP + 1))[lambda k: k > 0]


def _few() -> range:
    return range(noise().js + 1, threshold())


def panels() -> tuple[tuple[str, str, pd.Series], ...]:
    """Return the three drawings: heading, name of the axis, chances."""
    return (
        (f"1. Het zijn er echt {FEW}: wat wordt getrokken?", "Getrokken aantal", drawn(FEW)),
        (
            f"2. U leest 'minder dan {threshold()}': hoeveel zijn het er?",
            "Echt aantal",
            behind(*_few()),
        ),
        (f"3. U leest {MANY}: hoeveel zijn het er?", "Echt aantal", behind(MANY)),
    )


def _percent(chance: float) -> str:
    if chance >= _SHOWN:
        return f"{100 * chance:.0f}%"
    return "minder dan 1%" if chance > _NONE else "nooit"


def alt_text() -> str:
    """Say in words what the figure shows; the numbers are those drawn."""
    parts = [
        f"{heading} {', '.join(f'{n}: {_percent(k)}' for n, k in chances.items() if k >= _SHOWN)}"
        for heading, _, chances in panels()
    ]
    return "Drie staafdiagrammen met kansen. " + ". ".join(parts) + "."


def picture() -> str:
    """Return the figure as SVG: three rows of bars, each with its chance above it."""
    parts = []
    for heading, name, chances in panels():
        frame = pd.DataFrame({"aantal": chances.index.astype(str), "kans": chances.to_numpy()})
        frame = frame[frame["kans"] >= _SHOWN].assign(procent=lambda f: f["kans"].map(_percent))
        x = alt.X("aantal:N", sort=None, title=name, axis=alt.Axis(labelAngle=0))
        y = alt.Y("kans:Q", title=None, axis=None, scale=alt.Scale(domain=[0, frame["kans"].max() * 1.2]))
        bars = alt.Chart(frame).mark_bar(color=COLORS[0]).encode(x=x, y=y)
        words = alt.Chart(frame).mark_text(dy=-7, fontSize=11).encode(x=x, y=y, text="procent:N")
        title = alt.TitleParams(heading, anchor="start", fontSize=13)
        parts.append(alt.layer(bars, words).properties(width=560, height=110, title=title))
    return to_svg(alt.vconcat(*parts, spacing=18))


def _reads(chances: pd.Series) -> tuple[float, float, float]:
    """Return the chance of reading a zero, few, and a number."""
    count = chances.index.to_numpy()
    zero, number = count == 0, count >= threshold()
    return tuple(float(chances[part].sum()) for part in (zero, ~zero & ~number, number))


def block() -> str:
    """Return the figure with what follows from it."""
    zero, few, number = _reads(drawn(FEW))
    hidden = behind(*_few())
    within = float(drawn(MANY)[lambda k: abs(k.index - MANY) <= 3].sum())
    least = threshold()
    heading = ("Echt aantal", "U leest '0 of enkele'", f"U leest 'minder dan {least}'", "U leest een getal")
    rows = [(str(n), *map(_percent, _reads(drawn(n)))) for n in (1, 2, 3, FEW, 6, 8, 10, 12, 15)]
    highest = int(hidden[hidden >= _SHOWN].index.max())
    or_number = f"; in {_percent(number)} staat er een getal" if number >= _SHOWN else ""
    return blad(
        f"![{alt_text()}]({PICTURE}){{ width=600 }}",
        f"- **Tekening 1.** In het echt zijn het er {FEW}. Het programma trekt een getal in de buurt; "
        f"1 tot en met {noise().js} worden nooit getrokken. In {_percent(zero)} van de gevallen wordt het 0, "
        f"en staat er *0 of enkele*. In {_percent(few)} wordt het {noise().js + 1} tot en met {least - 1}, "
        f"en staat er *minder dan {least} van 103*{or_number}.",
        f"- **Tekening 2.** U leest *minder dan {least} van 103*. Dan kan het er {hidden.index.min()} "
        f"zijn, en ook {highest}. Welk aantal het is, weet u niet. Dat is de bedoeling.",
        f"- **Tekening 3.** U leest {MANY}. In {_percent(within)} van de gevallen is het echte aantal "
        f"hooguit 3 hoger of lager, en altijd hooguit {noise().d}. Op 103 huishoudens maakt dat weinig uit.",
        "Zo vaak leest u wat, bij een echt aantal:",
        tabel(heading, rows),
        "Soms is een klein aantal ook met ruis nog te goed te raden uit de rest van de tabel. Dan staat er "
        "*0 of enkele*, wat er ook getrokken is.",
    ).rstrip()
