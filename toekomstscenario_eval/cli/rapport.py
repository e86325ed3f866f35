"""`tks rapport`: the methodologische verantwoording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import InsideOpt, KeyOpt, PackageArg, PolicyOpt, progress, say
from toekomstscenario_eval.document.formats import all_formats
from toekomstscenario_eval.document.languages import DUTCH, choice
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.protection.policy import DEFAULT


def rapport(
    pakket: PackageArg = None,
    onderzoek: Annotated[Path | None, typer.Option("--onderzoek", help="Uw onderzoek.yaml.")] = None,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor het verslag.")] = Path("uit"),
    formaat: Annotated[
        str, typer.Option("--formaat", help=f"{', '.join(all_formats())}; met komma's ertussen.")
    ] = ",".join(all_formats()),
    beleid: PolicyOpt = DEFAULT,
    definitief: Annotated[
        bool, typer.Option("--definitief", help="Weiger zolang er iets ontbreekt of niet is gecontroleerd.")
    ] = False,
    archief: Annotated[
        bool, typer.Option("--archief", help="Schrijf ook een archief voor 'tks reproduceer'.")
    ] = False,
    met_gegevens: Annotated[
        bool, typer.Option("--met-gegevens", help="Zet ook de gegevens in het archief; alleen waar dat mag.")
    ] = False,
    per: Annotated[
        str, typer.Option("--per", help="proeftuin: ook een verslag voor elke proeftuin.", show_default=False)
    ] = "",
    kort: Annotated[bool, typer.Option("--kort", help="Ook een korte versie van twee bladzijden.")] = False,
    huisstijl: Annotated[
        Path | None, typer.Option("--huisstijl", help="TOML-bestand met kleur, lettertype en logo.")
    ] = None,
    intern: InsideOpt = False,
    sleutel: KeyOpt = None,
    taal: Annotated[str, typer.Option("--taal", help=f"{choice()}.")] = DUTCH,
) -> None:
    """Maak de methodologische verantwoording, met manifest, dossier en openbare tellingen ernaast."""
    if met_gegevens and not archief:
        raise GebruikFout("--met-gegevens hoort bij --archief", herstel="geef ook --archief")
    if met_gegevens and not intern:
        raise GebruikFout(
            "de gegevens zelf gaan nooit in een openbaar archief",
            herstel="geef ook --intern, of laat --met-gegevens weg: in een openbaar archief zitten de "
            "beschermde tellingen",
        )
    from toekomstscenario_eval.making.publish import make_report

    formats = [part.strip().lower() for part in formaat.split(",") if part.strip()]
    with progress() as stap:
        paths = make_report(
            pakket,
            onderzoek=onderzoek,
            out=uit,
            formats=formats,
            policy=beleid,
            final=definitief,
            per=per,
            short=kort,
            house_style=huisstijl,
            language=taal,
            progress=stap,
            archiving=archief,
            with_data=met_gegevens,
            intern=intern,
            key=sleutel,
        )
    for path in paths:
        say(f"Geschreven: {path}")
