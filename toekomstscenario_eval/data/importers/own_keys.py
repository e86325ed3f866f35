"""Keys of persons without a number, and codes that no field takes: what each was, counted.

In official layouts one value says that a number is unknown and another that a child is not born yet, and
which is which changed over the years. Read as a number, all these children would be one person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.importers.import_report import Numberless, Unknown
from toekomstscenario_eval.data.importers.special import UNBORN

if TYPE_CHECKING:
    from toekomstscenario_eval.data.importers.mapping_model import ImportMapping
    from toekomstscenario_eval.data.importers.values import Rows


def with_own_keys(tidy: ir.Table, mapping: ImportMapping) -> ir.Table:
    """Give each person without a number a key within the household: its key, what is known, and a rank."""
    for naam, how in mapping.kolommen.items():
        if how.nobody is None:
            continue
        i, household = mapping.namen.index(naam), mapping.namen.index(how.nobody.binnen)
        word = ibis.cases(
            *((_is(tidy[f"t_{i}"], waarde), ibis.literal(w)) for waarde, w in how.nobody.waarden.items()),
            else_=ibis.null("string"),
        )
        tidy = tidy.mutate(_woord=word)
        apart = [tidy[f"t_{mapping.namen.index(k)}"] for k in how.nobody.onderscheid]
        within = ibis.window(group_by=[tidy[f"p_{household}"], tidy._woord], order_by=apart or None)
        rank = (ibis.dense_rank().over(within) + 1 if apart else ibis.literal(1)).cast("string")
        own = tidy[f"p_{household}"] + ibis.literal(".") + tidy._woord + rank
        tidy = tidy.mutate(**{f"p_{i}": ibis.ifelse(tidy._woord.notnull(), own, tidy[f"p_{i}"])}).drop(
            "_woord"
        )
    return tidy


def _is(text: ir.StringValue, waarde: str) -> ir.BooleanValue:
    # An empty value in the mapping says what emptiness means.
    return text.isnull() if waarde == "" else (text == waarde).fill_null(False)


def count_nobody(rows: Rows) -> tuple[Numberless, ...]:
    """Count the rows without a personal number, by what their value says."""
    out: list[Numberless] = []
    for naam, how in rows.mapping.kolommen.items():
        if how.nobody is None:
            continue
        words = how.nobody.waarden
        unborn = ibis.or_(*(rows.text(k) == UNBORN for k in how.nobody.onderscheid), ibis.literal(False))
        for word in dict.fromkeys(words.values()):
            here = ibis.or_(*(_is(rows.text(naam), w) for w, meaning in words.items() if meaning == word))
            n = rows.tabel.aggregate(a=here.sum(), o=(here & unborn).sum()).to_pyarrow().to_pylist()[0]
            out.append(Numberless(naam, word, int(n["a"] or 0), int(n["o"] or 0)))
    return tuple(out)


def count_codes_outside(rows: Rows) -> tuple[Unknown, ...]:
    """Count codes outside those of the layout in columns that say which may occur; the rows stay in use."""
    out: list[Unknown] = []
    for naam, how in rows.mapping.kolommen.items():
        if not how.codes:
            continue
        text = rows.text(naam)
        foreign = rows.tabel.filter(text.notnull() & ~text.isin(how.codes))
        n, codes = foreign.count().execute(), type(rows)(foreign, rows.mapping).text(naam).nunique().execute()
        if n:
            out.append(
                Unknown("bron", naam, naam, int(n), int(codes), "alleen geteld: geen veld neemt dit over")
            )
    return tuple(out)
