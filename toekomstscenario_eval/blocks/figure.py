"""Figures of released results: one visual language, alt text and a data table made from the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from toekomstscenario_eval.blocks import access, charts, curve_drawing, whose
from toekomstscenario_eval.blocks.alt_text import dots_alt, hidden
from toekomstscenario_eval.blocks.count_words import few
from toekomstscenario_eval.blocks.event_curves import event_curves, has_event_curves
from toekomstscenario_eval.blocks.side_by_side import side_by_side
from toekomstscenario_eval.blocks.site_figures import caterpillar, funnel_figure
from toekomstscenario_eval.blocks.sites import combine_sites, no_comparison
from toekomstscenario_eval.blocks.table import count_cell, curve_table, estimates_table, overview_table
from toekomstscenario_eval.blocks.wording import points
from toekomstscenario_eval.document.document import Cel, Figuur, Output, Tabel
from toekomstscenario_eval.document.format import field, group, number, sentence_case
from toekomstscenario_eval.document.theme import COLORS
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE, Kind, Maat, Result, Vorm

_MAX_PAIRS = 15


def _dots(vrijgave: Release, r: Result, uitsplitsing: str, maat: str) -> Figuur:
    """Dots with intervals by group or by period; groups in alphabetical order, never ranked."""
    what = r.card.maten[maat]
    rows = access.rows(r, uitsplitsing=uitsplitsing, maat=maat)
    perioden = bool(rows["periode"].any()) and not uitsplitsing
    naam = rows["periode"] if perioden else rows["naam"]
    whole = access.rows(r, uitsplitsing="", maat=maat)
    no_line = perioden or whole.iloc[0]["onderdrukt"] or whose.apart(r, uitsplitsing)
    line = float("nan") if no_line else float(whole.iloc[0]["schatting"])
    frame = rows.assign(naam=naam)[["naam", "schatting", "ondergrens", "bovengrens", "onderdrukt", "leest"]]
    per = "periode" if perioden else field(uitsplitsing).lower()
    sites = combine_sites(vrijgave, r.sleutel, maat=maat) if uitsplitsing == SITE else None
    if sites:
        return caterpillar(vrijgave, r, sites, frame, rows["groep"])
    return Figuur(
        whose.about(f"{what.label} per {per}, met 95%-interval", r, uitsplitsing),
        dots_alt(frame, what, line, per),
        charts.dots(frame, what, line),
        estimates_table(vrijgave, r.sleutel, uitsplitsing=uitsplitsing, maat=maat),
    )


def _series(r: Result, reeks: str, uitsplitsing: str) -> pd.DataFrame:
    table = points(r)
    choice = table["reeks"].eq(reeks) & table["uitsplitsing"].eq(uitsplitsing)
    return table[choice].sort_values(["periode", "groep", "x"], kind="stable")


def _curve(vrijgave: Release, r: Result, uitsplitsing: str) -> Figuur:
    """Kaplan-Meier curve with shaded interval, and the numbers at risk under it."""
    del vrijgave
    if has_event_curves(r):
        return event_curves(r, uitsplitsing)
    points = _series(r, "overleving", uitsplitsing)
    points = points.assign(groep=points["groep"].map(group))
    maat = r.card.maten[access.headline(r)]
    medians = access.rows(r, uitsplitsing=uitsplitsing, maat=access.headline(r))
    parts = [
        f"Overlevingscurve met 95%-band: {sentence_case(r.card.label)}; het deel dat na elke dag nog loopt."
    ]
    for row in access.records(medians):
        text = row["leest"] or f"{number(row['schatting'], maat.vorm)} {maat.eenheid}"
        text = "niet getoond" if row["onderdrukt"] else text
        parts.append(f"{row['naam']}: mediaan {text}.")
    gone = [naam for naam in medians["naam"] if naam not in set(points["groep"])]
    notes = (f"Geen curve, want daarvoor zijn er te weinig gegevens: {', '.join(gone)}.",) if gone else ()
    return Figuur(
        whose.about(f"{r.card.label}: deel dat nog loopt, met 95%-band", r, uitsplitsing),
        " ".join((*parts, *notes)) + hidden(int(points["onderdrukt"].sum())),
        curve_drawing.curve(points, least=few(r)),
        curve_table(r, points, ("Groep", "Loopt nog"), Vorm.AANDEEL, notes),
    )


def _bars(r: Result, reeks: str, caption: str, as_title: str, *, landscape: bool) -> Figuur:
    points = _series(r, reeks, "")
    gone = int(points["onderdrukt"].sum())
    shown = points[~points["onderdrukt"]]
    # A share of few households would tell how many they are.
    small, shown = int((shown["n"] < few(r)).sum()), shown[shown["n"] >= few(r)]
    if landscape:
        shown = shown.sort_values(["n", "label"], ascending=[False, True]).head(_MAX_PAIRS)
    largest = shown.sort_values(["n", "label"], ascending=[False, True]).head(3)
    top = "; ".join(
        f"{row['label']}: {number(row['waarde'], Vorm.AANDEEL)}" for row in access.records(largest)
    )
    notes = [f"{gone} paren of klassen zijn niet getoond."] if gone else []
    if small:
        notes.append(f"Niet getekend: {small} paren of klassen van minder dan {few(r)} huishoudens.")
    return Figuur(
        whose.about(caption, r),
        f"Staafdiagram: {sentence_case(caption)}. Grootste: {top or 'geen'}.{hidden(gone)}",
        charts.bars(shown, as_title, landscape=landscape),
        Tabel(
            f"{caption}: gegevens",
            (as_title, "Aandeel van de huishoudens", "Huishoudens"),
            tuple(
                (
                    Cel(row["label"]),
                    Cel(number(row["waarde"], Vorm.AANDEEL), access.trace(row), rechts=True),
                    count_cell(row, "n"),
                )
                if not row["onderdrukt"]
                else (Cel(row["label"]), *(Cel("", rechts=True, onderdrukt=True),) * 2)
                for row in access.records(pd.concat([shown, points[points["onderdrukt"]]]))
                if not (landscape and row["onderdrukt"])
            ),
            tuple(notes),
        ),
    )


def _distribution(vrijgave: Release, r: Result, uitsplitsing: str) -> Figuur:
    del vrijgave, uitsplitsing
    return _bars(r, "verdeling", f"{r.card.label}: verdeling over huishoudens", "Aantal", landscape=False)


def _pairs(vrijgave: Release, r: Result, uitsplitsing: str) -> Figuur:
    del vrijgave, uitsplitsing
    title = "Soorten organisaties die een huishouden delen"
    if _series(r, "soortparen", "").empty:
        return _bars(
            r, "verdeling", f"{r.card.label}: professionals per huishouden", "Aantal", landscape=False
        )
    return _bars(r, "soortparen", title, "Paar", landscape=True)


def _estimands(vrijgave: Release, r: Result, uitsplitsing: str, *, one_as: tuple[str, ...]) -> Figuur:
    """Dots with intervals of the estimands that mean the same on one axis, in the card's order."""
    maten = r.card.maten_bij(r.params)
    together = [m for m, maat in maten.items() if (maat.schatter or m) in one_as]
    choice = together if len(together) > 1 else [access.headline(r)]
    rows = pd.concat([access.rows(r, uitsplitsing=uitsplitsing, maat=m) for m in choice])
    frame = rows.assign(naam=[maten[m].label for m in choice])[
        ["naam", "schatting", "ondergrens", "bovengrens", "onderdrukt", "leest"]
    ]
    first = maten[choice[0]]
    as_ = Maat(r.card.label, first.eenheid, first.vorm)
    return Figuur(
        whose.about(f"{r.card.label}, met 95%-interval", r, uitsplitsing),
        dots_alt(frame, as_, float("nan"), "maat"),
        charts.dots(frame, as_, float("nan")),
        overview_table(vrijgave, r.sleutel, maten=choice),
    )


# The figure of the whole; None where a number by group is all there is to draw.
_OWN: Mapping[Kind, Callable[[Release, Result, str], Figuur] | None] = {
    Kind.AANDEEL: None,
    Kind.AANTAL: _distribution,
    Kind.DUUR: _curve,
    Kind.HERHAALD: _curve,
    Kind.SCORE: partial(_estimands, one_as=("gemiddelde_voor", "gemiddelde")),
    Kind.MATRIX: partial(_estimands, one_as=("alfa", "omega", "kappa", "icc")),
    Kind.NETWERK: _pairs,
    Kind.KENMERK: None,
    Kind.TELLING: None,
}


def figure(
    vrijgave: Release, key: str, *, per: str = "", maat: str | None = None, curve: bool = False
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
        return curve_figure(vrijgave, key, per=per)
    r = access.released(vrijgave, key)
    if r.schattingen.empty:
        raise GebruikFout(f"van {key} is geen figuur te maken", kreeg=r.reden_nvt or "geen getallen")
    perioden = bool(r.schattingen["periode"].any())
    own = _OWN[r.card.kind]
    if not per and own and not perioden and maat is None:
        return own(vrijgave, r, per)
    if not per and not perioden:
        choice = access.breakdowns(r)
        per = choice[0] if choice else ""
    return _dots(vrijgave, r, per, maat or access.headline(r))


def curve_figure(vrijgave: Release, key: str, *, per: str) -> Figuur:
    """Return the survival curves of the groups in one figure.

    Raises
    ------
    GebruikFout
        When the result is no duration, is split by period, or has more groups than a reader can
        tell apart.
    """
    r = access.released(vrijgave, key)
    if _OWN[r.card.kind] is not _curve or r.schattingen.empty or r.schattingen["periode"].any():
        raise GebruikFout(
            f"van {key} is geen curve te maken",
            verwacht="een duur over het hele venster",
            kreeg=r.reden_nvt,
            herstel="laat 'curve' weg voor de figuur die bij dit resultaat past",
        )
    aantal = access.rows(r, uitsplitsing=per)["groep"].nunique()
    if aantal > len(COLORS):
        raise GebruikFout(
            "zoveel curven in één figuur zijn niet uit elkaar te houden",
            verwacht=f"hooguit {len(COLORS)} groepen",
            kreeg=f"{aantal} groepen bij '{per}'",
            herstel="laat 'curve' weg voor een stip met interval per groep",
        )
    return _curve(vrijgave, r, per)


def figuur(
    vrijgave: Release | Result,
    sleutel: str = "",
    *,
    per: str = "",
    maat: str | None = None,
    curve: bool = False,
    trechter: bool = False,
    naast: str = "",
) -> Output:
    """Show a figure in a notebook.

    Parameters
    ----------
    vrijgave : Result or Release
        The answer of `Study.bereken` or `Study.bundel`; anything else is refused.
    sleutel : str
        Name of the result in a bundle, such as `duo_duur`.
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
    release, key = (access.required(vrijgave), sleutel) if naast else access.shown(vrijgave, sleutel)
    if naast:
        fig = side_by_side(release, key, beside=naast)
        if fig is None:
            raise GebruikFout(
                f"van {sleutel} valt niets naast elkaar te zetten",
                verwacht=f"ten minste twee waarden van '{naast}' in de vrijgave",
                herstel="bereken elke waarde, en zet alles bij elkaar met studie.bundel(...)",
            )
        return Output((fig,), release.id)
    if trechter:
        if curve:
            raise GebruikFout(
                "een figuur is een curve of een trechter", herstel="laat 'curve' of 'trechter' weg"
            )
        block = funnel_figure(release, key, maat=maat) or no_comparison(release, key, maat=maat)
        return Output((block,), release.id)
    return Output((figure(release, key, per=per, maat=maat, curve=curve),), release.id)


__all__ = ["TOTAAL", "curve_figure", "figure", "figuur"]
