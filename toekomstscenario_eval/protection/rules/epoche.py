"""How long counts are not drawn anew."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(
    uitleg="hoe lang een getrokken aantal ten minste blijft staan",
    order=4,
    keuzes=("jaar", "halfjaar"),
    fixed=True,
)
