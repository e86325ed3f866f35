"""11 Privacy and disclosure control: how numbers were protected, by which rules, and what is not shown."""

from __future__ import annotations

from toekomstscenario_eval.blocks.release_page import places_table, policy_table, summary
from toekomstscenario_eval.document.document import Block, Cel, Kader, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.report.report import Report, paragraph

TITLE = "11 Privacy en onthullingsbeheersing"
_EXPLANATION = (
    "Voordat er iets werd berekend, is elke telling van huishoudens met toeval verschoven. Alleen die beschermde "
    "tellingen gaan naar buiten; elk cijfer in dit verslag volgt eruit. Wie ook wat combineert: er is niets anders.",
    "Dezelfde groep huishoudens krijgt in één epoche overal dezelfde verschuiving, in elke tabel en elk verslag.",
    "Tellingen tellen daardoor niet precies op: het geheel is niet altijd de som van de delen. Dat hoort zo, en is niet "
    "te herstellen.",
    "Een beschermde telling van minder dan tien staat er als 'minder dan 10', een nul als '0 of enkele'. Daaronder is er "
    "geen percentage en geen interval. 'Nul' staat er alleen waar niets mogelijk is.",
    "Een plek wordt hooguit één keer per epoche opnieuw getrokken, en alleen als er bij genoeg huishoudens iets is "
    "gebeurd. Anders staat er de stand van een eerdere dag.",
    "De intervallen rekenen met de verschuiving: zij zijn breder dan zonder bescherming.",
    "Het programma voorkomt ongelukken, geen opzet. De eigenaar van de gegevens stelt de regels vast.",
)


def _typed(report: Report) -> tuple[Block, ...]:
    """Return how many numbers the researcher typed: they do not follow from the cells and cannot be traced."""
    counted = report.plan.typed
    explanation = paragraph(
        "De tekst van de onderzoeker is doorzocht op burgerservicenummers, geboortedata, namen, kenmerken uit de",
        "gegevens en kleine aantallen. Zulke tekst wordt geweigerd. Andere getallen in die tekst zijn met de hand",
        "getypt. Zij komen niet uit de beschermde tellingen en zijn niet te herleiden.",
    )
    known = report.plan.vaste_getallen
    sourced = (
        (paragraph("Een getal dat in hoofdstuk 3 met zijn bron staat, is hier niet meegeteld."),)
        if known
        else ()
    )
    title = Kop(2, "Getallen in de tekst van de onderzoeker")
    if not counted:
        return (title, explanation, *sourced, paragraph("Het zijn er geen."))
    rows = tuple((Cel(field.replace("_", " ")), Cel(str(n), rechts=True)) for field, n in counted.items())
    return (
        title,
        explanation,
        *sourced,
        Tabel("Met de hand getypte getallen", ("Onderdeel", "Aantal"), rows),
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the legal basis, the method, the rules, and what is not shown."""
    dossier = report.dossier
    if report.vrijgave.intern:
        inside = paragraph(
            "De cijfers in dit verslag zijn exact en zijn voor binnen. Zij mogen niet worden gepubliceerd of gedeeld met",
            "wie de gegevens zelf niet mag zien. Een openbaar verslag maakt u zonder --intern.",
        )
        return (
            *report.tekst("grondslag"),
            Kader("waarschuwing", "Intern verslag", (inside,)),
            *_typed(report),
        )
    return (
        *report.tekst("grondslag"),
        Kop(2, "Hoe de cijfers zijn beschermd"),
        Lijst(tuple((Tekst(line),) for line in _EXPLANATION)),
        paragraph(*summary(dossier)),
        places_table(dossier["plekken"]),
        policy_table(dossier["beleid"], reader=True),
        *_typed(report),
        paragraph(f"Kenmerk van deze vrijgave: {report.vrijgave.id}."),
    )
