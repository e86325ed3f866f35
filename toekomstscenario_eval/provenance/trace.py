"""From the id of a number to where it comes from, out of the manifest alone."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from typing import Any

from toekomstscenario_eval.blocks import count_words
from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.document.format import (
    BESIDE,
    field,
    group,
    interval,
    of_method,
    probability,
)
from toekomstscenario_eval.document.nodes import SUPPRESSED
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.provenance.manifest import numbers
from toekomstscenario_eval.types import Kind, Vorm

Row = Mapping[str, Any]


def _float(waarde: object) -> float:
    return float(waarde) if isinstance(waarde, int | float) else math.nan


def form(result: Row, row: Row, entry: str) -> Vorm:
    """Return how a number of this row reads, as the manifest says."""
    if own := row.get("vormen", {}).get(entry):
        return Vorm(own)
    if entry in BESIDE:
        return BESIDE[entry]
    if "maat" in row:
        return Vorm(result["maten"][row["maat"]]["vorm"])
    if "toets" in row:
        return Vorm(result["vormen"]["toetsen"][row["toets"]])
    return Vorm(result["vormen"]["reeksen"][row["reeks"]][entry])


def shown(result: Row, row: Row, entry: str = "") -> str:
    """Return one number of a row as the report shows it; `entry` as behind the point in an id."""
    if row.get("onderdrukt"):
        return SUPPRESSED
    if (entry == "n" or of_network(result, row)) and (few := _few(result, row)):
        return few
    if entry == "interval" and of_network(result, row):
        return ""
    first = next(k for k in ("schatting", "waarde", "aantal") if k in row)
    vorm = form(result, row, first)
    if entry == "interval":
        return interval(_float(row["ondergrens"]), _float(row["bovengrens"]), vorm)
    if entry == "hedges_g":
        own = form(result, row, entry)
        bounds = interval(_float(row["g_ondergrens"]), _float(row["g_bovengrens"]), own)
        return f"{of_method(_float(row['hedges_g']), own, '')} ({bounds})"
    if entry == "p":
        return probability(_float(row["p"]))
    name, _, groep = entry.partition(".")
    if name and name not in row and f"{name}_ondergrens" in row:
        sides = (row[f"{name}_{side}"] for side in ("ondergrens", "bovengrens"))
        under, above = (_float(side.get(groep) if groep else side) for side in sides)
        return interval(under, above, vorm)
    if not name and (text := words(result, row)):
        return text
    if not name:
        # Of a test without an estimate the statistic is the number.
        name = "statistiek" if "toets" in row and row["schatting"] is None else first
    waarde = row[name].get(groep) if groep else row[name]
    return of_method(_float(waarde), form(result, row, name), str(row.get("methode", "")))


def _few(result: Row, row: Row) -> str:
    """Return how few households behind a point read in public; empty when there are enough, and inside."""
    counted = "reeks" in row or result["soort"] == Kind.NETWERK.value
    few = counted and _float(row.get("n")) < result["drempel"]
    return f"minder dan {result['drempel']}" if few else ""


def of_network(result: Row, row: Row) -> bool:
    """Whether a row is a node, a tie or a flow; what stands beside its share is no interval."""
    return "reeks" in row and result["soort"] == Kind.NETWERK.value


def counts(result: Row, row: Row) -> list[tuple[str, str]]:
    """Return the counts behind a number with their names: a ratio only where it gives the number."""
    if row.get("onderdrukt"):
        return []
    terms = [("Huishoudens", "n")]
    if _is_ratio(row):
        terms += [("Teller", "teller"), ("Noemer", "noemer")]
    elif "teller" in row and any(k == "gecensureerd" for _, k in VIEWS[Kind(result["soort"])].kolommen):
        # What may last longer than was seen is no ratio: its counts tell how much was seen.
        terms += VIEWS[Kind(result["soort"])].kolommen
    return [(term, shown(result, row, k)) for term, k in terms if row.get(k) is not None]


def _is_ratio(row: Row) -> bool:
    """Whether the number of a row is its numerator over its denominator."""
    teller, noemer, outcome = (_float(row.get(k)) for k in ("teller", "noemer", "schatting"))
    return noemer > 0 and math.isclose(teller / noemer, outcome, rel_tol=1e-6)


def words(result: Row, row: Row) -> str:
    """Return how a number reads that is shown as lying between two bounds; empty for any other."""
    of = "n" in row and result["soort"] != Kind.TELLING.value
    plain = {"weergave": row.get("weergave", ""), "n": _float(row.get("n"))}
    # A number of rows reads as a number of households, and so do those excluded: see `count_words.words`.
    plain |= {"aantal": row["aantal"]} if "aantal" in row else {}
    plain["eenheid"] = result["maten"][row["maat"]].get("eenheid", "") if "maat" in row else ""
    return count_words.words(plain, least=result["drempel"], of=of)


def place(result: Row, row: Row) -> str:
    """Return what a number is and where it stands, in words."""
    if "maat" in row:
        what = result["maten"][row["maat"]]["label"]
    elif "toets" in row:
        return f"{row['toets']}, {field(row['uitsplitsing']).lower()}: {row['groepen']}"
    elif "reeks" in row:
        point = row["label"] or f"dag {_float(row['x']):.0f}"
        what = f"{row['reeks']}, {point}"
    else:
        what = f"buiten de telling, {row['reden']}"
    if "soort" in row:
        return f"{what}, {row['soort']}"
    uitsplitsing = row.get("uitsplitsing", "")
    where = f"{field(uitsplitsing).lower()}: {group(row['groep'])}" if uitsplitsing else "geheel"
    return ", ".join(filter(None, (what, where, row.get("periode", ""))))


def by_id(manifest: Row) -> dict[str, tuple[Row, Row]]:
    """Return the result and the row of every number, by its id."""
    return {row["getal_id"]: (r, row) for _, r, row in numbers(manifest)}


def find(
    manifest: Row, getal: str, *, known: Mapping[str, tuple[Row, Row]] | None = None
) -> tuple[Row, Row, str]:
    """Return the result and the row of a number, and which number of the row is meant.

    `known` is what `by_id` returned of this manifest, for who asks for many.

    Raises
    ------
    GebruikFout
        When no number has this id; ids that look alike are named.
    """
    number_id, _, entry = getal.partition(".")
    every = by_id(manifest) if known is None else known
    if number_id in every:
        r, row = every[number_id]
        fields = {"interval", "p", "ondergrens", "bovengrens", *BESIDE, *row.get("vormen", ())}
        good = not entry or (entry in fields and (entry == "interval" or entry in row))
        maat, _, groep = entry.partition(".")
        # A number of one region, or an interval of its own: of the whole, or of one region.
        own = (bool(groep) and maat in row) or f"{maat}_ondergrens" in row
        return r, row, entry if good or own else ""
    near = difflib.get_close_matches(number_id, every, n=1, cutoff=0.7)
    vorm = re.fullmatch(r"[gpuat][0-9a-f]{12}", number_id)
    remedy = (
        f"Bedoelt u '{near[0]}'?"
        if near
        else "kijk of het kenmerk uit dit rapport komt; een andere definitie geeft een ander kenmerk"
        if vorm
        else "zoek in de HTML-versie het getal op, en volg het naar zijn kenmerk in hoofdstuk 14"
    )
    expected = "" if vorm else "een letter en twaalf tekens, zoals g0123456789ab"
    raise GebruikFout(f"geen getal heeft het kenmerk '{getal}'", verwacht=expected, herstel=remedy)


def trace(manifest: Row, getal: str) -> list[tuple[str, str]]:
    """Return term and explanation for everything known about a number."""
    r, row, entry = find(manifest, getal)
    hashes = {b["tabel"]: b for b in manifest["pakket"]["bestanden"]}
    choices = [f"{k} = {w}" for k, w in r["parameters"].items()] + ([r["variant"]] if r["variant"] else [])
    out = [("Getal", f"{place(r, row)}: {shown(r, row)}")]
    if entry:
        out.append((f"Gevraagd: {entry}", shown(r, row, entry)))
    bounds = "ondergrens" in row and not of_network(r, row)
    if bounds and (spread := shown(r, row, "interval")) and not row.get("onderdrukt"):
        out.append(("95%-interval", spread))
    out += counts(r, row)
    if row.get("eenheid"):
        out.append(("Eenheid", row["eenheid"]))
    if row.get("methode"):
        out.append(("Waarom niet getoond" if row.get("onderdrukt") else "Methode", row["methode"]))
    if "uit" in row:
        out.append(("Gemaakt uit", ", ".join(row["uit"])))
    venster = r["venster"]
    return [
        *out,
        ("Indicator", f"{r['indicator']} ({r['label']})"),
        ("Definitie", f"versie {r['definitie']}, SHA-256 {r['definitie_sha256'][:16]}"),
        (
            "Bronbestand",
            f"SHA-256 {r['bron_sha256'][:16]}" if r["bron_sha256"] else "telling over het pakket",
        ),
        ("Venster", f"{venster['begin']} tot {venster['eind']}"),
        *_measured_on(r, row),
        ("Keuzes", ", ".join(choices) or "geen"),
        *((f"Invoer {t}", _file(hashes[t])) for t in r["tabellen"]),
        ("Pakket", f"{manifest['pakket']['titel']}, peildatum {manifest['pakket']['peildatum']}"),
        *_delivery(manifest),
        ("Programma", f"{manifest['versies']['toekomstscenario-eval']}, code {manifest['code_sha256'][:16]}"),
    ]


def _measured_on(result: Row, row: Row) -> list[tuple[str, str]]:
    """Return on which day a stand was measured; a manifest of an earlier version does not know."""
    days = result.get("stand", {})
    return [("Stand", days[row.get("periode", "")])] if days else []


def _file(source: Row) -> str:
    return ", SHA-256 ".join(filter(None, (source["pad"], source["sha256"])))


def _delivery(manifest: Row) -> list[tuple[str, str]]:
    """Return what the number was drawn from and under which rules; inside, that it is exact."""
    if manifest["intern"]:
        return [("Vrijgave", f"{manifest['vrijgave']}: exact, niet om te publiceren")]
    mark = manifest["pakket"]["vingerafdruk"]
    return [
        ("Vingerafdruk", f"{mark}, van de levering; alleen met de sleutel na te rekenen"),
        (
            "Vrijgave",
            f"{manifest['vrijgave']}, beleid {manifest['beleid']['naam']}, epoche {manifest['epoche']}",
        ),
    ]
