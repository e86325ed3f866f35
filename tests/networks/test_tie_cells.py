"""Counts of ties with the sum of their keys, against the same counted household by household."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.summaries import breakdowns

WORLD = 2**64


def by_household(found):
    """Yield each household with the days of its organisations and its people, from the files themselves."""
    tabel = {naam: found.tabellen[naam].execute() for naam in ("huishouden", "betrokkenheid", "organisatie")}
    last = min(found.venster.eind, found.peildatum)
    of_kind = {r["code"]: r["domein"] for r in load_schema().codelists["organisatie_soort"].rijen}
    home = {
        o.organisatie_id: (o.soort, o.domein if pd.notna(o.domein) else of_kind.get(o.soort, "overig"))
        for o in tabel["organisatie"].itertuples()
    }
    spells = tabel["betrokkenheid"].groupby("huishouden_id")
    for house in tabel["huishouden"].itertuples():
        if house.huishouden_id not in spells.groups:
            continue
        day = lambda value: last if pd.isna(value) else pd.Timestamp(value).date()  # noqa: E731
        stay = range(
            max(day(house.begin), found.venster.begin).toordinal(), min(day(house.eind), last).toordinal()
        )
        days, people = defaultdict(set), set()
        for b in spells.get_group(house.huishouden_id).itertuples():
            inside = range(max(day(b.begin).toordinal(), stay.start), min(day(b.eind).toordinal(), stay.stop))
            if len(inside):
                days[b.organisatie_id] |= set(inside)
                people.add(b.professional_id)
        if days:
            yield house.huishouden_id, days, people, home


def joined(days, home, at):
    """Return the days of every kind (0) or domain (1)."""
    out = defaultdict(set)
    for organisation, own in days.items():
        out[home[organisation][at]] |= own
    return out


def tenths(parts):
    return int(np.floor(10 * np.mean(parts) + 0.5))


def counted(found):
    """Return what every household counts, by name."""
    out = defaultdict(dict)
    for house, days, people, home in by_household(found):
        pairs = list(itertools.combinations(days, 2))
        apart = sum(not days[a] & days[b] for a, b in pairs)
        across = sum(home[a][1] != home[b][1] for a, b in pairs)
        beside = [len(days[a] & days[b]) / min(len(days[a]), len(days[b])) for a, b in pairs]
        for naam, value in (
            ("h", 1),
            ("professionals", len(people)),
            ("paar", len(pairs)),
            ("na_elkaar", apart),
            ("tegelijk", len(pairs) - apart),
            ("tussen_domeinen", across),
            ("binnen_domein", len(pairs) - across),
            ("naast_elkaar", tenths(beside) if pairs else 0),
            ("niet_naast_elkaar", 10 - tenths(beside) if pairs else 0),
        ):
            if value:
                out[naam][house] = value
        levels = {
            "geheel|{}|domein": joined(days, home, 1),
            "{}|soort": joined(days, home, 0),
            "geheel|{}|organisatie": {f"code{o}": own for o, own in days.items()},
        }
        ends = {f"code{o}": f"|{home[o][0]}|{home[o][1]}" for o in days}
        ends |= {kind: f"|{domain}" for kind, domain in _kinds().items()}
        for level, own in levels.items():
            for node in own:
                tail = "" if level.endswith("domein") else ends[node]
                out[f"{level.format('knoop')}|{node}{tail}"][house] = 1
            for a, b in itertools.combinations(sorted(own), 2):
                out[f"{level.format('deelt')}|{a}|{b}"][house] = 1
                if own[a] & own[b]:
                    out[f"{level.format('samen')}|{a}|{b}"][house] = 1
    return out


def _kinds():
    return {r["code"]: r["domein"] for r in load_schema().codelists["organisatie_soort"].rijen}


STEPS = {naam: ladder(1, 0) for naam in ("professionals", "paar", "na_elkaar", "tegelijk")} | {
    naam: ladder(1, 0) for naam in ("tussen_domeinen", "binnen_domein")
}
# What stands on other definitions is counted from those, below.
OTHERS = ("geheel|overdracht|", "geheel|estafette|", "gezichten", "bereik", "buiten_bereik")


def test_cells_of_ties_hold_the_households_and_their_keys(package):
    found, key, members, counting = package
    cells = members.cells(counting.shared(organisations=True), "")
    got = {
        (r.naam, r.k): (r.n, r.sleutel)
        for r in cells.itertuples(index=False)
        if not r.naam.startswith(OTHERS)
    }
    expected = {}
    for naam, values in counted(found).items():
        for k in STEPS.get(naam, range(1, 21)):
            have = [house for house, value in values.items() if value >= k]
            if have:
                expected[naam, k] = (len(have), sum(key[h] for h in have) % WORLD)
    assert len(expected) > 500
    assert got == expected


def test_handovers_and_faces_are_those_of_their_tables(package):
    _, _, members, counting = package
    cells = members.cells(counting.shared(organisations=True), "")
    n = cells[cells["k"].eq(1)].set_index("naam")["n"]
    home = counting.banden.drop_duplicates("organisatie").set_index("organisatie")
    over = counting.source.handovers("organisatie")
    pairs = defaultdict(set)
    for r in over.itertuples():
        if r.bron in home.index and r.doel in home.index:
            for level in ("domein", "soort"):
                ends = "|".join(str(home.at[o, level]) for o in (r.bron, r.doel))
                for what in ("overdracht", *(("estafette",) if r.dagen >= 0 else ())):
                    pairs[f"geheel|{what}|{level}|{ends}"].add(r.huishouden)
    found = n[n.index.str.startswith(OTHERS[:2])]
    assert len(found) > 50
    assert found.to_dict() == {naam: len(houses) for naam, houses in pairs.items()}
    reach = counting.reach[counting.reach["anderen"] > 0]
    assert n["gezichten"] == len(reach)
    assert n["bereik"] == (10 * reach["bereikt"] / reach["anderen"] >= 0.5).sum()
    assert n["buiten_bereik"] == (10 * reach["bereikt"] / reach["anderen"] < 9.5).sum()
    assert n["bereik_domeinen"] == (reach["domeinen"] > 0).sum()


def test_meetings_count_households_with_both_at_one_table(package):
    _, _, members, counting = package
    cells = members.cells(counting.meetings(), "")
    got = cells[cells["naam"].str.startswith("geheel|overleg|")].set_index("naam")["n"].to_dict()
    table = counting.source.meetings()
    table = table[table["huishouden"].isin(counting.banden["huishouden"])]
    expected = defaultdict(set)
    for (_, house), part in table.groupby(["overleg", "huishouden"]):
        names = {
            "domein": set(part["domein"].astype(str)),
            "soort": set(part["soort"].astype(str)),
            "organisatie": {counting.codes[o] for o in part["organisatie"]},
        }
        for level, own in names.items():
            for a, b in itertools.combinations(sorted(own), 2):
                expected[f"geheel|overleg|{level}|{a}|{b}"].add(house)
    assert len(expected) > 200
    assert got == {naam: len(houses) for naam, houses in expected.items()}


def test_groups_have_kinds_only_and_add_up_to_the_whole(package):
    found, _, members, counting = package
    rows = counting.shared(organisations=True)
    whole, parts = members.cells(rows, ""), members.cells(rows, "proeftuin")
    assert parts["groep"].nunique() == len(breakdowns.groups(found, "proeftuin").execute()["groep"].unique())
    assert not parts["naam"].str.contains(r"\|organisatie\||\|domein\||overdracht|estafette").any()
    assert not parts["naam"].str.startswith("geheel|").any()
    total = parts.groupby(["naam", "k"]).agg(n=("n", "sum"), sleutel=("sleutel", "sum"))
    same = whole[~whole["naam"].str.startswith("geheel|")].set_index(["naam", "k"])[["n", "sleutel"]]
    pd.testing.assert_frame_equal(total.sort_index(), same.sort_index(), check_dtype=False)


def test_no_name_of_a_cell_holds_a_person_or_an_organisation(package):
    found, _, members, counting = package
    names = set(members.cells(counting.shared(organisations=True), "")["naam"])
    names |= set(members.cells(counting.meetings(), "")["naam"])
    words = {part for naam in names for part in naam.split("|")}
    people = set(found.tabellen["betrokkenheid"].professional_id.execute())
    houses = set(found.tabellen["huishouden"].huishouden_id.execute())
    places = set(found.tabellen["organisatie"].organisatie_id.execute())
    assert len(people) > 50
    assert not words & (people | houses | places)
