"""The record of a release as a page for the output checker: asked, hidden, attacked, lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Document, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.render_html import render_html


def release_html(dossier: Mapping[str, Any], *, title: str) -> str:
    """Return one HTML page with everything that an output checker needs."""
    blocks = (
        Kader("info", "In het kort", tuple(Alinea((Tekst(sentence),)) for sentence in summary(dossier))),
        Kop(1, "Uitvoer"),
        outputs_table(dossier["uitvoer"]),
        Kop(1, "Aanval"),
        attack_table(dossier["aanval"]),
        *_repaired(dossier["uitvoer"]),
        *_free_text(dossier["vrije_tekst"]),
        Kop(1, "Uitzonderingen"),
        *exceptions(dossier["uitzonderingen"]),
        Kop(1, "Beleid"),
        _policy(dossier["beleid"]),
    )
    return render_html(
        Document(f"Vrijgave van {title}", f"Kenmerk {dossier['vrijgave']}", (), "", False, (), blocks)
    )


def summary(dossier: Mapping[str, Any]) -> list[str]:
    """Say in a few sentences what was asked, hidden, attacked and lost."""
    output, a = dossier["uitvoer"], dossier["aanval"]
    asked, gone, old = (sum(u[k] for u in output) for k in ("gevraagd", "onderdrukt", "gebleven"))
    part = round(100 * gone / asked) if asked else 0
    repaired = sum(len(u["herstel"]) for u in output)
    near = sum(u["nabij_andere_definitie"] for u in output)
    sentences = [
        f"Gevraagd: {asked} getallen in {len(output)} resultaten. Onderdrukt: {gone} ({part}%).",
        f"Aangevallen: {a['geheimen']} verborgen getallen die geheim moeten blijven, met {a['bekend']} "
        f"bekende getallen en {a['vergelijkingen']} vergelijkingen daartussen. Voor het herstel waren er "
        f"{a['te_goed_bekend_voor_herstel']} te goed te berekenen, daarna {a['te_goed_bekend_na_herstel']}.",
        f"Verloren door het herstel: {repaired} plaatsen of punten van een curve.",
        f"Verloren omdat twee definities op te weinig eenheden verschillen: {near} plaatsen of punten.",
    ]
    if dossier["eerder"]:
        sentences.append(
            f"Vergeleken met eerdere vrijgaven: {', '.join(dossier['eerder'])}. Van {old} getallen bleef de "
            "eerdere stand staan, want het verschil met nu is te klein om te tonen."
        )
    return sentences


_TELLINGEN = ("gevraagd", "onderdrukt", "gebleven", "nabij_andere_definitie")


def outputs_table(output: Sequence[Mapping[str, Any]]) -> Tabel:
    """Return one row per output: what was asked, hidden, kept, and lost to definitions or the repair."""
    getallen = ("Gevraagd", "Onderdrukt", "Eerdere stand", "Door definitie", "Door herstel")
    heading = ("Resultaat", "Soort", "Uitkomst", *getallen)
    rows = tuple(
        (
            Cel(u["sleutel"]),
            Cel(u["soort"]),
            Cel(u["uitkomst"]),
            *(Cel(str(u[k]), rechts=True) for k in _TELLINGEN),
            Cel(str(len(u["herstel"])), rechts=True),
        )
        for u in output
    )
    return Tabel("Uitvoer en uitkomst", heading, rows)


_ATTACK = {
    "bekend": "Getallen die bekend zijn",
    "verborgen": "Getallen die verborgen zijn",
    "vergelijkingen": "Vergelijkingen tussen deze getallen",
    "geheimen": "Verborgen getallen die geheim moeten blijven",
    "te_goed_bekend_voor_herstel": "Daarvan te goed te berekenen voor het herstel",
    "te_goed_bekend_na_herstel": "Daarvan te goed te berekenen na het herstel",
    "goedkoopste_herstel_bewezen": "Bewezen dat geen herstel minder kost",
    "vereiste_breedte": "Breedte die elk geheim moet houden",
}


def attack_table(attack: Mapping[str, Any]) -> Tabel:
    """Return what the attack on everything together found."""
    rows = tuple((Cel(text), Cel(str(attack[k]), rechts=True)) for k, text in _ATTACK.items())
    return Tabel("Aanval op alle getallen samen", ("Wat", "Aantal"), rows)


def _repaired(output: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    rows = tuple((Cel(u["sleutel"]), Cel("; ".join(u["herstel"]))) for u in output if u["herstel"])
    if not rows:
        return (Alinea((Tekst("Het herstel hoefde niets extra te verbergen."),)),)
    return (Tabel("Wat het herstel extra verborg", ("Resultaat", "Plaats"), rows),)


def _free_text(fields: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    explanation = "Getallen die met de hand zijn getypt, gaan niet door de vrijgave. Lees ze na."
    if not fields:
        return (Kop(1, "Vrije tekst"), Alinea((Tekst("In de vrije tekst staan geen getallen."),)))
    rows = tuple((Cel(v["veld"]), Cel(str(v["getallen"]), rechts=True)) for v in fields)
    return (
        Kop(1, "Vrije tekst"),
        Alinea((Tekst(explanation),)),
        Tabel("Getallen in vrije tekst", ("Tekst", "Aantal getallen"), rows),
    )


def exceptions(exempted: Sequence[Mapping[str, str]]) -> tuple[Block, ...]:
    """Return who granted an exception, when and why."""
    if not exempted:
        return (Alinea((Tekst("Er zijn geen uitzonderingen verleend."),)),)
    rows = tuple(tuple(Cel(u[k]) for k in ("sleutel", "wie", "wanneer", "waarom")) for u in exempted)
    return (Tabel("Verleende uitzonderingen", ("Resultaat", "Wie", "Wanneer", "Waarom"), rows),)


def _policy(policy: Mapping[str, Any]) -> Tabel:
    rows = tuple(
        (Cel(r["uitleg"].capitalize()), Cel(str(r["waarde"]), rechts=True), Cel(r["bron"] or "niet genoemd"))
        for r in policy["regels"]
    )
    return Tabel(
        f"Regels van het beleid '{policy['naam']}'",
        ("Regel", "Waarde", "Bron"),
        rows,
        (f"{policy['titel']}. {policy['bron']}.",),
    )
