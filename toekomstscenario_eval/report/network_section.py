"""The part of the report on networks: side by side or in relay, and across domains."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.leading import kinds
from toekomstscenario_eval.blocks.network import network_figure
from toekomstscenario_eval.blocks.network_data import NETWERK
from toekomstscenario_eval.blocks.table import (
    count_cell,
    interval_cell,
    number_cell,
    overview_table,
    parts_left_out,
)
from toekomstscenario_eval.blocks.whose import KINDS, days, pools
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
from toekomstscenario_eval.document.format import field, interval, number, of_series
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.series import ROLLEN, SENSITIVITY, STRENGTH
from toekomstscenario_eval.tie_names import PAIRS_OF_KINDS
from toekomstscenario_eval.types import SITE_KIND, Maat, Result, Vorm

PER_YEAR = Variant(periode="jaar")
TIME, VERGELIJKING, OVERLEG = f"{NETWERK}[{PER_YEAR}]", f"{NETWERK}_vergelijking", f"{NETWERK}_overleg"
_PICTURES = ((NETWERK, "knopen"), (NETWERK, "matrix"), (TIME, "tijd"), (NETWERK, "overdrachten"))
# How many kinds of organisation are named of an area.
_TOP = 3
_GONE = Cel("", rechts=True, onderdrukt=True)


def _one(r: Result, maat: str) -> access.Row:
    return access.records(access.rows(r, uitsplitsing="", maat=maat))[0]


def _figure(row: access.Row, maat: Maat) -> list[Inline]:
    """Return a number with its interval, or that it is hidden."""
    if row["onderdrukt"]:
        return [Tekst("niet getoond")]
    if row["leest"]:
        return [Getal(row["leest"], row["getal_id"])]
    if isnan(row["schatting"]):
        return [Tekst(str(row["methode"]))]
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


def summary(r: Result) -> list[Alinea]:
    """Return the answer, for each kind of region apart where there is more than one."""
    apart = kinds(r) if pools(r) else []
    if not apart:
        return [_answer(r, access.rows(r, uitsplitsing=""), "")]
    rows = access.rows(r, uitsplitsing=SITE_KIND)
    return [_answer(r, rows[rows["groep"].eq(kind)], KINDS[kind][1]) for kind in apart]


def _answer(r: Result, rows: pd.DataFrame, who: str) -> Alinea:
    found = {row["maat"]: row for row in access.records(rows)}
    parts: list[Inline] = [Tekst(f"{who[:1].upper()}{who[1:]}, {days(r)}:", "vet"), Tekst(" ")] if who else []
    for before, maat in _SUMMARY:
        if maat in found:
            parts += [Tekst(before), *_figure(found[maat], r.card.maten[maat]), Tekst(". ")]
    return Alinea(tuple(parts))


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


def strength_table(r: Result) -> Tabel:
    """Return the kinds of organisation by how much they share, the strongest first."""
    rows = _strength(r, "")
    return Tabel(
        "Soorten organisaties naar de sterkte van hun banden",
        ("Soort organisatie", "Deel van alle gedeelde huishoudens", "Soorten waarmee zij deelt"),
        tuple(
            (
                Cel(row["label"]),
                Cel(number(row["waarde"], Vorm.AANDEEL), row["getal_id"], rechts=True),
                Cel(number(row["x"], Vorm.TELLING), f"{row['getal_id']}.x", rechts=True),
            )
            for row in rows
        ),
        ("Een huishouden telt mee bij elk paar soorten dat het deelt.", *_ties_note(r)),
    )


def _density_note(r: Result, per: str) -> tuple[str, ...]:
    """Return what a public density of kinds is; nothing inside."""
    public = r.publiek.get(per)
    if public is None:
        return ()
    return (
        f"Dichtheid: het deel van de {PAIRS_OF_KINDS} paren van alle soorten dat ten minste {public.drempel} "
        "huishoudens deelt. Met meer huishoudens is dat vanzelf meer: vergelijk alleen wat even groot is.",
    )


def _ties_note(r: Result) -> tuple[str, ...]:
    """Return from how many households on a public tie is one; nothing inside."""
    public = r.publiek.get("")
    return (
        (f"Een soort telt als soort waarmee zij deelt vanaf {public.vanaf.tie_whole} huishoudens.",)
        if public
        else ()
    )


def _strength(r: Result, per: str, groep: str | None = None) -> list[access.Row]:
    """Return the points of strength of the whole or of a group, the strongest first."""
    table = points(r)
    rows = table[table["reeks"].eq(STRENGTH) & table["uitsplitsing"].eq(per)]
    if groep is not None:
        rows = rows[rows["groep"].eq(groep)]
    order: list[access.Row] = sorted(access.records(rows), key=lambda p: (-p["waarde"], p["label"]))
    return order


def area_table(r: Result, per: str) -> Tabel:
    """Return relay, density and, in public, the strongest kinds of organisation of each group."""
    maten = [m for m in ("naast_elkaar", "na_elkaar", "dichtheid_soorten") if m in r.card.maten]
    columns = [access.records(access.rows(r, uitsplitsing=per, maat=m)) for m in maten]
    strongest = STRENGTH in set(r.reeksen["reeks"])
    rows = []
    for of in zip(*columns, strict=True):
        top = [p["label"] for p in _strength(r, per, of[0]["naam"])[:_TOP]] if strongest else []
        rows.append(
            (
                Cel(f"{of[0]['naam']} ({of[0]['stand']})" if of[0]["stand"] else of[0]["naam"]),
                number_cell(of[0], r.card.maten[maten[0]].vorm),
                interval_cell(of[0], r.card.maten[maten[0]].vorm),
                *(number_cell(row, r.card.maten[m].vorm) for m, row in zip(maten[1:], of[1:], strict=True)),
                *((Cel(", ".join(top) or "niet getoond"),) if strongest else ()),
                count_cell(next((row for row in of if not row["onderdrukt"]), of[0]), "n"),
            )
        )
    hidden = dict.fromkeys(row["methode"] for of in columns for row in of if row["onderdrukt"])
    return Tabel(
        f"Netwerken per {field(per).lower()}",
        (
            field(per),
            r.card.maten[maten[0]].label,
            "95%-interval",
            *(r.card.maten[m].label for m in maten[1:]),
            *(("Sterkste soorten",) if strongest else ()),
            "Huishoudens",
        ),
        tuple(rows),
        (
            *((f"Niet getoond: {'; '.join(hidden)}.",) if hidden else ()),
            *_density_note(r, per),
        ),
    )


def time_table(vrijgave: Release) -> Tabel:
    """Return the index and what else is told of each period; inside also the ties that stayed."""
    r = access.released(vrijgave, TIME)
    maten = {
        "naast_elkaar": "Naast elkaar",
        "over_domeinen_organisaties": "Paren uit twee domeinen",
        "dichtheid_soorten": "Dichtheid tussen soorten",
        "behoud": "Paren die bleven",
    }
    columns = {m: access.records(access.rows(r, uitsplitsing="", maat=m)) for m in maten}
    told = [m for m, rows in columns.items() if not all(row["onderdrukt"] for row in rows)] or list(maten)
    rows = zip(*(columns[m] for m in told), strict=True)
    first = r.card.maten[told[0]].vorm
    return Tabel(
        "Netwerken per jaar",
        ("Periode", maten[told[0]], "95%-interval", *(maten[m] for m in told[1:]), "Huishoudens"),
        tuple(
            (
                Cel(of[0]["periode"]),
                number_cell(of[0], first),
                interval_cell(of[0], first),
                *(number_cell(row, r.card.maten[m].vorm) for m, row in zip(told[1:], of[1:], strict=True)),
                count_cell(of[0], "n"),
            )
            for of in rows
        ),
        tuple(parts_left_out(r)),
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
    if not _told(r):
        return [*out, *_not_told(r)]
    out += [*summary(r), *_about(r), *_pictures(vrijgave), *_overview(vrijgave, r)]
    out += [area_table(r, per) for per in access.breakdowns(r)]
    if TIME in namen and _told(namen[TIME]):
        out.append(time_table(vrijgave))
    if VERGELIJKING in namen:
        out += _comparison(namen[VERGELIJKING])
    if OVERLEG in namen and not namen[OVERLEG].reden_nvt:
        out += _pictures(vrijgave, [(OVERLEG, "knopen")])
        out += [*_overview(vrijgave, namen[OVERLEG]), _reading(namen[OVERLEG])]
    series = set(r.reeksen["reeks"])
    tables = {ROLLEN: roles_table, SENSITIVITY: sensitivity_table, STRENGTH: strength_table}
    return [*out, *(table(r) for reeks, table in tables.items() if reeks in series), _reading(r)]


def _about(r: Result) -> list[Alinea]:
    """Say of whom the network as a whole is, where that is of more than one kind of region."""
    if not pools(r):
        return []
    text = (
        "De tekeningen en de tabel van het hele netwerk gaan over alle regio's samen, proeftuinen en "
        "vergelijkingsregio's, en over alle dagen van het venster. Elke soort apart staat in de tabel erna."
    )
    return [Alinea((Tekst(text),))]


def _told(r: Result) -> list[str]:
    """Return the estimands of which a number of the whole is shown."""
    whole = r.schattingen[r.schattingen["uitsplitsing"].eq("") & ~r.schattingen["onderdrukt"]]
    return [maat for maat in r.card.maten if maat in set(whole["maat"])]


def _overview(vrijgave: Release, r: Result) -> list[Block]:
    """Return the numbers of the whole, and what is not shown by the reason."""
    told = _told(r)
    if not told:
        return _not_told(r)
    return [overview_table(vrijgave, r.sleutel, maten=told), *_not_told(r)]


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
