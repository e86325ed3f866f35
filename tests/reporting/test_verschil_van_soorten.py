"""The difference of two kinds of region in words: one reason, and no count over windows of unequal length."""

from __future__ import annotations

import math

from tests.vrijgave_bouw import resultaat, rij
from toekomstscenario_eval.blocks.difference import difference_blocks
from toekomstscenario_eval.blocks.region_difference import difference_sentence
from toekomstscenario_eval.designs._sites import compared
from toekomstscenario_eval.document.document import flat_text
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind, Maat, Vorm

MATEN = {
    "mediaan": Maat("Mediaan", "professionals per huishouden", Vorm.GETAL),
    "gemiddelde": Maat("Gemiddeld aantal", "professionals per huishouden", Vorm.GETAL),
}
PLEKKEN = [
    ("", TOTAAL, ""),
    *((SITE_KIND, kind, "") for kind in ("proeftuin", "vergelijking")),
    *((SITE, f"proeftuin{i}", "proeftuin") for i in range(6)),
    *((SITE, f"vergelijking{i}", "vergelijking") for i in range(4)),
]


def met_cijfer(maat, plek, waarde, fout=0.2, **anders):
    """Return a row of a figure of 40 households."""
    per, groep, stratum = plek
    vast = {"schatting": waarde, "ondergrens": waarde - 2 * fout, "bovengrens": waarde + 2 * fout}
    vast |= {"standaardfout": fout, "noemer": 40.0}
    return rij(per, groep, 40, maat=maat, stratum=stratum, **vast | anders)


def test_one_reason_for_one_missing_difference():
    """A median has no standard error; that regions are too small is why there is no difference."""
    geen = {"schatting": math.nan, "ondergrens": math.nan, "bovengrens": math.nan, "standaardfout": math.nan}
    rijen = [met_cijfer("mediaan", plek, 4.0) for plek in PLEKKEN]
    rijen += [
        met_cijfer("gemiddelde", plek, 4.0, **(geen if plek[1] == "proeftuin0" else {})) for plek in PLEKKEN
    ]
    vrijgave = bundle((resultaat(Kind.AANTAL, rijen, maten=MATEN),))
    assert compared(vrijgave.resultaten[0]) == "gemiddelde"
    kort = flat_text(difference_sentence(vrijgave, "proef"))
    lang = flat_text(difference_blocks(vrijgave, "proef")[0].inhoud)
    (reden,) = {text.partition("want ")[2] for text in (kort, lang)}
    assert reden.startswith("bij 1 van de 10 regio's")
