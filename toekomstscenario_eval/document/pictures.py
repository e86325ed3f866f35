"""Drawings as PNG, for a format that cannot show SVG everywhere: all of a document in one go."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toekomstscenario_eval.document.render_typst import fonts, svg_with_letter
from toekomstscenario_eval.errors import UitvoerFout

SCHAAL = 2
_PPI = 96.0 * SCHAAL
_SHEET = '#set page(width: auto, height: auto, margin: 0pt)\n#image("{}.svg")\n'
# The reports of the sites share drawings with the whole; more than these are made anew.
_MOST = 100
_MADE: dict[str, bytes] = {}


def as_png(svgs: Mapping[str, str]) -> dict[str, bytes]:
    """Return each drawing as PNG, at `SCHAAL` pixels for each of its own.

    Parameters
    ----------
    svgs : mapping of SVG to what it is called in an error

    Raises
    ------
    UitvoerFout
        When one cannot be drawn; it says which.
    """
    if len(_MADE) + len(svgs) > _MOST:
        _MADE.clear()
    new = {svg: naam for svg, naam in svgs.items() if svg not in _MADE}
    _MADE.update(zip(new, _draw(new), strict=True))
    return {svg: _MADE[svg] for svg in svgs}


def _draw(svgs: Mapping[str, str]) -> list[bytes]:
    import typst

    if not svgs:
        return []
    with tempfile.TemporaryDirectory() as map_:
        for i, svg in enumerate(svgs):
            (Path(map_) / f"{i}.svg").write_text(svg_with_letter(svg), encoding="utf-8")
        source = Path(map_) / "plaatjes.typ"
        source.write_text("#pagebreak()\n".join(_SHEET.format(i) for i in range(len(svgs))), encoding="utf-8")
        try:
            out = typst.compile(
                str(source),
                root=map_,
                font_paths=[str(fonts()[0].parent)],
                ignore_system_fonts=True,
                format="png",
                ppi=_PPI,
            )
        except typst.TypstError as fout:
            if len(svgs) > 1:
                return [_draw({svg: naam})[0] for svg, naam in svgs.items()]
            raise UitvoerFout(
                "een figuur kon niet in het Wordbestand worden gezet", waar="".join(svgs.values())
            ) from fout
    # One page comes alone, more come in a list.
    sheets: Any = out if len(svgs) > 1 else [out]
    return [bytes(sheet) for sheet in sheets]
