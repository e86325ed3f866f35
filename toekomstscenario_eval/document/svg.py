"""Whether an SVG is safe to put in a report: it runs nothing and fetches nothing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
_FORBIDDEN = {"script", "foreignObject", "iframe", "audio", "video", "handler", "a"}
_CSS_URL = re.compile(r"url\(([^)]*)", re.IGNORECASE)


def svg_objection(svg: str) -> str:
    """Return what the SVG holds that it may not, in words that show none of it; empty when it is fine."""
    if "<!DOCTYPE" in svg.upper() or "<!ENTITY" in svg.upper():
        return "een DOCTYPE of ENTITY"
    try:
        root = ET.fromstring(svg)
    except (ET.ParseError, ValueError):
        return "iets anders dan leesbare XML"
    if root.tag != f"{_SVG}svg":
        return "iets anders dan een tekening"
    if any(_unsafe(element) for element in root.iter()):
        return "iets dat uitvoert of van buiten haalt"
    return ""


def _unsafe(element: ET.Element) -> bool:
    naam = str(element.tag).removeprefix(_SVG)
    styles = [*element.attrib.values(), element.text or "" if naam == "style" else ""]
    addresses = [target.strip(" '\"") for text in styles for target in _CSS_URL.findall(text)]
    for key, waarde in element.attrib.items():
        short = key.rpartition("}")[2].lower()
        if short.startswith("on"):
            return True
        if short == "href" and not waarde.startswith(("data:image/png;", "data:image/jpeg;")):
            addresses.append(waarde.strip())
    outside = any(not address.startswith("#") for address in addresses)
    return naam in _FORBIDDEN or outside or any("@import" in text.lower() for text in styles)
