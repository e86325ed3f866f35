"""Read a policy of protection; anything unknown in it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, did_you_mean
from toekomstscenario_eval.protection.rules import Value, all_rules

if TYPE_CHECKING:
    from toekomstscenario_eval.protection.entries import Chosen
    from toekomstscenario_eval.protection.noise import Noise

FILE = Path(__file__).with_name("policies.toml")
DEFAULT = "standaard"
# Rules that only make sense in this order, each at least the one before it.
_RISING = ("drempel", "omvang_geheel", "omvang_uitsplitsing", "omvang_plaats", "omvang_kruising")


@dataclass(frozen=True)
class Policy:
    """The rules of a policy; see `policies.toml` for their meaning and source.

    `regels` holds the value of every rule in `rules`, which is an attribute too (`policy.drempel`);
    `bronnen` holds where each comes from.

    Raises
    ------
    OnthullingsFout
        When a rule is missing or out of range, rules contradict each other, or the noise does not exist.
    """

    naam: str
    titel: str
    bron: str
    regels: Mapping[str, Value] = field(hash=False)
    bronnen: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for entry in ("titel", "bron"):
            text = getattr(self, entry)
            self._require(entry, "een tekst", good=isinstance(text, str) and bool(text))
        known = all_rules()
        if unknown := [naam for naam in self.regels if naam not in known]:
            raise _unknown(unknown[0], self.naam)
        # In the order of the rules, whatever the order in the file.
        read = {naam: rule.card.read(self.regels.get(naam)) for naam, rule in known.items()}
        for naam, waarde in read.items():
            self._require(naam, known[naam].card.expected, good=waarde is not None)
        object.__setattr__(self, "regels", read)
        for low, high in pairwise(_RISING):
            self._require(high, f"ten minste '{low}'", good=getattr(self, low) <= getattr(self, high))
        self._require("drempel", "meer dan 'ruis_js'", good=self.drempel > self.ruis_js)
        _ = self.ruis

    def _require(self, naam: str, expected: str, *, good: bool) -> None:
        if not good:
            raise OnthullingsFout(
                f"de regel '{naam}' in het beleid '{self.naam}' ontbreekt of kan niet",
                waar=FILE.name,
                verwacht=expected,
            )

    def __getattr__(self, naam: str) -> Any:
        """Return the value of a rule."""
        rules: Mapping[str, Value] = self.__dict__.get("regels", {})
        if naam not in rules:
            raise AttributeError(f"een beleid heeft geen regel '{naam}'")
        return rules[naam]

    @property
    def ruis(self) -> Noise:
        """The noise of this policy."""
        # Loaded here: the command line reads the name of the default policy, and numpy takes long.
        from toekomstscenario_eval.protection.noise import Noise

        return Noise(self.ruis_d, float(self.ruis_v), self.ruis_js)

    @property
    def fingerprint(self) -> str:
        """Hash of the rules and their values, 16 hexadecimals."""
        return hashlib.sha256(repr(sorted(self.regels.items())).encode()).hexdigest()[:16]

    def require_chosen(self, chosen: Chosen | None) -> None:
        """Refuse when earlier releases (None: none) followed other rules, and no owner changed that."""
        if chosen is None or chosen.regels == self.fingerprint:
            return
        raise OnthullingsFout(
            "de regels van het beleid zijn andere dan die van eerdere vrijgaven",
            waar=f"beleid '{self.naam}'",
            verwacht=f"beleid '{chosen.beleid}' met kenmerk {chosen.regels}",
            kreeg=f"kenmerk {self.fingerprint}",
            herstel=f"laat de eigenaar dit vastleggen: tks register beleid PAKKET --beleid {self.naam} "
            "--wie NAAM --waarom REDEN; of gebruik het beleid van eerder",
        )

    @property
    def fixed(self) -> dict[str, Value]:
        """The rules that are fixed per register: a change of the noise is a new key."""
        return {naam: self.regels[naam] for naam, rule in all_rules().items() if rule.card.fixed}


def _unknown(key: str, naam: str) -> OnthullingsFout:
    return OnthullingsFout(
        f"de regel '{key}' in het beleid '{naam}' is onbekend",
        waar=FILE.name,
        herstel=did_you_mean(key, ("titel", "bron", *all_rules())),
    )


def _policy(naam: str, source: Any, where: str) -> Policy:
    if not isinstance(source, dict):
        raise OnthullingsFout(f"het beleid '{naam}' is geen lijst van regels", waar=where)
    otherwise = {n: r.card.anders for n, r in all_rules().items() if r.card.anders}
    waarden: dict[str, Any] = {n: waarde for n, (waarde, _) in otherwise.items()}
    sources = {n: explanation for n, (_, explanation) in otherwise.items()}
    for key, waarde in source.items():
        if key in ("titel", "bron"):
            continue
        if key not in all_rules():
            raise _unknown(key, naam)
        good = isinstance(waarde, dict) and waarde.keys() == {"waarde", "bron"}
        if not good or not isinstance(waarde["bron"], str) or not waarde["bron"]:
            raise OnthullingsFout(
                f"de regel '{key}' in het beleid '{naam}' noemt geen bron",
                waar=where,
                verwacht='{ waarde = 10, bron = "waar de regel vandaan komt" }',
            )
        waarden[key], sources[key] = waarde["waarde"], waarde["bron"]
    return Policy(naam, source.get("titel", ""), source.get("bron", ""), waarden, sources)


def policies(file: Path = FILE) -> tuple[str, ...]:
    """Return the names of the policies in `file`; OnthullingsFout when it cannot be read."""
    return tuple(_read(file))


def _read(file: Path) -> dict[str, Any]:
    try:
        return structured_text.from_toml(structured_text.read_text(file))
    except (OSError, ValueError):
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
        When the file cannot be read, or holds an unknown rule, an impossible value or impossible noise.
    """
    source = _read(file)
    if naam not in source:
        raise GebruikFout(
            f"het beleid '{naam}' bestaat niet", waar=file.name, herstel=did_you_mean(naam, source)
        )
    return _policy(naam, source[naam], file.name)
