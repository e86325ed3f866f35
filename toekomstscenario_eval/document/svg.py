"""Whether an SVG is safe to put in a report: it runs nothing and fetches nothing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
_VERBODEN = {"script", "foreignObject", "iframe", "audio", "video", "handler", "a"}
_CSS_URL = re.compile(r"url\(([^)]*)", re.IGNORECASE)


def svg_bezwaar(svg: str) -> str:
    """Return what the SVG holds that it may not, in words that show none of it; empty when it is fine."""
    if "<!DOCTYPE" in svg.upper() or "<!ENTITY" in svg.upper():
        return "een DOCTYPE of ENTITY"
    try:
        wortel = ET.fromstring(svg)
    except (ET.ParseError, ValueError):
        return "iets anders dan leesbare XML"
    if wortel.tag != f"{_SVG}svg":
        return "iets anders dan een tekening"
    if any(_onveilig(element) for element in wortel.iter()):
        return "iets dat uitvoert of van buiten haalt"
    return ""


def _onveilig(element: ET.Element) -> bool:
    naam = str(element.tag).removeprefix(_SVG)
    stijlen = [*element.attrib.values(), element.text or "" if naam == "style" else ""]
    adressen = [doel.strip(" '\"") for tekst in stijlen for doel in _CSS_URL.findall(tekst)]
    for sleutel, waarde in element.attrib.items():
        kort = sleutel.rpartition("}")[2].lower()
        if kort.startswith("on"):
            return True
        if kort == "href" and not waarde.startswith(("data:image/png;", "data:image/jpeg;")):
            adressen.append(waarde.strip())
    buiten = any(not adres.startswith("#") for adres in adressen)
    return naam in _VERBODEN or buiten or any("@import" in tekst.lower() for tekst in stijlen)
