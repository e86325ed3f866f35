"""One document with every kind of block, for the tests of the renderers."""

from __future__ import annotations

from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Code,
    Definities,
    Document,
    Figuur,
    Getal,
    Kader,
    Kop,
    Lijst,
    Tabel,
    Tekst,
    Verwijzing,
)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" viewBox="0 0 120 60">'
    '<rect width="120" height="60" fill="white"/>'
    '<text x="4" y="20" font-family="sans-serif" font-size="10px">Staaf</text></svg>'
)


def tabel(rijen: int = 2, bijschrift: str = "Tabel 1. Aandeel duo") -> Tabel:
    """Return a table whose second row is suppressed."""
    lijf = tuple(
        (
            Cel(f"Regio {nummer}"),
            Cel("", getal_id=f"r.{nummer}", rechts=True, onderdrukt=True)
            if nummer == 2
            else Cel(f"{nummer},5%", getal_id=f"r.{nummer}", rechts=True),
        )
        for nummer in range(1, rijen + 1)
    )
    return Tabel(bijschrift, ("Regio", "Aandeel"), lijf, ("Bron: eigen levering.",))


FIGUUR = Figuur(
    "Figuur 1. Verloop", "Een staaf die naar rechts loopt.", SVG, tabel(3, "Gegevens bij figuur 1")
)
LANGE_FIGUUR = Figuur("Figuur 2. Lang", "Nog een staaf.", SVG, tabel(21, "Gegevens bij figuur 2"))

BLOKKEN: tuple[Block, ...] = (
    Kop(1, "1 Vraag"),
    Alinea(
        (
            Tekst("In "),
            Getal("48,2%", "r.1"),
            Tekst(" van de "),
            Tekst("huishoudens", "vet"),
            Tekst(", zie ", "cursief"),
            Verwijzing("hoofdstuk 2", "#2-gegevens"),
            Tekst(" en "),
            Verwijzing("de bron", "https://example.org/a?b=1&c=2"),
            Tekst(": "),
            Tekst("duo_duur", "code"),
            Tekst("\neinde & <b>slot</b>."),
        )
    ),
    Kader("info", "", (Alinea((Tekst("Een citaat."),)), Lijst(((Tekst("punt in kader"),),)))),
    Kader("waarschuwing", "Let op: lees dit", (Alinea((Tekst("Meer meldingen kan vertrouwen zijn."),)),)),
    Kader("ontbreekt", "Verloop", (Alinea((Tekst("Beschrijf het verloop."),)),)),
    Kop(1, "2 Gegevens"),
    Kop(3, "Bronnen"),
    Lijst(((Tekst("eerste bron"),), (Tekst("tweede bron"),))),
    Lijst(((Tekst("eerst"),), (Tekst("dan"),)), genummerd=True),
    Lijst(((Tekst("opnieuw"),),), genummerd=True),
    Definities((("Duo", (Tekst("Twee teams samen."),)),)),
    Code("tks rapport\n\tingesprongen"),
    tabel(),
    Tabel("Tabel 2. Niets", ("A", "B"), ()),
    FIGUUR,
    LANGE_FIGUUR,
)


def document(
    blokken: tuple[Block, ...] = BLOKKEN, *, concept: bool = True, datum: str = "2026-11-01"
) -> Document:
    """Return the example document, or one with other blocks."""
    return Document(
        titel="Verantwoording duo's",
        ondertitel="Venster 2025",
        auteurs=("A. Onderzoeker", "B. Lid"),
        datum=datum,
        concept=concept,
        vrijgaven=("v-2026-11",),
        blokken=blokken,
    )
