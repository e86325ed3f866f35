"""Sentences about released results: estimate, interval, n, and what it does not say."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import Alinea, Getal, Inline, Tekst, Uitvoer
from toekomstscenario_eval.document.format import LEEG, field, interval, number, sentence_case, unit
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.types import Vorm


def sentence(
    vrijgave: Release, sleutel: str, *, maat: str | None = None, per: str = "", groep: str = TOTAAL
) -> Alinea:
    """Return one sentence with the estimate, its interval and the number of households."""
    r = access.released(vrijgave, sleutel)
    if r.reden_nvt:
        return Alinea((Tekst(f"{r.card.label}: niet van toepassing, want {r.reden_nvt}."),))
    maat = maat or access.headline(r)
    wat = r.card.maten[maat]
    rijen = access.rows(r, uitsplitsing=per, maat=maat)
    rijen = rijen[rijen["groep"].eq(groep)]
    wie = "" if groep == TOTAAL else f" ({field(per).lower()}: {name(r, per, groep)})"
    if len(rijen) != 1:
        return Alinea((Tekst(f"{wat.label}{wie}: voor deze groep is geen enkel getal berekend."),))
    rij = rijen.iloc[0]
    if rij["onderdrukt"]:
        return Alinea((Tekst(f"{wat.label}{wie}: onderdrukt om gezinnen te beschermen."),))
    tekst = number(rij["schatting"], wat.vorm)
    if tekst == LEEG:
        return Alinea((Tekst(f"{wat.label}{wie}: niet te bepalen ({rij['methode']})."),))
    spreiding = interval(rij["ondergrens"], rij["bovengrens"], wat.vorm)
    delen: list[Inline] = [
        Tekst(f"{wat.label}{wie}: "),
        Getal(tekst, rij["getal_id"]),
        Tekst(f"{unit(wat)} ("),
    ]
    if spreiding:
        delen += [Tekst("95%-interval "), Getal(spreiding, access.trace(rij, "interval")), Tekst("; ")]
    delen += [Getal(number(rij["n"], Vorm.TELLING), access.trace(rij, "n")), Tekst(" huishoudens).")]
    return Alinea(tuple(delen))


def zin(
    vrijgave: Release, sleutel: str, *, maat: str | None = None, per: str = "", groep: str = TOTAAL
) -> Uitvoer:
    """Show one sentence in a notebook; see `sentence`. A group may be named by its code or its label."""
    groep = access.released(vrijgave, sleutel).labels.code(per, groep)
    return Uitvoer((sentence(vrijgave, sleutel, maat=maat, per=per, groep=groep),), vrijgave.id)


def period_sentence(vrijgave: Release, sleutel: str, *, maat: str) -> Alinea | None:
    """Return the figure of the whole in each period, in order, or None with fewer than two shown."""
    r = access.released(vrijgave, sleutel)
    wat = r.card.maten[maat]
    rijen = access.rows(r, uitsplitsing="", maat=maat)
    getoond = rijen[~rijen["onderdrukt"].astype(bool) & rijen["schatting"].notna() & rijen["periode"].ne("")]
    if len(getoond) < 2:
        return None
    delen: list[Inline] = [Tekst(f"{wat.label} ({wat.eenheid}): ")]
    for nummer, rij in enumerate(access.records(getoond)):
        voor = "" if nummer == 0 else "; " if nummer < len(getoond) - 1 else " en "
        delen += [
            Tekst(f"{voor}{rij['periode']} "),
            Getal(number(rij["schatting"], wat.vorm), rij["getal_id"]),
        ]
    return Alinea((*delen, Tekst(".")))


def range_sentence(vrijgave: Release, sleutel: str, *, per: str, maat: str | None = None) -> Alinea | None:
    """Return a sentence on the lowest and highest group shown, or None with fewer than two."""
    r = access.released(vrijgave, sleutel)
    maat = maat or access.headline(r)
    wat = r.card.maten[maat]
    rijen = access.rows(r, uitsplitsing=per, maat=maat)
    getoond = rijen[~rijen["onderdrukt"] & rijen["schatting"].notna()].sort_values(["schatting", "naam"])
    if len(getoond) < 2:
        return None
    laag, hoog = getoond.iloc[0], getoond.iloc[-1]
    weg = int(rijen["onderdrukt"].sum())
    slot = f" {weg} van de {len(rijen)} groepen zijn onderdrukt." if weg else ""
    return Alinea(
        (
            Tekst(f"Per {field(per).lower()} loopt {sentence_case(wat.label)} van "),
            Getal(number(laag["schatting"], wat.vorm), laag["getal_id"]),
            Tekst(f" ({laag['naam']}) tot "),
            Getal(number(hoog["schatting"], wat.vorm), hoog["getal_id"]),
            Tekst(f" ({hoog['naam']}). De intervallen overlappen vaak; dit is geen ranglijst.{slot}"),
        )
    )
