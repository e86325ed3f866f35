"""Sites beside each other: how much they really differ, and shrunken figures instead of a league table.

Everything follows from released numbers: what is hidden plays no part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.designs._sites import MINST, Floats, Scale, site_data
from toekomstscenario_eval.designs.meta import NAAM, MetaAnalysis, deviating, shrink
from toekomstscenario_eval.designs.trechter import NIVEAU, Funnel, around, limits
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import Alinea, Cel, Getal, Tabel, Tekst, Uitvoer
from toekomstscenario_eval.document.format import field, interval, number
from toekomstscenario_eval.types import SITE, Maat, Vorm

OMVANG = {
    "binomiaal": "aantal eenheden, gecorrigeerd voor samenhang in een gezin",
    "poisson": "tijd onder waarneming, gecorrigeerd voor spreiding",
    "normaal": "nauwkeurigheid (1 / standaardfout²)",
}


@dataclass(frozen=True)
class Sites:
    """Released sites combined on a scale where normality fits, and brought back.

    Attributes
    ----------
    per, naam, maat : str, str, Maat
        The breakdown, and the estimand that is compared.
    tabel : DataFrame
        Per site that is shown: `groep`, `naam`, estimate and interval, `omvang` (size in the funnel),
        `gekrompen`, `krimp_onder`, `krimp_boven`.
    gemiddelde, voorspel : float, tuple of float
        Mean over the sites, and 95% prediction interval for a new one.
    afwijkend : tuple of str
        Sites that differ from the others (Holm, 5% over all together).
    trechter : Funnel
        Around `doel`, on the scale of `schaal`.
    verborgen : int
        Sites that play no part: hidden, or without an interval.
    bronnen : tuple of str
        Ids of the numbers that went in.
    """

    per: str
    naam: str
    maat: Maat
    meta: MetaAnalysis
    tabel: pd.DataFrame
    gemiddelde: float
    voorspel: tuple[float, float]
    afwijkend: tuple[str, ...]
    trechter: Funnel
    doel: float
    schaal: Scale
    verborgen: int
    bronnen: tuple[str, ...]

    @property
    def id(self) -> str:
        """Name of what was combined, by which it can be traced."""
        return access.derived_id(NAAM, self.bronnen)

    def limits(self, omvang: Floats, niveau: float) -> tuple[Floats, Floats]:
        """Return the control limits of the funnel in the unit of the estimand."""
        return limits(self.trechter, self.schaal, omvang, niveau)


def combine_sites(
    vrijgave: Release, sleutel: str, *, per: str = SITE, maat: str | None = None
) -> Sites | None:
    """Combine the sites that are shown; None when there is nothing to compare (see `designs._sites`)."""
    r = access.released(vrijgave, sleutel)
    naam = maat or access.headline(r)
    access.rows(r, uitsplitsing=per, maat=naam)
    sites = site_data(r, per=per, maat=naam)
    if sites is None:
        return None
    s = shrink(sites)
    doel, trechter = around(sites, s.gemiddelde)
    tabel = pd.DataFrame(
        {
            "groep": sites.tabel["groep"],
            "naam": access.named(r, sites.tabel)["naam"],
            **{k: sites.tabel[k].astype(float) for k in ("schatting", "ondergrens", "bovengrens")},
            "omvang": sites.omvang,
            "gekrompen": s.gekrompen,
            "krimp_onder": s.krimp_onder,
            "krimp_boven": s.krimp_boven,
        }
    )
    return Sites(
        per,
        sites.naam,
        sites.maat,
        s.meta,
        tabel,
        s.gemiddelde,
        s.voorspel,
        tuple(tabel["naam"][deviating(sites.y, sites.se)]),
        trechter,
        doel,
        sites.schaal,
        sites.verborgen,
        sites.bronnen,
    )


def sites_sentence(sites: Sites, *, figuur: bool = True) -> Alinea:
    """Return how much the sites differ beyond chance, in plain words."""
    aantal, maat = len(sites.tabel), sites.maat
    deel = number(sites.meta.i2, Vorm.AANDEEL)
    wie = ", ".join(sites.afwijkend)
    begin = f"Na correctie voor {aantal} vergelijkingen tegelijk (Holm) wijkt"
    afwijkend = f"{begin} af: {wie}." if wie else f"{begin} geen enkele regio af van de andere."
    ruiten = " De open ruiten in de figuur zijn naar het midden getrokken schattingen." if figuur else ""
    weg = (
        f" {sites.verborgen} regio's doen niet mee, omdat hun cijfer onderdrukt is of geen interval heeft; "
        "het gemiddelde geldt alleen voor de getoonde regio's."
        if sites.verborgen
        else ""
    )
    return Alinea(
        (
            Tekst("Van de verschillen tussen regio's is "),
            Getal(deel, f"{sites.id}.i2"),
            Tekst(" meer dan toeval (I²). Een volgende, vergelijkbare regio komt naar verwachting uit op "),
            Getal(interval(*sites.voorspel, maat.vorm), f"{sites.id}.interval"),
            Tekst(
                f". {afwijkend}{ruiten} Hoe minder gegevens een regio heeft, hoe sterker haar cijfer naar "
                f"het midden wordt getrokken (empirisch Bayes).{weg}"
            ),
        )
    )


def funnel_sentence(sites: Sites) -> Alinea:
    """Return which sites lie outside the limits, and how many would by chance alone."""
    t, aantal = sites.trechter, len(sites.tabel)
    delen = []
    for niveau in t.buiten:
        namen = ", ".join(sites.tabel["naam"][t.buiten[niveau]])
        delen.append(f"Buiten de {NIVEAU[niveau]}-grens: {namen or 'geen'}.")
    breder = (
        " De grenzen zijn verbreed, omdat regio's meer verschillen dan toeval verklaart (factor "
        f"{number(t.phi, Vorm.GETAL)})."
        if t.phi > 1
        else ""
    )
    toeval = number(aantal * 0.05, Vorm.GETAL)
    return Alinea(
        (
            Tekst(
                f"{' '.join(delen)} Van {aantal} regio's valt er ook zonder echt verschil naar verwachting "
                f"{toeval} buiten de 95%-grens; in de trechter is daarvoor niet gecorrigeerd.{breder}"
            ),
        )
    )


def _own(
    vrijgave: Release,
    sleutel: str,
    sites: Sites,
    cellen: Callable[[access.Row, int], tuple[Cel, ...]],
    *,
    breed: int,
) -> tuple[tuple[Cel, ...], ...]:
    """Return a row per site, on alphabet: its name, and `breed` cells when it takes part."""
    r = access.released(vrijgave, sleutel)
    plek = {g: i for i, g in enumerate(sites.tabel["groep"])}
    uit = []
    for rij in access.records(access.rows(r, uitsplitsing=sites.per, maat=sites.naam)):
        weg = Cel("", rechts=True, onderdrukt=True) if rij["onderdrukt"] else Cel("geen", rechts=True)
        eigen = cellen(rij, plek[rij["groep"]]) if rij["groep"] in plek else (weg,) * breed
        uit.append((Cel(rij["naam"]), *eigen))
    return tuple(uit)


def sites_table(vrijgave: Release, sleutel: str, sites: Sites) -> Tabel:
    """Return the figure of every site as observed and drawn to the middle, both with an interval."""
    vorm = sites.maat.vorm

    def cellen(rij: access.Row, i: int) -> tuple[Cel, ...]:
        deel, groep = sites.tabel.iloc[i], rij["groep"]
        tussen = interval(deel["krimp_onder"], deel["krimp_boven"], vorm)
        return (
            number_cell(rij, vorm),
            interval_cell(rij, vorm),
            Cel(number(deel["gekrompen"], vorm), f"{sites.id}.gekrompen.{groep}", rechts=True),
            Cel(tussen, f"{sites.id}.gekrompen_interval.{groep}", rechts=True),
            count_cell(rij, "n"),
        )

    kop = (
        "Zoals waargenomen",
        "95%-interval",
        "Naar het midden getrokken",
        "95%-interval daarvan",
        "Huishoudens",
    )
    return Tabel(
        f"{sites.maat.label}: regio's naast elkaar",
        (field(sites.per), *kop),
        _own(vrijgave, sleutel, sites, cellen, breed=len(kop)),
        (f"Op alfabet, geen ranglijst. Eenheid: {sites.maat.eenheid}.",),
    )


def funnel_table(vrijgave: Release, sleutel: str, sites: Sites) -> Tabel:
    """Return for every site its size, the limits at that size, and whether it lies between them."""
    vorm, t = sites.maat.vorm, sites.trechter
    omvang = sites.tabel["omvang"].to_numpy()
    grenzen = {niveau: sites.limits(omvang, niveau) for niveau in t.buiten}

    def cellen(rij: access.Row, i: int) -> tuple[Cel, ...]:
        def cel(tekst: str, veld: str) -> Cel:
            return Cel(tekst, f"{sites.id}.{veld}.{rij['groep']}", rechts=True)

        plaats = next(
            (f"buiten {NIVEAU[k]}" for k in sorted(t.buiten, reverse=True) if t.buiten[k][i]), "binnen"
        )
        return (
            number_cell(rij, vorm),
            cel(number(round(float(omvang[i])), Vorm.TELLING), "omvang"),
            *(
                cel(interval(float(onder[i]), float(boven[i]), vorm), f"grens_{NIVEAU[niveau]}")
                for niveau, (onder, boven) in grenzen.items()
            ),
            Cel(plaats),
        )

    kop = ("Zoals waargenomen", "Omvang", *(f"Grenzen van {NIVEAU[niveau]}" for niveau in grenzen), "Plaats")
    return Tabel(
        f"{sites.maat.label}: regio's in de trechter om het geheel",
        (field(sites.per), *kop),
        _own(vrijgave, sleutel, sites, cellen, breed=len(kop)),
        (f"Geheel: {number(sites.doel, vorm)}. Omvang: {OMVANG[t.soort]}.",),
    )


def regios(vrijgave: Release, sleutel: str, *, per: str = SITE, maat: str | None = None) -> Uitvoer:
    """Show in a notebook the sites beside each other: raw, shrunken, in the funnel, and in words.

    Parameters
    ----------
    vrijgave : Release
        The answer of `Study.geef_vrij`; anything else is refused.
    sleutel : str
        Name of the result, such as `aandeel_ots`, computed with `per="proeftuin"`.
    per : str
        The breakdown that holds the sites.
    maat : str, optional
        Which estimand; default the headline.
    """
    sites = combine_sites(vrijgave, sleutel, per=per, maat=maat)
    if sites is None:
        return Uitvoer((too_few(),), vrijgave.id)
    tabel = sites_table(vrijgave, sleutel, sites)
    trechter = funnel_table(vrijgave, sleutel, sites)
    zinnen = sites_sentence(sites, figuur=False), funnel_sentence(sites)
    return Uitvoer((tabel, zinnen[0], trechter, zinnen[1]), vrijgave.id)


def too_few() -> Alinea:
    """Return why sites are not set beside each other."""
    reden = (
        f"Minder dan {MINST} regio's hebben een getoond cijfer met interval, of bij geen ervan telt iets mee"
    )
    return Alinea((Tekst(f"{reden}: er valt niets te vergelijken."),))
