from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from voorbeelddocument import tabel

from toekomstscenario_eval.document.document import MIME, VAST, Alinea, Kop, Output, Tekst, Verwijzing
from toekomstscenario_eval.document.gate import document_from_notebook
from toekomstscenario_eval.errors import ControleFout, GebruikFout, OnthullingsFout, UitvoerFout

TITEL = new_markdown_cell("# Titel")
DEFINITIE = Output((Alinea((Tekst("vaste tekst"),)),), VAST)


def _toon(uitvoer: Output, soort: str = "execute_result") -> Any:
    bundel = uitvoer._repr_mimebundle_()
    return (
        new_output(soort, data=bundel, execution_count=1)
        if soort == "execute_result"
        else new_output(soort, data=bundel)
    )


def _cel(*uitvoeren: Any, sleutel: str = "abc", labels: tuple[str, ...] = (), keer: int | None = 1) -> Any:
    return new_code_cell(
        "toon()", id=sleutel, outputs=list(uitvoeren), execution_count=keer, metadata={"tags": list(labels)}
    )


def _boek(*cellen: Any, **tks: Any) -> nbformat.NotebookNode:
    boek = new_notebook(cells=list(cellen), metadata={"tks": tks} if tks else {})
    # Through the file format, so that what is tested is what a saved notebook holds.
    return nbformat.reads(nbformat.writes(boek), as_version=4)


def test_text_and_released_output_become_a_document_in_order() -> None:
    document = document_from_notebook(
        _boek(
            new_markdown_cell("# Titel\n\n## Inleiding\n\ntekst"),
            _cel(_toon(Output((tabel(),), "v2")), sleutel="a"),
            _cel(_toon(DEFINITIE), sleutel="b"),
            _cel(
                _toon(Output((tabel(3),), "v1"), "display_data"),
                _toon(Output((tabel(4),), "v2")),
                sleutel="c",
            ),
            ondertitel="onder",
            auteurs=["A", "B"],
            datum="2026-11-01",
            concept=False,
        )
    )
    assert document.titel == "Titel"
    assert document.ondertitel == "onder"
    assert document.auteurs == ("A", "B")
    assert document.datum == "2026-11-01"
    assert document.concept is False
    assert document.vrijgaven == ("v2", "v1")
    assert document.blokken == (
        Kop(2, "Inleiding"),
        Alinea((Tekst("tekst"),)),
        tabel(),
        *DEFINITIE.blokken,
        tabel(3),
        tabel(4),
    )


def test_without_metadata_a_document_is_a_draft() -> None:
    assert document_from_notebook(_boek(TITEL, new_markdown_cell("x"))).concept is True


@pytest.mark.parametrize(
    ("tks", "titel", "koppen"),
    [
        ({}, "Een", ["Twee"]),
        ({"titel": "Een"}, "Een", ["Twee"]),
        ({"titel": "Ander"}, "Ander", ["Een", "Twee"]),
    ],
)
def test_title_comes_from_the_metadata_or_the_first_heading(tks: Any, titel: str, koppen: list[str]) -> None:
    document = document_from_notebook(_boek(new_markdown_cell("# Een\n\n# Twee\n\nx"), **tks))
    assert document.titel == titel
    assert [blok.tekst for blok in document.blokken if isinstance(blok, Kop)] == koppen


def _gebroken(**verandering: Any) -> Any:
    uitvoer = _toon(DEFINITIE)
    uitvoer.data[MIME] |= verandering
    return uitvoer


def _ruw(**data: str) -> Any:
    return new_output(
        "execute_result", data={naam.replace("__", "/"): inhoud for naam, inhoud in data.items()}
    )


def _ernaast() -> Any:
    uitvoer = _toon(DEFINITIE)
    uitvoer.data["image/png"] = "Z2VoZWlt"
    return uitvoer


@pytest.mark.parametrize(
    ("uitvoer", "soort"),
    [
        (new_output("stream", name="stdout", text="geheim"), "een print"),
        (new_output("stream", name="stderr", text="geheim"), "een melding of waarschuwing (stderr)"),
        (
            new_output("error", ename="geheim", evalue="geheim", traceback=["geheim"]),
            "een foutmelding (traceback)",
        ),
        (_ruw(text__html="<table>geheim</table>", text__plain="geheim"), "een ruwe tabel of HTML"),
        (_ruw(text__plain="geheim"), "ruwe tekst"),
        (_ruw(image__png="Z2VoZWlt", text__plain="geheim"), "een ruwe figuur"),
        (_ruw(**{"application/vnd.vegalite.v5+json": "geheim"}), "een ruwe figuur"),
        (_ruw(**{"application/vnd.jupyter.widget-view+json": "geheim"}), "een widget"),
        (_ruw(application__javascript="geheim"), "een script"),
        (_ruw(**{"application/x-geheim": "geheim"}), "ruwe uitvoer"),
        (new_output("display_data"), "ruwe uitvoer"),
        (_ernaast(), "vrijgegeven uitvoer met ruwe uitvoer ernaast"),
        (_gebroken(zegel="0" * 64), "uitvoer met een verbroken zegel"),
        (_gebroken(vrijgave="geheim"), "uitvoer met een verbroken zegel"),
        (_gebroken(versie=2), "uitvoer van een onbekende versie"),
        (_gebroken(geheim=1), "geen geldige uitvoer"),
        (_gebroken(blokken=[{"type": "geheim"}]), "het document bevat een onbekend soort onderdeel"),
        (
            _gebroken(blokken=[{"type": "code", "tekst": 1}]),
            "het veld 'tekst' heeft een verkeerd type of een onbekende waarde (Code)",
        ),
    ],
)
@pytest.mark.parametrize("labels", [(), ("verborgen",), ("parameters",)])
def test_output_that_was_not_released_is_refused_without_showing_it(
    uitvoer: Any, soort: str, labels: tuple[str, ...]
) -> None:
    with pytest.raises(OnthullingsFout) as fout:
        document_from_notebook(_boek(TITEL, _cel(uitvoer, labels=labels)))
    assert fout.value.exitcode == 5
    assert str(fout.value) == (
        "Niet vrijgegeven: een cel van het notebook kan niet in een document\n"
        f"  Waar: cel 2 (id abc): {soort}\n"
        "  Herstel: laat de cel een vrijgegeven tabel, figuur of zin tonen; zie het handboek"
    )


def test_all_cells_at_fault_stand_in_one_message() -> None:
    bijlage = new_markdown_cell("tekst", id="d")
    bijlage["attachments"] = {"geheim.png": {"image/png": "Z2VoZWlt"}}
    boek = _boek(
        TITEL,
        _cel(new_output("stream", text="geheim"), new_output("stream", text="geheim"), sleutel="a"),
        _cel(_toon(DEFINITIE), sleutel="goed"),
        new_raw_cell("geheim", id="b"),
        new_markdown_cell("<b>geheim</b>", id="c"),
        bijlage,
        _cel(sleutel="e", keer=None),
    )
    boek.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    with pytest.raises(OnthullingsFout) as fout:
        document_from_notebook(boek)
    assert str(fout.value) == (
        "Niet vrijgegeven: 6 cellen van het notebook kunnen niet in een document\n"
        "  Waar: het notebook zelf: bewaarde toestand van widgets\n"
        "        cel 2 (id a): een print\n"
        "        cel 4 (id b): een ruwe cel\n"
        "        cel 5 (id c): de tekst bevat HTML\n"
        "        cel 6 (id d): een bijlage in de cel\n"
        "        cel 7 (id e): nog nooit uitgevoerd\n"
        "  Herstel: laat de cel een vrijgegeven tabel, figuur of zin tonen; zie het handboek\n"
        "           maak er een Markdowncel van\n"
        "           schrijf gewone Markdown; ook opmerkingen tussen <!-- en --> kunnen niet mee\n"
        "           haal de bijlage uit de cel; toon een vrijgegeven figuur\n"
        "           voer het notebook eerst uit, van boven naar beneden, en sla het op"
    )


def test_a_notebook_that_was_not_run_is_refused() -> None:
    with pytest.raises(OnthullingsFout) as fout:
        document_from_notebook(_boek(TITEL, _cel(keer=None)))
    assert str(fout.value) == (
        "Niet vrijgegeven: het notebook is nog niet (helemaal) uitgevoerd\n"
        "  Waar: cel 2 (id abc): nog nooit uitgevoerd\n"
        "  Herstel: voer het notebook eerst uit, van boven naar beneden, en sla het op"
    )


@pytest.mark.parametrize("label", ["parameters", "verborgen"])
def test_a_labelled_cell_need_not_be_run(label: str) -> None:
    boek = _boek(TITEL, _cel(labels=(label,), keer=None), new_code_cell(" "), new_markdown_cell("x"))
    assert document_from_notebook(boek).blokken == (Alinea((Tekst("x"),)),)


def test_a_hidden_cell_passes_the_gate_but_stays_out_of_the_document() -> None:
    verborgen = new_markdown_cell(
        "Uitleg <b>voor wie</b> het notebook gebruikt", metadata={"tags": ["verborgen"]}
    )
    boek = _boek(
        TITEL,
        verborgen,
        _cel(_toon(Output((tabel(),), "v1")), labels=("verborgen",)),
        new_markdown_cell("x"),
    )
    document = document_from_notebook(boek)
    assert document.blokken == (Alinea((Tekst("x"),)),)
    assert document.vrijgaven == ()


def test_text_that_cannot_be_shown_is_no_disclosure() -> None:
    with pytest.raises(UitvoerFout) as fout:
        document_from_notebook(_boek(TITEL, new_markdown_cell("- a\n  - b", id="k")))
    assert str(fout.value) == (
        "Uitvoer niet gelukt: een cel van het notebook kan niet in een document\n"
        "  Waar: cel 2 (id k): een lijst staat in een andere lijst\n"
        "  Herstel: maak er één lijst van, of gebruik koppen"
    )


def test_a_document_needs_a_title_and_content() -> None:
    with pytest.raises(UitvoerFout) as zonder_titel:
        document_from_notebook(_boek(new_markdown_cell("## Kop\n\nx")))
    assert zonder_titel.value.wat == "het document heeft geen titel"
    with pytest.raises(UitvoerFout) as leeg:
        document_from_notebook(_boek(TITEL))
    assert leeg.value.wat == "het notebook toont niets"


def test_links_between_cells_work() -> None:
    boek = _boek(TITEL, new_markdown_cell("## Kop een\n\nx"), new_markdown_cell("zie [boven](#kop-een)"))
    assert Verwijzing("boven", "#kop-een") in document_from_notebook(boek).blokken[-1].inhoud  # type: ignore[union-attr]


def test_unknown_metadata_is_refused_with_a_suggestion() -> None:
    with pytest.raises(GebruikFout) as fout:
        document_from_notebook(_boek(TITEL, new_markdown_cell("x"), auteur="A"))
    assert str(fout.value) == (
        "Opdracht niet begrepen: onbekend kenmerk\n"
        "  Waar: metadata 'tks' van het notebook\n"
        "  Kreeg: auteur\n"
        "  Herstel: Bedoelt u 'auteurs'?"
    )


@pytest.mark.parametrize("tks", [{"auteurs": "A"}, {"auteurs": [1]}, {"datum": 2026}, {"concept": "nee"}])
def test_metadata_of_a_wrong_type_is_refused(tks: Any) -> None:
    with pytest.raises(GebruikFout) as fout:
        document_from_notebook(_boek(TITEL, new_markdown_cell("x"), **tks))
    assert fout.value.wat == "een kenmerk van het document heeft een verkeerd type"


def test_cells_without_id_are_named_by_number() -> None:
    boek = _boek(TITEL, _cel(new_output("stream", text="x")))
    del boek.cells[1]["id"]
    with pytest.raises(OnthullingsFout) as fout:
        document_from_notebook(boek)
    assert fout.value.waar == "cel 2: een print"


def test_metadata_that_is_no_mapping_is_refused() -> None:
    boek = _boek(TITEL, new_markdown_cell("x"))
    boek.metadata["tks"] = "titel"
    with pytest.raises(GebruikFout) as fout:
        document_from_notebook(boek)
    assert fout.value.wat == "de kenmerken van het document zijn niet leesbaar"


def test_text_that_points_to_a_family_is_refused_with_cell_and_line() -> None:
    nb = _boek(new_markdown_cell("# Titel\n\nEr waren twee gezinnen met BSN 999990019.", id="abc"))
    with pytest.raises(OnthullingsFout) as fout:
        document_from_notebook(nb)
    assert "cel 1 (id abc), regel 3: een burgerservicenummer in de tekst" in fout.value.waar
    assert "regel 3: een klein aantal gezinnen of mensen in de tekst" in fout.value.waar
    assert "999990019" not in fout.value.tekst()


CLAIM = "Een zin.\n\nHet verschil is\n**significant**, en Noord is koploper."


def test_a_final_document_with_a_claim_in_its_text_is_refused_with_the_place_and_the_words() -> None:
    cel = new_markdown_cell(CLAIM, id="duiding")
    with pytest.raises(ControleFout) as fout:
        document_from_notebook(_boek(TITEL, cel, concept=False))
    assert fout.value.exitcode == 4
    plek = "cel 2 (id duiding), regel"
    assert fout.value.waar.split("\n        ") == [
        f"{plek} 4: 'significant' beweert significantie of bewijs",
        f"{plek} 4: 'koploper' beweert een ranglijst",
    ]
    assert "noem het verschil met zijn interval" in fout.value.herstel
    assert "concept" in fout.value.herstel


def test_a_draft_may_still_claim_and_a_hidden_cell_is_not_read() -> None:
    cel = new_markdown_cell(CLAIM)
    assert document_from_notebook(_boek(TITEL, cel, concept=True)).concept
    verborgen = new_markdown_cell(CLAIM, metadata={"tags": ["verborgen"]})
    assert not document_from_notebook(_boek(TITEL, verborgen, new_markdown_cell("x"), concept=False)).concept


def test_what_points_to_a_family_is_told_before_what_claims_too_much() -> None:
    cel = new_markdown_cell(f"{CLAIM} Er waren drie gezinnen.")
    with pytest.raises(OnthullingsFout):
        document_from_notebook(_boek(TITEL, cel, concept=False))
