"""How many households every site has in what compares sites."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(
    uitleg="huishoudens in elke proeftuin of regio als verschil tussen plaatsen wordt geschat", order=17
)
