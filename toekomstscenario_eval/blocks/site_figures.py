"""Sites beside each other as figures: a caterpillar plot in alphabetical order, and a funnel."""

from __future__ import annotations

import pandas as pd

from toekomstscenario_eval.blocks import charts
from toekomstscenario_eval.blocks.alt_text import dots_alt, hidden
from toekomstscenario_eval.blocks.funnels import funnel_chart
from toekomstscenario_eval.blocks.sites import Sites, combine_sites, funnel_table, sites_table
from toekomstscenario_eval.designs.funnel import NIVEAU, Funnel
from toekomstscenario_eval.document.document import Figuur
from toekomstscenario_eval.document.format import interval, number, sentence_case
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Result


def caterpillar(
    vrijgave: Release, r: Result, sites: Sites, frame: pd.DataFrame, groepen: pd.Series
) -> Figuur:
    """Sites in alphabetical order, each as observed and drawn to the middle, both with an interval."""
    shrink = sites.tabel.set_index("groep")
    columns = ("gekrompen", "krimp_onder", "krimp_boven")
    frame = frame.assign(**{k: groepen.map(shrink[k]) for k in columns})
    vorm = sites.maat.vorm
    shown = sites.tabel["gekrompen"]
    mean, following = number(sites.gemiddelde, vorm), interval(*sites.predict, vorm)
    at = (
        f" Naar het midden getrokken lopen de regio's van {number(shown.min(), vorm)} tot "
        f"{number(shown.max(), vorm)}. Gemiddelde van de {sites.whose}: {mean}; voor een volgende "
        f"wordt {following} verwacht."
    )
    return Figuur(
        f"{sites.maat.label} per regio, op alfabet: zoals waargenomen en naar het midden getrokken, beide "
        f"met 95%-interval. Streep: gemiddelde van de {sites.whose}; grijs: waar een volgende naar "
        "verwachting uitkomt. Bij zoveel vergelijkingen tegelijk telt alleen wat na correctie (Holm) afwijkt",
        dots_alt(frame, sites.maat, float("nan"), "regio") + at,
        charts.dots(frame, sites.maat, sites.gemiddelde, line_naam="gemiddelde", tie=sites.predict),
        sites_table(vrijgave, r.sleutel, sites),
    )


def _whole(sites: Sites) -> str:
    return f"{'de' if sites.tabel['apart'].any() else 'het'} {sentence_case(sites.whole)}"


def _meaning(t: Funnel) -> str:
    """Say what lies within the limits: chance, chance and noise, or the spread between sites."""
    if t.phi > 1:
        return (
            "Regio's verschillen meer dan toeval verklaart, en de grenzen zijn daarvoor verbreed: binnen de "
            "grenzen verschilt een regio niet meer van het geheel dan bij deze spreiding tussen regio's past."
        )
    noise = " en de ruis in de tellingen" if t.ruis is not None else ""
    return f"Binnen de grenzen is een verschil met het geheel niet van toeval{noise} te onderscheiden."


def _apart(sites: Sites) -> str:
    """Say how comparison regions are drawn, and what they have to do with the limits."""
    if not sites.tabel["apart"].any():
        return ""
    return " Open vierkant: vergelijkingsregio; die telt voor het geheel en de grenzen niet mee."


def funnel_figure(vrijgave: Release, key: str, *, maat: str | None = None) -> Figuur | None:
    """Return the sites in a funnel with control limits, or None when there is nothing to compare."""
    sites = combine_sites(vrijgave, key, maat=maat)
    if sites is None or not sites.funnel.meaningful or sites.tabel["schatting"].isna().all():
        return None
    t, vorm = sites.funnel, sites.maat.vorm
    parts = [
        f"Trechterfiguur: {sentence_case(sites.maat.label)} van {len(sites.tabel)} regio's naar omvang, met "
        f"grenzen van 95% en 99,8% om {_whole(sites)} ({number(sites.doel, vorm)})."
    ]
    for niveau, outside in t.buiten.items():
        namen = ", ".join(sites.tabel["naam"][outside])
        parts.append(f"Buiten de {NIVEAU[niveau]}-grens: {namen or 'geen regio'}.")
    on_extent = sites.tabel.dropna(subset="schatting").sort_values(["omvang", "naam"])
    parts += [
        f"{word}: {row['naam']} met {number(row['schatting'], vorm)}."
        for word, row in (("Kleinste getoonde omvang", on_extent.iloc[0]), ("Grootste", on_extent.iloc[-1]))
    ]
    return Figuur(
        f"{sites.maat.label}: regio's in een trechter om {_whole(sites)}. {_meaning(t)}{_apart(sites)} "
        "De grenzen gelden per regio; voor alle "
        "regio's samen (Holm), zie de zin erbij.",
        " ".join(parts) + hidden(int(sites.tabel["schatting"].isna().sum())),
        funnel_chart(sites),
        funnel_table(vrijgave, key, sites),
    )
