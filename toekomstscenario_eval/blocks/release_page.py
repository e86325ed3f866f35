"""The record of a release as a page for the output checker: what leaves, and by which rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Document, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.format import day_text, field, number
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.types import Vorm

# How the source of a rule ends that the owner of the data has yet to confirm.
_OPEN = "; te bevestigen door de eigenaar"


def release_html(dossier: Mapping[str, Any], *, title: str) -> str:
    """Return one HTML page with everything that an output checker needs."""
    blocks = (
        Kader("info", "In het kort", tuple(Alinea((Tekst(sentence),)) for sentence in summary(dossier))),
        Kop(1, "Plekken en hun stand"),
        places_table(dossier["plekken"]),
        Kop(1, "Uitvoer"),
        outputs_table(dossier["uitvoer"]),
        *_reasons(dossier["uitvoer"]),
        *_free_text(dossier["vrije_tekst"]),
        Kop(1, "Beleid"),
        policy_table(dossier["beleid"]),
    )
    return render_html(Document(f"Vrijgave van {title}", "", (), "", False, (dossier["vrijgave"],), blocks))


def summary(dossier: Mapping[str, Any]) -> list[str]:
    """Say in a few sentences what leaves and how it was protected."""
    output = dossier["uitvoer"]
    asked, gone = (sum(u[k] for u in output) for k in ("gevraagd", "niet_getoond"))
    rules = {r["naam"]: r["waarde"] for r in dossier["beleid"]["regels"]}
    return [
        f"Wat naar buiten gaat, zijn {_count(dossier['cellen'])} beschermde tellingen van huishoudens, in de "
        "map 'openbaar' bij het verslag. Elk getal in het verslag is daaruit berekend, en uit niets anders.",
        f"Elke telling is met toeval verschoven: hooguit {rules['ruis_d']} omhoog of omlaag, gemiddeld 0, "
        f"met een variantie van {value_text(rules['ruis_v'])}; tellingen van 1 tot en met "
        f"{rules['ruis_js']} komen niet voor.",
        f"De trekking hoort bij de epoche die begint op {day_text(dossier['epoche'])}. De sleutel heeft "
        f"vingerafdruk {dossier['sleutel']}, het register staat op {dossier['register']}.",
        f"In het verslag staan {_count(len(output))} resultaten met {_count(asked)} schattingen, waarvan "
        f"{_count(gone)} niet getoond.",
    ]


def _count(n: int) -> str:
    return number(n, Vorm.TELLING)


def places_table(places: Sequence[Mapping[str, Any]]) -> Tabel:
    """Return how many places of each breakdown show which epoch."""
    rows = tuple(
        (
            Cel(field(p["uitsplitsing"]) if p["uitsplitsing"] else "Geheel"),
            Cel(day_text(p["stand"]) if p["stand"] else "toont niets"),
            Cel(_count(p["aantal"]), rechts=True),
        )
        for p in places
    )
    return Tabel("Plekken per uitsplitsing en stand", ("Uitsplitsing", "Stand per", "Keer"), rows)


def outputs_table(output: Sequence[Mapping[str, Any]]) -> Tabel:
    """Return one row per output: how many cells it rests on, and how many numbers are not shown."""
    rows = tuple(
        (
            Cel(u["sleutel"]),
            Cel(u["soort"]),
            Cel(u["uitkomst"]),
            *(Cel(_count(u[k]), rechts=True) for k in ("cellen", "gevraagd", "niet_getoond")),
        )
        for u in output
    )
    heading = ("Resultaat", "Soort", "Uitkomst", "Tellingen", "Schattingen", "Niet getoond")
    return Tabel("Uitvoer en uitkomst", heading, rows)


def _reasons(output: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return why places show nothing, each reason once."""
    together: dict[str, int] = {}
    for u in output:
        for reason, n in u["redenen"].items():
            together[reason] = together.get(reason, 0) + n
    if not together:
        return (Alinea((Tekst("Elke plek toont alles wat is gevraagd."),)),)
    rows = tuple((Cel(reason), Cel(str(n), rechts=True)) for reason, n in sorted(together.items()))
    return (Tabel("Waarom plekken iets niet tonen", ("Reden", "Keer"), rows),)


def _free_text(fields: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    explanation = "Getallen die met de hand zijn getypt, komen niet uit de beschermde tellingen. Lees ze na."
    if not fields:
        return (Kop(1, "Vrije tekst"), Alinea((Tekst("In de vrije tekst staan geen getallen."),)))
    rows = tuple((Cel(v["veld"]), Cel(str(v["getallen"]), rechts=True)) for v in fields)
    return (
        Kop(1, "Vrije tekst"),
        Alinea((Tekst(explanation),)),
        Tabel("Getallen in vrije tekst", ("Tekst", "Aantal getallen"), rows),
    )


def value_text(waarde: Any) -> str:
    """Return the value of a rule as a reader writes it."""
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, int):
        return number(waarde, Vorm.TELLING)
    return ", ".join(map(_breakdown, waarde)) if isinstance(waarde, list) else f"{waarde}".replace(".", ",")


def _breakdown(naam: str) -> str:
    return field(naam).lower()


def policy_table(policy: Mapping[str, Any], *, reader: bool = False) -> Tabel:
    """Return the rules of the policy with value and source; for a reader what is open is counted once."""
    opens = sum(r["bron"].endswith(_OPEN) for r in policy["regels"])
    closing = (
        f"{opens} van de {len(policy['regels'])} waarden moet de eigenaar van de gegevens nog bevestigen."
    )
    rows = tuple(
        (
            Cel(r["uitleg"][:1].upper() + r["uitleg"][1:]),
            Cel(value_text(r["waarde"])),
            Cel((r["bron"].removesuffix(_OPEN) if reader else r["bron"]) or "niet genoemd"),
        )
        for r in policy["regels"]
    )
    return Tabel(
        f"Regels van het beleid '{policy['naam']}'",
        ("Regel", "Waarde", "Bron"),
        rows,
        (f"{policy['titel']}. {policy['bron']}.", *((closing,) if reader and opens else ())),
    )
