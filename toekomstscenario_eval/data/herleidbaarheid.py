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
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.types import Ernst, Finding, Status

K, L = 10, 2
_SLEUTELS = ("huishouden_id", "persoon_id")
_HERSTEL = "vergrof een kenmerk bij de bron (een klasse in plaats van een jaar), of laat het weg"


def anonymity(
    pakket: Package, quasi: Sequence[str], *, gevoelig: str = "", k: int = K, l_min: int = L
) -> tuple[Finding, ...]:
    """Return findings on rows that are easy to recognise by their quasi-identifiers.

    Parameters
    ----------
    pakket : Package
    quasi : sequence of str
        Fields of huishouden or persoon; of a date the year counts. With a field of persoon the rows
        are persons, otherwise households.
    gevoelig : str
        Field that must not be the same for a whole group; empty: only the size of groups is judged.
    k, l_min : int
        Least rows in a group, and least different values of `gevoelig` in it; empty is a value too.

    Returns
    -------
    tuple of Finding
        Rule `k_anonimiteit` and, with `gevoelig`, `l_diversiteit`: the number of rows in groups
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
    tabel, t = _rows(pakket, [*quasi, *filter(None, [gevoelig])])
    per = {f"q{i}": _coarse(t[naam]) for i, naam in enumerate(quasi)}
    waarde = t[gevoelig].cast("string").fill_null("") if gevoelig else ibis.literal("")
    groepen = t.select(**per, w=waarde).group_by(list(per)).agg(n=ibis._.count(), soorten=ibis._.w.nunique())
    klein, eenvormig = groepen.n < k, (groepen.n >= k) & (groepen.soorten < l_min)
    tel = groepen.aggregate(
        klein=groepen.n.sum(where=klein), eenvormig=groepen.n.sum(where=eenvormig), alle=groepen.n.sum()
    )
    rij = tel.to_pyarrow().to_pylist()[0]
    velden = ", ".join(quasi)
    uit = [
        _finding(
            "k_anonimiteit",
            "Rijen die bijna alleen staan op wat een ander kan weten",
            (tabel, velden),
            rij["klein"],
            f"ten minste {k} rijen met dezelfde {velden}",
            rij["alle"],
        )
    ]
    if gevoelig:
        uit.append(
            _finding(
                "l_diversiteit",
                "Rijen in een groep die hetzelfde gevoelige kenmerk deelt",
                (tabel, velden),
                rij["eenvormig"],
                f"ten minste {l_min} verschillende waarden van {gevoelig} bij dezelfde {velden}",
                rij["alle"],
            )
        )
    return tuple(uit)


def _rows(pakket: Package, velden: Sequence[str]) -> tuple[str, ir.Table]:
    """Return the table whose rows are judged, with what it takes from the household."""
    huishouden = pakket.tabellen["huishouden"]
    persoon = pakket.tabellen.get("persoon")
    van_persoon = set() if persoon is None else set(persoon.columns) - set(huishouden.columns)
    bekend = (set(huishouden.columns) | van_persoon) - set(_SLEUTELS) - {"_rij"}
    for veld in velden:
        if veld not in bekend:
            raise GebruikFout(
                f"het kenmerk '{veld}' kan niet worden gebruikt", herstel=bedoelt_u(veld, bekend)
            )
    if persoon is None or not van_persoon & set(velden):
        return "huishouden", huishouden
    mee = [v for v in velden if v in van_persoon]
    ander = [v for v in velden if v not in van_persoon]
    links = persoon.select("huishouden_id", *mee)
    return "persoon", links.join(huishouden.select("huishouden_id", *ander), "huishouden_id")


def _coarse(kolom: ir.Column) -> ir.Value:
    """Return a date as its year; other values as they are. Empty agrees with empty."""
    grof = kolom.year() if kolom.type().is_date() or kolom.type().is_timestamp() else kolom
    return grof.cast("string").fill_null("")


def _finding(
    regel: str, titel: str, plek: tuple[str, str], aantal: int | None, verwacht: str, alle: int | None
) -> Finding:
    status = Status.GEFAALD if aantal else Status.GESLAAGD
    return Finding(
        regel,
        status,
        Ernst.WAARSCHUWING,
        titel,
        *plek,
        aantal=int(aantal or 0),
        verwacht=verwacht,
        herstel=_HERSTEL if aantal else "",
        toelichting=f"van {int(alle or 0)} rijen",
    )
