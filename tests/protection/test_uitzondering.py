"""An exception of the owner: in the same epoch a place is drawn anew as a whole, and it counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.protection.entries import Grant
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.protection.waist import Waist
from toekomstscenario_eval.types import Kind, Summary

BELEID = load_policy()
GEHEIM = Secret(bytes(range(32)), Path("ergens"))
SLEUTELS = GEHEIM.record_keys([f"pseudoniem {i}" for i in range(300)])
GEHEEL, DAG = ("", "totaal"), date(2026, 1, 1)
# Closed in the epoch of 2026, and not yet.
DICHT, OPEN = "2024", "2025"
EINDES = {DICHT: date(2025, 1, 1), OPEN: date(2026, 1, 1)}


def groep(wie: slice) -> tuple[int, int]:
    return len(SLEUTELS[wie]), int(SLEUTELS[wie].sum())


def samenvatting(met: int) -> Summary:
    """A share: the first `met` of 300 households have it, in both years."""
    groepen = {"h": slice(300), "n": slice(300), "t": slice(met), "r": slice(met, 300)}
    rijen = [("totaal", p, naam, 0, 1, *groep(wie)) for p in EINDES for naam, wie in groepen.items()]
    cellen = pd.DataFrame(rijen, columns=["groep", "periode", "naam", "x", "k", "n", "sleutel"])
    cellen["sleutel"] = cellen["sleutel"].astype("uint64")
    wie = pd.DataFrame({"groep": "totaal", "periode": list(EINDES), "huishoudens": 300})
    return Summary(Kind.AANDEEL, pd.DataFrame(), wie, cellen)


def vraag(
    boek: Register, *, met: int = 120, pakket: str = "p1", recept: str = "duo", epoche=DAG
) -> dict[str, object]:
    """Ask one question, show the answer and keep it: published counts by year and name, or the reason."""
    n, som = groep(slice(300))
    plekken = pd.DataFrame({"uitsplitsing": [""], "groep": ["totaal"], "n": [n], "sleutel": [som]})
    taille = Waist.make(
        GEHEIM,
        BELEID,
        boek.snapshot,
        epoch=epoche,
        package=pakket,
        places=plekken,
        events=lambda _: {GEHEEL: 0},
    )
    uit = taille.protect(recept, {"": samenvatting(met)}, ends=EINDES)
    boek.append(taille.entries(uit.values(), boek.snapshot))
    redenen = {r.periode: r.reden for r in uit[""].plekken.itertuples() if r.reden}
    cellen = uit[""].cellen
    return redenen | {
        p: dict(zip(deel["naam"], deel["n"], strict=True)) for p, deel in cellen.groupby("periode")
    }


def verwacht(met: int, again: int) -> dict[str, int]:
    sets = {"n": slice(300), "t": slice(met), "r": slice(met, 300)}
    n, som = (np.array(c) for c in zip(*map(groep, sets.values()), strict=True))
    getrokken = BELEID.ruis.draw(n, GEHEIM.uniforms(som.astype(np.uint64), DAG, again))
    return dict(zip(sets, getrokken.tolist(), strict=True))


@pytest.fixture
def boek() -> Register:
    boek = Register.memory("0" * 16, BELEID.ruis, BELEID.epoche)
    assert vraag(boek) == {DICHT: verwacht(120, 0), OPEN: verwacht(120, 0)}
    return boek


def sta_toe(boek: Register) -> None:
    boek.append([Grant(GEHEEL, "correctie", "A. Eigenaar", "een huishouden was dubbel", DAG)])


def test_without_one_a_correction_does_not_show(boek):
    """Nor does a new question of the corrected package, in this epoch."""
    kop = boek.head
    assert vraag(boek, met=119, pakket="p2") == {DICHT: verwacht(120, 0), OPEN: verwacht(120, 0)}
    nieuw = vraag(boek, met=119, pakket="p2", recept="nieuw")
    assert all("deze vraag is nieuw" in str(reden) for reden in nieuw.values())
    assert boek.head == kop


def test_with_one_the_whole_place_is_drawn_anew(boek):
    """Also the cells that the correction left alone: else those that changed would point at the household."""
    sta_toe(boek)
    nieuw = {DICHT: verwacht(119, 1), OPEN: verwacht(119, 1)}
    assert verwacht(119, 1) != verwacht(119, 0)
    assert vraag(boek, met=119, pakket="p2") == nieuw
    assert [d.uitzondering != "" for d in boek.draws(GEHEEL)] == [False, True]
    assert boek.exceptions(GEHEEL) == ()
    # It is used: what is asked again is copied, and a next correction waits.
    kop = boek.head
    assert vraag(boek, met=119, pakket="p2") == nieuw
    assert vraag(boek, met=118, pakket="p3") == nieuw
    assert boek.head == kop


def test_what_was_not_asked_then_is_drawn_with_the_same_noise_later(boek):
    """A question from before the exception, and one that is new, of the package that was drawn."""
    vraag(boek, recept="ander")
    sta_toe(boek)
    vraag(boek, met=119, pakket="p2")
    nieuw = {DICHT: verwacht(119, 1), OPEN: verwacht(119, 1)}
    assert vraag(boek, met=119, pakket="p2", recept="ander") == nieuw
    assert vraag(boek, met=119, pakket="p2", recept="nieuw") == nieuw
    assert len(boek.draws(GEHEEL)) == 2


def test_a_closed_window_stays_at_the_next_draw(boek):
    """The running of time draws what is open; what is closed takes an exception."""
    later = date(2027, 1, 1)
    n, som = groep(slice(300))
    plekken = pd.DataFrame({"uitsplitsing": [""], "groep": ["totaal"], "n": [n], "sleutel": [som]})
    taille = Waist.make(
        GEHEIM,
        BELEID,
        boek.snapshot,
        epoch=later,
        package="p2",
        places=plekken,
        events=lambda _: {GEHEEL: 300},
    )
    uit = taille.protect("duo", {"": samenvatting(119)}, ends=EINDES)
    stand = dict(zip(uit[""].plekken["periode"], uit[""].plekken["stand"], strict=True))
    assert stand == {DICHT: "2026-01-01", OPEN: "2027-01-01"}
    boek.append(taille.entries(uit.values(), boek.snapshot))
    assert len(boek.draws(GEHEEL)) == 2
