"""What the commands share: their help in Dutch, what they say, and the step at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from toekomstscenario_eval.errors import GebruikFout, bedoelt_u

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


def one_of(namen: Iterable[str]) -> str:
    """Return a choice in words: `a, b of c`."""
    *eerder, laatste = namen
    return f"{', '.join(eerder)} of {laatste}" if eerder else laatste


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
                f"de opdracht '{args[0]}' bestaat niet", herstel=bedoelt_u(args[0], self.list_commands(ctx))
            )
        return super().resolve_command(ctx, args)


# Exit code when two reports, or a report and its repetition, do not have the same numbers.
VERSCHIL = 7

PakketArg = Annotated[
    Path | None,
    typer.Argument(help="Map van het pakket; zonder is het ingebouwde voorbeeld.", metavar="PAKKET"),
]
BeleidOpt = Annotated[
    str, typer.Option("--beleid", help="Beleid voor vrijgave: standaard, streng, microdata of sacro.")
]

EerderOpt = Annotated[
    list[Path] | None,
    typer.Option("--eerder", help="Map van een eerder verslag over dezelfde huishoudens; mag vaker."),
]


def say(tekst: str = "") -> None:
    """Print a line."""
    typer.echo(tekst)


def choices(keuzes: list[str]) -> dict[str, str]:
    """Return parameters given as naam=waarde."""
    uit = {}
    for keuze in keuzes:
        naam, teken, waarde = keuze.partition("=")
        if not teken:
            raise GebruikFout("een keuze heeft de verkeerde vorm", verwacht="naam=waarde", kreeg=keuze)
        uit[naam] = waarde
    return uit


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
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


def print_table(tabel: Any) -> None:
    """Print a released table in columns."""
    rijen = [tabel.kop, *(tuple(cel.getoond for cel in rij) for rij in tabel.rijen)]
    breedtes = [max(len(rij[i]) for rij in rijen) for i in range(len(tabel.kop))]
    rechts = tabel.kolom_rechts()
    say(f"\n{tabel.bijschrift}")
    for rij in rijen:
        cellen = zip(rij, breedtes, rechts, strict=True)
        say("  " + "  ".join(t.rjust(b) if r else t.ljust(b) for t, b, r in cellen).rstrip())
    for noot in tabel.noten:
        say(f"  {noot}")
