"""Arrays to columns: keys, codes and dates as Arrow data, so that large tables stay small and quick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toekomstscenario_eval.data.synthetic.days import PEIL, Bools, Ints


def sleutels(voorvoegsel: str, aantal: int, *, breedte: int) -> Any:
    """Return `aantal` keys such as `h000001`."""
    nummers = pc.cast(pa.array(np.arange(1, aantal + 1)), pa.string())
    return pc.binary_join_element_wise(voorvoegsel, pc.utf8_lpad(nummers, breedte, "0"), "")


def verwijzing(sleutel: Any, index: Ints) -> Any:
    """Return the keys at `index`; empty where the index is negative."""
    return sleutel.take(pa.array(index, mask=index < 0))


def code(index: npt.NDArray[Any], codes: Sequence[str], *, leeg: Bools | None = None) -> Any:
    """Return the codes at `index`; empty where `leeg`."""
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int16), mask=leeg), list(codes))


def datum(dagen: Ints) -> Any:
    """Return days since 1970 as dates; empty where they lie after the peildatum."""
    weg = dagen > PEIL
    return pa.array(np.where(weg, 0, dagen).astype(np.int32), mask=weg).cast(pa.date32())


def frame(**kolommen: Any) -> pd.DataFrame:
    """Return the columns as a data frame that keeps the Arrow data."""
    return pa.table(kolommen).to_pandas(types_mapper=pd.ArrowDtype)  # type: ignore[no-any-return]
