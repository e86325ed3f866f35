"""`tks plan`: lock what is planned before the figures are seen, and see what changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from toekomstscenario_eval.cli._shared import Group, say

plan = typer.Typer(
    cls=Group,
    help="Het plan in uw onderzoeksbestand: vastleggen voordat u de cijfers ziet.",
    no_args_is_help=True,
)

StudyArg = Annotated[Path, typer.Argument(help="Uw onderzoeksbestand.", metavar="ONDERZOEK")]


def _read(study: Path) -> Any:
    from toekomstscenario_eval.making.plan_file import resolve
    from toekomstscenario_eval.making.plan_reading import load_plan

    return resolve(load_plan(study))


def _labels() -> dict[str, str]:
    from toekomstscenario_eval.summaries.registry import all_indicators

    return {naam: what.card.label for naam, what in all_indicators().items()}


def _day(text: str) -> Any:
    from datetime import date

    from toekomstscenario_eval.errors import GebruikFout
    from toekomstscenario_eval.making.publish import today

    try:
        return date.fromisoformat(text or today())
    except ValueError:
        raise GebruikFout("de datum bij --datum bestaat niet", verwacht="JJJJ-MM-DD", kreeg=text) from None


@plan.command()
def vastleggen(
    onderzoek: StudyArg,
    datum: Annotated[
        str, typer.Option("--datum", help="Dag van vastleggen, als JJJJ-MM-DD; zonder: vandaag.")
    ] = "",
    opnieuw: Annotated[
        bool, typer.Option("--opnieuw", help="Leg een veranderd plan vast; het eerdere blijft erbij staan.")
    ] = False,
    reden: Annotated[str, typer.Option("--reden", help="Waarom het plan veranderde; bij --opnieuw.")] = "",
) -> None:
    """Leg het plan vast in een bestand naast het onderzoeksbestand, met de dag en een controlegetal."""
    from toekomstscenario_eval.making.plan_lock import lock, place_of

    made = lock(_read(onderzoek), onderzoek, _day(datum), again=opnieuw, reason=reden)
    say(f"Vastgelegd op {made.datum.isoformat()}: {place_of(onderzoek)}")
    say(f"Controlegetal (SHA-256): {made.sha256}")
    say("Maak dit controlegetal meteen bekend, zoals in een mail of een openbaar register van plannen:")
    say("alleen zo kan een ander nagaan dat het plan van die dag is.")


@plan.command()
def toon(onderzoek: StudyArg) -> None:
    """Toon het vastgelegde plan, en wat het onderzoeksbestand nu anders zegt."""
    _show(_read(onderzoek), onderzoek)


@plan.command()
def controleer(onderzoek: StudyArg) -> None:
    """Doe als 'toon', met uitgangscode 4 als er geen plan vastligt of het bestand iets anders zegt."""
    from toekomstscenario_eval.errors import ControleFout

    written = _read(onderzoek)
    if written.locked is None:
        raise ControleFout(
            "er ligt geen plan vast",
            waar=str(onderzoek),
            herstel="leg het vast met 'tks plan vastleggen'",
        )
    if many := _show(written, onderzoek):
        raise ControleFout(
            f"het onderzoeksbestand zegt {many} keer iets anders dan het vastgelegde plan",
            waar=str(onderzoek),
            herstel="zet in het bestand terug wat vastligt, of leg het plan vast met --opnieuw en --reden",
        )


def _show(written: Any, study: Path) -> int:
    """Print the locked plan and what the file says otherwise; return how many times it does."""
    from toekomstscenario_eval.report.locked_plan import differences, lines

    locked, labels = written.locked, _labels()
    if locked is None:
        say(f"Bij {study.name} ligt geen plan vast.")
        for part in written.planned.ontbreekt if written.planned else ():
            say(f"  Nog in te vullen in 'plan': {part}")
        return 0
    for one in locked.chain:
        again = f"Opnieuw vastgelegd (reden: {one.reden})" if one.earlier else "Vastgelegd"
        say(f"{again} op {one.datum.isoformat()}, controlegetal {one.sha256}")
    for label, text in lines(locked.planned, labels):
        say(f"  {label}: {text}")
    found = list(differences(locked.planned, written.planned, labels))
    say(f"Het bestand zegt {len(found)} keer iets anders:" if found else "Het bestand zegt hetzelfde.")
    for change in found:
        say(f"  {change.part}: {change.planned} -> {change.done}")
    return len(found)
