"""Which groups of a result are compared in public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Comparison:
    """Groups of `naar` to compare (all, without `groepen`), with `binnen` held equal by a stratified test.

    `regios` has the group by site, of a property of sites. `reden` says why there are no tests.
    """

    naar: str
    groepen: tuple[str, ...] = ()
    binnen: str = ""
    regios: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reden: str = ""
