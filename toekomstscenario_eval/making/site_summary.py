"""The protected summary of one package, for owners who may not see each other's rows to put together.

It holds the counts that designs between regions and over time read, drawn at the waist as for a report: the
register knows of them, and a report of the same package shows the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd

from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.frames import records
from toekomstscenario_eval.identity import BEFORE, FROM
from toekomstscenario_eval.making import plan_file
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.making.publish import writable, write_together
from toekomstscenario_eval.protection.policy import DEFAULT
from toekomstscenario_eval.provenance import open_data
from toekomstscenario_eval.provenance.manifest import to_bytes
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import cohorts, phases, registry, site_names
from toekomstscenario_eval.types import SITE, Result
from toekomstscenario_eval.version import __version__

FILE, VERSION = "samenvatting.json", 1
Progress = Callable[[str], None]


def write_summary(
    package: Path,
    *,
    out: Path,
    indicators: Collection[str] = (),
    onderzoek: Path | None = None,
    policy: str = DEFAULT,
    key: Path | None = None,
    progress: Progress,
) -> list[Path]:
    """Write the protected summary of a package to the folder `out`, and return the files.

    Parameters
    ----------
    indicators : collection of str
        Only these; default those that the researcher's file names, and without it the core indicators.
    onderzoek : path, optional
        The researcher's file.
    policy : str
        Name of the policy of protection.
    key : path, optional
        The key of this delivery.

    Raises
    ------
    GebruikFout
        For an indicator that does not exist.
    OnthullingsFout
        Without the key of this delivery, or with a register that does not fit.
    """
    chosen = chosen_indicators(indicators, onderzoek)
    target = writable(out)
    study = Study.open(package, beleid=policy, sleutel=key, voortgang=progress)
    progress("Beschermde tellingen trekken")
    release = study.bundel(*study.shown(*results_of(study, chosen)))
    progress("Samenvatting schrijven")
    return write_together(target, files(study, release))


def chosen_indicators(indicators: Collection[str], onderzoek: Path | None) -> tuple[str, ...]:
    """Return the indicators that a summary is about, in their own order."""
    named = {registry.find(naam).id for naam in indicators}
    if onderzoek is not None and not named:
        return plan_file.chosen(plan_file.resolve(load_plan(onderzoek)))
    every = registry.all_indicators()
    return tuple(naam for naam, what in every.items() if (naam in named if named else what.card.kern))


def results_of(study: Study, indicators: Collection[str]) -> list[Result]:
    """Return every indicator by region over all days, and before and from the start, and as a panel."""
    clocks = ("", FROM, BEFORE) if not phases.lacking(study.pakket) else ("",)
    out = []
    for naam in indicators:
        out += [study.computed(naam, phases.BESIDE, fase=clock) for clock in clocks]
        if cohorts.HAS_PANEL[registry.find(naam).card.kind]:
            out.append(study.panelled(naam))
    return out


def files(study: Study, release: Release) -> dict[str, bytes]:
    """Return the files of a summary by name: the open counts, and which regions they are of."""
    package = study.pakket
    about = {
        "samenvatting": VERSION,
        "programma": __version__,
        "titel": package.titel,
        "schema": load_schema().versie,
        "vrijgave": release.id,
        "venster": [package.venster.begin.isoformat(), package.venster.eind.isoformat()],
        "regios": _regions(study),
    }
    return {FILE: to_bytes(about), **open_data.files(release, title=package.titel)}


def _regions(study: Study) -> list[dict[str, str]]:
    """Return every region of which households are seen in public, with its kind and the start of its pilot.

    A table of regions may name those of other owners too.
    """
    package, passage = study.pakket, study.passage
    if passage is None or (reason := package.ontbreekt({"proeftuin": ("soort",)})):
        raise InvoerFout(
            "van dit pakket is geen samenvatting te maken",
            waar="tabel proeftuin",
            kreeg="exacte cijfers" if passage is None else reason,
            verwacht="van elke regio een naam en een soort",
            herstel="lever de tabel proeftuin; zie het codeboek",
        )
    seen = {groep for per, groep in passage.waist.standings if per == SITE}
    columns = [k for k in ("soort", "start_datum") if not package.ontbreekt({"proeftuin": (k,)})]
    own = package.tabellen["proeftuin"].select("proeftuin_id", *columns)
    rows = site_names.coded(package).join(own, "proeftuin_id").select("naam", *columns).execute()
    return [
        {"naam": row["naam"], "soort": _text(row["soort"]), "start": _text(row.get("start_datum"))[:10]}
        for row in records(rows.sort_values("naam"))
        if row["naam"] in seen
    ]


def _text(value: object) -> str:
    """Return a value as text; empty when it is missing."""
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
