"""Power before data: from what a user asks to a plan, and from there to blocks and a file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from toekomstscenario_eval.blocks.power_cases import Cases, case_blocks
from toekomstscenario_eval.blocks.power_plan import power_blocks
from toekomstscenario_eval.document.document import VAST, Block, Output
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.power import cases
from toekomstscenario_eval.power.plan_overview import Overview, overview
from toekomstscenario_eval.power.setting import COUNT, LESS, MORE, SHARE, Setting, require, waves_of
from toekomstscenario_eval.power.simulation import STUDIES
from toekomstscenario_eval.protection.policy import DEFAULT, load_policy

# What the pilot looks like, where nothing else is said: three waves, and three regions beside them.
_WAVES, _OTHERS, _HOUSEHOLDS = (4, 4, 3), 3, 100
# Of a measure: its mean without any difference, and how far regions differ.
_USUAL = {SHARE: (0.35, 0.05), COUNT: (2.0, 0.3)}
_LEAST_STUDIES, _MOST_STUDIES = 200, 50_000
_HEADING = (
    "vergelijking",
    "toewijzingen",
    "kleinste_p",
    "verschil",
    "kans_formule",
    "kans_simulatie",
    "fout_simulatie",
)


@dataclass(frozen=True)
class Asked:
    """What a user asks; None where the usual holds. The names are those of `kracht`, in English."""

    pilots: int | None = None
    others: int | None = None
    households: int | None = None
    households_others: int | None = None
    measure: str = SHARE
    base: float | None = None
    spread: float | None = None
    dispersion: float = 1.0
    stable: float = 0.5
    waves: str | Sequence[int] | None = None
    periods: int | None = None
    direction: str = MORE
    chance: float = 0.8
    cases: int | None = None
    beside: int | None = None
    studies: int = STUDIES
    policy: str = DEFAULT
    exact: bool = False


def kracht(
    proeftuinen: int | None = None,
    vergelijking: int | None = None,
    huishoudens: int | None = None,
    *,
    huishoudens_vergelijking: int | None = None,
    maat: str = SHARE,
    basis: float | None = None,
    spreiding: float | None = None,
    overspreiding: float = 1.0,
    samenhang: float = 0.5,
    golven: str | Sequence[int] | None = None,
    perioden: int | None = None,
    richting: str = MORE,
    kans: float = 0.8,
    casussen: int | None = None,
    tegenover: int | None = None,
    simulaties: int = STUDIES,
    beleid: str = DEFAULT,
    intern: bool = False,
) -> Output:
    """Show what a plan can find before there are data, or what a number of households can show.

    Needs no package, and looks at none.

    Parameters
    ----------
    proeftuinen, vergelijking : int, optional
        Regions of each kind; without, 11 in waves of 4, 4 and 3, beside 3.
    huishoudens, huishoudens_vergelijking : int, optional
        Households of a region in one period: 100; of comparison regions as many.
    maat : str
        `aandeel` (a share from 0 to 1) or `aantal` (a count per household).
    basis, spreiding : float, optional
        Its mean without a difference, and the standard deviation between regions, in the same unit.
    overspreiding : float
        Of a count: variance between households over their mean.
    samenhang : float
        Correlation of a region with itself between periods.
    golven : str or sequence of int, optional
        Proeftuinen that start together, such as `"4,4,3"`.
    perioden : int, optional
        Periods in all; one more than there are waves.
    richting : str
        `toename` or `afname`.
    kans : float
        The chance of finding that is asked for.
    casussen, tegenover : int, optional
        The other way: what so many households can show, beside so many others.
    simulaties : int
        Studies that are made up for each difference.
    beleid : str
        Policy whose noise is counted in.
    intern : bool
        Without noise, as for exact figures.

    Raises
    ------
    GebruikFout
        When the plan cannot be.
    """
    asked = Asked(
        proeftuinen,
        vergelijking,
        huishoudens,
        huishoudens_vergelijking,
        maat,
        basis,
        spreiding,
        overspreiding,
        samenhang,
        golven,
        perioden,
        richting,
        kans,
        casussen,
        tegenover,
        simulaties,
        beleid,
        intern,
    )
    return Output(blocks_of(answer(asked)), VAST)


def answer(asked: Asked) -> Overview | Cases:
    """Return what a plan can find, or what a number of households can show."""
    if asked.direction not in (MORE, LESS):
        raise GebruikFout(
            "deze richting bestaat niet",
            waar="richting",
            verwacht=f"{MORE} of {LESS}",
            kreeg=str(asked.direction),
            herstel=did_you_mean(str(asked.direction), (MORE, LESS)),
        )
    if asked.cases is not None:
        return _cases(asked, asked.cases)
    if asked.beside is not None:
        raise GebruikFout("tegenover hoort bij casussen", herstel="geef ook casussen, of laat tegenover weg")
    whole = isinstance(asked.studies, int) and _LEAST_STUDIES <= asked.studies <= _MOST_STUDIES
    if not whole:
        raise GebruikFout(
            "dit aantal simulaties kan niet",
            waar="simulaties",
            verwacht=f"een geheel getal van {_LEAST_STUDIES} tot en met {_MOST_STUDIES}",
            kreeg=str(asked.studies),
        )
    place_from = 0 if asked.exact else load_policy(asked.policy).omvang_plaats
    return overview(_setting(asked), studies=asked.studies, place_from=place_from)


def _setting(asked: Asked) -> Setting:
    """Fill in what is usual, and return the plan."""
    waves: tuple[int, ...] = ()
    if asked.waves is not None:
        waves = waves_of(asked.waves)
    elif asked.pilots is None:
        waves = _WAVES
    if asked.periods is not None and not waves:
        raise GebruikFout("perioden horen bij golven", herstel="geef ook golven, of laat perioden weg")
    households = _HOUSEHOLDS if asked.households is None else asked.households
    base, spread = _USUAL.get(asked.measure, _USUAL[SHARE])
    return Setting(
        pilots=sum(waves) if asked.pilots is None else asked.pilots,
        others=_OTHERS if asked.others is None else asked.others,
        households=households,
        households_others=households if asked.households_others is None else asked.households_others,
        measure=asked.measure,
        base=base if asked.base is None else asked.base,
        spread=spread if asked.spread is None else asked.spread,
        dispersion=asked.dispersion,
        stable=asked.stable,
        waves=waves,
        periods=len(waves) + 1 if asked.periods is None else asked.periods,
        chance=asked.chance,
        sign=1 if asked.direction == MORE else -1,
        noise=None if asked.exact else load_policy(asked.policy).ruis,
    )


def _cases(asked: Asked, number: int) -> Cases:
    given = {
        "proeftuinen": asked.pilots,
        "vergelijking": asked.others,
        "huishoudens": asked.households,
        "huishoudens_vergelijking": asked.households_others,
        "golven": asked.waves,
        "perioden": asked.periods,
        "spreiding": asked.spread,
    }
    if extra := [naam for naam, value in given.items() if value is not None]:
        raise GebruikFout(
            "bij casussen telt het plan van regio's niet mee",
            waar=", ".join(extra),
            herstel="laat dat weg, of vraag het plan apart",
        )
    if asked.measure != SHARE:
        raise GebruikFout(
            "bij casussen gaat het om een aandeel", waar="maat", verwacht=SHARE, kreeg=str(asked.measure)
        )
    beside = number if asked.beside is None else asked.beside
    cases.check("casussen", number)
    cases.check("tegenover", beside)
    base = _USUAL[SHARE][0] if asked.base is None else asked.base
    require("basis", "een aandeel tussen 0 en 1, zoals 0.35", base, good=0 < base < 1)
    require("kans", "een kans boven 0,05 en onder 1, zoals 0.8", asked.chance, good=0.05 < asked.chance < 1)
    policy = load_policy(asked.policy)
    public = cases.Public(policy.ruis, policy.drempel, policy.omvang_geheel)
    sign = 1 if asked.direction == MORE else -1
    return Cases(number, beside, base, asked.chance, sign, None if asked.exact else public)


def blocks_of(found: Overview | Cases) -> tuple[Block, ...]:
    """Return an answer in words, tables and a figure."""
    return case_blocks(found) if isinstance(found, Cases) else power_blocks(found)


def lines_of(found: Overview | Cases) -> bytes:
    """Return the chances as CSV (UTF-8), a line for each comparison and difference."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADING)
    if isinstance(found, Cases):
        for d, formula, exact in found.rows():
            writer.writerow(["aandeel", "", "", d, _text(formula), _text(exact), ""])
        return out.getvalue().encode()
    for x in found.lines:
        ways = x.layout.ways
        start = [x.layout.naam, ways.aantal, _text(ways.kleinste)]
        if not x.by_simulation:
            writer.writerow([*start, "", "", "", ""])
        for formula, f in zip(x.by_formula, x.by_simulation, strict=False):
            writer.writerow([*start, f.effect, _text(formula), _text(f.chance), _text(f.error)])
    return out.getvalue().encode()


def _text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"
