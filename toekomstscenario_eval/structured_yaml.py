"""YAML from files that people hand in: the one place that parses it.

Anchors are refused, of which a few lines grow into thousands of millions, and tags, which choose what a
value is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from toekomstscenario_eval.structured_text import DEEPEST, FORM, Malformed, T, check_text, parsed


def yaml_tree(text: str) -> yaml.Node | None:
    """Return YAML as nodes with their places (None: there is nothing); `Malformed` when it is none."""
    return _parsed(lambda: yaml.compose(text, Loader=_Loader))


def from_yaml(text: str) -> Any:
    """Return what YAML holds as YAML itself reads it; `Malformed` when it is none."""
    return _parsed(lambda: yaml.load(text, Loader=_Loader))


def _parsed(parse: Callable[[], T]) -> T:
    try:
        return parsed(parse)
    except yaml.YAMLError as fout:
        raise Malformed(FORM, _line(fout)) from None


def _line(fout: yaml.YAMLError) -> int:
    # A quote that is never closed is noticed at the end of the file, and wrong where it opens.
    open_ = getattr(fout, "problem", "") == "found unexpected end of stream"
    mark = getattr(fout, "context_mark" if open_ else "problem_mark", None)
    return mark.line + 1 if mark else 0


class _Loader(yaml.SafeLoader):
    """The safe loader without anchors and tags, and not deeper than the rest."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Malformed("ankers (&naam) en verwijzingen (*naam) kunnen hier niet", line)
        if getattr(event, "tag", None) is not None:
            raise Malformed("soorten (!naam) kunnen hier niet", line)
        if isinstance(event, yaml.ScalarEvent):
            check_text(event.value, line)
        self._depth += 1
        if self._depth > DEEPEST:
            raise Malformed("het is te diep genest", line)
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1
