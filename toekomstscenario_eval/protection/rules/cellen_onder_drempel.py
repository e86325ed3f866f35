"""Whether the file of public counts has those under the threshold."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(
    uitleg="of aantallen onder de drempel in het bestand met openbare aantallen staan",
    order=30,
    keuzes=(True, False),
)
