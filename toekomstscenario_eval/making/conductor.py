"""The verantwoording in a notebook: one study, one release over everything, section by section."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toekomstscenario_eval.blocks.certificate import Certificate, certify, with_numbers
from toekomstscenario_eval.blocks.release_page import release_html
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.disclosure import ledger, record
from toekomstscenario_eval.disclosure.policy import STANDAARD
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import VAST, Uitvoer
from toekomstscenario_eval.document.prose import typed_numbers
from toekomstscenario_eval.making import plan_file as onderzoeksbestand
from toekomstscenario_eval.making import tasks as taken
from toekomstscenario_eval.making import workers as samen
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.provenance import manifest
from toekomstscenario_eval.report.report import Background, Report, Source, section
from toekomstscenario_eval.report.short import short_blocks
from toekomstscenario_eval.report.site_report import site_blocks
from toekomstscenario_eval.second_route import headlines as certificaat
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.summaries.engine import group_fields

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
        beleid: str = STANDAARD,
        definitief: bool = False,
        eerder: Sequence[Path | str] = (),
    ) -> Verslag:
        """Open a package, compute every indicator, and release everything together.

        Parameters
        ----------
        pakket : path, optional
            Folder of the package; default the built-in example.
        onderzoek : path, optional
            The researcher's `onderzoek.yaml`; what it lacks is marked in the report.
        beleid : str
            Name of the disclosure policy.
        definitief : bool
            Refuse while the researcher's file is incomplete, or what it plans was not done.
        eerder : sequence of path
            Folders of earlier reports about the same households.
        """
        plan = onderzoeksbestand.resolve(load_plan(onderzoek))
        with samen.helper(taken.load) as hulp:
            studie = Study.open(pakket, beleid=beleid, eerder=eerder)
            onderzoeksbestand.refuse_keys(plan, studie.pakket)
            gekozen = onderzoeksbestand.chosen(plan)
            resultaten = taken.run(studie, taken.tasks(studie, gekozen), hulp)
        vrijgave = studie.geef_vrij(*resultaten, *studie.feiten())
        studie.pakket.forget()  # the second route reads the files itself, and needs the memory
        narekening = certificate(studie, vrijgave)
        if definitief:
            afwijkend = [r.label for r in narekening.regels if r.klopt is False]
            onderzoeksbestand.require_final(plan, vrijgave, studie.bevindingen, afwijkend)
        achtergrond = _background(studie, pakket, onderzoek, beleid, gekozen)
        return cls(studie, Report(vrijgave, plan, achtergrond, narekening))

    @property
    def vrijgave(self) -> Release:
        """The release behind every number of the report."""
        return self.rapport.vrijgave

    def sectie(self, naam: str) -> Uitvoer:
        """Show one chapter: its heading and everything in it."""
        return Uitvoer(section(self.rapport, naam), self.vrijgave.id)

    def kort(self) -> Uitvoer:
        """Show the short version: two pages."""
        return Uitvoer(short_blocks(self.rapport), self.vrijgave.id)

    def proeftuin(self, naam: str) -> Uitvoer:
        """Show the report of one site, from the release of the whole."""
        return Uitvoer(site_blocks(self.rapport, naam), self.vrijgave.id)

    def schrijf_manifest(self, pad: Path | str | None) -> None:
        """Write the manifest as JSON, and beside it the ledger and the record of the release.

        Nothing when no path is given (reading in JupyterLab).
        """
        if pad is None:
            return
        bij, dossier = Path(pad), self.dossier()
        bij.write_bytes(manifest.to_bytes(manifest.make(self.rapport)))
        bij.with_name(ledger.BESTAND).write_bytes(manifest.to_bytes(self.vrijgave.grootboek))
        bij.with_name(record.BESTAND).write_bytes(manifest.to_bytes(dossier))
        pagina = release_html(dossier, titel=dossier["titel"])
        bij.with_name("vrijgave.html").write_text(pagina, encoding="utf-8")

    def dossier(self) -> dict[str, Any]:
        """Return the record of the release, with the numbers that were typed by hand."""
        getypt = typed_numbers(self.rapport.plan.proza)
        return {**record.record(self.vrijgave, getypt), "titel": self.rapport.achtergrond.titel}


def certificate(studie: Study, vrijgave: Release) -> Certificate:
    """Compute the headline figures by the second route and compare them with the released ones."""
    p = studie.pakket
    bestanden = {naam: p.map / b.pad for naam, b in p.bestanden.items()}
    grens = min(p.venster.eind, p.peildatum)
    opnieuw = certificaat.recompute(
        bestanden, begin=p.venster.begin, grens=grens, indicatoren=with_numbers(vrijgave)
    )
    return certify(vrijgave, opnieuw)


def _command(pakket: Path | str | None, onderzoek: Path | str | None, beleid: str) -> str:
    delen = ["tks rapport"]
    if pakket is not None:
        delen.append(Path(pakket).name)
    if onderzoek is not None:
        delen.append(f"--onderzoek {Path(onderzoek).name}")
    if beleid != STANDAARD:
        delen.append(f"--beleid {beleid}")
    return " ".join(delen)


def _background(
    studie: Study,
    pakket: Path | str | None,
    onderzoek: Path | str | None,
    beleid: str,
    gekozen: Sequence[str] | None = None,
) -> Background:
    p = studie.pakket
    kaarten = {naam: wat.card for naam, wat in registry.all_indicators().items()}
    getoond = kaarten if gekozen is None else gekozen
    return Background(
        pakket=p.naam,
        titel=p.titel,
        peildatum=p.peildatum,
        venster=p.venster,
        bronnen=p.bronnen,
        contact=p.contact,
        schema_versie=load_schema().versie,
        bestanden=tuple(Source(naam, b.pad, b.sha256) for naam, b in p.bestanden.items()),
        bevindingen=studie.bevindingen,
        kaarten={naam: kaart for naam, kaart in kaarten.items() if naam in getoond},
        weggelaten={naam: kaart.label for naam, kaart in kaarten.items() if naam not in getoond},
        versies=manifest.versions(),
        opdracht=_command(pakket, onderzoek, beleid),
        uitsplitsingen=tuple(group_fields()),
    )


__all__ = ["VAST", "Verslag"]
