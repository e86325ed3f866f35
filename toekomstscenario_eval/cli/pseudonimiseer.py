"""`tks pseudonimiseer`: a delivery without numbers and names, at the supplier."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import SecretOpt, choices, say
from toekomstscenario_eval.errors import GebruikFout


def pseudonimiseer(
    bron: Annotated[Path, typer.Argument(help="De levering.", metavar="BRON")],
    uit: Annotated[
        Path, typer.Option("--uit", help="Bestand dat naar buiten mag: .csv of .parquet.", metavar="BESTAND")
    ],
    kolom: Annotated[
        list[str] | None,
        typer.Option(
            "--kolom",
            help="Wat er met een kolom gebeurt: bsn, persoon, huishouden, professional, zaak, jaar, "
            "kwartaal, maand, gemeente, weglaten of houden; mag vaker.",
            metavar="KOLOM=WAT",
        ),
    ] = None,
    regels: Annotated[
        Path | None, typer.Option(help="Hetzelfde in een bestand.", metavar="REGELS.yaml")
    ] = None,
    geheim: SecretOpt = None,
    gemeenten: Annotated[
        Path | None, typer.Option(help="Tabel met de kolommen postcode en gemeente.", metavar="BESTAND")
    ] = None,
    onbekend: Annotated[
        list[str] | None, typer.Option(help="Waarde die bij sleutels onbekend betekent; mag vaker.")
    ] = None,
    ongeldig: Annotated[
        str | None,
        typer.Option(help="Wat een onbekende sleutel wordt: leeg of los (elke rij een eigen code)."),
    ] = None,
    overig: Annotated[
        str | None, typer.Option(help="Kolommen die niet zijn genoemd: houden of weglaten.")
    ] = None,
    risico: Annotated[
        list[str] | None,
        typer.Option(help="Kolom die anderen ook van iemand kunnen weten; mag vaker.", metavar="KOLOM"),
    ] = None,
    lees: Annotated[
        list[str] | None,
        typer.Option(
            "--lees", help="Hoe de bron te lezen is, zoals scheidingsteken=puntkomma.", metavar="NAAM=WAARDE"
        ),
    ] = None,
    dpia: Annotated[
        Path | None, typer.Option(help="Schrijf ook een begin van de DPIA.", metavar="BESTAND")
    ] = None,
) -> None:
    """Maak een levering zonder burgerservicenummers en namen, voordat zij naar buiten gaat.

    Er komt een verslag naast: wat is weggehaald of vervangen, en wie nog te herkennen is.
    """
    from toekomstscenario_eval.data.pseudonyms import pseudonym_key
    from toekomstscenario_eval.data.pseudonyms.column_rules import (
        ALONE,
        EMPTY,
        KEEP,
        REMOVE,
        ColumnRules,
        load_rules,
    )
    from toekomstscenario_eval.data.pseudonyms.pseudonymise import pseudonymise

    for option, value, possible in (
        ("ongeldig", ongeldig, (EMPTY, ALONE)),
        ("overig", overig, (KEEP, REMOVE)),
    ):
        if value is not None and value not in possible:
            raise GebruikFout(f"--{option} {value} bestaat niet", verwacht=" of ".join(possible))
    read = (load_rules(regels) if regels else ColumnRules()).with_pairs(kolom or ())
    rules = replace(
        read,
        municipalities=gemeenten or read.municipalities,
        unknown=(*read.unknown, *(onbekend or ())),
        invalid=ongeldig or read.invalid,
        rest=overig or read.rest,
        risk=(*read.risk, *(risico or ())),
        options={**read.options, **choices(lees or [])},
    )
    key = pseudonym_key.find(
        option=geheim, environ=os.environ, needed_by="voor pseudoniemen is een geheim nodig"
    )
    say(pseudonymise(bron, uit, rules=rules, key=key, assessment=dpia).text())
