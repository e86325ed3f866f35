"""Read a disclosure policy; anything unknown in it is refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, bedoelt_u

BESTAND = Path(__file__).with_name("policies.toml")
STANDAARD = "standaard"


@dataclass(frozen=True)
class Policy:
    """Thresholds of a disclosure policy; see `policies.toml` for their meaning and source."""

    naam: str
    titel: str
    bron: str
    minimum_huishoudens: int
    minimum_teller: int
    minimum_rest: int
    minimum_risico: int

    def __post_init__(self) -> None:
        for veld in fields(self):
            waarde = getattr(self, veld.name)
            tekst = veld.type == "str"
            # A bool is an int, and no threshold.
            goed = isinstance(waarde, str) if tekst else isinstance(waarde, int) and waarde is not True
            if not (goed and waarde) or (not tekst and waarde < 1):
                raise OnthullingsFout(
                    f"de regel '{veld.name}' in het beleid '{self.naam}' ontbreekt of kan niet",
                    waar=BESTAND.name,
                    verwacht="een tekst" if tekst else "een geheel getal vanaf 1",
                )

    @property
    def drempels(self) -> dict[str, int]:
        """The thresholds by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name.startswith("minimum_")}


def _policy(naam: str, bron: Any, waar: str) -> Policy:
    velden = {f.name for f in fields(Policy)} - {"naam"}
    if not isinstance(bron, dict):
        raise OnthullingsFout(f"het beleid '{naam}' is geen lijst van regels", waar=waar)
    for sleutel in bron:
        if sleutel not in velden:
            raise OnthullingsFout(
                f"de regel '{sleutel}' in het beleid '{naam}' is onbekend",
                waar=waar,
                herstel=bedoelt_u(sleutel, velden),
            )
    regels: dict[str, Any] = {"naam": naam, **dict.fromkeys(velden), **bron}
    return Policy(**regels)


def load_policy(naam: str = STANDAARD, bestand: Path = BESTAND) -> Policy:
    """Return the policy `naam` from `bestand`.

    Raises
    ------
    GebruikFout
        When there is no policy of that name.
    OnthullingsFout
        When the file cannot be read, or holds an unknown rule or an impossible value.
    """
    try:
        bron = tomllib.loads(bestand.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise OnthullingsFout(
            "het bestand met beleid is niet leesbaar", waar=bestand.name, herstel="herstel het bestand"
        ) from None
    if naam not in bron:
        raise GebruikFout(
            f"het beleid '{naam}' bestaat niet", waar=bestand.name, herstel=bedoelt_u(naam, bron)
        )
    return _policy(naam, bron[naam], bestand.name)
