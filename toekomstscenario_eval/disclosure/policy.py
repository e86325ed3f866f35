"""Read a disclosure policy; anything unknown in it is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toekomstscenario_eval.disclosure.thresholds import MANY, all_rules
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, did_you_mean

FILE = Path(__file__).with_name("policies.toml")
DEFAULT = "standaard"


@dataclass(frozen=True)
class Policy:
    """Thresholds of a disclosure policy; see `policies.toml` for their meaning and source.

    `regels` holds the value of every rule in `thresholds`, which is an attribute too
    (`beleid.minimum_teller`); `bronnen` holds where each comes from.
    """

    naam: str
    titel: str
    bron: str
    regels: Mapping[str, int] = field(hash=False)
    bronnen: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for entry in ("titel", "bron"):
            text = getattr(self, entry)
            self._require(entry, "een tekst", good=isinstance(text, str) and bool(text))
        for naam, rule in all_rules().items():
            waarde, under, above = self.regels.get(naam), rule.card.onder, rule.card.boven
            stop = f" tot en met {above}" if above < MANY else ""
            # A bool is an int, and no threshold.
            good = isinstance(waarde, int) and not isinstance(waarde, bool) and under <= waarde <= above
            self._require(naam, f"een geheel getal vanaf {under}{stop}", good=good)

    def _require(self, naam: str, expected: str, *, good: bool) -> None:
        if not good:
            raise OnthullingsFout(
                f"de regel '{naam}' in het beleid '{self.naam}' ontbreekt of kan niet",
                waar=FILE.name,
                verwacht=expected,
            )

    def __getattr__(self, naam: str) -> int:
        """Return the value of a rule."""
        rules: Mapping[str, int] = self.__dict__.get("regels", {})
        if naam not in rules:
            raise AttributeError(f"een beleid heeft geen regel '{naam}'")
        return rules[naam]

    @property
    def drempels(self) -> dict[str, int]:
        """The minima by name."""
        return {naam: waarde for naam, waarde in self.regels.items() if naam.startswith("minimum_")}

    @property
    def dominance(self) -> bool:
        """Whether this policy looks at how much one unit adds to a total."""
        return self.maximum_aandeel_een < 100 or self.maximum_aandeel_twee < 100 or self.p_procent > 0


def _policy(naam: str, source: Any, where: str) -> Policy:
    known = all_rules()
    if not isinstance(source, dict):
        raise OnthullingsFout(f"het beleid '{naam}' is geen lijst van regels", waar=where)
    otherwise = {n: r.card.anders for n, r in known.items() if r.card.anders}
    waarden: dict[str, Any] = {n: waarde for n, (waarde, _) in otherwise.items()}
    sources = {n: explanation for n, (_, explanation) in otherwise.items()}
    for key, waarde in source.items():
        if key in ("titel", "bron"):
            continue
        if key not in known:
            raise OnthullingsFout(
                f"de regel '{key}' in het beleid '{naam}' is onbekend",
                waar=where,
                herstel=did_you_mean(key, ("titel", "bron", *known)),
            )
        good = isinstance(waarde, dict) and waarde.keys() == {"waarde", "bron"}
        if not good or not isinstance(waarde["bron"], str) or not waarde["bron"]:
            raise OnthullingsFout(
                f"de regel '{key}' in het beleid '{naam}' noemt geen bron",
                waar=where,
                verwacht='{ waarde = 10, bron = "waar de regel vandaan komt" }',
            )
        waarden[key], sources[key] = waarde["waarde"], waarde["bron"]
    # In the order of the rules, whatever the order in the file.
    rules = {n: waarden[n] for n in known if n in waarden}
    return Policy(naam, source.get("titel", ""), source.get("bron", ""), rules, sources)


def policies(file: Path = FILE) -> tuple[str, ...]:
    """Return the names of the policies in `file`; OnthullingsFout when it cannot be read."""
    return tuple(_read(file))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise OnthullingsFout(
            "het bestand met beleid is niet leesbaar", waar=file.name, herstel="herstel het bestand"
        ) from None


def load_policy(naam: str = DEFAULT, file: Path = FILE) -> Policy:
    """Return the policy `naam` from `file`.

    Raises
    ------
    GebruikFout
        When there is no policy of that name.
    OnthullingsFout
        When the file cannot be read, or holds an unknown rule or an impossible value.
    """
    source = _read(file)
    if naam not in source:
        raise GebruikFout(
            f"het beleid '{naam}' bestaat niet", waar=file.name, herstel=did_you_mean(naam, source)
        )
    return _policy(naam, source[naam], file.name)
