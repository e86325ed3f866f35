"""From how many open triads the roles of brokers are told."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="open drietallen voordat de rollen van makelaars worden getoond", order=29)
