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

TITEL = "11 Privacy en onthullingsbeheersing"
_UITLEG = (
    "Alle getallen van dit verslag zijn samen beoordeeld; tabellen, figuren en zinnen kunnen alleen uit deze vrijgave putten.",
    "Een getal onder een drempel is onderdrukt. Onderdrukt is nooit nul, en een nul is een echte nul.",
    "Is één groep te klein, dan gaat de kleinste andere groep mee, zodat het verborgen getal niet volgt uit het geheel min de rest. Het geheel telt altijd iedereen mee.",
    "Verschillen twee definities van één maat op een paar eenheden, dan is alleen de eerste getoond: anders waren die paar bekend.",
    "Daarna is alles wat wordt getoond aangevallen met rekenkundige middelen: voor elk geheim is berekend tussen welke grenzen het moet liggen. Waren die te nauw, dan is er meer verborgen.",
    "Het programma voorkomt ongelukken, geen opzet. De eigenaar van de gegevens beoordeelt het verslag voor publicatie.",
)


def _balance(rapport: Report) -> Tabel:
    """Return per indicator, all its variants together, how many numbers it has and how many are hidden."""
    labels = {r.sleutel: r.card.label for r in rapport.vrijgave.resultaten}
    balans = rapport.vrijgave.balans
    balans = balans[balans["getallen"] > 0].assign(resultaat=lambda b: b["resultaat"].map(labels))
    samen = balans.groupby("resultaat", sort=True)[["getallen", "onderdrukt"]].sum().reset_index()
    geheel: dict[Any, Any] = {
        "resultaat": "Geheel",
        "getallen": samen["getallen"].sum(),
        "onderdrukt": samen["onderdrukt"].sum(),
    }

    def rij(bron: dict[Any, Any]) -> tuple[Cel, ...]:
        tellingen = (Cel(number(bron[k], Vorm.TELLING), rechts=True) for k in ("getallen", "onderdrukt"))
        return (Cel(bron["resultaat"]), *tellingen)

    verborgen = samen[samen["onderdrukt"] > 0]
    return Tabel(
        "Getoonde en onderdrukte getallen",
        ("Resultaat", "Getallen", "Waarvan onderdrukt"),
        tuple(rij(bron) for bron in (*verborgen.to_dict("records"), geheel)),
        (f"Bij de andere {len(samen) - len(verborgen)} resultaten is niets onderdrukt.",),
    )


def _typed(rapport: Report) -> tuple[Block, ...]:
    """Return how many numbers the researcher typed: they did not pass release and cannot be traced."""
    geteld = typed_numbers(rapport.plan.proza)
    uitleg = paragraph(
        "De tekst van de onderzoeker is doorzocht op burgerservicenummers, geboortedata, namen, kenmerken uit de",
        "gegevens en kleine aantallen. Zulke tekst wordt geweigerd. Andere getallen in die tekst zijn met de hand",
        "getypt. Zij gingen niet door de vrijgave en zijn niet te herleiden.",
    )
    if not geteld:
        return (Kop(2, "Getallen in de tekst van de onderzoeker"), uitleg, paragraph("Het zijn er geen."))
    rijen = tuple((Cel(veld.replace("_", " ")), Cel(str(n), rechts=True)) for veld, n in geteld.items())
    return (
        Kop(2, "Getallen in de tekst van de onderzoeker"),
        uitleg,
        Tabel("Met de hand getypte getallen", ("Onderdeel", "Aantal"), rijen),
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the legal basis, the rules, how many numbers were shown and hidden, and the attack."""
    beleid = rapport.vrijgave.beleid
    dossier = record(rapport.vrijgave, typed_numbers(rapport.plan.proza))
    uitleg = all_rules()
    regels = Tabel(
        f"Drempels van het beleid '{beleid.naam}'",
        ("Regel", "Waarde"),
        tuple(
            (Cel(uitleg[naam].card.uitleg.capitalize()), Cel(str(n), rechts=True))
            for naam, n in beleid.regels.items()
        ),
        (f"{beleid.titel}. {beleid.bron}.",),
    )
    return (
        *rapport.tekst("grondslag"),
        Kop(2, "Hoe getallen zijn vrijgegeven"),
        Lijst(tuple((Tekst(regel),) for regel in _UITLEG)),
        paragraph(*summary(dossier)),
        regels,
        attack_table(dossier["aanval"]),
        _balance(rapport),
        *_typed(rapport),
        paragraph(f"Kenmerk van deze vrijgave: {rapport.vrijgave.id}."),
    )
