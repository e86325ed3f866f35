"""From a package to the small tables that networks are made of, computed where the data live.

No pseudonym leaves the engine: households, professionals and organisations are numbered by rank, the
same in every table of one package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import clip, merge, present, successors, with_stretch
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.identity import Labels, Variant
from toekomstscenario_eval.periods import split_periods
from toekomstscenario_eval.summaries.breakdowns import (
    codes,
    fetch,
    groups,
    household_codes,
    labels,
    strata,
)
from toekomstscenario_eval.types import SITE, SITE_KIND, Venster, Vraag

# What a node may be, and the column of the ties that holds it.
NIVEAUS: Mapping[str, str] = {
    "professional": "actor",
    "organisatie": "organisatie",
    "soort": "soort",
    "domein": "domein",
}
VAST_GEZICHT = "vast_gezicht"


def column(niveau: str) -> str:
    """Return the column that holds the nodes of a level; GebruikFout when there is no such level."""
    if niveau not in NIVEAUS:
        raise GebruikFout(f"een netwerk per '{niveau}' bestaat niet", herstel=did_you_mean(niveau, NIVEAUS))
    return NIVEAUS[niveau]


def organisation_ids(package: Package) -> ir.Table:
    """Return `organisatie_id, organisatie`: the number of every organisation."""
    return codes(package.tabellen["organisatie"], "organisatie_id", "organisatie")


def _organisations(package: Package) -> ir.Table:
    """Return `organisatie_id, organisatie, soort, domein`: number, and the codes of kind and domain."""
    source = package.tabellen["organisatie"]
    soorten = load_schema().codelists["organisatie_soort"].rijen
    of_soort = {row["code"]: row["domein"] for row in soorten}
    otherwise = source.soort.substitute(of_soort, else_=ibis.literal("overig"))
    out = source.select("organisatie_id", "soort", domein=source.domein.fill_null(otherwise))
    return out.join(organisation_ids(package), "organisatie_id")


def _spells(package: Package) -> ir.Table:
    """Return all involvement with numbers instead of keys, and kind and domain of the organisation."""
    return package.once(_number_spells(package))


def _number_spells(package: Package) -> ir.Table:
    b = package.records["betrokkenheid"]
    having = b.select("huishouden_id", "professional_id", "organisatie_id", "rol", "begin", "eind")
    having = having.join(codes(b, "professional_id", "actor"), "professional_id")
    return having.join(_organisations(package), "organisatie_id")


def _numbered(package: Package, table: ir.Table) -> ir.Table:
    """Replace the key of the household by its number."""
    return table.join(household_codes(package), "huishouden_id").drop("huishouden_id")


def _seen(package: Package, aanwezig: ir.Table, col: str) -> ir.Table:
    """Return `huishouden_id, <kolom>, van, tot, ...`: disjoint spells of a node inside the observed stay."""
    keys = ["huishouden_id", col]
    return clip(merge(_spells(package).select(*keys, "begin", "eind"), keys), aanwezig)


def _persons(package: Package, aanwezig: ir.Table, col: str) -> ir.Table:
    """Return the same by person: `huishouden_id, <kolom>, persoon, van, tot`."""
    keys = ["huishouden_id", col, "persoon"]
    spells = _spells(package).select("huishouden_id", col, "begin", "eind", persoon="actor")
    return clip(merge(spells, keys), aanwezig).select(*keys, "van", "tot")


def _present(package: Package, venster: Venster) -> ir.Table:
    return present(package.tabellen["huishouden"], _question(package, venster))


def _question(package: Package, venster: Venster) -> Vraag:
    return Vraag(venster, package.peildatum)


def site_of(package: Package) -> pd.Series[str]:
    """Return the proeftuin of each household, by the number of the household."""
    return fetch(_numbered(package, groups(package, SITE))).set_index("huishouden")["groep"]


def ties(package: Package, venster: Venster) -> pd.DataFrame:
    """Return one row per household, professional and organisation with a day in common in the window.

    Columns `huishouden, actor, organisatie` (numbers), `soort, domein` (codes), `vast` (was the fixed
    face of this household in the window), `dagen`, `proeftuin`, `proeftuin_soort`.
    """
    vraag = _question(package, venster)
    every = _spells(package)
    keys = ["huishouden_id", "actor", "organisatie", "soort", "domein"]
    aanwezig = present(package.tabellen["huishouden"], vraag)
    seen = clip(merge(every.select(*keys, "begin", "eind"), keys), aanwezig)
    tie = seen.group_by(keys).agg(dagen=seen.tot.delta(seen.van, unit="day").sum().cast("int64"))
    gezicht = _fixed_faces(package, aanwezig).mutate(vast=ibis.literal(True))
    out = tie.left_join(gezicht, ["huishouden_id", "actor"])
    out = out.select(*keys, "dagen", vast=out.vast.fill_null(False))
    for naam in (SITE, SITE_KIND):
        out = out.join(groups(package, naam).rename({naam: "groep"}), "huishouden_id")
    return fetch(_numbered(package, out))


def around_start(package: Package, venster: Venster, *, least: int, most: int) -> tuple[ir.Table, ir.Table]:
    """Return the stays before and after the start of their proeftuin, over equally many days.

    As many days as the window holds on both sides, at most `most`; a proeftuin with fewer than
    `least` days on a side is absent. Both tables hold `huishouden_id, van, tot`.
    """
    start = package.tabellen["proeftuin"].select("proeftuin_id", start="start_datum")
    begin, eind = ibis.literal(venster.begin), ibis.literal(min(venster.eind, package.peildatum))
    dagen = ibis.least(start.start.delta(begin, unit="day"), eind.delta(start.start, unit="day"), most)
    having = start.mutate(dagen=dagen.cast("int64"))
    having = having.filter(having.start.notnull(), having.dagen >= least)
    house = package.tabellen["huishouden"].select("huishouden_id", "proeftuin_id")
    stay = _present(package, venster).join(house.join(having, "proeftuin_id"), "huishouden_id")
    first = (stay.start - stay.dagen.as_interval("D")).cast("date")
    last = (stay.start + stay.dagen.as_interval("D")).cast("date")
    out = []
    for since, stop in ((first, stay.start), (stay.start, last)):
        part = stay.select(
            "huishouden_id", van=ibis.greatest(stay.van, since), tot=ibis.least(stay.tot, stop)
        )
        out.append(part.filter(part.van < part.tot))
    return out[0], out[1]


def together(
    package: Package, venster: Venster, niveau: str, *, aanwezig: ir.Table | None = None
) -> pd.DataFrame:
    """Return every pair of nodes around one household: `huishouden, een, twee, dagen, kortste, zelf`.

    `dagen` counts the days that two different persons of both were there (0: one after the other),
    `kortste` the days of whichever was there shortest; `zelf`: one person is all there is of both, who is
    neither beside nor after anybody. With `aanwezig` (see `around_start`) a household is observed in
    those days instead of the window.
    """
    col = column(niveau)
    within = _present(package, venster) if aanwezig is None else aanwezig
    seen = _seen(package, within, col).select("huishouden_id", col, "van", "tot")
    seen = seen.mutate(duur=seen.tot.delta(seen.van, unit="day").cast("int64"))
    days = seen.group_by(["huishouden_id", col]).agg(duur=seen.duur.sum().cast("int64"))
    persons = _persons(package, within, col)
    who = persons.group_by(["huishouden_id", col]).agg(
        mensen=persons.persoon.nunique(), eerste=persons.persoon.min()
    )
    per = days.join(who, ["huishouden_id", col])
    per = per.select("huishouden_id", col, "duur", alleen=ibis.ifelse(per.mensen == 1, per.eerste, -1))
    one = per.rename(een=col, duur_een="duur", alleen_een="alleen")
    two = per.view().rename(twee=col, duur_twee="duur", alleen_twee="alleen", huis="huishouden_id")
    pairs = one.join(two, [one.huishouden_id == two.huis, one.een < two.twee])
    joint = _days_of_two(persons.rename(een=col))
    out = pairs.left_join(joint, ["huishouden_id", "een", "twee"])
    out = out.select(
        "huishouden_id",
        "een",
        "twee",
        dagen=out.dagen.fill_null(0),
        kortste=ibis.least(out.duur_een, out.duur_twee),
        zelf=(out.alleen_een == out.alleen_twee) & (out.alleen_een >= 0),
    )
    return fetch(_numbered(package, out))


def around_fixed_face(package: Package, venster: Venster) -> pd.DataFrame:
    """Return who was there on a day with a fixed face of the household: `huishouden, een, twee, dagen`.

    `een` is the fixed face; pairs without a day together are absent.
    """
    aanwezig = _present(package, venster)
    seen = _seen(package, aanwezig, "actor").select("huishouden_id", "actor", "van", "tot")
    gezichten = seen.semi_join(_fixed_faces(package, aanwezig), ["huishouden_id", "actor"])
    out = _days_together(gezichten.rename(een="actor"), seen.rename(een="actor"))
    return fetch(_numbered(package, out))


def _fixed_faces(package: Package, aanwezig: ir.Table) -> ir.Table:
    """Return `huishouden_id, actor` of who was a fixed face on an observed day, each once."""
    every = _spells(package)
    rol = every.filter(every.rol == VAST_GEZICHT).select("huishouden_id", "actor", "begin", "eind")
    return clip(rol, aanwezig).select("huishouden_id", "actor").distinct()


def _days_together(left: ir.Table, right: ir.Table) -> ir.Table:
    """Return `huishouden_id, een, twee, dagen` of two different nodes that were there on the same day."""
    right = right.view().select(huis="huishouden_id", twee="een", van2="van", tot2="tot")
    same_day = [left.huishouden_id == right.huis, left.van < right.tot2, right.van2 < left.tot]
    hit = left.join(right, [*same_day, left.een != right.twee])
    dagen = ibis.least(hit.tot, hit.tot2).delta(ibis.greatest(hit.van, hit.van2), unit="day")
    return hit.group_by(["huishouden_id", "een", "twee"]).agg(dagen=dagen.sum().cast("int64"))


def _days_of_two(persons: ir.Table) -> ir.Table:
    """Return `huishouden_id, een, twee, dagen`: days with a person of the one and another of the other."""
    keys = ["huishouden_id", "een", "twee"]
    other = persons.view().select(huis="huishouden_id", twee="een", ander="persoon", van2="van", tot2="tot")
    same_day = [persons.huishouden_id == other.huis, persons.van < other.tot2, other.van2 < persons.tot]
    hit = persons.join(other, [*same_day, persons.een < other.twee, persons.persoon != other.ander])
    both = hit.select(*keys, begin=ibis.greatest(hit.van, hit.van2), eind=ibis.least(hit.tot, hit.tot2))
    days = merge(both, keys)
    return days.group_by(keys).agg(dagen=days.eind.delta(days.begin, unit="day").sum().cast("int64"))


def handovers(
    package: Package,
    venster: Venster,
    niveau: str,
    *,
    maximum_interval: int = 30,
    maximum_overlap: int = 30,
) -> pd.DataFrame:
    """Return who hands a household over to whom: `huishouden, bron, doel, dag, dagen`.

    A node leaves in the window, and the first other that came later is there after that or comes
    then; see the definition of `estafette`. `dagen` is the delay between the last day of the one
    and the first of the other, negative when they overlapped; `dag` tells departures of one node
    apart. Several that come on the same first day each get a row.
    """
    col, vraag = column(niveau), _question(package, venster)
    # The whole stay: who came before the window came before those who came in it.
    whole = Vraag(Venster(date.min, package.peildatum), package.peildatum)
    stay = present(package.tabellen["huishouden"], whole)
    seen = _seen(package, stay, col)
    limit = ibis.literal(vraag.grens)
    departure = seen.filter(seen.geeindigd, seen.tot > ibis.literal(venster.begin), seen.tot <= limit)
    later = (departure.tot + ibis.interval(days=maximum_interval)).cast("date")
    departure = departure.filter(later < ibis.literal(package.peildatum))
    members = with_stretch(_persons(package, stay, col), seen, col)
    successor = successors(departure, members, col, interval=maximum_interval, overlap=maximum_overlap)
    first = successor.mutate(
        eerste=successor.komt.min().over(ibis.window(group_by=["huishouden_id", col, "tot"]))
    )
    first = first.filter(first.komt == first.eerste)
    out = first.select(
        "huishouden_id",
        "doel",
        bron=col,
        dag=first.tot.delta(ibis.literal(venster.begin), unit="day").cast("int64"),
        dagen=first.komt.delta(first.tot, unit="day").cast("int64"),
    ).distinct()
    return fetch(_numbered(package, out))[["huishouden", "bron", "doel", "dag", "dagen"]]


def meetings(package: Package, venster: Venster) -> pd.DataFrame:
    """Return who sat in which meeting of the window.

    Columns `overleg, huishouden, actor, organisatie` (numbers), `soort, domein` (codes). A
    professional counts for the organisation with most of its spells (on a draw the first by number);
    participants without any spell belong to none and are left out.
    """
    vraag = _question(package, venster)
    overleg, deelname = package.tabellen["overleg"], package.tabellen["overleg_deelname"]
    within = overleg.filter(
        overleg.datum >= ibis.literal(venster.begin), overleg.datum < ibis.literal(vraag.grens)
    )
    every = _spells(package)
    count = every.group_by(["professional_id", "actor", "organisatie", "soort", "domein"]).agg(
        n=every.count()
    )
    rank = ibis.row_number().over(
        ibis.window(group_by="professional_id", order_by=[count.n.desc(), count.organisatie])
    )
    main = count.mutate(rang=rank)
    main = main.filter(main.rang == 0).drop("rang", "n")
    at = within.select("overleg_id", "huishouden_id")
    at = at.join(deelname.select("overleg_id", "professional_id"), "overleg_id")
    at = at.join(main, "professional_id").join(codes(overleg, "overleg_id", "overleg"), "overleg_id")
    out = at.select("huishouden_id", "overleg", "actor", "organisatie", "soort", "domein").distinct()
    return fetch(_numbered(package, out))


@dataclass(frozen=True)
class NetworkTables:
    """The tables of one package and window that networks are made of; each is fetched when asked for.

    What `estimators.networks` works with: it sees these tables, and no package.
    """

    pakket: Package
    venster: Venster

    @property
    def variant(self) -> Variant:
        """What tells results apart: a window that is not that of the package."""
        own = self.venster != self.pakket.venster
        return Variant(venster=(self.venster.begin, self.venster.eind) if own else None)

    @property
    def labels(self) -> Labels:
        """The words for the codes in these tables."""
        return labels()

    @property
    def days(self) -> int:
        """Days of the window that were observed."""
        return (_question(self.pakket, self.venster).grens - self.venster.begin).days

    @property
    def spells(self) -> int:
        """Number of spells of involvement in the package; 0 without that table."""
        file = self.pakket.bestanden.get("betrokkenheid")
        return file.rijen if file else 0

    @property
    def present_households(self) -> int:
        """Number of households with a day in the window."""
        return int(_present(self.pakket, self.venster).count().execute())

    def present(self) -> pd.DataFrame:
        """Return `huishouden`, the number of every household with a day in the window."""
        rows = _present(self.pakket, self.venster).select("huishouden_id").distinct()
        return fetch(_numbered(self.pakket, rows))

    def column(self, level: str) -> str:
        """See `column`."""
        return column(level)

    def missing(self, tables: Mapping[str, tuple[str, ...]]) -> str:
        """Return why these tables and columns are not there; empty when they are."""
        return self.pakket.ontbreekt(tables)

    def parts(self, periode: str) -> dict[str, NetworkTables]:
        """Return the same of each whole calendar period of the window, by its label."""
        parts = split_periods(self.venster, periode, self.pakket.peildatum)
        return {label: replace(self, venster=part) for label, part in parts.items()}

    def strata(self, fields: Sequence[str]) -> dict[str, str]:
        """Return the coarser groups of each proeftuin; see `breakdowns.strata`."""
        return strata(self.pakket, fields)

    def site_of(self) -> pd.Series[str]:
        """Return the proeftuin of each household, by the number of the household."""
        return site_of(self.pakket)

    def ties(self) -> pd.DataFrame:
        """See `ties`."""
        return ties(self.pakket, self.venster)

    def together(self, level: str) -> pd.DataFrame:
        """See `together`."""
        return together(self.pakket, self.venster, level)

    def together_around_start(self, level: str, *, least: int, most: int) -> list[pd.DataFrame]:
        """Return `together` before and after the start of each proeftuin; see `around_start`."""
        stays = around_start(self.pakket, self.venster, least=least, most=most)
        return [together(self.pakket, self.venster, level, aanwezig=stay) for stay in stays]

    def around_fixed_face(self) -> pd.DataFrame:
        """See `around_fixed_face`."""
        return around_fixed_face(self.pakket, self.venster)

    def handovers(self, level: str) -> pd.DataFrame:
        """See `handovers`."""
        return handovers(self.pakket, self.venster, level)

    def meetings(self) -> pd.DataFrame:
        """See `meetings`."""
        return meetings(self.pakket, self.venster)
