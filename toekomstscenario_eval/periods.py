"""A window by calendar periods: whole ones only, for a part of a year beside whole years reads as a fall."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.types import Venster

_MONTHS = {"jaar": 12, "halfjaar": 6, "kwartaal": 3, "maand": 1}
PERIODS = tuple(_MONTHS)
_LETTER = {"halfjaar": "H", "kwartaal": "K", "maand": "M"}


def split_periods(venster: Venster, periode: str | None, until: date | None = None) -> dict[str, Venster]:
    """Return the whole calendar periods within a window by label; see `left_out` for the rest.

    One entry with an empty label when `periode` is None.

    Parameters
    ----------
    until : date, optional
        The day on which observation stops, where that is before the end of the window.

    Raises
    ------
    GebruikFout
        For a period that does not exist, or a window without a whole one.
    """
    if periode is None:
        return {"": venster}
    seen = Venster(venster.begin, min(venster.eind, until)) if until else venster
    whole = {label: part for label, part, is_whole in _parts(seen, periode) if is_whole}
    if not whole:
        raise GebruikFout(
            f"in dit venster ligt geen heel kalender{periode}",
            verwacht=f"ten minste één {periode} van de eerste tot en met de laatste dag",
            kreeg=str(seen),
            herstel="laat de periode weg, of kies een kortere",
        )
    return whole


def days_of(label: str) -> Venster:
    """Return the days of a period by its label, such as `2024`, `2024-H1`, `2024-K3` or `2024-M09`."""
    year, _, part = label.partition("-")
    periode = next((k for k, letter in _LETTER.items() if part.startswith(letter)), PERIODS[0])
    whole = Venster(date(int(year), 1, 1), date(int(year) + 1, 1, 1))
    return {naam: days for naam, days, _ in _parts(whole, periode)}[label]


def has_whole(venster: Venster, periode: str, until: date) -> bool:
    """Whether a window holds a whole calendar period, as far as it was observed."""
    seen = Venster(venster.begin, min(venster.eind, until))
    return any(is_whole for *_, is_whole in _parts(seen, periode))


def left_out(venster: Venster, periode: str, shown: Collection[str]) -> list[Venster]:
    """Return the parts of a window that stand in no series, for they are no whole period that was observed.

    Parameters
    ----------
    shown : collection of str
        Labels of the periods that stand there.
    """
    return [part for label, part, _ in _parts(venster, periode) if label not in shown]


def _parts(venster: Venster, periode: str) -> Iterator[tuple[str, Venster, bool]]:
    """Yield the calendar parts of a window: label, days, and whether the period is whole."""
    if periode not in _MONTHS:
        raise GebruikFout(f"de periode '{periode}' bestaat niet", herstel=did_you_mean(periode, _MONTHS))
    stap = _MONTHS[periode]
    year, month = venster.begin.year, (venster.begin.month - 1) // stap * stap + 1
    while (begin := date(year, month, 1)) < venster.eind:
        following = month + stap
        year_after, month_after = (year, following) if following <= 12 else (year + 1, following - 12)
        eind = date(year_after, month_after, 1)
        part = Venster(max(begin, venster.begin), min(eind, venster.eind))
        label = str(year) if periode == "jaar" else f"{year}-{_LETTER[periode]}{_number(month, stap)}"
        yield label, part, part == Venster(begin, eind)
        year, month = year_after, month_after


def _number(month: int, step: int) -> str:
    """Return which part of the year begins in a month; of months in two digits, so that they sort."""
    return f"{month:02}" if step == 1 else str((month - 1) // step + 1)
