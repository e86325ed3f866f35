"""Make a report again from its archive, and compare it number by number."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.making import publish
from toekomstscenario_eval.provenance import archive, changes, manifest
from toekomstscenario_eval.resources import bundled


@dataclass(frozen=True)
class Repetition:
    """The comparison of the numbers, and per file whether its bytes are the same."""

    vergelijking: changes.Vergelijking
    bestanden: dict[str, bool]
    comments: tuple[str, ...]


def _package(unpacked: Path, command: archive.Command, own: Path | None, where: Path) -> Path | None:
    """Return the folder with the data; None is the built-in example."""
    if own is not None or not command.pakket:
        return own
    data = unpacked / archive.DATA
    if not data.is_dir():
        raise InvoerFout(
            f"de gegevens van pakket '{command.pakket}' zitten niet in het archief",
            waar=str(where),
            herstel="geef met --pakket de map met dezelfde gegevens",
        )
    # The report names the folder; the same name gives the same bytes.
    return data.rename(unpacked / "uit" / command.pakket)


def _plan(unpacked: Path, command: archive.Command) -> Path | None:
    if not command.onderzoek:
        return None
    return (unpacked / archive.PLAN).rename(unpacked / "uit" / command.onderzoek)


def _remarks(unpacked: Path) -> list[str]:
    """Return what differs around the numbers; a notebook from an archive is never run."""
    out = []
    old, new = unpacked / archive.NOTEBOOK, bundled("analyses") / publish.NOTEBOOK
    if old.read_bytes() != new.read_bytes():
        out.append(
            "het notebook in het archief is anders dan dat van deze versie; dat van deze versie is uitgevoerd"
        )
    if (unpacked / archive.ENVIRONMENT).read_bytes() != archive.environment():
        out.append("andere versies van de geïnstalleerde pakketten dan toen (omgeving.json)")
    return out


def repeat(path: Path, *, package: Path | None, progress: Callable[[str], None]) -> Repetition:
    """Make the report of an archive again and compare.

    Parameters
    ----------
    path : path
        The archive that `tks rapport --archief` wrote.
    package : path, optional
        The data, when these are not in the archive; not needed for the built-in example.

    Raises
    ------
    InvoerFout
        When the archive cannot be read, or data are lacking.
    """
    old = manifest.load(path)
    with tempfile.TemporaryDirectory() as map_:
        unpacked = Path(map_)
        progress("Archief uitpakken")
        command = archive.read(path, unpacked)
        (unpacked / "uit").mkdir()
        try:
            comments = _remarks(unpacked)
            source, plan = _package(unpacked, command, package, path), _plan(unpacked, command)
        except OSError:
            raise InvoerFout("het archief is niet volledig", waar=str(path)) from None
        new_map = unpacked / "nieuw"
        paths = publish.make_report(
            source,
            onderzoek=plan,
            out=new_map,
            formats=command.formaten,
            policy=command.beleid,
            datum=command.datum,
            per=command.per,
            short=command.kort,
            language=command.taal,
            house_style=unpacked / archive.HOUSE_STYLE / command.huisstijl if command.huisstijl else None,
            progress=progress,
        )
        progress("Vergelijken")
        equal = {
            p.name: (unpacked / p.name).is_file() and (unpacked / p.name).read_bytes() == p.read_bytes()
            for p in paths
        }
        difference = changes.compare(old, manifest.load(new_map))
    return Repetition(difference, equal, tuple(comments))
