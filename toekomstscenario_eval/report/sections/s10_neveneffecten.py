"""10 Side effects, also of registration."""

from __future__ import annotations

from toekomstscenario_eval.blocks.by_phase import headline
from toekomstscenario_eval.blocks.overview import compact_table
from toekomstscenario_eval.blocks.years import years_sentence
from toekomstscenario_eval.document.document import Block, Kader, Kop
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.report.tables_of_networks import PER_YEAR

TITLE = "10 Onbedoelde neveneffecten en registratie-effecten"
# What could go worse while something else goes better.
_SHADOW = ("neveneffecten", "betrouwbare_verslechtering", "herhaald_beroep", "estafette")


def _shadow(report: Report) -> tuple[Block, ...]:
    """Return the figures that could show harm, in one table, and the sentence on the three values."""
    namen = [n for n in _SHADOW if any(r.sleutel == n for r in report.vrijgave.resultaten)]
    if not namen:
        return (paragraph("Geen indicator in dit verslag kan een neveneffect laten zien."),)
    phrase = (headline(report.vrijgave, "neveneffecten"),) if "neveneffecten" in namen else ()
    return (
        paragraph(
            "Veiligheid, bestaanszekerheid en ontwikkeling horen samen te worden gewogen. Een gezin kan op de ene",
            "waarde vooruitgaan en op de andere achteruit. Deze cijfers laten zien waar dat kan zijn gebeurd.",
        ),
        *phrase,
        compact_table(report.vrijgave, namen, title="Cijfers die op een neveneffect kunnen wijzen"),
    )


def _registration(report: Report) -> tuple[Block, ...]:
    """Return how the headline figures moved over the years: a jump may be one of registration."""
    sentences = [
        phrase
        for r in report.vrijgave.resultaten
        if r.variant == PER_YEAR and r.indicator in report.kern and not r.schattingen.empty
        for phrase in years_sentence(report.vrijgave, r.sleutel)
    ]
    if not sentences:
        return (
            paragraph(
                "Van geen kerncijfer zijn er twee jaren te zien, en dus is er ook geen sprong in de registratie te zien."
            ),
        )
    return (
        paragraph(
            "Verandert een cijfer van jaar op jaar, dan kan dat van gezinnen komen. Het kan ook komen van een nieuw",
            "systeem, een nieuwe definitie, of beter registreren. De gegevens kunnen dat verschil niet maken.",
            "Een proeftuin die in zo'n jaar begon, kan het cijfer van proeftuinen ook veranderen. Alleen hele",
            "kalenderjaren staan er, elk met zijn 95%-interval over deze huishoudens.",
        ),
        *sentences,
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the standing warning, what the researcher wrote, and what the figures can show of it."""
    warning = paragraph(
        "Als een gezin na verloop van tijd meer onveiligheid meldt, kan dat vertrouwen zijn in plaats van",
        "achteruitgang. Wie beter kijkt, registreert meer. Een andere definitie of een nieuw systeem geeft een",
        "sprong die niets over gezinnen zegt. Lees elke verandering in hoofdstuk 7 met deze mogelijkheid erbij.",
    )
    return (
        Kader("waarschuwing", "meer melden is niet vanzelf slechter", (warning,)),
        *report.tekst("neveneffecten"),
        Kop(2, "Beter op het een, slechter op het ander"),
        *_shadow(report),
        Kop(2, "Sprongen in de registratie"),
        *_registration(report),
    )
