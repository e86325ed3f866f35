"""The researcher's own file `onderzoek.yaml`: what no data can say.

Every text is Markdown. What is absent is marked in the report as still to be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from toekomstscenario_eval.errors import InvoerFout, bedoelt_u

# Field -> what the researcher is asked to write; the order is that of the report.
TEKSTEN: Mapping[str, str] = {
    "aanleiding": "Waarom dit onderzoek, wie vroeg erom, en wat was er al bekend?",
    "vragen": "Welke vragen moet het onderzoek beantwoorden?",
    "opzet": "Hoe was het onderzoek gepland: wie, wat, wanneer, welke vergelijking, welke uitkomsten?",
    "verloop_toelichting": "Wat liep anders dan gepland, en waarom?",
    "gegevens_toelichting": "Hoe zijn de gegevens vastgelegd en aangeleverd, en wat weet u van de kwaliteit?",
    "methoden_toelichting": "Welke keuzes maakte u in de analyse, en waarom?",
    "duiding": "Wat betekenen de uitkomsten volgens u, samen met de verhalen van gezinnen en professionals?",
    "wie_niet": "Welke gezinnen, aanleveraars en domeinen ontbreken, en hoe komt dat?",
    "ervaringskennis": "Welke ervaringskennis is gebruikt, hoe is die verzameld, en wat heeft zij veranderd?",
    "neveneffecten": "Welke onbedoelde effecten zag u, ook in het registreren zelf?",
    "grondslag": "Op welke wettelijke grondslag zijn de gegevens verwerkt, en wie is verwerkingsverantwoordelijke?",
    "afwijkingen": "Waarin week het onderzoek af van het plan, wanneer en waarom?",
    "beperkingen": "Wat kan dit onderzoek niet zeggen?",
}
_KENMERKEN = ("titel", "ondertitel", "organisatie")
_VERLOOP = ("regio", "gepland", "aangeleverd", "geschikt", "opgenomen", "reden")
STAPPEN = _VERLOOP[1:5]


@dataclass(frozen=True)
class RegionFlow:
    """Planned and actual cases of one region; None where the researcher does not know."""

    regio: str
    aantallen: tuple[int | None, int | None, int | None, int | None]
    reden: str


@dataclass(frozen=True)
class Plan:
    """What the researcher wrote. Texts that were not written are absent from `teksten`."""

    titel: str = "Methodologische verantwoording"
    ondertitel: str = ""
    organisatie: str = ""
    auteurs: tuple[str, ...] = ()
    datum: str = ""
    teksten: Mapping[str, str] = field(default_factory=dict)
    verloop: tuple[RegionFlow, ...] = ()

    @property
    def ontbreekt(self) -> tuple[str, ...]:
        """Names of what is still to be written."""
        leeg = [naam for naam in TEKSTEN if naam not in self.teksten]
        return (*leeg, *(() if self.verloop else ("verloop",)), *(() if self.auteurs else ("auteurs",)))


def _fail(pad: Path, wat: str, herstel: str = "") -> InvoerFout:
    return InvoerFout(wat, waar=pad.name, herstel=herstel)


def _read(pad: Path) -> dict[str, Any]:
    try:
        bron = yaml.safe_load(pad.read_text(encoding="utf-8-sig"))
    except OSError:
        raise InvoerFout(
            "het onderzoeksbestand is niet te lezen",
            waar=str(pad),
            herstel="controleer het pad bij --onderzoek",
        ) from None
    except UnicodeDecodeError:
        raise _fail(pad, "het onderzoeksbestand is niet in UTF-8 gecodeerd", "sla het op als UTF-8") from None
    except yaml.YAMLError as fout:
        plek = getattr(fout, "problem_mark", None)
        regel = f", regel {plek.line + 1}" if plek else ""
        raise InvoerFout(
            "het onderzoeksbestand is geen geldige YAML",
            waar=f"{pad.name}{regel}",
            herstel="controleer inspringen, dubbele punten en aanhalingstekens",
        ) from None
    if bron is None:
        return {}
    if not isinstance(bron, dict):
        raise _fail(
            pad, "het onderzoeksbestand bestaat niet uit velden", "schrijf elk veld als 'naam: tekst'"
        )
    return bron


def _text(pad: Path, naam: str, waarde: Any) -> str:
    if isinstance(waarde, list) and all(isinstance(deel, str) for deel in waarde):
        return "\n".join(f"- {deel}" for deel in waarde)
    if isinstance(waarde, str | int | float | date) and not isinstance(waarde, bool):
        return str(waarde)
    raise _fail(pad, f"het veld '{naam}' is geen tekst of lijst van teksten")


def _region(pad: Path, nummer: int, bron: Any) -> RegionFlow:
    waar = f"'verloop', regel {nummer}"
    if not isinstance(bron, dict) or not isinstance(bron.get("regio"), str):
        raise _fail(pad, f"{waar} mist 'regio'", "schrijf per regio: " + ", ".join(_VERLOOP))
    for sleutel in bron:
        if sleutel not in _VERLOOP:
            raise _fail(pad, f"{waar}: het veld '{sleutel}' bestaat niet", bedoelt_u(str(sleutel), _VERLOOP))
    aantallen = []
    for stap in STAPPEN:
        waarde = bron.get(stap)
        if waarde is not None and (not isinstance(waarde, int) or isinstance(waarde, bool) or waarde < 0):
            raise _fail(pad, f"{waar}: '{stap}' is geen aantal", "schrijf een geheel getal, of laat het weg")
        aantallen.append(waarde)
    return RegionFlow(
        bron["regio"],
        (aantallen[0], aantallen[1], aantallen[2], aantallen[3]),
        str(bron.get("reden", "")),
    )


def load_plan(pad: Path | str | None) -> Plan:
    """Read the researcher's file; without one an empty plan, in which everything is missing.

    Raises
    ------
    InvoerFout
        When the file cannot be read, or holds an unknown field or a wrong value.
    """
    if pad is None:
        return Plan()
    pad = Path(pad)
    bron = _read(pad)
    bekend = (*_KENMERKEN, "auteurs", "datum", "verloop", *TEKSTEN)
    for sleutel in bron:
        if sleutel not in bekend:
            raise _fail(pad, f"het veld '{sleutel}' bestaat niet", bedoelt_u(str(sleutel), bekend))
    gevuld = {k: v for k, v in bron.items() if v not in (None, "", [])}
    kenmerken = {k: _text(pad, k, gevuld[k]) for k in _KENMERKEN if k in gevuld}
    auteurs = gevuld.get("auteurs", [])
    if not isinstance(auteurs, list) or not all(isinstance(a, str) for a in auteurs):
        raise _fail(
            pad, "'auteurs' is geen lijst van namen", "schrijf elke auteur op een regel na een streepje"
        )
    datum = _text(pad, "datum", gevuld["datum"]) if "datum" in gevuld else ""
    try:
        date.fromisoformat(datum or "2000-01-01")
    except ValueError:
        raise _fail(pad, "'datum' is geen bestaande datum", "schrijf JJJJ-MM-DD") from None
    verloop = gevuld.get("verloop", [])
    if not isinstance(verloop, list):
        raise _fail(pad, "'verloop' is geen lijst van regio's")
    return Plan(
        **kenmerken,
        auteurs=tuple(auteurs),
        datum=datum,
        teksten={k: _text(pad, k, gevuld[k]) for k in TEKSTEN if k in gevuld},
        verloop=tuple(_region(pad, i, r) for i, r in enumerate(verloop, start=1)),
    )
