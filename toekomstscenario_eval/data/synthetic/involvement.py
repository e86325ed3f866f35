"""Who works with a household and when: the relay of organisations before, the small team with a duo after."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from toekomstscenario_eval.data.synthetic.days import LEVEL, NEVER, YEAR, Bools, Floats, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens, Personen
from toekomstscenario_eval.data.synthetic.maatregelen import Maatregelen
from toekomstscenario_eval.data.synthetic.world import SOORT, World

ROLLEN = ("vast_gezicht", "regisseur", "lid", "consulent")
VAST, REGISSEUR, LID, CONSULENT = range(len(ROLLEN))
REDENEN = ("afgerond", "overgedragen", "vertrek", "overig")
AFGEROND, OVERGEDRAGEN, VERTREK, OVERIG = range(len(REDENEN))

# The relay: kind of organisation, share of households that it sees, median days of its turn.
_ESTAFETTE = (
    ("lokaal_team", 0.70, 110),
    ("veilig_thuis", 0.75, 75),
    ("lokaal_team", 0.35, 120),
    ("raad", 0.30, 110),
    ("gi", 0.25, 260),
    ("jeugdhulp", 0.60, 190),
    ("lokaal_team", 0.45, 180),
    ("veilig_thuis", 0.30, 75),
    ("gi", 0.20, 260),
    ("jeugdhulp", 0.60, 220),
    ("lokaal_team", 0.60, 300),
)
# The team around: how often each kind joins. Ggz and verslavingszorg hardly deliver.
_MEMBERS = {
    "jeugdhulp": 0.30,
    "onderwijs": 0.19,
    "huisarts_jgz": 0.13,
    "inkomen_schulden": 0.10,
    "woningcorporatie": 0.06,
    "politie_om": 0.05,
    "lokaal_team": 0.06,
    "ervaringsdeskundig": 0.03,
    "informeel": 0.05,
    "overig": 0.02,
    "ggz": 0.011,
    "verslavingszorg": 0.005,
}
_MEMBERS_PER_YEAR, _MEMBERS_NEW = 5.2, 1.9
_MEMBER_MEDIAN, _MEMBER_SPREAD = 120.0, 0.8
_DUO = 0.1  # log odds of a duo in the new way of working
_DUO_MEDIAN, _DUO_SPREAD = 76.0, 0.75  # lognormal, before the stay cuts some off
_DUO_PERIODE = 400  # days: in each such part of the stay a duo may come
_DUO_OLD = 0.14  # share with a comparable pair before
_SWITCH_PER_YEAR = 0.3
_SWITCHES = 4


@dataclass(frozen=True)
class Involvements:
    """Spells of involvement; `eind` may lie after the peildatum (still running)."""

    huishouden: Ints
    prof: Ints
    org: Ints
    rol: Ints
    begin: Ints
    eind: Ints
    reden: Ints

    def take(self, choice: Ints) -> Involvements:
        """Return the spells at these positions."""
        return Involvements(*(getattr(self, v.name)[choice] for v in fields(self)))


def together(*parts: Involvements) -> Involvements:
    """Return the spells of all parts."""
    return Involvements(*(np.concatenate([getattr(d, v.name) for d in parts]) for v in fields(Involvements)))


def sort(spells: Involvements) -> Involvements:
    """Return the spells by household, first day and professional."""
    return spells.take(np.lexsort((spells.eind, spells.prof, spells.begin, spells.huishouden)))


def _spells(
    world: World,
    huishouden: Ints,
    *,
    prof: Ints,
    rol: Ints | int,
    begin: Ints,
    eind: Ints,
    reden: Ints | int,
) -> Involvements:
    n = len(huishouden)
    full = [np.broadcast_to(np.asarray(x, dtype=np.int64), n) for x in (rol, begin, eind, reden)]
    return Involvements(huishouden, prof, world.prof_org[prof], *full)


def _stop(spells: Involvements, dagen: Ints, *, where: Bools) -> Involvements:
    """End spells earlier where told so: the professional left."""
    return replace(
        spells,
        eind=np.where(where, dagen, spells.eind),
        reden=np.where(where, VERTREK, spells.reden),
    )


def make_involvements(
    rng: np.random.Generator, world: World, *, hh: Huishoudens, personen: Personen, maatregelen: Maatregelen
) -> Involvements:
    """Draw all spells of involvement that start before the peildatum, sorted."""
    core = together(
        _estafette(rng, world, hh=hh),
        _old_duos(rng, world, hh=hh),
        _fixed_gezichten(rng, world, hh=hh),
        _duos(rng, world, hh=hh),
        _youth_protectors(rng, world, hh=hh, personen=personen, maatregelen=maatregelen),
    )
    everything = sort(_without_overlap(core, _members(rng, world, hh=hh)))
    everything = everything.take(
        np.flatnonzero(
            (everything.begin < LEVEL)
            & (everything.eind > everything.begin)
            & ~hh.zonder[everything.huishouden]
        )
    )
    second = world.second_org[everything.prof]
    org = np.where((second >= 0) & (rng.random(len(second)) < 0.3), second, everything.org)
    return replace(everything, org=org)


def _without_overlap(core: Involvements, members: Involvements) -> Involvements:
    """Join both, without members who were with the household at that time already."""
    everything = together(core, members)
    is_member = np.arange(len(everything.prof)) >= len(core.prof)
    key = everything.huishouden * (everything.prof.max(initial=0) + 1) + everything.prof
    ordering = np.lexsort((is_member, key))
    herhaald = np.zeros(len(ordering), dtype=bool)
    herhaald[ordering[1:]] = key[ordering[1:]] == key[ordering[:-1]]
    return everything.take(np.flatnonzero(~(herhaald & is_member)))


def _estafette(rng: np.random.Generator, world: World, *, hh: Huishoudens) -> Involvements:
    """Turns one after the other, mostly without overlap, until the new way of working begins."""
    einde = np.minimum(hh.eind, hh.cover)
    who = np.flatnonzero(einde > hh.begin)
    n, turns = len(who), len(_ESTAFETTE)
    median = np.array([e[2] for e in _ESTAFETTE], dtype=float)
    takes_part = rng.random((n, turns)) < np.array([e[1] for e in _ESTAFETTE])
    duur = np.where(takes_part, np.maximum(10, median * np.exp(0.5 * rng.normal(size=(n, turns)))), 0)
    overlap = rng.random((n, turns)) < 0.18
    gap = np.where(overlap, -rng.integers(1, 15, (n, turns)), rng.integers(0, 29, (n, turns)))
    gap = np.where(takes_part & (np.cumsum(takes_part, axis=1) > 1), gap, 0)
    eind = hh.begin[who, None] + np.cumsum(duur.astype(np.int64) + gap, axis=1)
    begin = eind - duur.astype(np.int64)
    row, turn = np.nonzero(takes_part & (begin < einde[who, None]) & (begin >= hh.begin[who, None]))
    h, begin, eind = who[row], begin[row, turn], eind[row, turn]
    soort = np.array([SOORT[e[0]] for e in _ESTAFETTE])[turn]
    local = soort == SOORT["lokaal_team"]
    org = np.where(local, hh.local[h], world.choose_org(hh.regio[h], soort, rng.random(len(h))))
    last = eind >= einde[h]
    reden = np.where(last & (hh.cover[h] > hh.eind[h]), AFGEROND, OVERGEDRAGEN)
    rol = np.where(local & (rng.random(len(h)) < 0.3), VAST, REGISSEUR)
    spells = _spells(
        world,
        h,
        prof=world.choose_prof(org, rng.random(len(h))),
        rol=rol,
        begin=begin,
        eind=np.minimum(np.minimum(eind, einde[h] + rng.integers(0, 15, len(h))), hh.eind[h]),
        reden=reden,
    )
    return _colleague_takes_over(rng, world, spells=spells)


def _colleague_takes_over(rng: np.random.Generator, world: World, *, spells: Involvements) -> Involvements:
    """Split part of the long turns: a colleague of the same organisation takes over."""
    duur = spells.eind - spells.begin
    cut = spells.begin + (duur * rng.uniform(0.3, 0.8, len(duur))).astype(np.int64)
    switch = (duur > 120) & (rng.random(len(duur)) < 0.45)
    i = np.flatnonzero(switch)
    later = spells.take(i)
    new = world.choose_successor(later.prof, rng.random(len(i)))
    first = _stop(spells, cut, where=switch)
    begin = np.minimum(cut[i] + rng.integers(0, 15, len(i)), later.eind - 1)
    return together(first, replace(later, prof=new, begin=begin))


def _fixed_gezichten(rng: np.random.Generator, world: World, *, hh: Huishoudens) -> Involvements:
    """The fixed local professional from the start of the new way; now and then replaced."""
    who = np.flatnonzero(hh.cover < NEVER)
    n = len(who)
    wait = rng.integers(0, 8, n) + (rng.random(n) < 0.08) * rng.integers(5, 35, n)
    duur = 30 + rng.exponential(YEAR / _SWITCH_PER_YEAR, (n, _SWITCHES))
    duur[:, -1] = NEVER
    soort = rng.choice(3, (n, _SWITCHES), p=[0.45, 0.25, 0.30])
    gap = np.select(
        [soort == 1, soort == 2], [rng.integers(1, 22, soort.shape), -rng.integers(1, 15, soort.shape)]
    )
    gap[:, 0] = 0
    eind = (hh.cover[who] + wait)[:, None] + np.cumsum(duur.astype(np.int64) + gap, axis=1)
    begin = eind - duur.astype(np.int64)
    prof = np.empty((n, _SWITCHES), dtype=np.int64)
    prof[:, 0] = world.choose_prof(hh.local[who], rng.random(n))
    for k in range(1, _SWITCHES):
        prof[:, k] = world.choose_successor(prof[:, k - 1], rng.random(n))
    row, turn = np.nonzero(begin < hh.eind[who, None])
    h, eind = who[row], eind[row, turn]
    gone = hh.eind[h] - (rng.random(len(h)) < 0.15) * rng.integers(1, 30, len(h))
    last = eind >= gone
    return _spells(
        world,
        h,
        prof=prof[row, turn],
        rol=VAST,
        begin=begin[row, turn],
        eind=np.minimum(eind, gone),
        reden=np.where(last, AFGEROND, rng.choice([VERTREK, OVERGEDRAGEN], len(h), p=[0.7, 0.3])),
    )


def _duo_duur(rng: np.random.Generator, effect: Floats) -> Ints:
    duur = _DUO_MEDIAN * np.exp(_DUO_SPREAD * rng.normal(size=len(effect)) + effect)
    # Now and then a duo stays for years.
    duur = np.where(rng.random(len(effect)) < 0.006, duur * 6, duur)
    return np.maximum(3, duur).astype(np.int64)


def _duos(rng: np.random.Generator, world: World, *, hh: Huishoudens) -> Involvements:
    """A colleague of the regional safety team joins; who stays long may need the duo again later."""
    new = np.maximum(hh.eind - hh.cover, 0)
    times = -(-new // _DUO_PERIODE)
    h = np.arange(hh.aantal).repeat(times)
    length = new[h] // times[h]
    start = hh.cover[h] + length * (np.arange(len(h)) - (np.cumsum(times) - times)[h])
    log_probability = _DUO + world.duo[hh.regio[h]] + 0.6 * (hh.gravity[h] - 1)
    duur = _duo_duur(rng, world.duo_duur[hh.regio[h]])
    begin = start + 7 + (rng.random(len(h)) * np.maximum(length - 10 - duur, 1)).astype(np.int64)
    eind = np.minimum(begin + duur, hh.eind[h])
    i = np.flatnonzero(rng.random(len(h)) < 1 / (1 + np.exp(-log_probability)))
    # A duo that would start while the former still runs is no new duo.
    runs_still = np.zeros(len(i), dtype=bool)
    runs_still[1:] = (h[i][1:] == h[i][:-1]) & (begin[i][1:] <= eind[i][:-1])
    i = i[~runs_still]
    h, begin, eind = h[i], begin[i], eind[i]

    soort = np.full(hh.aantal, SOORT["regionaal_veiligheidsteam"])
    per_huishouden = world.choose_prof(
        world.choose_org(hh.regio, soort, rng.random(hh.aantal)), rng.random(hh.aantal)
    )
    prof = per_huishouden[h]
    reden = rng.choice([AFGEROND, OVERGEDRAGEN, OVERIG], len(h), p=[0.8, 0.15, 0.05])
    spells = _spells(world, h, prof=prof, rol=LID, begin=begin, eind=eind, reden=reden)
    switch = (rng.random(len(h)) < 0.08) & (eind - begin > 20)
    cut = begin + (eind - begin) // 2
    j = np.flatnonzero(switch)
    other = world.choose_successor(prof[j], rng.random(len(j)))
    adopted = _spells(world, h[j], prof=other, rol=LID, begin=cut[j], eind=eind[j], reden=reden[j])
    return together(_stop(spells, cut, where=switch), adopted)


def _old_duos(rng: np.random.Generator, world: World, *, hh: Huishoudens) -> Involvements:
    """Before the start and in the comparison regions a pair like a duo is rare."""
    einde = np.minimum(hh.eind, hh.cover)
    h = np.flatnonzero((rng.random(hh.aantal) < _DUO_OLD) & (einde > hh.begin + 60))
    begin = hh.begin[h] + (rng.random(len(h)) * (einde - hh.begin - 30)[h]).astype(np.int64)
    eind = np.minimum(begin + _duo_duur(rng, np.zeros(len(h))), einde[h])
    org = world.choose_org(
        hh.regio[h], np.full(len(h), SOORT["regionaal_veiligheidsteam"]), rng.random(len(h))
    )
    parts = [
        _spells(
            world,
            h,
            prof=world.choose_prof(at, rng.random(len(h))),
            rol=LID,
            begin=begin,
            eind=eind,
            reden=AFGEROND,
        )
        for at in (org, hh.local[h])
    ]
    return together(*parts)


def _youth_protectors(
    rng: np.random.Generator, world: World, *, hh: Huishoudens, personen: Personen, maatregelen: Maatregelen
) -> Involvements:
    """The professional of the GI that carries out a measure, one per household and GI."""
    h = personen.huishouden[maatregelen.persoon]
    key = h * len(world.org_soort) + maatregelen.org
    unique, spot = np.unique(key, return_inverse=True)
    begin, eind = np.full(len(unique), NEVER), np.zeros(len(unique), dtype=np.int64)
    np.minimum.at(begin, spot, maatregelen.begin)
    np.maximum.at(eind, spot, maatregelen.eind)
    huishouden, org = np.divmod(unique, len(world.org_soort))
    return _spells(
        world,
        huishouden,
        prof=world.choose_prof(org, rng.random(len(org))),
        rol=REGISSEUR,
        begin=begin,
        eind=np.minimum(eind, hh.eind[huishouden]),
        reden=AFGEROND,
    )


def _members(rng: np.random.Generator, world: World, *, hh: Huishoudens) -> Involvements:
    """The team around the household; smaller in the new way of working."""
    einde_old = np.minimum(hh.eind, hh.cover)
    parts = []
    for start, stop, rate in (
        (hh.begin, einde_old, _MEMBERS_PER_YEAR),
        (np.minimum(hh.cover, hh.eind), hh.eind, _MEMBERS_NEW),
    ):
        years = np.maximum(stop - start, 0) / YEAR
        # More people come in the first months than later on.
        expected = rate * hh.gravity * np.exp(world.crowding[hh.regio]) * (0.25 * (years > 0) + 0.9 * years)
        h = np.arange(hh.aantal).repeat(rng.poisson(expected))
        begin = start[h] + (rng.random(len(h)) ** 1.2 * (stop - start)[h]).astype(np.int64)
        duur = _MEMBER_MEDIAN * np.exp(_MEMBER_SPREAD * rng.normal(size=len(h)))
        soort = np.array([SOORT[s] for s in _MEMBERS])[
            rng.choice(len(_MEMBERS), len(h), p=np.array(list(_MEMBERS.values())) / sum(_MEMBERS.values()))
        ]
        org = world.choose_org(hh.regio[h], soort, rng.random(len(h)))
        org = np.where(soort == SOORT["lokaal_team"], hh.local[h], org)
        parts.append(
            _spells(
                world,
                h,
                prof=world.choose_prof(org, rng.random(len(h))),
                rol=np.where(rng.random(len(h)) < 0.25, CONSULENT, LID),
                begin=begin,
                eind=np.minimum(begin + np.maximum(1, duur).astype(np.int64), hh.eind[h]),
                reden=np.where(rng.random(len(h)) < 0.9, AFGEROND, OVERIG),
            )
        )
    return together(*parts)
