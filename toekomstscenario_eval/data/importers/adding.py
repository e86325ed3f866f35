"""An existing package to which a delivery is added: read as it is, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.types import Levering


@dataclass(frozen=True)
class Existing:
    """The tables of a package, where they came from, and its delivery line."""

    tables: Mapping[str, pd.DataFrame]
    bronnen: tuple[str, ...]
    levering: Levering | None


def existing(folder: Path) -> Existing:
    """Read a package to add to.

    Raises
    ------
    InvoerFout
        When it cannot be read, or holds a value that would be lost.
    """
    package = open_package(folder)
    try:
        tables = {naam: _whole(package, naam) for naam in package.tabellen}
        return Existing(tables, package.bronnen, package.levering)
    finally:
        package.con.disconnect()


def _whole(package: Package, naam: str) -> pd.DataFrame:
    typed = package.tabellen[naam].order_by(ROW).drop(ROW).to_pyarrow()
    raw = package.raw[naam]
    for column in typed.column_names:
        text = raw[column].cast("string") if column in raw.columns else None
        if text is not None and int((text.notnull() & (text != "")).sum().execute() or 0) > (
            typed.num_rows - typed[column].null_count
        ):
            raise InvoerFout(
                "het pakket waar iets bij komt, bevat waarden die niet te lezen zijn",
                waar=f"tabel {naam}, kolom {column}",
                herstel="doe eerst: tks controleer, en verbeter wat daar wordt gemeld",
            )
    frame: pd.DataFrame = typed.select([c for c in typed.column_names if c in raw.columns]).to_pandas()
    return frame
