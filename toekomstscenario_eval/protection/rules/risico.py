"""How certain an attacker may be of a small count."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(
    uitleg="kans waarmee een aantal van 1 tot en met 9 bekend mag zijn; daarboven vervalt de uitsplitsing",
    order=7,
    onder=0.2,
    boven=0.95,
    fraction=True,
)
