"""A page per indicator: card, estimands, choices, needs and worked examples, from its one file."""

from __future__ import annotations

from collections.abc import Mapping

from opmaak import blad, code, met_doi, tabel, tekst_tabel, veilig

from toekomstscenario_eval.document.document import flat_text
from toekomstscenario_eval.report.sections.s05_indicatoren import card_items
from toekomstscenario_eval.summaries.registry import Indicator, all_indicators
from toekomstscenario_eval.types import Card, Voorbeeld


def bladen() -> Mapping[str, str]:
    """Return the pages by path, in the order of the navigation."""
    return {
        "indicatoren/index.md": _overzicht(),
        **{f"indicatoren/{naam}.md": indicator_blad(wat) for naam, wat in all_indicators().items()},
    }


def _overzicht() -> str:
    rijen = [
        (f"[{code(naam)}]({naam}.md)", veilig(wat.card.label), veilig(wat.card.vraag), wat.card.kind.value)
        for naam, wat in all_indicators().items()
    ]
    return blad(
        "# Indicatoren",
        "Een indicator is een afspraak over wat er geteld wordt, bij wie en wanneer. Elke indicator is één "
        "bestand. Uit dat bestand komen het getal, deze bladzijde, de kaart in het verslag en de tests.",
        tabel(("Naam", "Indicator", "Vraag", "Soort"), rijen),
        "Zelf een indicator maken? Lees [Een indicator toevoegen](../indicator-toevoegen.md).",
    )


def indicator_blad(wat: Indicator) -> str:
    """Return the page of one indicator."""
    kaart = wat.card
    items = [(t, u) for t, u in card_items(wat.id, kaart) if t != "Maten" and not t.startswith("Keuze: ")]
    return blad(
        f"# {veilig(kaart.label)}",
        f"Naam: {code(wat.id)}. Soort: {kaart.kind.value}.",
        f"```\ntks bereken {wat.id} --per proeftuin\n```",
        "## Definitie",
        tabel(("Onderdeel", "Afspraak"), [(veilig(t), met_doi(flat_text(u))) for t, u in items]),
        "## Maten",
        "De eerste maat is het kerncijfer.",
        tabel(("Maat", "Naam", "Eenheid", "Alleen bij"), _maten(kaart)),
        "## Keuzes",
        _keuzes(wat.id, kaart),
        "## Wat er nodig is",
        tabel(("Tabel", "Velden"), _nodig(kaart)),
        _komt_voor(kaart),
        "Ontbreekt hier iets van, dan is de indicator *niet van toepassing* en staat in het verslag waarom.",
        "## Uitgewerkte voorbeelden",
        "Kleine, verzonnen tabellen en de rijen die de indicator ervan maakt. Deze voorbeelden zijn ook "
        "tests: ze kloppen dus altijd met het programma.",
        *(voorbeeld(v) for v in wat.voorbeelden),
    )


def _maten(kaart: Card) -> list[tuple[str, ...]]:
    uit: list[tuple[str, ...]] = []
    for naam, maat in kaart.maten.items():
        bij = "; ".join(f"{code(p)}: {', '.join(map(code, map(str, w)))}" for p, w in maat.bij.items())
        uit.append((veilig(maat.label), code(naam), veilig(maat.eenheid), bij))
    return uit


def _keuzes(naam: str, kaart: Card) -> str:
    if not kaart.params:
        return "Deze indicator kent geen keuzes."
    rijen = []
    for param, p in kaart.params.items():
        mag = ", ".join(code(str(k)) for k in p.keuzes) or f"een geheel getal vanaf {p.minimum}"
        rijen.append((code(param), mag, code(str(p.standaard)), veilig(p.uitleg)))
    eerste, p = next(iter(kaart.params.items()))
    anders = next((k for k in p.keuzes if k != p.standaard), p.standaard)
    return blad(
        tabel(("Keuze", "Mag zijn", "Standaard", "Uitleg"), rijen),
        f"```\ntks bereken {naam} --keuze {eerste}={anders}\n```",
    ).rstrip()


def _nodig(kaart: Card) -> list[tuple[str, str]]:
    return [
        (f"[{code(naam)}](../codeboek/{naam}.md)", ", ".join(map(code, velden)))
        for naam, velden in kaart.tabellen.items()
    ] + [
        (f"[{code(naam)}](../codeboek/{naam}.md)", f"{', '.join(map(code, velden))} (als dit is geleverd)")
        for naam, velden in kaart.facultatief.items()
    ]


def _komt_voor(kaart: Card) -> str:
    return "\n".join(
        f"- In {code(f'{t}.{k}')} komt ten minste één keer voor: {', '.join(map(code, codes))}."
        for (t, k), codes in kaart.komt_voor.items()
    )


def voorbeeld(v: Voorbeeld) -> str:
    """Return one worked example."""
    params = ", ".join(f"{code(k)} is {code(str(w))}" for k, w in v.vraag.params.items())
    return blad(
        f"### {veilig(v.naam[:1].upper() + v.naam[1:])}",
        f"Venster: {v.vraag.venster}. Peildatum: {v.vraag.peildatum.isoformat()}."
        + (f" Keuze: {params}." if params else ""),
        *(f"Tabel {code(naam)}:\n\n{tekst_tabel(tekst)}" for naam, tekst in v.tabellen.items()),
        f"**De rijen die eruit komen:**\n\n{tekst_tabel(v.verwacht)}",
    ).rstrip()
