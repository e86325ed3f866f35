"""The researcher's file beside the package: names, keys, a skeleton, and what a final version needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.designs import by_code
from toekomstscenario_eval.document.prose import tokens
from toekomstscenario_eval.errors import ControleFout, InvoerFout, OnthullingsFout, did_you_mean
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.identity import Labels
from toekomstscenario_eval.making.plan_lock import locked_prose, place_of
from toekomstscenario_eval.report.locked_plan import PARTS, Planned
from toekomstscenario_eval.report.plan import EXCEPTIONS, FIELDS, STAPPEN, Plan, Soort
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.summaries.breakdowns import group_fields
from toekomstscenario_eval.types import NUL, Finding, Status, Venster

_BEFOREHAND = "duo_voor_maatregel"
# Where a name in the file comes from: the field, and the code list it follows.
_CODELISTS = {"gezinsprofielen": "gezinsprofiel", "soorten_organisatie": "organisatie_soort"}


def resolve(plan: Plan) -> Plan:
    """Return the plan with every name checked, and labels replaced by their codes.

    Raises
    ------
    InvoerFout
        On an indicator, check, profile, kind of organisation, design or breakdown that does not exist.
    """
    _require(plan, "uitkomsten", registry.all_indicators())
    _require(plan, "indicatoren", registry.all_indicators())
    _require(plan, "controles", checks.rules())
    _require_planned(plan)
    labels = {field: load_schema().codelists[listing].labels for field, listing in _CODELISTS.items()}
    for field, known in labels.items():
        _require(plan, field, [*known, *known.values()])
    namen: dict[str, Any] = {
        field: tuple(Labels({field: known}).code(field, naam) for naam in getattr(plan, field))
        for field, known in labels.items()
    }
    return replace(plan, **namen)


def chosen(plan: Plan) -> tuple[str, ...]:
    """Return the indicators of the report: those that the plan names, or all when it names none.

    A share of measures never stands without what preceded the measure.
    """
    every = registry.all_indicators()
    picked = set(plan.indicatoren or every)
    cards = [every[naam].card for naam in picked]
    if any(VIEWS[card.kind].bare and "maatregel" in card.tabellen for card in cards):
        picked.add(_BEFOREHAND)
    return tuple(naam for naam in every if naam in picked)


def subgroups(plan: Plan) -> tuple[str, ...]:
    """Return the breakdowns of the plan, without those that this version does not have any more."""
    fields = group_fields()
    return tuple(naam for naam in plan.in_force.subgroepen if naam in fields)


def _require(plan: Plan, field: str, known: Iterable[str]) -> None:
    _refuse_unknown(plan, getattr(plan, field), known, what=field, lines=_lines_of(field, plan.regels))


def _require_planned(plan: Plan) -> None:
    """Refuse what the plan in the file names and that does not exist; a locked plan stays as it is."""
    planned = plan.planned or Planned()
    # One that says who the households are compares no outcomes.
    designs = [code for code, found in by_code().items() if not found.card.describes]
    for part, known in (
        ("indicatoren", registry.all_indicators()),
        ("ontwerpen", designs),
        ("subgroepen", group_fields()),
    ):
        lines = _lines_of(part, planned.regels)
        _refuse_unknown(plan, getattr(planned, part), known, what=f"plan > {part}", lines=lines)


def _lines_of(field: str, lines: Mapping[str, int]) -> Callable[[int], int]:
    """Return the line of each item of a list, or else of the list."""
    return lambda i: lines.get(f"{field}.{i}", lines.get(field, 1))


def _refuse_unknown(
    plan: Plan, namen: Sequence[str], known: Iterable[str], *, what: str, lines: Callable[[int], int]
) -> None:
    possible = set(known)
    for i, naam in enumerate(namen, start=1):
        if naam not in possible:
            raise InvoerFout(
                f"'{what}' noemt iets dat niet bestaat: {naam}",
                waar=f"{plan.bestand}, regel {lines(i)}",
                herstel=did_you_mean(naam, possible),
            )


def refuse_keys(plan: Plan, package: Package) -> None:
    """Refuse a text that holds a key of the package: a household, person or professional by number.

    The texts of a locked plan are those of the file, or were; both are in the report.

    Raises
    ------
    OnthullingsFout
        With the field and its line; the key itself is not repeated.
    """
    prose = {place_of(Path(plan.bestand)).name: locked_prose(plan.locked), plan.bestand: plan.proza}
    words = {w: (file, part) for file, parts in prose.items() for part in parts for w in tokens(part.tekst)}
    if not words:
        return
    for naam, table in package.tabellen.items():
        keys = [k for k in table.columns if k.endswith("_id") and table[k].type().is_string()]
        for column in keys:
            hit = table.filter(table[column].isin(sorted(words))).select(column).distinct().limit(1).execute()
            if len(hit):
                file, passage = words[str(hit[column].iloc[0])]
                raise OnthullingsFout(
                    f"het onderzoeksbestand noemt een kenmerk uit de gegevens ({naam}.{column})",
                    waar=f"{file}, vanaf regel {passage.regel} (veld '{passage.veld}')",
                    herstel="haal het kenmerk weg; verwijs in de tekst naar niemand",
                )


def require_written(plan: Plan) -> None:
    """Refuse a final version before any computing when a text is missing or claims too much."""
    _refuse_open(_unwritten(plan), _instead(plan))


def require_final(
    plan: Plan, vrijgave: Release, findings: Sequence[Finding], deviating: Sequence[str] = ()
) -> None:
    """Refuse a final version while something is missing or claims too much, or a check did not run.

    Parameters
    ----------
    deviating : sequence of str
        Headline figures of which the second computation gives another number.

    Raises
    ------
    ControleFout
        With everything that is still open.
    """
    open_ = _unwritten(plan)
    verdict: dict[str, set[Status]] = {}
    for b in findings:
        verdict.setdefault(b.regel, set()).add(b.status)
    for line in plan.controles:
        if not verdict.get(line, set()) & {Status.GESLAAGD, Status.GEFAALD}:
            open_.append(f"de controle '{line}' is niet uitgevoerd op dit pakket")
    results = {r.sleutel: r for r in vrijgave.resultaten}
    # That a locked plan was not followed stands in the report, with every other deviation.
    for naam in () if plan.locked else plan.chosen_beforehand:
        r = results.get(naam)
        if r is None or r.reden_nvt:
            reden = r.reden_nvt if r else "niet berekend"
            open_.append(f"de geplande uitkomst '{naam}' ontbreekt ({reden})")
    open_ += [f"de narekening van '{label}' komt niet uit" for label in deviating]
    _refuse_open(open_, _instead(plan))


def _unwritten(plan: Plan) -> list[str]:
    """Return what the researcher must still write or rewrite."""
    spots = sorted((p.regel + o.regel, f"(veld '{p.veld}'): {o.told}") for p, o in plan.overstated)
    return [
        *(f"nog te schrijven: {naam}" for naam in plan.ontbreekt),
        *dict.fromkeys(f"{plan.bestand}, regel {line} {text}" for line, text in spots),
        *(f"'{EXCEPTIONS}', punt {n}, past op geen zin die te veel zegt" for n in plan.idle_exceptions),
    ]


def _instead(plan: Plan) -> list[str]:
    """Return what to write instead of what claims too much, and how to let it stand."""
    remedies = list(dict.fromkeys(o.herstel for _, o in plan.overstated))
    stand = f"of zet de zin letter voor letter bij '{EXCEPTIONS}', met een reden; beide komen in hoofdstuk 12"
    return [*remedies, stand] if remedies else []


def _refuse_open(open_: Sequence[str], instead: Sequence[str] = ()) -> None:
    if open_:
        raise ControleFout(
            f"het verslag kan nog niet definitief zijn: {len(open_)} keer staat iets open",
            waar="\n        ".join(open_),
            herstel="\n           ".join(
                [*instead, "vul onderzoek.yaml aan, of maak een concept (zonder --definitief)"]
            ),
        )


def skeleton(package: Package, vrijgave: Release) -> str:
    """Return an `onderzoek.yaml` with every field, its question, and what the package already tells.

    Parameters
    ----------
    vrijgave : Release
        The released counts of `Study.feiten`: the skeleton tells nothing that a report may not.
    """
    namen = [str(n) for n in package.tabellen["proeftuin"].select("naam").execute()["naam"]]
    lines = [
        "# Het onderzoeksbestand bij dit pakket. Elke tekst mag Markdown zijn; begin een lange met '>'.",
        "# Wat u leeg laat, staat in het concept als 'nog te schrijven'; definitief wordt het zo niet.",
        "# Schrijf geen namen, data van geboorte, kenmerken of kleine aantallen van gezinnen.",
        "#",
        f"# Pakket: {_safe(package.titel)}",
        f"# Waarneemvenster: {_dagen(package.venster)}; peildatum {package.peildatum.isoformat()}",
        f"# Tabellen die ontbreken: {_namen(sorted(set(load_schema().tabellen) - set(package.tabellen)))}",
    ]
    for key, what in (
        ("huishoudens_per_gezinsprofiel", "Gezinsprofielen met 0 of enkele huishoudens"),
        ("huishoudens_per_soort_organisatie", "Soorten organisaties met 0 of enkele huishoudens"),
    ):
        lines.append(f"# {what}: {_namen(_absent(vrijgave, key))}")
    beforehand = _prefilled(package, namen)
    for field in FIELDS:
        require = "" if field.required else " (mag leeg blijven)"
        lines += [
            "",
            f"# {field.vraag} [{field.soort.value}]{require}",
            *beforehand.get(field.naam, [f"{field.naam}:"]),
        ]
    return "\n".join(lines) + "\n"


def _prefilled(package: Package, regios: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the lines of the fields that do not start empty."""
    core = [naam for naam, what in registry.all_indicators().items() if what.card.kern]
    aantallen = ", ".join(f"{stap}: 0" for stap in STAPPEN)
    listings = [field.naam for field in FIELDS if field.soort is Soort.NAMEN]
    return {naam: [f"{naam}:", "  # - ..."] for naam in listings} | {
        "titel": ["titel: Methodologische verantwoording"],
        "ondertitel": [f"ondertitel: {_text(package.titel)}"],
        "verloop": [
            "verloop:",
            f"  # vul elke regio aan, zoals: {{regio: Noord, {aantallen}, reden: ...}}",
            *(f"  - {{regio: {_text(naam)}}}" for naam in regios),
        ],
        "aanleveraars": ["aanleveraars:", "  # - {naam: ..., gepland: 0, geleverd: 0, reden: ...}"],
        "vaste_getallen": ["vaste_getallen:", "  # - {naam: ..., waarde: 0, bron: ..., toelichting: ...}"],
        EXCEPTIONS: [f"{EXCEPTIONS}:", "  # - {zin: ..., reden: ...}"],
        "gevallen": ["gevallen:", "  # - {titel: ..., samengesteld: true, verhaal: ...}"],
        "plan": ["plan:", *(f"  # {naam}: {part.vraag}" for naam, part in PARTS.items())],
        "uitkomsten": ["uitkomsten:", *(f"  # - {naam}" for naam in core)],
        "controles": ["controles:", *(f"  # - {naam}" for naam in checks.rules())],
    }


def _dagen(venster: Venster) -> str:
    return f"{venster.begin.isoformat()} tot {venster.eind.isoformat()} (die dag niet meegeteld)"


def _text(waarde: str) -> str:
    """Return text as a YAML value in quotes, whatever is in it."""
    return '"' + _safe(waarde).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _safe(waarde: str) -> str:
    return " ".join(waarde.split())


def _namen(namen: Sequence[str]) -> str:
    return ", ".join(namen) or "geen"


def _absent(vrijgave: Release, key: str) -> list[str]:
    for r in vrijgave.resultaten:
        if r.sleutel == key and r.reden_nvt:
            return [f"niet bekend, want {r.reden_nvt}"]
        if r.sleutel == key:
            # A public zero is one that was drawn: it reads "0 of enkele".
            gone = r.schattingen["schatting"].eq(0) | r.schattingen["weergave"].eq(NUL)
            zero = r.schattingen[gone & r.schattingen["uitsplitsing"].ne("")]
            return [name(r, *spot) for spot in tuples(zero, ("uitsplitsing", "groep"))]
    return []
