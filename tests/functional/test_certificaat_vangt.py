"""What the certificate is for: mistakes in the house's own code, each planted once, that it must notice."""

from __future__ import annotations

import inspect
import sys
import textwrap

import pytest

from toekomstscenario_eval.blocks.certificate import Certificate
from toekomstscenario_eval.data import spells
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.estimators import curve, intervals, share
from toekomstscenario_eval.making import certifying
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import assembly, phases

HUISHOUDENS = 300
DUO, OTS, DUUR = "aandeel_duo", "aandeel_ots", "duur_ots"
# Function, what stands there, what is planted, and the figure that shows it.
MUTANTEN = {
    "einddag telt mee: stand": (spells.running_on, "spells.eind > day", "spells.eind >= day", OTS),
    "einddag telt mee: duur": (spells.dagen, '.cast("int64")', '.cast("int64") + 1', "duo_duur"),
    "einddag telt mee: verblijf": (spells.present, "part.van < part.tot", "part.van <= part.tot", DUO),
    "einddag telt mee: periode": (spells.clip, "part.van < part.tot", "part.van <= part.tot", DUO),
    "rand: einde op de laatste dag": (spells.clip, "at.eind <= at.tot_huis", "at.eind < at.tot_huis", DUUR),
    "rand: eerste dag van het venster": (
        spells.with_window,
        "vraag.venster.begin",
        "vraag.venster.begin + datetime.timedelta(1)",
        DUO,
    ),
    "rand: laatste dag van het venster": (
        spells.with_window,
        "ibis.literal(vraag.grens)",
        "ibis.literal(vraag.grens - datetime.timedelta(1))",
        "professionals_per_huishouden",
    ),
    "samen: wat aansluit blijft los": (
        spells._islands,
        "previous.begin > ",
        "previous.begin >= ",
        "duo_duur",
    ),
    "samen: een dag te veel": (spells._islands, "days=gap", "days=gap + 1", "duo_duur"),
    "samen: na een dag los": (spells.stitch, "min(MARGIN, gap)", "0", DUUR),
    "samen: na twee dagen nog een": (spells.stitch, "min(MARGIN, gap)", "2", OTS),
    "verjaardag: naar het jaar": (
        spells.is_child,
        "age < 18",
        "persoon.geboortejaar >= day.year() - 18",
        OTS,
    ),
    "verjaardag: een jaar later": (
        spells.is_child,
        "age < 18",
        "persoon.geboortejaar > day.year() - 18",
        OTS,
    ),
    "verjaardag: de dag zelf": (spells.age_in_years, "day.day() < first", "day.day() <= first", OTS),
    "overdracht: zes dagen": (spells.stitch, "days=gap)).fill_null", "days=gap - 1)).fill_null", OTS),
    "overdracht: acht dagen": (spells.stitch, "days=gap)).fill_null", "days=gap + 1)).fill_null", OTS),
    "overdracht: zonder vervolg": (spells.stitch, "days=gap)).fill_null", "days=-1)).fill_null", DUUR),
    "overdracht: ook een ander einde": (spells.stitch, "min(MARGIN, gap)", "gap", DUUR),
    "fase: een dag later": (
        phases._seen,
        "Venster(max(start, venster.begin)",
        "Venster(max(start.replace(day=start.day + 1), venster.begin)",
        DUO,
    ),
    "groep: wie elders hoort": (
        assembly._by_group,
        ".map(groepen)",
        ".map(groepen.replace({'Vossenterp': 'Lindemonde', 'Lindemonde': 'Vossenterp'}))",
        DUO,
    ),
    "interval: een kant": (intervals.z_waarde, "(1 + niveau) / 2", "niveau", DUO),
    "interval: samenhang in een huishouden": (
        share.effective_extent,
        "m / (m - 1) * squares",
        "squares",
        OTS,
    ),
    "duur: wie op de dag zelf instroomt": (
        curve.compute,
        "state - inside + left_out",
        "state + left_out",
        "duo_duur",
    ),
    "duur: zonder late instroom": (
        curve.compute,
        "factor[having] -= eind[having] / risk[having]",
        "factor[having] -= eind[having] / (risk[having] + 1)",
        "duo_duur",
    ),
}


@pytest.fixture(scope="module")
def pakket(tmp_path_factory):
    made = make_example(tmp_path_factory.mktemp("vangt") / "p", huishoudens=HUISHOUDENS, seed=2026)
    # What is loaded for the first time while a mistake is planted would keep it.
    for indicator in (DUO, DUUR):
        certified(made, indicator)
    return made


def plant(monkeypatch, function, old: str, new: str) -> None:
    """Put a function with one change wherever the function itself is used."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) == 1, "the planted mistake has no single place"
    known = dict(vars(sys.modules[function.__module__])) | {"datetime": __import__("datetime")}
    exec(compile("from __future__ import annotations\n" + source.replace(old, new), "plant", "exec"), known)
    wrong = known[function.__name__]
    for naam, module in list(sys.modules.items()):
        if naam.startswith("toekomstscenario_eval"):
            for own in [k for k, v in vars(module).items() if v is function]:
                monkeypatch.setattr(module, own, wrong)


def certified(pakket, indicator: str) -> Certificate:
    """Return a new certificate about one indicator: on the delivery, and on the edge cases."""
    certifying._edge_lines.cache_clear()
    study = Study.of(open_package(pakket), (), load_policy(), intern=True)
    return certifying.certificate(study, study.bundel(study.bereken(indicator)))


@pytest.mark.parametrize("indicator", sorted({m[3] for m in MUTANTEN.values()}))
def test_both_routes_agree_without_a_mistake(pakket, indicator):
    found = certified(pakket, indicator)
    assert {r.oordeel for r in found.regels} == {"komt uit"}
    assert found.regels[-1].label == certifying.EDGES


@pytest.mark.traag
@pytest.mark.parametrize("naam", MUTANTEN)
def test_a_planted_mistake_makes_the_certificate_fail(pakket, monkeypatch, naam):
    function, old, new, indicator = MUTANTEN[naam]
    plant(monkeypatch, function, old, new)
    try:
        found = certified(pakket, indicator)
    finally:
        certifying._edge_lines.cache_clear()
    assert not found.klopt
