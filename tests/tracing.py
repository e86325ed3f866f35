"""Measure coverage of the code of this project only: the tracer rests while a library works.

The tracer of coverage slows every line of Python, also of libraries whose lines it does not count: a test
takes half as long again, or twice. Here functions of the libraries that take most of the time switch it off
while they run. What they call back is not measured meanwhile: functions that are given one are left out.
"""

from __future__ import annotations

import functools
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

# Methods that get a function of ours, or are done before the switch would be worth it.
_CALL_BACK = {"agg", "aggregate", "apply", "assign", "filter", "map", "pipe", "rolling", "transform"}
_SMALL = {"__hash__", "__init_subclass__", "__iter__", "__len__", "__new__", "__getattribute__"}


def untraced(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as it is, but without a tracer of coverage while it runs."""
    from coverage.tracer import CTracer

    @functools.wraps(function)
    def _rest(*args: Any, **kwargs: Any) -> Any:
        tracer = sys.gettrace()
        if not isinstance(tracer, CTracer):
            return function(*args, **kwargs)
        sys.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            # It starts in the frame in which it stopped: what it knows of calls and returns stays right.
            tracer.start()

    return _rest


def _plain(function: object) -> bool:
    return isinstance(function, FunctionType) and not (
        inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function)
    )


def _let_rest(owner: type | ModuleType, names: Iterable[str]) -> None:
    for name in names:
        found = vars(owner)[name]
        if _plain(found):
            setattr(owner, name, untraced(found))
        elif isinstance(found, property) and found.fget:
            setattr(owner, name, property(untraced(found.fget), found.fset, found.fdel, found.__doc__))
        elif isinstance(found, classmethod | staticmethod) and _plain(found.__func__):
            setattr(owner, name, type(found)(untraced(found.__func__)))


def _methods(class_: type, *, left_out: set[str]) -> list[str]:
    special = {name for name in vars(class_) if name.startswith("_") and not name.startswith("__")}
    return [name for name in vars(class_) if name not in left_out | special]


def _expressions() -> Iterator[type]:
    """Yield the classes of which expressions of ibis are made."""
    import ibis.expr.types as home

    for module in pkgutil.iter_modules(home.__path__, f"{home.__name__}."):
        for found in vars(import_module(module.name)).values():
            if inspect.isclass(found) and found.__module__ == module.name:
                yield found


def _frames() -> Iterator[type]:
    """Yield the classes of pandas that are asked to do the work."""
    import pandas as pd
    from pandas.core.groupby import generic, groupby
    from pandas.core.indexing import _iLocIndexer, _LocIndexer
    from pandas.core.strings.accessor import StringMethods

    own = (pd.DataFrame, pd.Series, pd.Index, pd.Categorical, _LocIndexer, _iLocIndexer, StringMethods)
    parts = (generic.DataFrameGroupBy, generic.SeriesGroupBy, groupby.GroupBy, groupby.BaseGroupBy)
    seen = {
        base for class_ in (*own, *parts) for base in class_.__mro__ if base.__module__.startswith("pandas")
    }
    yield from sorted(seen, key=lambda class_: (class_.__module__, class_.__qualname__))


def install() -> None:
    """Let the tracer rest in the libraries that take most time."""
    import ibis
    import pandas as pd
    from ibis.backends.duckdb import Backend
    from ibis.expr import api

    for class_ in (*_expressions(), Backend):
        _let_rest(class_, _methods(class_, left_out=_SMALL | {"pipe"}))
    for class_ in _frames():
        _let_rest(class_, _methods(class_, left_out=_SMALL | _CALL_BACK | {"__getattr__", "__setattr__"}))
    _let_rest(pd, ["concat", "crosstab", "cut", "isna", "merge", "notna", "read_csv", "read_parquet"])
    _let_rest(api, [name for name in api.__all__ if _plain(getattr(api, name))])
    for name in api.__all__:
        setattr(ibis, name, getattr(api, name))
