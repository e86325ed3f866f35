"""The verantwoording in a notebook: one study, one release over everything, section by section."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toekomstscenario_eval.blocks.release_page import release_html
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.document.document import VAST, Output
from toekomstscenario_eval.making import plan_file, tasks, workers
from toekomstscenario_eval.making.certifying import certificate
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.making.public_findings import public_findings
from toekomstscenario_eval.protection import record
from toekomstscenario_eval.protection.policy import DEFAULT
from toekomstscenario_eval.provenance import manifest, open_data
from toekomstscenario_eval.report.report import Background, Report, Source, section
from toekomstscenario_eval.report.short import short_blocks
from toekomstscenario_eval.report.site_report import site_blocks
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.summaries.breakdowns import group_fields

# A report is very many small objects; a process that stops need not look for garbage among them.
atexit.register(gc.freeze)


@dataclass(frozen=True)
class Verslag:
    """A study with its release and the researcher's plan; `sectie` shows one chapter."""

    studie: Study
    rapport: Report

    @classmethod
    def open(
        cls,
        pakket: Path | str | None = None,
        *,
        onderzoek: Path | str | None = None,
        beleid: str = DEFAULT,
        definitief: bool = False,
        intern: bool = False,
        sleutel: Path | str | None = None,
    ) -> Verslag:
        """Open a package and compute every indicator.

        Parameters
        ----------
        pakket : path, optional
            Folder of the package; default the built-in example.
        onderzoek : path, optional
            The researcher's `onderzoek.yaml`; what it lacks is marked in the report.
        beleid : str
            Name of the policy of protection.
        definitief : bool
            Refuse while the researcher's file is incomplete, or what it plans was not done.
        intern : bool
            Exact numbers, that stay inside.
        sleutel : path, optional
            The key of this delivery; see `Study.open`.
        """
        plan = plan_file.resolve(load_plan(onderzoek))
        with workers.helper(tasks.load) as support:
            study = Study.open(pakket, intern=intern, beleid=beleid, sleutel=sleutel)
            plan_file.refuse_keys(plan, study.pakket)
            chosen = plan_file.chosen(plan)
            work = tasks.tasks(study, chosen, plan.chosen_beforehand, plan_file.subgroups(plan))
            results = tasks.run(study, work, support, sleutel=sleutel)
        vrijgave = study.bundel(*study.shown(*results), *study.feiten())
        recomputation = certificate(study, vrijgave)
        if definitief:
            deviating = [r.label for r in recomputation.regels if r.klopt is False]
            plan_file.require_final(plan, vrijgave, study.bevindingen, deviating)
        background = _background(study, vrijgave, pakket, onderzoek, beleid, chosen)
        passage = study.passage
        dossier = record.record(
            vrijgave,
            study.beleid,
            plan.typed,
            levering=passage.waist.secret.vingerafdruk if passage else "",
            head=passage.register.head if passage else "",
        )
        return cls(
            study, Report(vrijgave, plan, background, recomputation, {**dossier, "titel": background.titel})
        )

    @property
    def vrijgave(self) -> Release:
        """The release behind every number of the report."""
        return self.rapport.vrijgave

    def sectie(self, naam: str) -> Output:
        """Show one chapter: its heading and everything in it."""
        return Output(section(self.rapport, naam), self.vrijgave.id)

    def kort(self) -> Output:
        """Show the short version: two pages."""
        return Output(short_blocks(self.rapport), self.vrijgave.id)

    def proeftuin(self, naam: str) -> Output:
        """Show the report of one site, from the release of the whole."""
        return Output(site_blocks(self.rapport, naam), self.vrijgave.id)

    def schrijf_manifest(self, pad: Path | str | None) -> None:
        """Write the manifest as JSON, and beside it the record of the release and, in public, its cells.

        Nothing when no path is given (reading in JupyterLab).
        """
        if pad is None:
            return
        at, dossier = Path(pad), self.rapport.dossier
        at.write_bytes(manifest.to_bytes(manifest.make(self.rapport)))
        if self.vrijgave.intern:
            return
        at.with_name(record.FILE).write_bytes(manifest.to_bytes(dossier))
        page = release_html(dossier, title=dossier["titel"])
        at.with_name("vrijgave.html").write_text(page, encoding="utf-8")
        for naam, content in open_data.files(self.vrijgave, title=dossier["titel"]).items():
            target = at.parent / naam
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _command(package: Path | str | None, onderzoek: Path | str | None, policy: str) -> str:
    parts = ["tks rapport"]
    if package is not None:
        parts.append(Path(package).name)
    if onderzoek is not None:
        parts.append(f"--onderzoek {Path(onderzoek).name}")
    if policy != DEFAULT:
        parts.append(f"--beleid {policy}")
    return " ".join(parts)


def _background(
    study: Study,
    vrijgave: Release,
    package: Path | str | None,
    onderzoek: Path | str | None,
    policy: str,
    chosen: Sequence[str] | None = None,
) -> Background:
    p, passage = study.pakket, study.passage
    # In public what is told of the delivery follows what was drawn, as every number does.
    hashes = {naam: b.sha256 if passage is None else "" for naam, b in p.bestanden.items()}
    findings = study.bevindingen if passage is None else public_findings(p, study.bevindingen, vrijgave)
    cards = {naam: what.card for naam, what in registry.all_indicators().items()}
    shown = cards if chosen is None else chosen
    return Background(
        pakket=p.naam,
        titel=p.titel,
        peildatum=p.peildatum,
        venster=p.venster,
        bronnen=p.bronnen,
        contact=p.contact,
        schema_versie=load_schema().versie,
        bestanden=tuple(Source(naam, b.pad, hashes[naam]) for naam, b in p.bestanden.items()),
        vingerafdruk=passage.fingerprint if passage else "",
        bevindingen=findings,
        kaarten={naam: card for naam, card in cards.items() if naam in shown},
        omitted={naam: card.label for naam, card in cards.items() if naam not in shown},
        versies=manifest.versions(),
        opdracht=_command(package, onderzoek, policy),
        uitsplitsingen=tuple(group_fields()),
    )


__all__ = ["VAST", "Verslag", "certificate"]
