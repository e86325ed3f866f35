"""Counting the professionals around a household: in a window, at once at most, and on a mean day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, dagen, merge, most_at_once, present
from toekomstscenario_eval.indicators._rows import count_distinct
from toekomstscenario_eval.types import Maat, Param, Vorm, Vraag

_TELLING = ("verschillend", "gelijktijdig_hoogste", "gelijktijdig_gemiddeld")
_PER_HUISHOUDEN = {"telling": ("verschillend", "gelijktijdig_hoogste")}

TELLING = Param(
    "verschillend",
    "verschillend: wie in het venster langskwam; gelijktijdig_hoogste: het hoogste aantal op één "
    "dag; gelijktijdig_gemiddeld: het aantal op een gemiddelde dag",
    _TELLING,
)


def maten(who: str) -> Mapping[str, Maat]:
    """Return the estimands of a count of `who` (plural) per household."""
    per_huishouden = f"{who} per huishouden"
    adds_up: dict[str, Any] = {
        "eenheid": per_huishouden,
        "vorm": Vorm.GETAL,
        "bij": _PER_HUISHOUDEN,
        "over_tijd": True,
    }
    return {
        "gemiddelde": Maat(f"Gemiddeld aantal {who}", **adds_up),
        "mediaan": Maat("Mediaan", **adds_up),
        "p90": Maat("90 procent heeft er hooguit", **adds_up),
        "overspreiding": Maat(
            "Spreiding tussen huishoudens (variantie gedeeld door gemiddelde; 1 is toeval)",
            "verhouding",
            Vorm.GETAL,
            _PER_HUISHOUDEN,
        ),
        "per_jaar": Maat(
            "Aantal per jaar in het onderzoek",
            f"{who} per huishoudjaar",
            Vorm.GETAL,
            {"telling": ("verschillend",)},
            schatter="per_blootstelling",
            schaal=365.25,
            # Who is there on the first day counts as well: over fewer days it is higher.
            over_tijd=True,
        ),
        "gemiddeld_tegelijk": Maat(
            "Gemiddeld aantal tegelijk",
            f"{who} op een dag",
            Vorm.GETAL,
            {"telling": ("gelijktijdig_gemiddeld",)},
            schatter="per_blootstelling",
        ),
    }


def counted(t: Mapping[str, ir.Table], perioden: ir.Table, vraag: Vraag) -> tuple[ir.Table, ir.Table]:
    """Return one row per household (professionals, or their days, and days of stay), and who is present.

    `perioden` are the involvements that count, with `huishouden_id, professional_id, begin, eind`.
    """
    aanwezig = present(t["huishouden"], vraag)
    at = aanwezig.left_join(_count(perioden, aanwezig, vraag.params["telling"]), "huishouden_id")
    rows = at.select(
        "huishouden_id",
        aantal=at.aantal.fill_null(ibis.literal(0)).cast("int64"),
        blootstelling=dagen(at.van, at.tot),
    )
    return rows, aanwezig


def _count(perioden: ir.Table, aanwezig: ir.Table, telling: str) -> ir.Table:
    """Return `huishouden_id, aantal` of the households with a professional."""
    keys = ["huishouden_id", "professional_id"]
    of_who = perioden.select(*keys, "begin", "eind")
    if telling == "verschillend":  # one day is enough, so spells need not be joined first
        return count_distinct(clip(of_who, aanwezig), *keys)
    seen = clip(merge(of_who, keys), aanwezig)
    if telling == "gelijktijdig_hoogste":
        return most_at_once(seen, "huishouden_id").rename(aantal="hoogste")
    return seen.group_by("huishouden_id").agg(aantal=dagen(seen.van, seen.tot).sum())
