"""What the definition multiverse shows: a table of definitions and one sentence of summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.reporting import access
from toekomstscenario_eval.reporting.document import Alinea, Cel, Getal, Inline, Tabel, Tekst
from toekomstscenario_eval.reporting.format import number
from toekomstscenario_eval.reporting.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.types import Maat

DEFINITIE = "definitie: "  # how a result of the multiverse is told apart in a release


def definitions(vrijgave: Release, indicator: str) -> list[Released]:
    """Return the results of the multiverse of one indicator that apply."""
    return [
        r
        for r in access.required(vrijgave).resultaten
        if r.indicator == indicator and r.variant.startswith(DEFINITIE) and not r.reden_nvt
    ]


def _whole(r: Released) -> tuple[Maat, access.Row]:
    maat = access.headline(r)
    return r.card.maten[maat], access.records(access.rows(r, uitsplitsing="", maat=maat))[0]


def multiverse_table(vrijgave: Release, indicator: str) -> Tabel:
    """Return one row per definition, from the lowest estimate to the highest."""
    rijen = []
    for r in definitions(vrijgave, indicator):
        maat, rij = _whole(r)
        rijen.append((rij["schatting"], r.variant.removeprefix(DEFINITIE), maat, rij))
    rijen.sort(key=lambda x: (x[0] != x[0], x[0], x[1]))
    return Tabel(
        f"Definities van {indicator}, van laag naar hoog",
        ("Definitie", "Schatting", "95%-interval", "Huishoudens"),
        tuple(
            (Cel(label), number_cell(rij, maat.vorm), interval_cell(rij, maat.vorm), count_cell(rij, "n"))
            for _, label, maat, rij in rijen
        ),
    )


def _influence(resultaten: Sequence[Released]) -> str:
    """Return the choice whose values differ most on average, or an empty text."""
    per_keuze: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    alle = [(r.variant.removeprefix(DEFINITIE), _whole(r)[1]["schatting"]) for r in resultaten]
    namen = {deel.split(" = ")[0] for label, _ in alle for deel in label.split(", ") if " = " in deel}
    for label, schatting in alle:
        keuzes = dict(deel.split(" = ") for deel in label.split(", ") if " = " in deel)
        for naam in namen:
            if schatting == schatting:
                per_keuze[naam][keuzes.get(naam, "standaard")].append(schatting)
    spreiding = {
        naam: max(map(fmean, w.values())) - min(map(fmean, w.values())) for naam, w in per_keuze.items() if w
    }
    return max(sorted(spreiding), key=lambda naam: spreiding[naam]) if spreiding else ""


def multiverse_sentence(vrijgave: Release, indicator: str) -> Alinea | None:
    """Return how far the headline moves over the definitions, or None without any."""
    resultaten = definitions(vrijgave, indicator)
    getoond = [
        (m, rij)
        for m, rij in map(_whole, resultaten)
        if not rij["onderdrukt"] and rij["schatting"] == rij["schatting"]
    ]
    if len(getoond) < 2:
        return None
    (maat, laag), (_, hoog) = (
        min(getoond, key=lambda x: (x[1]["schatting"], x[1]["getal_id"])),
        max(getoond, key=lambda x: (x[1]["schatting"], x[1]["getal_id"])),
    )
    keuze = _influence(resultaten).replace("_", " ")
    slot = f" De keuze '{keuze}' maakt daarin het grootste verschil." if keuze else ""
    delen: list[Inline] = [
        Tekst(f"{maat.label} onder {len(getoond)} andere redelijke definities: van "),
        Getal(number(laag["schatting"], maat.vorm), laag["getal_id"]),
        Tekst(" tot "),
        Getal(number(hoog["schatting"], maat.vorm), hoog["getal_id"]),
        Tekst(f".{slot}"),
    ]
    return Alinea(tuple(delen))
