"""Read a disclosure policy; anything unknown in it is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, bedoelt_u

BESTAND = Path(__file__).with_name("policies.toml")
STANDAARD = "standaard"
# What each rule counts, as a reader sees it.
UITLEG: Mapping[str, str] = {
    "minimum_huishoudens": "huishoudens achter elk getal",
    "minimum_teller": "eenheden met het kenmerk, tenzij het er nul zijn",
    "minimum_rest": "eenheden zonder het kenmerk; ook nul is te weinig, want dan geldt het voor iedereen",
    "minimum_risico": "perioden onder waarneming bij elk punt van een curve",
    "minimum_gebeurtenissen": "perioden die aflopen op elke trede van een beschermde curve",
    "minimum_breedte": "breedte van wat een aanvaller over een verborgen aantal kan weten",
    "minimum_vrijheidsgraden": "vrijheidsgraden achter een gemiddelde, een score of een model",
    "maximum_aandeel_cel": "procent van een rij of verdeling dat in een cel mag zitten",
    "maximum_aandeel_een": "procent van een totaal dat van de grootste eenheid mag zijn",
    "maximum_aandeel_twee": "procent van een totaal dat van de grootste twee eenheden mag zijn",
    "p_procent": "procent waarbinnen de op een na grootste eenheid de grootste niet mag kunnen schatten",
}


@dataclass(frozen=True)
class Policy:
    """Thresholds of a disclosure policy; see `policies.toml` for their meaning and source.

    A `minimum_` is a number of units (for `minimum_breedte`: the width of what an attacker may
    know), a `maximum_` and `p_procent` a percentage. `bronnen` holds where each rule comes from.
    """

    naam: str
    titel: str
    bron: str
    minimum_huishoudens: int
    minimum_teller: int
    minimum_rest: int
    minimum_risico: int
    minimum_gebeurtenissen: int
    minimum_breedte: int
    minimum_vrijheidsgraden: int
    maximum_aandeel_cel: int
    maximum_aandeel_een: int
    maximum_aandeel_twee: int
    p_procent: int
    bronnen: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for veld in fields(self):
            if veld.name == "bronnen":
                continue
            waarde = getattr(self, veld.name)
            tekst = veld.type == "str"
            onder, boven = _grenzen(veld.name)
            # A bool is an int, and no threshold.
            getal = isinstance(waarde, int) and not isinstance(waarde, bool) and onder <= waarde <= boven
            if not (bool(waarde) and isinstance(waarde, str) if tekst else getal):
                soort = f"een geheel getal vanaf {onder}"
                raise OnthullingsFout(
                    f"de regel '{veld.name}' in het beleid '{self.naam}' ontbreekt of kan niet",
                    waar=BESTAND.name,
                    verwacht="een tekst"
                    if tekst
                    else soort + (f" tot en met {boven}" if boven < _MAX else ""),
                )

    @property
    def drempels(self) -> dict[str, int]:
        """The minima by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name.startswith("minimum_")}

    @property
    def regels(self) -> dict[str, int]:
        """Every rule with its value: the minima, the percentages."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.type == "int"}

    @property
    def dominantie(self) -> bool:
        """Whether this policy looks at how much one unit adds to a total."""
        return self.maximum_aandeel_een < 100 or self.maximum_aandeel_twee < 100 or self.p_procent > 0


_MAX = 10**6


def _grenzen(naam: str) -> tuple[int, int]:
    if naam.startswith("maximum_"):
        return 1, 100
    return (0, 100) if naam == "p_procent" else (1, _MAX)


def _policy(naam: str, bron: Any, waar: str) -> Policy:
    velden = {f.name: f.type == "str" for f in fields(Policy) if f.name not in ("naam", "bronnen")}
    if not isinstance(bron, dict):
        raise OnthullingsFout(f"het beleid '{naam}' is geen lijst van regels", waar=waar)
    regels: dict[str, Any] = dict.fromkeys(velden)
    bronnen = {}
    for sleutel, waarde in bron.items():
        if sleutel not in velden:
            raise OnthullingsFout(
                f"de regel '{sleutel}' in het beleid '{naam}' is onbekend",
                waar=waar,
                herstel=bedoelt_u(sleutel, velden),
            )
        if velden[sleutel]:
            regels[sleutel] = waarde
            continue
        goed = isinstance(waarde, dict) and waarde.keys() == {"waarde", "bron"}
        if not goed or not isinstance(waarde["bron"], str) or not waarde["bron"]:
            raise OnthullingsFout(
                f"de regel '{sleutel}' in het beleid '{naam}' noemt geen bron",
                waar=waar,
                verwacht='{ waarde = 10, bron = "waar de regel vandaan komt" }',
            )
        regels[sleutel], bronnen[sleutel] = waarde["waarde"], waarde["bron"]
    return Policy(naam=naam, bronnen=bronnen, **regels)


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
