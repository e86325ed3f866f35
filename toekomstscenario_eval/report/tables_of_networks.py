"""Tables of the networks of a release: of kinds of region apart where they can be; each says whose it is."""

from __future__ import annotations

from collections.abc import Iterable

from toekomstscenario_eval.blocks import access, whose
from toekomstscenario_eval.blocks.leading import kinds
from toekomstscenario_eval.blocks.network_data import NETWERK, population
from toekomstscenario_eval.blocks.table import (
    count_cell,
    interval_cell,
    number_cell,
    parts_left_out,
    reasons,
)
from toekomstscenario_eval.blocks.whose import KINDS, pools
from toekomstscenario_eval.blocks.wording import points
from toekomstscenario_eval.document.document import (
    Cel,
    Tabel,
)
from toekomstscenario_eval.document.format import field, interval, number, of_series, sentence_start
from toekomstscenario_eval.identity import TOTAAL, Variant
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.series import ROLLEN, SENSITIVITY, STRENGTH
from toekomstscenario_eval.tie_names import PAIRS_OF_KINDS
from toekomstscenario_eval.types import SITE, SITE_KIND, Result, Vorm

PER_YEAR = Variant(periode="jaar")
TIME = f"{NETWERK}[{PER_YEAR}]"
_OF_AREAS = ("naast_elkaar", "na_elkaar", "dichtheid_soorten")
# How many kinds of organisation are named of an area.
_TOP = 3
_GONE = Cel("", rechts=True, onderdrukt=True)


def _one(r: Result, maat: str) -> access.Row:
    return access.records(access.rows(r, uitsplitsing="", maat=maat))[0]


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
    heading = ("Wat", "Verschil of verhouding", "p-waarde", "Hoe")
    return Tabel("Netwerken vergeleken", heading, tuple(rows), population(r, SITE))


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
    return Tabel(whose.about(title, r), heading, tuple(rows), population(r))


def roles_table(r: Result) -> Tabel:
    """Return brokerage of lokaal team and RVT."""
    heading = ("Soort en rol", "Deel van de rol", "Professionals")
    return points_table(r, ROLLEN, "Makelaars tussen domeinen (Gould en Fernandez)", heading, spread=False)


def sensitivity_table(r: Result) -> Tabel:
    """Return what measures become when ties were not registered."""
    heading = ("Maat en deel van de banden dat ontbreekt", "Gemiddeld", "Laagste – hoogste")
    return points_table(r, SENSITIVITY, "Als banden niet zijn geregistreerd", heading, spread=True)


def strength_tables(r: Result) -> list[Tabel]:
    """Return the kinds of organisation by what they share: of each kind of region, or else of the whole."""
    apart = [kind for kind in kinds_apart(r) if _strength(r, SITE_KIND, kind)]
    return [_strength_table(r, SITE_KIND, kind) for kind in apart] or [_strength_table(r, "", TOTAAL)]


def _strength_table(r: Result, per: str, groep: str) -> Tabel:
    rows = _strength(r, per, groep)
    caption = "Soorten organisaties naar de sterkte van hun banden"
    return Tabel(
        f"{caption}: {KINDS[groep][1]}" if per else whose.about(caption, r),
        ("Soort organisatie", "Deel van alle gedeelde huishoudens", "Soorten waarmee zij deelt"),
        tuple(
            (
                Cel(row["label"]),
                Cel(number(row["waarde"], Vorm.AANDEEL), row["getal_id"], rechts=True),
                Cel(number(row["x"], Vorm.TELLING), f"{row['getal_id']}.x", rechts=True),
            )
            for row in rows
        ),
        (
            *population(r, per),
            "Een huishouden telt mee bij elk paar soorten dat het deelt.",
            *_ties_note(r, per),
        ),
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


def _ties_note(r: Result, per: str) -> tuple[str, ...]:
    """Return from how many households on a public tie is one; nothing inside."""
    if (public := r.publiek.get(per)) is None:
        return ()
    least = public.vanaf.tie if per else public.vanaf.tie_whole
    return (f"Een soort telt als soort waarmee zij deelt vanaf {least} huishoudens.",)


def kinds_apart(r: Result) -> list[str]:
    """Return the kinds of region that a network is told of apart, where it is of more than one."""
    return kinds(r) if pools(r) else []


def _strength(r: Result, per: str, groep: str) -> list[access.Row]:
    """Return the points of strength of a group (or of the whole), the strongest first."""
    table = points(r)
    rows = table[table["reeks"].eq(STRENGTH) & table["uitsplitsing"].eq(per)]
    rows = rows[rows["groep"].eq(r.labels.text(per, groep))]
    order: list[access.Row] = sorted(access.records(rows), key=lambda p: (-p["waarde"], p["label"]))
    return order


def kinds_table(r: Result) -> list[Tabel]:
    """Return what else is told of a kind of region, each kind beside the other; nothing without both."""
    apart = kinds_apart(r)
    table = access.rows(r, uitsplitsing=SITE_KIND) if apart else r.schattingen.iloc[:0]
    found = {(row["maat"], row["groep"]): row for row in access.records(table)}
    told = {maat for (maat, _), row in found.items() if not row["onderdrukt"]}
    maten = {m: maat for m, maat in r.card.maten.items() if m in told and m not in _OF_AREAS}
    if not maten:
        return []
    rows = tuple(
        (
            Cel(maat.label),
            *(
                cell
                for row in (found[m, kind] for kind in apart)
                for cell in (number_cell(row, maat.vorm), interval_cell(row, maat.vorm))
            ),
            Cel(maat.eenheid),
        )
        for m, maat in maten.items()
    )
    heads = [head for kind in apart for head in (sentence_start(KINDS[kind][1]), "95%-interval")]
    caption = "Netwerken per soort regio: andere maten"
    notes = (*population(r, SITE_KIND), *reasons(r, table[table["maat"].isin(maten)]))
    return [Tabel(caption, ("Maat", *heads, "Eenheid"), rows, notes)]


def area_table(r: Result, per: str) -> Tabel:
    """Return relay, density and, in public, the strongest kinds of organisation of each group."""
    maten = [m for m in _OF_AREAS if m in r.card.maten]
    columns = [access.records(access.rows(r, uitsplitsing=per, maat=m)) for m in maten]
    strongest = STRENGTH in set(r.reeksen["reeks"])
    caption = f"Netwerken per {field(per).lower()}"
    rows = []
    for of in zip(*columns, strict=True):
        top = [p["label"] for p in _strength(r, per, of[0]["groep"])[:_TOP]] if strongest else []
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
    return Tabel(
        f"{caption}. Over: {whose.whose(r)}" if pools(r, per) else caption,
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
            *population(r, per),
            *_hidden_reasons(columns),
            *_density_note(r, per),
        ),
    )


def _hidden_reasons(columns: Iterable[Iterable[access.Row]]) -> tuple[str, ...]:
    """Return why something in these columns is not shown."""
    hidden = dict.fromkeys(row["methode"] for of in columns for row in of if row["onderdrukt"])
    return (f"Niet getoond: {'; '.join(hidden)}.",) if hidden else ()


def time_table(vrijgave: Release) -> Tabel:
    """Return the index and what else is told of each period; inside also the ties that stayed."""
    r = access.released(vrijgave, TIME)
    maten = {
        "naast_elkaar": "Naast elkaar",
        "over_domeinen_organisaties": "Paren uit twee domeinen",
        "dichtheid_soorten": "Dichtheid tussen soorten",
        "behoud": "Paren die bleven",
    }
    apart = kinds_apart(r)
    per = SITE_KIND if apart else ""
    columns = {m: access.records(access.rows(r, uitsplitsing=per, maat=m)) for m in maten}
    if apart:
        columns = {
            m: sorted(rows, key=lambda row: (apart.index(row["groep"]), row["periode"]))
            for m, rows in columns.items()
        }
    told = [m for m, rows in columns.items() if not all(row["onderdrukt"] for row in rows)] or list(maten)
    rows = zip(*(columns[m] for m in told), strict=True)
    first = r.card.maten[told[0]].vorm
    return Tabel(
        "Netwerken per jaar",
        (
            *((field(per),) if apart else ()),
            "Periode",
            maten[told[0]],
            "95%-interval",
            *(maten[m] for m in told[1:]),
            "Huishoudens",
        ),
        tuple(
            (
                *((Cel(of[0]["naam"]),) if apart else ()),
                Cel(of[0]["periode"]),
                number_cell(of[0], first),
                interval_cell(of[0], first),
                *(number_cell(row, r.card.maten[m].vorm) for m, row in zip(told[1:], of[1:], strict=True)),
                count_cell(next((row for row in of if not row["onderdrukt"]), of[0]), "n"),
            )
            for of in rows
        ),
        (*population(r, per), *parts_left_out(r), *_hidden_reasons(columns[m] for m in told)),
    )
