"""The command line `tks`: thin, Dutch, and never a traceback for what a user can mend.

Every file here is a command: the function of the same name, or a `typer.Typer` of that name with
commands of its own. Names that start with `_` are no command. What is slow to load is loaded inside
the function: help answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from toekomstscenario_eval.cli._shared import Command, Group, say
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, TksFout, UitvoerFout, did_you_mean, reason
from toekomstscenario_eval.resources import SUPPORT_VARIABLE, modules
from toekomstscenario_eval.version import __version__

_EXIT = """Uitgangscodes: 0 gelukt; 2 opdracht niet begrepen; 3 invoer niet leesbaar; 4 controle gefaald;
5 niet vrijgegeven; 6 uitvoer niet gelukt; 7 getallen verschillen; 8 fout in een
indicator."""

_LONGEST_NAME = 200
# Typer carries its own copy of click; the common base of its errors is reached through its own class.
_UsageError: type[Any] = typer.BadParameter.__mro__[1]


def make_app() -> typer.Typer:
    """Return the command line with every command that this directory holds."""
    root = typer.Typer(
        cls=Group,
        help="Evaluatie van de proeftuinen van het Toekomstscenario kind- en gezinsbescherming.",
        epilog=_EXIT,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    root.callback(invoke_without_command=True)(_main)
    for naam, module in modules(sys.modules[__name__]):
        command = getattr(module, naam)
        if isinstance(command, typer.Typer):
            for part in command.registered_commands:
                part.cls = Command
            root.add_typer(command, name=naam, cls=Group)
        else:
            root.command(cls=Command, name=naam)(command)
    return root


def _main(
    versie: Annotated[bool, typer.Option("--versie", help="Toon de versie en stop.", is_eager=True)] = False,
) -> None:
    if versie:
        say(f"toekomstscenario-eval {__version__}")
        raise typer.Exit


app = make_app()


def _usage(fout: Any) -> GebruikFout:
    """Say in Dutch what was wrong with the call."""
    soort = type(fout).__name__
    if soort == "NoSuchOption":
        options = (
            [o for p in fout.ctx.command.params for o in p.opts if o.startswith("--")] if fout.ctx else []
        )
        return GebruikFout(
            f"de optie '{fout.option_name}' bestaat niet", herstel=did_you_mean(fout.option_name, options)
        )
    naam = "/".join(fout.param.opts) if getattr(fout, "param", None) else ""
    if soort == "MissingParameter":
        return GebruikFout(f"er ontbreekt iets in de opdracht: {naam}", herstel="zie de hulp met --help")
    if isinstance(fout, typer.BadParameter):
        return GebruikFout(f"de waarde bij {naam} kan niet", herstel="zie de hulp met --help")
    return GebruikFout("de opdracht heeft de verkeerde vorm", herstel="zie de hulp met --help")


def main() -> None:
    """Run the command line; user errors go to stderr with their own exit code."""
    os.environ.setdefault(SUPPORT_VARIABLE, "1")
    try:
        _check_arguments(sys.argv[1:])
        code = app(standalone_mode=False)
    except TksFout as fout:
        code = _fail(fout)
    except _UsageError as fout:
        if type(fout).__name__ == "NoArgsIsHelpError":
            say(fout.ctx.get_help())
            code = GebruikFout.exitcode
        else:
            code = _fail(_usage(fout))
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Afgebroken; er is niets half geschreven.", err=True)
        code = 130
    except OSError as fout:
        code = _fail(_of_system(fout))
    except MemoryError:
        code = _fail(UitvoerFout("het geheugen is vol", herstel="lever Parquet in plaats van CSV"))
    sys.exit(code if isinstance(code, int) else 0)


def _check_arguments(arguments: Sequence[str]) -> None:
    """Refuse what no name or word can be: half characters (a name that is not UTF-8) and NUL."""
    for number, argument in enumerate(arguments, start=1):
        if "\0" in argument or any("\ud800" <= c <= "\udfff" for c in argument):
            raise GebruikFout(
                "de opdracht bevat een teken dat geen letter of leesteken is",
                waar=f"woord {number} na tks",
                verwacht="tekst in UTF-8, zonder NUL",
                herstel="geef het bestand of de map een naam van gewone tekens",
            )


def _of_system(fout: OSError) -> InvoerFout:
    """Say in Dutch which file or folder the system refused."""
    named = fout.filename if isinstance(fout.filename, str) else ""
    return InvoerFout(
        "een bestand of map is niet te gebruiken",
        waar=named if len(named) <= _LONGEST_NAME else f"{named[:_LONGEST_NAME]}...",
        kreeg=reason(fout),
        herstel="controleer het pad en uw rechten erop",
    )


def _fail(fout: TksFout) -> int:
    typer.echo(fout.tekst(), err=True)
    return fout.exitcode
