"""A copied place is what the register holds: its own window, and not judged again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.protection.waist import WHOLE, Waist
from toekomstscenario_eval.types import Kind, Summary

POLICY, SECRET, PER = load_policy(), Secret(bytes(range(32)), Path("ergens")), "gezinsprofiel"
COUNTS = {"a": (200, 4), "b": (150, 90), "c": (120, 60)}
RNG = np.random.default_rng(5)
KEYS = {g: RNG.integers(0, 2**63, 2, dtype=np.uint64) for g in COUNTS}


def cells(groups, name, days):
    """Return households with and without it, of each group or of all together."""
    rows = []
    for naam in ("h", "n", "t", "r"):
        for g in groups:
            n, t = COUNTS[g]
            key_n, key_t = map(int, KEYS[g])
            value = {"h": n, "n": n, "t": t, "r": n - t}[naam]
            key = {"h": key_n, "n": key_n, "t": key_t, "r": (key_n - key_t) % 2**64}[naam]
            rows.append((name or g, "", naam, 0, 1, value, key))
    table = pd.DataFrame(rows, columns=["groep", "periode", "naam", "x", "k", "n", "sleutel"])
    table["sleutel"] = table["sleutel"].astype("uint64")
    table = table.groupby(["groep", "periode", "naam", "x", "k"], as_index=False)[["n", "sleutel"]].sum()
    who = pd.DataFrame({"groep": table["groep"].unique(), "periode": "", "huishoudens": 0, "kap": days})
    return Summary(Kind.AANDEEL, pd.DataFrame(), who, table)


def asked(book, epoch, *, days, events, policy=POLICY):
    """Publish at an epoch, in the register; return the summaries and what it added."""
    with np.errstate(over="ignore"):
        everybody = np.array([key[0] for key in KEYS.values()]).sum(dtype=np.uint64)
    places = pd.DataFrame(
        {
            "uitsplitsing": ["", *[PER] * len(COUNTS)],
            "groep": [WHOLE[1], *COUNTS],
            "n": [sum(n for n, _ in COUNTS.values()), *(n for n, _ in COUNTS.values())],
            "sleutel": np.array([everybody, *(key[0] for key in KEYS.values())], dtype=np.uint64),
        }
    )
    waist = Waist.make(
        SECRET, policy, book.snapshot, epoch=epoch, package=str(epoch), places=places, events=lambda _: events
    )
    found = waist.protect("vraag", {"": cells(COUNTS, WHOLE[1], days), PER: cells(COUNTS, "", days)})
    added = waist.entries(found.values(), book.snapshot)
    book.append(added)
    return found, added


def first():
    book = Register.memory(SECRET.vingerafdruk, POLICY.ruis, POLICY.epoche)
    return book, asked(book, date(2025, 1, 1), days=366, events={})[0]


def test_a_copy_has_the_window_of_its_own_draw():
    book, before = first()
    drawn = {WHOLE: 300, (PER, "a"): 100}
    after, _ = asked(book, date(2026, 1, 1), days=731, events=drawn)
    days = after[PER].plekken.set_index("groep")["kap"]
    assert before[PER].plekken["kap"].eq(366).all()
    assert days.to_dict() == {"a": 731, "b": 366, "c": 366}


def test_a_copy_is_not_judged_again():
    book, before = first()
    assert len(before[PER].cellen) > 6
    # Of a stricter owner hardly any count could be shown; what is public already stays.
    strict = replace(POLICY, regels={**POLICY.regels, "risico": 0.2})
    after, added = asked(book, date(2026, 1, 1), days=366, events={}, policy=strict)
    assert added == []
    for per, summary in before.items():
        pd.testing.assert_frame_equal(after[per].cellen, summary.cellen)
        pd.testing.assert_frame_equal(after[per].plekken, summary.plekken)
    # And of what is drawn now it is judged.
    empty = Register.memory(SECRET.vingerafdruk, POLICY.ruis, POLICY.epoche)
    new, _ = asked(empty, date(2025, 1, 1), days=366, events={}, policy=strict)
    assert len(new[PER].cellen) < len(before[PER].cellen)
