"""Where the files that travel with the package live: in a checkout beside it, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

PAKKETMAP = Path(__file__).resolve().parent
# The package that is read when none is given.
PAKKET_VARIABELE = "TKS_PAKKET"
# Set by whoever starts a process of its own for a report; a script of a user is not split in two,
# because a fresh process begins by running that script again.
HULP_VARIABELE = "TKS_HULPPROCES"


def meegeleverd(naam: str) -> Path:
    """Return the folder `naam` (`data_schema` or `analyses`), from a wheel or from a checkout.

    Raises
    ------
    FileNotFoundError
        When the installation is incomplete.
    """
    for kandidaat in (PAKKETMAP / "meegeleverd" / naam, PAKKETMAP.parent / naam):
        if kandidaat.is_dir():
            return kandidaat
    raise FileNotFoundError(f"De map {naam} hoort bij deze installatie maar ontbreekt; installeer opnieuw.")
