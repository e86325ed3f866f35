"""The gate: a notebook becomes a document only when every output it shows passed release.

Code is never shown. A refusal names all cells at fault at once, and shows nothing of their content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toekomstscenario_eval.document.claims import overstated
from toekomstscenario_eval.document.document import (
    MIME,
    VAST,
    Block,
    Document,
    Kop,
    Output,
    output_from_mime,
)
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.document.house_style import load_style
from toekomstscenario_eval.document.languages import DUTCH, check_language
from toekomstscenario_eval.document.markdown import blocks_from_markdown
from toekomstscenario_eval.document.prose import objections
from toekomstscenario_eval.errors import (
    ControleFout,
    GebruikFout,
    OnthullingsFout,
    TksFout,
    UitvoerFout,
    did_you_mean,
)

HIDDEN = "verborgen"
PARAMETERS = "parameters"
METADATA = ("titel", "ondertitel", "auteurs", "datum", "concept", "inhoud", "huisstijl", "taal")

_SHOW = "laat de cel een vrijgegeven tabel, figuur of zin tonen; zie het handboek"
_EXECUTE = "voer het notebook eerst uit, van boven naar beneden, en sla het op"
_BESIDE = {"text/html", "text/plain"}
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# First match names the output; anything else is "een andere ruwe uitvoer".
_RAW = (
    ("application/vnd.jupyter.widget", "een widget"),
    ("application/vnd.plotly", "een ruwe figuur"),
    ("application/vnd.vega", "een ruwe figuur"),
    ("image/", "een ruwe figuur"),
    ("application/javascript", "een script"),
    ("text/html", "een ruwe tabel of HTML"),
    ("text/", "ruwe tekst"),
)


@dataclass(frozen=True)
class _Objection:
    """Why a cell may not pass. `disclosure` is false when only its form is at fault."""

    plek: str
    soort: str
    herstel: str = _SHOW
    disclosure: bool = True


@dataclass
class _Harvest:
    blokken: list[Block] = field(default_factory=list)
    vrijgaven: list[str] = field(default_factory=list)
    objections: list[_Objection] = field(default_factory=list)
    # What only a draft may say.
    claims: list[_Objection] = field(default_factory=list)
    # Where outputs stand by whether they are exact; hidden ones too.
    modes: dict[bool, list[str]] = field(default_factory=dict)


def document_from_notebook(nb: Any) -> Document:
    """Return the document that an executed notebook shows.

    Markdown cells become text, code cells what they show; a cell tagged `verborgen` stays out of the
    document but passes the same gate. The title and the like come from `nb.metadata["tks"]`; without
    a title there, the first heading of level 1 becomes the title.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        The notebook, version 4.

    Raises
    ------
    OnthullingsFout
        When an output did not pass release, or a code cell was never run; or when public and exact outputs
        stand in one notebook.
    UitvoerFout
        When the text holds something that a document cannot show.
    ControleFout
        When text of a final document (no draft) claims a cause, significance or a league table.
    """
    harvest = _Harvest()
    if nb.get("metadata", {}).get("widgets"):
        harvest.objections.append(_Objection("het notebook zelf", "bewaarde toestand van widgets"))
    for number, cell in enumerate(nb.get("cells", []), start=1):
        _harvest_cell(cell, spot=_spot(cell, number), harvest=harvest)
    if harvest.objections:
        raise _refusal(harvest.objections)
    if len(harvest.modes) > 1:
        raise _mixed(harvest.modes)
    features = _features(nb.get("metadata", {}).get("tks", {}))
    if harvest.claims and not features["concept"]:
        raise _overstated(harvest.claims)
    title, blocks = _title(features["titel"], harvest.blokken)
    if not blocks:
        raise UitvoerFout("het notebook toont niets", herstel="voeg tekst of vrijgegeven uitvoer toe")
    dutch: frozenset[str] = frozenset()
    check_language(features["taal"])
    if features["taal"] != DUTCH:
        blocks, dutch = in_english(blocks)
    return Document(
        taal=features["taal"],
        nederlands=dutch,
        titel=title,
        ondertitel=features["ondertitel"],
        auteurs=features["auteurs"],
        datum=features["datum"],
        concept=features["concept"],
        inhoud=features["inhoud"],
        stijl=load_style(features["huisstijl"]),
        vrijgaven=tuple(dict.fromkeys(harvest.vrijgaven)),
        blokken=blocks,
    )


def _spot(cell: Mapping[str, Any], number: int) -> str:
    key = cell.get("id", "")
    usable = isinstance(key, str) and _CELL_ID.fullmatch(key)
    return f"cel {number} (id {key})" if usable else f"cel {number}"


def _labels(cell: Mapping[str, Any]) -> set[str]:
    return {str(label) for label in cell.get("metadata", {}).get("tags", [])}


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _harvest_cell(cell: Mapping[str, Any], *, spot: str, harvest: _Harvest) -> None:
    if cell.get("attachments"):
        harvest.objections.append(
            _Objection(
                spot, "een bijlage in de cel", "haal de bijlage uit de cel; toon een vrijgegeven figuur"
            )
        )
    soort = cell.get("cell_type")
    if soort == "code":
        _harvest_code(cell, spot=spot, harvest=harvest)
    elif soort == "markdown":
        _harvest_text(cell, spot=spot, harvest=harvest)
    elif _source(cell).strip():
        harvest.objections.append(_Objection(spot, "een ruwe cel", "maak er een Markdowncel van"))


def _harvest_text(cell: Mapping[str, Any], *, spot: str, harvest: _Harvest) -> None:
    if HIDDEN in _labels(cell) or not _source(cell).strip():
        return
    for objection in objections(_source(cell)):
        line = f"{spot}, regel {objection.regel + 1}"
        harvest.objections.append(_Objection(line, f"{objection.soort} in de tekst", objection.herstel))
    for found in overstated(_source(cell)):
        harvest.claims.append(_Objection(f"{spot}, regel {found.regel + 1}", found.told, found.herstel))
    try:
        harvest.blokken += blocks_from_markdown(_source(cell), where=spot)
    except TksFout as fout:
        harvest.objections.append(
            _Objection(spot, fout.wat, fout.herstel, disclosure=isinstance(fout, OnthullingsFout))
        )


def _harvest_code(cell: Mapping[str, Any], *, spot: str, harvest: _Harvest) -> None:
    outputs = cell.get("outputs", [])
    labels = _labels(cell)
    never = cell.get("execution_count") is None and not outputs
    if never and _source(cell).strip() and not labels & {HIDDEN, PARAMETERS}:
        harvest.objections.append(_Objection(spot, "nog nooit uitgevoerd", _EXECUTE))
    for output in outputs:
        try:
            valid = _released(output)
        except TksFout as fout:
            soort = f"{fout.wat} ({fout.waar})" if fout.waar else fout.wat
            harvest.objections.append(_Objection(spot, soort))
            continue
        if valid.vrijgave != VAST:
            harvest.modes.setdefault(valid.intern, []).append(spot)
        if HIDDEN not in labels:
            harvest.blokken += valid.blokken
            harvest.vrijgaven += [valid.vrijgave] if valid.vrijgave != VAST else []


def _released(output: Mapping[str, Any]) -> Output:
    """Return the sealed output behind a notebook output, or refuse without showing its content."""
    soort, data = output.get("output_type"), output.get("data", {})
    if soort == "stream":
        stderr = output.get("name") == "stderr"
        raise OnthullingsFout("een melding of waarschuwing (stderr)" if stderr else "een print")
    if soort == "error":
        raise OnthullingsFout("een foutmelding (traceback)")
    if soort not in ("display_data", "execute_result") or not isinstance(data, Mapping):
        raise OnthullingsFout("een onbekend soort uitvoer")
    if MIME not in data:
        namen = (naam for begin, naam in _RAW if any(m.startswith(begin) for m in data))
        raise OnthullingsFout(next(namen, "ruwe uitvoer"))
    if set(data) - _BESIDE - {MIME}:
        raise OnthullingsFout("vrijgegeven uitvoer met ruwe uitvoer ernaast")
    return output_from_mime(data[MIME])


def _refusal(objections: Iterable[_Objection]) -> TksFout:
    """Return one refusal for all cells at fault, in the order of the notebook."""
    listing = list(objections)
    class_ = OnthullingsFout if any(b.disclosure for b in listing) else UitvoerFout
    cells = len({objection.plek for objection in listing})
    if all(objection.herstel == _EXECUTE for objection in listing):
        what = "het notebook is nog niet (helemaal) uitgevoerd"
    else:
        what = (
            "een cel van het notebook kan niet in een document"
            if cells == 1
            else f"{cells} cellen van het notebook kunnen niet in een document"
        )
    return class_(
        what,
        waar=_under_each_other("Waar", (f"{objection.plek}: {objection.soort}" for objection in listing)),
        herstel=_under_each_other(
            "Herstel", (objection.herstel for objection in listing if objection.herstel)
        ),
    )


def _overstated(claims: Sequence[_Objection]) -> TksFout:
    """Return the refusal of a final document with text that claims more than a comparison can bear."""
    return ControleFout(
        "de tekst van het notebook beweert meer dan een definitief document kan dragen",
        waar=_under_each_other("Waar", (f"{found.plek}: {found.soort}" for found in claims)),
        herstel=_under_each_other(
            "Herstel", [*(found.herstel for found in claims), "of maak er een concept van (concept: true)"]
        ),
    )


def _mixed(modes: Mapping[bool, Sequence[str]]) -> TksFout:
    """Return the refusal of a notebook that would show public numbers beside exact ones."""
    spots = ((naam, dict.fromkeys(modes[inside])) for naam, inside in (("exact", True), ("openbaar", False)))
    return OnthullingsFout(
        "het notebook zet openbare en exacte cijfers bij elkaar",
        waar=_under_each_other("Waar", (f"{naam}: {', '.join(cells)}" for naam, cells in spots)),
        verwacht="alle cellen openbaar, of alle cellen intern",
        herstel="open het pakket één keer, met of zonder intern=True, en voer alle cellen opnieuw uit",
    )


def _under_each_other(heading: str, lines: Iterable[str]) -> str:
    """Return the different lines under each other, in line with what stands after `heading` in a message."""
    return ("\n" + " " * len(f"  {heading}: ")).join(dict.fromkeys(lines))


def _features(raw: object) -> dict[str, Any]:
    """Return the metadata of the document, complete and of the right type."""
    where = "metadata 'tks' van het notebook"
    if not isinstance(raw, Mapping):
        raise GebruikFout("de kenmerken van het document zijn niet leesbaar", waar=where)
    for naam in raw:
        if naam not in METADATA:
            raise GebruikFout(
                "onbekend kenmerk", waar=where, kreeg=str(naam), herstel=did_you_mean(str(naam), METADATA)
            )
    authors = raw.get("auteurs", [])
    good = (
        all(
            isinstance(raw.get(naam, ""), str)
            for naam in ("titel", "ondertitel", "datum", "huisstijl", "taal")
        )
        and isinstance(authors, list | tuple)
        and all(isinstance(author, str) for author in authors)
        and all(isinstance(raw.get(naam, True), bool) for naam in ("concept", "inhoud"))
    )
    if not good:
        raise GebruikFout(
            "een kenmerk van het document heeft een verkeerd type",
            waar=where,
            verwacht="titel, ondertitel, datum en huisstijl: tekst; auteurs: lijst van teksten; "
            "concept en inhoud: true of false",
        )
    return {
        "titel": raw.get("titel", "").strip(),
        "ondertitel": raw.get("ondertitel", "").strip(),
        "auteurs": tuple(author for author in authors if author.strip()),
        "datum": raw.get("datum", ""),
        "concept": raw.get("concept", True),
        "inhoud": raw.get("inhoud", True),
        "huisstijl": raw.get("huisstijl", ""),
        "taal": raw.get("taal", DUTCH),
    }


def _title(title: str, blocks: Iterable[Block]) -> tuple[str, tuple[Block, ...]]:
    """Return the title and the blocks without the heading that repeats it."""
    rest = list(blocks)
    first = next((block for block in rest if isinstance(block, Kop) and block.niveau == 1), None)
    if not title and first is None:
        raise UitvoerFout(
            "het document heeft geen titel",
            herstel="geef het notebook een kop van niveau 1, of zet 'titel' in de metadata 'tks'",
        )
    if first is not None and (not title or first.tekst == title):
        rest.remove(first)
        title = first.tekst
    return title, tuple(rest)
