"""Each rule on its own worked cases, and what every rule file must have."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from toekomstscenario_eval.data.checks import rules
from toekomstscenario_eval.data.checks._runner import RuleFile, run
from toekomstscenario_eval.data.checks._vorm import Case
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.types import Status

REGELS = list(rules().values())
PAREN = [pytest.param(r, g, id=f"{r.id}: {g.naam}") for r in REGELS for g in r.gevallen]


@pytest.mark.parametrize(("regel", "geval"), PAREN)
def test_worked_case_gives_the_findings_it_names(
    regel: RuleFile, geval: Case, pakket: Callable[..., Package]
) -> None:
    venster = {"begin": geval.venster.begin.isoformat(), "eind": geval.venster.eind.isoformat()}
    p = pakket(geval.tabellen, peildatum=geval.peildatum.isoformat(), waarneemvenster=venster)
    bevindingen = run(p, [regel])
    gefaald = [f for f in bevindingen if f.status is Status.GEFAALD]
    assert [(f.tabel, f.kolom, f.aantal, f.rijen) for f in gefaald] == list(geval.found)
    assert not [f for f in bevindingen if f.status is Status.FOUT]
    if not geval.found:
        assert {f.status for f in bevindingen} <= {Status.GESLAAGD, Status.NVT}
    for f in gefaald:
        assert f.regel == regel.id
        assert f.ernst is regel.regel.ernst
        assert f.herstel
        assert f.toelichting


@pytest.mark.parametrize("regel", REGELS, ids=lambda r: r.id)
def test_rule_has_a_failing_and_a_passing_case(regel: RuleFile) -> None:
    assert any(g.found for g in regel.gevallen)
    assert any(not g.found for g in regel.gevallen)
    namen = [g.naam for g in regel.gevallen]
    assert len(namen) == len(set(namen))


@pytest.mark.parametrize("regel", REGELS, ids=lambda r: r.id)
def test_rule_explains_itself(regel: RuleFile) -> None:
    tekst = regel.regel
    for zin in (tekst.titel, tekst.uitleg):
        assert zin[0].isupper()
    assert tekst.uitleg.endswith(".")
    assert not tekst.titel.endswith(".")
    assert not tekst.herstel.endswith(".")
    assert re.fullmatch(r"[a-z][a-z_]*", regel.id)


@pytest.mark.parametrize("regel", REGELS, ids=lambda r: r.id)
def test_rule_needs_only_what_the_contract_has(regel: RuleFile) -> None:
    for tabel, kolommen in regel.regel.needed.items():
        bekend = {v.naam for v in load_schema().tabellen[tabel].fields}
        assert set(kolommen) <= bekend


def test_no_two_rules_share_a_title() -> None:
    """Findings are counted by title and place: of two rules with one title they would be added up."""
    titels = [r.regel.titel.casefold() for r in REGELS]
    assert len(titels) == len(set(titels))


def test_rules_are_found_in_alphabetical_order_and_not_the_helpers() -> None:
    namen = list(rules())
    assert namen == sorted(namen)
    assert not [n for n in namen if n.startswith("_")]
    assert {"bsn", "sleutel", "verwijzing", "leesbaarheid"} <= set(namen)
