"""`tks indicatoren`: what can be computed."""

from __future__ import annotations

from toekomstscenario_eval.cli._shared import say


def indicatoren() -> None:
    """Noem alle indicatoren."""
    from toekomstscenario_eval.summaries.registry import all_indicators

    for naam, what in all_indicators().items():
        say(f"{naam:32} {what.card.label}")
