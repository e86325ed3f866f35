"""The protected counts of a release as files: open data, from which anybody recomputes every number."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toekomstscenario_eval.compared_groups import Comparison
from toekomstscenario_eval.estimators.filling import NO_HOUSEHOLD, is_bare
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.provenance import open_schema
from toekomstscenario_eval.provenance.manifest import to_bytes
from toekomstscenario_eval.provenance.open_schema import CELLS, DESCRIPTION, FIELDS, FOLDER, PLACES, RECIPES
from toekomstscenario_eval.results import Release, require_public
from toekomstscenario_eval.types import SITE, Result
from toekomstscenario_eval.version import __version__

VERSION = 1
# What a bare count counts: rows, households, or the households of every place.
ROWS, HOUSEHOLDS, EVERY_PLACE = "rijen", "huishoudens", "plekken"
_MEMORY = {"string": "str", "integer": "int64", "boolean": "bool"}
_ARROW = {"string": pa.string(), "integer": pa.int64(), "boolean": pa.bool_()}


def columns_of(table: str) -> dict[str, str]:
    """Return the type of each column of a table in memory."""
    return {naam: _MEMORY[kind] for naam, kind, _ in FIELDS[table]}


def files(vrijgave: Release, *, title: str) -> dict[str, bytes]:
    """Return the files of the folder `openbaar` by name; the same release gives the same bytes.

    Raises
    ------
    OnthullingsFout
        Of results that stay inside.
    """
    require_public(vrijgave, goal="open gegevens")
    book = _Book()
    results = [_result(r, book) for r in vrijgave.resultaten]
    recipes = {
        "openbaar": VERSION,
        "programma": __version__,
        "vrijgave": vrijgave.id,
        "beleid": {"naam": vrijgave.beleid, "regels": dict(vrijgave.regels)},
        "epoche": vrijgave.stand,
        "recepten": [{"nummer": i, **recipe} for i, recipe in enumerate(book.recipes, start=1)],
        "resultaten": results,
    }
    out: dict[str, bytes] = {RECIPES: to_bytes(recipes)}
    for naam, frame in ((CELLS, book.table(CELLS)), (PLACES, book.table(PLACES))):
        out[f"{naam}.csv"] = _csv(frame)
        out[f"{naam}.parquet"] = _parquet(naam, frame)
    out[DESCRIPTION] = to_bytes(open_schema.description(out, title=title, release=vrijgave.id))
    return {f"{FOLDER}/{naam}": out[naam] for naam in sorted(out)}


@dataclass
class _Book:
    """The questions by number, from 1. What two results ask alike stands once."""

    recipes: list[dict[str, Any]] = field(default_factory=list)
    blocks: dict[tuple[int, str], dict[tuple[str, ...], PublicSummary]] = field(default_factory=dict)

    def add(self, summary: PublicSummary) -> tuple[int, tuple[str, ...]]:
        """Return the number of the question behind a summary, and the periods that it holds."""
        periods = tuple(dict.fromkeys(summary.plekken["periode"].tolist()))
        noise = summary.ruis
        recipe = {
            "recept": summary.recept,
            "soort": summary.kind.value,
            "stap": summary.stap,
            "drempel": summary.drempel,
            "vanaf": asdict(summary.vanaf),
            "ruis": {"d": noise.d, "v": noise.v, "js": noise.js},
        }
        known = (i for i, other in enumerate(self.recipes, start=1) if other == recipe)
        number = next((i for i in known if self._fits(i, summary, periods)), len(self.recipes) + 1)
        if number > len(self.recipes):
            self.recipes.append(recipe)
        self.blocks.setdefault((number, summary.uitsplitsing), {}).setdefault(periods, summary)
        return number, periods

    def _fits(self, number: int, summary: PublicSummary, periods: tuple[str, ...]) -> bool:
        """Whether nothing else stands at the places of a summary: what is asked apart may be hidden apart."""
        there = self.blocks.get((number, summary.uitsplitsing), {})
        if periods in there:
            other = there[periods]
            return summary.cellen.equals(other.cellen) and summary.plekken.equals(other.plekken)
        return not any({*periods} & {*others} for others in there)

    def table(self, naam: str) -> pd.DataFrame:
        """Return all cells, or all places, in the order in which the questions were asked."""
        columns = columns_of(naam)
        pieces = [
            (summary.cellen if naam == CELLS else summary.plekken).assign(recept=number, uitsplitsing=per)
            for (number, per), parts in sorted(self.blocks.items())
            for summary in parts.values()
        ]
        full = [piece for piece in pieces if len(piece)]
        together = pd.concat(full, ignore_index=True) if full else pd.DataFrame(columns=list(columns))
        return together[list(columns)].astype(columns)


def _result(r: Result, book: _Book) -> dict[str, Any]:
    """Return everything from which, with the cells and the card, a result is made again."""
    sources = []
    for per, summary in r.publiek.items():
        number, periods = book.add(summary)
        sources.append({"uitsplitsing": per, "recept": number, "perioden": list(periods)})
    variant = r.variant
    return {
        "sleutel": r.sleutel,
        "indicator": r.indicator,
        "definitie": r.card.versie,
        "soort": r.card.kind.value,
        "parameters": dict(r.params),
        "venster": [r.venster.begin.isoformat(), r.venster.eind.isoformat()],
        "variant": {
            "periode": variant.periode,
            "venster": [day.isoformat() for day in variant.venster or ()],
            "interval": variant.interval,
            "definitie": None if variant.definitie is None else [list(pair) for pair in variant.definitie],
            "fase": variant.fase,
            "instroom": None if variant.instroom is None else list(variant.instroom),
        },
        "niet_van_toepassing": r.reden_nvt,
        "tellingen": sources,
        "groter_geheel": _strata(r),
        "regios": dict(r.regios),
        "startdata": dict(sorted(r.starts.items())),
        "geteld": _counted(r) if r.publiek and is_bare(r.card.kind) else None,
        "vergelijking": _comparison(r.vergelijking),
    }


def _comparison(asked: Comparison | None) -> dict[str, Any] | None:
    """Return which groups were compared, and which sites belong to them."""
    if asked is None:
        return None
    regios = {per: dict(sorted(groups.items())) for per, groups in sorted(asked.regios.items())}
    return {"naar": asked.naar, "groepen": list(asked.groepen), "binnen": asked.binnen, "regios": regios}


def _strata(r: Result) -> dict[str, str]:
    """Return the coarser groups that each site is a part of."""
    s = r.schattingen
    rows = s.loc[s["uitsplitsing"].eq(SITE) & s["stratum"].ne(""), ["groep", "stratum"]]
    return dict(tuples(rows.drop_duplicates()))


def _counted(r: Result) -> dict[str, Any]:
    """Return which bare counts were asked, and of which rows no household exists."""
    what = EVERY_PLACE if {*r.publiek} != {""} else HOUSEHOLDS if r.card.eenheid == HOUSEHOLDS else ROWS
    s = r.schattingen
    if what == EVERY_PLACE:
        # Also the groups that were expected and are no place: nobody was seen of them.
        names = tuples(s[s["uitsplitsing"].ne("")], ("uitsplitsing", "groep"))
        return {"wat": what, "namen": [list(name) for name in names], "zonder_huishouden": []}
    alone = s["methode"].eq(NO_HOUSEHOLD)
    return {
        "wat": what,
        "namen": [list(spot) for spot in tuples(s, ("uitsplitsing", "groep"))],
        "zonder_huishouden": s.loc[alone, "groep"].tolist(),
    }


def _csv(frame: pd.DataFrame) -> bytes:
    flags = frame.columns[frame.dtypes == "bool"]
    plain = frame.assign(**{k: frame[k].map({True: "true", False: "false"}) for k in flags})
    return bytes(plain.to_csv(index=False, lineterminator="\n").encode())


def arrow(table: str, frame: pd.DataFrame) -> Any:
    """Return a table as Parquet holds it."""
    columns = [pa.array(frame[k].tolist(), _ARROW[kind]) for k, kind, _ in FIELDS[table]]
    fields = [pa.field(k, _ARROW[kind], nullable=False) for k, kind, _ in FIELDS[table]]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _parquet(table: str, frame: pd.DataFrame) -> bytes:
    sink = io.BytesIO()
    pq.write_table(arrow(table, frame), sink, compression="zstd")
    return sink.getvalue()
