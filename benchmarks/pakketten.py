"""Example packages with a key of their own, and what passes the waist of them: for the measurements.

The key of the example is public and its register is gone with the process. Here each delivery has a key and a
register on the disk, in a folder that the caller throws away.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.identity import FROM
from toekomstscenario_eval.passage import Passage
from toekomstscenario_eval.protection import keys
from toekomstscenario_eval.protection.policy import Policy, load_policy
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import SITE, SITE_KIND, Levering, Result, Summary

SEED = 2026
PER = (SITE_KIND, SITE, "gezinsprofiel", "proeftuin_regio")


def example(folder: Path, households: int) -> Path:
    """Make the example package of this many households, once."""
    target = folder / f"pakket{households}"
    return target if target.is_dir() else make_example(target, huishoudens=households, seed=SEED)


@dataclass(frozen=True)
class Delivery:
    """A delivery line with a secret and a register on the disk."""

    levering: Levering
    key: Path

    @classmethod
    def make(cls, folder: Path, name: str, value: int | None = None) -> Delivery:
        """Make the secret of a line; with `value` a fixed one, so that a measurement can be repeated."""
        line, at = Levering("Meting", name), folder / f"sleutel-{name}" / "sleutel"
        if value is None:
            secret = keys.make(line, at)
        else:
            drawn = keys.secrets.token_bytes
            keys.secrets.token_bytes = lambda n: value.to_bytes(n, "big")
            try:
                secret = keys.make(line, at)
            finally:
                keys.secrets.token_bytes = drawn
        return cls(replace(line, sleutel=secret.vingerafdruk), at)

    def study(self, package: Package, policy: Policy | None = None) -> Study:
        """Open a package as the next of this line."""
        own = replace(package, levering=self.levering, memory={})
        return Study.of(own, (), policy or load_policy(), intern=False, sleutel=self.key)


@dataclass
class Recorder:
    """A waist that writes down what went in, what came out, and how long that took."""

    waist: Any
    asked: list[tuple[str, Mapping[str, Summary], Mapping[str, PublicSummary]]] = field(default_factory=list)
    seconds: float = 0.0

    def __getattr__(self, name: str) -> Any:
        """Be the waist in all else."""
        return getattr(self.waist, name)

    def protect(self, recipe: str, summaries: Mapping[str, Summary], **rest: Any) -> dict[str, PublicSummary]:
        """Pass the question on."""
        begin = time.process_time()
        out = self.waist.protect(recipe, summaries, **rest)
        self.seconds += time.process_time() - begin
        self.asked.append((recipe, summaries, out))
        return dict(out)


def recorded(study: Study) -> tuple[Study, Recorder]:
    """Return the same study with a waist that remembers."""
    assert study.passage is not None  # noqa: S101
    recorder = Recorder(study.passage.waist)
    passage: Passage = replace(study.passage, waist=recorder)  # type: ignore[arg-type]
    return replace(study, passage=passage), recorder


def public_indicators(study: Study) -> list[str]:
    """Return the indicators of which something is public of this package."""
    found = registry.all_indicators().values()
    return [what.id for what in found if not study.pakket.ontbreekt(what.card.tabellen, what.card.komt_voor)]


def asked(
    study: Study,
    indicators: Iterable[str],
    *,
    per: tuple[str, ...] = PER,
    periode: str | None = None,
    phases: Sequence[str] = (FROM,),
) -> Iterator[Result]:
    """Compute indicators by their defaults, of the population that leads in a report, or of more."""
    for naam in indicators:
        yield from (study.computed(naam, per, periode, fase=fase) for fase in phases)


__all__ = ["PER", "Delivery", "Recorder", "asked", "example", "open_package", "public_indicators", "recorded"]
