"""The codebook: a page per table and one for the code lists, from `data_schema/`."""

from __future__ import annotations

from collections.abc import Mapping

from opmaak import blad, code, tabel, veilig

from toekomstscenario_eval.data.contract_words import is_key, key_pattern, kind_words, limit_words
from toekomstscenario_eval.data.schema import REQUIRED_TABLES, CodeList, Field, TableSchema, load_schema
from toekomstscenario_eval.summaries.registry import all_indicators

# A package writes these two in one way only; a person who fills in a template need not know it.
_VORM = {"date": "datum (JJJJ-MM-DD)", "boolean": "`true` of `false`"}


def bladen() -> Mapping[str, str]:
    """Return the pages by path, in the order of the navigation."""
    schema = load_schema()
    return {
        "codeboek/index.md": _overzicht(),
        **{f"codeboek/{naam}.md": tabel_blad(t) for naam, t in schema.tabellen.items()},
        "codeboek/codelijsten.md": _codelijsten(),
    }


def _overzicht() -> str:
    schema = load_schema()
    rijen = [
        (
            f"[`{naam}`]({naam}.md)",
            veilig(t.wording),
            "ja" if naam in REQUIRED_TABLES else "nee",
            str(len(t.fields)),
        )
        for naam, t in schema.tabellen.items()
    ]
    return blad(
        "# Codeboek",
        f"Dit is de gegevensafspraak, versie {schema.versie}. Zij zegt welke tabellen een gegevenspakket kan "
        "hebben en wat er in elk veld staat. Deze bladzijden worden gemaakt uit de map `data_schema`: de "
        "enige plek waar de gegevens zijn beschreven.",
        tabel(("Tabel", "Eén rij is", "Altijd nodig", "Velden"), rijen),
        "## Wat voor alle tabellen geldt",
        "- Een periode loopt van `begin` tot `eind`. De dag in `eind` telt **niet** meer mee: het is de dag "
        "na de laatste dag.\n"
        "- Een lege `eind` betekent: het loopt nog op de peildatum van het pakket. Leeg is hier dus niet "
        "hetzelfde als onbekend.\n"
        "- Een veld dat op `_id` eindigt, is een sleutel: een pseudoniem, nooit een naam of een BSN.\n"
        "- Een pakket hoeft niet elke tabel te hebben. Een indicator die een tabel mist, heet "
        "*niet van toepassing*, met de reden erbij.\n"
        "- Bij elk veld staat waarvoor het dient. Vraag niet op wat niemand gebruikt.",
        "## Vorm van een sleutel { #sleutelvorm }",
        "Een sleutel bestaat uit letters, cijfers, een laag streepje, een punt of een gewoon streepje, "
        f"zonder spaties. Precies: `{key_pattern()}`.",
    )


def tabel_blad(t: TableSchema) -> str:
    """Return the page of one table."""
    rijen = [(code(v.naam), _inhoud(v, t), "ja" if v.required else "nee", veilig(v.doel)) for v in t.fields]
    gebruik = "\n".join(
        f"- [{code(naam)}](../indicatoren/{naam}.md) gebruikt {', '.join(map(code, velden))}"
        for naam, velden in _gebruik(t.naam).items()
    )
    return blad(
        f"# {t.naam}",
        f"**{veilig(t.titel)}.** Eén rij is {veilig(t.wording)}.",
        "Deze tabel zit in elk pakket." if t.naam in REQUIRED_TABLES else "",
        f"Sleutel: {' en '.join(code(s) for s in t.sleutel)}. Geen twee rijen hebben dezelfde sleutel.",
        tabel(("Veld", "Wat erin staat", "Verplicht", "Waarvoor"), rijen),
        "## Welke indicatoren deze tabel gebruiken",
        gebruik or "Nog geen enkele indicator gebruikt deze tabel.",
    )


def _inhoud(v: Field, t: TableSchema) -> str:
    """Return meaning, type, code list, reference, and every constraint but `required`."""
    naar = {w.kolom: w.tabel for w in t.references}
    delen = [_VORM.get(v.type, "tekst" if v.type == "string" else kind_words(v))]
    if v.codelijst:
        delen.append(f"een code uit [{code(v.codelijst)}](codelijsten.md#{v.codelijst})")
    if v.naam in naar:
        delen.append(f"komt voor in [{code(naar[v.naam])}]({naar[v.naam]}.md)")
    if is_key(v):
        delen.append("[sleutelvorm](index.md#sleutelvorm)")
    delen += [veilig(deel) for deel in limit_words(v)]
    return f"{veilig(v.wording)}<br>*{'; '.join(delen)}*"


def _gebruik(tabel_naam: str) -> dict[str, tuple[str, ...]]:
    """Return the indicators that need a table, with the columns they need."""
    return {
        naam: wat.card.leest[tabel_naam]
        for naam, wat in all_indicators().items()
        if tabel_naam in wat.card.leest
    }


def _codelijsten() -> str:
    gebruik: dict[str, list[str]] = {}
    for t in load_schema().tabellen.values():
        for v in t.fields:
            if v.codelijst:
                gebruik.setdefault(v.codelijst, []).append(f"[`{t.naam}.{v.naam}`]({t.naam}.md)")
    return blad(
        "# Codelijsten",
        "Een veld met een codelijst bevat alleen deze codes, precies zo geschreven. Voorloopnullen horen "
        "erbij: `01` is iets anders dan `1`. Een code die hier niet staat, meldt de controle.",
        *(_lijst(lijst, gebruik.get(naam, [])) for naam, lijst in load_schema().codelists.items()),
    )


def _lijst(lijst: CodeList, waar: list[str]) -> str:
    rijen = [
        [code(rij[k]) if k == "code" and rij[k] else veilig(rij[k]) for k in lijst.kolommen]
        for rij in lijst.rijen
    ]
    kop = [kolom.capitalize() for kolom in lijst.kolommen]
    gebruikt = f"Gebruikt in {', '.join(waar)}." if waar else "Hoort bij geen veld van een tabel."
    return blad(f"## {lijst.naam} {{ #{lijst.naam} }}", gebruikt, tabel(kop, rijen)).rstrip()
