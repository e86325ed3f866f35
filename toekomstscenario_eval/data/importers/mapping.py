"""The mapping language: how the columns of an export become the tables of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.schema import VERPLICHTE_TABELLEN, Field, TableSchema, load_schema
from toekomstscenario_eval.data.yaml_node import Node, Place, Wording, chosen, flag, load_yaml, texts
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, bedoelt_u
from toekomstscenario_eval.types import Venster

NOTATIE = ("iso", "jjjjmmdd", "dd-mm-jjjj")
LAATSTE_GEBEURTENIS = "laatste_gebeurtenis"
HELE_BRON = "hele_bron"
GEVULD = "gevuld"
WEIGEREN, APART, LEEG, MIDDEN = "weigeren", "apart", "leeg", "midden"
PSEUDONIEM, ONGEWIJZIGD = "pseudoniem", "ongewijzigd"
_WOORDEN = Wording(
    naam="de mapping",
    weg="bestaat niet",
    onleesbaar="kan niet worden gelezen",
    verwacht="een YAML-bestand dat zegt hoe de bron een pakket wordt",
    pad="controleer het pad; een uitgewerkt voorbeeld staat in docs/voorbeelden",
    utf8="sla het bestand op als UTF-8",
    vorm="let op inspringen (spaties, geen tabs) en zet namen met een dubbele punt erin "
    "tussen aanhalingstekens",
)


@dataclass(frozen=True)
class PackageInfo:
    """What the description of the package will say; None where the source decides."""

    naam: str
    titel: str
    peildatum: date | None
    venster: Venster | None
    bronnen: tuple[str, ...]
    contact: str


@dataclass(frozen=True)
class SourceColumn:
    """How one column of the source is read, the same wherever it is used."""

    naam: str
    notatie: str
    gedeeltelijk: str = WEIGEREN
    ongeboren: str = WEIGEREN
    leeg: tuple[str, ...] = ()
    heel_getal: bool = False
    vul_aan: int = 0
    spaties: str = ""
    sleutel: str = ""


@dataclass(frozen=True)
class Origin:
    """Where the value of one field comes from: a column, a constant or a numbered key."""

    soort: str
    waarde: str
    plek: Place
    vertaling: Mapping[str, str] | None = None
    onbekend: str = WEIGEREN
    jaar: bool = False


@dataclass(frozen=True)
class Period:
    """Which dates make a spell; `open_als_leeg` is the column whose emptiness means still running.

    `over` names those of the `per` columns that share one spell; empty: every row has its own.
    """

    van: tuple[str, ...]
    tot: tuple[str, ...]
    laatste_dag_telt_mee: bool
    open_als_leeg: str
    over: tuple[str, ...]


@dataclass(frozen=True)
class TableMapping:
    """How the rows of one table arise; `per` is None for one row per source row."""

    naam: str
    per: tuple[str, ...] | None
    alleen: Mapping[str, tuple[str, ...] | None]
    periode: Period | None
    velden: Mapping[str, Origin]

    @property
    def schema(self) -> TableSchema:
        """The table in the contract."""
        return load_schema().tabellen[self.naam]


@dataclass(frozen=True)
class ImportMapping:
    """A whole mapping, checked against the contract. `gebruikt` lists source columns with their place.

    `opties` are those of the format of the source, each with its value.
    """

    pakket: PackageInfo
    formaat: str
    opties: Mapping[str, str]
    decimaalteken: str
    apart: bool
    kolommen: Mapping[str, SourceColumn]
    tabellen: tuple[TableMapping, ...]
    gebruikt: tuple[tuple[str, Place], ...] = field(repr=False)

    @property
    def namen(self) -> tuple[str, ...]:
        """The source columns in use, each once, in the order of the mapping."""
        return tuple(dict.fromkeys(naam for naam, _ in self.gebruikt))

    @property
    def als_datum(self) -> frozenset[str]:
        """The source columns that are read as dates."""
        periodes = [t.periode for t in self.tabellen if t.periode is not None]
        datums = {
            b.waarde
            for t in self.tabellen
            for n, b in t.velden.items()
            if b.soort == "kolom" and t.schema.veld(n).type == "date"
        }
        return frozenset(datums.union(*((*p.van, *p.tot) for p in periodes)))

    @property
    def als_jaar(self) -> frozenset[str]:
        """The source columns of which only the year is taken."""
        return frozenset(b.waarde for t in self.tabellen for b in t.velden.values() if b.jaar)


def _day(knoop: Node) -> date:
    try:
        return date.fromisoformat(knoop.filled())
    except ValueError:
        raise knoop.refuse("hier hoort een bestaande datum te staan", verwacht="JJJJ-MM-DD") from None


def _package(knoop: Node) -> PackageInfo:
    nodig = ("naam", "titel", "peildatum", "waarneemvenster", "bronnen", "contact")
    blok = knoop.block(nodig, nodig=nodig)
    peildatum, venster = None, None
    if blok["peildatum"].filled() != LAATSTE_GEBEURTENIS:
        peildatum = _day(blok["peildatum"])
    if not (blok["waarneemvenster"].scalar and blok["waarneemvenster"].filled() == HELE_BRON):
        dagen = blok["waarneemvenster"].block(("begin", "eind"), nodig=("begin", "eind"))
        try:
            venster = Venster(_day(dagen["begin"]), _day(dagen["eind"]))
        except GebruikFout as fout:
            raise blok["waarneemvenster"].refuse(fout.wat, verwacht=fout.verwacht) from None
    return PackageInfo(
        naam=blok["naam"].filled(),
        titel=blok["titel"].filled(),
        peildatum=peildatum,
        venster=venster,
        bronnen=blok["bronnen"].items(),
        contact=blok["contact"].filled(),
    )


def _source_column(naam: str, knoop: Node, *, notatie: str, leeg: tuple[str, ...]) -> SourceColumn:
    velden = (
        "datumnotatie",
        "gedeeltelijk",
        "ongeboren",
        "leeg",
        "heel_getal",
        "vul_aan",
        "spaties",
        "sleutel",
    )
    blok = knoop.block(velden)
    return SourceColumn(
        naam=naam,
        notatie=chosen(blok, "datumnotatie", tuple(dict.fromkeys((notatie, *NOTATIE)))),
        gedeeltelijk=chosen(blok, "gedeeltelijk", (WEIGEREN, LEEG, MIDDEN)),
        ongeboren=chosen(blok, "ongeboren", (WEIGEREN, LEEG)),
        leeg=leeg + texts(blok, "leeg"),
        heel_getal=flag(blok, "heel_getal"),
        vul_aan=blok["vul_aan"].number(van=1, tot=64) if "vul_aan" in blok else 0,
        spaties=blok["spaties"].choice(("_", "-", ".")) if "spaties" in blok else "",
        sleutel=blok["sleutel"].choice((PSEUDONIEM, ONGEWIJZIGD)) if "sleutel" in blok else "",
    )


def _origin(veld: Field, knoop: Node) -> Origin:
    bekend = ("kolom", "vast", "nummer", "vertaling", "onbekende_code", "jaar_uit_datum")
    blok = knoop.block(bekend)
    soorten = [s for s in ("kolom", "vast", "nummer") if s in blok]
    if len(soorten) != 1:
        raise knoop.refuse(
            "een veld heeft precies één herkomst nodig",
            verwacht="'kolom' (uit de bron), 'vast' (altijd hetzelfde) of 'nummer' (een volgnummer)",
            kreeg=" en ".join(soorten) or "geen van de drie",
        )
    soort = soorten[0]
    extra = [k for k in blok if k not in soorten]
    if soort != "kolom" and extra:
        raise blok[extra[0]].refuse(f"'{extra[0]}' hoort alleen bij 'kolom'", herstel="haal de regel weg")
    if soort == "nummer" and not veld.naam.endswith("_id"):
        raise blok[soort].refuse("'nummer' maakt sleutels, en dit veld is geen sleutel")
    if "jaar_uit_datum" in blok and veld.type != "year":
        raise blok["jaar_uit_datum"].refuse("'jaar_uit_datum' hoort alleen bij een veld met een jaartal")
    vertaling = None
    if "vertaling" in blok:
        vertaling = {code: _code(veld, doel) for code, doel in blok["vertaling"].block().items()}
    if soort == "vast":
        _code(veld, blok["vast"])
    onbekend = WEIGEREN
    if "onbekende_code" in blok:
        onbekend = blok["onbekende_code"].choice((WEIGEREN, APART, LEEG))
        if vertaling is None and veld.codelijst is None:
            raise blok["onbekende_code"].refuse("'onbekende_code' hoort bij een vertaling of een codelijst")
        if onbekend == LEEG and veld.verplicht:
            raise blok["onbekende_code"].refuse(
                "dit veld mag niet leeg blijven", herstel="kies weigeren of apart"
            )
    return Origin(
        soort=soort,
        waarde=blok[soort].filled(),
        plek=blok[soort].plek,
        vertaling=vertaling,
        onbekend=onbekend,
        jaar=flag(blok, "jaar_uit_datum"),
    )


def _code(veld: Field, knoop: Node) -> str:
    """Return a value of a field as written in the mapping, checked against its code list."""
    waarde = knoop.filled()
    if veld.codelijst is not None:
        codes = load_schema().codelijsten[veld.codelijst].codes
        if waarde not in codes:
            raise knoop.refuse(
                f"'{waarde}' staat niet in de codelijst {veld.codelijst}", herstel=bedoelt_u(waarde, codes)
            )
    return waarde


def _period(knoop: Node) -> Period:
    blok = knoop.block(
        ("van", "tot", "laatste_dag_telt_mee", "open_als_leeg", "over"),
        nodig=("van", "tot", "laatste_dag_telt_mee"),
    )
    return Period(
        blok["van"].items(),
        blok["tot"].items(),
        blok["laatste_dag_telt_mee"].yes(),
        blok["open_als_leeg"].filled() if "open_als_leeg" in blok else "",
        blok["over"].items() if "over" in blok else (),
    )


def _only(knoop: Node) -> dict[str, tuple[str, ...] | None]:
    return {
        kolom: None if keuze.scalar and keuze.filled() == GEVULD else keuze.items()
        for kolom, keuze in knoop.block().items()
    }


def _table(naam: str, knoop: Node) -> tuple[TableMapping, list[tuple[str, Place]]]:
    tabellen = load_schema().tabellen
    if naam not in tabellen:
        raise knoop.refuse(
            f"de tabel '{naam}' bestaat niet in de gegevensafspraak", herstel=bedoelt_u(naam, tabellen)
        )
    schema = tabellen[naam]
    blok = knoop.block(("per", "alleen", "periode", "kolommen"), nodig=("kolommen",))
    namen = [v.naam for v in schema.velden]
    heeft_periode = "begin" in namen
    if ("periode" in blok) != heeft_periode:
        raise knoop.refuse(
            f"de tabel {naam} heeft {'een' if heeft_periode else 'geen'} begin en eind",
            herstel=f"{'vul' if heeft_periode else 'haal'} 'periode' {'aan' if heeft_periode else 'weg'}",
        )
    los = [n for n in namen if not (heeft_periode and n in ("begin", "eind"))]
    kolommen = blok["kolommen"].block(los)
    for veld in schema.velden:
        if veld.verplicht and veld.naam in los and veld.naam not in kolommen:
            raise blok["kolommen"].refuse(
                f"het veld '{veld.naam}' ontbreekt; het is verplicht in de tabel {naam}",
                herstel=f"zeg waar '{veld.naam}' vandaan komt",
            )
    velden = {n: _origin(schema.veld(n), k) for n, k in kolommen.items()}
    periode = _period(blok["periode"]) if "periode" in blok else None
    alleen = _only(blok["alleen"]) if "alleen" in blok else {}
    per = blok["per"].items() if "per" in blok else None
    if periode is not None and not set(periode.over) <= set(per or ()):
        raise blok["periode"].refuse(
            "'over' noemt een kolom die niet bij 'per' staat",
            herstel="noem bij 'over' alleen kolommen van 'per', of haal 'over' weg",
        )
    gebruikt = [(k, blok["per"].plek) for k in per or ()]
    gebruikt += [(k, keuze.plek) for k, keuze in (blok["alleen"].block() if "alleen" in blok else {}).items()]
    for sleutel, waarde in (blok["periode"].block() if "periode" in blok else {}).items():
        if sleutel != "laatste_dag_telt_mee":
            gebruikt += [(k, waarde.plek) for k in waarde.items()]
    gebruikt += [(o.waarde, o.plek) for o in velden.values() if o.soort == "kolom"]
    return TableMapping(naam, per, alleen, periode, velden), gebruikt


def _check_ends(tabellen: Sequence[TableMapping], kolommen: Mapping[str, SourceColumn], wortel: Node) -> None:
    """Refuse an end date that may become empty: an ended spell would seem to run on."""
    for tabel in tabellen:
        for naam in tabel.periode.tot if tabel.periode else ():
            hoe = kolommen[naam]
            if LEEG in (hoe.gedeeltelijk, hoe.ongeboren):
                raise wortel.refuse(
                    "een onvolledige einddatum mag niet leeg worden: de periode lijkt dan nog te lopen",
                    verwacht=f"bij bron > kolommen > {naam}: {WEIGEREN} of {MIDDEN}",
                    herstel=f"'{naam}' is de 'tot' van de tabel {tabel.naam}; kies een andere regel",
                )


def _check_keys(tabellen: Sequence[TableMapping], kolommen: Mapping[str, SourceColumn], wortel: Node) -> None:
    """Refuse a key from the source for which nobody said whether it still points at a person."""
    for tabel in tabellen:
        for naam, bron in tabel.velden.items():
            if bron.soort == "kolom" and naam.endswith("_id") and not kolommen[bron.waarde].sleutel:
                raise Node(wortel.bron, bron.plek).refuse(
                    f"voor de sleutel '{naam}' is niet gezegd of de bron al pseudoniemen bevat",
                    verwacht=f"bij bron > kolommen > {bron.waarde}: 'sleutel: {PSEUDONIEM}' (het programma "
                    f"maakt ze) of 'sleutel: {ONGEWIJZIGD}' (de bron bevat ze al)",
                    herstel="voeg die regel toe; kies bij twijfel pseudoniem",
                )


def _option(bron: Mapping[str, Node], naam: str, keuzes: Sequence[str]) -> str:
    """Return an option of the format: one of its choices, or any text when it has none."""
    if keuzes:
        return chosen(bron, naam, keuzes)
    return bron[naam].filled() if naam in bron else ""


def load_mapping(pad: Path, formaat: str = formats.STANDAARD) -> ImportMapping:
    """Read and check a mapping for a source of this format.

    Raises
    ------
    InvoerFout
        With the line and the place of the first fault.
    """
    opties = formats.find(formaat).OPTIES
    wortel, _ = load_yaml(pad, _WOORDEN)
    if wortel is None:
        raise InvoerFout("de mapping is leeg", waar=pad.name, herstel="begin met docs/voorbeelden")
    delen = wortel.block(("pakket", "bron", "tabellen"), nodig=("pakket", "bron", "tabellen"))
    bekend = (*opties, "datumnotatie", "decimaalteken", "leeg", "onleesbare_rijen", "kolommen")
    bron = delen["bron"].block(bekend)
    notatie = chosen(bron, "datumnotatie", NOTATIE)
    leeg = texts(bron, "leeg")
    beschreven = bron["kolommen"].block() if "kolommen" in bron else {}
    kolommen = {n: _source_column(n, k, notatie=notatie, leeg=leeg) for n, k in beschreven.items()}
    gebruikt = [(n, k.plek) for n, k in beschreven.items()]
    tabellen: list[TableMapping] = []
    blok = delen["tabellen"].block(nodig=VERPLICHTE_TABELLEN)
    for naam, knoop in blok.items():
        tabel, erbij = _table(naam, knoop)
        tabellen.append(tabel)
        gebruikt += erbij
    for naam, _ in gebruikt:
        kolommen.setdefault(naam, SourceColumn(naam, notatie, leeg=leeg))
    volgorde = list(load_schema().tabellen)
    tabellen.sort(key=lambda t: volgorde.index(t.naam))
    _check_keys(tabellen, kolommen, wortel)
    _check_ends(tabellen, kolommen, delen["tabellen"])
    return ImportMapping(
        pakket=_package(delen["pakket"]),
        formaat=formaat,
        opties={naam: _option(bron, naam, keuzes) for naam, keuzes in opties.items()},
        decimaalteken=chosen(bron, "decimaalteken", ("punt", "komma")),
        apart=chosen(bron, "onleesbare_rijen", (WEIGEREN, APART)) == APART,
        kolommen=kolommen,
        tabellen=tuple(tabellen),
        gebruikt=tuple(gebruikt),
    )
