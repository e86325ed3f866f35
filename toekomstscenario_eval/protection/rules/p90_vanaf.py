"""From how many households the longest tenth is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij een negentigste percentiel kan", order=15, onder=10)
