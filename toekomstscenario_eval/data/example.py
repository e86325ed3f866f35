"""The built-in example package: made once, then kept in the user's cache."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from platformdirs import user_cache_path

from toekomstscenario_eval.resources import PACKAGE_DIR, bundled
from toekomstscenario_eval.version import __version__

# The built-in example: large enough that most cells may be shown, small enough to wait for.
VOORBEELD_HUISHOUDENS, VOORBEELD_SEED = 12_000, 2026


def example_package() -> Path:
    """Return the folder of the built-in example package; made once, then kept in the user's cache."""
    from toekomstscenario_eval.data.synthetic import make_example

    sources = [*(PACKAGE_DIR / "data").rglob("*.py"), *bundled("data_schema").rglob("*.*")]
    source = b"".join(p.read_bytes() for p in sorted(sources))
    mark = hashlib.sha256(source).hexdigest()[:8]
    naam = f"voorbeeld-{__version__}-{VOORBEELD_HUISHOUDENS}-{VOORBEELD_SEED}-{mark}"
    map_ = user_cache_path("toekomstscenario-eval") / naam
    if not map_.is_dir():
        map_.parent.mkdir(parents=True, exist_ok=True)
        own = map_.with_name(f"{naam}.{os.getpid()}")
        make_example(own, huishoudens=VOORBEELD_HUISHOUDENS, seed=VOORBEELD_SEED)
        try:
            own.rename(map_)
        except OSError:
            # Somebody else made the same package meanwhile; theirs has the same bytes.
            shutil.rmtree(own)
    return map_
