"""Which row of a sheet or text holds the column names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

# The names stand near the top; further down a row is data that happens to look like names.
_NEAR = 50
_NUMBER = re.compile(r"[-+\d.,:/ T]+")


def find_heading(rows: Sequence[Sequence[str]], namen: Sequence[str], *, wanted: int | None) -> int | None:
    """Return the position of the row with names; None when there is no row.

    Parameters
    ----------
    rows : sequence of rows
        The first rows as text; an empty row counts as one.
    namen : sequence of str
        The names that the mapping uses: the row with most of them, if at least half. Without any such
        row it is the first filled one. When no names are given, it is the first row that is as wide as
        most and holds words only.
    wanted : int or None
        The position that the mapping names; -1 when there is no such row.
    """
    if wanted is not None:
        return wanted if 0 <= wanted < len(rows) else None
    filled = [i for i, row in enumerate(rows) if any(c.strip() for c in row)]
    if not filled:
        return None if not rows else 0
    known = set(namen)
    if not known:
        return _like_names(rows, filled)
    near = filled[:_NEAR]
    best = max(near, key=lambda i: (len(known & set(rows[i])), -i))
    return best if 2 * len(known & set(rows[best])) >= len(known) else filled[0]


def _like_names(rows: Sequence[Sequence[str]], filled: Sequence[int]) -> int:
    widths = {i: sum(bool(c.strip()) for c in rows[i]) for i in filled}
    usual = Counter(widths.values()).most_common(1)[0][0]
    for i in filled[:_NEAR]:
        cells = [c.strip() for c in rows[i] if c.strip()]
        words = not any(_NUMBER.fullmatch(c) for c in cells)
        if widths[i] >= usual and words and len(set(cells)) == len(cells):
            return i
    return filled[0]


def joined_headings(
    rows: Sequence[Sequence[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], first: int
) -> list[str]:
    """Return one name per column from several rows of names: group and name, with a space between.

    A merged cell gives its text to every column under it; `first` is the position of the first row.
    """
    cells = [list(row) for row in rows]
    for (row, col), (_, last_col) in merged:
        if first <= row < first + len(rows):
            line = cells[row - first]
            line[col : last_col + 1] = [line[col]] * len(line[col : last_col + 1])
    return [" ".join(dict.fromkeys(c for c in column if c)) for column in zip(*cells, strict=True)]
