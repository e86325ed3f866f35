"""Sites are counted by their key; the name, one for each key, is the code by which a result knows them.

The name is what stays: a key may be another pseudonym in a next delivery, and a register and an earlier
report must find the same site again (docs/besluiten/16).
"""

from __future__ import annotations

import ibis.expr.types as ir

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import ControleFout
from toekomstscenario_eval.identity import plain_name

_TABLE = "proeftuin"


def coded(package: Package) -> ir.Table:
    """Return `proeftuin_id, naam` of every site.

    Raises
    ------
    ControleFout
        When two keys share a name, capitals and spaces aside: their households would be counted together.
    """
    table = package.tabellen[_TABLE].select("proeftuin_id", "naam")
    if (_TABLE, "naam") not in package.memory:
        _require_own_names(table)
        package.memory[_TABLE, "naam"] = True
    return table


def _require_own_names(table: ir.Table) -> None:
    frame = table.distinct().execute().dropna(subset="proeftuin_id")
    names = frame["naam"].map(plain_name, na_action="ignore").fillna("")
    if names.duplicated().any():
        raise ControleFout(
            "twee proeftuinen hebben dezelfde naam",
            waar="tabel proeftuin, kolom naam",
            verwacht="bij elke proeftuin_id een eigen naam, ook zonder te letten op hoofdletters en spaties",
            herstel="geef elke proeftuin en vergelijkingsregio een eigen naam; tks controleer noemt de rijen",
        )
