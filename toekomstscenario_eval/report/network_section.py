"""The part of the report on networks: side by side or in relay, and across domains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan

import pandas as pd

from toekomstscenario_eval.blocks import access, whose
from toekomstscenario_eval.blocks.network import network_figure
from toekomstscenario_eval.blocks.network_data import NETWERK
from toekomstscenario_eval.blocks.table import overview_table
from toekomstscenario_eval.blocks.whose import KINDS, days, pools
from toekomstscenario_eval.document.document import Alinea, Block, Getal, Inline, Kader, Kop, Output, Tekst
from toekomstscenario_eval.document.format import interval, number
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.report.tables_of_networks import (
    TIME,
    area_table,
    comparison_table,
    kinds_apart,
    kinds_table,
    roles_table,
    sensitivity_table,
    strength_tables,
    time_table,
)
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.series import ROLLEN, SENSITIVITY, STRENGTH
from toekomstscenario_eval.types import SITE_KIND, Maat, Result

VERGELIJKING, OVERLEG = f"{NETWERK}_vergelijking", f"{NETWERK}_overleg"
_PICTURES = ((NETWERK, "knopen"), (NETWERK, "matrix"), (TIME, "tijd"), (NETWERK, "overdrachten"))


def _figure(row: access.Row, maat: Maat) -> list[Inline]:
    """Return a number with its interval."""
    out: list[Inline] = [Getal(number(row["schatting"], maat.vorm), row["getal_id"])]
    if spread := interval(row["ondergrens"], row["bovengrens"], maat.vorm):
        out.append(Tekst(f" (interval {spread})"))
    return out


_SUMMARY = (
    (
        "Op een schaal van 0 (na elkaar) tot 1 (naast elkaar) scoren organisaties rond een huishouden ",
        "naast_elkaar",
    ),
    ("Van de paren organisaties bij een huishouden trof dit deel elkaar op geen enkele dag: ", "na_elkaar"),
    ("Van alle paren heeft dit deel organisaties uit twee domeinen: ", "over_domeinen_organisaties"),
    ("Het vaste gezicht was gelijktijdig betrokken met dit deel van de anderen: ", "bereik_vast_gezicht"),
)


_NO_ANSWER = "Geen van de kerncijfers van netwerken is hier te tonen; de tabellen zeggen waarom."


def _is_number(row: access.Row) -> bool:
    return not (row["onderdrukt"] or row["leest"] or isnan(row["schatting"]))


def summary(r: Result) -> list[Alinea]:
    """Return the answer, for each kind of region apart where there is more than one."""
    apart = kinds_apart(r)
    if not apart:
        return [_answer(r, access.rows(r, uitsplitsing=""), "")]
    rows = access.rows(r, uitsplitsing=SITE_KIND)
    return [_answer(r, rows[rows["groep"].eq(kind)], KINDS[kind][1]) for kind in apart]


def _answer(r: Result, rows: pd.DataFrame, who: str) -> Alinea:
    found = {row["maat"]: row for row in access.records(rows)}
    parts: list[Inline] = [Tekst(f"{who[:1].upper()}{who[1:]}, {days(r)}:", "vet"), Tekst(" ")] if who else []
    # What is hidden, or lies between two bounds, is no end of these sentences: tables have it, and why.
    told = [(before, maat) for before, maat in _SUMMARY if maat in found and _is_number(found[maat])]
    for before, maat in told:
        parts += [Tekst(before), *_figure(found[maat], r.card.maten[maat]), Tekst(". ")]
    if not told:
        parts.append(Tekst(_NO_ANSWER))
    return Alinea(tuple(parts))


def _pictures(vrijgave: Release, pictures: Sequence[tuple[str, str]] = _PICTURES) -> list[Block]:
    """Return the pictures that can be made of what is shown."""
    out: list[Block] = []
    there = {r.sleutel for r in vrijgave.resultaten}
    for key, picture in (what for what in pictures if what[0] in there):
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
    if not _told(r):
        return [*out, *_not_told(r)]
    series = set(r.reeksen["reeks"])
    first = [per for per in access.breakdowns(r) if not pools(r, per)]
    out += [*summary(r), *(area_table(r, per) for per in first[:1]), *kinds_table(r)]
    out += [area_table(r, per) for per in first[1:]]
    if TIME in namen and _told(namen[TIME]):
        out.append(time_table(vrijgave))
    out += strength_tables(r) if STRENGTH in series else []
    # What cannot be told of kinds of region apart, or only of both together, comes last and says so.
    out += [*_about(r), *_pictures(vrijgave), *_overview(vrijgave, r)]
    out += [area_table(r, per) for per in access.breakdowns(r) if per not in first]
    if VERGELIJKING in namen:
        out += _comparison(namen[VERGELIJKING])
    if OVERLEG in namen and not namen[OVERLEG].reden_nvt:
        out += _pictures(vrijgave, [(OVERLEG, "knopen")])
        out += [*_overview(vrijgave, namen[OVERLEG]), _reading(namen[OVERLEG])]
    tables = {ROLLEN: roles_table, SENSITIVITY: sensitivity_table}
    return [*out, *(table(r) for reeks, table in tables.items() if reeks in series), _reading(r)]


def _about(r: Result) -> list[Block]:
    """Say of whom the network as a whole is, where that is of more than one kind of region."""
    if not pools(r):
        return []
    text = (
        "Wie met wie deelt of overlegt, wordt alleen van alle regio's samen getoond. Wat hierna komt, gaat "
        "over proeftuinen en vergelijkingsregio's samen, en over alle dagen van het venster."
    )
    return [Kop(3, "Alle regio's samen"), Alinea((Tekst(text),))]


def _told(r: Result) -> list[str]:
    """Return the estimands of which a number of the whole is shown."""
    whole = r.schattingen[r.schattingen["uitsplitsing"].eq("") & ~r.schattingen["onderdrukt"]]
    return [maat for maat in r.card.maten if maat in set(whole["maat"])]


def _overview(vrijgave: Release, r: Result) -> list[Block]:
    """Return the numbers of the whole, and what is not shown by the reason."""
    told = _told(r)
    if not told:
        return _not_told(r)
    table = overview_table(vrijgave, r.sleutel, maten=told)
    return [replace(table, bijschrift=whose.about(table.bijschrift, r)), *_not_told(r)]


def _not_told(r: Result) -> list[Block]:
    """Return what is not shown of the whole, by the reason why not."""
    whole = r.schattingen[r.schattingen["uitsplitsing"].eq("") & r.schattingen["onderdrukt"]]
    lines = []
    for reason, part in whole.groupby("methode", sort=False):
        labels = list(dict.fromkeys(r.card.maten[maat].label for maat in part["maat"]))
        if len(labels) == len(r.card.maten):
            lines.append(Alinea((Tekst(f"Reden: {reason}."),)))
            continue
        named = [word for label in labels for word in (Tekst(", "), Tekst(label))][1:]
        lines.append(Alinea((*named, Tekst(f": {reason}."))))
    return [Kader("info", f"Niet getoond: {r.card.label.lower()}", tuple(lines))] if lines else []


def _comparison(r: Result) -> list[Block]:
    if r.reden_nvt:
        reason = f"{r.reden_nvt[:1].upper()}{r.reden_nvt[1:]}."
        return [Kader("info", r.card.label, (Alinea((Tekst(reason),)),))]
    return [comparison_table(r), _reading(r)]


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
