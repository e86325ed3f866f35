"""Hidden groups as one: the whole minus what is shown, and only when the thresholds hold."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from toekomstscenario_eval.blocks.hidden_together import hidden_together, together_sentence
from toekomstscenario_eval.disclosure.release import release
from toekomstscenario_eval.document.document import Getal
from toekomstscenario_eval.types import Kind, Maat, Vorm

sys.path.insert(0, str(Path(__file__).parents[1] / "disclosure"))
from vrijgave_bouw import BELEID, delen, resultaat, rij

GROEPEN = (("a", 4, 60), ("b", 30, 70), ("c", 50, 90))


def samen(*groepen):
    return hidden_together(release([delen(*groepen)], policy=BELEID), "proef", per="gezinsprofiel")


def test_hidden_groups_are_the_whole_minus_what_is_shown():
    uit = samen(*GROEPEN)
    assert (uit.groepen, uit.teller, uit.noemer) == (2, 34, 130)
    assert uit.waarde == pytest.approx(34 / 130)
    assert len(uit.bronnen) == 2  # the whole and c
    tekst = "".join(deel.tekst for deel in together_sentence(uit).inhoud)
    assert tekst.startswith("De 2 groepen die niet apart te zien zijn, komen samen uit op 26,2% (34 van 130)")
    getallen = [d for d in together_sentence(uit).inhoud if isinstance(d, Getal)]
    assert len(getallen) == 3


def test_nothing_hidden_has_nothing_together():
    assert samen(("b", 30, 70), ("c", 50, 90)) is None


def test_a_hidden_whole_has_nothing_together():
    assert samen(("a", 4, 60), ("b", 3, 70)) is None


def gemiddelden(*groepen, scheef=0.0):
    """Return means of groups `(name, households, sum)`, with their whole."""
    alles = ("totaal", sum(g[1] for g in groepen), sum(g[2] for g in groepen))
    rijen = [
        rij(
            "" if naam == "totaal" else "gezinsprofiel",
            naam,
            n,
            maat="gemiddelde",
            teller=som,
            noemer=n,
            schatting=som / n + scheef,
        )
        for naam, n, som in (alles, *groepen)
    ]
    maten = {"gemiddelde": Maat("Gemiddeld aantal", "professionals per huishouden", Vorm.GETAL)}
    return release([resultaat(Kind.AANTAL, rijen, maten=maten)], policy=BELEID)


def test_means_of_hidden_groups_are_put_together_too():
    vrijgave = gemiddelden(("a", 4, 20), ("b", 30, 120), ("c", 60, 180))
    uit = hidden_together(vrijgave, "proef", per="gezinsprofiel")
    assert (uit.groepen, uit.teller, uit.noemer) == (2, 140, 34)
    tekst = "".join(deel.tekst for deel in together_sentence(uit).inhoud)
    assert "samen uit op 4,12 professionals per huishouden (140 gedeeld door 34)" in tekst


def test_what_is_no_quotient_of_sums_is_not_put_together():
    vrijgave = gemiddelden(("a", 4, 20), ("b", 30, 120), ("c", 60, 180), scheef=0.1)
    assert hidden_together(vrijgave, "proef", per="gezinsprofiel") is None
