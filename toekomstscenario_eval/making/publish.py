"""Run a report notebook and export it: nbclient, nbconvert exporters, all files at once or none.

What is slow to load is loaded inside the functions: the kernel, that needs it too, then starts sooner.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toekomstscenario_eval.document.formats import all_formats, check_formats
from toekomstscenario_eval.document.house_style import load_style, style_files
from toekomstscenario_eval.document.languages import DUTCH, check_language
from toekomstscenario_eval.errors import GebruikFout, TksFout, UitvoerFout
from toekomstscenario_eval.making.parts import Deel, add_chapters, cells, plan_parts, take_apart
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.making.workers import Hulp, both, helper
from toekomstscenario_eval.provenance import archive as archief_
from toekomstscenario_eval.provenance.archive import Content, Opdracht
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.resources import HULP_VARIABELE, PAKKET_VARIABELE, meegeleverd

NOTEBOOK, ARCHIEF = "verantwoording.ipynb", "verantwoording.zip"
# What the report writes beside its manifest: the ledger, and the record with its page.
NAAST = ("grootboek.json", "vrijgave.json", "vrijgave.html")
_TIJD = 1800

Voortgang = Callable[[str], None]


def run_notebook(
    pad: Path,
    *,
    parameters: dict[str, Any],
    metadata: dict[str, Any],
    voortgang: Voortgang,
    erbij: Sequence[Any] = (),
) -> Any:
    """Run a notebook in a fresh kernel with its parameters filled in, and the cells `erbij` after its own.

    Returns
    -------
    NotebookNode
        The notebook with outputs. A user error in the kernel is raised here as that error.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    nb = nbformat.read(pad, as_version=4)
    nb.metadata["tks"] = metadata
    add_chapters(nb)
    nb.cells += erbij
    for cel in nb.cells:
        if "parameters" in cel.metadata.get("tags", []):
            cel.source = "\n".join(f"{naam} = {waarde!r}" for naam, waarde in parameters.items())

    def stap(cell: Any, cell_index: int) -> None:
        del cell_index
        naam = cell.metadata.get("tks", {}).get("stap")
        if naam:
            voortgang(naam)

    with tempfile.TemporaryDirectory() as map_:
        kernel = NotebookClient(
            nb,
            km=_kernel_manager(map_),
            timeout=_TIJD,
            kernel_name="python3",
            resources={"metadata": {"path": map_}},
            on_cell_start=stap,
        )
        try:
            kernel.execute(cleanup_kc=True, env={**os.environ, HULP_VARIABELE: "1"})
        except CellExecutionError as fout:
            raise _kernel_error(fout, nb) from None
    return nb


def _kernel_manager(map_: str) -> Any:
    """Return a kernel that talks over sockets in the private folder `map_`: the data are sensitive."""
    from jupyter_client.manager import AsyncKernelManager

    if sys.platform == "win32":
        # Windows has no such sockets; there the kernel listens on the loopback address only.
        return AsyncKernelManager(kernel_name="python3")
    return AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{map_}/kern")


def _kernel_error(fout: Any, nb: Any) -> TksFout:
    """Turn an error in the kernel into one for the user, without the values of a traceback."""
    from toekomstscenario_eval import errors

    klasse = getattr(errors, fout.ename, None)
    if isinstance(klasse, type) and issubclass(klasse, TksFout):
        return klasse.from_text(str(fout.evalue))
    nummer = next(
        (
            i
            for i, c in enumerate(nb.cells, start=1)
            if any(o.output_type == "error" for o in c.get("outputs", []))
        ),
        0,
    )
    return UitvoerFout(
        "het notebook is gestopt op een fout",
        waar=f"cel {nummer}",
        kreeg=str(fout.ename),
        herstel="open het notebook in JupyterLab en voer de cel uit om de fout te zien",
    )


def export(nb: Any, formaat: str) -> bytes:
    """Return a run notebook in one format, through the exporter of that format."""
    from toekomstscenario_eval.document.exporters import exporter

    uitvoer, _ = exporter(formaat)().from_notebook_node(nb)
    return uitvoer


def _export_one(werk: tuple[Any, str]) -> bytes:
    return export(*werk)


def _load_exporters() -> None:
    """Let a helper load what exporting needs."""
    from toekomstscenario_eval.document.exporters import exporter

    for naam in all_formats():
        exporter(naam)


def _export_all(
    boeken: Mapping[str, Any], formaten: Sequence[str], hulp: Hulp, voortgang: Voortgang
) -> dict[str, Content]:
    """Return every report in every format, by the name of its file."""
    werk = {f"{stam}.{formaat}": (boek, formaat) for stam, boek in boeken.items() for formaat in formaten}
    namen = ", ".join(formaat.upper() for formaat in formaten)
    voortgang(f"Schrijven als {namen}" + (f": {len(boeken)} verslagen" if len(boeken) > 1 else ""))
    inhoud = both(hulp, list(werk.values()), hier=_export_one, daar=_export_one)
    return dict(zip(werk, inhoud, strict=True))


def writable(uit: Path) -> Path:
    """Make the output folder and return it; UitvoerFout when that is not possible."""
    try:
        uit.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=uit):
            pass
    except OSError:
        raise UitvoerFout(
            "in de map voor de uitvoer kan niet worden geschreven",
            waar=str(uit),
            herstel="kies met --uit een map waarin u mag schrijven",
        ) from None
    return uit


def write_together(uit: Path, bestanden: Mapping[str, Content]) -> list[Path]:
    """Write all files or none: each goes to a temporary place first and is then moved over."""
    klaar = Path(tempfile.mkdtemp(prefix=".tks-", dir=uit))
    try:
        for naam, inhoud in bestanden.items():
            if isinstance(inhoud, Path):
                shutil.copyfile(inhoud, klaar / naam)
            else:
                (klaar / naam).write_bytes(inhoud)
        for naam in bestanden:
            (klaar / naam).replace(uit / naam)
    except OSError:
        raise UitvoerFout(
            "het schrijven is niet gelukt", waar=str(uit), herstel="maak ruimte of kies een andere map"
        ) from None
    finally:
        shutil.rmtree(klaar, ignore_errors=True)
    return [uit / naam for naam in bestanden]


def _parts(pakket: Path | None, *, per: str, kort: bool, titel: str) -> tuple[Deel, ...]:
    """Return the reports beside the whole; the package is opened only when there are any."""
    if not per and not kort:
        return ()
    from toekomstscenario_eval.data.example import example_package

    bron = pakket or os.environ.get(PAKKET_VARIABELE)
    return plan_parts(example_package() if bron is None else Path(bron), per=per, kort=kort, titel=titel)


def make_report(
    pakket: Path | None,
    *,
    onderzoek: Path | None,
    uit: Path,
    formaten: Sequence[str],
    beleid: str,
    voortgang: Voortgang,
    definitief: bool = False,
    datum: str = "",
    archief: bool = False,
    met_gegevens: bool = False,
    per: str = "",
    kort: bool = False,
    huisstijl: Path | None = None,
    eerder: Sequence[Path] = (),
    taal: str = DUTCH,
) -> list[Path]:
    """Make the verantwoording in every format, with its manifest.

    Parameters
    ----------
    pakket : path, optional
        Default the built-in example, with its own researcher's file.
    onderzoek : path, optional
        The researcher's file.
    uit : path
        Folder for the files; made when absent.
    definitief : bool
        Refuse (ControleFout) while the researcher's file is incomplete, or what it plans was not done.
    datum : str
        Date of the report; default that of the researcher's file, of SOURCE_DATE_EPOCH, or today.
    archief, met_gegevens : bool
        Also write an archive that `tks reproduceer` reads; with or without the data.
    per : str
        `proeftuin`: also a report for each site.
    kort : bool
        Also the short version of two pages.
    huisstijl : path, optional
        TOML file with colour, letter and logo.
    eerder : sequence of path
        Folders of earlier reports; what follows from the difference is not shown.
    taal : str
        `nl`, or `en` for a report in which the software's own words are in English.

    Returns
    -------
    list of Path
        The files written: one per format, the manifest, the ledger and the record of the
        release, and the archive when asked for.
    """
    voorbeeld = pakket is None and PAKKET_VARIABELE not in os.environ
    formaten = check_formats(formaten)
    if pakket is None and onderzoek is None:
        onderzoek = meegeleverd("analyses") / "voorbeeld_onderzoek.yaml"
    plan = load_plan(onderzoek)
    if definitief:
        from toekomstscenario_eval.making.plan_file import require_written

        require_written(plan)
    load_style(huisstijl)
    stijl = style_files(huisstijl) if archief and huisstijl else {}
    check_language(taal)
    delen = _parts(pakket, per=per, kort=kort, titel=plan.titel)
    writable(uit)
    metadata = document_metadata(plan)
    metadata["datum"] = datum or metadata["datum"] or _today()
    metadata["taal"] = taal
    metadata["huisstijl"] = str(huisstijl.resolve()) if huisstijl else ""
    voortgang("Rekenkern starten")
    with helper(_load_exporters) as hulp, tempfile.TemporaryDirectory() as tijdelijk:
        manifest = Path(tijdelijk) / "manifest.json"
        parameters = {
            "pakket": None if pakket is None else str(pakket.resolve()),
            "onderzoek": None if onderzoek is None else str(onderzoek.resolve()),
            "beleid": beleid,
            "definitief": definitief,
            "eerder": [str(pad.resolve()) for pad in eerder],
            "manifest": str(manifest),
        }
        nb = run_notebook(
            meegeleverd("analyses") / NOTEBOOK,
            parameters=parameters,
            metadata=metadata,
            voortgang=voortgang,
            erbij=cells(delen),
        )
        bestanden = _export_all(take_apart(nb, delen), formaten, hulp, voortgang)
        for naam in (manifest.name, *NAAST):
            bestanden[naam] = manifest.with_name(naam).read_bytes()
        if archief:
            voortgang("Archief schrijven")
            bron = _source(pakket, voorbeeld=voorbeeld)
            opdracht = Opdracht(
                formaten,
                beleid,
                metadata["datum"],
                bron.name if bron else "",
                onderzoek.name if onderzoek else "",
                per,
                kort,
                len(eerder),
                taal,
                huisstijl.name if huisstijl else "",
            )
            doel = Path(tijdelijk) / ARCHIEF
            leden = _members(bestanden, opdracht, onderzoek, bron if met_gegevens else None)
            from toekomstscenario_eval.disclosure import ledger

            leden |= {
                f"{archief_.EERDER}/{i}/{ledger.BESTAND}": pad / ledger.BESTAND if pad.is_dir() else pad
                for i, pad in enumerate(eerder)
            }
            leden |= {f"{archief_.HUISSTIJL}/{naam}": bij for naam, bij in stijl.items()}
            kop = archief_.metadata(
                leden, titel=plan.titel, datum=opdracht.datum, auteurs=tuple(metadata["auteurs"])
            )
            archief_.write(doel, leden, beschrijving=kop)
            bestanden[ARCHIEF] = doel
        return write_together(uit, bestanden)


def document_metadata(plan: Plan) -> dict[str, Any]:
    """Return title page data for the exporters."""
    return {
        "titel": plan.titel,
        "ondertitel": plan.ondertitel,
        "auteurs": list(plan.auteurs),
        "datum": plan.datum,
        "concept": bool(plan.ontbreekt),
    }


def _today() -> str:
    """Return the date of SOURCE_DATE_EPOCH, by which a build can be repeated, or of today."""
    moment = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not moment:
        return datetime.now(UTC).date().isoformat()
    try:
        return datetime.fromtimestamp(int(moment), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise GebruikFout(
            "SOURCE_DATE_EPOCH is geen tijdstip", verwacht="een geheel aantal seconden sinds 1 januari 1970"
        ) from None


def _source(pakket: Path | None, *, voorbeeld: bool) -> Path | None:
    """Return the folder of the data; None for the built-in example, which everybody has."""
    if voorbeeld:
        return None
    return (Path(os.environ[PAKKET_VARIABELE]) if pakket is None else pakket).resolve()


def _members(
    bestanden: Mapping[str, Content], opdracht: Opdracht, onderzoek: Path | None, bron: Path | None
) -> dict[str, Content]:
    """Return everything that goes into the archive, by name."""
    leden = {
        **bestanden,
        archief_.OPDRACHT: opdracht.naar_json(),
        archief_.OMGEVING: archief_.environment(),
        archief_.NOTEBOOK: (meegeleverd("analyses") / NOTEBOOK).read_bytes(),
    }
    if onderzoek is not None:
        leden[archief_.PLAN] = onderzoek.read_bytes()
    for pad in sorted(bron.iterdir()) if bron else ():
        if pad.is_file() and pad.suffix in (".json", ".csv", ".parquet"):
            leden[f"{archief_.GEGEVENS}/{pad.name}"] = pad
    return leden
