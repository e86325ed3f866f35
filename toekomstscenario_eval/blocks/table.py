"""Tables of released results."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.kinds import VIEWS
from toekomstscenario_eval.disclosure.difference import STAND
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.document.document import Cel, Tabel, Uitvoer
from toekomstscenario_eval.document.format import LEEG, field, interval, number, window
from toekomstscenario_eval.types import Vorm

_ONDERDRUKT = Cel("", rechts=True, onderdrukt=True)


def number_cell(rij: access.Row, vorm: Vorm) -> Cel:
    """Return the cell of an estimate, traceable when a number stands in it."""
    if rij["onderdrukt"]:
        return _ONDERDRUKT
    tekst = number(rij["schatting"], vorm)
    # Only a number that stands there can be traced.
    return Cel(tekst, "" if tekst == LEEG else rij["getal_id"], rechts=True)


def interval_cell(rij: access.Row, vorm: Vorm) -> Cel:
    """Return the cell of a 95% interval."""
    if rij["onderdrukt"]:
        return _ONDERDRUKT
    tekst = interval(rij["ondergrens"], rij["bovengrens"], vorm)
    return Cel(tekst or "geen", access.trace(rij, "interval") if tekst else "", rechts=True)


def count_cell(rij: access.Row, kolom: str) -> Cel:
    """Return the cell of a count in column `kolom`."""
    if rij["onderdrukt"]:
        return _ONDERDRUKT
    tekst = number(rij[kolom], Vorm.TELLING)
    return Cel(tekst, "" if tekst == LEEG else access.trace(rij, kolom), rechts=True)


def _methods(rijen: pd.DataFrame) -> str:
    """Return the methods behind the rows that are shown, each part once."""
    delen = (
        deel for methode in rijen.loc[~rijen["onderdrukt"], "methode"] for deel in str(methode).split("; ")
    )
    return "; ".join(dict.fromkeys(delen))


def _choices(resultaat: Released) -> str:
    """Return the parameter values that differ from the default, as words."""
    kaart = resultaat.card.params
    anders = [f"{k} = {v}" for k, v in resultaat.params.items() if v != kaart[k].standaard]
    return ", ".join(anders).replace("_", " ")


def _notes(resultaat: Released, rijen: pd.DataFrame, *, methode: bool) -> tuple[str, ...]:
    noten = []
    if keuze := _choices(resultaat):
        noten.append(f"Keuze: {keuze}.")
    if VIEWS[resultaat.card.kind].geschat:
        perioden = rijen["periode"].ne("").any()
        noten.append(
            "Interval: 95%." if perioden else f"Venster: {window(resultaat.venster)}. Interval: 95%."
        )
        if methode and (methoden := _methods(rijen)):
            noten.append(f"Methode: {methoden}.")
    if rijen["onderdrukt"].any():
        noten.append(
            "Onderdrukt: te weinig huishoudens of eenheden om te tonen, of nodig om een ander getal te "
            "beschermen. Onderdrukt is niet nul."
        )
    return tuple(noten)


def _name_cells(rij: access.Row, *, groepen: bool, perioden: bool) -> list[Cel]:
    delen = []
    if groepen:
        delen.append(rij["naam"])
    if perioden:
        delen.append(rij["periode"])
    if delen and STAND in str(rij["methode"]):
        delen[-1] += " (eerdere stand)"
    return [Cel(deel) for deel in delen]


def estimates_table(
    vrijgave: Release, sleutel: str, *, uitsplitsing: str = "", maat: str | None = None
) -> Tabel:
    """Return one estimand by group: estimate, interval, households, units.

    The whole stands below the groups, computed over everybody, hidden groups included.
    """
    r = access.released(vrijgave, sleutel)
    maat = maat or access.headline(r)
    wat = r.card.maten[maat]
    tabel = access.rows(r, uitsplitsing=uitsplitsing, maat=maat)
    if uitsplitsing:
        tabel = pd.concat([tabel, access.rows(r, uitsplitsing="", maat=maat)])
    rijen = access.records(tabel)
    perioden = any(rij["periode"] for rij in rijen)
    groepen = bool(uitsplitsing) or not perioden
    kop = [field(uitsplitsing)] if groepen else []
    kop += ["Periode"] if perioden else []
    kop += [wat.label, "95%-interval", "Huishoudens"]
    extra = VIEWS[r.card.kind].kolommen
    return Tabel(
        f"{wat.label} ({wat.eenheid})" + (f", per {field(uitsplitsing).lower()}" if uitsplitsing else ""),
        (*kop, *(titel for titel, _ in extra)),
        tuple(
            (
                *_name_cells(rij, groepen=groepen, perioden=perioden),
                number_cell(rij, wat.vorm),
                interval_cell(rij, wat.vorm),
                count_cell(rij, "n"),
                *(count_cell(rij, kolom) for _, kolom in extra),
            )
            for rij in rijen
        ),
        _notes(r, tabel, methode=True),
    )


def overview_table(vrijgave: Release, sleutel: str, *, maten: Sequence[str] = ()) -> Tabel:
    """Return all estimands of the whole (or those in `maten`), one row each, in the order of the card."""
    r = access.released(vrijgave, sleutel)
    deel = access.rows(r, uitsplitsing="")
    deel = deel[deel["maat"].isin(maten)] if maten else deel
    volgorde = {maat: i for i, maat in enumerate(r.card.maten)}
    rijen = []
    for rij in sorted(access.records(deel), key=lambda x: (x["periode"], volgorde[x["maat"]])):
        maat = r.card.maten[rij["maat"]]
        rijen.append(
            (
                Cel(maat.label + (f", {rij['periode']}" if rij["periode"] else "")),
                number_cell(rij, maat.vorm),
                interval_cell(rij, maat.vorm),
                Cel(maat.eenheid),
                count_cell(rij, "n"),
            )
        )
    return Tabel(
        f"{r.card.label}: gegevens" if maten else f"{r.card.label}: alle maten, geheel",
        ("Maat", "Schatting", "95%-interval", "Eenheid", "Huishoudens"),
        tuple(rijen),
        _notes(r, deel, methode=len(rijen) == 1),
    )


def curve_table(
    r: Released, punten: pd.DataFrame, kop: tuple[str, str], vorm: Vorm, noten: tuple[str, ...] = ()
) -> Tabel:
    """Return the points of curves: name, day, value, interval and the number under observation.

    Parameters
    ----------
    punten : DataFrame
        Points as released, in the order of the table; `groep` names the curve.
    kop : heads of the columns of the name and of the value
    """

    def cellen(rij: access.Row) -> tuple[Cel, ...]:
        begin = (Cel(rij["groep"]), Cel(f"{rij['x']:.0f}", rechts=True))
        if rij["onderdrukt"]:
            return (*begin, *(_ONDERDRUKT,) * 3)
        waarde = Cel(number(rij["waarde"], vorm), access.trace(rij), rechts=True)
        return (*begin, waarde, interval_cell(rij, vorm), count_cell(rij, "n"))

    return Tabel(
        f"{r.card.label}: gegevens achter de curve",
        (kop[0], "Dag", kop[1], "95%-interval", "Onder waarneming"),
        tuple(cellen(rij) for rij in access.records(punten)),
        noten,
    )


def exclusions_table(vrijgave: Release, sleutel: str) -> Tabel | None:
    """Return what was left out of the whole and why, or None when nothing was."""
    r = access.released(vrijgave, sleutel)
    weg = r.uitsluitingen[r.uitsluitingen["uitsplitsing"].eq("")]
    if weg.empty:
        return None
    perioden = bool(weg["periode"].any())
    rijen = tuple(
        (
            Cel(str(rij["reden"])),
            *((Cel(rij["periode"]),) if perioden else ()),
            _ONDERDRUKT
            if rij["onderdrukt"]
            else Cel(number(rij["aantal"], Vorm.TELLING), access.trace(rij), rechts=True),
        )
        for rij in access.records(weg.sort_values(["reden", "periode"]))
    )
    kop = ("Reden", *(("Periode",) if perioden else ()), "Aantal")
    return Tabel(f"{r.card.label}: buiten de telling", kop, rijen)


def counts_table(vrijgave: Release, sleutel: str, *, kop: str) -> Tabel:
    """Return a table of bare counts (kind TELLING)."""
    r = access.released(vrijgave, sleutel)
    uitsplitsingen = access.breakdowns(r)
    delen = [access.rows(r, uitsplitsing=u) for u in uitsplitsingen]
    geheel = access.named(r, r.schattingen[r.schattingen["uitsplitsing"].eq("")])
    alles = pd.concat([*delen, geheel])
    rijen = access.records(alles)
    return Tabel(
        r.card.label,
        (kop, "Aantal"),
        tuple((Cel(rij["naam"]), number_cell(rij, Vorm.TELLING)) for rij in rijen),
        _notes(r, alles, methode=False),
    )


def tabel(vrijgave: Release, sleutel: str, *, per: str = "", maat: str | None = None) -> Uitvoer:
    """Show a table in a notebook: one estimand by group, or all estimands of the whole.

    Parameters
    ----------
    vrijgave : Release
        The answer of `Study.geef_vrij`; anything else is refused.
    sleutel : str
        Name of the result, such as `duo_duur`.
    per : str
        A breakdown that was computed; empty for the whole.
    maat : str, optional
        Which estimand; default the headline. Without `per` and `maat` all estimands are shown.
    """
    if not per and maat is None:
        blok = overview_table(vrijgave, sleutel)
    else:
        blok = estimates_table(vrijgave, sleutel, uitsplitsing=per, maat=maat)
    return Uitvoer((blok,), vrijgave.id)
