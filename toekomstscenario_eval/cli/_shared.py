"""What the commands share: their help in Dutch, what they say, and the step at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from toekomstscenario_eval.errors import GebruikFout, InvoerFout, did_you_mean
from toekomstscenario_eval.identity import BADGE, inside_name
from toekomstscenario_eval.resources import EXAMPLE_KEY

_WORDS = {
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


def _dutch(text: str) -> str:
    for english, dutch in _WORDS.items():
        text = text.replace(english, dutch)
    return text


def one_of(namen: Iterable[str]) -> str:
    """Return a choice in words: `a, b of c`."""
    *earlier, last = namen
    return f"{', '.join(earlier)} of {last}" if earlier else last


class Command(typer.core.TyperCommand):
    """A command whose help is in Dutch."""

    def get_help(self, ctx: Any) -> str:
        return _dutch(super().get_help(ctx))


class Group(typer.core.TyperGroup):
    """The commands together: help in Dutch, and a suggestion on a typo."""

    def get_help(self, ctx: Any) -> str:
        return _dutch(super().get_help(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise GebruikFout(
                f"de opdracht '{args[0]}' bestaat niet",
                herstel=did_you_mean(args[0], self.list_commands(ctx)),
            )
        return super().resolve_command(ctx, args)


# Exit code when two reports, or a report and its repetition, do not have the same numbers.
DIFFERENCE = 7

PackageArg = Annotated[
    Path | None,
    typer.Argument(help="Map van het pakket; zonder is het ingebouwde voorbeeld.", metavar="PAKKET"),
]
PolicyOpt = Annotated[
    str, typer.Option("--beleid", help="Beleid voor bescherming: standaard, streng of microdata.")
]
InsideOpt = Annotated[
    bool, typer.Option("--intern", help="Exacte cijfers, alleen voor binnen: niet om te publiceren.")
]
PhaseOpt = Annotated[
    str,
    typer.Option(
        "--fase",
        help="Alleen de dagen vanaf (of voor) de start van de eigen proeftuin; vergelijkingsregio's staan "
        "ernaast, over het hele venster.",
        metavar="vanaf|voor",
    ),
]

# Of commands for the owner of the data: no package is meant unless it is named.
NamedPackage = Annotated[Path, typer.Argument(help="Map van het pakket.", metavar="PAKKET")]
KeyOpt = Annotated[
    Path | None,
    typer.Option("--sleutel", help="Bestand van de sleutel; ook met TKS_SLEUTEL.", metavar="BESTAND"),
]
SecretOpt = Annotated[
    Path | None,
    typer.Option(
        "--geheim",
        help="Sleutelbestand voor pseudoniemen; ook met TKS_GEHEIM_BESTAND of TKS_GEHEIM.",
        metavar="BESTAND",
    ),
]


def say(text: str = "") -> None:
    """Print a line."""
    typer.echo(text)


def choices(picks: list[str]) -> dict[str, str]:
    """Return parameters given as naam=waarde."""
    out = {}
    for choice in picks:
        naam, char, waarde = choice.partition("=")
        if not char:
            raise GebruikFout("een keuze heeft de verkeerde vorm", verwacht="naam=waarde", kreeg=choice)
        out[naam] = waarde
    return out


def delivery(package: Path, *, example: str = "") -> Any:
    """Return the delivery line that a package names; with `example`, refuse the invented one and say so."""
    from toekomstscenario_eval.data.package import DESCRIPTION, read_levering

    levering = read_levering(package)
    if levering is None:
        raise InvoerFout(
            "het pakket zegt niet van welke levering het is",
            waar=str(package / DESCRIPTION),
            verwacht='"levering": {"eigenaar": "...", "naam": "..."}',
            herstel=f"vul dat aan in {DESCRIPTION}; alle pakketten van een levering noemen dezelfde twee",
        )
    if example and levering.sleutel == EXAMPLE_KEY:
        raise GebruikFout(f"dit is het verzonnen voorbeeld, met een openbare sleutel: {example}")
    return levering


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show the step at hand on a terminal, and nothing elsewhere."""
    from rich.console import Console

    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield lambda _: None
        return
    previous = ""
    with screen.status("Beginnen") as status:

        def stap(text: str) -> None:
            nonlocal previous
            if previous:
                screen.print(f"  klaar: {previous}")
            previous = text
            status.update(f"{text} ...")

        yield stap
        stap("")


def report_at(path: Path) -> Path:
    """Return where the manifest of a report is; in a folder with exact numbers it has another name."""
    inside = path / inside_name("manifest.json")
    return inside if inside.is_file() and not (path / "manifest.json").is_file() else path


def print_table(table: Any, *, intern: bool = False) -> None:
    """Print a released table in columns; one with exact numbers says so itself."""
    rows = [table.kop, *(tuple(cell.getoond for cell in row) for row in table.rijen)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.kop))]
    right = table.kolom_rechts()
    say(f"\n{BADGE}: {table.bijschrift}" if intern else f"\n{table.bijschrift}")
    for row in rows:
        cells = zip(row, widths, right, strict=True)
        say("  " + "  ".join(t.rjust(b) if r else t.ljust(b) for t, b, r in cells).rstrip())
    for note in table.noten:
        say(f"  {note}")
