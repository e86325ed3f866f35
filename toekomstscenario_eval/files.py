"""Files that are whole or not there: made once, added to by one process at a time, and really on the disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from toekomstscenario_eval.errors import UitvoerFout, reason

_BINARY = getattr(os, "O_BINARY", 0)


def write_new(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file that is not there yet, in a folder made for this user alone; UitvoerFout if not."""
    made = False
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
        made = True
        try:
            _write(handle, data)
        finally:
            os.close(handle)
        _sync_folder(path.parent)
    except OSError as fout:
        if made:
            path.unlink(missing_ok=True)
        raise _not_written(path, fout) from None


def write_over(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file, with the same rights; UitvoerFout, and the old file, if not."""
    new = path.with_name(f".{path.name}.in-aanmaak-{os.getpid()}")
    try:
        mode = path.stat().st_mode
    except OSError as fout:
        raise _not_written(path, fout) from None
    write_new(new, data, mode=mode & 0o777)
    try:
        new.replace(path)
    except OSError as fout:
        new.unlink(missing_ok=True)
        raise _not_written(path, fout) from None


def write_mark(path: Path, data: bytes) -> None:
    """Write a small file, whether or not it was there: the old one or the new one; UitvoerFout if not."""
    if path.exists():
        write_over(path, data)
    else:
        write_new(path, data, mode=0o644)


def write_after(path: Path, data: bytes, *, at: int) -> None:
    """Put `data` after the first `at` bytes, in the place of what stood there; UitvoerFout if not."""
    try:
        handle = os.open(path, os.O_WRONLY | _BINARY)
        try:
            os.ftruncate(handle, at)
            os.lseek(handle, at, os.SEEK_SET)
            try:
                _write(handle, data)
            except OSError:
                # If this fails too, what is half stays: who reads must be able to tell.
                with suppress(OSError):
                    os.ftruncate(handle, at)
                raise
        finally:
            os.close(handle)
    except OSError as fout:
        raise _not_written(path, fout) from None


def _write(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]
    os.fsync(handle)


def _sync_folder(path: Path) -> None:
    """Have the name of a new file on the disk too; Windows sees to that itself."""
    if sys.platform != "win32":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _not_written(path: Path, fout: OSError) -> UitvoerFout:
    return UitvoerFout(
        "een bestand kan niet worden geschreven; er is niets veranderd",
        waar=str(path),
        kreeg=reason(fout),
        herstel="maak ruimte of geef schrijfrecht, en doe de opdracht opnieuw",
    )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Have `path` alone among all processes; the system lets go when this one ends, however it ends."""
    try:
        handle = os.open(path.with_suffix(".slot"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fout:
        raise _not_written(path, fout) from None
    try:
        try:
            _lock(handle)
        except OSError:
            raise UitvoerFout(
                "een ander proces schrijft nu in dit bestand; er is niets veranderd",
                waar=str(path),
                herstel="wacht tot dat klaar is en doe de opdracht opnieuw",
            ) from None
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
