"""How many small mistakes in the core the tests catch: mutmut on a sample of each module, with a score.

Run from the root of the project, after `make mutanten` has installed what it needs::

    python benchmarks/mutanten.py                                      # a few of every module of the core
    python benchmarks/mutanten.py estimators/cox.py --steekproef 60    # more of one
    python benchmarks/mutanten.py data/spells.py --steekproef 0        # all of one
    python benchmarks/mutanten.py --seed 2                             # others

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

PAKKET = Path("toekomstscenario_eval")
GEVANGEN = ("killed", "timeout")


def core() -> list[Path]:
    """Return the modules that pyproject.toml says are the core."""
    patronen = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]["only_mutate"]
    alle = sorted(p for p in PAKKET.rglob("*.py") if any(fnmatch.fnmatch(str(p), q) for q in patronen))
    return [p for p in alle if names(p)]


def names(module: Path) -> list[str]:
    """Return the names of all mutants of a module."""
    gemaakt = mutate_file_contents(str(module), module.read_text("utf-8")).mutant_names
    return [get_mutant_name(module, naam) for naam in gemaakt]


def mutmut(*opdracht: str) -> str:
    """Run mutmut and return what it prints."""
    klaar = subprocess.run([sys.executable, "-m", "mutmut", *opdracht], capture_output=True, text=True)
    if klaar.returncode:
        sys.exit(klaar.stdout + klaar.stderr)
    return klaar.stdout


def outcomes(module: Path, gekozen: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and outcome of each chosen mutant."""
    uitslag = SourceFileMutationData(path=module)
    uitslag.load()
    for naam in gekozen:
        yield naam, status_by_exit_code[uitslag.exit_code_by_key[naam]]


def score(label: str, gevangen: int, totaal: int) -> None:
    """Print one line of the score."""
    print(f"{label:<60} {gevangen:>5} / {totaal:<5} {gevangen / totaal:>5.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="paths inside the package; default the whole core")
    parser.add_argument("--steekproef", type=int, default=10, help="mutants per module; 0 is all")
    parser.add_argument("--seed", type=int, default=1)
    keuze = parser.parse_args()
    kans = random.Random(keuze.seed)
    modules = [PAKKET / m for m in keuze.modules] or core()
    gekozen = {}
    for module in modules:
        alle = names(module)
        gekozen[module] = kans.sample(alle, min(keuze.steekproef or len(alle), len(alle)))
    mutmut("run", *(naam for groep in gekozen.values() for naam in groep))
    tellingen = {}
    for module, groep in gekozen.items():
        uit = list(outcomes(module, groep))
        tellingen[module] = sum(stand in GEVANGEN for _, stand in uit), len(uit)
        for naam, stand in uit:
            if stand not in GEVANGEN:
                print(f"# {stand}\n{mutmut('show', naam)}")
    for module, telling in tellingen.items():
        score(str(module), *telling)
    score("samen", *(sum(kant) for kant in zip(*tellingen.values(), strict=True)))


if __name__ == "__main__":
    main()
