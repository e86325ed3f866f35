"""Who works with a household and when: the relay of organisations before, the small team with a duo after."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from toekomstscenario_eval.data.synthetic.days import JAAR, NOOIT, PEIL, Bools, Floats, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens, Personen
from toekomstscenario_eval.data.synthetic.measures import Maatregelen
from toekomstscenario_eval.data.synthetic.world import SOORT, Wereld

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
_LEDEN = {
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
_LEDEN_PER_JAAR, _LEDEN_NIEUW = 5.2, 1.9
_LID_MEDIAAN, _LID_SPREIDING = 120.0, 0.8
_DUO = 0.1  # log odds of a duo in the new way of working
_DUO_MEDIAAN, _DUO_SPREIDING = 76.0, 0.75  # lognormal, before the stay cuts some off
_DUO_PERIODE = 400  # days: in each such part of the stay a duo may come
_DUO_OUD = 0.14  # share with a comparable pair before
_WISSEL_PER_JAAR = 0.3
_WISSELINGEN = 4


@dataclass(frozen=True)
class Betrokkenheden:
    """Spells of involvement; `eind` may lie after the peildatum (still running)."""

    huishouden: Ints
    prof: Ints
    org: Ints
    rol: Ints
    begin: Ints
    eind: Ints
    reden: Ints

    def neem(self, keuze: Ints) -> Betrokkenheden:
        """Return the spells at these positions."""
        return Betrokkenheden(*(getattr(self, v.name)[keuze] for v in fields(self)))


def samen(*delen: Betrokkenheden) -> Betrokkenheden:
    """Return the spells of all parts."""
    return Betrokkenheden(
        *(np.concatenate([getattr(d, v.name) for d in delen]) for v in fields(Betrokkenheden))
    )


def sorteer(spells: Betrokkenheden) -> Betrokkenheden:
    """Return the spells by household, first day and professional."""
    return spells.neem(np.lexsort((spells.eind, spells.prof, spells.begin, spells.huishouden)))


def _spells(
    wereld: Wereld,
    huishouden: Ints,
    *,
    prof: Ints,
    rol: Ints | int,
    begin: Ints,
    eind: Ints,
    reden: Ints | int,
) -> Betrokkenheden:
    n = len(huishouden)
    vol = [np.broadcast_to(np.asarray(x, dtype=np.int64), n) for x in (rol, begin, eind, reden)]
    return Betrokkenheden(huishouden, prof, wereld.prof_org[prof], *vol)


def _tot(spells: Betrokkenheden, dagen: Ints, *, waar: Bools) -> Betrokkenheden:
    """End spells earlier where told so: the professional left."""
    return replace(
        spells,
        eind=np.where(waar, dagen, spells.eind),
        reden=np.where(waar, VERTREK, spells.reden),
    )


def maak_betrokkenheden(
    rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens, personen: Personen, maatregelen: Maatregelen
) -> Betrokkenheden:
    """Draw all spells of involvement that start before the peildatum, sorted."""
    kern = samen(
        _estafette(rng, wereld, hh=hh),
        _oude_duos(rng, wereld, hh=hh),
        _vaste_gezichten(rng, wereld, hh=hh),
        _duos(rng, wereld, hh=hh),
        _jeugdbeschermers(rng, wereld, hh=hh, personen=personen, maatregelen=maatregelen),
    )
    alles = sorteer(_zonder_overlap(kern, _leden(rng, wereld, hh=hh)))
    alles = alles.neem(
        np.flatnonzero((alles.begin < PEIL) & (alles.eind > alles.begin) & ~hh.zonder[alles.huishouden])
    )
    tweede = wereld.tweede_org[alles.prof]
    org = np.where((tweede >= 0) & (rng.random(len(tweede)) < 0.3), tweede, alles.org)
    return replace(alles, org=org)


def _zonder_overlap(kern: Betrokkenheden, leden: Betrokkenheden) -> Betrokkenheden:
    """Join both, without members who were with the household at that time already."""
    alles = samen(kern, leden)
    is_lid = np.arange(len(alles.prof)) >= len(kern.prof)
    sleutel = alles.huishouden * (alles.prof.max(initial=0) + 1) + alles.prof
    orde = np.lexsort((is_lid, sleutel))
    herhaald = np.zeros(len(orde), dtype=bool)
    herhaald[orde[1:]] = sleutel[orde[1:]] == sleutel[orde[:-1]]
    return alles.neem(np.flatnonzero(~(herhaald & is_lid)))


def _estafette(rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens) -> Betrokkenheden:
    """Turns one after the other, mostly without overlap, until the new way of working begins."""
    einde = np.minimum(hh.eind, hh.omslag)
    wie = np.flatnonzero(einde > hh.begin)
    n, beurten = len(wie), len(_ESTAFETTE)
    mediaan = np.array([e[2] for e in _ESTAFETTE], dtype=float)
    doet_mee = rng.random((n, beurten)) < np.array([e[1] for e in _ESTAFETTE])
    duur = np.where(doet_mee, np.maximum(10, mediaan * np.exp(0.5 * rng.normal(size=(n, beurten)))), 0)
    overlap = rng.random((n, beurten)) < 0.18
    gat = np.where(overlap, -rng.integers(1, 15, (n, beurten)), rng.integers(0, 29, (n, beurten)))
    gat = np.where(doet_mee & (np.cumsum(doet_mee, axis=1) > 1), gat, 0)
    eind = hh.begin[wie, None] + np.cumsum(duur.astype(np.int64) + gat, axis=1)
    begin = eind - duur.astype(np.int64)
    rij, beurt = np.nonzero(doet_mee & (begin < einde[wie, None]) & (begin >= hh.begin[wie, None]))
    h, begin, eind = wie[rij], begin[rij, beurt], eind[rij, beurt]
    soort = np.array([SOORT[e[0]] for e in _ESTAFETTE])[beurt]
    lokaal = soort == SOORT["lokaal_team"]
    org = np.where(lokaal, hh.lokaal[h], wereld.kies_org(hh.regio[h], soort, rng.random(len(h))))
    laatst = eind >= einde[h]
    reden = np.where(laatst & (hh.omslag[h] > hh.eind[h]), AFGEROND, OVERGEDRAGEN)
    rol = np.where(lokaal & (rng.random(len(h)) < 0.3), VAST, REGISSEUR)
    spells = _spells(
        wereld,
        h,
        prof=wereld.kies_prof(org, rng.random(len(h))),
        rol=rol,
        begin=begin,
        eind=np.minimum(np.minimum(eind, einde[h] + rng.integers(0, 15, len(h))), hh.eind[h]),
        reden=reden,
    )
    return _collega_neemt_over(rng, wereld, spells=spells)


def _collega_neemt_over(
    rng: np.random.Generator, wereld: Wereld, *, spells: Betrokkenheden
) -> Betrokkenheden:
    """Split part of the long turns: a colleague of the same organisation takes over."""
    duur = spells.eind - spells.begin
    knip = spells.begin + (duur * rng.uniform(0.3, 0.8, len(duur))).astype(np.int64)
    wissel = (duur > 120) & (rng.random(len(duur)) < 0.45)
    i = np.flatnonzero(wissel)
    later = spells.neem(i)
    nieuw = wereld.kies_opvolger(later.prof, rng.random(len(i)))
    eerst = _tot(spells, knip, waar=wissel)
    begin = np.minimum(knip[i] + rng.integers(0, 15, len(i)), later.eind - 1)
    return samen(eerst, replace(later, prof=nieuw, begin=begin))


def _vaste_gezichten(rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens) -> Betrokkenheden:
    """The fixed local professional from the start of the new way; now and then replaced."""
    wie = np.flatnonzero(hh.omslag < NOOIT)
    n = len(wie)
    wacht = rng.integers(0, 8, n) + (rng.random(n) < 0.08) * rng.integers(5, 35, n)
    duur = 30 + rng.exponential(JAAR / _WISSEL_PER_JAAR, (n, _WISSELINGEN))
    duur[:, -1] = NOOIT
    soort = rng.choice(3, (n, _WISSELINGEN), p=[0.45, 0.25, 0.30])
    gat = np.select(
        [soort == 1, soort == 2], [rng.integers(1, 22, soort.shape), -rng.integers(1, 15, soort.shape)]
    )
    gat[:, 0] = 0
    eind = (hh.omslag[wie] + wacht)[:, None] + np.cumsum(duur.astype(np.int64) + gat, axis=1)
    begin = eind - duur.astype(np.int64)
    prof = np.empty((n, _WISSELINGEN), dtype=np.int64)
    prof[:, 0] = wereld.kies_prof(hh.lokaal[wie], rng.random(n))
    for k in range(1, _WISSELINGEN):
        prof[:, k] = wereld.kies_opvolger(prof[:, k - 1], rng.random(n))
    rij, beurt = np.nonzero(begin < hh.eind[wie, None])
    h, eind = wie[rij], eind[rij, beurt]
    weg = hh.eind[h] - (rng.random(len(h)) < 0.15) * rng.integers(1, 30, len(h))
    laatst = eind >= weg
    return _spells(
        wereld,
        h,
        prof=prof[rij, beurt],
        rol=VAST,
        begin=begin[rij, beurt],
        eind=np.minimum(eind, weg),
        reden=np.where(laatst, AFGEROND, rng.choice([VERTREK, OVERGEDRAGEN], len(h), p=[0.7, 0.3])),
    )


def _duo_duur(rng: np.random.Generator, effect: Floats) -> Ints:
    duur = _DUO_MEDIAAN * np.exp(_DUO_SPREIDING * rng.normal(size=len(effect)) + effect)
    # Now and then a duo stays for years.
    duur = np.where(rng.random(len(effect)) < 0.006, duur * 6, duur)
    return np.maximum(3, duur).astype(np.int64)


def _duos(rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens) -> Betrokkenheden:
    """A colleague of the regional safety team joins; who stays long may need the duo again later."""
    nieuw = np.maximum(hh.eind - hh.omslag, 0)
    keren = -(-nieuw // _DUO_PERIODE)
    h = np.arange(hh.aantal).repeat(keren)
    lengte = nieuw[h] // keren[h]
    van = hh.omslag[h] + lengte * (np.arange(len(h)) - (np.cumsum(keren) - keren)[h])
    log_kans = _DUO + wereld.duo[hh.regio[h]] + 0.6 * (hh.zwaarte[h] - 1)
    duur = _duo_duur(rng, wereld.duo_duur[hh.regio[h]])
    begin = van + 7 + (rng.random(len(h)) * np.maximum(lengte - 10 - duur, 1)).astype(np.int64)
    eind = np.minimum(begin + duur, hh.eind[h])
    i = np.flatnonzero(rng.random(len(h)) < 1 / (1 + np.exp(-log_kans)))
    # A duo that would start while the former still runs is no new duo.
    loopt_nog = np.zeros(len(i), dtype=bool)
    loopt_nog[1:] = (h[i][1:] == h[i][:-1]) & (begin[i][1:] <= eind[i][:-1])
    i = i[~loopt_nog]
    h, begin, eind = h[i], begin[i], eind[i]

    soort = np.full(hh.aantal, SOORT["regionaal_veiligheidsteam"])
    per_huishouden = wereld.kies_prof(
        wereld.kies_org(hh.regio, soort, rng.random(hh.aantal)), rng.random(hh.aantal)
    )
    prof = per_huishouden[h]
    reden = rng.choice([AFGEROND, OVERGEDRAGEN, OVERIG], len(h), p=[0.8, 0.15, 0.05])
    spells = _spells(wereld, h, prof=prof, rol=LID, begin=begin, eind=eind, reden=reden)
    wissel = (rng.random(len(h)) < 0.08) & (eind - begin > 20)
    knip = begin + (eind - begin) // 2
    j = np.flatnonzero(wissel)
    andere = wereld.kies_opvolger(prof[j], rng.random(len(j)))
    overgenomen = _spells(wereld, h[j], prof=andere, rol=LID, begin=knip[j], eind=eind[j], reden=reden[j])
    return samen(_tot(spells, knip, waar=wissel), overgenomen)


def _oude_duos(rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens) -> Betrokkenheden:
    """Before the start and in the comparison regions a pair like a duo is rare."""
    einde = np.minimum(hh.eind, hh.omslag)
    h = np.flatnonzero((rng.random(hh.aantal) < _DUO_OUD) & (einde > hh.begin + 60))
    begin = hh.begin[h] + (rng.random(len(h)) * (einde - hh.begin - 30)[h]).astype(np.int64)
    eind = np.minimum(begin + _duo_duur(rng, np.zeros(len(h))), einde[h])
    org = wereld.kies_org(
        hh.regio[h], np.full(len(h), SOORT["regionaal_veiligheidsteam"]), rng.random(len(h))
    )
    delen = [
        _spells(
            wereld,
            h,
            prof=wereld.kies_prof(bij, rng.random(len(h))),
            rol=LID,
            begin=begin,
            eind=eind,
            reden=AFGEROND,
        )
        for bij in (org, hh.lokaal[h])
    ]
    return samen(*delen)


def _jeugdbeschermers(
    rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens, personen: Personen, maatregelen: Maatregelen
) -> Betrokkenheden:
    """The professional of the GI that carries out a measure, one per household and GI."""
    h = personen.huishouden[maatregelen.persoon]
    sleutel = h * len(wereld.org_soort) + maatregelen.org
    uniek, plek = np.unique(sleutel, return_inverse=True)
    begin, eind = np.full(len(uniek), NOOIT), np.zeros(len(uniek), dtype=np.int64)
    np.minimum.at(begin, plek, maatregelen.begin)
    np.maximum.at(eind, plek, maatregelen.eind)
    huishouden, org = np.divmod(uniek, len(wereld.org_soort))
    return _spells(
        wereld,
        huishouden,
        prof=wereld.kies_prof(org, rng.random(len(org))),
        rol=REGISSEUR,
        begin=begin,
        eind=np.minimum(eind, hh.eind[huishouden]),
        reden=AFGEROND,
    )


def _leden(rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens) -> Betrokkenheden:
    """The team around the household; smaller in the new way of working."""
    einde_oud = np.minimum(hh.eind, hh.omslag)
    delen = []
    for van, tot, tempo in (
        (hh.begin, einde_oud, _LEDEN_PER_JAAR),
        (np.minimum(hh.omslag, hh.eind), hh.eind, _LEDEN_NIEUW),
    ):
        jaren = np.maximum(tot - van, 0) / JAAR
        # More people come in the first months than later on.
        verwacht = tempo * hh.zwaarte * np.exp(wereld.drukte[hh.regio]) * (0.25 * (jaren > 0) + 0.9 * jaren)
        h = np.arange(hh.aantal).repeat(rng.poisson(verwacht))
        begin = van[h] + (rng.random(len(h)) ** 1.2 * (tot - van)[h]).astype(np.int64)
        duur = _LID_MEDIAAN * np.exp(_LID_SPREIDING * rng.normal(size=len(h)))
        soort = np.array([SOORT[s] for s in _LEDEN])[
            rng.choice(len(_LEDEN), len(h), p=np.array(list(_LEDEN.values())) / sum(_LEDEN.values()))
        ]
        org = wereld.kies_org(hh.regio[h], soort, rng.random(len(h)))
        org = np.where(soort == SOORT["lokaal_team"], hh.lokaal[h], org)
        delen.append(
            _spells(
                wereld,
                h,
                prof=wereld.kies_prof(org, rng.random(len(h))),
                rol=np.where(rng.random(len(h)) < 0.25, CONSULENT, LID),
                begin=begin,
                eind=np.minimum(begin + np.maximum(1, duur).astype(np.int64), hh.eind[h]),
                reden=np.where(rng.random(len(h)) < 0.9, AFGEROND, OVERIG),
            )
        )
    return samen(*delen)
