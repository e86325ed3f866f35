"""What the gate promises: nothing of a closed place changes, and no place is drawn too often.

`changes` delivers a package again a year later with few or no new events, changed at random; every public table
must stay the same to the byte. `months` delivers a growing study forty times, monthly.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from math import floor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.pakketten import Delivery, public_indicators
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.errors import TksFout
from toekomstscenario_eval.passage import public_facts
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.protection.waist import WHOLE, Waist
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import Kind, Summary

SEED, CHANGES, HOUSEHOLDS = 20261130, 200, 120
FIRST, NEXT = date(2026, 1, 1), date(2027, 1, 1)
FEW = 9  # one less than opens any gate
DATES = ("begin", "eind", "datum")
Tables = dict[str, pd.DataFrame]


def read(folder: Path) -> Tables:
    """Read every table of a package as text."""
    return {p.stem: pd.read_csv(p, dtype="str", keep_default_na=False) for p in sorted(folder.glob("*.csv"))}


def deliver(source: Path, tables: Tables, day: date, folder: Path) -> Path:
    """Write a package again, with other tables and another peildatum."""
    shutil.copytree(source, folder)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    at = folder / "datapackage.json"
    text = json.loads(at.read_text(encoding="utf-8"))
    text["peildatum"], text["waarneemvenster"]["eind"] = day.isoformat(), day.isoformat()
    at.write_text(json.dumps(text), encoding="utf-8")
    return folder


def owners(tables: Tables, name: str) -> pd.Series | None:
    """Return the household of each row; None when rows have none."""
    table = tables[name]
    if "huishouden_id" in table:
        return table["huishouden_id"]
    for key, other in (("persoon_id", "persoon"), ("overleg_id", "overleg")):
        if key in table:
            return table[key].map(tables[other].set_index(key)["huishouden_id"])
    return None


def _some(rng: np.random.Generator, tables: Tables, most: int | None = None) -> np.ndarray:
    """Return a few or many households: each order of size as likely."""
    every = tables["huishouden"]["huishouden_id"].to_numpy()
    top = min(len(every), most or len(every))
    return rng.choice(every, int(np.exp(rng.uniform(0, np.log(top + 0.999)))), replace=False)


def _rows(tables: Tables, name: str, chosen: Iterable[str]) -> np.ndarray:
    return np.flatnonzero(owners(tables, name).isin(set(chosen)))


def other_values(rng: np.random.Generator, tables: Tables) -> Tables:
    """Correct a column that is no date: the values of some households change places, or go to one of them."""
    name = rng.choice([n for n in tables if owners(tables, n) is not None])
    columns = [k for k in tables[name] if not k.endswith("_id") and k not in DATES and k != "reden_einde"]
    columns = columns or ["professional_id"]
    table, column = tables[name].copy(), rng.choice(columns)
    rows = _rows(tables, name, _some(rng, tables))
    values = table[column].to_numpy(dtype=object).copy()
    values[rows] = rng.permutation(values)[: len(rows)]
    return {**tables, name: table.assign(**{column: values})}


def other_place(rng: np.random.Generator, tables: Tables) -> Tables:
    """Correct where households belong: another site or profile."""
    table, column = tables["huishouden"].copy(), rng.choice(["proeftuin_id", "gezinsprofiel"])
    rows = _rows(tables, "huishouden", _some(rng, tables))
    table.loc[rows, column] = rng.choice(table[column].to_numpy(), len(rows))
    return {**tables, "huishouden": table}


def gone(rng: np.random.Generator, tables: Tables) -> Tables:
    """Take households out, with all their rows."""
    chosen = set(_some(rng, tables, len(tables["huishouden"]) // 2))
    left = {n: o for n in tables if (o := owners(tables, n)) is not None}
    return {n: t[~left[n].isin(chosen)] if n in left else t for n, t in tables.items()}


def earlier(rng: np.random.Generator, tables: Tables) -> Tables:
    """Correct dates: everything of some households happened some days before."""
    chosen, days = _some(rng, tables), int(rng.integers(1, 90))
    out = dict(tables)
    for name, table in tables.items():
        if owners(tables, name) is not None:
            rows = _rows(tables, name, chosen)
            moved = {k: _moved(table[k], rows, -days) for k in DATES if k in table}
            out[name] = table.assign(**moved)
    return out


def _moved(column: pd.Series, rows: np.ndarray, days: int) -> pd.Series:
    out = column.to_numpy(dtype=object).copy()
    for i in rows:
        if out[i]:
            out[i] = (date.fromisoformat(out[i]) + timedelta(days)).isoformat()
    return pd.Series(out, column.index)


def few_events(rng: np.random.Generator, tables: Tables) -> Tables:
    """Add events of the new year, of too few households to open any gate."""
    chosen = _some(rng, tables, FEW)
    table = tables["contact"]
    day = (FIRST + timedelta(int(rng.integers(0, 365)))).isoformat()
    new = table.sample(len(chosen), random_state=int(rng.integers(2**31))).assign(
        huishouden_id=chosen, datum=day, contact_id=[f"c9{i:07d}" for i in range(len(chosen))]
    )
    return {**tables, "contact": pd.concat([table, new], ignore_index=True)}


def few_ends(rng: np.random.Generator, tables: Tables) -> Tables:
    """End some running spells in the new year, of too few households to open any gate."""
    table = tables["betrokkenheid"].copy()
    rows = _rows(tables, "betrokkenheid", _some(rng, tables, FEW))
    rows = rows[table["eind"].to_numpy()[rows] == ""]
    table.loc[rows, "eind"] = (FIRST + timedelta(30)).isoformat()
    return {**tables, "betrokkenheid": table}


CHANGE: Mapping[str, Callable[[np.random.Generator, Tables], Tables]] = {
    "andere waarden": other_values,
    "andere plek": other_place,
    "huishoudens weg": gone,
    "eerdere data": earlier,
    "te weinig nieuwe gebeurtenissen": few_events,
    "te weinig nieuwe einden": few_ends,
}


def public_tables(study: Study, indicators: Sequence[str], per: Sequence[str]) -> dict[str, str]:
    """Return everything that is public of a study as text, by name."""
    assert study.passage is not None  # noqa: S101
    results = [
        *(study.computed(naam, tuple(per)) for naam in indicators),
        *(study.computed(naam, (), "jaar") for naam in indicators[:1]),
        *public_facts(study.passage, study.bevindingen),
    ]
    study.shown(*results)
    out = {}
    for i, r in enumerate(results):
        named = {"schattingen": r.schattingen, "reeksen": r.reeksen, "uitsluitingen": r.uitsluitingen}
        for by, summary in r.publiek.items():
            named |= {f"cellen {by}": summary.cellen, f"plekken {by}": summary.plekken}
        out |= {f"{i} {r.sleutel} {name}": table.to_csv(index=False) for name, table in named.items()}
        out[f"{i} {r.sleutel} reden"] = r.reden_nvt
    return out


def changes(
    folder: Path,
    many: int,
    *,
    indicators: Sequence[str] | None = None,
    per: Sequence[str] = ("proeftuin_soort", "proeftuin", "gezinsprofiel"),
    seed: int = SEED,
) -> Iterator[tuple[str, list[str]]]:
    """Yield for each change what was changed and the names of the public tables that differ by it.

    A package that the checks refuse is changed in another way instead.
    """
    rng = np.random.default_rng(seed)
    source = make_example(folder / "bron", huishoudens=HOUSEHOLDS, seed=5)
    line = Delivery.make(folder, "poort", seed)
    text = json.loads((source / "datapackage.json").read_text(encoding="utf-8"))
    text["levering"] = vars(line.levering)
    (source / "datapackage.json").write_text(json.dumps(text), encoding="utf-8")
    tables = read(source)
    first = Study.open(source, sleutel=line.key)
    asked = list(indicators or public_indicators(first))
    public_tables(first, asked, per)
    plain = _next(source, tables, line, folder / "gewoon", asked, per)
    done = 0
    while done < many:
        name = list(CHANGE)[done % len(CHANGE)]
        at = folder / "anders"
        shutil.rmtree(at, ignore_errors=True)
        try:
            found = _next(source, CHANGE[name](rng, tables), line, at, asked, per)
        except TksFout as fault:
            if type(fault).__name__ != "ControleFout":
                raise
            continue
        done += 1
        yield name, sorted(k for k in plain.keys() | found.keys() if plain.get(k) != found.get(k))


def _next(
    source: Path, tables: Tables, line: Delivery, folder: Path, asked: Sequence[str], per: Sequence[str]
) -> dict[str, str]:
    """Return what is public of the next delivery, from the register as it was after the first."""
    package = deliver(source, tables, NEXT, folder)
    shutil.copytree(line.key.parent, folder / "kluis")
    return public_tables(Study.open(package, sleutel=folder / "kluis" / "sleutel"), asked, per)


# Forty months of a growing study.

MONTHS, BEGIN = 40, date(2023, 7, 1)
SITES, PROFILES, REGIONS = 14, 5, 6
LAST = 41.9  # months from the begin to the first day of the last epoch


def _day(month: int) -> date:
    """Return the first day of a month, counted from January 2024."""
    return date(2024 + month // 12, month % 12 + 1, 1)


def months(households: int, folder: Path, seed: int = SEED) -> pd.DataFrame:
    """Deliver a study forty times and return one row for each month and place.

    Columns `maand`, `per`, `plek`, `leeftijd` (months since the day the figures are of; NaN when there are none),
    `trekkingen`, and `veranderd`: how many closed windows differ from what they showed.
    """
    rng = np.random.default_rng([seed, households])
    policy = load_policy()
    secret = Secret(rng.bytes(32))
    book = folder / f"register{households}.jsonl"
    from toekomstscenario_eval.protection import register as registers

    registers.create(book, secret.vingerafdruk)
    people = _people(rng, households)
    closed: dict[tuple[Any, ...], Any] = {}
    rows = []
    for month in range(MONTHS):
        # A correction without a date of its own, as comes in every month.
        wrong = rng.integers(0, households, 1 + households // 50)
        people.loc[wrong, "heeft"] = ~people.loc[wrong, "heeft"]
        register = Register.open(book, secret.vingerafdruk, policy.ruis, policy.epoche)
        epoch = date(_day(month).year, 1, 1)
        waist = _waist(secret, policy, register, people, epoch, _day(month))
        found = {}
        for name, ends in (("lopend", {}), ("jaren", _years(epoch))):
            asked = {per: _cells(people, per, epoch, ends) for per in PLACES}
            found[name] = waist.protect(f"duo|{name}", asked, ends=ends)
        shown = [s for by in found.values() for s in by.values()]
        register.append(waist.entries(shown, register.snapshot))
        changed = dict.fromkeys(waist.standings, 0)
        for s in shown:
            for key, cells, is_closed in _windows(s):
                place = (s.uitsplitsing, key[1])
                if key in closed and closed[key] != cells:
                    changed[place] += 1
                if is_closed:
                    closed.setdefault(key, cells)
        plekken = pd.concat([s.plekken.assign(per=per) for per, s in found["lopend"].items()])
        for groep, stand, per in plekken[["groep", "stand", "per"]].itertuples(index=False):
            age = float("nan")
            if stand:
                since = date.fromisoformat(stand)
                age = 12 * (_day(month).year - since.year) + _day(month).month - since.month
            place = (per, groep)
            rows.append((month, per, groep, age, len(register.draws(place)), changed.get(place, 0), waist.n))
    return pd.DataFrame(rows, columns=["maand", "per", "plek", "leeftijd", "trekkingen", "veranderd", "n"])


PLACES = {
    "": "geheel",
    "proeftuin_soort": "soort",
    "proeftuin": "plaats",
    "gezinsprofiel": "profiel",
    "proeftuin_regio": "regio",
}


def _people(rng: np.random.Generator, households: int) -> pd.DataFrame:
    """Make up households: sites start one after another, and each household has events while it takes part."""
    site = rng.integers(0, SITES, households)
    start = site * 1.5
    enters = start + rng.uniform(0, LAST - start)
    day = np.array([BEGIN + timedelta(int(30.44 * m)) for m in enters])
    lasts = rng.exponential(14, households)
    events = [
        sorted(BEGIN + timedelta(int(30.44 * (m + d))) for d in rng.uniform(0, stay, rng.poisson(stay / 3)))
        for m, stay in zip(enters, lasts, strict=True)
    ]
    return pd.DataFrame(
        {
            "": WHOLE[1],
            "proeftuin": [f"plaats {s:02d}" for s in site],
            "proeftuin_soort": np.where(site < 11, "proeftuin", "vergelijk"),
            "proeftuin_regio": [f"regio {s % REGIONS}" for s in site],
            "gezinsprofiel": [f"profiel {p}" for p in rng.integers(0, PROFILES, households)],
            "begin": day,
            "gebeurtenissen": [[first, *more] for first, more in zip(day, events, strict=True)],
            "heeft": rng.random(households) < 0.4,
            "sleutel": rng.integers(0, 2**64, households, dtype=np.uint64),
        }
    )


def _summed(part: pd.DataFrame, per: str) -> pd.DataFrame:
    return part.groupby(per, as_index=False).agg(n=("sleutel", "size"), sleutel=("sleutel", "sum"))


def _waist(
    secret: Secret, policy: Any, register: Register, people: pd.DataFrame, epoch: date, day: date
) -> Waist:
    inside = people[people["begin"] < epoch]
    places = pd.concat(
        [_summed(inside, per).rename(columns={per: "groep"}).assign(uitsplitsing=per) for per in PLACES],
        ignore_index=True,
    )

    def events(since: date) -> dict[tuple[str, str], int]:
        hit = inside[[any(since <= d < epoch for d in own) for own in inside["gebeurtenissen"]]]
        return {(per, str(g)): int(n) for per in PLACES for g, n in hit.groupby(per).size().items()}

    package = hashlib.sha256(f"{day}".encode()).hexdigest()
    return Waist.make(
        secret, policy, register.snapshot, epoch=epoch, package=package, places=places, events=events
    )


def _years(epoch: date) -> dict[str, date]:
    return {str(y): min(date(y + 1, 1, 1), epoch) for y in range(BEGIN.year, epoch.year)}


def _cells(people: pd.DataFrame, per: str, epoch: date, ends: Mapping[str, date]) -> Summary:
    pieces, groups = [], []
    for label, end in (ends or {"": epoch}).items():
        since = date(end.year - 1, 1, 1) if label else BEGIN
        inside = people[[since <= d < end for d in people["begin"]]]
        for naam, part in (
            ("h", inside),
            ("n", inside),
            ("t", inside[inside["heeft"]]),
            ("r", inside[~inside["heeft"]]),
        ):
            pieces.append(
                _summed(part, per).rename(columns={per: "groep"}).assign(naam=naam, periode=label, x=0, k=1)
            )
        groups.append(
            pd.DataFrame({"groep": inside[per].unique(), "periode": label, "huishoudens": 0, "kap": 365})
        )
    cells = pd.concat(pieces, ignore_index=True)
    return Summary(Kind.AANDEEL, pd.DataFrame(), pd.concat(groups, ignore_index=True), cells)


def _windows(s: Any) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...], bool]]:
    """Yield each window of each place with what it shows and whether it is closed."""
    parts = {key: tuple(map(tuple, part.to_numpy())) for key, part in s.cellen.groupby(["groep", "periode"])}
    for row in s.plekken.itertuples(index=False):
        if row.stand:
            cells = (row.huishoudens, parts.get((row.groep, row.periode), ()))
            yield (s.recept, row.groep, row.periode, s.uitsplitsing), cells, bool(row.gesloten)


def by_age(found: pd.DataFrame, households: int) -> list[dict[str, Any]]:
    """Return the age of the figures by kind of place."""
    rows = []
    for per, name in PLACES.items():
        part = found[found["per"].eq(per)]
        shown = part["leeftijd"].dropna()
        rows.append(
            {
                "huishoudens aan het eind": households,
                "plek": name,
                "maanden met cijfers, deel": len(shown) / max(1, len(part)),
                "leeftijd in maanden, gemiddeld": float(shown.mean()),
                "hoogste": float(shown.max()),
                "leeftijd in de laatste maand": float(
                    part.loc[part["maand"].eq(MONTHS - 1), "leeftijd"].mean()
                ),
                "trekkingen, hoogste": int(part["trekkingen"].max()) if len(part) else 0,
                "gesloten vensters veranderd": int(part["veranderd"].sum()),
            }
        )
    return rows


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return the tables of this part."""
    with tempfile.TemporaryDirectory() as at:
        folder = Path(at)
        ages = [row for n in (60, 103, 300, 1500, 12000) for row in by_age(months(n, folder), n)]
        found = list(changes(folder, CHANGES, indicators=INDICATORS))
    table = [
        {
            "verandering": name,
            "keren": sum(kind == name for kind, _ in found),
            "met een verschil": sum(bool(differ) for kind, differ in found if kind == name),
            "verschillende tabellen": len({d for kind, differ in found if kind == name for d in differ}),
        }
        for name in CHANGE
    ]
    top = floor(load_policy().ruis.v)
    return {
        f"{CHANGES} veranderingen bij dichte poort: hoeveel openbare tabellen verschillen": table,
        f"Veertig maanden van een groeiend onderzoek, hooguit {top} trekkingen per plek": ages,
    }


INDICATORS = ("aandeel_ots", "professionals_per_huishouden", "duo_duur")
