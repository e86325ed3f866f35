"""The researcher's file beside the package: names, keys, a skeleton, and what a final version needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from toekomstscenario_eval.blocks.kinds import VIEWS
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.prose import tokens
from toekomstscenario_eval.errors import ControleFout, InvoerFout, OnthullingsFout, bedoelt_u
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.identity import Labels
from toekomstscenario_eval.report.plan import STAPPEN, VELDEN, Plan, Soort
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import Finding, Status, Venster

BESTAND = "onderzoek.yaml"
_VOORAF = "duo_voor_maatregel"
# Where a name in the file comes from: the field, and the code list it follows.
_CODELIJSTEN = {"gezinsprofielen": "gezinsprofiel", "soorten_organisatie": "organisatie_soort"}


def resolve(plan: Plan) -> Plan:
    """Return the plan with every name checked, and labels replaced by their codes.

    Raises
    ------
    InvoerFout
        On an indicator, check, profile or kind of organisation that does not exist.
    """
    _require(plan, "uitkomsten", registry.all_indicators())
    _require(plan, "indicatoren", registry.all_indicators())
    _require(plan, "controles", checks.rules())
    labels = {veld: load_schema().codelijsten[lijst].labels for veld, lijst in _CODELIJSTEN.items()}
    for veld, bekend in labels.items():
        _require(plan, veld, [*bekend, *bekend.values()])
    namen: dict[str, Any] = {
        veld: tuple(Labels({veld: bekend}).code(veld, naam) for naam in getattr(plan, veld))
        for veld, bekend in labels.items()
    }
    return replace(plan, **namen)


def chosen(plan: Plan) -> tuple[str, ...]:
    """Return the indicators of the report: those that the plan names, or all when it names none.

    A share of measures never stands without what preceded the measure.
    """
    alle = registry.all_indicators()
    gekozen = set(plan.indicatoren or alle)
    kaarten = [alle[naam].card for naam in gekozen]
    if any(VIEWS[kaart.kind].kaal and "maatregel" in kaart.tabellen for kaart in kaarten):
        gekozen.add(_VOORAF)
    return tuple(naam for naam in alle if naam in gekozen)


def _require(plan: Plan, veld: str, bekend: Iterable[str]) -> None:
    namen = set(bekend)
    for naam in getattr(plan, veld):
        if naam not in namen:
            raise InvoerFout(
                f"'{veld}' noemt iets dat niet bestaat: {naam}",
                waar=f"{BESTAND}, regel {plan.regels.get(veld, 1)}",
                herstel=bedoelt_u(naam, namen),
            )


def refuse_keys(plan: Plan, pakket: Package) -> None:
    """Refuse a text that holds a key of the package: a household, person or professional by number.

    Raises
    ------
    OnthullingsFout
        With the field and its line; the key itself is not repeated.
    """
    woorden = {woord: passage for passage in plan.proza for woord in tokens(passage.tekst)}
    if not woorden:
        return
    for naam, tabel in pakket.tabellen.items():
        sleutels = [k for k in tabel.columns if k.endswith("_id") and tabel[k].type().is_string()]
        for kolom in sleutels:
            raak = (
                tabel.filter(tabel[kolom].isin(sorted(woorden))).select(kolom).distinct().limit(1).execute()
            )
            if len(raak):
                passage = woorden[str(raak[kolom].iloc[0])]
                raise OnthullingsFout(
                    f"het onderzoeksbestand noemt een kenmerk uit de gegevens ({naam}.{kolom})",
                    waar=f"{BESTAND}, vanaf regel {passage.regel} (veld '{passage.veld}')",
                    herstel="haal het kenmerk weg; verwijs in de tekst naar niemand",
                )


def require_written(plan: Plan) -> None:
    """Refuse a final version before any computing when a text is missing; see `require_final`."""
    _refuse_open([f"nog te schrijven: {naam}" for naam in plan.ontbreekt])


def require_final(
    plan: Plan, vrijgave: Release, bevindingen: Sequence[Finding], afwijkend: Sequence[str] = ()
) -> None:
    """Refuse a final version while something is missing, or a check of the plan did not run.

    Parameters
    ----------
    afwijkend : sequence of str
        Headline figures of which the second computation gives another number.

    Raises
    ------
    ControleFout
        With everything that is still open.
    """
    open_ = [f"nog te schrijven: {naam}" for naam in plan.ontbreekt]
    uitslag: dict[str, set[Status]] = {}
    for b in bevindingen:
        uitslag.setdefault(b.regel, set()).add(b.status)
    for regel in plan.controles:
        if not uitslag.get(regel, set()) & {Status.GESLAAGD, Status.GEFAALD}:
            open_.append(f"de controle '{regel}' is niet uitgevoerd op dit pakket")
    resultaten = {r.sleutel: r for r in vrijgave.resultaten}
    for naam in plan.uitkomsten:
        r = resultaten.get(naam)
        if r is None or r.reden_nvt:
            reden = r.reden_nvt if r else "niet berekend"
            open_.append(f"de geplande uitkomst '{naam}' ontbreekt ({reden})")
    open_ += [f"de narekening van '{label}' komt niet uit" for label in afwijkend]
    _refuse_open(open_)


def _refuse_open(open_: Sequence[str]) -> None:
    if open_:
        raise ControleFout(
            f"het verslag kan nog niet definitief zijn: {len(open_)} keer staat iets open",
            waar="\n        ".join(open_),
            herstel="vul onderzoek.yaml aan, of maak een concept (zonder --definitief)",
        )


def skeleton(pakket: Package, vrijgave: Release) -> str:
    """Return an `onderzoek.yaml` with every field, its question, and what the package already tells.

    Parameters
    ----------
    vrijgave : Release
        The released counts of `Study.feiten`: the skeleton tells nothing that a report may not.
    """
    namen = [str(n) for n in pakket.tabellen["proeftuin"].select("naam").execute()["naam"]]
    regels = [
        "# Het onderzoeksbestand bij dit pakket. Elke tekst mag Markdown zijn; begin een lange met '>'.",
        "# Wat u leeg laat, staat in het concept als 'nog te schrijven'; definitief wordt het zo niet.",
        "# Schrijf geen namen, data van geboorte, kenmerken of kleine aantallen van gezinnen.",
        "#",
        f"# Pakket: {_veilig(pakket.titel)}",
        f"# Waarneemvenster: {_dagen(pakket.venster)}; peildatum {pakket.peildatum.isoformat()}",
        f"# Tabellen die ontbreken: {_namen(sorted(set(load_schema().tabellen) - set(pakket.tabellen)))}",
    ]
    for sleutel, wat in (
        ("huishoudens_per_gezinsprofiel", "Gezinsprofielen zonder huishouden"),
        ("huishoudens_per_soort_organisatie", "Soorten organisaties zonder huishouden"),
    ):
        regels.append(f"# {wat}: {_namen(_absent(vrijgave, sleutel))}")
    vooraf = _prefilled(pakket, namen)
    for veld in VELDEN:
        eis = "" if veld.verplicht else " (mag leeg blijven)"
        regels += ["", f"# {veld.vraag} [{veld.soort.value}]{eis}", *vooraf.get(veld.naam, [f"{veld.naam}:"])]
    return "\n".join(regels) + "\n"


def _prefilled(pakket: Package, regios: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the lines of the fields that do not start empty."""
    kern = [naam for naam, wat in registry.all_indicators().items() if wat.card.kern]
    aantallen = ", ".join(f"{stap}: 0" for stap in STAPPEN)
    lijsten = [veld.naam for veld in VELDEN if veld.soort is Soort.NAMEN]
    return {naam: [f"{naam}:", "  # - ..."] for naam in lijsten} | {
        "titel": ["titel: Methodologische verantwoording"],
        "ondertitel": [f"ondertitel: {_tekst(pakket.titel)}"],
        "verloop": [
            "verloop:",
            f"  # vul elke regio aan, zoals: {{regio: Noord, {aantallen}, reden: ...}}",
            *(f"  - {{regio: {_tekst(naam)}}}" for naam in regios),
        ],
        "aanleveraars": ["aanleveraars:", "  # - {naam: ..., gepland: 0, geleverd: 0, reden: ...}"],
        "gevallen": ["gevallen:", "  # - {titel: ..., samengesteld: true, verhaal: ...}"],
        "uitkomsten": ["uitkomsten:", *(f"  # - {naam}" for naam in kern)],
        "controles": ["controles:", *(f"  # - {naam}" for naam in checks.rules())],
    }


def _dagen(venster: Venster) -> str:
    return f"{venster.begin.isoformat()} tot {venster.eind.isoformat()} (die dag niet meegeteld)"


def _tekst(waarde: str) -> str:
    """Return text as a YAML value in quotes, whatever is in it."""
    return '"' + _veilig(waarde).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _veilig(waarde: str) -> str:
    return " ".join(waarde.split())


def _namen(namen: Sequence[str]) -> str:
    return ", ".join(namen) or "geen"


def _absent(vrijgave: Release, sleutel: str) -> list[str]:
    for r in vrijgave.resultaten:
        if r.sleutel == sleutel and r.reden_nvt:
            return [f"niet bekend, want {r.reden_nvt}"]
        if r.sleutel == sleutel:
            nul = r.schattingen.query("schatting == 0 and uitsplitsing != ''")
            return [name(r, *plek) for plek in tuples(nul, ("uitsplitsing", "groep"))]
    return []
