"""Sites beside each other as figures: a caterpillar plot in alphabetical order, and a funnel."""

from __future__ import annotations

import pandas as pd

from toekomstscenario_eval.blocks import charts
from toekomstscenario_eval.blocks.alt_text import dots_alt, hidden
from toekomstscenario_eval.blocks.funnels import funnel_chart
from toekomstscenario_eval.blocks.sites import Sites, combine_sites, funnel_table, sites_table
from toekomstscenario_eval.designs.trechter import NIVEAU
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.document.document import Figuur
from toekomstscenario_eval.document.format import interval, number, sentence_case


def caterpillar(
    vrijgave: Release, r: Released, sites: Sites, frame: pd.DataFrame, groepen: pd.Series
) -> Figuur:
    """Sites in alphabetical order, each as observed and drawn to the middle, both with an interval."""
    krimp = sites.tabel.set_index("groep")
    kolommen = ("gekrompen", "krimp_onder", "krimp_boven")
    frame = frame.assign(**{k: groepen.map(krimp[k]) for k in kolommen})
    vorm = sites.maat.vorm
    getoond = sites.tabel["gekrompen"]
    gemiddelde, volgende = number(sites.gemiddelde, vorm), interval(*sites.voorspel, vorm)
    bij = (
        f" Naar het midden getrokken lopen de regio's van {number(getoond.min(), vorm)} tot "
        f"{number(getoond.max(), vorm)}. Gemiddelde van de getoonde regio's: {gemiddelde}; voor een volgende "
        f"regio wordt {volgende} verwacht."
    )
    return Figuur(
        f"{sites.maat.label} per regio, op alfabet: zoals waargenomen en naar het midden getrokken, beide "
        "met 95%-interval. Streep: gemiddelde van de getoonde regio's; grijs: waar een volgende regio naar "
        "verwachting uitkomt. Bij zoveel vergelijkingen tegelijk telt alleen wat na correctie (Holm) afwijkt",
        dots_alt(frame, sites.maat, float("nan"), "regio") + bij,
        charts.dots(frame, sites.maat, sites.gemiddelde, lijn_naam="gemiddelde", band=sites.voorspel),
        sites_table(vrijgave, r.sleutel, sites),
    )


def funnel_figure(vrijgave: Release, sleutel: str, *, maat: str | None = None) -> Figuur | None:
    """Return the sites in a funnel with control limits, or None when there is nothing to compare."""
    sites = combine_sites(vrijgave, sleutel, maat=maat)
    if sites is None:
        return None
    t, vorm = sites.trechter, sites.maat.vorm
    delen = [
        f"Trechterfiguur: {sentence_case(sites.maat.label)} van {len(sites.tabel)} regio's naar omvang, met "
        f"grenzen van 95% en 99,8% om het geheel ({number(sites.doel, vorm)})."
    ]
    for niveau, buiten in t.buiten.items():
        namen = ", ".join(sites.tabel["naam"][buiten])
        delen.append(f"Buiten de {NIVEAU[niveau]}-grens: {namen or 'geen regio'}.")
    op_omvang = sites.tabel.sort_values(["omvang", "naam"])
    delen += [
        f"{woord}: {rij['naam']} met {number(rij['schatting'], vorm)}."
        for woord, rij in (("Kleinste regio", op_omvang.iloc[0]), ("Grootste", op_omvang.iloc[-1]))
    ]
    breder = (
        " De grenzen zijn verbreed, omdat regio's meer verschillen dan toeval verklaart." if t.phi > 1 else ""
    )
    return Figuur(
        f"{sites.maat.label}: regio's in een trechter. Binnen de grenzen is een verschil met het geheel niet "
        "meer dan toeval. De grenzen gelden per regio; voor alle regio's samen (Holm), zie de zin erbij."
        f"{breder}",
        " ".join(delen) + hidden(sites.verborgen),
        funnel_chart(sites),
        funnel_table(vrijgave, sleutel, sites),
    )
