"""The key of the pseudonyms: shared by the suppliers of a line, in a file of their own or the environment.

It is another secret than that of the protection, which only the owner holds: made apart, of random bytes of
its own, and a file of the one kind is refused as the other. What is hashed with it is the text in the file,
so that the same text in the environment gives the same pseudonyms.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, reason
from toekomstscenario_eval.files import write_new
from toekomstscenario_eval.resources import PROTECTION_KEY_FIELD, PSEUDONYM_KEY_KIND

VARIABLE, FILE_VARIABLE = "TKS_GEHEIM", "TKS_GEHEIM_BESTAND"
MINIMUM = 16
_LENGTH = 32
# A key file is some hundred bytes; what is larger is another file.
_LARGEST = 65_536
_MAKE = "maak er een met: tks sleutel pseudoniem BESTAND"


@dataclass(frozen=True)
class PseudonymKey:
    """The secret of the pseudonyms; `bron` is its file, None when it came from the environment."""

    waarde: bytes = field(repr=False)
    bron: Path | None = None

    @property
    def vingerafdruk(self) -> str:
        """What suppliers compare to know that they have the same key: 16 hexadecimals.

        Slow on purpose: a secret in the environment may be a sentence, and nobody may try sentences against
        a fingerprint by the million.
        """
        salt = b"toekomstscenario-eval pseudoniemsleutel"
        return hashlib.scrypt(self.waarde, salt=salt, n=2**14, r=8, p=1, dklen=8).hex()


def make(path: Path) -> PseudonymKey:
    """Make a key of random bytes in a file that only this user can read; one that is there stays."""
    return read(path) if path.exists() else _write(path, secrets.token_hex(_LENGTH))


def take_over(received: Path, path: Path) -> PseudonymKey:
    """Put the key that another supplier made in a file of this user's own.

    The rights of the received file do not count: it came on a stick or out of a vault.
    """
    key = read(received, strict=False)
    if not path.exists():
        return _write(path, key.waarde.decode())
    if read(path).waarde != key.waarde:
        raise InvoerFout(
            "op deze plek staat al een andere sleutel voor pseudoniemen; er is niets veranderd",
            waar=str(path),
            herstel="kies een andere plek; met twee sleutels krijgt één kind twee pseudoniemen",
        )
    return PseudonymKey(key.waarde, path)


def find(*, option: Path | None, environ: Mapping[str, str], needed_by: str) -> PseudonymKey:
    """Return the key: from the file that is named, or from the environment.

    Raises
    ------
    GebruikFout
        When the environment names both a secret and a file.
    InvoerFout
        When there is no key, it is too short, or its file is not this user's alone.
    """
    text, named = environ.get(VARIABLE, ""), environ.get(FILE_VARIABLE, "")
    if option is None and text and named:
        raise GebruikFout(
            f"{VARIABLE} en {FILE_VARIABLE} zijn allebei gezet, en er kan maar één geheim gelden",
            herstel="haal er een weg, of wijs het bestand aan met --geheim",
        )
    if option is not None or named:
        return read(option or Path(named))
    if len(text.encode()) >= MINIMUM:
        return PseudonymKey(text.encode())
    raise InvoerFout(
        f"{needed_by}, maar het geheim daarvoor {'is te kort' if text else 'ontbreekt'}",
        waar=f"omgevingsvariabele {VARIABLE}",
        verwacht=f"ten minste {MINIMUM} tekens die niemand kan raden",
        herstel=f"zet een geheim in {VARIABLE} of wijs een sleutelbestand aan met --geheim, en bewaar het "
        "buiten het pakket; met hetzelfde geheim krijgt dezelfde sleutel elke keer hetzelfde pseudoniem",
    )


def read(path: Path, *, strict: bool = True) -> PseudonymKey:
    """Return the key in a file; InvoerFout when it is none, or not this user's alone.

    Not `strict`: whoever may read it does not matter.
    """
    try:
        with path.open("rb") as file:
            state, raw = os.fstat(file.fileno()), file.read(_LARGEST)
    except (OSError, ValueError) as fout:  # a path with a null byte
        raise InvoerFout(
            "de sleutel voor pseudoniemen is er niet, of is niet te lezen",
            waar=str(path).replace("\0", "?"),
            kreeg=reason(fout) if isinstance(fout, OSError) else "",
            herstel=f"controleer het pad; is er nog geen sleutel, {_MAKE}",
        ) from None
    if strict:
        _check_rights(path, state)
    return PseudonymKey(_secret(path, raw).encode(), path)


def _check_rights(path: Path, state: os.stat_result) -> None:
    if os.name != "posix":
        return
    if not stat.S_ISREG(state.st_mode) or state.st_uid != os.getuid():
        raise InvoerFout(
            "de sleutel voor pseudoniemen is niet van u",
            waar=str(path),
            verwacht="een gewoon bestand waarvan u de eigenaar bent",
            herstel=f"neem hem over in een eigen bestand: tks sleutel pseudoniem BESTAND --van {path}",
        )
    if state.st_mode & 0o077:
        raise InvoerFout(
            "anderen kunnen de sleutel voor pseudoniemen lezen",
            waar=str(path),
            verwacht="een bestand dat alleen van u is (0600)",
            kreeg=f"{state.st_mode & 0o777:04o}",
            herstel=f"doe: chmod 600 {path}",
        )


def _secret(path: Path, raw: bytes) -> str:
    """Return the text of the secret; never part of it in a message."""
    try:
        content = structured_text.from_json(raw)
    except ValueError:
        content = None
    if isinstance(content, dict) and PROTECTION_KEY_FIELD in content:
        raise InvoerFout(
            "dit is de sleutel van een levering, voor de bescherming; hij is geen sleutel voor pseudoniemen",
            waar=str(path),
            verwacht="een bestand van tks sleutel pseudoniem",
            herstel="laat die sleutel bij de eigenaar; leveranciers hebben een eigen sleutel: " + _MAKE,
        )
    secret = content.get("geheim") if isinstance(content, dict) else None
    known = isinstance(content, dict) and content.get("soort") == PSEUDONYM_KEY_KIND
    if not known or not isinstance(secret, str) or len(secret) < MINIMUM:
        raise InvoerFout(
            "dit bestand is geen sleutel voor pseudoniemen, of het is beschadigd",
            waar=str(path),
            verwacht="een bestand van tks sleutel pseudoniem",
            herstel=f"vraag een kopie aan wie hem heeft gemaakt; is er nog geen sleutel, {_MAKE}",
        )
    return secret


def _write(path: Path, secret: str) -> PseudonymKey:
    content = {"soort": PSEUDONYM_KEY_KIND, "geheim": secret}
    write_new(path, json.dumps(content).encode() + b"\n", mode=0o600)
    return PseudonymKey(secret.encode(), path)
