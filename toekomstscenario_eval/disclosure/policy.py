"""Read a disclosure policy; anything unknown in it is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toekomstscenario_eval.disclosure.thresholds import VEEL, all_rules
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, bedoelt_u

BESTAND = Path(__file__).with_name("policies.toml")
STANDAARD = "standaard"


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
        for veld in ("titel", "bron"):
            tekst = getattr(self, veld)
            self._require(veld, "een tekst", goed=isinstance(tekst, str) and bool(tekst))
        for naam, regel in all_rules().items():
            waarde, onder, boven = self.regels.get(naam), regel.card.onder, regel.card.boven
            tot = f" tot en met {boven}" if boven < VEEL else ""
            # A bool is an int, and no threshold.
            goed = isinstance(waarde, int) and not isinstance(waarde, bool) and onder <= waarde <= boven
            self._require(naam, f"een geheel getal vanaf {onder}{tot}", goed=goed)

    def _require(self, naam: str, verwacht: str, *, goed: bool) -> None:
        if not goed:
            raise OnthullingsFout(
                f"de regel '{naam}' in het beleid '{self.naam}' ontbreekt of kan niet",
                waar=BESTAND.name,
                verwacht=verwacht,
            )

    def __getattr__(self, naam: str) -> int:
        """Return the value of a rule."""
        regels: Mapping[str, int] = self.__dict__.get("regels", {})
        if naam not in regels:
            raise AttributeError(f"een beleid heeft geen regel '{naam}'")
        return regels[naam]

    @property
    def drempels(self) -> dict[str, int]:
        """The minima by name."""
        return {naam: waarde for naam, waarde in self.regels.items() if naam.startswith("minimum_")}

    @property
    def dominantie(self) -> bool:
        """Whether this policy looks at how much one unit adds to a total."""
        return self.maximum_aandeel_een < 100 or self.maximum_aandeel_twee < 100 or self.p_procent > 0


def _policy(naam: str, bron: Any, waar: str) -> Policy:
    bekend = all_rules()
    if not isinstance(bron, dict):
        raise OnthullingsFout(f"het beleid '{naam}' is geen lijst van regels", waar=waar)
    anders = {n: r.card.anders for n, r in bekend.items() if r.card.anders}
    waarden: dict[str, Any] = {n: waarde for n, (waarde, _) in anders.items()}
    bronnen = {n: uitleg for n, (_, uitleg) in anders.items()}
    for sleutel, waarde in bron.items():
        if sleutel in ("titel", "bron"):
            continue
        if sleutel not in bekend:
            raise OnthullingsFout(
                f"de regel '{sleutel}' in het beleid '{naam}' is onbekend",
                waar=waar,
                herstel=bedoelt_u(sleutel, ("titel", "bron", *bekend)),
            )
        goed = isinstance(waarde, dict) and waarde.keys() == {"waarde", "bron"}
        if not goed or not isinstance(waarde["bron"], str) or not waarde["bron"]:
            raise OnthullingsFout(
                f"de regel '{sleutel}' in het beleid '{naam}' noemt geen bron",
                waar=waar,
                verwacht='{ waarde = 10, bron = "waar de regel vandaan komt" }',
            )
        waarden[sleutel], bronnen[sleutel] = waarde["waarde"], waarde["bron"]
    # In the order of the rules, whatever the order in the file.
    regels = {n: waarden[n] for n in bekend if n in waarden}
    return Policy(naam, bron.get("titel", ""), bron.get("bron", ""), regels, bronnen)


def policies(bestand: Path = BESTAND) -> tuple[str, ...]:
    """Return the names of the policies in `bestand`; OnthullingsFout when it cannot be read."""
    return tuple(_read(bestand))


def _read(bestand: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(bestand.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise OnthullingsFout(
            "het bestand met beleid is niet leesbaar", waar=bestand.name, herstel="herstel het bestand"
        ) from None


def load_policy(naam: str = STANDAARD, bestand: Path = BESTAND) -> Policy:
    """Return the policy `naam` from `bestand`.

    Raises
    ------
    GebruikFout
        When there is no policy of that name.
    OnthullingsFout
        When the file cannot be read, or holds an unknown rule or an impossible value.
    """
    bron = _read(bestand)
    if naam not in bron:
        raise GebruikFout(
            f"het beleid '{naam}' bestaat niet", waar=bestand.name, herstel=bedoelt_u(naam, bron)
        )
    return _policy(naam, bron[naam], bestand.name)
