"""Keys that are almost the same: refused until somebody says whether they are the same household.

`G 1`, `g1` and `G1` with a hard space are three keys to a program and often one to the people who typed
them: left alone they split a household in three, made one they may join families. Neither can be seen in
the file, so the mapping says it: `sleutel_vorm: samen` or `sleutel_vorm: zoals_geschreven`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from toekomstscenario_eval.data.importers.mapping_model import AS_WRITTEN, TOGETHER, SourceColumn
from toekomstscenario_eval.errors import InvoerFout

# White space of every kind, and marks that take no room.
_BLANK = "[\\s\u00a0\u1680\u180e\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\u00ad]+"
_OPTIONS = ("heel_getal", "vul_aan", "spaties")


@ibis.udf.scalar.builtin(name="nfc_normalize")  # type: ignore[untyped-decorator, unused-ignore]
def _composed(text: dt.string) -> dt.string:
    """Return text in which a letter and its accent are one sign."""


def fold(text: Any) -> Any:
    """Return a key without what people see as no difference: case, blanks, a last point, accents apart."""
    return _composed(text.re_replace(_BLANK, "")).lower().re_replace(r"\.+$", "")


def refuse_alike(keys: ir.Column, how: SourceColumn) -> None:
    """Refuse keys that differ in nothing but their form, until the mapping says what they are.

    Raises
    ------
    InvoerFout
        With the column and counts; never with a key.
    """
    if not how.sleutel or how.sleutel_vorm:
        return
    table = keys.name("w").as_table()
    each = table.group_by("w").aggregate(keer=table.count()).filter(lambda t: t.w.notnull())
    forms = each.group_by(v=fold(each.w)).aggregate(forms=each.count(), keer=each.keer.sum())
    alike = forms.filter(forms.forms > 1)
    told = alike.aggregate(keys=alike.count(), forms=alike.forms.sum(), keer=alike.keer.sum())
    found = told.to_pyarrow().to_pylist()[0]
    if found["keys"]:
        raise InvoerFout(
            "sleutels verschillen alleen in hoofdletters, spaties, onzichtbare tekens of een punt achteraan",
            waar=f"kolom '{how.naam}' van de bron",
            verwacht=f"bij bron > kolommen > {how.naam}: 'sleutel_vorm: {TOGETHER}' (het zijn dezelfde) of "
            f"'sleutel_vorm: {AS_WRITTEN}' (het zijn verschillende)",
            kreeg=f"{found['keys']} {'sleutel' if found['keys'] == 1 else 'sleutels'} op "
            f"{found['forms']} manieren geschreven, in {found['keer']} rijen",
            herstel="voeg een van deze regels toe; zo blijft een gezin één gezin",
        )


def refuse_merged(before: ir.Column, after: ir.Column, how: SourceColumn) -> None:
    """Refuse when an option of the column makes one key of two.

    Raises
    ------
    InvoerFout
        With the option that does it.
    """
    table = before.as_table().select(voor=before, na=after)
    told = table.aggregate(voor=table.voor.nunique(), na=table.na.nunique()).to_pyarrow().to_pylist()[0]
    if told["voor"] != told["na"]:
        option = next(o for o in reversed(_OPTIONS) if getattr(how, o))
        waarde = getattr(how, option)
        raise InvoerFout(
            f"met '{option}' vallen verschillende waarden samen",
            waar=f"kolom '{how.naam}' van de bron",
            kreeg=f"'{option}: {'ja' if waarde is True else waarde}'",
            herstel="kies een ander teken, of maak er pseudoniemen van zonder 'spaties'"
            if option == "spaties"
            else f"zijn het dezelfde sleutels, zet dan bij deze kolom "
            f"'sleutel_vorm: {TOGETHER}'; haal anders '{option}' weg",
        )


def stages(how: SourceColumn) -> list[tuple[SourceColumn, SourceColumn]]:
    """Return, for each option that may merge keys, the column without and with it."""
    out = []
    now = replace(how, heel_getal=False, vul_aan=0, spaties="")
    for option in _OPTIONS:
        if getattr(how, option):
            following = replace(now, **{option: getattr(how, option)})
            # What is not a key may be read alike on purpose: a code, a number. Spaces say nothing of that.
            if option == "spaties" or (how.sleutel and how.sleutel_vorm != TOGETHER):
                out.append((now, following))
            now = following
    return out
