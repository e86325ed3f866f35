"""The pseudonym of a key: the one construction, at the supplier and at the import alike."""

from __future__ import annotations

import hmac
import unicodedata

# Of which kind of thing a key is; each its own domain. Case 17 and household 17 then share no pseudonym, so
# that nobody learns that their numbers were equal. The order is that of what tells a person apart best.
KINDS = ("persoon", "huishouden", "professional", "zaak")
# What a mapping says of a column with keys: pseudonyms are made, of no kind or of one; or they stay.
PSEUDONYM, UNCHANGED = "pseudoniem", "ongewijzigd"
MADE = {PSEUDONYM: "", **{f"{PSEUDONYM} {kind}": kind for kind in KINDS}}
_DIGITS = 16


def pseudonym(waarde: str, pepper: bytes, kind: str = "") -> str:
    """Return the keyed pseudonym of a value: HMAC-SHA-256, the first 16 hexadecimal digits.

    Parameters
    ----------
    waarde : str
        The key as text. Two ways to write one letter with an accent count as one.
    pepper : bytes
        The secret.
    kind : str, optional
        One of `KINDS`; it stands in front of what is hashed, closed by a byte that no kind holds. Without
        there is nothing in front, as in packages that were made before kinds existed.
    """
    said = unicodedata.normalize("NFC", waarde).encode()
    domain = f"{kind}\0".encode() if kind else b""
    return hmac.digest(pepper, domain + said, "sha256").hex()[:_DIGITS]
