"""Make a report again from its archive, and compare it number by number."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.making import publish
from toekomstscenario_eval.provenance import archive as archief
from toekomstscenario_eval.provenance import changes as vergelijken
from toekomstscenario_eval.provenance import manifest
from toekomstscenario_eval.resources import meegeleverd


@dataclass(frozen=True)
class Herhaling:
    """The comparison of the numbers, and per file whether its bytes are the same."""

    vergelijking: vergelijken.Vergelijking
    bestanden: dict[str, bool]
    opmerkingen: tuple[str, ...]


def _package(uitgepakt: Path, opdracht: archief.Opdracht, eigen: Path | None, waar: Path) -> Path | None:
    """Return the folder with the data; None is the built-in example."""
    if eigen is not None or not opdracht.pakket:
        return eigen
    gegevens = uitgepakt / archief.GEGEVENS
    if not gegevens.is_dir():
        raise InvoerFout(
            f"de gegevens van pakket '{opdracht.pakket}' zitten niet in het archief",
            waar=str(waar),
            herstel="geef met --pakket de map met dezelfde gegevens",
        )
    # The report names the folder; the same name gives the same bytes.
    return gegevens.rename(uitgepakt / "uit" / opdracht.pakket)


def _plan(uitgepakt: Path, opdracht: archief.Opdracht) -> Path | None:
    if not opdracht.onderzoek:
        return None
    return (uitgepakt / archief.PLAN).rename(uitgepakt / "uit" / opdracht.onderzoek)


def _remarks(uitgepakt: Path) -> list[str]:
    """Return what differs around the numbers; a notebook from an archive is never run."""
    uit = []
    oud, nieuw = uitgepakt / archief.NOTEBOOK, meegeleverd("analyses") / publish.NOTEBOOK
    if oud.read_bytes() != nieuw.read_bytes():
        uit.append(
            "het notebook in het archief is anders dan dat van deze versie; dat van deze versie is uitgevoerd"
        )
    if (uitgepakt / archief.OMGEVING).read_bytes() != archief.environment():
        uit.append("andere versies van de geïnstalleerde pakketten dan toen (omgeving.json)")
    return uit


def repeat(pad: Path, *, pakket: Path | None, voortgang: Callable[[str], None]) -> Herhaling:
    """Make the report of an archive again and compare.

    Parameters
    ----------
    pad : path
        The archive that `tks rapport --archief` wrote.
    pakket : path, optional
        The data, when these are not in the archive; not needed for the built-in example.

    Raises
    ------
    InvoerFout
        When the archive cannot be read, or data are lacking.
    """
    oud = manifest.load(pad)
    with tempfile.TemporaryDirectory() as map_:
        uitgepakt = Path(map_)
        voortgang("Archief uitpakken")
        opdracht = archief.read(pad, uitgepakt)
        (uitgepakt / "uit").mkdir()
        try:
            opmerkingen = _remarks(uitgepakt)
            bron, plan = _package(uitgepakt, opdracht, pakket, pad), _plan(uitgepakt, opdracht)
        except OSError:
            raise InvoerFout("het archief is niet volledig", waar=str(pad)) from None
        nieuw_map = uitgepakt / "nieuw"
        paden = publish.make_report(
            bron,
            onderzoek=plan,
            uit=nieuw_map,
            formaten=opdracht.formaten,
            beleid=opdracht.beleid,
            datum=opdracht.datum,
            per=opdracht.per,
            kort=opdracht.kort,
            taal=opdracht.taal,
            huisstijl=uitgepakt / archief.HUISSTIJL / opdracht.huisstijl if opdracht.huisstijl else None,
            eerder=[uitgepakt / archief.EERDER / str(i) for i in range(opdracht.eerder)],
            voortgang=voortgang,
        )
        voortgang("Vergelijken")
        gelijk = {
            p.name: (uitgepakt / p.name).is_file() and (uitgepakt / p.name).read_bytes() == p.read_bytes()
            for p in paden
        }
        verschil = vergelijken.compare(oud, manifest.load(nieuw_map))
    return Herhaling(verschil, gelijk, tuple(opmerkingen))
