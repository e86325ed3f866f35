"""`tks register`: what was released of a delivery line, and what its owner decided about it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._shared import Group, KeyOpt, NamedPackage, delivery, say
from toekomstscenario_eval.errors import GebruikFout, did_you_mean

if TYPE_CHECKING:
    from toekomstscenario_eval.protection.entries import Place
    from toekomstscenario_eval.protection.register import Register

register = typer.Typer(
    cls=Group,
    help="Bekijk wat van een levering is vrijgegeven, en leg een besluit van de eigenaar vast.",
    no_args_is_help=True,
)

_WHOLE, _EACH = "totaal", "alle"
_Who = Annotated[str, typer.Option("--wie", help="Wie dit besluit.")]
_Why = Annotated[str, typer.Option("--waarom", help="De reden.")]


@register.command()
def toon(pakket: NamedPackage, sleutel: KeyOpt = None) -> None:
    """Toon welke plekken zijn getrokken, hoe vaak en per wanneer, en de besluiten van de eigenaar."""
    view = _open(pakket, sleutel).snapshot
    if view.rules is None:
        say("Er is nog niets vrijgegeven.")
    else:
        say("Ruis: D {}, V {:g}, js {}; een epoche is een {}.".format(*view.rules))
    for place in view.places:
        draws = view.draws(place)
        say(
            f"  {_text(place)}: {len(draws)} keer getrokken, stand per {draws[-1].epoche}, "
            f"{draws[-1].huishoudens} huishoudens"
            + (f", start {draws[-1].start[0].rpartition('=')[2]}" if len(draws[-1].start) == 1 else "")
        )
    for key, grant in view.grants.items():
        used = sum(draw.uitzondering == key for place in view.places for draw in view.draws(place))
        state = f"{used} keer gebruikt" + (", ingetrokken" if key in view.withdrawn else "")
        spot = _EACH if grant.plek is None else _text(grant.plek)
        say(f"Uitzondering {key} ({grant.soort}, {spot}) van {grant.wie} op {grant.datum}: {state}")
        say(f"  {grant.waarom}")
    if view.chosen is not None:
        who = f", vastgelegd door {view.chosen.wie}: {view.chosen.waarom}" if view.chosen.wie else ""
        say(f"Beleid: {view.chosen.beleid}{who}")
    say(f"Laatste regel: {view.head}")


@register.command()
def uitzondering(
    pakket: NamedPackage,
    plek: Annotated[str, typer.Option("--plek", help="totaal, alle, of zoals proeftuin=Noord.")],
    soort: Annotated[str, typer.Option("--soort", help="correctie of nieuwe vraag.")],
    wie: _Who,
    waarom: _Why,
    sleutel: KeyOpt = None,
) -> None:
    """Laat een plek nog een keer trekken, buiten de regels om; die trekking telt mee."""
    from toekomstscenario_eval.protection.entries import REASONS, Grant

    if soort not in REASONS:
        raise GebruikFout(f"de soort '{soort}' bestaat niet", herstel=did_you_mean(soort, REASONS))
    book = _open(pakket, sleutel)
    known: dict[str, Place | None] = {_text(place): place for place in book.snapshot.places}
    if known:
        known[_EACH] = None
    if plek not in known:
        raise GebruikFout(
            f"de plek '{plek}' is nog niet getrokken: een uitzondering heeft daar geen zin",
            herstel=did_you_mean(plek, known) if known else "",
        )
    book.append([Grant(known[plek], soort, wie, waarom, datetime.now(UTC).date())])
    say(f"Vastgelegd: {list(book.snapshot.grants)[-1]}")
    say("De volgende vrijgave trekt deze plek opnieuw; haar huishoudens zijn dan minder goed beschermd.")


@register.command()
def intrek(
    pakket: NamedPackage,
    kenmerk: Annotated[str, typer.Argument(help="Kenmerk van de uitzondering.", metavar="KENMERK")],
    wie: _Who,
    waarom: _Why,
    sleutel: KeyOpt = None,
) -> None:
    """Trek een uitzondering in; wat er al mee is getrokken, blijft staan."""
    from toekomstscenario_eval.protection.entries import Withdrawal

    book = _open(pakket, sleutel)
    grants = book.snapshot.grants
    if kenmerk not in grants:
        raise GebruikFout(
            f"de uitzondering '{kenmerk}' bestaat niet",
            herstel=did_you_mean(kenmerk, grants) if grants else "",
        )
    book.append([Withdrawal(kenmerk, wie, waarom, datetime.now(UTC).date())])
    say(f"Ingetrokken: {kenmerk}")


@register.command()
def beleid(
    pakket: NamedPackage,
    naam: Annotated[str, typer.Option("--beleid", help="Het beleid voor vrijgaven van nu af.")],
    wie: _Who,
    waarom: _Why,
    sleutel: KeyOpt = None,
) -> None:
    """Leg vast dat vrijgaven van nu af een ander beleid volgen; ruis en epoche liggen bij de sleutel vast."""
    from toekomstscenario_eval.protection.entries import Chosen
    from toekomstscenario_eval.protection.policy import load_policy

    policy, book = load_policy(naam), _open(pakket, sleutel)
    rules = book.snapshot.rules
    own = (policy.ruis_d, float(policy.ruis_v), policy.ruis_js, policy.epoche)
    if rules is not None and rules != own:
        raise GebruikFout(
            f"het beleid '{naam}' heeft andere ruis of een andere epoche",
            verwacht="D {}, V {:g}, js {}, epoche {}".format(*rules),
            kreeg="D {}, V {:g}, js {}, epoche {}".format(*own),
            herstel="andere ruis vraagt een nieuwe levering met een eigen sleutel",
        )
    book.append([Chosen(policy.naam, policy.fingerprint, wie, waarom, datetime.now(UTC).date())])
    say(f"Vastgelegd: vrijgaven volgen van nu af het beleid '{naam}'.")


def _open(package: Path, option: Path | None) -> Register:
    """Open the register of the delivery line of a package."""
    from toekomstscenario_eval.protection import keys
    from toekomstscenario_eval.protection.register import FILE, Register

    levering = delivery(package, example="zijn register begint elke keer leeg")
    secret = keys.find(levering, option=option, environ=os.environ)
    return Register((secret.bron or Path()).with_name(FILE), secret.vingerafdruk, None)


def _text(place: Place) -> str:
    split, groep = place
    return f"{split}={groep}" if split else _WHOLE
