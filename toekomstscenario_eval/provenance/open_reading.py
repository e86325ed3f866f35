"""Read the open files beside a report, and compute its results from them: no data, key or cache is needed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.compared_groups import Comparison
from toekomstscenario_eval.errors import InvoerFout, TksFout
from toekomstscenario_eval.estimators import filling
from toekomstscenario_eval.frames import table
from toekomstscenario_eval.identity import Labels, Variant
from toekomstscenario_eval.long_tables import REEKS, SCHATTING, UITSLUITING
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import CELLEN, OUTSIDE, PLEKKEN, Least, PublicSummary
from toekomstscenario_eval.provenance import open_data
from toekomstscenario_eval.provenance.open_schema import (
    CELLS,
    DESCRIPTION,
    FILES,
    FOLDER,
    PLACES,
    RECIPES,
    file_hash,
)
from toekomstscenario_eval.results import Release, bundle
from toekomstscenario_eval.types import Card, Kind, Result, Venster
from toekomstscenario_eval.version import __version__

# The counts of the largest study take some tens of megabytes; more is a mistake, or meant to do harm.
_LARGEST = 500_000_000
_REMEDY = "vraag de map 'openbaar' opnieuw aan wie het verslag maakte; zij gaat ongewijzigd mee"


def load(path: Path, *, cards: Mapping[str, Card], labels: Labels) -> Release:
    """Return the release that these open files hold, every number computed anew.

    Parameters
    ----------
    path : path
        Folder of a report, its folder `openbaar`, its manifest, or an archive (zip).
    cards : mapping
        The definition of every result there can be.
    labels : Labels
        The words for the codes in the results.

    Raises
    ------
    InvoerFout
        When a file is absent or was changed, or this program has other definitions.
    """
    content = _verified(_read(path), str(path))
    try:
        return _Open.of(content).release(cards, labels)
    except InvoerFout:
        raise
    except (TksFout, KeyError, TypeError, ValueError, AttributeError, IndexError, pa.ArrowException):
        raise _wrong("de tellingen en de vragen passen niet bij elkaar", str(path)) from None


def _wrong(what: str, where: str, **more: str) -> InvoerFout:
    return InvoerFout(
        f"de openbare tellingen kloppen niet: {what}", waar=where, **{"herstel": _REMEDY, **more}
    )


def _read(path: Path) -> dict[str, bytes]:
    """Return the files of the folder by name, without the folder."""
    wanted = (*FILES, DESCRIPTION)
    try:
        if path.suffix == ".zip":
            return _from_zip(path, wanted)
        at = path.parent if path.is_file() else path
        at = at / FOLDER if (at / FOLDER).is_dir() else at
        found = [at / naam for naam in wanted if (at / naam).is_file()]
        if any(file.stat().st_size > _LARGEST for file in found):
            raise ValueError
        return {file.name: file.read_bytes() for file in found}
    except (OSError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise InvoerFout(
            "de openbare tellingen zijn niet te lezen", waar=str(path), herstel=_REMEDY
        ) from None


def _from_zip(path: Path, wanted: tuple[str, ...]) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        members = [
            m
            for m in archive.infolist()
            if Path(m.filename).parent.name == FOLDER and Path(m.filename).name in wanted
        ]
        if any(m.file_size > _LARGEST for m in members):
            raise ValueError
        return {Path(m.filename).name: archive.read(m) for m in members}


def _verified(content: dict[str, bytes], where: str) -> dict[str, bytes]:
    """Return the files when each is there and is what the description says."""
    if gone := [naam for naam in (DESCRIPTION, *FILES) if naam not in content]:
        raise InvoerFout(
            "de openbare tellingen zijn niet volledig",
            waar=where,
            verwacht=f"de map '{FOLDER}' van een openbaar verslag, met " + ", ".join((DESCRIPTION, *FILES)),
            kreeg="zonder " + ", ".join(gone),
            herstel="een intern verslag heeft geen openbare tellingen; anders: " + _REMEDY,
        )
    try:
        parts = {
            part["path"]: part["hash"]
            for part in structured_text.from_json(content[DESCRIPTION])["resources"]
        }
    except (ValueError, KeyError, TypeError):
        raise _wrong(f"{DESCRIPTION} is niet te lezen", where) from None
    for naam in FILES:
        if parts.get(naam) != file_hash(content[naam]):
            raise _wrong(f"{naam} is veranderd sinds het verslag is gemaakt", where)
    return content


def _table(naam: str, content: Mapping[str, bytes]) -> pd.DataFrame:
    """Return the cells or the places; both forms must hold the same."""
    types = open_data.columns_of(naam)
    text = pd.read_csv(io.BytesIO(content[f"{naam}.csv"]), dtype="str", na_filter=False, encoding="utf-8")
    flags = {k: text[k].map({"true": True, "false": False}) for k, t in types.items() if t == "bool"}
    frame = text.assign(**flags)[list(types)].astype(types)
    if not open_data.arrow(naam, frame).equals(pq.read_table(io.BytesIO(content[f"{naam}.parquet"]))):
        raise _wrong(f"{naam}.csv en {naam}.parquet verschillen", naam)
    return frame


@dataclass(frozen=True)
class _Open:
    """The open files, read: the questions, and the tables by question and breakdown."""

    questions: Mapping[str, Any]
    cells: Mapping[tuple[int, str], pd.DataFrame]
    places: Mapping[tuple[int, str], pd.DataFrame]

    @classmethod
    def of(cls, content: Mapping[str, bytes]) -> _Open:
        """Read the files."""
        questions = structured_text.from_json(content[RECIPES])
        if questions["openbaar"] != open_data.VERSION:
            raise InvoerFout(
                "de openbare tellingen zijn van een andere versie van het programma",
                waar=RECIPES,
                kreeg=str(questions["programma"]),
                verwacht=__version__,
                herstel="gebruik de versie van het programma waarmee het verslag is gemaakt",
            )
        split = {}
        for naam in (CELLS, PLACES):
            groups = _table(naam, content).groupby(["recept", "uitsplitsing"], sort=False)
            split[naam] = {(int(str(number)), str(per)): part for (number, per), part in groups}
        return cls(questions, split[CELLS], split[PLACES])

    def release(self, cards: Mapping[str, Card], labels: Labels) -> Release:
        """Compute every result; the counts themselves say which release it is."""
        q = self.questions
        results = [self._result(r, cards, labels) for r in q["resultaten"]]
        rules = {k: tuple(w) if isinstance(w, list) else w for k, w in q["beleid"]["regels"].items()}
        out = bundle(results, policy=q["beleid"]["naam"], rules=rules, stand=q["epoche"])
        if out.id != q["vrijgave"]:
            raise _wrong("zij zijn niet die van deze vrijgave", FOLDER, verwacht=q["vrijgave"], kreeg=out.id)
        return out

    def _summary(self, source: Mapping[str, Any]) -> PublicSummary:
        per = "" if source["uitsplitsing"] == OUTSIDE else source["uitsplitsing"]
        recipe, spot = self.questions["recepten"][source["recept"] - 1], (source["recept"], per)

        def part(
            tables: Mapping[tuple[int, str], pd.DataFrame], columns: tuple[str, ...], naam: str
        ) -> pd.DataFrame:
            if spot not in tables:
                return pd.DataFrame({k: pd.Series(dtype=open_data.columns_of(naam)[k]) for k in columns})
            found = tables[spot]
            return found.loc[found["periode"].isin(source["perioden"]), list(columns)].reset_index(drop=True)

        return PublicSummary(
            Kind(recipe["soort"]),
            part(self.cells, CELLEN, CELLS),
            part(self.places, PLEKKEN, PLACES),
            Noise(**recipe["ruis"]),
            recipe["recept"],
            per,
            recipe["stap"],
            recipe["drempel"],
            Least(**recipe["vanaf"]),
        )

    def _result(self, r: Mapping[str, Any], cards: Mapping[str, Card], labels: Labels) -> Result:
        found = {source["uitsplitsing"]: self._summary(source) for source in r["tellingen"]}
        variant = _variant(r["variant"])
        plain = Result(
            r["indicator"],
            _card(r, cards),
            r["parameters"],
            Venster(*map(date.fromisoformat, r["venster"])),
            table((), SCHATTING),
            table((), REEKS),
            table((), UITSLUITING),
            reden_nvt=r["niet_van_toepassing"],
            variant=variant,
            labels=labels,
            regios={str(kind): int(many) for kind, many in r["regios"].items()},
            starts={str(region): str(day) for region, day in r.get("startdata", {}).items()},
        )
        if not found:
            return plain
        if r["geteld"] is not None:
            return _bare(plain, r["geteld"], found)
        asked = r.get("vergelijking")
        return filling.fill(
            plain,
            found,
            interval=variant.interval,
            strata=r["groter_geheel"],
            comparison=_comparison(asked) if asked else None,
        )


def _card(r: Mapping[str, Any], cards: Mapping[str, Card]) -> Card:
    card = cards.get(f"{r['indicator']}/{r['variant']['periode']}") or cards.get(r["indicator"])
    if card is None or card.versie != r["definitie"] or card.kind is not Kind(r["soort"]):
        raise InvoerFout(
            f"deze versie van het programma heeft een andere definitie van {r['indicator']}",
            waar=RECIPES,
            verwacht=f"versie {r['definitie']}",
            kreeg=f"versie {card.versie}" if card else "geen",
            herstel="gebruik de versie van het programma waarmee het verslag is gemaakt",
        )
    return card


def _variant(v: Mapping[str, Any]) -> Variant:
    bounds = [date.fromisoformat(day) for day in v["venster"]]
    definition = None if v["definitie"] is None else tuple((str(k), str(w)) for k, w in v["definitie"])
    entered = v.get("instroom")
    return Variant(
        v["periode"],
        (bounds[0], bounds[1]) if bounds else None,
        v["interval"],
        definition,
        v.get("fase", ""),
        (str(entered[0]), int(entered[1])) if entered else None,
    )


def _comparison(asked: Mapping[str, Any]) -> Comparison:
    regios = {str(per): dict(groups) for per, groups in asked["regios"].items()}
    return Comparison(asked["naar"], tuple(asked["groepen"]), asked["binnen"], regios)


def _bare(plain: Result, counted: Mapping[str, Any], found: Mapping[str, PublicSummary]) -> Result:
    """Return a result of bare counts."""
    if counted["wat"] == open_data.EVERY_PLACE:
        rows = []
        for per, public in found.items():
            asked = [naam for field, naam in counted["namen"] if field == per]
            rows += filling.sizes(public, plain.card, asked)
        return filling.counted(plain, rows, found)
    rows = filling.facts(
        found[""],
        plain.card,
        [(per, naam) for per, naam in counted["namen"]],
        households=counted["wat"] == open_data.HOUSEHOLDS,
        without=counted["zonder_huishouden"],
    )
    return filling.counted(plain, rows, found)
