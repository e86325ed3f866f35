"""`tks kracht`: what a plan can find before there are data, and what a number of households can show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import PolicyOpt, print_table, progress, say
from toekomstscenario_eval.protection.policy import DEFAULT


def kracht(
    proeftuinen: Annotated[
        int | None,
        typer.Option(help="Proeftuinen; zonder golven en zonder dit: 11, in golven van 4, 4 en 3."),
    ] = None,
    vergelijking: Annotated[int | None, typer.Option(help="Vergelijkingsregio's; zonder: 3.")] = None,
    huishoudens: Annotated[
        int | None, typer.Option(help="Huishoudens per regio in één periode; zonder: 100.")
    ] = None,
    huishoudens_vergelijking: Annotated[
        int | None, typer.Option(help="Hetzelfde van vergelijkingsregio's; zonder: evenveel.")
    ] = None,
    maat: Annotated[str, typer.Option(help="aandeel (van 0 tot 1) of aantal (per huishouden).")] = "aandeel",
    basis: Annotated[
        float | None,
        typer.Option(help="De maat zonder verschil; zonder: 0.35 bij een aandeel, 2 bij een aantal."),
    ] = None,
    spreiding: Annotated[
        float | None,
        typer.Option(help="Standaarddeviatie tussen regio's, in dezelfde eenheid; zonder: 0.05 of 0.3."),
    ] = None,
    overspreiding: Annotated[
        float, typer.Option(help="Van een aantal: variantie tussen huishoudens gedeeld door het gemiddelde.")
    ] = 1.0,
    samenhang: Annotated[
        float, typer.Option(help="Hoe een regio in twee perioden op zichzelf lijkt: 0 niet, 1 geheel.")
    ] = 0.5,
    golven: Annotated[
        str | None, typer.Option(help="Proeftuinen die samen starten, zoals 4,4,3.", metavar="N,N,...")
    ] = None,
    perioden: Annotated[
        int | None, typer.Option(help="Perioden in het geheel; zonder: een meer dan er golven zijn.")
    ] = None,
    richting: Annotated[str, typer.Option(help="toename of afname.")] = "toename",
    kans: Annotated[float, typer.Option(help="Kans waarmee een verschil gevonden moet worden.")] = 0.8,
    casussen: Annotated[
        int | None, typer.Option(help="De andere kant op: wat zoveel huishoudens kunnen laten zien.")
    ] = None,
    tegenover: Annotated[
        int | None, typer.Option(help="Bij --casussen: huishoudens ernaast; zonder: evenveel.")
    ] = None,
    simulaties: Annotated[int, typer.Option(help="Verzonnen onderzoeken per verschil.")] = 2000,
    beleid: PolicyOpt = DEFAULT,
    intern: Annotated[
        bool, typer.Option("--intern", help="Reken zonder ruis, als voor exacte cijfers.")
    ] = False,
    uit: Annotated[Path | None, typer.Option("--uit", help="Map voor kracht.html en kracht.csv.")] = None,
) -> None:
    """Reken vooraf uit welk verschil een plan kan vinden. Hier is geen pakket voor nodig."""
    from toekomstscenario_eval.document.document import Alinea, Definities, Document, Lijst, Tabel, flat_text
    from toekomstscenario_eval.document.render_html import render_html
    from toekomstscenario_eval.making import planning
    from toekomstscenario_eval.making.publish import writable, write_together

    asked = planning.Asked(
        proeftuinen,
        vergelijking,
        huishoudens,
        huishoudens_vergelijking,
        maat,
        basis,
        spreiding,
        overspreiding,
        samenhang,
        golven,
        perioden,
        richting,
        kans,
        casussen,
        tegenover,
        simulaties,
        beleid,
        intern,
    )
    with progress() as stap:
        stap("Rekenen en simuleren")
        found = planning.answer(asked)
    blocks = planning.blocks_of(found)
    for block in blocks:
        if isinstance(block, Tabel):
            print_table(block)
        elif isinstance(block, Alinea):
            say(f"\n{flat_text(block.inhoud)}")
        elif isinstance(block, Definities):
            say()
            for term, text in block.items:
                say(f"{term}: {flat_text(text)}")
        elif isinstance(block, Lijst):
            say()
            for item in block.items:
                say(f"- {flat_text(item)}")
    if uit is not None:
        page = render_html(Document("Kracht: wat een plan kan vinden", "", (), "", False, (), blocks))
        files = {"kracht.html": page.encode(), "kracht.csv": planning.lines_of(found)}
        for path in write_together(writable(uit), files):
            say(f"Geschreven: {path}")
