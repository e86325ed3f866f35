"""Sites beside each other: how much they really differ, and shrunken figures instead of a league table.

Everything follows from released numbers: what is hidden plays no part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.designs.meta import Floats, MetaAnalysis, combine, deviating
from toekomstscenario_eval.designs.trechter import Funnel, Soort, funnel
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.document.document import Alinea, Cel, Getal, Tabel, Tekst, Uitvoer
from toekomstscenario_eval.document.format import FORMS, field, group, interval, number
from toekomstscenario_eval.types import Kind, Maat, Vorm

SITE = "proeftuin"
MINST = 3
NIVEAU = {0.95: "95%", 0.998: "99,8%"}
OMVANG = {
    "binomiaal": "aantal eenheden, gecorrigeerd voor samenhang in een gezin",
    "poisson": "tijd onder waarneming, gecorrigeerd voor spreiding",
    "normaal": "nauwkeurigheid (1 / standaardfout²)",
}
_Z = 1.959963984540054
_BIJ_NUL = 0.5  # added to nothing, so that a site without events has a place on the log scale


@dataclass(frozen=True)
class Scale:
    """A scale where normality fits: there and back."""

    heen: Callable[[Floats], Floats]
    terug: Callable[[Floats], Floats]


_LOGIT = Scale(lambda p: np.log(p / (1 - p)), lambda x: 1 / (1 + np.exp(-x)))
_LOG = Scale(np.log, np.exp)
_GEWOON = Scale(np.asarray, np.asarray)


@dataclass(frozen=True)
class Sites:
    """Released sites combined on a scale where normality fits, and brought back.

    Attributes
    ----------
    per, naam, maat : str, str, Maat
        The breakdown, and the estimand that is compared.
    tabel : DataFrame
        Per site that is shown: `groep`, estimate and interval, `omvang` (size in the funnel), `gekrompen`,
        `krimp_onder`, `krimp_boven`.
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
        return access.derived_id("regio's", self.bronnen)

    def limits(self, omvang: Floats, niveau: float) -> tuple[Floats, Floats]:
        """Return the control limits of the funnel in the unit of the estimand."""
        onder, boven = self.trechter.limits(omvang, niveau)
        if self.trechter.soort == "normaal":
            return self.schaal.terug(onder), self.schaal.terug(boven)
        return onder, boven


def _shares(rijen: pd.DataFrame) -> pd.DataFrame:
    """Return sites as events out of an effective number of units.

    The bounds of a Wilson interval solve (p - b)^2 = z^2 b (1 - b) / n, so that n, whatever was
    allowed for alike units in one household, follows from either bound.
    """
    p = rijen["schatting"].to_numpy(dtype=float)
    rand = np.where(p < 1, rijen["bovengrens"], rijen["ondergrens"]).astype(float)
    n = _Z**2 * rand * (1 - rand) / (rand - p) ** 2
    bij = np.where((p <= 0) | (p >= 1), _BIJ_NUL, 0.0)
    wel, niet = p * n + bij, (1 - p) * n + bij
    return pd.DataFrame({"y": np.log(wel / niet), "se": np.sqrt(1 / wel + 1 / niet), "omvang": n})


def _rates(rijen: pd.DataFrame) -> pd.DataFrame:
    """Return sites as events per exposure, with the exposure at which Poisson gives their interval."""
    r, onder, boven, e = (
        rijen[k].to_numpy(dtype=float) for k in ("schatting", "ondergrens", "bovengrens", "noemer")
    )
    met = r > 0
    y, se, omvang = np.log(_BIJ_NUL / e), np.full_like(r, 1 / np.sqrt(_BIJ_NUL)), e.copy()
    y[met] = np.log(r[met])
    se[met] = (np.log(boven[met]) - np.log(onder[met])) / (2 * _Z)
    omvang[met] = 1 / se[met] ** 2 / r[met]
    return pd.DataFrame({"y": y, "se": se, "omvang": omvang})


def _others(rijen: pd.DataFrame, schaal: Scale) -> pd.DataFrame:
    y, onder, boven = (
        schaal.heen(rijen[k].to_numpy(dtype=float)) for k in ("schatting", "ondergrens", "bovengrens")
    )
    se = (boven - onder) / (2 * _Z)
    return pd.DataFrame({"y": y, "se": se, "omvang": 1 / se**2})


_WAYS: Mapping[Kind, tuple[Soort, Scale]] = {
    Kind.AANDEEL: ("binomiaal", _LOGIT),
    Kind.AANTAL: ("normaal", _LOG),
    Kind.DUUR: ("normaal", _LOG),
    Kind.HERHAALD: ("normaal", _LOG),
    # A change of a score may be negative, and its interval is symmetric.
    Kind.SCORE: ("normaal", _GEWOON),
    Kind.MATRIX: ("normaal", _GEWOON),
    Kind.NETWERK: ("normaal", _LOG),
    Kind.TELLING: ("normaal", _LOG),
}
_RATE = "per_blootstelling"


def _way(r: Released, naam: str) -> tuple[Soort, Scale]:
    """Return which limits and which scale fit the estimand."""
    maat = r.card.maten[naam]
    if (maat.schatter or naam) == _RATE:
        return "poisson", _LOG
    soort, schaal = _WAYS[r.card.kind]
    return soort, _LOGIT if FORMS[maat.vorm].deel else schaal


def _usable(rijen: pd.DataFrame, soort: Soort, schaal: Scale) -> pd.Series:
    grenzen = rijen[["schatting", "ondergrens", "bovengrens"]].astype(float)
    past = grenzen.notna().all(axis=1) & ~rijen["onderdrukt"].astype(bool)
    past &= grenzen["bovengrens"] > grenzen["ondergrens"]
    if soort == "normaal" and schaal is not _GEWOON:
        past &= (grenzen > 0).all(axis=1)
        past &= (grenzen < 1).all(axis=1) if schaal is _LOGIT else True
    return past


def _only_edges(schatting: pd.Series, soort: Soort) -> bool:
    """Whether no site has an event (or every unit one): then only the half that is added would speak.

    It happens when sites with few events are hidden and those without any are not.
    """
    if soort == "normaal":
        return False
    return bool((schatting.le(0) | (schatting.ge(1) if soort == "binomiaal" else False)).all())


def combine_sites(
    vrijgave: Release, sleutel: str, *, per: str = SITE, maat: str | None = None
) -> Sites | None:
    """Combine the sites that are shown; None with fewer than three that have an interval, or without events.

    Shares are combined on the logit scale, changes of a score as they are, other figures on the
    log scale. Half a unit is added to a share or rate of nothing (and half to the rest), so that a
    site without events takes part.
    """
    r = access.released(vrijgave, sleutel)
    naam = maat or access.headline(r)
    wat = r.card.maten[naam]
    alle = access.rows(r, uitsplitsing=per, maat=naam)
    if FORMS[wat.vorm].telling or alle["periode"].any():
        return None
    soort, schaal = _way(r, naam)
    mee = alle[_usable(alle, soort, schaal)].reset_index(drop=True)
    if len(mee) < MINST or _only_edges(mee["schatting"], soort):
        return None
    reken = {"binomiaal": _shares, "poisson": _rates}.get(soort)
    deel = reken(mee) if reken else _others(mee, schaal)
    meta = combine(deel["y"].to_numpy(), deel["se"].to_numpy())
    marge = _Z * meta.gekrompen_se
    tabel = pd.DataFrame(
        {
            "groep": mee["groep"],
            **{k: mee[k].astype(float) for k in ("schatting", "ondergrens", "bovengrens")},
            "omvang": deel["omvang"],
            "gekrompen": schaal.terug(meta.gekrompen),
            "krimp_onder": schaal.terug(meta.gekrompen - marge),
            "krimp_boven": schaal.terug(meta.gekrompen + marge),
        }
    )
    gemiddelde, laag, hoog = schaal.terug(
        np.array([meta.gemiddelde, meta.voorspel_onder, meta.voorspel_boven])
    ).tolist()
    geheel = access.rows(r, uitsplitsing="", maat=naam).iloc[0]
    doel = gemiddelde if geheel["onderdrukt"] else float(geheel["schatting"])
    ruw = deel["y"] if soort == "normaal" else tabel["schatting"]
    midden = float(schaal.heen(np.array([doel]))[0]) if soort == "normaal" else doel
    return Sites(
        per,
        naam,
        wat,
        meta,
        tabel,
        gemiddelde,
        (laag, hoog),
        tuple(group(g) for g in mee["groep"][deviating(deel["y"].to_numpy(), deel["se"].to_numpy())]),
        funnel(soort, ruw.to_numpy(), deel["omvang"].to_numpy(), midden),
        doel,
        schaal,
        len(alle) - len(mee),
        tuple(mee["getal_id"]),
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
        namen = ", ".join(group(g) for g in sites.tabel["groep"][t.buiten[niveau]])
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
        uit.append((Cel(group(rij["groep"])), *eigen))
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
