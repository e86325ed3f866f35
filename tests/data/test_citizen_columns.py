"""Columns with citizen service numbers are found however they are written, and numbers like them stay.

All numbers here are made: 9999xxxxx was never issued, and others follow from the test of eleven.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import ibis
import numpy as np
import pyarrow as pa
import pytest

from toekomstscenario_eval import citizen_number
from toekomstscenario_eval.data.citizen_columns import Found, find_bsn, unlikely
from toekomstscenario_eval.data.connection import connect
from toekomstscenario_eval.data.parsing import ROW

WEIGHTS = np.array([9, 8, 7, 6, 5, 4, 3, 2, -1])


def passes(numbers: np.ndarray) -> np.ndarray:
    """Return which numbers pass, worked out apart from the code under test."""
    digits = numbers[:, None] // 10 ** np.arange(8, -1, -1) % 10
    return digits @ WEIGHTS % 11 == 0


def made(aantal: int, *, seed: int = 1, lowest: int = 100_000_000) -> list[str]:
    """Return different numbers that pass."""
    rng = np.random.default_rng(seed)
    numbers = np.unique(rng.integers(lowest, 300_000_000, aantal * 30))
    return [str(n) for n in rng.permutation(numbers[passes(numbers)])[:aantal]]


def found(values, naam: str = "nummer", kind: pa.DataType | None = None) -> Found | None:
    """Return what is found in a column with these values."""
    con = connect()
    try:
        arrow = pa.table({ROW: pa.array(range(1, len(values) + 1)), naam: pa.array(values, kind)})
        return find_bsn(con.create_table("t", ibis.memtable(arrow))).get(naam)
    finally:
        con.disconnect()


def parts(n: str, *lengths: int, sign: str) -> str:
    return sign.join(n[a:b] for a, b in pairwise(np.cumsum([0, *lengths])))


WAYS = {
    "plain": str,
    "spaces 3-3-3": lambda n: parts(n, 3, 3, 3, sign=" "),
    "dots 3-3-3": lambda n: parts(n, 3, 3, 3, sign="."),
    "dots 4-2-3": lambda n: parts(n, 4, 2, 3, sign="."),
    "dashes 4-2-3": lambda n: parts(n, 4, 2, 3, sign="-"),
    "slashes": lambda n: parts(n, 3, 3, 3, sign="/"),
    "spaced dashes": lambda n: parts(n, 3, 3, 3, sign=" - "),
    "hard spaces": lambda n: parts(n, 3, 3, 3, sign="\u00a0"),
    "thin spaces": lambda n: parts(n, 3, 3, 3, sign="\u2009"),
    "long dashes": lambda n: parts(n, 3, 3, 3, sign="\u2013"),
    "zero width": lambda n: parts(n, 5, 4, sign="\u200b"),
    "pairs": lambda n: parts(n, 2, 2, 2, 3, sign=" "),
    "country before": lambda n: f"NL{n}",
    "letter before": lambda n: f"b{n}",
    "dash before": lambda n: f"kind-{n}",
    "tax number of one person": lambda n: f"NL{n}B01",
    "as a float": lambda n: f"{n}.0",
    "as a Dutch float": lambda n: f"{n},00",
    "edges": lambda n: f"  {n}\t",
    "quoted": lambda n: f"'{n}'",
    "in text": lambda n: f"Op 03-04-2024 belde moeder over {n}, tel. 06-12345678.",
    "after a date": lambda n: f"03-04-2024 {n}",
}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_way_to_write_one_is_seen(way):
    seen = found([WAYS[way](n) for n in made(12)])
    assert seen is not None
    assert (seen.aantal, seen.passing, seen.rijen) == (12, 12, (1, 2, 3, 4, 5))


@pytest.mark.parametrize("way", ["plain", "dots 3-3-3", "country before", "in text"])
def test_ten_among_thirty_other_keys(way):
    """The keys of ten are BSN; the others are no numbers of nine digits and say nothing about the ten."""
    keys = [f"gezin {i}" for i in range(30)] + [WAYS[way](n) for n in made(10)]
    assert found(keys).aantal == 10


def test_a_lost_zero():
    numbers = [n for n in made(40, lowest=10_000_000) if len(n) == 8]
    assert len(numbers) >= 3
    assert found(numbers[:3]) is not None
    assert found([parts(n, 2, 3, 3, sign=".") for n in numbers[:3]]) is not None


@pytest.mark.parametrize("kind", [pa.int64(), pa.int32(), pa.float64(), pa.decimal128(12, 2), pa.string()])
def test_numbers_count_as_text_does(kind):
    numbers = [int(n) for n in made(6)]
    assert found([str(n) for n in numbers] if kind == pa.string() else numbers, kind=kind).aantal == 6


def test_few_values():
    """Three different numbers and nothing else; with others beside them five are needed."""
    three, five = made(3), made(5)
    assert found(three * 4).aantal == 12
    assert found([*three, "", None, "999999999"]).aantal == 3
    assert found([*three, "onbekend"]) is None
    assert found([*five, "onbekend"]).aantal == 5
    assert found(three[:2] * 50) is None


@pytest.mark.parametrize("words", ["BSN: {}", "het bsn is {}", "burgerservicenummer={}", "Sofinummer {}"])
def test_one_that_calls_itself_so_is_enough(words):
    (n,) = made(1)
    assert found(["een brief", words.format(n), "nog een brief"]).rijen == (2,)
    assert (
        found(
            [
                "een brief",
                words.format(next(i for i in range(int(n) + 1, int(n) + 9) if not passes(np.array([i])))),
            ]
        )
        is None
    )


@pytest.mark.parametrize("naam", ["BSN", "kind_bsn", "Burgerservicenummer", "sofi-nr"])
def test_one_in_a_column_that_is_called_so_is_enough(naam):
    (n,) = made(1)
    assert found([n, "x", "y"], naam).aantal == 1
    assert found(["a1", "x", "y"], naam) is None


def test_what_is_told_are_counts():
    seen = found([*made(12), *(str(100_000_000 + i) for i in range(22))])
    assert str(seen) == (
        f"{seen.aantal} rijen; van 34 verschillende getallen van acht of negen cijfers doorstaan "
        f"{seen.passing} de elfproef, en bij toeval zou dat 3,1 zijn"
    )


DAYS = [date(2023, 1, 1) + timedelta(days=i) for i in range(1500)]


@pytest.mark.parametrize(
    "values",
    [
        [str(n) for n in np.random.default_rng(3).integers(100_000_000, 10**9, 5000)],
        [str(n) for n in np.random.default_rng(4).integers(10_000_000, 10**8, 5000)],
        [str(100_000_000 + i) for i in range(5000)],
        [str(100_000_007 + 7919 * i) for i in range(5000)],
        [f"G-2024-{i:05d}" for i in range(5000)],
        [f"{d:%Y%m%d}" for d in DAYS],
        [f"{d:%d%m%Y}" for d in DAYS],
        [f"{d:%d-%m-%Y}" for d in DAYS],
        [f"{d:%Y%m}00" for d in DAYS],
        [f"{d:%Y%m%d}{i % 10}" for i, d in enumerate(DAYS)],
        [f"06-{n}" for n in np.random.default_rng(5).integers(10_000_000, 10**8, 5000)],
        [f"6{n}" for n in np.random.default_rng(6).integers(10_000_000, 10**8, 5000)],
        [f"{n:016x}" for n in np.random.default_rng(7).integers(0, 2**62, 20_000)],
        ["999999999", "000000000", "111111111", "99999999"] * 20,
        [f"{n}.000.000" for n in range(100, 999)],
        ["20240111"] * 400,
    ],
    ids=[
        "random keys or RIN",
        "random keys of eight digits",
        "record numbers",
        "steps",
        "case numbers",
        "jjjjmmdd",
        "ddmmjjjj",
        "dd-mm-jjjj",
        "partial dates",
        "date and number",
        "mobile",
        "mobile that lost its zero",
        "pseudonyms",
        "fillers",
        "amounts",
        "one date",
    ],
)
def test_numbers_like_them_stay(values):
    assert found(values) is None


def test_how_often_chance_is_refused():
    """Of 40,000 columns of random numbers, of each length; of steps up to ten none, of larger ones 2 in 100.

    At most 1 in 100,000 is meant to be refused; of 200,000 columns more than 8 would be 1 in 2,000 by chance.
    """
    rng = np.random.default_rng(8)
    refused = 0
    for n in (5, 40, 300, 5000, 1_000_000):
        counts, times = np.unique(rng.binomial(n, 1 / 11, 40_000), return_counts=True)
        refused += sum(int(t) for k, t in zip(counts, times, strict=True) if unlikely(int(k), n))
    assert refused <= 8
    for highest, share in ((11, 0.0), (5000, 0.02)):
        starts, steps = rng.integers(10**8, 6 * 10**8, 600), rng.integers(1, highest, 600)
        wrong = [
            any(unlikely(int(passes(start + step * np.arange(n)).sum()), n) for n in (12, 200))
            for start, step in zip(starts, steps, strict=True)
        ]
        assert np.mean(wrong) <= share


@pytest.mark.parametrize(("others", "needed"), [(30, 14), (100, 23), (1000, 60), (100_000, 600)])
def test_how_many_among_others_are_found(others, needed):
    """Nine in ten mixtures of `needed` BSN with random numbers are refused; half as many seldom."""
    rng = np.random.default_rng(9)
    power = [
        np.mean([unlikely(m + int(k), others + m) for k in rng.binomial(others, 1 / 11, 400)])
        for m in (needed, needed // 2)
    ]
    assert power[0] >= 0.9
    assert power[1] < 0.5


@pytest.mark.parametrize(
    "tekst",
    [
        "nummer 999990019.",
        "999 990 019",
        "9999.90.019",
        "9999-90-019",
        "NL999990019",
        "b999990019",
        "999/990/019",
    ],
)
def test_typed_text_has_the_same_shapes(tekst):
    assert len(list(citizen_number.typed(f"Er stond {tekst}"))) == 1


@pytest.mark.parametrize(
    "tekst", ["20240111", "11012024", "999990018", "1999990019", "999990019,5", "999999999"]
)
def test_typed_numbers_that_are_no_bsn(tekst):
    assert not list(citizen_number.typed(f"Er stond {tekst} euro"))
