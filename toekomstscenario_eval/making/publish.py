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
from toekomstscenario_eval.making import inside
from toekomstscenario_eval.making.parts import Part, add_chapters, cells, plan_parts, take_apart
from toekomstscenario_eval.making.plan_lock import place_of
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.making.workers import Support, both, helper
from toekomstscenario_eval.provenance import archive
from toekomstscenario_eval.provenance.archive import Command, Content
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.resources import PACKAGE_VARIABLE, SUPPORT_VARIABLE, bundled

NOTEBOOK, ARCHIVE = "verantwoording.ipynb", "verantwoording.zip"
_TIMEOUT = 1800

Progress = Callable[[str], None]


def run_notebook(
    path: Path,
    *,
    parameters: dict[str, Any],
    metadata: dict[str, Any],
    progress: Progress,
    added: Sequence[Any] = (),
) -> Any:
    """Run a notebook in a fresh kernel with its parameters filled in, and the cells `added` after its own.

    Returns
    -------
    NotebookNode
        The notebook with outputs. A user error in the kernel is raised here as that error.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    nb = nbformat.read(path, as_version=4)
    nb.metadata["tks"] = metadata
    add_chapters(nb)
    nb.cells += added
    for cell in nb.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = "\n".join(f"{naam} = {waarde!r}" for naam, waarde in parameters.items())

    def stap(cell: Any, cell_index: int) -> None:
        del cell_index
        naam = cell.metadata.get("tks", {}).get("stap")
        if naam:
            progress(naam)

    with tempfile.TemporaryDirectory() as map_:
        kernel = NotebookClient(
            nb,
            km=_kernel_manager(map_),
            timeout=_TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": map_}},
            on_cell_start=stap,
        )
        try:
            kernel.execute(cleanup_kc=True, env={**os.environ, SUPPORT_VARIABLE: "1"})
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

    class_ = getattr(errors, fout.ename, None)
    if isinstance(class_, type) and issubclass(class_, TksFout):
        return class_.from_text(str(fout.evalue))
    number = next(
        (
            i
            for i, c in enumerate(nb.cells, start=1)
            if any(o.output_type == "error" for o in c.get("outputs", []))
        ),
        0,
    )
    return UitvoerFout(
        "het notebook is gestopt op een fout",
        waar=f"cel {number}",
        kreeg=str(fout.ename),
        herstel="open het notebook in JupyterLab en voer de cel uit om de fout te zien",
    )


def export(nb: Any, fmt: str) -> bytes:
    """Return a run notebook in one format, through the exporter of that format."""
    from toekomstscenario_eval.document.exporters import exporter

    output, _ = exporter(fmt)().from_notebook_node(nb)
    return output


def _export_one(work: tuple[Any, str]) -> bytes:
    return export(*work)


def _load_exporters() -> None:
    """Let a helper load what exporting needs."""
    from toekomstscenario_eval.document.exporters import exporter

    for naam in all_formats():
        exporter(naam)


def _export_all(
    books: Mapping[str, Any], formats: Sequence[str], support: Support, progress: Progress
) -> dict[str, Content]:
    """Return every report in every format, by the name of its file."""
    work = {f"{stem}.{fmt}": (book, fmt) for stem, book in books.items() for fmt in formats}
    namen = ", ".join(fmt.upper() for fmt in formats)
    progress(f"Schrijven als {namen}" + (f": {len(books)} verslagen" if len(books) > 1 else ""))
    content = both(support, list(work.values()), here=_export_one, there=_export_one)
    return dict(zip(work, content, strict=True))


def writable(out: Path) -> Path:
    """Make the output folder and return it; UitvoerFout when that is not possible."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError:
        raise UitvoerFout(
            "in de map voor de uitvoer kan niet worden geschreven",
            waar=str(out),
            herstel="kies met --uit een map waarin u mag schrijven",
        ) from None
    return out


def write_together(out: Path, files: Mapping[str, Content]) -> list[Path]:
    """Write all files or none: each goes to a temporary place first and is then moved over."""
    done = Path(tempfile.mkdtemp(prefix=".tks-", dir=out))
    try:
        for naam, content in files.items():
            (done / naam).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, done / naam)
            else:
                (done / naam).write_bytes(content)
        for naam in files:
            (out / naam).parent.mkdir(parents=True, exist_ok=True)
            (done / naam).replace(out / naam)
    except OSError:
        raise UitvoerFout(
            "het schrijven is niet gelukt", waar=str(out), herstel="maak ruimte of kies een andere map"
        ) from None
    finally:
        shutil.rmtree(done, ignore_errors=True)
    return [out / naam for naam in files]


def _parts(package: Path | None, *, per: str, short: bool, title: str) -> tuple[Part, ...]:
    """Return the reports beside the whole; the package is opened only when there are any."""
    if not per and not short:
        return ()
    from toekomstscenario_eval.data.example import example_package

    source = package or os.environ.get(PACKAGE_VARIABLE)
    return plan_parts(
        example_package() if source is None else Path(source), per=per, short=short, title=title
    )


def make_report(
    package: Path | None,
    *,
    onderzoek: Path | None,
    out: Path,
    formats: Sequence[str],
    policy: str,
    progress: Progress,
    final: bool = False,
    datum: str = "",
    archiving: bool = False,
    with_data: bool = False,
    per: str = "",
    short: bool = False,
    house_style: Path | None = None,
    intern: bool = False,
    key: Path | None = None,
    language: str = DUTCH,
) -> list[Path]:
    """Make the verantwoording in every format, with its manifest.

    Parameters
    ----------
    package : path, optional
        Default the built-in example, with its own researcher's file.
    onderzoek : path, optional
        The researcher's file.
    out : path
        Folder for the files; made when absent.
    final : bool
        Refuse (ControleFout) while the researcher's file is incomplete, or what it plans was not done.
    datum : str
        Date of the report; default that of the researcher's file, of SOURCE_DATE_EPOCH, or today.
    archiving, with_data : bool
        Also write an archive that `tks reproduceer` reads; inside, also with the data.
    per : str
        `proeftuin`: also a report for each site.
    short : bool
        Also the short version of two pages.
    house_style : path, optional
        TOML file with colour, letter and logo.
    intern : bool
        Exact numbers: every file is marked, also in its name, and goes into the folder `intern` of `out`.
    key : path, optional
        The key of this delivery.
    language : str
        `nl`, or `en` for a report in which the software's own words are in English.

    Returns
    -------
    list of Path
        The files written: one per format, the manifest, in public the record of the release and
        its protected counts (folder `openbaar`), and the archive when asked for.
    """
    if with_data and not intern:
        raise GebruikFout("de gegevens zelf gaan nooit in een openbaar archief", herstel="geef ook --intern")
    voorbeeld = package is None and PACKAGE_VARIABLE not in os.environ
    formats = check_formats(formats)
    if package is None and onderzoek is None:
        onderzoek = bundled("analyses") / "voorbeeld_onderzoek.yaml"
    plan = load_plan(onderzoek)
    if final:
        from toekomstscenario_eval.making.plan_file import require_written

        require_written(plan)
    load_style(house_style)
    style = style_files(house_style) if archiving and house_style else {}
    check_language(language)
    parts = _parts(package, per=per, short=short, title=plan.titel)
    out = writable(inside.report_folder(out, intern=intern))
    metadata = document_metadata(plan)
    metadata["datum"] = datum or metadata["datum"] or today()
    metadata["taal"] = language
    metadata["huisstijl"] = str(house_style.resolve()) if house_style else ""
    progress("Rekenkern starten")
    with helper(_load_exporters) as support, tempfile.TemporaryDirectory() as temporary:
        manifest = Path(temporary) / "naast" / "manifest.json"
        manifest.parent.mkdir()
        parameters = {
            "pakket": None if package is None else str(package.resolve()),
            "onderzoek": None if onderzoek is None else str(onderzoek.resolve()),
            "beleid": policy,
            "definitief": final,
            "intern": intern,
            "sleutel": None if key is None else str(key.resolve()),
            "manifest": str(manifest),
        }
        nb = run_notebook(
            bundled("analyses") / NOTEBOOK,
            parameters=parameters,
            metadata=metadata,
            progress=progress,
            added=cells(parts),
        )
        files = _export_all(take_apart(nb, parts), formats, support, progress)
        for written in sorted(p for p in manifest.parent.rglob("*") if p.is_file()):
            files[written.relative_to(manifest.parent).as_posix()] = written.read_bytes()
        inside.require_mode(manifest.read_bytes(), intern=intern)
        if archiving:
            progress("Archief schrijven")
            source = _source(package, voorbeeld=voorbeeld)
            command = Command(
                formats,
                policy,
                metadata["datum"],
                source.name if source else "",
                onderzoek.name if onderzoek else "",
                per,
                short,
                language,
                house_style.name if house_style else "",
                intern,
            )
            target = Path(temporary) / ARCHIVE
            members = _members(files, command, onderzoek, source if with_data else None)
            members |= {f"{archive.HOUSE_STYLE}/{naam}": at for naam, at in style.items()}
            description_ = archive.metadata(
                members,
                title=plan.titel,
                datum=command.datum,
                authors=tuple(metadata["auteurs"]),
                intern=intern,
            )
            archive.write(target, members, description=description_)
            files[ARCHIVE] = target
        return write_together(out, inside.named(files) if intern else files)


def document_metadata(plan: Plan) -> dict[str, Any]:
    """Return title page data for the exporters."""
    return {
        "titel": plan.titel,
        "ondertitel": plan.ondertitel,
        "auteurs": list(plan.auteurs),
        "datum": plan.datum,
        "concept": bool(plan.ontbreekt or plan.overstated),
    }


def today() -> str:
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


def _source(package: Path | None, *, voorbeeld: bool) -> Path | None:
    """Return the folder of the data; None for the built-in example, which everybody has."""
    if voorbeeld:
        return None
    return (Path(os.environ[PACKAGE_VARIABLE]) if package is None else package).resolve()


def _members(
    files: Mapping[str, Content], command: Command, onderzoek: Path | None, source: Path | None
) -> dict[str, Content]:
    """Return everything that goes into the archive, by name."""
    members = {
        **files,
        archive.COMMAND: command.to_json(),
        archive.ENVIRONMENT: archive.environment(),
        archive.NOTEBOOK: (bundled("analyses") / NOTEBOOK).read_bytes(),
    }
    if onderzoek is not None:
        members[archive.PLAN] = onderzoek.read_bytes()
        if (lock := place_of(onderzoek)).exists():
            members[place_of(Path(archive.PLAN)).name] = lock.read_bytes()
    for path in sorted(source.iterdir()) if source else ():
        if path.is_file() and path.suffix in (".json", ".csv", ".parquet"):
            members[f"{archive.DATA}/{path.name}"] = path
    return members
