"""What the gate promises: nothing that is public of a closed place changes.

A package is delivered again a year later with few or no new events, changed at random; every public table
must stay the same to the byte.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.pakketten import Delivery, public_indicators
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.errors import TksFout
from toekomstscenario_eval.passage import public_facts
from toekomstscenario_eval.study import Study

SEED, CHANGES, HOUSEHOLDS = 20261130, 200, 120
INDICATORS = ("aandeel_ots", "duo_duur")
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


def named(package: Path, line: Delivery) -> Path:
    """Make a package one of this delivery line."""
    at = package / "datapackage.json"
    text = json.loads(at.read_text(encoding="utf-8")) | {"levering": vars(line.levering)}
    at.write_text(json.dumps(text), encoding="utf-8")
    return package


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
    return {n: t[~left[n].isin(chosen)].reset_index(drop=True) if n in left else t for n, t in tables.items()}


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


Change = Callable[[np.random.Generator, Tables], Tables]
# Without a dated event, in any number of households; and with one, in too few.
CORRECTIONS: Mapping[str, Change] = {
    "andere waarden": other_values,
    "andere plek": other_place,
    "huishoudens weg": gone,
    "eerdere data": earlier,
}
EVENTS: Mapping[str, Change] = {
    "te weinig nieuwe gebeurtenissen": few_events,
    "te weinig nieuwe einden": few_ends,
}
TOGETHER = 4


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
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield what was changed in each delivery, four things at once, and the public tables that differ by it.

    A package that the checks refuse is changed in another way instead.
    """
    rng = np.random.default_rng(seed)
    line = Delivery.make(folder, "poort", seed)
    source = named(make_example(folder / "bron", huishoudens=HOUSEHOLDS, seed=5), line)
    tables = read(source)
    first = Study.open(source, sleutel=line.key)
    asked = list(indicators or public_indicators(first))
    public_tables(first, asked, per)
    plain = _next(source, tables, line, folder / "gewoon", asked, per)
    done = 0
    while done < many:
        at = folder / "anders"
        shutil.rmtree(at, ignore_errors=True)
        names = [*rng.choice(list(CORRECTIONS), TOGETHER - 1), rng.choice(list(EVENTS))]
        other = tables
        for name in names:
            other = (CORRECTIONS | EVENTS)[name](rng, other)
        try:
            found = _next(source, other, line, at, asked, per)
        except TksFout as fault:
            if type(fault).__name__ != "ControleFout":
                raise
            continue
        done += TOGETHER
        yield names, sorted(k for k in plain.keys() | found.keys() if plain.get(k) != found.get(k))


def _next(
    source: Path, tables: Tables, line: Delivery, folder: Path, asked: Sequence[str], per: Sequence[str]
) -> dict[str, str]:
    """Return what is public of the next delivery, from the register as it was after the first."""
    package = deliver(source, tables, NEXT, folder)
    shutil.copytree(line.key.parent, folder / "kluis")
    return public_tables(Study.open(package, sleutel=folder / "kluis" / "sleutel"), asked, per)


def change_rows(found: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[dict[str, Any]]:
    """Return how often each change was made, and in how many deliveries with it anything differed."""
    return [
        {
            "verandering": name,
            "keren": sum(list(names).count(name) for names, _ in found),
            "verschil in openbare tabellen": sum(bool(differ) for names, differ in found if name in names),
        }
        for name in CORRECTIONS | EVENTS
    ]


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return the table of this part."""
    with tempfile.TemporaryDirectory() as at:
        found = list(changes(Path(at), CHANGES, indicators=INDICATORS))
    caption = f"{CHANGES} veranderingen bij dichte poort, {TOGETHER} in elke levering"
    return {caption: change_rows(found)}
