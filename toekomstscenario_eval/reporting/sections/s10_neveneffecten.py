"""10 Side effects, also of registration."""

from __future__ import annotations

from toekomstscenario_eval.reporting.document import Block, Kader
from toekomstscenario_eval.reporting.report import Report, paragraph

TITEL = "10 Onbedoelde neveneffecten en registratie-effecten"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the standing warning and what the researcher wrote."""
    waarschuwing = paragraph(
        "Als een gezin na verloop van tijd meer onveiligheid meldt, kan dat vertrouwen zijn in plaats van",
        "achteruitgang. Wie beter kijkt, registreert meer. Een andere definitie of een nieuw systeem geeft een",
        "sprong die niets over gezinnen zegt. Lees elke verandering in hoofdstuk 7 met deze mogelijkheid erbij.",
    )
    return (
        Kader("waarschuwing", "meer melden is niet vanzelf slechter", (waarschuwing,)),
        *rapport.tekst("neveneffecten"),
    )
