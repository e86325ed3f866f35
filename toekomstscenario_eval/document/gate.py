"""The gate: a notebook becomes a document only when every output it shows passed release.

Code is never shown. A refusal names all cells at fault at once, and shows nothing of their content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from toekomstscenario_eval.document.document import (
    MIME,
    VAST,
    Block,
    Document,
    Kop,
    Uitvoer,
    uitvoer_uit_mime,
)
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.document.house_style import load_style
from toekomstscenario_eval.document.languages import DUTCH, check_language
from toekomstscenario_eval.document.markdown import blokken_uit_markdown
from toekomstscenario_eval.document.prose import objections
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, TksFout, UitvoerFout, bedoelt_u

VERBORGEN = "verborgen"
PARAMETERS = "parameters"
METADATA = ("titel", "ondertitel", "auteurs", "datum", "concept", "inhoud", "huisstijl", "taal")

_TOON = "laat de cel een vrijgegeven tabel, figuur of zin tonen; zie het handboek"
_VOER_UIT = "voer het notebook eerst uit, van boven naar beneden, en sla het op"
_NAAST = {"text/html", "text/plain"}
_CEL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# First match names the output; anything else is "een andere ruwe uitvoer".
_RUW = (
    ("application/vnd.jupyter.widget", "een widget"),
    ("application/vnd.plotly", "een ruwe figuur"),
    ("application/vnd.vega", "een ruwe figuur"),
    ("image/", "een ruwe figuur"),
    ("application/javascript", "een script"),
    ("text/html", "een ruwe tabel of HTML"),
    ("text/", "ruwe tekst"),
)


@dataclass(frozen=True)
class _Bezwaar:
    """Why a cell may not pass. `onthulling` is false when only its form is at fault."""

    plek: str
    soort: str
    herstel: str = _TOON
    onthulling: bool = True


@dataclass
class _Oogst:
    blokken: list[Block] = field(default_factory=list)
    vrijgaven: list[str] = field(default_factory=list)
    bezwaren: list[_Bezwaar] = field(default_factory=list)


def document_uit_notebook(nb: Any) -> Document:
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
        When an output did not pass release, or a code cell was never run.
    UitvoerFout
        When the text holds something that a document cannot show.
    """
    oogst = _Oogst()
    if nb.get("metadata", {}).get("widgets"):
        oogst.bezwaren.append(_Bezwaar("het notebook zelf", "bewaarde toestand van widgets"))
    for nummer, cel in enumerate(nb.get("cells", []), start=1):
        _oogst_cel(cel, plek=_plek(cel, nummer), oogst=oogst)
    if oogst.bezwaren:
        raise _weigering(oogst.bezwaren)
    kenmerken = _kenmerken(nb.get("metadata", {}).get("tks", {}))
    titel, blokken = _titel(kenmerken["titel"], oogst.blokken)
    if not blokken:
        raise UitvoerFout("het notebook toont niets", herstel="voeg tekst of vrijgegeven uitvoer toe")
    nederlands: frozenset[str] = frozenset()
    check_language(kenmerken["taal"])
    if kenmerken["taal"] != DUTCH:
        blokken, nederlands = in_english(blokken)
    return Document(
        taal=kenmerken["taal"],
        nederlands=nederlands,
        titel=titel,
        ondertitel=kenmerken["ondertitel"],
        auteurs=kenmerken["auteurs"],
        datum=kenmerken["datum"],
        concept=kenmerken["concept"],
        inhoud=kenmerken["inhoud"],
        stijl=load_style(kenmerken["huisstijl"]),
        vrijgaven=tuple(dict.fromkeys(oogst.vrijgaven)),
        blokken=blokken,
    )


def _plek(cel: Mapping[str, Any], nummer: int) -> str:
    sleutel = cel.get("id", "")
    bruikbaar = isinstance(sleutel, str) and _CEL_ID.fullmatch(sleutel)
    return f"cel {nummer} (id {sleutel})" if bruikbaar else f"cel {nummer}"


def _labels(cel: Mapping[str, Any]) -> set[str]:
    return {str(label) for label in cel.get("metadata", {}).get("tags", [])}


def _bron(cel: Mapping[str, Any]) -> str:
    bron = cel.get("source", "")
    return bron if isinstance(bron, str) else "".join(bron)


def _oogst_cel(cel: Mapping[str, Any], *, plek: str, oogst: _Oogst) -> None:
    if cel.get("attachments"):
        oogst.bezwaren.append(
            _Bezwaar(plek, "een bijlage in de cel", "haal de bijlage uit de cel; toon een vrijgegeven figuur")
        )
    soort = cel.get("cell_type")
    if soort == "code":
        _oogst_code(cel, plek=plek, oogst=oogst)
    elif soort == "markdown":
        _oogst_tekst(cel, plek=plek, oogst=oogst)
    elif _bron(cel).strip():
        oogst.bezwaren.append(_Bezwaar(plek, "een ruwe cel", "maak er een Markdowncel van"))


def _oogst_tekst(cel: Mapping[str, Any], *, plek: str, oogst: _Oogst) -> None:
    if VERBORGEN in _labels(cel) or not _bron(cel).strip():
        return
    for bezwaar in objections(_bron(cel)):
        regel = f"{plek}, regel {bezwaar.regel + 1}"
        oogst.bezwaren.append(_Bezwaar(regel, f"{bezwaar.soort} in de tekst", bezwaar.herstel))
    try:
        oogst.blokken += blokken_uit_markdown(_bron(cel), waar=plek)
    except TksFout as fout:
        oogst.bezwaren.append(
            _Bezwaar(plek, fout.wat, fout.herstel, onthulling=isinstance(fout, OnthullingsFout))
        )


def _oogst_code(cel: Mapping[str, Any], *, plek: str, oogst: _Oogst) -> None:
    uitvoeren = cel.get("outputs", [])
    labels = _labels(cel)
    nooit = cel.get("execution_count") is None and not uitvoeren
    if nooit and _bron(cel).strip() and not labels & {VERBORGEN, PARAMETERS}:
        oogst.bezwaren.append(_Bezwaar(plek, "nog nooit uitgevoerd", _VOER_UIT))
    for uitvoer in uitvoeren:
        try:
            geldig = _vrijgegeven(uitvoer)
        except TksFout as fout:
            soort = f"{fout.wat} ({fout.waar})" if fout.waar else fout.wat
            oogst.bezwaren.append(_Bezwaar(plek, soort))
            continue
        if VERBORGEN not in labels:
            oogst.blokken += geldig.blokken
            oogst.vrijgaven += [geldig.vrijgave] if geldig.vrijgave != VAST else []


def _vrijgegeven(uitvoer: Mapping[str, Any]) -> Uitvoer:
    """Return the sealed output behind a notebook output, or refuse without showing its content."""
    soort, data = uitvoer.get("output_type"), uitvoer.get("data", {})
    if soort == "stream":
        stderr = uitvoer.get("name") == "stderr"
        raise OnthullingsFout("een melding of waarschuwing (stderr)" if stderr else "een print")
    if soort == "error":
        raise OnthullingsFout("een foutmelding (traceback)")
    if soort not in ("display_data", "execute_result") or not isinstance(data, Mapping):
        raise OnthullingsFout("een onbekend soort uitvoer")
    if MIME not in data:
        namen = (naam for begin, naam in _RUW if any(m.startswith(begin) for m in data))
        raise OnthullingsFout(next(namen, "ruwe uitvoer"))
    if set(data) - _NAAST - {MIME}:
        raise OnthullingsFout("vrijgegeven uitvoer met ruwe uitvoer ernaast")
    return uitvoer_uit_mime(data[MIME])


def _weigering(bezwaren: Iterable[_Bezwaar]) -> TksFout:
    """Return one refusal for all cells at fault, in the order of the notebook."""
    lijst = list(bezwaren)
    klasse = OnthullingsFout if any(b.onthulling for b in lijst) else UitvoerFout
    cellen = len({bezwaar.plek for bezwaar in lijst})
    if all(bezwaar.herstel == _VOER_UIT for bezwaar in lijst):
        wat = "het notebook is nog niet (helemaal) uitgevoerd"
    else:
        wat = (
            "een cel van het notebook kan niet in een document"
            if cellen == 1
            else f"{cellen} cellen van het notebook kunnen niet in een document"
        )
    return klasse(
        wat,
        waar=_onder_elkaar("Waar", (f"{bezwaar.plek}: {bezwaar.soort}" for bezwaar in lijst)),
        herstel=_onder_elkaar("Herstel", (bezwaar.herstel for bezwaar in lijst if bezwaar.herstel)),
    )


def _onder_elkaar(kop: str, regels: Iterable[str]) -> str:
    """Return the different lines under each other, in line with what stands after `kop` in a message."""
    return ("\n" + " " * len(f"  {kop}: ")).join(dict.fromkeys(regels))


def _kenmerken(ruw: object) -> dict[str, Any]:
    """Return the metadata of the document, complete and of the right type."""
    waar = "metadata 'tks' van het notebook"
    if not isinstance(ruw, Mapping):
        raise GebruikFout("de kenmerken van het document zijn niet leesbaar", waar=waar)
    for naam in ruw:
        if naam not in METADATA:
            raise GebruikFout(
                "onbekend kenmerk", waar=waar, kreeg=str(naam), herstel=bedoelt_u(str(naam), METADATA)
            )
    auteurs = ruw.get("auteurs", [])
    goed = (
        all(
            isinstance(ruw.get(naam, ""), str)
            for naam in ("titel", "ondertitel", "datum", "huisstijl", "taal")
        )
        and isinstance(auteurs, list | tuple)
        and all(isinstance(auteur, str) for auteur in auteurs)
        and all(isinstance(ruw.get(naam, True), bool) for naam in ("concept", "inhoud"))
    )
    if not goed:
        raise GebruikFout(
            "een kenmerk van het document heeft een verkeerd type",
            waar=waar,
            verwacht="titel, ondertitel, datum en huisstijl: tekst; auteurs: lijst van teksten; "
            "concept en inhoud: true of false",
        )
    return {
        "titel": ruw.get("titel", "").strip(),
        "ondertitel": ruw.get("ondertitel", "").strip(),
        "auteurs": tuple(auteur for auteur in auteurs if auteur.strip()),
        "datum": ruw.get("datum", ""),
        "concept": ruw.get("concept", True),
        "inhoud": ruw.get("inhoud", True),
        "huisstijl": ruw.get("huisstijl", ""),
        "taal": ruw.get("taal", DUTCH),
    }


def _titel(titel: str, blokken: Iterable[Block]) -> tuple[str, tuple[Block, ...]]:
    """Return the title and the blocks without the heading that repeats it."""
    rest = list(blokken)
    eerste = next((blok for blok in rest if isinstance(blok, Kop) and blok.niveau == 1), None)
    if not titel and eerste is None:
        raise UitvoerFout(
            "het document heeft geen titel",
            herstel="geef het notebook een kop van niveau 1, of zet 'titel' in de metadata 'tks'",
        )
    if eerste is not None and (not titel or eerste.tekst == titel):
        rest.remove(eerste)
        titel = eerste.tekst
    return titel, tuple(rest)
