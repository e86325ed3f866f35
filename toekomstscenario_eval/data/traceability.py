"""How many rows of a package stand nearly alone: k-anonymity and l-diversity, as findings.

A quasi-identifier is what somebody may know of a family from elsewhere: the region, a year of birth.
Rows that agree on all of those form a group. A group of fewer than k rows is easy to recognise; a
group in which all share one value of something sensitive tells it of everyone in it.

References
----------
Sweeney (2002), k-anonymity, doi:10.1142/S0218488502001648
Machanavajjhala et al. (2007), l-diversity, doi:10.1145/1217299.1217302
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.types import Ernst, Finding, Status

K, L = 10, 2
_KEYS = ("huishouden_id", "persoon_id")
_REMEDY = "vergrof een kenmerk bij de bron (een klasse in plaats van een jaar), of laat het weg"


def anonymity(
    package: Package, quasi: Sequence[str], *, sensitive: str = "", k: int = K, l_min: int = L
) -> tuple[Finding, ...]:
    """Return findings on rows that are easy to recognise by their quasi-identifiers.

    Parameters
    ----------
    package : Package
    quasi : sequence of str
        Fields of huishouden or persoon; of a date the year counts. With a field of persoon the rows
        are persons, otherwise households.
    sensitive : str
        Field that must not be the same for a whole group; empty: only the size of groups is judged.
    k, l_min : int
        Least rows in a group, and least different values of `sensitive` in it; empty is a value too.

    Returns
    -------
    tuple of Finding
        Rule `k_anonimiteit` and, with `sensitive`, `l_diversiteit`: the number of rows in groups
        that fall short. No value of the data.

    Raises
    ------
    GebruikFout
        On an unknown field, a key, or a threshold under 1.
    """
    if not quasi or k < 1 or l_min < 1:
        raise GebruikFout(
            "de vraag naar herleidbaarheid is niet volledig", verwacht="een of meer kenmerken; k en l vanaf 1"
        )
    table, t = _rows(package, [*quasi, *filter(None, [sensitive])])
    per = {f"q{i}": _coarse(t[naam]) for i, naam in enumerate(quasi)}
    waarde = t[sensitive].cast("string").fill_null("") if sensitive else ibis.literal("")
    groepen = t.select(**per, w=waarde).group_by(list(per)).agg(n=ibis._.count(), soorten=ibis._.w.nunique())
    small, uniform = groepen.n < k, (groepen.n >= k) & (groepen.soorten < l_min)
    count = groepen.aggregate(
        klein=groepen.n.sum(where=small), eenvormig=groepen.n.sum(where=uniform), alle=groepen.n.sum()
    )
    row = count.to_pyarrow().to_pylist()[0]
    fields = ", ".join(quasi)
    out = [
        _finding(
            "k_anonimiteit",
            "Rijen die bijna alleen staan op wat een ander kan weten",
            (table, fields),
            row["klein"],
            f"ten minste {k} rijen met dezelfde {fields}",
            row["alle"],
        )
    ]
    if sensitive:
        out.append(
            _finding(
                "l_diversiteit",
                "Rijen in een groep die hetzelfde gevoelige kenmerk deelt",
                (table, fields),
                row["eenvormig"],
                f"ten minste {l_min} verschillende waarden van {sensitive} bij dezelfde {fields}",
                row["alle"],
            )
        )
    return tuple(out)


def _rows(package: Package, fields: Sequence[str]) -> tuple[str, ir.Table]:
    """Return the table whose rows are judged, with what it takes from the household."""
    huishouden = package.tabellen["huishouden"]
    persoon = package.tabellen.get("persoon")
    of_persoon = set() if persoon is None else set(persoon.columns) - set(huishouden.columns)
    known = (set(huishouden.columns) | of_persoon) - set(_KEYS) - {"_rij"}
    for field in fields:
        if field not in known:
            raise GebruikFout(
                f"het kenmerk '{field}' kan niet worden gebruikt", herstel=did_you_mean(field, known)
            )
    if persoon is None or not of_persoon & set(fields):
        return "huishouden", huishouden
    counted = [v for v in fields if v in of_persoon]
    other = [v for v in fields if v not in of_persoon]
    left = persoon.select("huishouden_id", *counted)
    return "persoon", left.join(huishouden.select("huishouden_id", *other), "huishouden_id")


def _coarse(column: ir.Column) -> ir.Value:
    """Return a date as its year; other values as they are. Empty agrees with empty."""
    coarse = column.year() if column.type().is_date() or column.type().is_timestamp() else column
    return coarse.cast("string").fill_null("")


def _finding(
    line: str, title: str, spot: tuple[str, str], aantal: int | None, expected: str, every: int | None
) -> Finding:
    status = Status.GEFAALD if aantal else Status.GESLAAGD
    return Finding(
        line,
        status,
        Ernst.WAARSCHUWING,
        title,
        *spot,
        aantal=int(aantal or 0),
        verwacht=expected,
        herstel=_REMEDY if aantal else "",
        toelichting=f"van {int(every or 0)} rijen",
    )
