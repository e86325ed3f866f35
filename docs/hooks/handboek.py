"""MkDocs hook: generates what the code knows, so that none of it is kept by hand or committed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import codeboek
import indicatorbladen
import kaplan_meier
import noise_picture
from blokken import BLOKKEN
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from opmaak import blad

_BLOK = re.compile(r"^<!-- gegenereerd: (\w+) -->$", flags=re.MULTILINE)
_SECTIES = {"codeboek/index.md": codeboek.bladen, "indicatoren/index.md": indicatorbladen.bladen}


def voorbeelden(docs: Path) -> dict[str, str]:
    """Return a page for each worked mapping in `docs/voorbeelden`, with the file in full."""
    uit = {}
    for pad in sorted((docs / "voorbeelden").glob("*.yaml")):
        tekst = pad.read_text(encoding="utf-8")
        titel = tekst.splitlines()[0].strip("# .")
        uit[f"voorbeelden/{pad.stem}.md"] = blad(
            f"# {titel}",
            f"Dit is het bestand [{pad.name}]({pad.name}). De uitleg staat bij "
            "[Eigen gegevens gebruiken](../eigen-gegevens.md).",
            f"```yaml\n{tekst.rstrip()}\n```",
        )
    return uit


def on_config(config: Any) -> Any:
    """Fill the navigation with the generated pages."""
    config.nav = _expand(config.nav, Path(config.docs_dir))
    return config


def _expand(nav: list[Any], docs: Path) -> list[Any]:
    uit: list[Any] = []
    for deel in nav:
        ((titel, waarde),) = deel.items() if isinstance(deel, dict) else ((None, deel),)
        if isinstance(waarde, list):
            uit.append({titel: _expand(waarde, docs)})
        elif waarde in _SECTIES:
            uit.append({titel: list(_SECTIES[waarde]())})
        elif waarde == "voorbeelden/":
            uit += voorbeelden(docs)
        else:
            uit.append(deel)
    return uit


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages and the figures."""
    bladen = {**codeboek.bladen(), **indicatorbladen.bladen(), **voorbeelden(Path(config.docs_dir))}
    figuren = {kaplan_meier.PLAATJE: kaplan_meier.plaatje(), noise_picture.PICTURE: noise_picture.picture()}
    for pad, inhoud in {**bladen, **figuren}.items():
        files.append(File.generated(config, pad, content=inhoud))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put generated blocks in their place."""

    def vul(treffer: re.Match[str]) -> str:
        if treffer[1] not in BLOKKEN:
            raise PluginError(f"{page.file.src_uri}: het blok '{treffer[1]}' bestaat niet")
        return BLOKKEN[treffer[1]]()

    return _BLOK.sub(vul, markdown)
