"""The top of the project holds what belongs there, and nothing that a program left behind."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

HOOFDMAP = Path(__file__).parents[2]
BESTANDEN = {
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "mkdocs.yml",
    "pyproject.toml",
}
MAPPEN = {
    ".ci",
    "analyses",
    "benchmarks",
    "data_schema",
    "docs",
    "rapporten",
    "requirements",
    "tests",
    "toekomstscenario_eval",
}


def test_only_known_files_stand_at_the_top():
    if shutil.which("git") is None or not (HOOFDMAP / ".git").exists():
        pytest.skip("geen git-kopie van het project")
    uit = subprocess.run(["git", "ls-files"], cwd=HOOFDMAP, capture_output=True, text=True, check=True)
    namen = uit.stdout.splitlines()
    assert {naam for naam in namen if "/" not in naam} == BESTANDEN
    assert {naam.split("/")[0] for naam in namen if "/" in naam} == MAPPEN


def test_every_folder_of_tests_says_what_it_is_for():
    mappen = {p.name for p in (HOOFDMAP / "tests").iterdir() if any(p.glob("test_*.py"))}
    tabel = re.findall(
        r"^\| `tests/(\w+)/` \|", (HOOFDMAP / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(tabel) == sorted(mappen)
