"""The archive of a report: one zip (an RO-Crate) with everything from which its numbers follow.

Written by hand: the metadata are one small JSON-LD file, and no library is needed for that. See
https://www.researchobject.org/ro-crate/specification/1.1/.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from toekomstscenario_eval.document.formats import all_formats
from toekomstscenario_eval.document.languages import DUTCH
from toekomstscenario_eval.provenance.open_schema import DESCRIPTION, FOLDER, RECIPES, TABLES
from toekomstscenario_eval.version import __version__

METADATA, COMMAND, ENVIRONMENT = "ro-crate-metadata.json", "opdracht.json", "omgeving.json"
DATA, PLAN, NOTEBOOK = "gegevens", "onderzoek.yaml", "verantwoording.ipynb"
HOUSE_STYLE = "huisstijl"
_PROFILE = "https://w3id.org/ro/crate/1.1"
# The earliest time that a zip can hold: the same content gives the same bytes.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SOORT = {
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".yaml": "application/yaml",
    ".csv": "text/csv",
    ".toml": "application/toml",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".parquet": "application/vnd.apache.parquet",
}
_NAAM = {
    "manifest.json": "Manifest: elk getal met zijn herkomst",
    COMMAND: "De keuzes waarmee het rapport is gemaakt",
    ENVIRONMENT: "Versies van alle gebruikte programma's",
    PLAN: "Wat de onderzoekers schreven",
    NOTEBOOK: "Het notebook dat is uitgevoerd",
    f"{FOLDER}/{RECIPES}": "De vragen waarmee elk getal uit de tellingen is berekend",
    f"{FOLDER}/{DESCRIPTION}": "Beschrijving van de openbare tellingen",
    **{
        f"{FOLDER}/{table}.{kind}": f"Beschermde tellingen van huishoudens: {table}"
        for table in TABLES
        for kind in ("csv", "parquet")
    },
}
_PUBLIC = (
    "Methodologische verantwoording met de beschermde tellingen waaruit elk getal is berekend: "
    "'tks reproduceer' rekent elk getal daaruit na en vergelijkt het."
)
_INSIDE = "INTERN: methodologische verantwoording met exacte cijfers, niet om te publiceren of te delen."

Content = bytes | Path


@dataclass(frozen=True)
class Command:
    """The choices with which a report was made.

    `pakket` is empty for the built-in example; `huisstijl` names the file of the house style.
    """

    formaten: tuple[str, ...]
    beleid: str
    datum: str
    pakket: str
    onderzoek: str
    per: str = ""
    kort: bool = False
    taal: str = DUTCH
    huisstijl: str = ""
    intern: bool = False

    def to_json(self) -> bytes:
        """Return the choices as JSON."""
        return _json({**self.__dict__, "formaten": list(self.formaten)})


def _json(source: object) -> bytes:
    return (json.dumps(source, ensure_ascii=False, indent=1) + "\n").encode()


def environment() -> bytes:
    """Return the versions of Python and of every installed package, as JSON."""
    packages = {d.metadata["Name"]: d.version for d in distributions()}
    return _json({"python": platform.python_version(), "pakketten": dict(sorted(packages.items()))})


def _digest(content: Content) -> tuple[str, int]:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest(), len(content)
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), content.stat().st_size


def _media_types() -> dict[str, str]:
    return {f.extension: f.card.mediatype for f in all_formats().values()} | _SOORT


def _file(naam: str, content: Content) -> dict[str, Any]:
    total, size = _digest(content)
    return {
        "@id": naam,
        "@type": "File",
        "name": _NAAM.get(naam, naam),
        "encodingFormat": _media_types().get(Path(naam).suffix, "application/octet-stream"),
        "contentSize": str(size),
        "sha256": total,
    }


def metadata(
    files: Mapping[str, Content], *, title: str, datum: str, authors: tuple[str, ...], intern: bool = False
) -> bytes:
    """Return `ro-crate-metadata.json` for these files."""
    parts = [_file(naam, content) for naam, content in files.items()]
    people = [{"@id": f"#auteur-{i}", "@type": "Person", "name": n} for i, n in enumerate(authors, start=1)]
    result = [{"@id": naam} for naam in files if naam.startswith("verantwoording.") and naam != NOTEBOOK]
    program = {
        "@id": "#toekomstscenario-eval",
        "@type": "SoftwareApplication",
        "name": "toekomstscenario-eval",
        "softwareVersion": __version__,
        "license": {"@id": "https://spdx.org/licenses/EUPL-1.2"},
    }
    making = {
        "@id": "#maken",
        "@type": "CreateAction",
        "name": "Rapport maken (tks rapport)",
        "instrument": {"@id": program["@id"]},
        "object": [{"@id": n} for n in files if n in (NOTEBOOK, PLAN, COMMAND) or n.startswith(DATA)],
        "result": [*result, {"@id": "manifest.json"}],
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": _INSIDE if intern else _PUBLIC,
        "datePublished": datum,
        "license": "Gebruik in overleg met de opstellers; op de gegevens rusten eigen voorwaarden.",
        "inLanguage": DUTCH,
        "author": [{"@id": m["@id"]} for m in people],
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "mentions": {"@id": making["@id"]},
    }
    itself = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _PROFILE},
        "about": {"@id": "./"},
    }
    graph = [itself, root, *parts, *people, program, making]
    return _json({"@context": f"{_PROFILE}/context", "@graph": graph})


def write(path: Path, files: Mapping[str, Content], *, description: bytes) -> None:
    """Write the archive; the same content gives the same bytes."""
    with zipfile.ZipFile(path, "w") as target:
        for naam, content in {METADATA: description, **files}.items():
            heading = zipfile.ZipInfo(naam, date_time=_ZIP_DATE)
            heading.compress_type, heading.external_attr, heading.create_system = (
                zipfile.ZIP_DEFLATED,
                0o600 << 16,
                3,
            )
            if isinstance(content, bytes):
                target.writestr(heading, content)
                continue
            with content.open("rb") as source, target.open(heading, "w", force_zip64=True) as member:
                shutil.copyfileobj(source, member)
