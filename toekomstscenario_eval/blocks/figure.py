"""Figures of released results: one visual language, alt text and a data table made from the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from toekomstscenario_eval.blocks import access, charts, curves
from toekomstscenario_eval.blocks.alt_text import dots_alt, hidden
from toekomstscenario_eval.blocks.event_curves import event_curves, has_event_curves
from toekomstscenario_eval.blocks.side_by_side import side_by_side
from toekomstscenario_eval.blocks.site_figures import caterpillar, funnel_figure
from toekomstscenario_eval.blocks.sites import combine_sites, too_few
from toekomstscenario_eval.blocks.table import count_cell, curve_table, estimates_table, overview_table
from toekomstscenario_eval.blocks.wording import points
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.document.document import Cel, Figuur, Tabel, Uitvoer
from toekomstscenario_eval.document.format import field, group, number, sentence_case
from toekomstscenario_eval.document.theme import KLEUREN
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.types import SITE, Kind, Maat, Vorm

_MEESTE_PAREN = 15


def _dots(vrijgave: Release, r: Released, uitsplitsing: str, maat: str) -> Figuur:
    """Dots with intervals by group or by period; groups in alphabetical order, never ranked."""
    wat = r.card.maten[maat]
    rijen = access.rows(r, uitsplitsing=uitsplitsing, maat=maat)
    perioden = bool(rijen["periode"].any()) and not uitsplitsing
    naam = rijen["periode"] if perioden else rijen["naam"]
    geheel = access.rows(r, uitsplitsing="", maat=maat)
    lijn = float("nan") if perioden or geheel.iloc[0]["onderdrukt"] else float(geheel.iloc[0]["schatting"])
    frame = rijen.assign(naam=naam)[["naam", "schatting", "ondergrens", "bovengrens", "onderdrukt"]]
    per = "periode" if perioden else field(uitsplitsing).lower()
    sites = combine_sites(vrijgave, r.sleutel, maat=maat) if uitsplitsing == SITE else None
    if sites:
        return caterpillar(vrijgave, r, sites, frame, rijen["groep"])
    return Figuur(
        f"{wat.label} per {per}, met 95%-interval",
        dots_alt(frame, wat, lijn, per),
        charts.dots(frame, wat, lijn),
        estimates_table(vrijgave, r.sleutel, uitsplitsing=uitsplitsing, maat=maat),
    )


def _series(r: Released, reeks: str, uitsplitsing: str) -> pd.DataFrame:
    tabel = points(r)
    keuze = tabel["reeks"].eq(reeks) & tabel["uitsplitsing"].eq(uitsplitsing)
    return tabel[keuze].sort_values(["periode", "groep", "x"], kind="stable")


def _curve(vrijgave: Release, r: Released, uitsplitsing: str) -> Figuur:
    """Kaplan-Meier curve with shaded interval, and the numbers at risk under it."""
    del vrijgave
    if has_event_curves(r):
        return event_curves(r, uitsplitsing)
    punten = _series(r, "overleving", uitsplitsing)
    punten = punten.assign(groep=punten["groep"].map(group))
    maat = r.card.maten[access.headline(r)]
    medianen = access.rows(r, uitsplitsing=uitsplitsing, maat=access.headline(r))
    delen = [
        f"Overlevingscurve met 95%-band: {sentence_case(r.card.label)}; het deel dat na elke dag nog loopt."
    ]
    for rij in access.records(medianen):
        tekst = "onderdrukt" if rij["onderdrukt"] else f"{number(rij['schatting'], maat.vorm)} {maat.eenheid}"
        delen.append(f"{rij['naam']}: mediaan {tekst}.")
    return Figuur(
        f"{r.card.label}: deel dat nog loopt, met 95%-band",
        " ".join(delen) + hidden(int(punten["onderdrukt"].sum())),
        curves.curve(punten),
        curve_table(r, punten, ("Groep", "Loopt nog"), Vorm.AANDEEL),
    )


def _bars(r: Released, reeks: str, bijschrift: str, as_titel: str, *, liggend: bool) -> Figuur:
    punten = _series(r, reeks, "")
    weg = int(punten["onderdrukt"].sum())
    getoond = punten[~punten["onderdrukt"]]
    if liggend:
        getoond = getoond.sort_values(["n", "label"], ascending=[False, True]).head(_MEESTE_PAREN)
    grootste = getoond.sort_values(["n", "label"], ascending=[False, True]).head(3)
    top = "; ".join(
        f"{rij['label']}: {number(rij['waarde'], Vorm.AANDEEL)}" for rij in access.records(grootste)
    )
    return Figuur(
        bijschrift,
        f"Staafdiagram: {sentence_case(bijschrift)}. Grootste: {top or 'geen'}.{hidden(weg)}",
        charts.bars(getoond, as_titel, liggend=liggend),
        Tabel(
            f"{bijschrift}: gegevens",
            (as_titel, "Aandeel van de huishoudens", "Huishoudens"),
            tuple(
                (
                    Cel(rij["label"]),
                    Cel(number(rij["waarde"], Vorm.AANDEEL), access.trace(rij), rechts=True),
                    count_cell(rij, "n"),
                )
                if not rij["onderdrukt"]
                else (Cel(rij["label"]), *(Cel("", rechts=True, onderdrukt=True),) * 2)
                for rij in access.records(punten if not liggend else getoond)
            ),
            (f"{weg} paren of klassen zijn onderdrukt.",) if weg else (),
        ),
    )


def _distribution(vrijgave: Release, r: Released, uitsplitsing: str) -> Figuur:
    del vrijgave, uitsplitsing
    return _bars(r, "verdeling", f"{r.card.label}: verdeling over huishoudens", "Aantal", liggend=False)


def _pairs(vrijgave: Release, r: Released, uitsplitsing: str) -> Figuur:
    del vrijgave, uitsplitsing
    titel = "Soorten organisaties die een huishouden delen"
    if _series(r, "soortparen", "").empty:
        return _bars(r, "verdeling", f"{r.card.label}: professionals per huishouden", "Aantal", liggend=False)
    return _bars(r, "soortparen", titel, "Paar", liggend=True)


def _estimands(vrijgave: Release, r: Released, uitsplitsing: str, *, een_as: tuple[str, ...]) -> Figuur:
    """Dots with intervals of the estimands that mean the same on one axis, in the card's order."""
    maten = r.card.maten_bij(r.params)
    samen = [m for m, maat in maten.items() if (maat.schatter or m) in een_as]
    keuze = samen if len(samen) > 1 else [access.headline(r)]
    rijen = pd.concat([access.rows(r, uitsplitsing=uitsplitsing, maat=m) for m in keuze])
    frame = rijen.assign(naam=[maten[m].label for m in keuze])[
        ["naam", "schatting", "ondergrens", "bovengrens", "onderdrukt"]
    ]
    eerste = maten[keuze[0]]
    as_ = Maat(r.card.label, eerste.eenheid, eerste.vorm)
    return Figuur(
        f"{r.card.label}, met 95%-interval",
        dots_alt(frame, as_, float("nan"), "maat"),
        charts.dots(frame, as_, float("nan")),
        overview_table(vrijgave, r.sleutel, maten=keuze),
    )


# The figure of the whole; None where a number by group is all there is to draw.
_EIGEN: Mapping[Kind, Callable[[Release, Released, str], Figuur] | None] = {
    Kind.AANDEEL: None,
    Kind.AANTAL: _distribution,
    Kind.DUUR: _curve,
    Kind.HERHAALD: _curve,
    Kind.SCORE: partial(_estimands, een_as=("gemiddelde_voor", "gemiddelde")),
    Kind.MATRIX: partial(_estimands, een_as=("alfa", "omega")),
    Kind.NETWERK: _pairs,
    Kind.TELLING: None,
}


def figure(
    vrijgave: Release, sleutel: str, *, per: str = "", maat: str | None = None, curve: bool = False
) -> Figuur:
    """Return the figure of a result.

    With `per`: dots with intervals by group. Without: what fits the kind (curve, distribution,
    pairs), or dots by period when the result was computed by period. With `curve`: the curve of a
    duration, with `per` one for each group; see `curve_figure`. Of competing or repeated ends the curve
    is that of each end, in the protected form in which it was released.
    """
    if curve:
        if maat is not None:
            raise GebruikFout(
                "een curve toont geen aparte maat", kreeg=f"maat={maat}", herstel="laat 'maat' of 'curve' weg"
            )
        return curve_figure(vrijgave, sleutel, per=per)
    r = access.released(vrijgave, sleutel)
    if r.schattingen.empty:
        raise GebruikFout(f"van {sleutel} is geen figuur te maken", kreeg=r.reden_nvt or "geen getallen")
    perioden = bool(r.schattingen["periode"].any())
    eigen = _EIGEN[r.card.kind]
    if not per and eigen and not perioden and maat is None:
        return eigen(vrijgave, r, per)
    if not per and not perioden:
        keuze = access.breakdowns(r)
        per = keuze[0] if keuze else ""
    return _dots(vrijgave, r, per, maat or access.headline(r))


def curve_figure(vrijgave: Release, sleutel: str, *, per: str) -> Figuur:
    """Return the survival curves of the groups in one figure.

    Raises
    ------
    GebruikFout
        When the result is no duration, is split by period, or has more groups than a reader can
        tell apart.
    """
    r = access.released(vrijgave, sleutel)
    if _EIGEN[r.card.kind] is not _curve or r.schattingen.empty or r.schattingen["periode"].any():
        raise GebruikFout(
            f"van {sleutel} is geen curve te maken",
            verwacht="een duur over het hele venster",
            kreeg=r.reden_nvt,
            herstel="laat 'curve' weg voor de figuur die bij dit resultaat past",
        )
    aantal = access.rows(r, uitsplitsing=per)["groep"].nunique()
    if aantal > len(KLEUREN):
        raise GebruikFout(
            "zoveel curven in één figuur zijn niet uit elkaar te houden",
            verwacht=f"hooguit {len(KLEUREN)} groepen",
            kreeg=f"{aantal} groepen bij '{per}'",
            herstel="laat 'curve' weg voor een stip met interval per groep",
        )
    return _curve(vrijgave, r, per)


def figuur(
    vrijgave: Release,
    sleutel: str,
    *,
    per: str = "",
    maat: str | None = None,
    curve: bool = False,
    trechter: bool = False,
    naast: str = "",
) -> Uitvoer:
    """Show a figure in a notebook.

    Parameters
    ----------
    vrijgave : Release
        The answer of `Study.geef_vrij`; anything else is refused.
    sleutel : str
        Name of the result, such as `duo_duur`.
    per : str
        A breakdown that was computed: a dot with its interval for each group. Empty for the whole.
    maat : str, optional
        Which estimand; default the headline.
    curve : bool
        Of a duration: draw the curve, with `per` one for each group.
    trechter : bool
        Of a result by proeftuin: draw the sites in a funnel with control limits.
    naast : str
        A parameter, such as `stap` or `schaal`: draw all its values in the release side by side;
        `sleutel` is then the id of the indicator.
    """
    if naast:
        fig = side_by_side(vrijgave, sleutel, naast=naast)
        if fig is None:
            raise GebruikFout(
                f"van {sleutel} valt niets naast elkaar te zetten",
                verwacht=f"ten minste twee waarden van '{naast}' in de vrijgave",
                herstel="bereken de indicator voor elke waarde, en geef alles samen vrij",
            )
        return Uitvoer((fig,), vrijgave.id)
    if trechter:
        if curve:
            raise GebruikFout(
                "een figuur is een curve of een trechter", herstel="laat 'curve' of 'trechter' weg"
            )
        blok = funnel_figure(vrijgave, sleutel, maat=maat) or too_few()
        return Uitvoer((blok,), vrijgave.id)
    return Uitvoer((figure(vrijgave, sleutel, per=per, maat=maat, curve=curve),), vrijgave.id)


__all__ = ["TOTAAL", "curve_figure", "figure", "figuur"]
