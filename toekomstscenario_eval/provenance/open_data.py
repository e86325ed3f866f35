"""The protected counts of a release as files: open data, from which anybody recomputes every number."""

from __future__ import annotations

from toekomstscenario_eval.results import Release

FOLDER = "openbaar"


def files(release: Release, *, title: str) -> dict[str, bytes]:
    """Return the files of the folder `openbaar` by name."""
    del release, title
    return {}
