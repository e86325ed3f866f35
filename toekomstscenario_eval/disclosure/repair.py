"""The repair: hide as little as possible until no target is known too well.

For a target that is known too well, the cheapest company is the cheapest way to let it be something
else while everything that adds up still does: a linear program (Fischetti and Salazar-González,
2001, doi:10.1287/mnsc.47.7.1008.9785, section 4.2). After each round the attack decides, so what
the program overlooks is found; afterwards whatever proves to be hidden in vain is shown again. Where
the system is small, `optimum` looks for a repair that costs less, and can prove that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from toekomstscenario_eval.disclosure.attack import Aanval, Klok, Nummers, attack
from toekomstscenario_eval.disclosure.optimum import cheapest
from toekomstscenario_eval.disclosure.system import Reeks, Stelsel, Vlag
from toekomstscenario_eval.errors import OnthullingsFout

_RONDES = 8
# Company that is hidden already costs next to nothing, but using less of it is better still.
_GRATIS = 1e-4
# How many numbers to try to show again: a number, not a time, so that every machine decides the same.
OPRUIMEN = 100


@dataclass(frozen=True)
class Herstel:
    """The system after repair, what was hidden for it, and the attack that it withstands.

    `bewezen`: whether it is known that no repair costs less.
    """

    stelsel: Stelsel
    erbij: Nummers
    aanval: Aanval
    open_voor: int
    bewezen: bool


def repair(
    stelsel: Stelsel,
    doelen: Nummers,
    breedte: Reeks,
    kosten: Reeks,
    *,
    klok: Klok,
    opruimen: int = OPRUIMEN,
) -> Herstel:
    """Hide numbers until the interval of every target is as wide as it must be.

    Parameters
    ----------
    stelsel : Stelsel
        What is published before the repair.
    doelen, breedte : (d,) targets and the width that each must have
    kosten : (n,) what hiding each number costs; infinite for a number that cannot be hidden
    klok : Klok
    opruimen : int
        How many numbers at most to try to show again, the dearest first.

    Raises
    ------
    OnthullingsFout
        When the time is up, or hiding everything that may be hidden is not enough.
    """
    begin = aanval = attack(stelsel, doelen, breedte, klok=klok)
    nu, erbij = stelsel, np.zeros(len(kosten), dtype=bool)
    for _ in range(_RONDES):
        mis = np.flatnonzero(~aanval.veilig)
        if not len(mis):
            break
        nu, extra = _company(nu, doelen[mis], breedte[mis], kosten, klok)
        erbij |= extra
        aanval = attack(nu, doelen, breedte, klok=klok)
    if not aanval.veilig.all():
        nu, erbij, aanval = _everything(stelsel, doelen, breedte, kosten, klok)
    bewezen = True
    if erbij.any():
        nu, erbij, aanval = _tidy(nu, erbij, aanval, breedte, kosten, klok, opruimen)
        open_ = ~begin.veilig
        voorstel = cheapest(stelsel, doelen[open_], breedte[open_], kosten, erbij, klok=klok)
        bewezen = voorstel.bewezen
        if (voorstel.erbij != erbij).any():
            proef = stelsel.met_dicht(voorstel.erbij)
            uitslag = attack(proef, doelen, breedte, klok=klok)
            # In whole numbers a target may move less than the program thought; then the quick one stands.
            bewezen = bool(uitslag.veilig.all())
            if bewezen:
                nu, erbij, aanval = proef, voorstel.erbij, uitslag
    return Herstel(nu, np.flatnonzero(erbij), aanval, int((~begin.veilig).sum()), bewezen)


def _company(
    stelsel: Stelsel, doelen: Nummers, breedte: Reeks, kosten: Reeks, klok: Klok
) -> tuple[Stelsel, Vlag]:
    """Hide the cheapest company of each target in turn; what one needs serves the next."""
    erbij = np.zeros(len(kosten), dtype=bool)
    nu = stelsel
    for doel in np.argsort(-breedte, kind="stable"):
        for stap in (breedte[doel], -breedte[doel]):
            weg = _cheapest(nu, int(doelen[doel]), float(stap), kosten, klok)
            if weg is not None:
                erbij |= weg
                nu = nu.met_dicht(weg)
                break
    return nu, erbij


def _cheapest(stelsel: Stelsel, doel: int, stap: float, kosten: Reeks, klok: Klok) -> Vlag | None:
    """Return which published numbers must go for `doel` to differ by `stap`; None when nothing helps."""
    n = len(kosten)
    w = stelsel.waarden
    dicht = stelsel.dicht
    prijs = np.where(dicht, _GRATIS, np.where(np.isfinite(kosten), kosten, 0.0))
    mag = dicht | np.isfinite(kosten)
    omhoog = np.where(dicht, stelsel.boven - w, np.where(mag, np.inf, 0.0))
    omlaag = np.where(dicht, w - stelsel.onder, np.where(mag, np.maximum(w, 0.0), 0.0))
    onder = np.zeros(2 * n)
    boven = np.concatenate((np.maximum(omhoog, 0.0), np.maximum(omlaag, 0.0)))
    # A target near its lower bound goes down as far as it can and up for the rest.
    heen = stap if stap > 0 else -min(-stap, boven[n + doel])
    onder[doel], boven[doel] = (heen, heen) if heen > 0 else (0.0, 0.0)
    onder[n + doel], boven[n + doel] = (0.0, 0.0) if heen > 0 else (-heen, -heen)
    antwoord = optimize.linprog(
        np.concatenate((prijs, prijs)),
        A_eq=sparse.hstack((stelsel.matrix, -stelsel.matrix)).tocsr(),
        b_eq=np.zeros(stelsel.matrix.shape[0]),
        bounds=np.column_stack((onder, boven)),
        method="highs",
        options={"time_limit": klok.over},
    )
    if antwoord.status != 0:
        _ = klok.over
        return None
    beweegt = np.asarray(antwoord.x[:n] + antwoord.x[n:] > 1e-6)
    return beweegt & ~dicht


def _everything(
    stelsel: Stelsel, doelen: Nummers, breedte: Reeks, kosten: Reeks, klok: Klok
) -> tuple[Stelsel, Vlag, Aanval]:
    """The safe way out: hide all that may be hidden; when even that is not enough, refuse."""
    erbij = np.isfinite(kosten) & ~stelsel.dicht
    nu = stelsel.met_dicht(erbij)
    aanval = attack(nu, doelen, breedte, klok=klok)
    if not aanval.veilig.all():
        raise OnthullingsFout(
            "een verborgen getal volgt uit wat al bekend is, en dat is niet te herstellen",
            kreeg=f"{int((~aanval.veilig).sum())} van {len(doelen)} verborgen getallen",
            herstel="geef minder uitsplitsingen vrij, of kies een ander venster",
        )
    return nu, erbij, aanval


def _tidy(
    stelsel: Stelsel,
    erbij: Vlag,
    aanval: Aanval,
    breedte: Reeks,
    kosten: Reeks,
    klok: Klok,
    opruimen: int,
) -> tuple[Stelsel, Vlag, Aanval]:
    """Show again what was hidden in vain, the dearest first."""
    erbij = erbij.copy()
    kandidaten = np.flatnonzero(erbij)
    for kandidaat in kandidaten[np.argsort(-kosten[kandidaten], kind="stable")][:opruimen]:
        een = np.zeros(len(erbij), dtype=bool)
        een[kandidaat] = True
        proef = stelsel.met_open(een)
        uitslag = attack(proef, aanval.doelen, breedte, klok=klok)
        if uitslag.veilig.all():
            stelsel, aanval = proef, uitslag
            erbij[kandidaat] = False
    return stelsel, erbij, aanval
