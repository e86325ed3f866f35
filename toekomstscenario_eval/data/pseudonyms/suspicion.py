"""What a column that would leave as it is may hold: names, addresses, numbers, free text.

A name or a few values are enough to ask: whoever delivers then says that the column stays or goes. A column
with citizen service numbers never stays.
"""

from __future__ import annotations

import re
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

_NAMES = {
    "een naam": r"(voor|achter|roep|meisjes|familie)?na(am|men)\b|voorletters?|initialen",
    "een adres": r"adres|straat|huisn(umme)?r|huisnummer|woonplaats|postcode",
    "een telefoonnummer": r"telefoon|mobiel|\btel\b",
    "een e-mailadres": r"e-?mail",
    "een rekeningnummer": r"\biban\b|rekeningn",
    "een geboortedatum": r"geboorte_?(datum|dag)|\bgeb_?dat",
}
_VALUES = {
    "een e-mailadres": r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}",
    "een adres": r"^[1-9][0-9]{3} ?[A-Za-z]{2}$",
    "een telefoonnummer": r"^(\+31|0031|0)[ -]?[1-9]([ -]?[0-9]){8}$",
    "een rekeningnummer": r"^NL[0-9]{2} ?[A-Z]{4}( ?[0-9]){10}$",
}
FREE_TEXT = "vrije tekst"
# Four words or more; a code or label is shorter.
_SENTENCE = r"\S+(\s+\S+){3,}"
_FEW = 3


class Suspicion:
    """Looks at a column batch after batch."""

    def __init__(self, naam: str) -> None:
        said = re.sub(r"[\W_]+", " ", naam.casefold())
        self._by_name = tuple(what for what, pattern in _NAMES.items() if re.search(pattern, said))
        self._seen: Counter[str] = Counter()

    def look(self, values: pa.Array) -> None:
        """Count different values of a suspicious shape."""
        different = pc.unique(pc.fill_null(values, ""))
        for what, pattern in (*_VALUES.items(), (FREE_TEXT, _SENTENCE)):
            self._seen[what] += pc.sum(pc.match_substring_regex(different, pattern)).as_py() or 0

    @property
    def found(self) -> tuple[str, ...]:
        """What the column seems to hold, in words."""
        by_value = tuple(what for what, count in self._seen.items() if count >= _FEW)
        return tuple(dict.fromkeys((*self._by_name, *by_value)))
