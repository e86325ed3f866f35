"""The worked Kaplan-Meier example of "Een verslag lezen", computed by the estimator itself."""

from __future__ import annotations

import altair as alt
import pandas as pd
from opmaak import blad, tabel

from toekomstscenario_eval.blocks.charts import COLORS, to_svg
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.estimators import duration
from toekomstscenario_eval.types import Maat, Vorm

PLAATJE = "afbeeldingen/kaplan-meier.svg"
# First day in view, last day in view, and whether the end was seen; days since the start of the duo.
DUOS = (
    (0, 40, True),
    (0, 60, False),
    (0, 90, True),
    (0, 90, True),
    (30, 120, True),
    (0, 150, False),
    (0, 200, True),
    (100, 250, False),
)


def samenvatting() -> pd.DataFrame:
    """Return the duos as the estimator wants them: entries, ends and censorings per day."""
    erin = [(van, -1, 1) for van, _, _ in DUOS]
    eruit = [(tot, int(gezien), 1) for _, tot, gezien in DUOS]
    return pd.DataFrame(erin + eruit, columns=["dag", "soort", "n"])


def mediaan() -> float:
    """Return the median of the example."""
    maten = {"mediaan": Maat("Mediaan", "dagen", Vorm.DAGEN)}
    uit = duration.estimate_group(samenvatting(), huishoudens=len(DUOS), maten=maten, horizon=250)
    return float(uit.schattingen[0]["schatting"])


def stappen() -> pd.DataFrame:
    """Return one row per day on which a duo ended: `dag, lopen, eindigen, overleving`."""
    c = duration.compute(samenvatting())
    alle = pd.DataFrame({"dag": c.dagen, "lopen": c.risico, "eindigen": c.eind, "overleving": c.overleving})
    return alle[alle["eindigen"] > 0].reset_index(drop=True)


def blok() -> str:
    """Return the tables, the figure and the conclusion."""
    rijen = [
        (
            str(i),
            "dag 0" if van == 0 else f"dag {van} (liep al)",
            f"dag {tot}",
            "duo eindigt" if gezien else "duo loopt nog (gecensureerd)",
        )
        for i, (van, tot, gezien) in enumerate(DUOS, start=1)
    ]
    vorig, berekend = 1.0, []
    for dag, lopen, eindigen, deel in _regels():
        som = f"{number(vorig, Vorm.AANDEEL)} × {lopen - eindigen:.0f}/{lopen:.0f}"
        uitkomst = f"{som} = {number(deel, Vorm.AANDEEL)}"
        berekend.append((f"{dag:.0f}", f"{lopen:.0f}", f"{eindigen:.0f}", uitkomst))
        vorig = deel
    return blad(
        tabel(("Duo", "In beeld vanaf", "In beeld tot", "Wat zien we dan"), rijen),
        "Op elke dag waarop een duo eindigt, kijken we welke duo's dan in beeld zijn en hoeveel er stoppen:",
        tabel(("Dag", "Duo's in beeld", "Eindigen", "Deel dat nog loopt"), berekend),
        f"![Trapvormige lijn van het deel van de duo's dat nog loopt, tegen de dagen sinds het begin: "
        f"{_alt()}.]({PLAATJE}){{ width=600 }}",
        f"Op dag {mediaan():.0f} zakt de lijn voor het eerst tot de helft of lager. De **mediaan** is dus "
        f"{mediaan():.0f} dagen.",
    ).rstrip()


def _regels() -> list[list[float]]:
    return [[float(w) for w in rij] for rij in stappen().to_numpy()]


def _alt() -> str:
    return ", ".join(f"na dag {dag:.0f} nog {number(deel, Vorm.AANDEEL)}" for dag, _, _, deel in _regels())


def plaatje() -> str:
    """Return the curve as SVG, with the days on which a duo went out of view still running."""
    s = stappen()
    einde = max(tot for _, tot, _ in DUOS)
    hoogte = s["overleving"].tolist()
    lijn = pd.DataFrame({"dag": [0, *s["dag"], einde], "deel": [1.0, *hoogte, hoogte[-1]]})
    open_ = pd.DataFrame({"dag": [float(tot) for _, tot, gezien in DUOS if not gezien]})
    open_["deel"] = [lijn.loc[lijn["dag"] <= d, "deel"].iloc[-1] for d in open_["dag"]]
    x = alt.X("dag:Q", title="Dagen sinds het begin", axis=alt.Axis(values=list(range(0, einde + 1, 30))))
    y = alt.Y(
        "deel:Q",
        title="Deel dat nog loopt",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    trap = alt.Chart(lijn).mark_line(interpolate="step-after", color=COLORS[0], strokeWidth=2)
    merk = alt.Chart(open_).mark_tick(color=COLORS[1], orient="vertical", size=18, thickness=3)
    helft = alt.Chart(pd.DataFrame({"deel": [0.5]})).mark_rule(color="#595959", strokeDash=[4, 3])
    lagen = alt.layer(trap.encode(x=x, y=y), helft.encode(y="deel:Q"), merk.encode(x=x, y=y))
    return to_svg(lagen.properties(width=520, height=230))
