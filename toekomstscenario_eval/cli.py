"""The command line `tks`: thin, Dutch, and never a traceback for what a user can mend."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toekomstscenario_eval import __version__
from toekomstscenario_eval.errors import ControleFout, GebruikFout, TksFout, UitvoerFout, bedoelt_u

if TYPE_CHECKING:
    from toekomstscenario_eval.disclosure.release import Release
    from toekomstscenario_eval.types import Finding

_UITGANG = """Uitgangscodes: 0 gelukt; 2 opdracht niet begrepen; 3 invoer niet leesbaar; 4 controle gefaald;
5 niet vrijgegeven; 6 uitvoer niet gelukt."""


# Typer carries its own copy of click; the common base of its errors is reached through its own class.
_UsageError: type[Any] = typer.BadParameter.__mro__[1]
_WOORDEN = {
    "Usage:": "Gebruik:",
    "[OPTIONS]": "[OPTIES]",
    "COMMAND [ARGS]...": "OPDRACHT ...",
    "Arguments:": "Argumenten:",
    "Options:": "Opties:",
    "Commands:": "Opdrachten:",
    "Show this message and exit.": "Toon deze hulp en stop.",
    "[required]": "[verplicht]",
    "[default:": "[standaard:",
}


def _dutch(tekst: str) -> str:
    for engels, nederlands in _WOORDEN.items():
        tekst = tekst.replace(engels, nederlands)
    return tekst


class _Command(typer.core.TyperCommand):
    """A command whose help is in Dutch."""

    def get_help(self, ctx: Any) -> str:
        return _dutch(super().get_help(ctx))


class _Group(typer.core.TyperGroup):
    """The commands together: help in Dutch, and a suggestion on a typo."""

    def get_help(self, ctx: Any) -> str:
        return _dutch(super().get_help(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise GebruikFout(
                f"de opdracht '{args[0]}' bestaat niet", herstel=bedoelt_u(args[0], self.list_commands(ctx))
            )
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_Group,
    help="Evaluatie van de proeftuinen van het Toekomstscenario kind- en gezinsbescherming.",
    epilog=_UITGANG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

PakketArg = Annotated[
    Path | None,
    typer.Argument(help="Map van het pakket; zonder is het ingebouwde voorbeeld.", metavar="PAKKET"),
]
BeleidOpt = Annotated[str, typer.Option("--beleid", help="Beleid voor vrijgave: standaard of streng.")]


def _say(tekst: str = "") -> None:
    typer.echo(tekst)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show the step at hand on a terminal, and nothing elsewhere."""
    from rich.console import Console

    scherm = Console(stderr=True)
    if not scherm.is_terminal:
        yield lambda _: None
        return
    vorige = ""
    with scherm.status("Beginnen") as status:

        def stap(tekst: str) -> None:
            nonlocal vorige
            if vorige:
                scherm.print(f"  klaar: {vorige}")
            vorige = tekst
            status.update(f"{tekst} ...")

        yield stap
        stap("")


@app.callback(invoke_without_command=True)
def _main(
    versie: Annotated[bool, typer.Option("--versie", help="Toon de versie en stop.", is_eager=True)] = False,
) -> None:
    if versie:
        _say(f"toekomstscenario-eval {__version__}")
        raise typer.Exit


@app.command(cls=_Command)
def controleer(
    pakket: PakketArg = None,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor het verslag van de controle.")] = Path(
        "controle"
    ),
) -> None:
    """Toets een pakket aan de gegevensafspraak; schrijft controle.html en controle.json."""
    import json

    from toekomstscenario_eval.data import checks
    from toekomstscenario_eval.data.package import open_package
    from toekomstscenario_eval.publish import writable, write_together
    from toekomstscenario_eval.reporting.checklist import check_html
    from toekomstscenario_eval.study import example_package

    with _progress() as stap:
        stap("Pakket openen")
        geopend = open_package(pakket or example_package())
        stap("Regels toepassen")
        bevindingen = checks.controleer(geopend, voortgang=None)
    _print_findings(bevindingen)
    bron = checks.als_json(geopend, bevindingen)
    bestanden = {
        "controle.html": check_html(geopend.titel, bevindingen).encode(),
        "controle.json": (json.dumps(bron, ensure_ascii=False, indent=1) + "\n").encode(),
    }
    for pad in write_together(writable(uit), bestanden):
        _say(f"Geschreven: {pad}")
    if any(b.blokkeert for b in bevindingen):
        raise typer.Exit(ControleFout.exitcode)


def _print_findings(bevindingen: tuple[Finding, ...]) -> None:
    from toekomstscenario_eval.types import Status

    for b in bevindingen:
        if b.status is Status.GESLAAGD:
            continue
        plek = ".".join(deel for deel in (b.tabel, b.kolom) if deel)
        soort = b.ernst.value if b.status is Status.GEFAALD else b.status.value
        _say(f"{soort.upper()} {b.regel}: {b.titel}" + (f" ({plek})" if plek else ""))
        if b.status is Status.GEFAALD:
            eerste = ", ".join(map(str, b.rijen))
            _say(f"    {b.aantal} rijen" + (f"; eerste rijnummers: {eerste}" if eerste else ""))
        for naam, waarde in (
            ("verwacht", b.verwacht),
            ("herstel", b.herstel),
            ("toelichting", b.toelichting),
        ):
            if waarde:
                _say(f"    {naam}: {waarde}")
    tel = {status: sum(b.status is status for b in bevindingen) for status in Status}
    _say("Uitkomst: " + ", ".join(f"{status.value} {n}" for status, n in tel.items()))
    slot = "NIET geschikt" if any(b.blokkeert for b in bevindingen) else "geschikt"
    _say(f"Het pakket is {slot} voor analyse. Rijnummers tellen vanaf de eerste rij na de kop.")


@app.command(cls=_Command)
def voorbeeld(
    map_: Annotated[
        Path, typer.Argument(help="Map waarin het pakket komt; mag niet bestaan.", metavar="DIR")
    ],
    huishoudens: Annotated[int, typer.Option(help="Aantal huishoudens, precies.", min=1)] = 12000,
    seed: Annotated[int, typer.Option(help="Hetzelfde getal geeft dezelfde bytes.", min=0)] = 2026,
    formaat: Annotated[str, typer.Option(help="csv of parquet.")] = "csv",
) -> None:
    """Maak een pakket met verzonnen gegevens van elf proeftuinen en drie vergelijkingsregio's."""
    from toekomstscenario_eval.data.synthetic import maak_voorbeeld

    if formaat not in ("csv", "parquet"):
        raise GebruikFout(
            f"het formaat '{formaat}' bestaat niet", herstel=bedoelt_u(formaat, ("csv", "parquet"))
        )
    with _progress() as stap:
        stap("Gegevens verzinnen")
        pad = maak_voorbeeld(map_, huishoudens=huishoudens, seed=seed, formaat=formaat)
    _say(f"Geschreven: {pad} ({huishoudens} huishoudens)")


@app.command(cls=_Command)
def indicatoren() -> None:
    """Noem alle indicatoren."""
    from toekomstscenario_eval.registry import all_indicators

    for naam, wat in all_indicators().items():
        _say(f"{naam:32} {wat.card.label}")


@app.command(cls=_Command)
def toon(indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")]) -> None:
    """Toon de definitie van een indicator: populatie, teller, noemer, venster, keuzes, bronnen."""
    from toekomstscenario_eval.registry import find
    from toekomstscenario_eval.reporting.document import platte_tekst
    from toekomstscenario_eval.reporting.sections.s05_indicatoren import card_items

    wat = find(indicator)
    _say(f"{wat.card.label} ({wat.id})")
    for term, uitleg in card_items(wat.id, wat.card):
        _say(f"  {term}: {platte_tekst(uitleg)}")


@app.command(cls=_Command)
def bereken(
    indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")],
    pakket: PakketArg = None,
    per: Annotated[list[str] | None, typer.Option("--per", help="Uitsplitsing; mag vaker.")] = None,
    periode: Annotated[str | None, typer.Option(help="jaar, halfjaar of kwartaal.")] = None,
    van: Annotated[str | None, typer.Option(help="Eerste dag van het venster.")] = None,
    tot: Annotated[str | None, typer.Option(help="Dag na de laatste dag van het venster.")] = None,
    keuze: Annotated[
        list[str] | None, typer.Option("--keuze", help="Parameter als naam=waarde; mag vaker.")
    ] = None,
    beleid: BeleidOpt = "standaard",
    uit: Annotated[Path | None, typer.Option("--uit", help="Schrijf ook naar dit CSV-bestand.")] = None,
) -> None:
    """Bereken één indicator en toon wat mag worden vrijgegeven."""
    from toekomstscenario_eval.study import Study

    params = _choices(keuze or [])
    with _progress() as stap:
        studie = Study.open(pakket, beleid=beleid, voortgang=stap)
        stap("Berekenen")
        resultaat = studie.bereken(indicator, per=per or (), periode=periode, van=van, tot=tot, **params)
        vrijgave = studie.geef_vrij(resultaat)
    _print_result(vrijgave)
    if uit is not None:
        from toekomstscenario_eval.publish import writable, write_together

        inhoud = vrijgave.resultaten[0].schattingen.to_csv(index=False).encode()
        _say(f"Geschreven: {write_together(writable(uit.parent), {uit.name: inhoud})[0]}")


def _choices(keuzes: list[str]) -> dict[str, str]:
    uit = {}
    for keuze in keuzes:
        naam, teken, waarde = keuze.partition("=")
        if not teken:
            raise GebruikFout("een keuze heeft de verkeerde vorm", verwacht="naam=waarde", kreeg=keuze)
        uit[naam] = waarde
    return uit


def _print_result(vrijgave: Release) -> None:
    from toekomstscenario_eval.reporting import access
    from toekomstscenario_eval.reporting.table import estimates_table, exclusions_table, overview_table

    r = vrijgave.resultaten[0]
    if r.reden_nvt:
        _say(f"{r.card.label}: niet van toepassing, want {r.reden_nvt}.")
        return
    uitsplitsingen = access.breakdowns(r)
    if not uitsplitsingen:
        _print_table(overview_table(vrijgave, r.sleutel))
    for per in uitsplitsingen:
        for maat in r.card.maten_bij(r.params):
            _print_table(estimates_table(vrijgave, r.sleutel, uitsplitsing=per, maat=maat))
    weg = exclusions_table(vrijgave, r.sleutel)
    if weg is not None:
        _print_table(weg)


def _print_table(tabel: Any) -> None:
    rijen = [tabel.kop, *(tuple(cel.getoond for cel in rij) for rij in tabel.rijen)]
    breedtes = [max(len(rij[i]) for rij in rijen) for i in range(len(tabel.kop))]
    rechts = tabel.kolom_rechts()
    _say(f"\n{tabel.bijschrift}")
    for rij in rijen:
        cellen = zip(rij, breedtes, rechts, strict=True)
        _say("  " + "  ".join(t.rjust(b) if r else t.ljust(b) for t, b, r in cellen).rstrip())
    for noot in tabel.noten:
        _say(f"  {noot}")


@app.command(cls=_Command)
def multiversum(
    indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")],
    pakket: PakketArg = None,
    beleid: BeleidOpt = "standaard",
) -> None:
    """Reken een indicator door onder alle redelijke definities, en toon hoeveel ervan afhangt."""
    from toekomstscenario_eval import multiverse
    from toekomstscenario_eval.reporting.document import platte_tekst
    from toekomstscenario_eval.reporting.multiverse_table import multiverse_sentence, multiverse_table
    from toekomstscenario_eval.study import Study

    with _progress() as stap:
        studie = Study.open(pakket, beleid=beleid, voortgang=stap)
        specificaties = multiverse.factorial(studie, indicator)
        stap(f"{len(specificaties)} definities doorrekenen")
        vrijgave = studie.geef_vrij(*multiverse.run(studie, indicator, specificaties))
    eerste = vrijgave.resultaten[0]
    if eerste.reden_nvt:
        _say(f"{eerste.card.label}: niet van toepassing, want {eerste.reden_nvt}.")
        return
    _print_table(multiverse_table(vrijgave, indicator))
    zin = multiverse_sentence(vrijgave, indicator)
    if zin is not None:
        _say(platte_tekst(zin.inhoud))


@app.command(cls=_Command)
def importeer(
    mapping: Annotated[
        Path, typer.Argument(help="De afbeelding van bron op tabellen (YAML).", metavar="MAPPING.yaml")
    ],
    bron: Annotated[Path, typer.Argument(help="Het geëxporteerde bestand (CSV).", metavar="BRON")],
    uit: Annotated[Path, typer.Option("--uit", help="Map waarin het pakket komt.", metavar="PAKKET")],
    formaat: Annotated[str, typer.Option(help="csv of parquet.")] = "csv",
) -> None:
    """Maak van een export uit een registratiesysteem een pakket."""
    from toekomstscenario_eval.data.importers import importeer as voer_uit

    with _progress() as stap:
        verslag = voer_uit(mapping, bron, uit, formaat=formaat, voortgang=stap)
    _say(verslag.tekst())


@app.command(cls=_Command)
def rapport(
    pakket: PakketArg = None,
    onderzoek: Annotated[Path | None, typer.Option("--onderzoek", help="Uw onderzoek.yaml.")] = None,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor het verslag.")] = Path("uit"),
    formaat: Annotated[
        str, typer.Option("--formaat", help="html, pdf, docx; met komma's ertussen.")
    ] = "html,pdf,docx",
    beleid: BeleidOpt = "standaard",
) -> None:
    """Maak de methodologische verantwoording, met een manifest ernaast."""
    from toekomstscenario_eval.publish import make_report

    formaten = [deel.strip().lower() for deel in formaat.split(",") if deel.strip()]
    with _progress() as stap:
        paden = make_report(
            pakket, onderzoek=onderzoek, uit=uit, formaten=formaten, beleid=beleid, voortgang=stap
        )
    for pad in paden:
        _say(f"Geschreven: {pad}")


def _usage(fout: Any) -> GebruikFout:
    """Say in Dutch what was wrong with the call."""
    soort = type(fout).__name__
    if soort == "NoSuchOption":
        opties = (
            [o for p in fout.ctx.command.params for o in p.opts if o.startswith("--")] if fout.ctx else []
        )
        return GebruikFout(
            f"de optie '{fout.option_name}' bestaat niet", herstel=bedoelt_u(fout.option_name, opties)
        )
    naam = "/".join(fout.param.opts) if getattr(fout, "param", None) else ""
    if soort == "MissingParameter":
        return GebruikFout(f"er ontbreekt iets in de opdracht: {naam}", herstel="zie de hulp met --help")
    if isinstance(fout, typer.BadParameter):
        return GebruikFout(f"de waarde bij {naam} kan niet", herstel="zie de hulp met --help")
    return GebruikFout("de opdracht heeft de verkeerde vorm", herstel="zie de hulp met --help")


def main() -> None:
    """Run the command line; user errors go to stderr with their own exit code."""
    try:
        code = app(standalone_mode=False)
    except TksFout as fout:
        code = _fail(fout)
    except _UsageError as fout:
        if type(fout).__name__ == "NoArgsIsHelpError":
            _say(fout.ctx.get_help())
            code = GebruikFout.exitcode
        else:
            code = _fail(_usage(fout))
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Afgebroken; er is niets half geschreven.", err=True)
        code = 130
    except MemoryError:
        code = _fail(UitvoerFout("het geheugen is vol", herstel="lever Parquet in plaats van CSV"))
    sys.exit(code if isinstance(code, int) else 0)


def _fail(fout: TksFout) -> int:
    typer.echo(fout.tekst(), err=True)
    return fout.exitcode
