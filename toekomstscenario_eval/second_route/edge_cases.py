"""Invented households on the edge of every definition: where a day more or less makes another figure.

Data may happen to hold no spell that ends on the day of measuring, and no transfer a week before its sequel:
a wrong rule then gives the right figure. These hold all of them, so that both routes are tried on each edge.

A spell is `MM-DD/MM-DD`, of 2024 unless a year stands before it (`23-`), without an end while it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

BEGIN, LIMIT, KNOWN = date(2024, 1, 1), date(2024, 7, 2), date(2024, 8, 1)
# The last day is the birthday; or the day before it.
DAY_BEFORE = date(2024, 7, 1)
_SITES = (
    ("pt1", "Aa", "proeftuin", date(2024, 3, 1)),
    ("pt2", "Bb", "proeftuin", date(2024, 4, 1)),
    ("pt3", "Cc", "vergelijking", None),
)
# The stay of a household, and who is there: a professional (a letter), the team (l, r or another), the days.
_INVOLVED = (
    ("23-06-01/", "a l 02-01/02-11", "b r 02-11/02-21"),  # one comes on the day that the other goes
    ("23-06-01/", "a l 02-01/02-11", "b r 02-10/02-21"),
    ("23-06-01/", "a l 23-12-01/01-01", "b r 23-12-01/01-01"),  # gone on the first day of the window
    ("23-06-01/", "a l 23-12-01/01-02", "b r 23-12-01/01-02"),
    ("23-06-01/", "a l 02-15/03-01", "b r 02-15/"),  # gone on the day that a pilot started
    ("23-06-01/", "a l 02-15/03-02", "b r 02-15/"),
    ("23-06-01/", "a l 03-01/03-04", "b r 03-01/"),
    ("23-06-01/", "a l 03-20/04-01", "b r 03-20/"),
    ("23-06-01/", "a l 06-20/07-01", "b r 06-20/"),  # an end on the edge of a window
    ("23-06-01/", "a l 06-19/07-02", "b r 06-20/"),
    ("23-06-01/", "a l 06-18/07-03", "b r 06-20/"),
    ("23-06-01/", "a l 06-30/", "b r 06-30/"),
    ("23-06-01/", "a l 07-01/", "b r 07-01/"),
    ("23-06-01/", "a l 04-05/05-20", "b r 04-05/04-15", "c r 04-15/04-29"),  # one duo of two stretches
    ("23-06-01/", "a l 04-05/05-20", "b r 04-05/04-15", "c r 04-16/04-29"),  # a day between: two
    ("23-06-01/", "a l 04-05/05-20", "b r 04-05/04-15", "b r 04-15/05-03"),
    ("23-06-01/", "a l 04-05/04-20", "a l 04-20/05-05", "b r 04-05/05-30"),
    ("23-06-01/", "a l 05-01/05-25", "a r 05-01/05-25"),  # one person in both teams
    ("23-06-01/", "a l 05-01/05-25", "a r 05-01/05-25", "b r 05-11/05-18"),
    ("23-06-01/", "a l 05-01/05-25", "b r 05-10/05-10", "c x 05-01/05-20"),  # no day; another team
    ("23-06-01/05-10", "a l 05-01/05-10", "b r 05-01/05-10"),  # the household goes when the duo does
    ("23-06-01/05-09", "a l 05-01/05-10", "b r 05-01/05-10"),
    ("23-06-01/05-01", "a l 05-01/05-10", "b r 05-01/05-10"),
    ("23-06-01/01-01", "a l 23-12-01/", "b r 23-12-01/"),
    ("23-06-01/01-02", "a l 23-12-01/", "b r 23-12-01/"),
    ("23-06-01/03-01", "a l 01-20/", "b r 01-20/"),
    ("06-30/", "a l 05-01/"),
    ("07-01/", "a l 05-01/"),
    ("07-02/", "a l 05-01/"),
    ("23-06-01/", "a l 02-01/", "a l 02-01/02-20", "b r 02-01/"),  # delivered open, and closed later
    ("22-03-01/", "a l 22-06-01/", "b r 22-06-01/"),  # there for long
    ("22-03-01/", "a l 23-05-01/", "b r 23-05-01/"),
    ("22-03-01/", "a l 23-08-01/06-10", "b r 23-08-01/06-10"),
    ("23-06-01/", "a l 01-01/02-06", "b l 01-01/02-13", "c l 01-01/", "d r 01-10/", "e x 01-01/"),
)
# The year of birth of a child, and its orders: days, with the reason of the end and who carries it out.
_ORDERS = (
    (2006, "05-01/"),  # eighteen on 1 July
    (2005, "05-01/"),
    (2007, "05-01/"),
    (2006, ""),
    (2007, ""),
    (2024, ""),
    (2025, ""),
    (0, "05-01/"),
    *((2012, f"05-01/{day} 04") for day in ("06-29", "06-30", "07-01", "07-02", "07-03")),
    *((2012, f"{day}/") for day in ("06-29", "06-30", "07-01", "07-02", "07-03")),
    # The last day lies between a transfer and its sequel.
    *((2013, f"04-10/06-25 OV gi1, {day}/ - gi2") for day in ("06-26", "07-01", "07-02", "07-03")),
    *((2013, f"04-10/06-24 OV gi1, {day}/ - gi2") for day in ("07-01", "07-02")),
    *((2013, f"04-10/06-23 OV gi1, {day}/ - gi2") for day in ("06-30", "07-01")),
    *((2014, f"04-10/06-30 04 gi1, {day}/ - gi2") for day in ("06-30", "07-01", "07-02")),
    # So many days apart, after a transfer and after another end.
    *(
        (2015, f"01-{day}/01-20 OV gi1, {day_}/05-{day} 04 gi2")
        for day, day_ in zip(
            ("02", "03", "04", "05", "06", "07", "08"),
            ("01-20", "01-21", "01-22", "01-25", "01-26", "01-27", "01-28"),
            strict=True,
        )
    ),
    *(
        (2016, f"02-{day}/02-20 04 gi1, {day_}/05-{day} 04 gi2")
        for day, day_ in zip(("02", "03", "04"), ("02-20", "02-21", "02-22"), strict=True)
    ),
    (2016, "02-05/02-20 OV gi1, 02-23/04-14 OV gi2, 04-20/ - gi1"),
    (2017, "02-06/04-22 OV"),  # no sequel
    (2017, "02-06/04-23 OV gi1, 02-07/04-23 03 gi2"),
    (2017, "02-08/ - gi1, 02-08/05-08 03 gi1"),
    (2017, "02-09/02-09 03"),
    (2017, "23-02-10/05-11 03"),
    (2017, "23-02-10/05-12 03 gi1 ?"),  # its begin is not known
    (2017, "02-15/03-01 03"),
    (2017, "02-15/03-02 03"),
    (2018, "03-15/04-01 03"),
    (2018, "23-11-01/01-01 03"),
    (2018, "23-11-01/01-02 03"),
    (2019, "22-03-01/"),
    (2019, "22-08-01/05-20 03"),
)
_TEAMS = {"l": "lokaal_team", "r": "regionaal_veiligheidsteam", "x": "gi"}


def tables() -> dict[str, pd.DataFrame]:
    """Return the tables of a package: every case at every site."""
    rows: dict[str, list[dict[str, object]]] = {
        naam: [] for naam in ("huishouden", "persoon", "betrokkenheid", "maatregel")
    }
    for site, *_ in _SITES:
        for number, (stay, *involved) in enumerate(_INVOLVED):
            house = f"{site}d{number}"
            rows["huishouden"].append({"huishouden_id": house, "proeftuin_id": site, **_days(stay)})
            rows["betrokkenheid"] += _spells(house, involved)
        for number, (year, orders) in enumerate(_ORDERS):
            house = f"{site}k{number}"
            rows["huishouden"].append({"huishouden_id": house, "proeftuin_id": site, **_days("22-01-01/")})
            own = {"huishouden_id": house, "geboortejaar": year or None}
            rows["persoon"].append({"persoon_id": f"{house}k", "rol": "kind", **own})
            # Whoever is no child has no part in it.
            rows["persoon"].append({"persoon_id": f"{house}o", "rol": "ouder", **own, "geboortejaar": 1980})
            rows["maatregel"] += _measures(f"{house}k", orders)
    rows["maatregel"] += _measures(f"{_SITES[0][0]}k0o", "02-01/03-01 03")
    out = {naam: pd.DataFrame(found) for naam, found in rows.items()}
    out["betrokkenheid"]["betrokkenheid_id"] = [f"b{i}" for i in range(len(out["betrokkenheid"]))]
    out["maatregel"]["maatregel_id"] = [f"m{i}" for i in range(len(out["maatregel"]))]
    out["persoon"] = out["persoon"].astype({"geboortejaar": "Int64"})
    columns = ["proeftuin_id", "naam", "soort", "start_datum"]
    return out | {
        "proeftuin": pd.DataFrame(_SITES, columns=columns),
        "organisatie": pd.DataFrame(
            [*_TEAMS.items(), ("gi1", "gi"), ("gi2", "gi")],
            columns=["organisatie_id", "soort"],
        ),
        "professional": pd.DataFrame(
            {"professional_id": sorted(set(out["betrokkenheid"]["professional_id"]))}
        ),
    }


def _spells(house: str, involved: list[str]) -> Iterator[dict[str, object]]:
    for text in involved:
        who, team, spell = text.split()
        yield {
            "huishouden_id": house,
            "professional_id": f"{house}{who}",
            "organisatie_id": team,
            "rol": "lid",
            **_days(spell),
        }


def _measures(person: str, orders: str) -> Iterator[dict[str, object]]:
    for text in filter(None, orders.split(", ")):
        spell, reason, by, unknown = [*text.split(), *("-", "gi1", "")[len(text.split()) - 1 :]][:4]
        yield {
            "persoon_id": person,
            "soort": "11",
            **_days(spell),
            "reden_einde": None if reason == "-" else reason,
            "organisatie_id": by,
            "begin_onbekend": unknown == "?",
        }


def _days(spell: str) -> dict[str, object]:
    begin, _, eind = spell.partition("/")
    return {"begin": _day(begin), "eind": _day(eind) if eind else None}


def _day(text: str) -> date:
    year, month, day = [2024, *map(int, text.split("-"))][-3:]
    return date(2000 + year % 100, month, day)
