"""The variance of the noise."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(
    uitleg="variantie van de ruis (V); naar beneden afgerond ook hoe vaak een plek wordt getrokken",
    order=2,
    boven=100,
    fraction=True,
    fixed=True,
)
