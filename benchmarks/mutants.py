"""How many small mistakes in the core the tests catch: mutmut on a sample of each module, with a score.

Run from the root of the project, after `make mutanten` has installed what it needs::

    python benchmarks/mutants.py                                      # a few of every module of the core
    python benchmarks/mutants.py estimators/cox.py --steekproef 60    # more of one
    python benchmarks/mutants.py data/spells.py --steekproef 0        # all of one
    python benchmarks/mutants.py --seed 2                             # others

What belongs to the core, and which tests judge it, stands in pyproject.toml under `tool.mutmut`. Prints each
survivor as the change that no test noticed, and the share caught per module. A mutant that no test runs
at all counts as not caught.
"""

from __future__ import annotations

import argparse
import fnmatch
import random
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import get_mutant_name

PACKAGE = Path("toekomstscenario_eval")
CAUGHT = ("killed", "timeout")


def core() -> list[Path]:
    """Return the modules that pyproject.toml says are the core."""
    patterns = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]["only_mutate"]
    return sorted(p for p in PACKAGE.rglob("*.py") if any(fnmatch.fnmatch(str(p), q) for q in patterns))


def names(module: Path) -> list[str]:
    """Return the names of all mutants of a module."""
    made = mutate_file_contents(str(module), module.read_text("utf-8")).mutant_names
    return [get_mutant_name(module, name) for name in made]


def mutmut(*arguments: str) -> str:
    """Run mutmut and return what it prints."""
    done = subprocess.run([sys.executable, "-m", "mutmut", *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def outcomes(module: Path, chosen: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and outcome of each chosen mutant."""
    results = SourceFileMutationData(path=module)
    results.load()
    for name in chosen:
        yield name, status_by_exit_code[results.exit_code_by_key[name]]


def score(label: str, caught: int, total: int) -> None:
    """Print one line of the score."""
    print(f"{label:<60} {caught:>5} / {total:<5} {caught / total:>5.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="paths inside the package; default the whole core")
    parser.add_argument("--steekproef", type=int, default=5, help="mutants per module; 0 is all")
    parser.add_argument("--seed", type=int, default=1)
    choice = parser.parse_args()
    rng = random.Random(choice.seed)
    modules = [PACKAGE / m for m in choice.modules] or core()
    if strange := sorted(map(str, set(modules) - set(core()))):
        parser.error(f"hoort niet bij de kern in pyproject.toml: {', '.join(strange)}")
    every = {module: found for module in modules if (found := names(module))}
    size = {module: min(choice.steekproef or len(found), len(found)) for module, found in every.items()}
    chosen = {module: rng.sample(found, size[module]) for module, found in every.items()}
    print(f"{sum(size.values())} mutanten in {len(size)} modules: dit duurt minuten", flush=True)
    mutmut("run", *(name for group in chosen.values() for name in group))
    counts = {}
    for module, group in chosen.items():
        outcome = list(outcomes(module, group))
        counts[module] = sum(state in CAUGHT for _, state in outcome), len(outcome)
        for name, state in outcome:
            if state not in CAUGHT:
                print(f"# {state}\n{mutmut('show', name)}")
    for module, count in counts.items():
        score(str(module), *count)
    score("samen", *(sum(side) for side in zip(*counts.values(), strict=True)))


if __name__ == "__main__":
    main()
