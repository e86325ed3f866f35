"""What the first bytes of a file tell: which format it has, or which one that nobody here reads."""

from __future__ import annotations

import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from toekomstscenario_eval.errors import InvoerFout, reason

ADDRESSES = ("postgresql://", "postgres://")
# More columns than Excel can hold are no table, and no engine goes through them in reasonable time.
MOST_COLUMNS = 16_384
_BEGIN = 4096
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNS = (
    (b"$FL2", "spss"),
    (b"$FL3", "spss"),
    (b"<stata_dta>", "stata"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "parquet"),
    (b"FEA1", "parquet"),
    (b"SQLite format 3\0", "sqlite"),
)
_GZIP = b"\x1f\x8b"
# Files that people send along, and what to do with them.
_AS_TABLE = "vraag de bronhouder om de tabel zelf, als CSV of Excel"
_FOREIGN = (
    (b"%PDF", "een PDF", _AS_TABLE),
    (b"{\\rtf", "een RTF-document", _AS_TABLE),
    (b"\x89PNG", "een afbeelding", _AS_TABLE),
    (b"\xff\xd8\xff", "een afbeelding", _AS_TABLE),
    (b"PARE", "een versleuteld Parquet-bestand", "laat de bronhouder het bestand zonder wachtwoord leveren"),
    (b"7z\xbc\xaf\x27\x1c", "een 7z-bestand", "pak het bestand eerst uit"),
    (b"Rar!", "een RAR-bestand", "pak het bestand eerst uit"),
    (b"\0\1\0\0Standard ", "een Access-bestand", "exporteer de tabel uit Access als CSV of Excel"),
    (b"RDX", "een R-bestand", "schrijf de tabel in R als Parquet of CSV"),
    (b"\0" * 12 + b"\xc2\xea\x81\x60", "een SAS-bestand", "exporteer de tabel uit SAS als CSV of SPSS"),
)
_COMPOUND_LOOKED = 1 << 26
_INSIDE_COMPOUND = (
    (
        "EncryptedPackage",
        "met een wachtwoord beveiligd",
        "laat de bronhouder het bestand zonder wachtwoord leveren, langs een beveiligde weg",
    ),
    ("WordDocument", "een Word-document (.doc)", _AS_TABLE),
)
_INSIDE_ZIP = (
    ("word/", "een Word-document (.docx)", _AS_TABLE),
    ("ppt/", "een presentatie (.pptx)", _AS_TABLE),
)


def begin(path: Path, size: int = _BEGIN) -> bytes:
    """Return the first bytes of a file; none when it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except (OSError, ValueError):  # the latter for a NUL in the name
        return b""


def by_bytes(path: Path) -> str:
    """Return the format that the first bytes tell of, also for a file that is called something else."""
    first = begin(path)
    for sign, naam in _SIGNS:
        if first.startswith(sign):
            return naam
    if first[8:12] == b"DUCK":
        return "duckdb"
    if first.startswith(_COMPOUND) or (
        first.startswith(b"PK\3\4") and _zip_holds(path, ("xl/", "content.xml"))
    ):
        return "excel"
    if b"<log" in first and first.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return "xes"
    return ""


def _zip_holds(path: Path, inside: tuple[str, ...]) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return any(naam.startswith(inside) for naam in packed.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _holds_stream(path: Path, naam: str) -> bool:
    """Return whether a file of the old Office kind holds a stream with this name."""
    return naam.encode("utf-16-le") in begin(path, _COMPOUND_LOOKED)


def foreign(path: Path) -> tuple[str, str]:
    """Return what a file is that no format reads, and what to do; two empty texts when nothing tells."""
    first = begin(path)
    for sign, what, remedy in _FOREIGN:
        if first.startswith(sign):
            return what, remedy
    if first.startswith(_COMPOUND):
        for inside, what, remedy in _INSIDE_COMPOUND:
            if _holds_stream(path, inside):
                return what, remedy
    if first.startswith(b"PK\3\4"):
        for inside, what, remedy in _INSIDE_ZIP:
            if _zip_holds(path, (inside,)):
                return what, remedy
        if not by_bytes(path):
            return "een zipbestand", "pak het bestand eerst uit"
    if first.startswith(_GZIP):
        return "een ingepakt bestand (gzip)", "pak het bestand eerst uit"
    if (
        first[:200]
        .lstrip(b"\xef\xbb\xbf \r\n\t")
        .lower()
        .startswith((b"<!doctype html", b"<html", b"<table"))
    ):
        return "een webpagina", "open het bestand in Excel en sla het op als .xlsx"
    return "", ""


def refuse_other(path: Path, naam: str, *, readable: str) -> None:
    """Refuse a file of which the first bytes say that it is something else than the format `naam`.

    Raises
    ------
    InvoerFout
        Saying what it is, and which formats are read.
    """
    what, remedy = foreign(path)
    if what:
        raise InvoerFout(
            f"de bron is {what}, en dat wordt niet gelezen",
            waar=path.name,
            verwacht=readable,
            herstel=remedy,
        )
    other = by_bytes(path)
    if other and other != naam:
        raise InvoerFout(
            f"de inhoud van de bron past niet bij haar naam: de eerste bytes zijn van {other}",
            waar=path.name,
            verwacht=readable,
            herstel="geef het bestand het einde dat bij zijn inhoud hoort",
        )


def refuse_absent(path: Path) -> None:
    """Refuse a file that is not there or cannot be opened."""
    try:
        with path.open("rb"):
            return
    except OSError as fout:
        raise InvoerFout("de bron kan niet worden geopend", waar=path.name, kreeg=reason(fout)) from None
    except ValueError:
        raise InvoerFout("de naam van de bron kan niet", waar=ascii(path.name)) from None


def refuse_wide(path: Path, columns: int) -> None:
    """Refuse a source with more columns than a table has."""
    if columns > MOST_COLUMNS:
        raise InvoerFout(
            "de bron heeft te veel kolommen",
            waar=path.name,
            verwacht=f"hoogstens {MOST_COLUMNS} kolommen",
            kreeg=f"{columns} kolommen",
            herstel="laat de bronhouder alleen de kolommen leveren die nodig zijn",
        )


def damaged(path: Path, what: str, *, remedy: str = "") -> InvoerFout:
    """Return the error for a file that its library cannot read; never with the words of that library."""
    return InvoerFout(
        f"de bron kan niet als {what} worden gelezen",
        waar=path.name,
        herstel=remedy or "maak de export opnieuw; een afgebroken kopie is de gewone oorzaak",
    )


def without_password(address: str) -> str:
    """Return an address with the host and the database only."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "postgresql://"
    return f"postgresql://{host}{f':{port}' if port else ''}{parts.path}"
