"""The register of releases: which place was drawn when, and what was published. Nothing in it is secret.

A text file beside the secret, one entry a line, only ever added to. The first line says of which secret it
is; every later line holds the hash of the line before (`na`), and a batch ends with a line of its own. What
stands after the last of those was never finished and counts as not there: so a release writes the register
first and its files after, and when it is stopped in between, the next one copies.

A file beside it says how far it was written. A register that is put back from an older copy is not as far: it
does not know of releases that are out, and is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.errors import OnthullingsFout, reason
from toekomstscenario_eval.files import locked, write_after, write_mark, write_new
from toekomstscenario_eval.protection.entries import (
    KINDS,
    RULES,
    Body,
    Draw,
    Entry,
    Grant,
    Place,
    Published,
    Rules,
    View,
    to_body,
)
from toekomstscenario_eval.protection.noise import Noise

FILE = "register.jsonl"
_VERSION = 1
_END = "klaar"
_MARK = ".stand"
_BACK_UP = "zet het register terug uit een reservekopie; werk tot dan binnen, met --intern"


class Register:
    """An open register. One process at a time writes to it; everybody may read.

    `path` is None for a register in memory; `rules` is None for who only looks, or enters a decision of
    the owner. OnthullingsFout when it is gone, unreadable, changed, or of another secret or other rules.
    """

    def __init__(self, path: Path | None, fingerprint: str, rules: Rules | None) -> None:
        self.path = path
        self._first, self._asked, self._held = _first_line(fingerprint), rules, False
        # What was read, up to where in the file, and the last line before that.
        self._view, self._size, self._last = View(), 0, b""
        if path is None:
            self._view.head = _hash(self._first)
        else:
            self._read(path)

    @classmethod
    def open(cls, path: Path, fingerprint: str, noise: Noise, every: str) -> Register:
        """Open the register at `path` for releases with this noise and epochs of a `jaar` or `halfjaar`."""
        return cls(path, fingerprint, (noise.d, noise.v, noise.js, every))

    @classmethod
    def memory(cls, fingerprint: str, noise: Noise, every: str) -> Register:
        """Return an empty register that is gone with this process: of invented data."""
        return cls(None, fingerprint, (noise.d, noise.v, noise.js, every))

    @property
    def snapshot(self) -> View:
        """What the register holds now; stays so when it is added to."""
        return self._view

    @property
    def head(self) -> str:
        """Hash of the last line, 16 hexadecimals: the same head is the same register."""
        return self._view.head

    def draws(self, place: Place) -> tuple[Draw, ...]:
        """Return the draws of a place, the last one last."""
        return self._view.draws(place)

    def cells(self, recipe: str, place: Place, periode: str) -> Published | None:
        """Return what was last published, or None."""
        return self._view.cells(recipe, place, periode)

    def exceptions(self, place: Place) -> tuple[Grant, ...]:
        """Return the owner's exceptions that this place has not used yet, the oldest first."""
        return self._view.exceptions(place)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Have the register alone, with what others added by now: for who decides by it and then appends."""
        if self.path is None or self._held:
            yield
            return
        with locked(self.path):
            self._held = True
            try:
                self._read(self.path)
                yield
            finally:
                self._held = False

    def append(self, entries: Iterable[Entry]) -> str:
        """Add entries, all or none, and return the new head; without entries nothing is written.

        Raises
        ------
        OnthullingsFout
            When an entry may not be added, or another process added some since this one read.
        UitvoerFout
            When another process is writing, or the disk is full.
        """
        before, wanted = (self._view, self._size, self._last), list(entries)
        if not wanted:
            return self.head
        with self.writing():
            if self.head != before[0].head:
                # Whoever asked decided by what was, and must not be believed the second time either.
                self._view, self._size, self._last = before
                raise OnthullingsFout(
                    "het register is intussen door een ander aangevuld",
                    waar=str(self.path),
                    herstel="doe de opdracht opnieuw (in een notebook: open de studie opnieuw)",
                )
            view, lines = self._batch(wanted)
            size = self._size + sum(map(len, lines))
            if self.path is not None:
                # In the place of what was never finished.
                write_after(self.path, b"".join(lines), at=self._size)
                write_mark(mark_of(self.path), b"%d %s\n" % (size, view.head.encode()))
            self._view, self._last, self._size = view, lines[-1], size
        return self.head

    def _batch(self, entries: Sequence[Entry]) -> tuple[View, list[bytes]]:
        """Return the lines of a batch, each entry held against all before it, and the view with them."""
        view, lines = self._view.copy(), list[bytes]()

        def enter(body: Body) -> None:
            lines.append(_line({"na": view.head, **body}))
            view.add(structured_text.from_json(lines[-1], any_text=True), _hash(lines[-1]))

        if view.rules is None and self._asked is not None:
            d, v, js, every = self._asked
            enter({"regel": RULES, "d": d, "v": v, "js": js, "epoche": every})
        for entry in entries:
            if objection := view.objection(entry):
                raise OnthullingsFout(
                    f"het register neemt dit niet op: {objection}",
                    herstel="kijk met tks register toon wat er staat; met tks register uitzondering kan de "
                    "eigenaar een trekking toestaan",
                )
            enter(to_body(entry))
        lines.append(_line({"na": view.head, "regel": _END, "aantal": len(lines)}))
        view.head = _hash(lines[-1])
        return view, lines

    def _read(self, path: Path) -> None:
        """Take over every finished batch that stands in the file beyond what was read before."""
        # Before the register itself: what another process adds in between is no reason to refuse.
        mark = b"" if self._size else self._mark(path)
        try:
            with path.open("rb") as file:
                file.seek(self._size - len(self._last))
                same, content = file.read(len(self._last)) == self._last, file.read()
        except OSError as fout:
            raise OnthullingsFout(
                "het register bij deze sleutel kan niet worden gelezen: niet bekend is wat al is vrijgegeven",
                waar=str(path),
                kreeg=reason(fout),
                herstel=_BACK_UP,
            ) from None
        lines = content.splitlines(keepends=True)
        if not self._size and lines[:1] == [self._first]:
            self._view.head, self._last, self._size = _hash(self._first), self._first, len(self._first)
            del lines[0]
        elif not same or not self._size:
            raise self._damaged("het begin is veranderd, of hoort bij een andere sleutel")
        try:
            self._take(lines)
        except (ValueError, KeyError, TypeError, IndexError):
            raise self._damaged("een regel is onleesbaar") from None
        if mark and not self._reaches(mark, content):
            raise OnthullingsFout(
                "het register is ouder dan wat er al mee is vrijgegeven",
                waar=str(path),
                verwacht=f"het register zoals het het laatst is geschreven ({mark_of(path).name} ernaast)",
                herstel="zet de laatste versie terug, niet een eerdere kopie; is die er niet meer, begin dan "
                "een nieuwe levering: een andere 'naam' in datapackage.json, zonder 'sleutel'; werk tot dan "
                "binnen, met --intern",
            )

    def _mark(self, path: Path) -> bytes:
        """Return how far the register was written the last time; empty when nobody wrote here yet."""
        try:
            return mark_of(path).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError:
            raise self._damaged(f"{mark_of(path).name} ernaast kan niet worden gelezen") from None

    def _reaches(self, mark: bytes, content: bytes) -> bool:
        """Whether the register that was read goes as far as it was ever written, by the same lines."""
        size, _, head = mark.strip().partition(b" ")
        if not size.isdigit() or int(size) > self._size:
            return False
        before = content[: int(size)]
        return _hash(before[before.rfind(b"\n", 0, -1) + 1 :]).encode() == head

    def _take(self, lines: Sequence[bytes]) -> None:
        view, batch, read = self._view.copy(), list[tuple[Body, str]](), self._size
        after, done = view.head, (self._last, self._size)
        for line in lines:
            if not line.endswith(b"\n"):
                break
            body = structured_text.from_json(line, any_text=True)
            if body["na"] != after:
                raise self._damaged("een regel hoort niet bij de regel ervoor")
            after, read = _hash(line), read + len(line)
            batch.append((body, after))
            if body["regel"] in KINDS:
                continue
            if body["regel"] != _END:
                raise self._damaged("een regel is van een onbekende soort")
            if body["aantal"] != len(batch) - 1:
                raise self._damaged("een deel van een vrijgave ontbreekt")
            for entry, mark in batch[:-1]:
                view.add(entry, mark)
            view.head, done, batch = after, (line, read), []
        if view.rules and self._asked and view.rules != self._asked:
            text = "D {}, V {:g}, js {}, epoche {}"
            raise OnthullingsFout(
                "de ruis of de lengte van een epoche is anders dan in het register",
                waar=str(self.path),
                verwacht=text.format(*view.rules),
                kreeg=text.format(*self._asked),
                herstel="gebruik het beleid waarmee deze levering is begonnen; andere ruis vraagt een nieuwe "
                "levering ('naam' in datapackage.json) met een eigen sleutel",
            )
        self._view, (self._last, self._size) = view, done

    def _damaged(self, how: str) -> OnthullingsFout:
        return OnthullingsFout(f"het register klopt niet: {how}", waar=str(self.path), herstel=_BACK_UP)


def mark_of(path: Path) -> Path:
    """Return the file that says how far the register at `path` was written."""
    return path.with_suffix(_MARK)


def create(path: Path, fingerprint: str) -> None:
    """Write an empty register for a secret; OnthullingsFout when there is one with releases in it."""
    if path.exists():
        if path.read_bytes().count(b"\n") > 1:
            raise OnthullingsFout(
                "er staat al een register met vrijgaven, zonder de sleutel die erbij hoort",
                waar=str(path),
                herstel="zet de sleutel terug naast zijn register, of kies een andere plek met --sleutel",
            )
        path.unlink()
    # Of another secret, whose register is gone.
    mark_of(path).unlink(missing_ok=True)
    write_new(path, _first_line(fingerprint), mode=0o644)


def _first_line(fingerprint: str) -> bytes:
    return _line({"register": _VERSION, "vingerafdruk": fingerprint})


def _line(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Return what JSON does not know: a date as text, a whole number of numpy as one of Python."""
    return value.isoformat() if isinstance(value, date) else value.item()


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:16]
