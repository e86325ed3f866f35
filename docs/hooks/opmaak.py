"""Markdown from plain text: escaping, tables, links to a doi."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

_DOI = re.compile(r"doi (10\.[^\s;,]+[^\s;,.])")


def veilig(tekst: str) -> str:
    """Return text on one line in which Markdown sees no markup."""
    plat = re.sub(r"\s+", " ", tekst)
    return re.sub(r"([\\`*_{}\[\]|#])", r"\\\1", plat).replace("<", "&lt;").replace(">", "&gt;")


def code(tekst: str) -> str:
    """Return text in the letter of code; plain when it holds what would end that."""
    return veilig(tekst) if {"`", "|"} & set(tekst) else f"`{tekst}`"


def met_doi(tekst: str) -> str:
    """Return escaped text in which every doi is a link."""
    stukken = _DOI.split(tekst)
    return "".join(
        f"[doi {veilig(stuk)}](<https://doi.org/{stuk}>)" if i % 2 else veilig(stuk)
        for i, stuk in enumerate(stukken)
    )


def tabel(kop: Sequence[str], rijen: Iterable[Sequence[str]]) -> str:
    """Return a table; cells hold Markdown already. A column without any content is left out."""
    alle = list(rijen)
    kolommen = [i for i in range(len(kop)) if any(rij[i] for rij in alle)]
    regels = [[rij[i] for i in kolommen] for rij in (kop, ["---"] * len(kop), *alle)]
    return "\n".join("| " + " | ".join(cel or "&nbsp;" for cel in rij) + " |" for rij in regels)


def tekst_tabel(tekst: str) -> str:
    """Return a text table of a worked example (header line, columns separated by `|`) as Markdown."""
    kop, *rijen = [
        [cel.strip() for cel in regel.split("|")]
        for regel in textwrap.dedent(tekst).strip().splitlines()
        if regel.strip()
    ]
    gevuld = [[code(cel) if cel else "" for cel in rij] + [""] * (len(kop) - len(rij)) for rij in rijen]
    return tabel([code(cel) for cel in kop], gevuld)


def blad(*delen: str) -> str:
    """Return a page: the parts with a blank line between them."""
    return "\n\n".join(deel for deel in delen if deel) + "\n"
