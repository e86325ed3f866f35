"""Who is behind a released result, and who was left out and why."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.table import exclusions_table
from toekomstscenario_eval.blocks.whose import measured
from toekomstscenario_eval.document.document import SUPPRESSED, Alinea, Block, Getal, Inline, Output, Tekst
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Result, Vorm

_NOTHING = "Er bleef niets buiten de telling."
# A published zero may be a few, and stands nowhere.
_HARDLY = "Er bleef niets buiten de telling, of bij enkele huishoudens."


def _households(r: Result) -> tuple[Inline, ...]:
    """Return how many households stand behind the whole; nothing when that differs by period."""
    whole = access.rows(r, uitsplitsing="", maat=access.headline(r))
    if len(whole) != 1:
        return ()
    row = whole.iloc[0]
    aantal: Inline = Tekst(SUPPRESSED)
    if not row["onderdrukt"]:
        aantal = Getal(number(row["n"], Vorm.TELLING), access.trace(row, "n"))
    return Tekst(" Huishoudens achter de cijfers: "), aantal, Tekst(".")


def population_blocks(vrijgave: Release, key: str) -> tuple[Block, ...]:
    """Return the population in words and number, and what was left out, by reason."""
    r = access.released(vrijgave, key)
    if r.reden_nvt:
        return (Alinea((Tekst(f"{r.card.label}: niet van toepassing, want {r.reden_nvt}."),)),)
    gone = exclusions_table(vrijgave, key) or Alinea((Tekst(_NOTHING if r.intern else _HARDLY),))
    sentence = Tekst(f"De populatie: {r.card.populatie}. {measured(r)}.")
    return (Alinea((sentence, *_households(r))), gone)


def populatie(vrijgave: Release | Result, sleutel: str = "") -> Output:
    """Show in a notebook who counts in a result, and how many were left out for which reason.

    Parameters
    ----------
    vrijgave : Result or Release
        The answer of `Study.bereken` or `Study.bundel`; anything else is refused.
    sleutel : str
        Name of the result in a bundle, such as `duo_duur`.
    """
    release, key = access.shown(vrijgave, sleutel)
    return Output(population_blocks(release, key), release.id)
