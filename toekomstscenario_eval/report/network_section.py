"""The part of the report on networks: side by side or in relay, and across domains."""

from __future__ import annotations

from collections.abc import Sequence

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.network import network_figure
from toekomstscenario_eval.blocks.network_data import NETWERK
from toekomstscenario_eval.blocks.table import (
    count_cell,
    estimates_table,
    interval_cell,
    number_cell,
    overview_table,
)
from toekomstscenario_eval.blocks.wording import points
from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Getal,
    Inline,
    Kader,
    Kop,
    Output,
    Tabel,
    Tekst,
)
from toekomstscenario_eval.document.format import interval, number, of_series
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.series import ROLLEN, SENSITIVITY
from toekomstscenario_eval.types import Maat, Result, Vorm

PER_YEAR = Variant(periode="jaar")
TIME, VERGELIJKING, OVERLEG = f"{NETWERK}[{PER_YEAR}]", f"{NETWERK}_vergelijking", f"{NETWERK}_overleg"
_PICTURES = ((NETWERK, "knopen"), (NETWERK, "matrix"), (TIME, "tijd"), (NETWERK, "overdrachten"))
_GONE = Cel("", rechts=True, onderdrukt=True)


def _one(r: Result, maat: str) -> access.Row:
    return access.records(access.rows(r, uitsplitsing="", maat=maat))[0]


def _figure(row: access.Row, maat: Maat) -> list[Inline]:
    """Return a number with its interval, or that it is hidden."""
    if row["onderdrukt"]:
        return [Tekst("niet getoond")]
    out: list[Inline] = [Getal(number(row["schatting"], maat.vorm), row["getal_id"])]
    if spread := interval(row["ondergrens"], row["bovengrens"], maat.vorm):
        out.append(Tekst(f" (interval {spread})"))
    return out


def summary(r: Result) -> Alinea:
    """Return the answer in one paragraph."""
    parts: list[Inline] = []
    for before, maat in (
        (
            "Op een schaal van 0 (na elkaar) tot 1 (naast elkaar) scoren organisaties rond een huishouden ",
            "naast_elkaar",
        ),
        (
            ". Van de paren organisaties bij een huishouden trof dit deel elkaar op geen enkele dag: ",
            "na_elkaar",
        ),
        (". Van de paren professionals die een huishouden delen komt uit twee domeinen: ", "over_domeinen"),
        (
            ". Het vaste gezicht was gelijktijdig betrokken met dit deel van de anderen: ",
            "bereik_vast_gezicht",
        ),
    ):
        parts += [Tekst(before), *_figure(_one(r, maat), r.card.maten[maat])]
    return Alinea((*parts, Tekst(".")))


def comparison_table(r: Result) -> Tabel:
    """Return the comparisons: difference, p, and how they were made or why they could not be."""
    rows = []
    for naam, maat in r.card.maten.items():
        if naam.startswith("p_"):
            continue
        p = "p_toeval" if naam == "toeval_clustering" else "p_" + naam.removeprefix("verschil_")
        waarde, toets = _one(r, naam), _one(r, p)
        # The method of a hidden number is hidden too.
        rows.append(
            (
                Cel(maat.label),
                number_cell(waarde, maat.vorm),
                number_cell(toets, r.card.maten[p].vorm),
                Cel(str(waarde["methode"]) or "niet getoond"),
            )
        )
    return Tabel("Netwerken vergeleken", ("Wat", "Verschil of verhouding", "p-waarde", "Hoe"), tuple(rows))


def points_table(r: Result, reeks: str, title: str, heading: tuple[str, ...], *, spread: bool) -> Tabel:
    """Return a series of the whole as a table: a value, with its lowest and highest or its persons."""
    points_ = points(r)
    points_ = points_[points_["reeks"].eq(reeks)]
    vorm = of_series(reeks)
    rows = []
    for p in access.records(points_):
        if p["onderdrukt"]:
            rows.append((Cel(p["label"]), _GONE, _GONE))
            continue
        beside = interval(p["ondergrens"], p["bovengrens"], vorm) if spread else number(p["n"], Vorm.TELLING)
        field = "interval" if spread else "n"
        waarde = Cel(number(p["waarde"], vorm), p["getal_id"], rechts=True)
        rows.append((Cel(p["label"]), waarde, Cel(beside, f"{p['getal_id']}.{field}", rechts=True)))
    return Tabel(title, heading, tuple(rows))


def roles_table(r: Result) -> Tabel:
    """Return brokerage of lokaal team and RVT."""
    heading = ("Soort en rol", "Deel van de rol", "Professionals")
    return points_table(r, ROLLEN, "Makelaars tussen domeinen (Gould en Fernandez)", heading, spread=False)


def sensitivity_table(r: Result) -> Tabel:
    """Return what measures become when ties were not registered."""
    heading = ("Maat en deel van de banden dat ontbreekt", "Gemiddeld", "Laagste – hoogste")
    return points_table(r, SENSITIVITY, "Als banden niet zijn geregistreerd", heading, spread=True)


def time_table(vrijgave: Release) -> Tabel:
    """Return the index and the ties that stayed, per period."""
    r = access.released(vrijgave, TIME)
    maten = ("naast_elkaar", "over_domeinen", "behoud")
    columns = [access.records(access.rows(r, uitsplitsing="", maat=m)) for m in maten]
    return Tabel(
        "Netwerken per jaar",
        (
            "Periode",
            "Naast elkaar",
            "95%-interval",
            "Banden tussen domeinen",
            "Paren die bleven",
            "Huishoudens",
        ),
        tuple(
            (
                Cel(a["periode"]),
                number_cell(a, r.card.maten[maten[0]].vorm),
                interval_cell(a, r.card.maten[maten[0]].vorm),
                number_cell(b, r.card.maten[maten[1]].vorm),
                number_cell(c, r.card.maten[maten[2]].vorm),
                count_cell(a, "n"),
            )
            for a, b, c in zip(*columns, strict=True)
        ),
        ("Delen van een jaar zijn korter; vergelijk alleen perioden van gelijke lengte.",),
    )


def _pictures(vrijgave: Release, pictures: Sequence[tuple[str, str]] = _PICTURES) -> list[Block]:
    """Return the pictures that can be made of what is shown."""
    out: list[Block] = []
    for key, picture in pictures:
        try:
            out.append(network_figure(vrijgave, key, picture=picture))
        except GebruikFout as fout:
            reden = Alinea((Tekst(f"{fout.wat[:1].upper()}{fout.wat[1:]}: {fout.kreeg or 'te klein'}."),))
            out.append(Kader("info", "Geen tekening", (reden,)))
    return out


def network_blocks(vrijgave: Release) -> list[Block]:
    """Return the part on networks; nothing when the release holds none."""
    namen = {r.sleutel: r for r in vrijgave.resultaten}
    if NETWERK not in namen:
        return []
    r = namen[NETWERK]
    out: list[Block] = [Kop(2, "Naast elkaar of na elkaar, en over domeinen heen")]
    if r.reden_nvt:
        return [*out, Kader("info", "Niet van toepassing", (Alinea((Tekst(f"{r.reden_nvt}."),)),))]
    out += [summary(r), *_pictures(vrijgave), overview_table(vrijgave, NETWERK)]
    out += [estimates_table(vrijgave, NETWERK, uitsplitsing=per) for per in access.breakdowns(r)]
    if TIME in namen:
        out.append(time_table(vrijgave))
    if VERGELIJKING in namen:
        out += [comparison_table(namen[VERGELIJKING]), _reading(namen[VERGELIJKING])]
    if OVERLEG in namen and not namen[OVERLEG].reden_nvt:
        out += _pictures(vrijgave, [(OVERLEG, "knopen")])
        out += [overview_table(vrijgave, OVERLEG), _reading(namen[OVERLEG])]
    return [*out, roles_table(r), sensitivity_table(r), _reading(r)]


def _reading(r: Result) -> Kader:
    return Kader("info", f"Lezen: {r.card.label.lower()}", (Alinea((Tekst(r.card.lezen),)),))


def netwerkverslag(vrijgave: Release) -> Output:
    """Show everything on networks at once, as the report does."""
    blocks = network_blocks(access.required(vrijgave))
    if not blocks:
        raise GebruikFout(
            "deze bundel bevat geen netwerken",
            herstel="bundel = studie.bundel(*studie.netwerkanalyse())",
        )
    return Output(tuple(blocks), vrijgave.id)
