"""11 Privacy and disclosure control: the policy, what it hid, and what the attack found."""

from __future__ import annotations

from typing import Any

from toekomstscenario_eval.blocks.release_page import attack_table, summary
from toekomstscenario_eval.disclosure.record import record
from toekomstscenario_eval.disclosure.thresholds import all_rules
from toekomstscenario_eval.document.document import Block, Cel, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.document.prose import typed_numbers
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Vorm

TITLE = "11 Privacy en onthullingsbeheersing"
_EXPLANATION = (
    "Alle getallen van dit verslag zijn samen beoordeeld; tabellen, figuren en zinnen kunnen alleen uit deze vrijgave putten.",
    "Een getal onder een drempel is onderdrukt. Onderdrukt is nooit nul, en een nul is een echte nul.",
    "Is één groep te klein, dan gaat de kleinste andere groep mee, zodat het verborgen getal niet volgt uit het geheel min de rest. Het geheel telt altijd iedereen mee.",
    "Verschillen twee definities van één maat op een paar eenheden, dan is alleen de eerste getoond: anders waren die paar bekend.",
    "Daarna is alles wat wordt getoond aangevallen met rekenkundige middelen: voor elk geheim is berekend tussen welke grenzen het moet liggen. Waren die te nauw, dan is er meer verborgen.",
    "Het programma voorkomt ongelukken, geen opzet. De eigenaar van de gegevens beoordeelt het verslag voor publicatie.",
)


def _balance(report: Report) -> Tabel:
    """Return per indicator, all its variants together, how many numbers it has and how many are hidden."""
    labels = {r.sleutel: r.card.label for r in report.vrijgave.resultaten}
    balance = report.vrijgave.balance
    balance = balance[balance["getallen"] > 0].assign(resultaat=lambda b: b["resultaat"].map(labels))
    together = balance.groupby("resultaat", sort=True)[["getallen", "onderdrukt"]].sum().reset_index()
    whole: dict[Any, Any] = {
        "resultaat": "Geheel",
        "getallen": together["getallen"].sum(),
        "onderdrukt": together["onderdrukt"].sum(),
    }

    def row(source: dict[Any, Any]) -> tuple[Cel, ...]:
        tellingen = (Cel(number(source[k], Vorm.TELLING), rechts=True) for k in ("getallen", "onderdrukt"))
        return (Cel(source["resultaat"]), *tellingen)

    hidden = together[together["onderdrukt"] > 0]
    return Tabel(
        "Getoonde en onderdrukte getallen",
        ("Resultaat", "Getallen", "Waarvan onderdrukt"),
        tuple(row(source) for source in (*hidden.to_dict("records"), whole)),
        (f"Bij de andere {len(together) - len(hidden)} resultaten is niets onderdrukt.",),
    )


def _typed(report: Report) -> tuple[Block, ...]:
    """Return how many numbers the researcher typed: they did not pass release and cannot be traced."""
    counted = typed_numbers(report.plan.proza)
    explanation = paragraph(
        "De tekst van de onderzoeker is doorzocht op burgerservicenummers, geboortedata, namen, kenmerken uit de",
        "gegevens en kleine aantallen. Zulke tekst wordt geweigerd. Andere getallen in die tekst zijn met de hand",
        "getypt. Zij gingen niet door de vrijgave en zijn niet te herleiden.",
    )
    if not counted:
        return (
            Kop(2, "Getallen in de tekst van de onderzoeker"),
            explanation,
            paragraph("Het zijn er geen."),
        )
    rows = tuple((Cel(field.replace("_", " ")), Cel(str(n), rechts=True)) for field, n in counted.items())
    return (
        Kop(2, "Getallen in de tekst van de onderzoeker"),
        explanation,
        Tabel("Met de hand getypte getallen", ("Onderdeel", "Aantal"), rows),
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the legal basis, the rules, how many numbers were shown and hidden, and the attack."""
    policy = report.vrijgave.beleid
    dossier = record(report.vrijgave, typed_numbers(report.plan.proza))
    explanation = all_rules()
    lines = Tabel(
        f"Drempels van het beleid '{policy.naam}'",
        ("Regel", "Waarde"),
        tuple(
            (Cel(explanation[naam].card.uitleg.capitalize()), Cel(str(n), rechts=True))
            for naam, n in policy.regels.items()
        ),
        (f"{policy.titel}. {policy.bron}.",),
    )
    return (
        *report.tekst("grondslag"),
        Kop(2, "Hoe getallen zijn vrijgegeven"),
        Lijst(tuple((Tekst(line),) for line in _EXPLANATION)),
        paragraph(*summary(dossier)),
        lines,
        attack_table(dossier["aanval"]),
        _balance(report),
        *_typed(report),
        paragraph(f"Kenmerk van deze vrijgave: {report.vrijgave.id}."),
    )
