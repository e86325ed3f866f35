"""What a citizen service number (BSN) looks like, and the test of eleven: the one place that says so.

Typed text, the columns of a delivery and the tables of a package are all judged by this. A BSN has nine
digits; as a number it loses its first zero. People write it with spaces, dots, dashes or slashes (3-3-3,
4-2-3), and put letters before it. Numbers below 10 000 000 are not issued.

The patterns in capitals are for the engine (RE2), so they look neither ahead nor behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# The test of eleven: the digits times these weights add up to a multiple of eleven.
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# A random number passes it once in eleven times.
BY_CHANCE = 1 / 11
LOWEST, HIGHEST = 10_000_000, 999_999_999
# What stands for "unknown" (999999999, 111111111) points to nobody.
FILLERS = tuple(d * 111_111_111 for d in range(1, 10)) + tuple(d * 11_111_111 for d in range(1, 10))

# Signs between digits, those of text processors (hard and thin spaces, dashes) and marks without width
# included; the hyphen last, for it is a range elsewhere in a class.
SIGNS = " \t.,/_'\u00a0\u2007\u2009\u200b-\u200d\u202f\u2060\ufeff\u2010-\u2015\u2212\u00ad-"
# Eight or nine digits with at most some signs between them. Callers double every sign first (`DOUBLED`), so
# that numbers that share one are both found.
RUN = rf"(?:^|[^0-9])((?:[0-9][{SIGNS}]{{0,6}}){{7,8}}[0-9])(?:[^0-9]|$)"
DOUBLED = (r"([^0-9])", r"\1\1")
# Decimals that a spreadsheet or a statistical package adds to a number.
DECIMALS = r"^(\s*[0-9]{8,9})[.,]0+\s*$"
# Eight digits that are a date (jjjjmmdd, ddmmjjjj; day or month may be unknown) are never taken for a
# number that lost its zero.
_MONTH, _DAY, _YEAR = "(?:0[0-9]|1[0-2])", "(?:[0-2][0-9]|3[01])", "(?:19|20)[0-9]{2}"
DATE = rf"^(?:{_YEAR}{_MONTH}{_DAY}|{_DAY}{_MONTH}{_YEAR})$"
# A name or a word that says what the number is.
LABEL = r"(?:bsn|burgerservice|sofi.?n(?:umme)?r)"
NAMED = re.compile(r"(?:^|[^a-z])bsn|bsn(?:[^a-z]|$|nummer|nr)|burgerservice|sofi.?n(?:umme)?r")
LABELLED = rf"(?i){LABEL}[^0-9]{{0,20}}([0-9].*)$"

# In typed text one number is enough, so there its groups are of a shape.
_SIGN = rf"[{SIGNS}]"
_TYPED = re.compile(
    rf"(?<![\d,])(?<!\d[.\-/])(?:\d{{2,3}}{_SIGN}\d{{3}}{_SIGN}\d{{3}}|\d{{3,4}}{_SIGN}?\d{{2}}{_SIGN}?\d{{3}})"
    rf"(?![\d.,-]*\d)(?!{_SIGN}?\d)"
)
_DATE = re.compile(DATE)


def digits_of(written: str) -> str:
    """Return the digits of a number as written, its lost zero restored."""
    return re.sub(r"\D", "", written).zfill(9)


def passes(digits: str) -> bool:
    """Return whether nine digits pass the test of eleven and could have been issued."""
    number = int(digits)
    if number < LOWEST or number in FILLERS:
        return False
    return sum(weight * int(c) for weight, c in zip(WEIGHTS, digits, strict=True)) % 11 == 0


def says_so(name: str) -> bool:
    """Return whether the name of a column says that it holds these numbers."""
    return bool(NAMED.search(name.casefold()))


def typed(text: str) -> Iterator[re.Match[str]]:
    """Yield where typed text holds what can be such a number."""
    for found in _TYPED.finditer(text):
        written = re.sub(r"\D", "", found.group())
        if not _DATE.match(written) and passes(written.zfill(9)):
            yield found
