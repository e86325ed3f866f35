"""Sites beside each other: how much they really differ, and shrunken figures instead of a league table.

Everything follows from released numbers: what is hidden plays no part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.designs._combined import LEAST_OTHERS
from toekomstscenario_eval.designs._sites import LEAST, Floats, Scale, compared, site_data, why_none
from toekomstscenario_eval.designs.funnel import NIVEAU, Funnel, around, limits
from toekomstscenario_eval.designs.meta import NAAM, compared_sites, shrink
from toekomstscenario_eval.document.document import Alinea, Cel, Getal, Output, Tabel, Tekst
from toekomstscenario_eval.document.format import field, interval, number
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE, Maat, Result, Vorm

# Share of the variance between sites from which on they differ considerably (Higgins and others 2003).
_MUCH = 0.75
EXTENT = {
    "binomiaal": "aantal eenheden, gecorrigeerd voor samenhang in een gezin",
    "poisson": "tijd onder waarneming, gecorrigeerd voor spreiding",
    "normaal": "nauwkeurigheid (1 / standaardfout²)",
    "ruis": "gepubliceerd aantal huishoudens",
}


@dataclass(frozen=True)
class Sites:
    """Result sites combined on a scale where normality fits, and brought back.

    Attributes
    ----------
    per, naam, maat : str, str, Maat
        The breakdown, and the estimand that is compared.
    tabel : DataFrame
        Per site: `groep`, `naam`, estimate and interval, `omvang` (size in the funnel), `apart` (a comparison
        region beside other ones),
        `gekrompen`, `krimp_onder`, `krimp_boven`.
    i2 : float
        Share of the variance between sites that is more than chance (0-1).
    gemiddelde, predict : float, tuple of float
        Mean over the sites, and 95% prediction interval for a new one.
    one_less : tuple of float
        Between which values that mean lies with one site left out; NaN with fewer than four.
    most : str
        The site without which it moves most; empty when none is left out.
    tested : int
        How many sites were held against the others of their kind.
    deviating : tuple of str
        Those of them that differ from the others (Holm, 5% over all that were tested).
    funnel : Funnel
        Around `doel`, on the scale of `schaal`.
    bronnen : tuple of str
        Ids of the numbers that went in.
    """

    per: str
    naam: str
    maat: Maat
    i2: float
    tabel: pd.DataFrame
    gemiddelde: float
    predict: tuple[float, float]
    one_less: tuple[float, float]
    most: str
    tested: int
    deviating: tuple[str, ...]
    funnel: Funnel
    doel: float
    schaal: Scale
    bronnen: tuple[str, ...]

    @property
    def whose(self) -> str:
        """What is combined, in a word."""
        return "proeftuinen" if self.tabel["apart"].any() else "regio's"

    @property
    def following(self) -> str:
        """What the prediction is of."""
        more = "Een volgende, vergelijkbare"
        return f"{more} proeftuin" if self.tabel["apart"].any() else f"{more} regio"

    @property
    def whole(self) -> str:
        """What the target of the funnel is: a whole, or a mean in which the surer site weighs more."""
        if not self.tabel["apart"].any():
            return "Geheel"
        by_error = self.funnel.soort == "normaal"
        return "Proeftuinen, gewogen" if by_error else "Proeftuinen samen"

    @property
    def id(self) -> str:
        """Name of what was combined, by which it can be traced."""
        return access.derived_id(NAAM, self.bronnen)

    def limits(self, extent: Floats, niveau: float) -> tuple[Floats, Floats]:
        """Return the control limits of the funnel in the unit of the estimand."""
        return limits(self.funnel, self.schaal, extent, niveau)


def combine_sites(vrijgave: Release, key: str, *, per: str = SITE, maat: str | None = None) -> Sites | None:
    """Combine all sites; None when there is nothing to compare, or not by all (see `designs._sites`)."""
    r = access.released(vrijgave, key)
    naam = maat or compared(r)
    access.rows(r, uitsplitsing=per, maat=naam)
    sites = site_data(r, per=per, maat=naam)
    if sites is None:
        return None
    s = shrink(sites)
    target, funnel = around(sites, s.gemiddelde)
    found = compared_sites(sites)
    table = pd.DataFrame(
        {
            "groep": sites.tabel["groep"],
            "naam": access.named(r, sites.tabel)["naam"],
            **{k: sites.tabel[k].astype(float) for k in ("schatting", "ondergrens", "bovengrens")},
            "omvang": sites.omvang,
            "apart": sites.apart,
            "gekrompen": s.gekrompen,
            "krimp_onder": s.krimp_onder,
            "krimp_boven": s.krimp_boven,
        }
    )
    return Sites(
        per,
        sites.naam,
        sites.maat,
        s.i2,
        table,
        s.gemiddelde,
        s.predict,
        s.one_less,
        "" if s.most is None else str(table["naam"].iloc[s.most]),
        int(found.tested.sum()),
        tuple(table["naam"][found.deviating]),
        funnel,
        target,
        sites.schaal,
        sites.bronnen,
    )


def sites_sentence(sites: Sites, *, figure: bool = True, headline: bool = True) -> Alinea:
    """Return how much the sites differ beyond chance, in plain words; which figure when not the headline."""
    about = "V" if headline else f"{sites.maat.label}: v"
    maat, part = sites.maat, number(sites.i2, Vorm.AANDEEL)
    diamonds = " De open ruiten in de figuur zijn naar het midden getrokken schattingen." if figure else ""
    return Alinea(
        (
            Tekst(f"{about}an de verschillen tussen {sites.whose} is "),
            Getal(part, f"{sites.id}.i2"),
            Tekst(f" meer dan toeval (I²). {sites.following} komt naar verwachting uit op "),
            Getal(interval(*sites.predict, maat.vorm), f"{sites.id}.interval"),
            *_one_less(sites),
            Tekst(
                f". {_standing_out(sites)}{diamonds} Hoe minder gegevens een regio heeft, hoe sterker haar "
                "cijfer naar het midden wordt getrokken (empirisch Bayes)."
            ),
        )
    )


def _one_less(sites: Sites) -> tuple[Tekst | Getal, ...]:
    """Return where the mean lies with one site less, and without which it moves most."""
    if not sites.most:
        return ()
    return (
        Tekst(". Met telkens één regio minder komt het gemiddelde uit op "),
        Getal(interval(*sites.one_less, sites.maat.vorm), f"{sites.id}.zonder_een"),
        Tekst(f"; het verschuift het meest zonder {sites.most}"),
    )


def _standing_out(sites: Sites) -> str:
    """Return which sites differ from the others, and of how many that was tested."""
    many, who = sites.tested, ", ".join(sites.deviating)
    if not many:
        return (
            "Of één regio afwijkt van de andere, is niet getoetst: daarvoor zijn er van een soort ten minste "
            f"{LEAST_OTHERS} nodig."
        )
    begin = f"Na correctie voor {many} vergelijkingen tegelijk (Holm) wijkt"
    text = f"{begin} af: {who}." if who else f"{begin} geen enkele regio af van de andere."
    if not who and sites.i2 >= _MUCH:
        text = (
            f"{sites.whose.capitalize()} verschillen dus onderling veel. Bij die spreiding springt er na "
            f"correctie voor {many} vergelijkingen tegelijk (Holm) niet één uit; gelijk zijn zij daarmee "
            "niet."
        )
    if many == len(sites.tabel):
        return text
    return f"{text} Regio's van een soort met minder dan {LEAST_OTHERS} zijn niet apart getoetst."


def funnel_sentence(sites: Sites) -> Alinea:
    """Return which sites lie outside the limits, and how many would by chance alone."""
    t, aantal = sites.funnel, len(sites.tabel)
    if not t.meaningful:
        factor = Getal(number(t.phi, Vorm.GETAL), f"{sites.id}.phi")
        return Alinea(
            (
                Tekst("Er is geen trechter: regio's verschillen "),
                factor,
                Tekst(
                    " keer zoveel als toeval verklaart (dispersiefactor). Grenzen om één geheel zeggen dan "
                    "niet wie ervan afwijkt."
                ),
            )
        )
    parts = []
    for niveau in t.buiten:
        namen = ", ".join(sites.tabel["naam"][t.buiten[niveau]])
        parts.append(f"Buiten de {NIVEAU[niveau]}-grens: {namen or 'geen'}.")
    wider = (
        " De grenzen zijn verbreed, omdat regio's meer verschillen dan toeval verklaart (factor "
        f"{number(t.phi, Vorm.GETAL)})."
        if t.phi > 1
        else ""
    )
    chance = number(aantal * 0.05, Vorm.GETAL)
    small = int(sites.tabel["schatting"].isna().sum())
    not_drawn = (
        f" {small} regio's zijn niet getekend, omdat hun telling te klein is om hun cijfer te tonen; of zij "
        "binnen de grenzen liggen, is wel nagegaan."
    )
    return Alinea(
        (
            Tekst(
                f"{' '.join(parts)} Van {aantal} regio's valt er ook zonder echt verschil naar verwachting "
                f"{chance} buiten de 95%-grens; in de trechter is daarvoor niet gecorrigeerd.{wider}"
            ),
            *((Tekst(not_drawn),) if small else ()),
        )
    )


def _own(
    vrijgave: Release,
    key: str,
    sites: Sites,
    cells: Callable[[access.Row, int], tuple[Cel, ...]],
    *,
    wide: int,
) -> tuple[tuple[Cel, ...], ...]:
    """Return a row per site, in alphabetical order: its name, and `wide` cells when it takes part."""
    r = access.released(vrijgave, key)
    spot = {g: i for i, g in enumerate(sites.tabel["groep"])}
    out = []
    for row in access.records(access.rows(r, uitsplitsing=sites.per, maat=sites.naam)):
        gone = Cel("", rechts=True, onderdrukt=True) if row["onderdrukt"] else Cel("geen", rechts=True)
        # Of who takes no part there is at most the count in words.
        first = number_cell(row, sites.maat.vorm) if row["leest"] else gone
        own = cells(row, spot[row["groep"]]) if row["groep"] in spot else (first, *(gone,) * (wide - 1))
        out.append((Cel(row["naam"]), *own))
    return tuple(out)


def sites_table(vrijgave: Release, key: str, sites: Sites) -> Tabel:
    """Return the figure of every site as observed and drawn to the middle, both with an interval."""
    vorm = sites.maat.vorm

    def cells(row: access.Row, i: int) -> tuple[Cel, ...]:
        part, groep = sites.tabel.iloc[i], row["groep"]
        between = interval(part["krimp_onder"], part["krimp_boven"], vorm)
        return (
            number_cell(row, vorm),
            interval_cell(row, vorm),
            Cel(number(part["gekrompen"], vorm), f"{sites.id}.gekrompen.{groep}", rechts=True),
            Cel(between, f"{sites.id}.gekrompen_interval.{groep}", rechts=True),
            count_cell(row, "n"),
        )

    heading = (
        "Zoals waargenomen",
        "95%-interval",
        "Naar het midden getrokken",
        "95%-interval daarvan",
        "Huishoudens",
    )
    return Tabel(
        f"{sites.maat.label}: regio's naast elkaar",
        (field(sites.per), *heading),
        _own(vrijgave, key, sites, cells, wide=len(heading)),
        (f"Op alfabet, geen ranglijst. Eenheid: {sites.maat.eenheid}.",),
    )


def funnel_table(vrijgave: Release, key: str, sites: Sites) -> Tabel:
    """Return for every site its size, the limits at that size, and whether it lies between them."""
    vorm, t = sites.maat.vorm, sites.funnel
    extent = sites.tabel["omvang"].to_numpy()
    bounds = {niveau: sites.limits(extent, niveau) for niveau in t.buiten}

    def cells(row: access.Row, i: int) -> tuple[Cel, ...]:
        def cell(text: str, entry: str) -> Cel:
            return Cel(text, f"{sites.id}.{entry}.{row['groep']}", rechts=True)

        place = next(
            (f"buiten {NIVEAU[k]}" for k in sorted(t.buiten, reverse=True) if t.buiten[k][i]), "binnen"
        )
        return (
            number_cell(row, vorm),
            cell(number(round(float(extent[i])), Vorm.TELLING), "omvang"),
            *(
                cell(interval(float(under[i]), float(above[i]), vorm), f"grens_{NIVEAU[niveau]}")
                for niveau, (under, above) in bounds.items()
            ),
            Cel(place),
        )

    heading = (
        "Zoals waargenomen",
        "Omvang",
        *(f"Grenzen van {NIVEAU[niveau]}" for niveau in bounds),
        "Plaats",
    )
    return Tabel(
        f"{sites.maat.label}: regio's in de trechter om het geheel",
        (field(sites.per), *heading),
        _own(vrijgave, key, sites, cells, wide=len(heading)),
        (f"{sites.whole}: {number(sites.doel, vorm)}. Omvang: {EXTENT[t.soort]}.",),
    )


def regios(
    vrijgave: Release | Result, sleutel: str = "", *, per: str = SITE, maat: str | None = None
) -> Output:
    """Show in a notebook the sites beside each other: raw, shrunken, in the funnel, and in words.

    Parameters
    ----------
    vrijgave : Result or Release
        The answer of `Study.bereken` or `Study.bundel`; anything else is refused.
    sleutel : str
        Name of the result in a bundle, such as `aandeel_ots`, computed with `per="proeftuin"`.
    per : str
        The breakdown that holds the sites.
    maat : str, optional
        Which estimand; default the headline.
    """
    release, key = access.shown(vrijgave, sleutel)
    sites = combine_sites(release, key, per=per, maat=maat)
    if sites is None:
        return Output((no_comparison(release, key, per=per, maat=maat),), release.id)
    table = sites_table(release, key, sites)
    funnel = (funnel_table(release, key, sites),) if sites.funnel.meaningful else ()
    sentences = sites_sentence(sites, figure=False), funnel_sentence(sites)
    return Output((table, sentences[0], *funnel, sentences[1]), release.id)


def no_comparison(vrijgave: Release, key: str, *, per: str = SITE, maat: str | None = None) -> Alinea:
    """Return why sites are not set beside each other."""
    reden = why_none(access.released(vrijgave, key), per=per, maat=maat) or (
        f"Er zijn minder dan {LEAST} regio's met een cijfer, of bij geen ervan telt iets mee: er valt niets "
        "te vergelijken."
    )
    return Alinea((Tekst(reden),))
