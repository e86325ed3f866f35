"""From a package to the small tables that networks are made of, computed where the data live.

No pseudonym leaves the engine: households, professionals and organisations are numbered by rank, the
same in every table of one package.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import clip, merge, present
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.identity import Labels, Variant
from toekomstscenario_eval.summaries.engine import (
    codes,
    fetch,
    groups,
    household_codes,
    labels,
    split_periods,
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
        raise GebruikFout(f"een netwerk per '{niveau}' bestaat niet", herstel=bedoelt_u(niveau, NIVEAUS))
    return NIVEAUS[niveau]


def _organisations(pakket: Package) -> ir.Table:
    """Return `organisatie_id, organisatie, soort, domein`: number, and the codes of kind and domain."""
    bron = pakket.tabellen["organisatie"]
    soorten = load_schema().codelijsten["organisatie_soort"].rijen
    van_soort = {rij["code"]: rij["domein"] for rij in soorten}
    anders = bron.soort.substitute(van_soort, else_=ibis.literal("overig"))
    uit = bron.select("organisatie_id", "soort", domein=bron.domein.fill_null(anders))
    return uit.join(codes(bron, "organisatie_id", "organisatie"), "organisatie_id")


def _spells(pakket: Package) -> ir.Table:
    """Return all involvement with numbers instead of keys, and kind and domain of the organisation."""
    return pakket.once(_number_spells(pakket))


def _number_spells(pakket: Package) -> ir.Table:
    b = pakket.tabellen["betrokkenheid"]
    met = b.select("huishouden_id", "professional_id", "organisatie_id", "rol", "begin", "eind")
    met = met.join(codes(b, "professional_id", "actor"), "professional_id")
    return met.join(_organisations(pakket), "organisatie_id")


def _numbered(pakket: Package, tabel: ir.Table) -> ir.Table:
    """Replace the key of the household by its number."""
    return tabel.join(household_codes(pakket), "huishouden_id").drop("huishouden_id")


def _seen(pakket: Package, aanwezig: ir.Table, kolom: str) -> ir.Table:
    """Return `huishouden_id, <kolom>, van, tot, ...`: disjoint spells of a node inside the observed stay."""
    sleutels = ["huishouden_id", kolom]
    return clip(merge(_spells(pakket).select(*sleutels, "begin", "eind"), sleutels), aanwezig)


def _present(pakket: Package, venster: Venster) -> ir.Table:
    return present(pakket.tabellen["huishouden"], _question(pakket, venster))


def _question(pakket: Package, venster: Venster) -> Vraag:
    return Vraag(venster, pakket.peildatum)


def site_of(pakket: Package) -> pd.Series[str]:
    """Return the proeftuin of each household, by the number of the household."""
    return fetch(_numbered(pakket, groups(pakket, SITE))).set_index("huishouden")["groep"]


def ties(pakket: Package, venster: Venster) -> pd.DataFrame:
    """Return one row per household, professional and organisation with a day in common in the window.

    Columns `huishouden, actor, organisatie` (numbers), `soort, domein` (codes), `vast` (was the fixed
    face of this household in the window), `dagen`, `proeftuin`, `proeftuin_soort`.
    """
    vraag = _question(pakket, venster)
    alle = _spells(pakket)
    sleutels = ["huishouden_id", "actor", "organisatie", "soort", "domein"]
    aanwezig = present(pakket.tabellen["huishouden"], vraag)
    gezien = clip(merge(alle.select(*sleutels, "begin", "eind"), sleutels), aanwezig)
    band = gezien.group_by(sleutels).agg(dagen=gezien.tot.delta(gezien.van, unit="day").sum().cast("int64"))
    gezicht = _fixed_faces(pakket, aanwezig).mutate(vast=ibis.literal(True))
    uit = band.left_join(gezicht, ["huishouden_id", "actor"])
    uit = uit.select(*sleutels, "dagen", vast=uit.vast.fill_null(False))
    for naam in (SITE, SITE_KIND):
        uit = uit.join(groups(pakket, naam).rename({naam: "groep"}), "huishouden_id")
    return fetch(_numbered(pakket, uit))


def around_start(pakket: Package, venster: Venster, *, minste: int, meeste: int) -> tuple[ir.Table, ir.Table]:
    """Return the stays before and after the start of their proeftuin, over equally many days.

    As many days as the window holds on both sides, at most `meeste`; a proeftuin with fewer than
    `minste` days on a side is absent. Both tables hold `huishouden_id, van, tot`.
    """
    start = pakket.tabellen["proeftuin"].select("proeftuin_id", start="start_datum")
    begin, eind = ibis.literal(venster.begin), ibis.literal(min(venster.eind, pakket.peildatum))
    dagen = ibis.least(start.start.delta(begin, unit="day"), eind.delta(start.start, unit="day"), meeste)
    met = start.mutate(dagen=dagen.cast("int64"))
    met = met.filter(met.start.notnull(), met.dagen >= minste)
    huis = pakket.tabellen["huishouden"].select("huishouden_id", "proeftuin_id")
    stay = _present(pakket, venster).join(huis.join(met, "proeftuin_id"), "huishouden_id")
    eerst = (stay.start - stay.dagen.as_interval("D")).cast("date")
    laatst = (stay.start + stay.dagen.as_interval("D")).cast("date")
    uit = []
    for van, tot in ((eerst, stay.start), (stay.start, laatst)):
        deel = stay.select("huishouden_id", van=ibis.greatest(stay.van, van), tot=ibis.least(stay.tot, tot))
        uit.append(deel.filter(deel.van < deel.tot))
    return uit[0], uit[1]


def together(
    pakket: Package, venster: Venster, niveau: str, *, aanwezig: ir.Table | None = None
) -> pd.DataFrame:
    """Return every pair of nodes around one household: `huishouden, een, twee, dagen, kortste`.

    `dagen` counts the days that both were there (0: one after the other), `kortste` the days of
    whichever was there shortest. With `aanwezig` (see `around_start`) a household is observed in
    those days instead of the window.
    """
    kolom = column(niveau)
    binnen = _present(pakket, venster) if aanwezig is None else aanwezig
    gezien = _seen(pakket, binnen, kolom).select("huishouden_id", kolom, "van", "tot")
    gezien = gezien.mutate(duur=gezien.tot.delta(gezien.van, unit="day").cast("int64"))
    per = gezien.group_by(["huishouden_id", kolom]).agg(duur=gezien.duur.sum().cast("int64"))
    een = per.rename(een=kolom, duur_een="duur")
    twee = per.view().rename(twee=kolom, duur_twee="duur", huis="huishouden_id")
    paren = een.join(twee, [een.huishouden_id == twee.huis, een.een < twee.twee])
    samen = _days_together(gezien.rename(een=kolom), gezien.rename(een=kolom), operator.lt)
    uit = paren.left_join(samen, ["huishouden_id", "een", "twee"])
    uit = uit.select(
        "huishouden_id",
        "een",
        "twee",
        dagen=uit.dagen.fill_null(0),
        kortste=ibis.least(uit.duur_een, uit.duur_twee),
    )
    return fetch(_numbered(pakket, uit))


def around_fixed_face(pakket: Package, venster: Venster) -> pd.DataFrame:
    """Return who was there on a day with a fixed face of the household: `huishouden, een, twee, dagen`.

    `een` is the fixed face; pairs without a day together are absent.
    """
    aanwezig = _present(pakket, venster)
    gezien = _seen(pakket, aanwezig, "actor").select("huishouden_id", "actor", "van", "tot")
    gezichten = gezien.semi_join(_fixed_faces(pakket, aanwezig), ["huishouden_id", "actor"])
    uit = _days_together(gezichten.rename(een="actor"), gezien.rename(een="actor"), operator.ne)
    return fetch(_numbered(pakket, uit))


def _fixed_faces(pakket: Package, aanwezig: ir.Table) -> ir.Table:
    """Return `huishouden_id, actor` of who was a fixed face on an observed day, each once."""
    alle = _spells(pakket)
    rol = alle.filter(alle.rol == VAST_GEZICHT).select("huishouden_id", "actor", "begin", "eind")
    return clip(rol, aanwezig).select("huishouden_id", "actor").distinct()


def _days_together(
    links: ir.Table, rechts: ir.Table, welke: Callable[[ir.Value, ir.Value], ir.BooleanValue]
) -> ir.Table:
    """Return `huishouden_id, een, twee, dagen` of nodes that were there on the same day.

    Parameters
    ----------
    links, rechts : `huishouden_id, een, van, tot`: disjoint spells of nodes
    welke : which pairs of nodes count
    """
    rechts = rechts.view().select(huis="huishouden_id", twee="een", van2="van", tot2="tot")
    raak = links.join(
        rechts,
        [
            links.huishouden_id == rechts.huis,
            welke(links.een, rechts.twee),
            links.van < rechts.tot2,
            rechts.van2 < links.tot,
        ],
    )
    dagen = ibis.least(raak.tot, raak.tot2).delta(ibis.greatest(raak.van, raak.van2), unit="day")
    return raak.group_by(["huishouden_id", "een", "twee"]).agg(dagen=dagen.sum().cast("int64"))


def handovers(
    pakket: Package,
    venster: Venster,
    niveau: str,
    *,
    maximale_tussentijd: int = 30,
    maximale_overlap: int = 30,
) -> pd.DataFrame:
    """Return who hands a household over to whom: `huishouden, bron, doel, dag, dagen`.

    A node leaves in the window, and the first other that came later is there after that or comes
    then; see the definition of `estafette`. `dagen` is the delay between the last day of the one
    and the first of the other, negative when they overlapped; `dag` tells departures of one node
    apart. Several that come on the same first day each get a row.
    """
    kolom, vraag = column(niveau), _question(pakket, venster)
    # The whole stay: who came before the window came before those who came in it.
    heel = Vraag(Venster(date.min, pakket.peildatum), pakket.peildatum)
    gezien = _seen(pakket, present(pakket.tabellen["huishouden"], heel), kolom)
    grens = ibis.literal(vraag.grens)
    vertrek = gezien.filter(gezien.geeindigd, gezien.tot > ibis.literal(venster.begin), gezien.tot <= grens)
    later = (vertrek.tot + ibis.interval(days=maximale_tussentijd)).cast("date")
    vertrek = vertrek.filter(later < ibis.literal(pakket.peildatum))
    volgende = gezien.view().select("huishouden_id", doel=kolom, komt="van", blijft="tot")
    paar = vertrek.join(volgende, "huishouden_id")
    opvolger = paar.filter(
        paar[kolom] != paar.doel,
        paar.komt > paar.van,
        paar.blijft > paar.tot,
        paar.komt >= (paar.tot - ibis.interval(days=maximale_overlap)).cast("date"),
        paar.komt <= (paar.tot + ibis.interval(days=maximale_tussentijd)).cast("date"),
    )
    eerste = opvolger.mutate(
        eerste=opvolger.komt.min().over(ibis.window(group_by=["huishouden_id", kolom, "tot"]))
    )
    eerste = eerste.filter(eerste.komt == eerste.eerste)
    uit = eerste.select(
        "huishouden_id",
        "doel",
        bron=kolom,
        dag=eerste.tot.delta(ibis.literal(venster.begin), unit="day").cast("int64"),
        dagen=eerste.komt.delta(eerste.tot, unit="day").cast("int64"),
    ).distinct()
    return fetch(_numbered(pakket, uit))[["huishouden", "bron", "doel", "dag", "dagen"]]


def meetings(pakket: Package, venster: Venster) -> pd.DataFrame:
    """Return who sat in which meeting of the window.

    Columns `overleg, huishouden, actor, organisatie` (numbers), `soort, domein` (codes). A
    professional counts for the organisation with most of its spells (on a draw the first by number);
    participants without any spell belong to none and are left out.
    """
    vraag = _question(pakket, venster)
    overleg, deelname = pakket.tabellen["overleg"], pakket.tabellen["overleg_deelname"]
    binnen = overleg.filter(
        overleg.datum >= ibis.literal(venster.begin), overleg.datum < ibis.literal(vraag.grens)
    )
    alle = _spells(pakket)
    tel = alle.group_by(["professional_id", "actor", "organisatie", "soort", "domein"]).agg(n=alle.count())
    rang = ibis.row_number().over(
        ibis.window(group_by="professional_id", order_by=[tel.n.desc(), tel.organisatie])
    )
    hoofd = tel.mutate(rang=rang)
    hoofd = hoofd.filter(hoofd.rang == 0).drop("rang", "n")
    bij = binnen.select("overleg_id", "huishouden_id")
    bij = bij.join(deelname.select("overleg_id", "professional_id"), "overleg_id")
    bij = bij.join(hoofd, "professional_id").join(codes(overleg, "overleg_id", "overleg"), "overleg_id")
    uit = bij.select("huishouden_id", "overleg", "actor", "organisatie", "soort", "domein").distinct()
    return fetch(_numbered(pakket, uit))


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
        eigen = self.venster != self.pakket.venster
        return Variant(venster=(self.venster.begin, self.venster.eind) if eigen else None)

    @property
    def labels(self) -> Labels:
        """The words for the codes in these tables."""
        return labels()

    @property
    def spells(self) -> int:
        """Number of spells of involvement in the package; 0 without that table."""
        bestand = self.pakket.bestanden.get("betrokkenheid")
        return bestand.rijen if bestand else 0

    @property
    def present_households(self) -> int:
        """Number of households with a day in the window."""
        return int(_present(self.pakket, self.venster).count().execute())

    def column(self, level: str) -> str:
        """See `column`."""
        return column(level)

    def missing(self, tables: Mapping[str, tuple[str, ...]]) -> str:
        """Return why these tables and columns are not there; empty when they are."""
        return self.pakket.ontbreekt(tables)

    def parts(self, periode: str) -> dict[str, NetworkTables]:
        """Return the same of each calendar part of the window, by its label."""
        parts = split_periods(self.venster, periode)
        return {label: replace(self, venster=part) for label, part in parts.items()}

    def strata(self, fields: Sequence[str]) -> dict[str, str]:
        """Return the coarser groups of each proeftuin; see `engine.strata`."""
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
        stays = around_start(self.pakket, self.venster, minste=least, meeste=most)
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
