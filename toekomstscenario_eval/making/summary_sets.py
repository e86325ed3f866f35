"""Read the protected summaries of several owners, and refuse what does not fit together.

Each is read as the open counts of a report are: files unchanged, definitions the same as here, every number
computed anew. Together they must be of one window, epoch and policy, and no region may be in two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.identity import UNKNOWN, plain_name
from toekomstscenario_eval.making.open_release import openbaar
from toekomstscenario_eval.making.site_summary import FILE, VERSION
from toekomstscenario_eval.results import Release, require_public
from toekomstscenario_eval.types import SITE, Result

_AGAIN = "laat de eigenaar de samenvatting opnieuw maken met 'tks samenvatting', {}"


@dataclass(frozen=True)
class Region:
    """A region: its name, its kind, and the day on which its pilot started (empty: none, or not known)."""

    naam: str
    soort: str
    start: str


@dataclass(frozen=True)
class SummarySet:
    """The protected summary of one owner.

    Attributes
    ----------
    bron : where it was read
    titel, schema : title of the package, and version of the code book
    venster : first day, and the day after the last
    regios : its regions, in alphabetical order
    vrijgave : what is published of them
    """

    bron: str
    titel: str
    schema: str
    venster: tuple[str, str]
    regios: tuple[Region, ...]
    vrijgave: Release


def read_sets(paths: Sequence[Path | str]) -> tuple[SummarySet, ...]:
    """Return the summaries in these folders, that fit together.

    Raises
    ------
    InvoerFout
        When one cannot be read, or differs from the first in what must be the same; names file and
        difference.
    """
    if not paths:
        raise InvoerFout(
            "er is geen samenvatting gegeven", herstel="noem de mappen die 'tks samenvatting' schreef"
        )
    sets = tuple(read_set(Path(path)) for path in paths)
    _require_own_regions(sets)
    for other in sets[1:]:
        _require_alike(sets[0], other)
    return sets


def read_set(path: Path) -> SummarySet:
    """Return the summary in a folder; InvoerFout when it is none, or was changed."""
    about = _about(path)
    release = _release(path)
    require_public(release, goal="een samenvatting")
    try:
        regions = tuple(Region(str(r["naam"]), str(r["soort"]), str(r["start"])) for r in about["regios"])
        begin, end = map(str, about["venster"])
        found = SummarySet(
            str(path), str(about["titel"]), str(about["schema"]), (begin, end), regions, release
        )
        of = about["vrijgave"]
    except (KeyError, TypeError, ValueError):
        raise _unreadable(path) from None
    if of != release.id or _places(release) - {r.naam for r in regions}:
        raise InvoerFout(
            f"{FILE} en de openbare tellingen horen niet bij elkaar",
            waar=str(path),
            verwacht=f"vrijgave {release.id}",
            kreeg=f"vrijgave {of}" if of != release.id else "tellingen van een regio die er niet in staat",
            herstel=_AGAIN.format("en stuur de hele map ongewijzigd"),
        )
    return found


def _about(path: Path) -> dict[str, Any]:
    file = path / FILE
    if not file.is_file():
        raise InvoerFout(
            "dit is geen samenvatting van een eigenaar",
            waar=str(path),
            verwacht=f"een map met {FILE} en de map openbaar, van 'tks samenvatting'",
            kreeg=f"geen {FILE}",
            herstel="een verslag, exacte (interne) cijfers en wat al is samengevoegd kunnen niet: vraag elke "
            "eigenaar om een samenvatting",
        )
    try:
        about = structured_text.from_json(structured_text.read_bytes(file))
        version = about["samenvatting"]
    except (OSError, ValueError, KeyError, TypeError):
        raise _unreadable(path) from None
    if version != VERSION:
        raise InvoerFout(
            "de samenvatting is van een andere versie van het programma",
            waar=str(path),
            verwacht=f"versie {VERSION}",
            kreeg=f"versie {version}",
            herstel=_AGAIN.format("met de versie van het programma die u gebruikt"),
        )
    return dict(about)


def _unreadable(path: Path) -> InvoerFout:
    return InvoerFout(
        "de samenvatting is niet te lezen",
        waar=str(path / FILE),
        herstel=_AGAIN.format("en stuur de hele map ongewijzigd"),
    )


def _release(path: Path) -> Release:
    """Return the open counts; an objection to them names the folder too."""
    try:
        return openbaar(path)
    except InvoerFout as fout:
        if str(path) in fout.waar:
            raise
        raise InvoerFout(
            fout.wat,
            waar=f"{path}, {fout.waar}",
            verwacht=fout.verwacht,
            kreeg=fout.kreeg,
            herstel=fout.herstel,
        ) from None


def known_sites(r: Result) -> set[str]:
    """Return the regions of which a result has a place, with or without counts."""
    return {str(groep) for groep in r.publiek[SITE].plekken["groep"]} if SITE in r.publiek else set()


def _places(release: Release) -> set[str]:
    return {naam for r in release.resultaten for naam in known_sites(r)} - {UNKNOWN}


def _require_own_regions(sets: Sequence[SummarySet]) -> None:
    """Refuse a region that two summaries have: its households would count twice."""
    owner: dict[str, SummarySet] = {}
    for one in sets:
        for region in one.regios:
            before = owner.setdefault(plain_name(region.naam), one)
            if before is not one:
                raise InvoerFout(
                    f"de regio '{region.naam}' staat in twee samenvattingen",
                    waar=f"{before.bron} en {one.bron}",
                    verwacht="elke regio in één samenvatting",
                    herstel="laat een van de twee weg, of geef twee verschillende regio's een eigen naam",
                )


def _require_alike(first: SummarySet, other: SummarySet) -> None:
    """Refuse a summary that is not about the same days, or was protected in another way."""
    wanted, found = _traits(first), _traits(other)
    for what in (*wanted, *found):
        if wanted.get(what) != found.get(what):
            raise InvoerFout(
                f"de samenvattingen passen niet bij elkaar: {what} verschilt",
                waar=other.bron,
                verwacht=f"{wanted.get(what, 'geen')}, zoals in {first.bron}",
                kreeg=found.get(what, "geen"),
                herstel=_AGAIN.format("met dezelfde afspraken als de andere"),
            )


def _traits(one: SummarySet) -> dict[str, str]:
    """Return what must be the same in all, by a name that a reader knows."""
    release = one.vrijgave
    noise = ", ".join(f"{letter} {release.regels.get(f'ruis_{letter}')}" for letter in ("d", "v", "js"))
    return {
        "de versie van het codeboek": one.schema,
        "het venster": " tot ".join(one.venster),
        "de epoche": release.stand,
        "de ruis": noise,
        "het beleid": release.beleid,
        **{f"de regel '{naam}' van het beleid": str(rule) for naam, rule in release.regels.items()},
    }
