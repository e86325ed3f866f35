"""11 Privacy and disclosure control: the policy, and what it hid."""

from __future__ import annotations

from typing import Any

from toekomstscenario_eval.disclosure.policy import UITLEG
from toekomstscenario_eval.reporting.document import Block, Cel, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.reporting.report import Report, paragraph

TITEL = "11 Privacy en onthullingsbeheersing"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the legal basis, the thresholds, and how many numbers were shown and hidden."""
    beleid = rapport.vrijgave.beleid
    drempels = Tabel(
        f"Drempels van het beleid '{beleid.naam}'",
        ("Regel", "Waarde"),
        tuple(
            (Cel(UITLEG[naam].capitalize()), Cel(str(n), rechts=True)) for naam, n in beleid.regels.items()
        ),
        (f"{beleid.titel}. {beleid.bron}.",),
    )
    balans = rapport.vrijgave.balans
    balans = balans[balans["getallen"] > 0]
    geheel: dict[Any, Any] = {
        "resultaat": "Geheel",
        "getallen": balans["getallen"].sum(),
        "onderdrukt": balans["onderdrukt"].sum(),
    }
    rijen = [
        (
            Cel(rij["resultaat"]),
            Cel(str(rij["getallen"]), rechts=True),
            Cel(str(rij["onderdrukt"]), rechts=True),
        )
        for rij in (*balans.to_dict("records"), geheel)
    ]
    return (
        *rapport.tekst("grondslag"),
        Kop(2, "Hoe getallen zijn vrijgegeven"),
        Lijst(
            tuple(
                (Tekst(regel),)
                for regel in (
                    "Alle getallen van dit verslag zijn samen beoordeeld; tabellen, figuren en zinnen kunnen alleen "
                    "uit deze vrijgave putten.",
                    "Een getal onder een drempel is onderdrukt. Onderdrukt is nooit nul, en een nul is een echte nul.",
                    "Is één groep te klein, dan gaat de kleinste andere groep mee, zodat het verborgen getal niet "
                    "volgt uit het geheel min de rest. Het geheel telt altijd iedereen mee.",
                    "Deze versie valt niet alle getallen samen aan met rekenkundige middelen en vergelijkt niet met "
                    "eerdere verslagen. De eigenaar van de gegevens beoordeelt dat voor publicatie.",
                )
            )
        ),
        drempels,
        Tabel(
            "Getoonde en onderdrukte getallen",
            ("Resultaat", "Getallen", "Waarvan onderdrukt"),
            tuple(rijen),
        ),
        paragraph(f"Kenmerk van deze vrijgave: {rapport.vrijgave.id}."),
    )
