"""Arrays to columns: keys, codes and dates as Arrow data, so that large tables stay small and quick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toekomstscenario_eval.data.synthetic.days import LEVEL, Bools, Ints


def keys(prefix: str, aantal: int, *, width: int) -> Any:
    """Return `aantal` keys such as `h000001`."""
    numbers = pc.cast(pa.array(np.arange(1, aantal + 1)), pa.string())
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(numbers, width, "0"), "")


def reference(key: Any, index: Ints) -> Any:
    """Return the keys at `index`; empty where the index is negative."""
    return key.take(pa.array(index, mask=index < 0))


def code(index: npt.NDArray[Any], codes: Sequence[str], *, empty: Bools | None = None) -> Any:
    """Return the codes at `index`; empty where `empty`."""
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int16), mask=empty), list(codes))


def datum(dagen: Ints) -> Any:
    """Return days since 1970 as dates; empty where they lie after the peildatum."""
    gone = dagen > LEVEL
    return pa.array(np.where(gone, 0, dagen).astype(np.int32), mask=gone).cast(pa.date32())


def frame(**columns: Any) -> pd.DataFrame:
    """Return the columns as a data frame that keeps the Arrow data."""
    return pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)  # type: ignore[no-any-return]
