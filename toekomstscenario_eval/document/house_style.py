"""House style from one TOML file: colour, letter and logo, refused when readers could not read it.

Figures keep their own colours: those are chosen to be told apart, also in grey.
"""

from __future__ import annotations

import base64
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toekomstscenario_eval.document.svg import svg_bezwaar
from toekomstscenario_eval.errors import InvoerFout, bedoelt_u

KLEUR, KLEUR_DONKER = "#154273", "#9cc7f5"
# Grounds on which the colour is text: the page and a box, in light and in dark.
_LICHT, _DONKER = ("#ffffff", "#f2f5f9"), ("#12181f", "#1d2630")
_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
_VELDEN = ("kleur", "kleur_donker", "letter", "letterbestanden", "logo", "logo_tekst")
_LETTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,60}")
_GROOTSTE_LOGO = 500_000
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class HouseStyle:
    """How a report looks; the default is that of the software itself."""

    kleur: str = KLEUR
    kleur_donker: str = KLEUR_DONKER
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


def contrast(een: str, twee: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb` (WCAG 2.2), from 1 to 21."""
    licht, donker = sorted((_luminance(een), _luminance(twee)), reverse=True)
    return (licht + 0.05) / (donker + 0.05)


def _luminance(kleur: str) -> float:
    delen = [int(kleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (d / 12.92 if d <= 0.04045 else ((d + 0.055) / 1.055) ** 2.4 for d in delen)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def load_style(pad: Path | str | None) -> HouseStyle:
    """Read a house style; None gives the default.

    Raises
    ------
    InvoerFout
        When the file or a file it names cannot be read, on an unknown field, or when the contrast is
        too low to read.
    """
    if not pad:
        return HouseStyle()
    pad = Path(pad)
    try:
        bron = tomllib.loads(pad.read_text(encoding="utf-8"))
    except OSError:
        raise InvoerFout(
            "de huisstijl is niet te lezen", waar=str(pad), herstel="controleer het pad bij --huisstijl"
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise InvoerFout("de huisstijl is geen geldig TOML-bestand", waar=pad.name) from None
    for naam, waarde in bron.items():
        if naam not in _VELDEN:
            raise InvoerFout(
                f"het veld '{naam}' bestaat niet", waar=pad.name, herstel=bedoelt_u(naam, _VELDEN)
            )
        lijst = naam == "letterbestanden"
        goed = (
            isinstance(waarde, list) and all(isinstance(w, str) for w in waarde)
            if lijst
            else isinstance(waarde, str)
        )
        if not goed:
            raise InvoerFout(
                f"het veld '{naam}' is geen {'lijst van bestanden' if lijst else 'tekst'}", waar=pad.name
            )
    return HouseStyle(
        kleur=_colour(pad, "kleur", bron.get("kleur", KLEUR), _LICHT),
        kleur_donker=_colour(pad, "kleur_donker", bron.get("kleur_donker", KLEUR_DONKER), _DONKER),
        letter=_letter(pad, bron),
        letterbestanden=tuple(_file(pad, naam) for naam in bron.get("letterbestanden", [])),
        **_logo(pad, bron),
    )


def style_files(pad: Path) -> dict[str, Path]:
    """Return the file of a house style and those that it names, by their name beside it.

    Raises
    ------
    InvoerFout
        When one of them is not in the same folder or below: it could not be kept with the report.
    """
    bron = tomllib.loads(pad.read_text(encoding="utf-8"))
    uit = {pad.name: pad.resolve()}
    for naam in (*bron.get("letterbestanden", ()), *([bron["logo"]] if "logo" in bron else ())):
        bestand = _file(pad, naam)
        if not bestand.is_relative_to(pad.resolve().parent):
            raise InvoerFout(
                f"het bestand '{naam}' staat niet bij de huisstijl",
                waar=pad.name,
                herstel="zet het in dezelfde map; anders kan het niet mee in het archief",
            )
        uit[bestand.relative_to(pad.resolve().parent).as_posix()] = bestand
    return uit


def _colour(pad: Path, naam: str, waarde: str, gronden: tuple[str, ...]) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", waarde):
        raise InvoerFout(f"'{naam}' is geen kleur", waar=pad.name, verwacht="#rrggbb, zoals #154273")
    laagste = min(contrast(waarde, grond) for grond in gronden)
    if laagste < _CONTRAST:
        raise InvoerFout(
            f"'{naam}' heeft te weinig contrast om te lezen",
            waar=pad.name,
            verwacht="ten minste 4,5 op 1, op wit en op een kader"
            if naam == "kleur"
            else "ten minste 4,5 op 1",
            kreeg=f"{laagste:.1f} op 1".replace(".", ","),
            herstel="kies een donkerder kleur" if naam == "kleur" else "kies een lichtere kleur",
        )
    return waarde.lower()


def _letter(pad: Path, bron: dict[str, Any]) -> str:
    letter: str = bron.get("letter", "")
    if letter and not _LETTER.fullmatch(letter):
        raise InvoerFout("'letter' is geen naam van een lettertype", waar=pad.name)
    if bron.get("letterbestanden") and not letter:
        raise InvoerFout(
            "bij 'letterbestanden' ontbreekt 'letter'", waar=pad.name, herstel="noem het lettertype"
        )
    return letter


def _file(pad: Path, naam: str) -> Path:
    bestand = (pad.parent / naam).resolve()
    if not bestand.is_file():
        raise InvoerFout(f"het bestand '{naam}' bestaat niet", waar=pad.name)
    return bestand


def _logo(pad: Path, bron: dict[str, Any]) -> dict[str, Any]:
    if "logo" not in bron:
        return {}
    tekst = bron.get("logo_tekst", "").strip()
    if not tekst:
        raise InvoerFout(
            "bij het logo ontbreekt 'logo_tekst'",
            waar=pad.name,
            herstel="schrijf wat er staat, voor wie het niet ziet",
        )
    inhoud = _file(pad, bron["logo"]).read_bytes()
    bezwaar = "meer dan een halve megabyte" if len(inhoud) > _GROOTSTE_LOGO else ""
    if not bezwaar and not inhoud.startswith(_PNG):
        bezwaar = svg_bezwaar(inhoud.decode("utf-8", errors="replace"))
    if bezwaar:
        raise InvoerFout(
            f"het logo bevat {bezwaar}", waar=bron["logo"], verwacht="een PNG of een veilige SVG"
        )
    return {"logo": inhoud, "logo_tekst": tekst}
