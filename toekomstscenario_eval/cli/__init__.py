"""The command line `tks`: thin, Dutch, and never a traceback for what a user can mend.

Every file here is a command: the function of the same name, or a `typer.Typer` of that name with
commands of its own. Names that start with `_` are no command. What is slow to load is loaded inside
the function: help answers at once.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from toekomstscenario_eval.cli._shared import Command, Group, say
from toekomstscenario_eval.errors import GebruikFout, TksFout, UitvoerFout, did_you_mean
from toekomstscenario_eval.resources import SUPPORT_VARIABLE, modules
from toekomstscenario_eval.version import __version__

_EXIT = """Uitgangscodes: 0 gelukt; 2 opdracht niet begrepen; 3 invoer niet leesbaar; 4 controle gefaald;
5 niet vrijgegeven; 6 uitvoer niet gelukt; 7 getallen verschillen; 8 fout in een
indicator."""

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
    except MemoryError:
        code = _fail(UitvoerFout("het geheugen is vol", herstel="lever Parquet in plaats van CSV"))
    sys.exit(code if isinstance(code, int) else 0)


def _fail(fout: TksFout) -> int:
    typer.echo(fout.tekst(), err=True)
    return fout.exitcode
