"""`tks sleutel`: the secret of a delivery line, for the owner of the data; and the key of the pseudonyms."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import Group, KeyOpt, NamedPackage, delivery, say

sleutel = typer.Typer(
    cls=Group,
    help="Maak en beheer de sleutel van een levering, of die van de pseudoniemen; nooit getoond.",
    no_args_is_help=True,
)


@sleutel.command()
def maak(pakket: NamedPackage, sleutel: KeyOpt = None) -> None:
    """Maak de sleutel van een levering, en zet zijn vingerafdruk in het pakket.

    Een levering heeft één sleutel, voor al haar pakketten. Is hij er al, dan komt alleen zijn vingerafdruk in
    het pakket.
    """
    from toekomstscenario_eval.data.package import write_fingerprint
    from toekomstscenario_eval.protection import keys

    levering = delivery(pakket, example="er valt niets te maken")
    path = keys.place_of(levering, option=sleutel, environ=os.environ)
    there = path.exists()
    secret = keys.make(levering, path)
    if not levering.sleutel:
        write_fingerprint(pakket, secret.vingerafdruk)
    say(f"{'De sleutel was er al' if there else 'Sleutel gemaakt'}: {path}")
    say(f"Vingerafdruk in het pakket: {secret.vingerafdruk}")
    if not there:
        say("Bewaar van de sleutel en het register ernaast een kopie op een veilige plek.")
        say("Zonder die twee kan niets meer van deze levering naar buiten.")


@sleutel.command()
def toon(pakket: NamedPackage, sleutel: KeyOpt = None) -> None:
    """Zeg welke sleutel bij een pakket hoort en waar hij staat; de sleutel zelf wordt niet getoond."""
    from toekomstscenario_eval.protection import keys, register

    levering = delivery(pakket)
    say(f"Levering: {levering.naam}, van {levering.eigenaar}")
    say(f"Vingerafdruk in het pakket: {levering.sleutel or 'nog geen'}")
    if levering.sleutel == keys.EXAMPLE.vingerafdruk:
        say("Sleutel: de openbare van het verzonnen voorbeeld; het register begint elke keer leeg")
        return
    path = keys.place_of(levering, option=sleutel, environ=os.environ)
    for naam, file in (("Sleutel", path), ("Register", path.with_name(register.FILE))):
        say(f"{naam}: {file}{'' if file.exists() else ' (is er niet)'}")


@sleutel.command()
def controleer(pakket: NamedPackage, sleutel: KeyOpt = None) -> None:
    """Controleer of de sleutel er is, bij het pakket hoort en afgeschermd is, en of zijn register klopt."""
    from toekomstscenario_eval.protection import keys
    from toekomstscenario_eval.protection.register import FILE, Register

    secret = keys.find(delivery(pakket), option=sleutel, environ=os.environ)
    say(f"De sleutel klopt: {secret.vingerafdruk}")
    if secret.bron is None:
        say("Het is de openbare sleutel van het verzonnen voorbeeld; hij beschermt geen echte gegevens")
        return
    view = Register(secret.bron.with_name(FILE), secret.vingerafdruk, None).snapshot
    say(f"Het register klopt: {len(view.places)} plekken, laatste regel {view.head}")


@sleutel.command()
def verplaats(
    pakket: NamedPackage,
    naar: Annotated[Path, typer.Option("--naar", help="Map die nog leeg is.", metavar="MAP")],
    sleutel: KeyOpt = None,
) -> None:
    """Breng de sleutel en zijn register naar een andere map, zoals in een beveiligde ruimte."""
    from toekomstscenario_eval.protection import keys

    levering = delivery(pakket, example="er valt niets te verplaatsen")
    target = naar / keys.FILE
    keys.move(keys.find(levering, option=sleutel, environ=os.environ), target)
    say(f"Verplaatst naar {target}")
    say(f"Wijs hem voortaan aan met --sleutel {target} of met {keys.VARIABLE}")


@sleutel.command()
def pseudoniem(
    bestand: Annotated[Path, typer.Argument(help="Bestand van de sleutel.", metavar="BESTAND")],
    van: Annotated[
        Path | None,
        typer.Option("--van", help="Neem de sleutel over van een andere leverancier.", metavar="BESTAND"),
    ] = None,
) -> None:
    """Maak de sleutel voor pseudoniemen, die alle leveranciers van een levering delen.

    Hij is iets anders dan de sleutel van de levering, die alleen de eigenaar heeft. Is hij er al, dan komt
    alleen zijn vingerafdruk in beeld.
    """
    from toekomstscenario_eval.data.pseudonyms import pseudonym_key

    there = bestand.exists()
    key = pseudonym_key.make(bestand) if van is None else pseudonym_key.take_over(van, bestand)
    done = "was er al" if there else "is gemaakt" if van is None else "is overgenomen"
    say(f"De sleutel voor pseudoniemen {done}: {bestand}")
    say(f"Vingerafdruk: {key.vingerafdruk}")
    say("Elke leverancier van deze levering moet dezelfde vingerafdruk zien.")
    if not there:
        say("Geef hem alleen aan de andere leveranciers, langs een veilige weg, en nooit met gegevens mee.")
        say("Wie de gegevens ontvangt, mag hem niet hebben: daarmee zijn pseudoniemen terug te zoeken.")
