"""The wheel carries everything: built, installed elsewhere, and the main job run from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

WORTEL = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wiel(tmp_path_factory) -> Path:
    map_ = tmp_path_factory.mktemp("wiel")
    bron = map_ / "bron"
    weg = shutil.ignore_patterns(".venv", ".git", "site", "uit", "rapporten", "tests", "docs", "__pycache__")
    shutil.copytree(WORTEL, bron, ignore=weg)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--no-deps",
            "--no-build-isolation",
            "-q",
            "-w",
            str(map_),
            str(bron),
        ],
        check=True,
        capture_output=True,
    )
    return next(map_.glob("*.whl"))


def test_wheel_holds_schema_notebooks_policies_and_templates(wiel):
    namen = set(zipfile.ZipFile(wiel).namelist())
    basis = "toekomstscenario_eval/"
    assert f"{basis}meegeleverd/data_schema/datapackage.json" in namen
    assert f"{basis}meegeleverd/analyses/verantwoording.ipynb" in namen
    assert f"{basis}protection/policy/policies.toml" in namen
    assert any(n.startswith(f"{basis}document/templates/") for n in namen)
    assert not [n for n in namen if n.startswith(("tests/", "docs/"))]
    # Every file of the code and of what it reads, whatever one report needs of it.
    for bron, doel in (("", basis), ("data_schema/", f"{basis}meegeleverd/data_schema/")):
        map_ = WORTEL / (bron or basis)
        paden = [p for p in map_.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        assert len(paden) > 20
        assert {f"{doel}{p.relative_to(map_).as_posix()}" for p in paden} <= namen


def test_main_job_runs_from_the_wheel_outside_the_checkout(wiel, tmp_path):
    """A new environment that sees the installed libraries, but of this project only the wheel."""
    omgeving = tmp_path / "omgeving"
    venv.create(omgeving, with_pip=False, symlinks=os.name != "nt")
    bin_ = omgeving / ("Scripts" if os.name == "nt" else "bin")
    python = bin_ / ("python.exe" if os.name == "nt" else "python")
    doel = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    zipfile.ZipFile(wiel).extractall(doel)
    # The libraries of the test environment, behind the wheel and without its editable installation.
    import sysconfig

    bibliotheken = Path(sysconfig.get_paths()["purelib"])
    for pad in bibliotheken.iterdir():
        if (
            "toekomstscenario_eval" not in pad.name
            and not (Path(doel) / pad.name).exists()
            and pad.suffix != ".pth"
        ):
            (Path(doel) / pad.name).symlink_to(pad)
    uit = tmp_path / "uit"
    code = (
        "import sys, toekomstscenario_eval as t\n"
        "from pathlib import Path\n"
        f"assert Path(t.__file__).is_relative_to({str(omgeving)!r}), t.__file__\n"
        "from toekomstscenario_eval.cli import main\n"
        "main()\n"
    )
    omg = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_", "TKS_"))}
    omg |= {"XDG_CACHE_HOME": str(tmp_path / "cache"), "VIRTUAL_ENV": str(omgeving)}
    pakket = tmp_path / "pakket"
    for opdracht in (
        ["voorbeeld", str(pakket), "--huishoudens", "21"],
        ["rapport", str(pakket), "--uit", str(uit), "--formaat", "html"],
    ):
        klaar = subprocess.run(
            [python, "-c", code, *opdracht],
            cwd=tmp_path,
            env=omg,
            capture_output=True,
            text=True,
            check=False,
        )
        assert klaar.returncode == 0, klaar.stderr
    assert "14 Reproduceren" in (uit / "verantwoording.html").read_text(encoding="utf-8")
