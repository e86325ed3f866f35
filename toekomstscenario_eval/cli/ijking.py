"""`tks ijking`: how often a design over time is right, in invented worlds of which the truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._shared import PolicyOpt, print_table, progress, say
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.protection.policy import DEFAULT

if TYPE_CHECKING:
    from toekomstscenario_eval.designs._calibration import Calibrated
    from toekomstscenario_eval.document.document import Figuur, Tabel

_UNEQUAL = 5.0  # the largest region over the smallest
_QUARTERS_FROM = 1500  # households from which a panel has quarters


def ijking(
    ontwerp: Annotated[str, typer.Argument(help="Naam van het ontwerp.", metavar="ONTWERP")],
    werelden: Annotated[int, typer.Option(help="Aantal nagebootste werelden.", min=2)] = 4000,
    huishoudens: Annotated[int, typer.Option(help="Huishoudens in alle regio's samen.", min=1)] = 1400,
    effect: Annotated[
        str, typer.Option(help="Echte veranderingen, met komma's ertussen; 0.05 is 5 procentpunt.")
    ] = "0,0.05",
    ongelijk: Annotated[
        bool, typer.Option("--ongelijk", help="De grootste regio heeft vijf keer de kleinste.")
    ] = False,
    trend: Annotated[float, typer.Option(help="Verandering per jaar in alle regio's.")] = 0.0,
    drift: Annotated[
        float, typer.Option(help="Hoeveel meer proeftuinen vanaf de start registreren; 0.1 is 10%.")
    ] = 0.0,
    spreiding: Annotated[
        float, typer.Option(help="Hoeveel de verandering tussen proeftuinen verschilt (SD).", min=0)
    ] = 0.0,
    aantal: Annotated[
        bool, typer.Option("--aantal", help="Een gemiddelde per huishouden in plaats van een aandeel.")
    ] = False,
    periode: Annotated[
        str, typer.Option(help="maand, kwartaal, halfjaar of jaar; standaard zoals openbaar bij dit aantal.")
    ] = "",
    jaren: Annotated[
        int, typer.Option(help="Jaren instroom; de laatste golf begint een jaar voor het eind.", min=3)
    ] = 3,
    openbaar: Annotated[
        bool, typer.Option("--openbaar", help="Met de ruis van het beleid in elke telling.")
    ] = False,
    beleid: PolicyOpt = DEFAULT,
    seed: Annotated[int, typer.Option(help="Hetzelfde getal geeft dezelfde werelden.", min=0)] = 2026,
    uit: Annotated[Path | None, typer.Option("--uit", help="Map voor ijking.html, .csv en .svg.")] = None,
) -> None:
    """IJk een ontwerp: hoe vaak het gelijk heeft in werelden waarvan de waarheid bekend is."""
    from toekomstscenario_eval.blocks.calibration import calibration_figure, calibration_table, described
    from toekomstscenario_eval.designs import find, over_time
    from toekomstscenario_eval.designs._calibration import calibrate
    from toekomstscenario_eval.designs._worlds import Setting, of_means, require_possible
    from toekomstscenario_eval.protection.policy import load_policy
    from toekomstscenario_eval.types import Vorm

    codes = [d.card.code for d in over_time()]
    if ontwerp not in codes:
        raise GebruikFout(
            f"het ontwerp '{ontwerp}' is er niet om te ijken", herstel=did_you_mean(ontwerp, codes)
        )
    if aantal and openbaar:
        raise GebruikFout(
            "een gemiddelde wordt alleen zonder ruis geijkt", herstel="laat --aantal of --openbaar weg"
        )
    setting = Setting(
        households=huishoudens,
        years=jaren,
        periode=periode or ("kwartaal" if huishoudens >= _QUARTERS_FROM else "halfjaar"),
        unequal=_UNEQUAL if ongelijk else 1.0,
        trend=trend,
        drift=drift,
        spread=spreiding,
        noise=load_policy(beleid).ruis if openbaar else None,
    )
    if aantal:
        setting = of_means(setting)
    design, effects = find(ontwerp), _effects(effect)
    for each in effects:
        require_possible(setting, each)
    vorm = Vorm.GETAL if aantal else Vorm.PROCENTPUNT
    with progress() as stap:
        rows = calibrate(design.effect, setting, effects, worlds=werelden, seed=seed, step=stap)
    table = calibration_table(design.card.label, rows, vorm, (described(setting, vorm),))
    print_table(table)
    if uit is not None:
        _write(uit, table, rows, calibration_figure(design.card.label, rows, vorm))


def _effects(text: str) -> list[float]:
    """Return the real changes that were asked for, each once and in order."""
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        raise GebruikFout(
            "een verandering is geen getal",
            waar="--effect",
            verwacht="getallen met komma's ertussen en een punt voor decimalen, zoals 0,0.05",
            kreeg=text,
        ) from None
    return sorted(set(found))


def _write(out: Path, table: Tabel, rows: list[Calibrated], figure: Figuur | None) -> None:
    from toekomstscenario_eval.blocks.calibration import calibration_page
    from toekomstscenario_eval.designs._calibration import as_csv
    from toekomstscenario_eval.making.publish import writable, write_together

    files = {"ijking.csv": as_csv(rows), "ijking.html": calibration_page(table, figure)}
    if figure is not None:
        files["ijking.svg"] = figure.svg
    for path in write_together(writable(out), {naam: text.encode() for naam, text in files.items()}):
        say(f"Geschreven: {path}")
