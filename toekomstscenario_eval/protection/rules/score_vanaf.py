"""From how many households a mean score is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij een gemiddelde score kan", order=20, onder=10)
