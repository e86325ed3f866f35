"""A place where nobody is, or hardly anybody, is drawn as any other: who comes does not show at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.protection.waist import Waist
from toekomstscenario_eval.summaries.places import possible
from toekomstscenario_eval.types import Kind, Summary

BELEID, GEHEIM, DAG = load_policy(), Secret(bytes(range(32)), Path("ergens")), date(2026, 1, 1)
SLEUTELS = [int(k) for k in GEHEIM.record_keys([f"gezin {i}" for i in range(400)])]
PLEK = ("proeftuin", "Noord")


def plekken(noord: int) -> pd.DataFrame:
    """300 households in all; the last `noord` of them at one site."""
    groepen = {("", "totaal"): SLEUTELS[:300], PLEK: SLEUTELS[300 - noord : 300]}
    rijen = [(*plek, len(s), sum(s) % 2**64) for plek, s in groepen.items()]
    tabel = pd.DataFrame(rijen, columns=["uitsplitsing", "groep", "n", "sleutel"])
    return tabel.astype({"sleutel": "uint64"})


def toon(boek: Register, noord: int, pakket: str) -> list[int]:
    """Show the sizes of the sites and keep them; return what is seen of the one."""
    wie = plekken(noord)
    taille = Waist.make(
        GEHEIM, BELEID, boek.snapshot, epoch=DAG, package=pakket, places=wie, events=lambda _: {}
    )
    samenvattingen = {}
    for per in ("", "proeftuin"):
        deel = wie[wie["uitsplitsing"].eq(per)].assign(periode="", naam="h", x=0, k=1)
        samenvattingen[per] = Summary(Kind.TELLING, pd.DataFrame(), deel[["groep", "periode"]], deel)
    uit = taille.protect("huishoudens", samenvattingen)
    if nieuw := taille.entries(uit.values(), boek.snapshot):
        boek.append(nieuw)
    return uit["proeftuin"].plekken["huishoudens"].tolist()


@pytest.mark.parametrize("eerst", [0, 1, 2])
def test_who_comes_to_an_empty_place_waits_for_the_next_draw(eerst):
    boek = Register.memory("0" * 16, BELEID.ruis, BELEID.epoche)
    toen = toon(boek, eerst, "p1")
    assert len(boek.draws(PLEK)) == 1
    for meer in range(eerst + 1, eerst + 9):
        assert toon(boek, meer, f"p{meer}") == toen
    assert len(boek.draws(PLEK)) == 1


def test_places_follow_from_lists_and_not_from_who_is_there(tmp_path):
    pakket = open_package(make_example(tmp_path / "p", huishoudens=20, seed=1))
    sites = set(map(str, pakket.tabellen["proeftuin"].execute()["naam"]))
    assert possible(pakket, "proeftuin") == {*sites, "onbekend"} or sites < possible(pakket, "proeftuin")
    assert "dwingende_controle" in possible(pakket, "gezinsprofiel")
