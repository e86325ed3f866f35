"""The record of a release as a page for the output checker: asked, hidden, attacked, lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Document, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.render_html import render_html


def release_html(dossier: Mapping[str, Any], *, titel: str) -> str:
    """Return one HTML page with everything that an output checker needs."""
    blokken = (
        Kader("info", "In het kort", tuple(Alinea((Tekst(zin),)) for zin in summary(dossier))),
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
        Document(f"Vrijgave van {titel}", f"Kenmerk {dossier['vrijgave']}", (), "", False, (), blokken)
    )


def summary(dossier: Mapping[str, Any]) -> list[str]:
    """Say in a few sentences what was asked, hidden, attacked and lost."""
    uitvoer, a = dossier["uitvoer"], dossier["aanval"]
    gevraagd, weg, oud = (sum(u[k] for u in uitvoer) for k in ("gevraagd", "onderdrukt", "gebleven"))
    deel = round(100 * weg / gevraagd) if gevraagd else 0
    hersteld = sum(len(u["herstel"]) for u in uitvoer)
    nabij = sum(u["nabij_andere_definitie"] for u in uitvoer)
    zinnen = [
        f"Gevraagd: {gevraagd} getallen in {len(uitvoer)} resultaten. Onderdrukt: {weg} ({deel}%).",
        f"Aangevallen: {a['geheimen']} verborgen getallen die geheim moeten blijven, met {a['bekend']} "
        f"bekende getallen en {a['vergelijkingen']} vergelijkingen daartussen. Voor het herstel waren er "
        f"{a['te_goed_bekend_voor_herstel']} te goed te berekenen, daarna {a['te_goed_bekend_na_herstel']}.",
        f"Verloren door het herstel: {hersteld} plaatsen of punten van een curve.",
        f"Verloren omdat twee definities op te weinig eenheden verschillen: {nabij} plaatsen of punten.",
    ]
    if dossier["eerder"]:
        zinnen.append(
            f"Vergeleken met eerdere vrijgaven: {', '.join(dossier['eerder'])}. Van {oud} getallen bleef de "
            "eerdere stand staan, want het verschil met nu is te klein om te tonen."
        )
    return zinnen


_TELLINGEN = ("gevraagd", "onderdrukt", "gebleven", "nabij_andere_definitie")


def outputs_table(uitvoer: Sequence[Mapping[str, Any]]) -> Tabel:
    """Return one row per output: what was asked, hidden, kept, and lost to definitions or the repair."""
    getallen = ("Gevraagd", "Onderdrukt", "Eerdere stand", "Door definitie", "Door herstel")
    kop = ("Resultaat", "Soort", "Uitkomst", *getallen)
    rijen = tuple(
        (
            Cel(u["sleutel"]),
            Cel(u["soort"]),
            Cel(u["uitkomst"]),
            *(Cel(str(u[k]), rechts=True) for k in _TELLINGEN),
            Cel(str(len(u["herstel"])), rechts=True),
        )
        for u in uitvoer
    )
    return Tabel("Uitvoer en uitkomst", kop, rijen)


_AANVAL = {
    "bekend": "Getallen die bekend zijn",
    "verborgen": "Getallen die verborgen zijn",
    "vergelijkingen": "Vergelijkingen tussen deze getallen",
    "geheimen": "Verborgen getallen die geheim moeten blijven",
    "te_goed_bekend_voor_herstel": "Daarvan te goed te berekenen voor het herstel",
    "te_goed_bekend_na_herstel": "Daarvan te goed te berekenen na het herstel",
    "goedkoopste_herstel_bewezen": "Bewezen dat geen herstel minder kost",
    "vereiste_breedte": "Breedte die elk geheim moet houden",
}


def attack_table(aanval: Mapping[str, Any]) -> Tabel:
    """Return what the attack on everything together found."""
    rijen = tuple((Cel(tekst), Cel(str(aanval[k]), rechts=True)) for k, tekst in _AANVAL.items())
    return Tabel("Aanval op alle getallen samen", ("Wat", "Aantal"), rijen)


def _repaired(uitvoer: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    rijen = tuple((Cel(u["sleutel"]), Cel("; ".join(u["herstel"]))) for u in uitvoer if u["herstel"])
    if not rijen:
        return (Alinea((Tekst("Het herstel hoefde niets extra te verbergen."),)),)
    return (Tabel("Wat het herstel extra verborg", ("Resultaat", "Plaats"), rijen),)


def _free_text(velden: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    uitleg = "Getallen die met de hand zijn getypt, gaan niet door de vrijgave. Lees ze na."
    if not velden:
        return (Kop(1, "Vrije tekst"), Alinea((Tekst("In de vrije tekst staan geen getallen."),)))
    rijen = tuple((Cel(v["veld"]), Cel(str(v["getallen"]), rechts=True)) for v in velden)
    return (
        Kop(1, "Vrije tekst"),
        Alinea((Tekst(uitleg),)),
        Tabel("Getallen in vrije tekst", ("Tekst", "Aantal getallen"), rijen),
    )


def exceptions(uitzonderingen: Sequence[Mapping[str, str]]) -> tuple[Block, ...]:
    """Return who granted an exception, when and why."""
    if not uitzonderingen:
        return (Alinea((Tekst("Er zijn geen uitzonderingen verleend."),)),)
    rijen = tuple(tuple(Cel(u[k]) for k in ("sleutel", "wie", "wanneer", "waarom")) for u in uitzonderingen)
    return (Tabel("Verleende uitzonderingen", ("Resultaat", "Wie", "Wanneer", "Waarom"), rijen),)


def _policy(beleid: Mapping[str, Any]) -> Tabel:
    rijen = tuple(
        (Cel(r["uitleg"].capitalize()), Cel(str(r["waarde"]), rechts=True), Cel(r["bron"] or "niet genoemd"))
        for r in beleid["regels"]
    )
    return Tabel(
        f"Regels van het beleid '{beleid['naam']}'",
        ("Regel", "Waarde", "Bron"),
        rijen,
        (f"{beleid['titel']}. {beleid['bron']}.",),
    )
