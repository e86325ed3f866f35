"""Deliveries to the official layouts, with known faults of every kind and what they must become.

`python -m tests.data.deliveries 200000` makes one of that many rows for each profile, imports it, and prints
what was seeded and what was found.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.importers.import_report import ImportVerslag
from toekomstscenario_eval.data.importers.importing import run_import

FIRST, PEILDATUM = np.datetime64("2013-01-01"), np.datetime64("2017-01-01")
NONE = np.datetime64("NaT")
REFUSED = ("datum bestaat niet", "begin ontbreekt", "onbekende code", "reden van een ander jaar")
_MAPPING = """\
profiel: {profiel}
pakket:
  naam: proef
  titel: Proeflevering
  peildatum: 2017-01-01
  waarneemvenster: {{begin: 2015-01-01, eind: 2017-01-01}}
  bronnen: [Verzonnen levering]
  contact: de maker
tabellen:
  proeftuin:
    per: []
    kolommen: {{proeftuin_id: {{vast: p1}}, naam: {{vast: Proef}}, soort: {{vast: proeftuin}}}}
  huishouden:
    kolommen: {{proeftuin_id: {{vast: p1}}}}
"""


def mapping(profiel: str) -> str:
    """Return what a user writes beside a profile."""
    return _MAPPING.format(profiel=profiel)


@dataclass(frozen=True)
class Layout:
    """The columns of a layout, and which table its rows become."""

    table: str
    person: str
    begin: str
    end: str
    code: str = ""
    codes: tuple[str, ...] = ()
    reason: str = ""
    reasons: dict[str, str] = field(default_factory=dict)
    sex: dict[str, str] = field(default_factory=lambda: {"V": "V", "M": "M", "O": "O"})
    unknown: str = "000000000"
    unborn: str = "999999999"
    other_year: str = ""  # an end reason of another year
    referrer: bool = False
    handed_over: bool = False
    iso: bool = False
    last_day_counts: bool = True
    extra: dict[str, str] = field(default_factory=dict)


_OTS = {c: c for c in ("01", "02", "03", "04", "05", "06")}
_JR = {c: c for c in ("21", "22", "23", "24", "25", "26")}
_JH = {"01": "afgerond", "02": "afgerond", "03": "overig", "04": "overig", "05": "overig"}
_IJW = {
    "31": "afgerond",
    "32": "overig",
    "33": "overig",
    "34": "afgerond",
    "35": "overig",
    "38": "overgedragen",
}
_LATER = {"unknown": "999999999", "unborn": "000000000"}
_BSN = "Burgerservicenummer"


def _gi(kind: str, code: str, codes: tuple[str, ...], reasons: dict[str, str], **more: object) -> Layout:
    begin, end = f"Datum aanvang {kind}", f"Datum einde {kind}"
    how = {"reason": "Reden beëindiging maatregel", "handed_over": True, **more}
    return Layout("maatregel", _BSN, begin, end, code, codes, reasons=reasons, **how)  # type: ignore[arg-type]


def _help(**more: object) -> Layout:
    begin, end, reason = "Datum aanvang jeugdhulp", "Datum einde jeugdhulp", "Reden beëindiging jeugdhulp"
    extra = {"Hulpvorm": "02", "Perspectief": "03"}
    how = {"reason": reason, "reasons": _JH, "referrer": True, "extra": extra, **more}
    return Layout("betrokkenheid", _BSN, begin, end, **how)  # type: ignore[arg-type]


_JB = ("kinderbeschermingsmaatregel", "Type maatregel", ("11", "12"))
_JRC = ("jeugdreclassering", "Type jeugdreclassering", ("41", "42", "50", "51", "61", "62", "63"))
LAYOUTS = {
    "jeugdbescherming_2015": _gi(*_JB, _OTS, other_year="07"),
    "jeugdbescherming_2016": _gi(*_JB, _OTS | {"07": "07"}, **_LATER),
    "jeugdreclassering_2015": _gi(*_JRC, _JR),
    "jeugdreclassering_2016": _gi(*_JRC, _JR, **_LATER),
    "jeugdhulp_2015": _help(),
    "jeugdhulp_2016": _help(**_LATER),
    "ijw_jeugdhulp": Layout(
        "betrokkenheid",
        "Bsn",
        "Begindatum",
        "Einddatum",
        reason="RedenBeeindiging",
        reasons=_IJW,
        sex={"2": "V", "1": "M", "0": "O"},
        iso=True,
        extra={"ProductCategorie": "45", "Verwijzer": "01"},
        **_LATER,
    ),
    "cbs_jeugdbescherming": Layout(
        "maatregel",
        "RINPERSOON",
        "JGDBGELDIGHEIDBEGINDATUM",
        "JGDBGELDIGHEIDEINDDATUM",
        "JGDBMAATREGEL",
        ("11", "12", "21", "22", "23"),
        sex={"2": "V", "1": "M", "-": "O"},
        unknown="",
        unborn="",
    ),
    "veilig_thuis_onderzoeken": Layout(
        "ketenstap", "BSN", "Startdatum", "Datum afronding", last_day_counts=False, extra={"Rol": "115"}
    ),
    "veilig_thuis_meldingen": Layout(
        "ketenstap",
        "BSN",
        "Datum",
        "Datum start inzetten vervolgtraject",
        last_day_counts=False,
        extra={"Rol": "115", "Vervolg": "02"},
    ),
}


@dataclass
class Delivery:
    """Rows of one delivery, and for each row what it must become."""

    layout: Layout
    columns: dict[str, np.ndarray]
    truth: pd.DataFrame
    traps: dict[str, np.ndarray]  # the rows of each kind of fault
    of: np.ndarray | None = None  # which row of the truth each delivered row is about; None: its own

    def write(self, path: Path) -> Path:
        """Write the rows as CSV."""
        frame = pd.DataFrame(self.columns)
        frame.to_csv(path, index=False, quoting=csv.QUOTE_MINIMAL)
        return path


def _days(rng: np.random.Generator, low: int, high: int, n: int) -> np.ndarray:
    return rng.integers(low, high, n).astype("timedelta64[D]")


def _text(days: np.ndarray, *, iso: bool) -> np.ndarray:
    out = np.datetime_as_string(days, unit="D").astype(object)
    out[np.isnat(days)] = ""
    return out if iso else np.array([d.replace("-", "") for d in out], dtype=object)


def deliver(profiel: str, n: int, seed: int = 7) -> Delivery:
    """Make a delivery of `n` rows to the layout of a profile."""
    how, rng = LAYOUTS[profiel], np.random.default_rng(seed)
    at = np.arange(n)
    household, k = at // 2, max(4, n // 100)
    begin = FIRST + _days(rng, 0, 700, n)
    end = begin + _days(rng, 400, 700, n)
    if how.table == "ketenstap":  # the persons of a household stand in one step
        begin, end = begin[household * 2], end[household * 2]
    sex_codes = np.array(list(how.sex), dtype=object)
    sex = sex_codes[rng.integers(0, 2, n)]
    birth = np.datetime64("2003-01-01") + _days(rng, 0, 3000, n)
    number = np.array([f"k{i:x}" for i in at], dtype=object)
    code = np.array(how.codes or [""], dtype=object)[rng.integers(0, max(1, len(how.codes)), n)]
    reasons = np.array(list(how.reasons) or [""], dtype=object)
    reason = reasons[rng.integers(0, len(reasons), n)]
    columns: dict[str, np.ndarray] = {
        "begin": _text(begin, iso=how.iso),
        "end": _text(end, iso=how.iso),
        "code": code.copy(),
        "reason": reason.copy(),
        "sex": sex,
        "birth": _text(birth, iso=how.iso),
        "number": number,
        "household": np.array([f"h{i}" for i in household], dtype=object),
        "referrer": np.full(n, "01", object),
        "supplier": np.full(n, "i1", object),
        "over": np.full(n, "", object),
        "got": np.full(n, "", object),
        **{naam: np.full(n, value, object) for naam, value in how.extra.items()},
    }
    if how.extra.get("Rol"):
        columns["Rol"][1::2] = "112"
    truth = pd.DataFrame(
        {
            "begin": begin,
            "eind": end + np.timedelta64(int(how.last_day_counts), "D"),
            "soort": code,
            "reden_einde": np.array([how.reasons.get(r, "") for r in reason], dtype=object),
            "huishouden_id": columns["household"].copy(),
            "persoon_id": number.copy(),
            "geslacht": np.array([how.sex[s] for s in sex], dtype=object),
            "geboortejaar": birth.astype("datetime64[Y]").astype(int) + 1970,
            "begin_onbekend": np.zeros(n, bool),
            "gebruikt": np.ones(n, bool),
        }
    )
    made = Delivery(how, columns, truth, {})
    _seed(made, _slices(how, n, k, rng))
    made.columns = _named(profiel, how, columns, household)
    return made


def redeliver(profiel: str, n: int, seed: int = 7) -> Delivery:
    """Return a delivery of `n` records as it arrives: a half-year provisional, final, and the next half-year.

    In the first half-year what ends later is still open, in its provisional delivery some ends are wrong and
    some records are there that are withdrawn.
    """
    made, rng = deliver(profiel, n, seed), np.random.default_rng(seed + 1)
    end, k = made.layout.end, max(4, n // 100)
    household = np.arange(n) // 2  # delivered together
    only_first = (rng.random(n) < 0.2)[household]
    in_first = only_first | (rng.random(n) < 0.6)[household]
    first, second = np.flatnonzero(in_first), np.flatnonzero(~only_first)
    columns = {naam: np.concatenate([c[first], c[first], c[second]]) for naam, c in made.columns.items()}
    a, b = len(first), len(second)
    at = np.concatenate([first, first, second])
    columns["Verslagperiode"] = np.repeat(np.array(["2015-1", "2015-2"], object), (2 * a, b))
    columns["Versie"] = np.repeat(np.array(["1", "2", "1"], object), (a, a, b))
    used = made.truth["gebruikt"].to_numpy()
    # What goes on in the next half-year has no end yet in the first, in either delivery of it.
    still = np.flatnonzero((household[at[: 2 * a]] % 2 == 0) & ~only_first[at[: 2 * a]])
    columns[end][still] = ""
    for naam in (made.layout.reason,) if made.layout.reason else ():
        columns[naam][still] = ""
    wrong = np.flatnonzero(used[first] & (columns[end][:a] != "") & (columns[end][:a] != "."))[:k]
    columns[end][wrong] = "2015-12-31" if made.layout.iso else "20151231"
    # In the final delivery some ends are days that the next half-year corrects.
    closed = (
        used[at[a : 2 * a]]
        & ~only_first[at[a : 2 * a]]
        & np.char.startswith(columns[end][a : 2 * a].astype(str), "20")
    )
    corrected = a + np.flatnonzero(closed)[:k]
    columns[end][corrected] = columns["Verslagperiode"][0].replace(
        "-1", "-12-30" if made.layout.iso else "1230"
    )
    made.traps["einde later verbeterd"] = at[corrected]
    ghosts = np.arange(k)
    columns = {naam: np.concatenate([c, c[:k]]) for naam, c in columns.items()}
    gone = slice(len(at), len(at) + k)
    for naam in {made.layout.person, "Huishouden", "HUISHOUDNR", "Nummer"} & set(columns):
        mark = "9" if naam == "RINPERSOON" else "x"
        columns[naam][gone] = np.array([f"{mark}{i:07d}" for i in ghosts], object)
    columns["Verslagperiode"][gone], columns["Versie"][gone] = "2015-1", "1"
    of = np.concatenate([at, np.full(k, -1)])
    return Delivery(made.layout, columns, made.truth, made.traps, of)


def _slices(how: Layout, n: int, k: int, rng: np.random.Generator) -> Callable[[], np.ndarray]:
    """Return what yields each time `k` other rows; per household one where a row is one of its household."""
    step = 2 if how.table == "ketenstap" else 1
    order = rng.permutation(n // step) * step
    parts = iter(np.array_split(order[: (len(order) // k) * k], len(order) // k))
    return lambda: np.sort(next(parts))


def _seed(made: Delivery, some: Callable[[], np.ndarray]) -> None:
    how, c, t = made.layout, made.columns, made.truth
    gap = "-" if how.iso else ""

    def put(naam: str, rows: np.ndarray) -> np.ndarray:
        # A step of a household is one row of the package: its other person says the same.
        made.traps[naam] = rows
        return np.concatenate([rows, rows + 1]) if how.table == "ketenstap" else rows

    _dates(made, put, some)
    i = put("spaties rond sleutel en code", some())
    c["household"][i], c["code"][i] = c["household"][i] + "   ", " " + c["code"][i] + "  "
    i = put("geslacht onbekend", some())
    c["sex"][i], t.loc[i, "geslacht"] = next(k for k, v in how.sex.items() if v == "O"), "O"
    if how.unknown:
        _persons(made, some, gap)
    if how.codes:
        i = put("code als kommagetal", some())
        c["code"][i] = c["code"][i] + ".0"
    if how.reasons:
        i = put("voorloopnul verloren", some())
        first = next(iter(how.reasons))
        c["reason"][i] = first.lstrip("0") + (".0" if first[0] != "0" else "")
        t.loc[i, "reden_einde"] = how.reasons[first]
    if how.handed_over:
        _handed_over(made, put("overgedragen", some()), put("overgedragen gekregen, zonder aanvang", some()))
    if how.referrer:
        i = put("verwijzer 08", some())
        c["referrer"][i] = "8"
    i = put("datum bestaat niet", some())
    c["begin"][i] = f"2015{gap}02{gap}30"
    t.loc[i, "gebruikt"] = False
    i = put("begin ontbreekt", some())
    c["begin"][i] = ""
    t.loc[i, "gebruikt"] = False
    if how.codes or how.reasons:
        i = put("onbekende code", some())
        c["code" if how.codes else "reason"][i] = "99"
        t.loc[i, "gebruikt"] = False
    if how.other_year:
        i = put("reden van een ander jaar", some())
        c["reason"][i] = how.other_year
        t.loc[i, "gebruikt"] = False


def _dates(made: Delivery, put: Callable, some: Callable[[], np.ndarray]) -> None:
    how, c, t = made.layout, made.columns, made.truth
    gap, day = "-" if how.iso else "", np.timedelta64(1, "D")
    i = put("maand bekend, dag niet", some())
    c["begin"][i] = np.array([w[:-2] + "00" for w in c["begin"][i]], dtype=object)
    t.loc[i, "begin"] = t["begin"].to_numpy()[i].astype("datetime64[M]").astype("datetime64[D]") + 14 * day
    i = put("alleen jaar bekend", some())
    c["begin"][i] = np.array([w[:4] + f"{gap}00{gap}00" for w in c["begin"][i]], dtype=object)
    year = t["begin"].to_numpy()[i].astype("datetime64[Y]")
    t.loc[i, "begin"] = (year.astype("datetime64[M]") + 6).astype("datetime64[D]")
    # From the first of July to an end that may lie before it, in a year that began later: moved along.
    late = np.datetime_as_string(t["begin"].to_numpy()[i].astype("datetime64[D]") + 500 * day, unit="D")
    c["end"][i] = np.array([d if how.iso else d.replace("-", "") for d in late], dtype=object)
    t.loc[i, "eind"] = t["begin"].to_numpy()[i] + (500 + int(how.last_day_counts)) * day
    i = put("einde leeg", some())
    c["end"][i], c["reason"][i] = "", ""
    t.loc[i, "eind"], t.loc[i, "reden_einde"] = NONE, ""
    i = put("einde leeg als punt (SPSS)", some())
    c["end"][i], c["reason"][i] = ".", ""
    t.loc[i, "eind"], t.loc[i, "reden_einde"] = NONE, ""
    if not how.iso:
        i = put("datum als kommagetal", some())
        c["begin"][i] = c["begin"][i] + ".0"


def _handed_over(made: Delivery, i: np.ndarray, j: np.ndarray) -> None:
    c, t = made.columns, made.truth
    c["over"][i], c["end"][i], c["reason"][i] = c["end"][i], "", ""
    t.loc[i, "reden_einde"] = "OV"
    # The same child, at the next institution, from the day after.
    for naam in ("number", "sex", "birth", "household"):
        c[naam][j] = c[naam][i]
    for naam in ("persoon_id", "geslacht", "geboortejaar", "huishouden_id"):
        t.loc[j, naam] = t[naam].to_numpy()[i]
    start = t["eind"].to_numpy()[i]
    c["got"][j], c["begin"][j], c["supplier"][j] = (
        _text(start.astype("datetime64[D]"), iso=False),
        "",
        "i2",
    )
    c["code"][j], c["end"][j], c["reason"][j] = c["code"][i], "", ""
    t.loc[j, "begin"], t.loc[j, "eind"], t.loc[j, "begin_onbekend"] = start, NONE, True
    t.loc[j, "soort"], t.loc[j, "reden_einde"] = t["soort"].to_numpy()[i], ""


def _persons(made: Delivery, some: Callable[[], np.ndarray], gap: str) -> None:
    how, c, t = made.layout, made.columns, made.truth
    for naam, value, word in (
        ("nummer onbekend", how.unknown, "onbekend"),
        ("nummer onbekend, door Excel of SPSS", how.unknown, "onbekend"),
        ("ongeboren", how.unborn, "ongeboren"),
        ("nummer leeg", "", "leeg"),
    ):
        i = made.traps[naam] = some()
        c["number"][i] = value
        if "Excel" in naam:
            c["number"][i] = "0" if value[0] == "0" else "999999999.0"
        if word == "ongeboren" and not how.iso:
            c["birth"][i] = "99999999"
            t.loc[i, "geboortejaar"] = 0
        t.loc[i, "persoon_id"] = t["huishouden_id"].to_numpy()[i] + "." + word
    i = made.traps["geboortedag of -maand onbekend"] = some()
    half = len(i) // 2
    c["birth"][i[:half]] = np.array([w[:-2] + "00" for w in c["birth"][i[:half]]], dtype=object)
    c["birth"][i[half:]] = np.array([w[:4] + f"{gap}00{gap}00" for w in c["birth"][i[half:]]], dtype=object)


def _named(
    profiel: str, how: Layout, c: dict[str, np.ndarray], household: np.ndarray
) -> dict[str, np.ndarray]:
    """Give the columns the names of the layout."""
    since = "2013-01-01" if how.iso else "20130101"
    n = len(household)
    out = {how.begin: c["begin"], how.end: c["end"], **{naam: c[naam] for naam in how.extra}}
    if how.code:
        out[how.code] = c["code"]
    if how.reason:
        out[how.reason] = c["reason"]
    if profiel.startswith("cbs"):
        number = np.array([str(i) for i in range(n)], dtype=object)
        years = np.array([w[:4] for w in c["birth"]], dtype=object)
        return out | {
            "RINPERSOONS": np.full(n, "R", object),
            "RINPERSOON": number,
            "HUISHOUDNR": c["household"],
            "GBAGESLACHT": c["sex"],
            "GBAGEBOORTEJAAR": years,
            "DATUMAANVANGHH": np.full(n, since, object),
            "DATUMEINDEHH": np.full(n, "88888888", object),
        }
    out |= {how.person: c["number"], "Geboortedatum": c["birth"], "Geslacht": c["sex"]}
    out |= {"Huishouden": c["household"], "Instroom": np.full(n, since, object)}
    out["Uitstroom"] = np.full(n, "", object)
    if how.table == "ketenstap":
        out["Nummer"] = np.array([f"N{i}" for i in household], dtype=object)
        # Both persons of a household stand in its step.
        for naam in (how.begin, how.end):
            out[naam] = out[naam].copy()
    else:
        out["Instelling"] = c["supplier"]
    if how.handed_over:
        out |= {"Datum overgedragen": c["over"], "Datum overgedragen gekregen": c["got"]}
    if how.referrer:
        out["Verwijzer"] = c["referrer"]
    return out


@dataclass(frozen=True)
class Outcome:
    """What came of a delivery: per kind of fault how many were seeded and how many were found right."""

    verslag: ImportVerslag
    tables: dict[str, pd.DataFrame]
    found: dict[str, tuple[int, int]]
    seconds: float


def bring(profiel: str, n: int, folder: Path, *, seed: int = 7, again: bool = False) -> Outcome:
    """Make, write and import a delivery, and lay what came of it beside what it must become."""
    made = redeliver(profiel, n, seed) if again else deliver(profiel, n, seed)
    source, how = made.write(folder / "levering.csv"), folder / "mapping.yaml"
    more = "bron: {levering: {volgorde: Verslagperiode, versie: Versie}}\n" if again else ""
    how.write_text(mapping(profiel) + more, encoding="utf-8")
    start = time.process_time()
    verslag = run_import(how, source, folder / "pakket")
    seconds = time.process_time() - start
    tables = {
        p.stem: pd.read_csv(p, dtype=str, keep_default_na=False) for p in (folder / "pakket").glob("*.csv")
    }
    right = _right(made, tables, n)
    found = {naam: (len(rows), int(right[rows].sum())) for naam, rows in made.traps.items()}
    found["alle rijen"] = (n, int(right.sum()))
    return Outcome(verslag, tables, found, seconds)


def _right(made: Delivery, tables: dict[str, pd.DataFrame], n: int) -> np.ndarray:
    """Return for each row whether the package has it as it must be, and not when it must not."""
    how, truth = made.layout, made.truth
    out = tables[how.table].copy()
    persons = tables["persoon"].set_index("persoon_id")
    if how.table == "ketenstap":
        out = out.set_index("huishouden_id").reindex(truth["huishouden_id"]).reset_index()
    else:
        at = out[f"{how.table}_id"].str[1:].astype(int).to_numpy() - 1
        out = out.set_index(at if made.of is None else made.of[at])
        assert out.index.is_unique  # a record counts once
        out = out.reindex(range(n))
    there = out["begin"].notna().to_numpy()
    used = truth["gebruikt"].to_numpy()
    same = np.ones(n, bool)
    for naam in ("begin", "eind"):
        same &= out[naam].fillna("").to_numpy() == _text(
            truth[naam].to_numpy().astype("datetime64[D]"), iso=True
        )
    for naam in ("soort", "reden_einde"):
        if naam in out and (how.codes if naam == "soort" else how.reasons):
            same &= out[naam].fillna("").to_numpy() == truth[naam].to_numpy()
    if "begin_onbekend" in out:
        same &= (out["begin_onbekend"].fillna("false") == "true").to_numpy() == truth[
            "begin_onbekend"
        ].to_numpy()
    return np.where(used, there & same & _person_right(how, out, persons, truth), ~there)


def _person_right(how: Layout, out: pd.DataFrame, persons: pd.DataFrame, truth: pd.DataFrame) -> np.ndarray:
    """Return whether the person is the right one, with the right year, sex and household."""
    wanted = truth["persoon_id"].to_numpy()
    if how.table == "maatregel":
        key = out["persoon_id"].fillna("")
        if how.person == "RINPERSOON":
            same = (key == [f"R-{i:09d}" for i in range(len(truth))]).to_numpy()
        else:
            same = np.array([k == w or k[:-1] == w for k, w in zip(key, wanted, strict=True)])
    else:
        household = out["huishouden_id"].fillna("")
        same = (household == truth["huishouden_id"]).to_numpy()
        key = pd.Series([w if "." not in w else w + "1" for w in wanted])
    who = persons.reindex(key)
    # Two without a number in one household may stand in either order.
    loose = np.array(["." in w for w in wanted])
    year = pd.to_numeric(who["geboortejaar"], errors="coerce").fillna(0).to_numpy() == truth["geboortejaar"]
    fits = year.to_numpy() & (who["geslacht"].to_numpy() == truth["geslacht"].to_numpy())
    return same & (who["huishouden_id"].to_numpy() == truth["huishouden_id"].to_numpy()) & (fits | loose)


def _again(profiel: str, n: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return bring(profiel, n, Path(folder), again=True)


def main(n: int) -> None:
    """Print what was seeded and found, for each profile."""
    for profiel in LAYOUTS:
        with tempfile.TemporaryDirectory() as folder:
            made = bring(profiel, n, Path(folder))
        again = _again(profiel, n)
        print(f"\n{profiel}: {n} rijen, {made.seconds:.1f} CPU-s, apart {made.verslag.rows_apart}")  # noqa: T201
        for naam, (seeded, found) in made.found.items():
            print(f"  {naam:42} {seeded:8} {found:8} {'' if seeded == found else 'VERSCHIL'}")  # noqa: T201
        rows, right = again.found["alle rijen"]
        print(  # noqa: T201
            f"  voorlopig, definitief en volgend halfjaar: {again.verslag.gelezen} rijen, "
            f"{again.seconds:.1f} CPU-s, gebruikt {again.verslag.used}, apart {again.verslag.rows_apart}, "
            f"{again.verslag.replaced}; records {rows}, goed {right}{'' if rows == right else ' VERSCHIL'}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
