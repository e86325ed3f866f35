"""Lock the plan in a file beside `onderzoek.yaml`, and read it: what was changed by hand is refused.

The day is the one that the researcher gives. A lock shows that a plan did not change since. That it is of
that day only shows when its hash was made public then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from toekomstscenario_eval.data.yaml_node import Node, Wording, load_yaml
from toekomstscenario_eval.document.prose import Passage
from toekomstscenario_eval.errors import ControleFout, GebruikFout, InvoerFout, UitvoerFout
from toekomstscenario_eval.files import write_mark
from toekomstscenario_eval.making.plan_section import read_date, read_planned
from toekomstscenario_eval.making.traces import refuse_traces
from toekomstscenario_eval.report.locked_plan import PARTS, SCHEMA, Locked
from toekomstscenario_eval.report.plan import Plan

_FIELDS = ("schema", "vastgelegd")
_LOCK = ("datum", "reden", "plan", "sha256")
_RESTORE = (
    "zet het bestand terug zoals 'tks plan vastleggen' het schreef; verandert uw plan, schrijf dat dan in "
    "het onderzoeksbestand en leg het vast met --opnieuw en --reden"
)
_WORDS = Wording(
    naam="het vastgelegde plan",
    weg="is niet te lezen",
    onleesbaar="is niet te lezen",
    pad="geef uzelf leesrecht op dit bestand",
    utf8=_RESTORE,
    vorm=_RESTORE,
)
_HEADING = """\
# Het plan zoals het is vastgelegd met 'tks plan vastleggen'; het laatste geldt.
# Verander hier niets: dan klopt sha256 niet meer, en weigert het programma dit bestand.
"""


def place_of(study: Path) -> Path:
    """Return where the locked plan of a researcher's file stands."""
    return study.with_name(f"{study.stem}.vastgelegd.yaml")


def read_lock(study: Path) -> Locked | None:
    """Return the plan that was locked beside a researcher's file; None when none was.

    Raises
    ------
    InvoerFout
        When it cannot be read, or is not what was locked.
    """
    path = place_of(study)
    if not path.exists():
        return None
    root, _ = load_yaml(path, _WORDS)
    if root is None:
        raise InvoerFout("het vastgelegde plan is leeg", waar=path.name, herstel=_RESTORE)
    block = root.block(_FIELDS, needed=_FIELDS)
    if (version := block["schema"].filled()) != str(SCHEMA):
        raise block["schema"].refuse(
            "het vastgelegde plan is van een andere versie van het programma",
            expected=f"schema {SCHEMA}",
            got=f"schema {version}",
        )
    found = None
    for part in block["vastgelegd"].parts():
        found = _one(part, found)
    if found is None:
        raise block["vastgelegd"].refuse("er staat geen plan in het vastgelegde plan", remedy=_RESTORE)
    return found


def _one(node: Node, earlier: Locked | None) -> Locked:
    block = node.block(_LOCK, needed=_LOCK)
    planned = read_planned(block["plan"])
    planned = replace(planned, regels={**planned.regels, "reden": block["reden"].line()})
    found = Locked(planned, read_date(block["datum"]), block["reden"].text(), earlier)
    if block["sha256"].text() != found.sha256:
        raise block["sha256"].refuse(
            "het vastgelegde plan is veranderd nadat het was vastgelegd: sha256 klopt niet",
            remedy=_RESTORE,
        )
    return found


def locked_prose(locked: Locked | None) -> tuple[Passage, ...]:
    """Return all that was typed in the locks, by part, with its line."""
    return tuple(_prose(locked)) if locked else ()


def _prose(locked: Locked) -> Iterator[Passage]:
    for lock in locked.chain:
        texts = {"vraag": lock.planned.vraag, "beslisregel": lock.planned.beslisregel, "reden": lock.reden}
        for naam, text in texts.items():
            yield Passage(naam, text, lock.planned.regels[naam])


def lock(plan: Plan, study: Path, day: date, *, again: bool = False, reason: str = "") -> Locked:
    """Lock the plan of a researcher's file, and return it as it was written beside that.

    Parameters
    ----------
    plan : Plan
        As read from `study`, its names checked.
    day : date
        The day of the lock.
    again, reason : bool, str
        Lock anew what was locked before, and why; what was locked before stays in the file.

    Raises
    ------
    ControleFout
        When a part is missing.
    UitvoerFout
        When there is a lock already and this is not again.
    GebruikFout
        Without a reason, when nothing changed, or on a day before the earlier one.
    """
    planned, path, before = plan.planned, place_of(study), plan.locked
    missing = planned.ontbreekt if planned else tuple(PARTS)
    if planned is None or missing:
        raise ControleFout(
            "het plan is nog niet vast te leggen: er ontbreekt iets",
            waar=f"{study.name}, veld 'plan': {', '.join(missing)}",
            herstel="vul het aan; het handboek heeft een voorbeeld bij 'Een plan vastleggen'",
        )
    reason = " ".join(reason.split())
    if before is None and (again or reason):
        raise GebruikFout(
            "er is nog geen plan vastgelegd; --opnieuw en --reden horen bij een tweede keer",
            herstel="laat --opnieuw en --reden weg",
        )
    if before is not None:
        _may_again(before, planned == before.planned, path, day, again=again, reason=reason)
    refuse_traces("--reden", [Passage("reden", reason, 1)], plan.kleine_aantallen, what="de reden")
    made = Locked(planned, day, reason, before)
    write_mark(path, _file(made))
    return made


def _may_again(before: Locked, same: bool, path: Path, day: date, *, again: bool, reason: str) -> None:
    if not again:
        raise UitvoerFout(
            f"het plan is al vastgelegd, op {before.datum.isoformat()}, en wordt niet overschreven",
            waar=str(path),
            herstel="veranderde het plan, geef dan --opnieuw met --reden; het eerdere blijft erbij staan",
        )
    if not reason:
        raise GebruikFout(
            "opnieuw vastleggen kan alleen met een reden",
            herstel='geef bijvoorbeeld --reden "de tabel scores is niet geleverd"',
        )
    if same:
        raise GebruikFout("het plan is niet veranderd: er valt niets opnieuw vast te leggen")
    if day < before.datum:
        raise GebruikFout(
            "deze dag ligt voor de dag waarop het plan eerder is vastgelegd",
            verwacht=f"{before.datum.isoformat()} of later",
            kreeg=day.isoformat(),
        )


def _file(locked: Locked) -> bytes:
    content = {
        "schema": SCHEMA,
        "vastgelegd": [_record(one) for one in locked.chain],
    }
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return (_HEADING + text).encode()


def _record(locked: Locked) -> dict[str, Any]:
    plain = locked.planned.plain()
    return {
        "datum": locked.datum.isoformat(),
        "reden": locked.reden,
        "plan": {naam: plain[naam] for naam in PARTS},
        "sha256": locked.sha256,
    }
