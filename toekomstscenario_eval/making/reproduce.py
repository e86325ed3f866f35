"""Compute every number of a public report again from its open counts, and compare it with the manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.making.open_release import openbaar
from toekomstscenario_eval.provenance import changes, manifest


@dataclass(frozen=True)
class Repetition:
    """The comparison of the numbers, and how many counts they were computed from."""

    vergelijking: changes.Vergelijking
    cellen: int


def repeat(path: Path, *, progress: Callable[[str], None]) -> Repetition:
    """Compute the numbers of a report from the counts beside it, without data, key or cache.

    Parameters
    ----------
    path : path
        Folder of the report, or the archive that `tks rapport --archief` wrote.

    Raises
    ------
    InvoerFout
        When the report cannot be read, is not public, or its counts are not those of its manifest.
    """
    old = manifest.load(path)
    if old["intern"]:
        raise InvoerFout(
            "een intern verslag heeft geen openbare tellingen om uit na te rekenen",
            waar=str(path),
            verwacht="een openbaar verslag, gemaakt zonder --intern",
            herstel="maak het opnieuw uit dezelfde gegevens en leg de twee naast elkaar met 'tks vergelijk'",
        )
    progress("Openbare tellingen lezen en narekenen")
    release = openbaar(path)
    if release.id != old["vrijgave"]:
        raise InvoerFout(
            "de openbare tellingen en het manifest horen niet bij elkaar",
            waar=str(path),
            verwacht=f"vrijgave {old['vrijgave']}",
            kreeg=f"vrijgave {release.id}",
            herstel="haal het verslag opnieuw op, met alle bestanden die erbij horen",
        )
    progress("Vergelijken")
    tables = tuple(part["tabel"] for part in old["pakket"]["bestanden"])
    new = {
        **old,
        "versies": dict(manifest.versions()),
        "code_sha256": manifest.code_hashes()[""],
        "beleid": {"naam": release.beleid, "regels": dict(release.regels)},
        "epoche": release.stand,
        **manifest.of_release(release, tables, derived(release)),
    }
    again = structured_text.from_json(manifest.to_bytes(new))
    return Repetition(changes.compare(old, again), len(release.cellen))
