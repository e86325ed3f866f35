"""The public names: what a notebook may rely on stands in `openbaar.txt`, and only changes on purpose.

Renew the list with `python -m tests.architecture.test_public_api`, and say so in CHANGELOG.md.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
from pathlib import Path

import toekomstscenario_eval as tks
from toekomstscenario_eval import errors, long_tables, types

LIJST = Path(__file__).with_name("openbaar.txt")


def _signature(ding: object) -> str:
    regel = inspect.signature(ding)
    kaal = [p.replace(annotation=inspect.Parameter.empty) for p in regel.parameters.values()]
    tekst = str(regel.replace(parameters=kaal, return_annotation=inspect.Signature.empty))
    # A default that is a function reads as its name, not as its place in memory.
    return re.sub(r"<function (\w+) at 0x[0-9a-f]+>", r"\1", tekst)


def _members(naam: str, klasse: type) -> list[str]:
    regels = [f"{naam}"]
    if issubclass(klasse, enum.Enum):
        return regels + [f"{naam}.{lid.name} = {lid.value!r}" for lid in klasse]
    if dataclasses.is_dataclass(klasse):
        regels += [f"{naam}.{veld.name}" for veld in dataclasses.fields(klasse)]
    for lid, ding in sorted(vars(klasse).items()):
        if lid.startswith("_") or lid in {r.rpartition(".")[2] for r in regels}:
            continue
        if isinstance(ding, classmethod | staticmethod):
            regels.append(f"{naam}.{lid}{_signature(ding.__func__)}")
        elif inspect.isfunction(ding):
            regels.append(f"{naam}.{lid}{_signature(ding)}")
        else:
            regels.append(f"{naam}.{lid}")
    return regels


def public_names() -> list[str]:
    """Return a line for each public name: functions with their parameters, classes with their members."""
    regels = []
    for naam in sorted(tks.__all__):
        ding = getattr(tks, naam)
        if inspect.isclass(ding):
            regels += _members(f"tks.{naam}", ding)
        elif callable(ding):
            regels.append(f"tks.{naam}{_signature(ding)}")
        else:
            regels.append(f"tks.{naam}")
    for module in (types, errors):
        eigen = sorted((n, k) for n, k in vars(module).items() if inspect.isclass(k))
        for naam, klasse in eigen:
            if klasse.__module__ == module.__name__:
                regels += _members(f"{module.__name__.rpartition('.')[2]}.{naam}", klasse)
    regels += [f"long_tables.{naam} = {', '.join(getattr(long_tables, naam))}" for naam in _TABELLEN]
    return regels


# The columns of the long tables that users get in hand.
_TABELLEN = ("SCHATTING", "REEKS", "TOETS", "UITSLUITING")


def test_public_names_change_on_purpose():
    assert public_names() == LIJST.read_text(encoding="utf-8").splitlines()


def test_every_public_name_says_what_it_does():
    zonder = [n for n in tks.__all__ if n != "__version__" and not (getattr(tks, n).__doc__ or "").strip()]
    assert zonder == []


if __name__ == "__main__":
    LIJST.write_text("\n".join(public_names()) + "\n", encoding="utf-8")
