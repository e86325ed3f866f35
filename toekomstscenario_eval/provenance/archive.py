"""The archive of a report: one zip (an RO-Crate) with everything that makes it again.

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
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.version import __version__

METADATA, OPDRACHT, OMGEVING = "ro-crate-metadata.json", "opdracht.json", "omgeving.json"
GEGEVENS, EERDER, PLAN, NOTEBOOK = "gegevens", "eerder", "onderzoek.yaml", "verantwoording.ipynb"
HUISSTIJL = "huisstijl"
# Choices that are texts.
_TEKSTEN = ("beleid", "datum", "pakket", "onderzoek", "per", "taal", "huisstijl")
_PROFIEL = "https://w3id.org/ro/crate/1.1"
# The earliest time that a zip can hold: the same content gives the same bytes.
_ZIPDATUM = (1980, 1, 1, 0, 0, 0)
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
    OPDRACHT: "De keuzes waarmee het rapport is gemaakt",
    OMGEVING: "Versies van alle gebruikte programma's",
    PLAN: "Wat de onderzoekers schreven",
    NOTEBOOK: "Het notebook dat is uitgevoerd",
}

Content = bytes | Path


@dataclass(frozen=True)
class Opdracht:
    """The choices with which a report was made.

    `pakket` is empty for the built-in example; `eerder` is how many earlier reports were weighed;
    `huisstijl` names the file of the house style, if there was one.
    """

    formaten: tuple[str, ...]
    beleid: str
    datum: str
    pakket: str
    onderzoek: str
    per: str = ""
    kort: bool = False
    eerder: int = 0
    taal: str = DUTCH
    huisstijl: str = ""

    def naar_json(self) -> bytes:
        """Return the choices as JSON."""
        return _json(self.__dict__)


def _json(bron: object) -> bytes:
    return (json.dumps(bron, ensure_ascii=False, indent=1) + "\n").encode()


def environment() -> bytes:
    """Return the versions of Python and of every installed package, as JSON."""
    pakketten = {d.metadata["Name"]: d.version for d in distributions()}
    return _json({"python": platform.python_version(), "pakketten": dict(sorted(pakketten.items()))})


def _digest(inhoud: Content) -> tuple[str, int]:
    if isinstance(inhoud, bytes):
        return hashlib.sha256(inhoud).hexdigest(), len(inhoud)
    with inhoud.open("rb") as bestand:
        return hashlib.file_digest(bestand, "sha256").hexdigest(), inhoud.stat().st_size


def _media_types() -> dict[str, str]:
    return {f.extensie: f.card.mediatype for f in all_formats().values()} | _SOORT


def _file(naam: str, inhoud: Content) -> dict[str, Any]:
    som, grootte = _digest(inhoud)
    return {
        "@id": naam,
        "@type": "File",
        "name": _NAAM.get(naam, naam),
        "encodingFormat": _media_types().get(Path(naam).suffix, "application/octet-stream"),
        "contentSize": str(grootte),
        "sha256": som,
    }


def metadata(bestanden: Mapping[str, Content], *, titel: str, datum: str, auteurs: tuple[str, ...]) -> bytes:
    """Return `ro-crate-metadata.json` for these files."""
    delen = [_file(naam, inhoud) for naam, inhoud in bestanden.items()]
    mensen = [{"@id": f"#auteur-{i}", "@type": "Person", "name": n} for i, n in enumerate(auteurs, start=1)]
    resultaat = [
        {"@id": naam} for naam in bestanden if naam.startswith("verantwoording.") and naam != NOTEBOOK
    ]
    programma = {
        "@id": "#toekomstscenario-eval",
        "@type": "SoftwareApplication",
        "name": "toekomstscenario-eval",
        "softwareVersion": __version__,
        "license": {"@id": "https://spdx.org/licenses/EUPL-1.2"},
    }
    maken = {
        "@id": "#maken",
        "@type": "CreateAction",
        "name": "Rapport maken (tks rapport)",
        "instrument": {"@id": programma["@id"]},
        "object": [
            {"@id": n} for n in bestanden if n in (NOTEBOOK, PLAN, OPDRACHT) or n.startswith(GEGEVENS)
        ],
        "result": [*resultaat, {"@id": "manifest.json"}],
    }
    wortel = {
        "@id": "./",
        "@type": "Dataset",
        "name": titel,
        "description": "Methodologische verantwoording met alles wat nodig is om haar opnieuw te maken: "
        "'tks reproduceer' maakt haar opnieuw en vergelijkt elk getal.",
        "datePublished": datum,
        "license": "Gebruik in overleg met de opstellers; op de gegevens rusten eigen voorwaarden.",
        "inLanguage": DUTCH,
        "author": [{"@id": m["@id"]} for m in mensen],
        "hasPart": [{"@id": deel["@id"]} for deel in delen],
        "mentions": {"@id": maken["@id"]},
    }
    zelf = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _PROFIEL},
        "about": {"@id": "./"},
    }
    graaf = [zelf, wortel, *delen, *mensen, programma, maken]
    return _json({"@context": f"{_PROFIEL}/context", "@graph": graaf})


def write(pad: Path, bestanden: Mapping[str, Content], *, beschrijving: bytes) -> None:
    """Write the archive; the same content gives the same bytes."""
    with zipfile.ZipFile(pad, "w") as doel:
        for naam, inhoud in {METADATA: beschrijving, **bestanden}.items():
            kop = zipfile.ZipInfo(naam, date_time=_ZIPDATUM)
            kop.compress_type, kop.external_attr, kop.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            if isinstance(inhoud, bytes):
                doel.writestr(kop, inhoud)
                continue
            with inhoud.open("rb") as bron, doel.open(kop, "w", force_zip64=True) as lid:
                shutil.copyfileobj(bron, lid)


def read(pad: Path, naar: Path) -> Opdracht:
    """Unpack an archive into the folder `naar` and return the choices that it holds.

    Raises
    ------
    InvoerFout
        When it is no archive of a report, or a name in it leads outside the folder.
    """
    herstel = "geef het archief dat 'tks rapport --archief' schreef"
    try:
        with zipfile.ZipFile(pad) as archief:
            namen = archief.namelist()
            if any(Path(n).is_absolute() or ".." in Path(n).parts or "\\" in n for n in namen):
                raise InvoerFout("het archief bevat een naam die niet mag", waar=str(pad), herstel=herstel)
            archief.extractall(naar)
        bron = json.loads((naar / OPDRACHT).read_text(encoding="utf-8"))
        tekst = {k: bron[k] for k in _TEKSTEN}
        rest = {"kort": bron["kort"], "eerder": bron["eerder"]}
        goed = all(isinstance(w, str) for w in (*tekst.values(), *bron["formaten"]))
        goed &= isinstance(rest["kort"], bool) and isinstance(rest["eerder"], int)
        opdracht = Opdracht(formaten=tuple(bron["formaten"]), **tekst, **rest)
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError):
        raise InvoerFout("het archief is niet te lezen", waar=str(pad), herstel=herstel) from None
    # These become names of files; nobody may choose a place with them.
    if not goed or any(Path(n).name != n for n in (opdracht.pakket, opdracht.onderzoek, opdracht.huisstijl)):
        raise InvoerFout("de opdracht in het archief klopt niet", waar=str(pad), herstel=herstel)
    return opdracht
