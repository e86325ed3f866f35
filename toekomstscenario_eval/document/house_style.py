"""House style from one TOML file: colour, letter and logo, refused when readers could not read it.

Figures keep their own colours: those are chosen to be told apart, also in grey.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.document.svg import svg_objection
from toekomstscenario_eval.errors import InvoerFout, did_you_mean

COLOR, COLOR_DARK = "#154273", "#9cc7f5"
# Grounds on which the colour is text: the page and a box, in light and in dark.
_LIGHT, _DARK = ("#ffffff", "#f2f5f9"), ("#12181f", "#1d2630")
_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
_FIELDS = ("kleur", "kleur_donker", "letter", "letterbestanden", "logo", "logo_tekst")
_LETTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,60}")
_LARGEST_LOGO = 500_000
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class HouseStyle:
    """How a report looks; the default is that of the software itself."""

    kleur: str = COLOR
    kleur_donker: str = COLOR_DARK
    letter: str = ""
    letterbestanden: tuple[Path, ...] = ()
    logo: bytes = b""
    logo_tekst: str = ""

    @property
    def logo_soort(self) -> str:
        """The kind of file of the logo, as its ending; empty without a logo."""
        return "" if not self.logo else "png" if self.logo.startswith(_PNG) else "svg"

    @property
    def logo_adres(self) -> str:
        """The logo as an address that needs no network."""
        soort = {"png": "image/png", "svg": "image/svg+xml", "": ""}[self.logo_soort]
        return f"data:{soort};base64,{base64.b64encode(self.logo).decode()}" if soort else ""

    @property
    def anders(self) -> bool:
        """Whether anything differs from the default."""
        return self != HouseStyle()


def contrast(one: str, two: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb` (WCAG 2.2), from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (d / 12.92 if d <= 0.04045 else ((d + 0.055) / 1.055) ** 2.4 for d in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def load_style(path: Path | str | None) -> HouseStyle:
    """Read a house style; None gives the default.

    Raises
    ------
    InvoerFout
        When the file or a file it names cannot be read, on an unknown field, or when the contrast is
        too low to read.
    """
    if not path:
        return HouseStyle()
    path = Path(path)
    try:
        source = structured_text.from_toml(structured_text.read_text(path))
    except OSError:
        raise InvoerFout(
            "de huisstijl is niet te lezen", waar=str(path), herstel="controleer het pad bij --huisstijl"
        ) from None
    except ValueError:
        raise InvoerFout("de huisstijl is geen geldig TOML-bestand", waar=path.name) from None
    for naam, waarde in source.items():
        if naam not in _FIELDS:
            raise InvoerFout(
                f"het veld '{naam}' bestaat niet", waar=path.name, herstel=did_you_mean(naam, _FIELDS)
            )
        listing = naam == "letterbestanden"
        good = (
            isinstance(waarde, list) and all(isinstance(w, str) for w in waarde)
            if listing
            else isinstance(waarde, str)
        )
        if not good:
            raise InvoerFout(
                f"het veld '{naam}' is geen {'lijst van bestanden' if listing else 'tekst'}", waar=path.name
            )
    return HouseStyle(
        kleur=_colour(path, "kleur", source.get("kleur", COLOR), _LIGHT),
        kleur_donker=_colour(path, "kleur_donker", source.get("kleur_donker", COLOR_DARK), _DARK),
        letter=_letter(path, source),
        letterbestanden=tuple(_file(path, naam) for naam in source.get("letterbestanden", [])),
        **_logo(path, source),
    )


def style_files(path: Path) -> dict[str, Path]:
    """Return the file of a house style and those that it names, by their name beside it.

    Raises
    ------
    InvoerFout
        When one of them is not in the same folder or below: it could not be kept with the report.
    """
    source = structured_text.from_toml(structured_text.read_text(path))
    out = {path.name: path.resolve()}
    for naam in (*source.get("letterbestanden", ()), *([source["logo"]] if "logo" in source else ())):
        file = _file(path, naam)
        if not file.is_relative_to(path.resolve().parent):
            raise InvoerFout(
                f"het bestand '{naam}' staat niet bij de huisstijl",
                waar=path.name,
                herstel="zet het in dezelfde map; anders kan het niet mee in het archief",
            )
        out[file.relative_to(path.resolve().parent).as_posix()] = file
    return out


def _colour(path: Path, naam: str, waarde: str, grounds: tuple[str, ...]) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", waarde):
        raise InvoerFout(f"'{naam}' is geen kleur", waar=path.name, verwacht="#rrggbb, zoals #154273")
    lowest = min(contrast(waarde, ground) for ground in grounds)
    if lowest < _CONTRAST:
        raise InvoerFout(
            f"'{naam}' heeft te weinig contrast om te lezen",
            waar=path.name,
            verwacht="ten minste 4,5 op 1, op wit en op een kader"
            if naam == "kleur"
            else "ten minste 4,5 op 1",
            kreeg=f"{lowest:.1f} op 1".replace(".", ","),
            herstel="kies een donkerder kleur" if naam == "kleur" else "kies een lichtere kleur",
        )
    return waarde.lower()


def _letter(path: Path, source: dict[str, Any]) -> str:
    letter: str = source.get("letter", "")
    if letter and not _LETTER.fullmatch(letter):
        raise InvoerFout("'letter' is geen naam van een lettertype", waar=path.name)
    if source.get("letterbestanden") and not letter:
        raise InvoerFout(
            "bij 'letterbestanden' ontbreekt 'letter'", waar=path.name, herstel="noem het lettertype"
        )
    return letter


def _file(path: Path, naam: str) -> Path:
    file = (path.parent / naam).resolve()
    if not file.is_file():
        raise InvoerFout(f"het bestand '{naam}' bestaat niet", waar=path.name)
    return file


def _logo(path: Path, source: dict[str, Any]) -> dict[str, Any]:
    if "logo" not in source:
        return {}
    text = source.get("logo_tekst", "").strip()
    if not text:
        raise InvoerFout(
            "bij het logo ontbreekt 'logo_tekst'",
            waar=path.name,
            herstel="schrijf wat er staat, voor wie het niet ziet",
        )
    content = _file(path, source["logo"]).read_bytes()
    objection = "meer dan een halve megabyte" if len(content) > _LARGEST_LOGO else ""
    if not objection and not content.startswith(_PNG):
        objection = svg_objection(content.decode("utf-8", errors="replace"))
    if objection:
        raise InvoerFout(
            f"het logo bevat {objection}", waar=source["logo"], verwacht="een PNG of een veilige SVG"
        )
    return {"logo": content, "logo_tekst": text}
