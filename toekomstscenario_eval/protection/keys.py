"""The one secret of a delivery line: where it is kept, and the keys and noise that follow from it.

Everything secret about a release is in 32 bytes, made by the owner's command and by nothing else. What
follows from them for different uses is kept apart by a word in front of what is hashed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_data_path

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.errors import OnthullingsFout, reason
from toekomstscenario_eval.files import locked, write_new
from toekomstscenario_eval.protection import register
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.resources import (
    EXAMPLE_KEY,
    EXAMPLE_LINE,
    PROTECTION_KEY_FIELD,
    PSEUDONYM_KEY_KIND,
)
from toekomstscenario_eval.types import Levering

VARIABLE = "TKS_SLEUTEL"
FILE, _LENGTH = PROTECTION_KEY_FIELD, 32
_INSIDE = "of werk binnen, met --intern"
# Keys of invented units read so; no pseudonym of a real delivery does.
_INVENTED = re.compile(r"h\d{6,7}")


@dataclass(frozen=True)
class Secret:
    """The secret of a delivery line; `bron` is the file it was found in, None for the published one."""

    waarde: bytes = field(repr=False)
    bron: Path | None = None

    def __post_init__(self) -> None:
        if len(self.waarde) != _LENGTH:
            raise OnthullingsFout("een sleutel heeft 32 bytes", waar=str(self.bron or ""))

    @property
    def vingerafdruk(self) -> str:
        """What tells this secret from others and gives nothing of it away: 16 hexadecimals."""
        return hashlib.sha256(b"toekomstscenario-eval vingerafdruk\0" + self.waarde).hexdigest()[:16]

    def record_keys(self, pseudonyms: Sequence[str]) -> NDArray[np.uint64]:
        """Return a key of 64 bits for each pseudonym: the start of HMAC-SHA-256, big-endian.

        The published secret refuses (OnthullingsFout) units that are not invented.
        """
        if self.vingerafdruk == EXAMPLE_KEY and not all(map(_INVENTED.fullmatch, pseudonyms)):
            raise OnthullingsFout(
                "de sleutel van het voorbeeld is openbaar en beschermt geen echte gegevens",
                waar="datapackage.json, 'levering' > 'sleutel'",
                verwacht="een pakket van tks voorbeeld",
                herstel="noem bij 'levering' uw eigen eigenaar en naam, haal 'sleutel' weg en doe: "
                f"tks sleutel maak PAKKET, {_INSIDE}",
            )
        start = (hmac.digest(self.waarde, b"eenheid\0" + p.encode(), "sha256")[:8] for p in pseudonyms)
        return np.frombuffer(b"".join(start), dtype=">u8").astype(np.uint64)

    def codes(self, pseudonyms: Sequence[str]) -> list[str]:
        """Return a fixed public name for each pseudonym; without the secret it leads back to none."""
        return [hmac.digest(self.waarde, b"code\0" + p.encode(), "sha256")[:6].hex() for p in pseudonyms]

    def uniforms(self, sums: NDArray[np.uint64], epoch: date, again: int = 0) -> NDArray[np.float64]:
        """Return a number in [0, 1) for each key sum of a cell: the first 53 bits of an HMAC.

        The same in an epoch whatever the cell; `again` is how often the place was drawn in it before, so
        that an owner's exception changes all its cells and not just those that a correction touched.
        """
        distinct, spots = np.unique(np.asarray(sums, dtype=np.uint64), return_inverse=True)
        tail = epoch.isoformat().encode() + (b"/%d" % again if again else b"")
        digests = (hmac.digest(self.waarde, b"ruis\0" + s + tail, "sha256")[:8] for s in _eights(distinct))
        bits = np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64) >> np.uint64(11)
        return np.asarray(bits[spots] * 2.0**-53)

    def pair(self, total: int, question: str, epoch: date, again: int = 0) -> tuple[float, float]:
        """Return two numbers in [0, 1) for a key sum and a question; they tell nothing of `uniforms`."""
        said = f"{epoch.isoformat()}/{again}/{question}".encode()
        digest = hmac.digest(self.waarde, b"effect\0" + total.to_bytes(8, "big") + said, "sha256")
        first, second = (int.from_bytes(digest[i : i + 8], "big") >> 11 for i in (0, 8))
        return first * 2.0**-53, second * 2.0**-53

    def keyed_hash(self, content: bytes | Path) -> str:
        """Return a hash of data or of a file that nobody without the secret can test a guess with."""
        mac = hmac.new(self.waarde, b"bestand\0", "sha256")
        if isinstance(content, bytes):
            mac.update(content)
        else:
            with content.open("rb") as file:
                while piece := file.read(1 << 20):
                    mac.update(piece)
        return mac.hexdigest()


def _eights(sums: NDArray[np.uint64]) -> list[bytes]:
    raw = sums.astype(">u8").tobytes()
    return [raw[i : i + 8] for i in range(0, len(raw), 8)]


# Anybody can make this one: it is for invented data alone, and gives everybody the same bytes.
EXAMPLE = Secret(
    hashlib.sha256(b"toekomstscenario-eval: openbare sleutel van het verzonnen voorbeeld").digest()
)


def place_of(levering: Levering, *, option: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the file of the secret of a line: the option, the environment, or the user's data."""
    if option or environ.get(VARIABLE):
        return option or Path(environ[VARIABLE])
    words = "-".join(re.findall("[a-z0-9]+", f"{levering.eigenaar} {levering.naam}".lower()))
    # Names that differ in a capital or a sign must not share a folder.
    mark = hashlib.sha256(f"{levering.eigenaar}\0{levering.naam}".encode()).hexdigest()[:8]
    return user_data_path("toekomstscenario-eval") / "sleutels" / f"{words[:60]}-{mark}" / FILE


def make(levering: Levering, at: Path) -> Secret:
    """Make the secret of a line, with an empty register beside it; one that was made already stays.

    OnthullingsFout when the package names a secret that is not there; UitvoerFout when the disk is full.
    """
    if levering.sleutel or at.exists():
        return _checked(levering, at)
    secret = Secret(secrets.token_bytes(_LENGTH), at)
    content = {"eigenaar": levering.eigenaar, "naam": levering.naam, FILE: secret.waarde.hex()}
    # In this order: a secret without a register would not know what it published.
    register.create(at.with_name(register.FILE), secret.vingerafdruk)
    write_new(at, json.dumps(content, ensure_ascii=False).encode() + b"\n", mode=0o600)
    return secret


def find(levering: Levering | None, *, option: Path | None, environ: Mapping[str, str]) -> Secret:
    """Return the secret of a line; never makes one.

    OnthullingsFout when the package names no line or no secret, or the file is absent, damaged, readable by
    others, or holds another secret.
    """
    if levering is not None and levering.sleutel == EXAMPLE_KEY:
        if (levering.eigenaar, levering.naam) != EXAMPLE_LINE:
            raise OnthullingsFout(
                "de sleutel van het voorbeeld is openbaar en beschermt geen echte gegevens",
                waar="datapackage.json, 'levering' > 'sleutel'",
                verwacht="een pakket van tks voorbeeld",
                herstel=f"haal 'sleutel' weg bij 'levering' en doe: tks sleutel maak PAKKET, {_INSIDE}",
            )
        return EXAMPLE
    if levering is None or not levering.sleutel:
        raise OnthullingsFout(
            "het pakket noemt geen levering" if levering is None else "het pakket noemt geen sleutel",
            waar="datapackage.json",
            verwacht="'levering' met 'eigenaar', 'naam' en 'sleutel'",
            herstel="vul de eigenaar en de naam in; de eigenaar van de gegevens maakt de sleutel met: "
            f"tks sleutel maak PAKKET, {_INSIDE}",
        )
    return _checked(levering, place_of(levering, option=option, environ=environ))


def open_register(secret: Secret, noise: Noise, every: str) -> Register:
    """Open the register beside a secret; that of the published one is empty and in memory."""
    if secret.bron is None:
        return Register.memory(secret.vingerafdruk, noise, every)
    return Register.open(secret.bron.with_name(register.FILE), secret.vingerafdruk, noise, every)


def move(secret: Secret, to: Path) -> None:
    """Bring a secret and its register to another folder; stopped halfway, the same again finishes it.

    OnthullingsFout when something else is there; UitvoerFout when it cannot be written or is in use.
    """
    if secret.bron is None:
        return
    book = secret.bron.with_name(register.FILE)
    mark, beside = register.mark_of(book), to.with_name(register.FILE)
    pairs = [(mark, register.mark_of(beside), 0o644)] if mark.exists() else []
    pairs += [(book, beside, 0o644), (secret.bron, to, 0o600)]
    with locked(book):
        for old, new, mode in pairs:
            if not new.exists():
                write_new(new, old.read_bytes(), mode=mode)
            elif new.samefile(old) or new.read_bytes() != old.read_bytes():
                raise OnthullingsFout(
                    "op de nieuwe plek staat al iets anders",
                    waar=str(new),
                    herstel="kies een map die nog leeg is",
                )
        for old, _, _ in reversed(pairs):
            old.unlink()


def _checked(levering: Levering, path: Path) -> Secret:
    """Return the secret in a file, that must be the one of this delivery line."""
    secret, line = _read(path)
    if levering.sleutel not in ("", secret.vingerafdruk) or line != (levering.eigenaar, levering.naam):
        raise OnthullingsFout(
            "dit is de sleutel van een andere levering",
            waar=str(path),
            verwacht=f"de sleutel van '{levering.naam}' van {levering.eigenaar}"
            + (f", vingerafdruk {levering.sleutel}" if levering.sleutel else ""),
            kreeg=f"die van '{line[1]}' van {line[0]}, vingerafdruk {secret.vingerafdruk}",
            herstel=f"wijs de goede sleutel aan met --sleutel of {VARIABLE}, {_INSIDE}",
        )
    return secret


def _read(path: Path) -> tuple[Secret, tuple[str, str]]:
    """Return the secret in a file, and the owner and name of the line it was made for."""
    try:
        with path.open("rb") as file:
            mode, raw = os.fstat(file.fileno()).st_mode, file.read()
    except OSError as fout:
        raise OnthullingsFout(
            "de sleutel van deze levering is hier niet, of is niet te lezen",
            waar=str(path),
            kreeg=reason(fout),
            herstel=f"zet hem terug of wijs hem aan met --sleutel of {VARIABLE}, {_INSIDE}; is hij verloren, "
            "begin dan een nieuwe levering: een andere 'naam' in datapackage.json, zonder 'sleutel'",
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise OnthullingsFout(
            "anderen kunnen de sleutel lezen",
            waar=str(path),
            verwacht="een bestand dat alleen van u is (0600)",
            kreeg=f"{mode & 0o777:04o}",
            herstel=f"doe: chmod 600 {path}",
        )
    try:
        content = structured_text.from_json(raw)
        other = content.get("soort") == PSEUDONYM_KEY_KIND
        if not other:
            line = str(content["eigenaar"]), str(content["naam"])
            return Secret(bytes.fromhex(content[FILE]), path), line
    except (ValueError, KeyError, TypeError, AttributeError, OnthullingsFout):
        raise OnthullingsFout(
            "de sleutel is beschadigd",
            waar=str(path),
            herstel=f"zet hem terug uit een reservekopie, {_INSIDE}",
        ) from None
    raise OnthullingsFout(
        "dit is een sleutel voor pseudoniemen, die leveranciers delen; hij beschermt geen levering",
        waar=str(path),
        verwacht="een sleutel van tks sleutel maak, die alleen de eigenaar heeft",
        herstel=f"wijs de sleutel van de levering aan met --sleutel of {VARIABLE}, {_INSIDE}",
    )
