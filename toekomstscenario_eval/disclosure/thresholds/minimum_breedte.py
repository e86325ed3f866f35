"""How wide what an attacker can know of a secret must be."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="breedte van wat een aanvaller over een verborgen aantal kan weten",
    order=6,
)
