"""The fictitious world: regions with their own habits, organisations and professionals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, keys
from toekomstscenario_eval.data.synthetic.days import NEVER, Bools, Floats, Ints, day

# Invented places: (name, region, first day of working in the new way, tranche).
# All have started when the last year before the peildatum begins, so that each is followed for a year.
_PROEFTUINEN = (
    ("Brinkerade", "Regio Hogezoom", date(2024, 4, 1), 1),
    ("Vossenterp", "Regio Hogezoom", date(2024, 4, 15), 1),
    ("Lindemonde", "Regio Zandkust", date(2024, 5, 1), 1),
    ("Oosterkreek", "Regio Zandkust", date(2024, 6, 1), 1),
    ("Havikerdam", "Regio Watergaard", date(2024, 8, 1), 2),
    ("Merelwaarde", "Regio Watergaard", date(2024, 8, 15), 2),
    ("Sintelbroek", "Regio Turfrand", date(2024, 9, 1), 2),
    ("Kraanveld", "Regio Turfrand", date(2024, 10, 1), 2),
    ("Eikensluis", "Regio Heuvelzij", date(2024, 12, 1), 3),
    ("Rietkapelle", "Regio Heuvelzij", date(2024, 12, 15), 3),
    ("Duinhorst-Noord", "Regio Zandkust", date(2025, 1, 1), 3),
)
_VERGELIJKING = (
    ("Wilgenoever", "Regio Rivierzicht"),
    ("Steenmeer", "Regio Rivierzicht"),
    ("Zuiderlaar", "Regio Heuvelzij"),
)
REGIOS = len(_PROEFTUINEN) + len(_VERGELIJKING)
IS_PROEFTUIN = np.arange(REGIOS) < len(_PROEFTUINEN)
START = np.array([day(p[2]) for p in _PROEFTUINEN] + [NEVER] * len(_VERGELIJKING), dtype=np.int64)

# Kind of organisation: (abbreviation in keys, organisations per region, share of the professionals, functie).
_SOORTEN = {
    "lokaal_team": ("lt", 2, 0.27, "gezinswerker"),
    "regionaal_veiligheidsteam": ("rvt", 1, 0.12, "veiligheidsdeskundige"),
    "veilig_thuis": ("vt", 1, 0.08, "medewerker Veilig Thuis"),
    "raad": ("rk", 1, 0.05, "raadsonderzoeker"),
    "gi": ("gi", 2, 0.11, "jeugdbeschermer"),
    "ggz": ("ggz", 1, 0.01, "behandelaar"),
    "verslavingszorg": ("vz", 1, 0.01, "behandelaar verslavingszorg"),
    "jeugdhulp": ("jh", 2, 0.13, "jeugdhulpverlener"),
    "onderwijs": ("ow", 2, 0.07, "intern begeleider"),
    "woningcorporatie": ("wc", 1, 0.02, "woonconsulent"),
    "inkomen_schulden": ("is", 1, 0.03, "schuldhulpverlener"),
    "huisarts_jgz": ("hj", 1, 0.04, "jeugdarts of -verpleegkundige"),
    "politie_om": ("po", 1, 0.02, "wijkagent"),
    "ervaringsdeskundig": ("ed", 1, 0.01, "ervaringsdeskundige"),
    "informeel": ("inf", 1, 0.02, "vrijwilliger"),
    "overig": ("ov", 1, 0.01, "overig"),
}
SOORT = {naam: i for i, naam in enumerate(_SOORTEN)}
_HUISHOUDENS_PER_PROFESSIONAL = 7.6
_AT_LEAST_LOCAL = 3  # a handover inside a local team needs a colleague


@dataclass(frozen=True)
class World:
    """Regions, organisations and professionals.

    Attributes
    ----------
    huishoudens : Ints
        Number of households per region.
    org_of : Ints, shape (regions, kinds)
        First organisation of a kind in a region; `org_aantal` tells how many follow.
    prof_of, prof_aantal : Ints
        First professional per organisation, and how many.
    mixed : Ints
        All professionals, shuffled within their region.
    regio_of : Ints
        Where each region starts in `mixed` (one more than there are regions).
    second_org : Ints
        The second organisation of a professional, or -1.
    duo, duo_duur, ots, crowding : Floats
        Random effects per region (log odds, log, log odds, log).
    large_mdo : Bools
        Regions in which large meetings occur.
    """

    huishoudens: Ints
    org_soort: Ints
    org_of: Ints
    org_aantal: Ints
    prof_org: Ints
    prof_of: Ints
    prof_aantal: Ints
    mixed: Ints
    regio_of: Ints
    second_org: Ints
    duo: Floats
    duo_duur: Floats
    ots: Floats
    crowding: Floats
    large_mdo: Bools

    def choose_org(self, regio: Ints, soort: Ints, u: Floats) -> Ints:
        """Return an organisation of this kind in the region, by a uniform number."""
        org: Ints = self.org_of[regio, soort] + (u * self.org_aantal[regio, soort]).astype(np.int64)
        return org

    def choose_prof(self, org: Ints, u: Floats) -> Ints:
        """Return a professional of the organisation; the first ones are somewhat busier."""
        prof: Ints = self.prof_of[org] + (u**1.25 * self.prof_aantal[org]).astype(np.int64)
        return prof

    def choose_successor(self, prof: Ints, u: Floats) -> Ints:
        """Return another professional of the same organisation (the same where there is only one)."""
        org = self.prof_org[prof]
        stap = 1 + (u * (self.prof_aantal[org] - 1)).astype(np.int64)
        successor: Ints = self.prof_of[org] + (prof - self.prof_of[org] + stap) % self.prof_aantal[org]
        return successor


def divide(totaal: int, weight: Floats, *, at_least: Ints) -> Ints:
    """Divide `totaal` by weight with largest remainders; each part at least `at_least`."""
    part = weight / weight.sum() * totaal
    out: Ints = np.maximum(np.floor(part).astype(np.int64), at_least)
    while (over := totaal - int(out.sum())) != 0:
        # Take from, or give to, the parts that are furthest from their share.
        room = out > at_least if over < 0 else np.ones(len(out), dtype=bool)
        if not room.any():
            return out
        ordering = np.argsort(np.where(room, np.sign(over) * (out - part), np.inf), kind="stable")
        out[ordering[: min(abs(over), int(room.sum()))]] += np.sign(over)
    return out


def _centred(rng: np.random.Generator, spread: float) -> Floats:
    """Random effects with mean zero over the proeftuinen and over the others, so that targets hold."""
    effect = rng.normal(0, spread, REGIOS)
    for groep in (IS_PROEFTUIN, ~IS_PROEFTUIN):
        effect[groep] -= effect[groep].mean()
    return effect


def make_world(rng: np.random.Generator, *, huishoudens: int) -> World:
    """Draw the world for this number of households."""
    weight = rng.permutation(np.geomspace(0.6, 1.8, REGIOS))
    at_least = np.full(REGIOS, 1 if huishoudens >= REGIOS else 0, dtype=np.int64)
    per_regio = divide(huishoudens, weight, at_least=at_least)
    # A region without households has no organisations.
    org_aantal = np.outer(per_regio > 0, [s[1] for s in _SOORTEN.values()]).astype(np.int64)
    org_aantal[:, SOORT["lokaal_team"]] += per_regio > np.median(per_regio)
    org_of = np.cumsum(org_aantal).reshape(org_aantal.shape) - org_aantal
    org_regio, org_soort = (
        as_.repeat(org_aantal.ravel()) for as_ in np.indices(org_aantal.shape).reshape(2, -1)
    )
    prof_aantal = _professionals(per_regio, org_regio=org_regio, org_soort=org_soort)
    prof_org = np.arange(len(org_regio)).repeat(prof_aantal)
    prof_regio = org_regio[prof_org]
    return World(
        huishoudens=per_regio,
        org_soort=org_soort,
        org_of=org_of,
        org_aantal=org_aantal,
        prof_org=prof_org,
        prof_of=np.cumsum(prof_aantal) - prof_aantal,
        prof_aantal=prof_aantal,
        mixed=np.lexsort((rng.random(len(prof_org)), prof_regio)),
        regio_of=np.searchsorted(prof_regio, np.arange(REGIOS + 1)),
        second_org=_second_jobs(rng, prof_org=prof_org, org_soort=org_soort, org_of=org_of, regio=prof_regio),
        duo=_centred(rng, 0.35),
        duo_duur=_centred(rng, 0.10),
        ots=_centred(rng, 0.12),
        crowding=_centred(rng, 0.08),
        large_mdo=np.isin(np.arange(REGIOS), rng.permutation(REGIOS)[:4]),
    )


def _professionals(per_regio: Ints, *, org_regio: Ints, org_soort: Ints) -> Ints:
    """Return the number of professionals per organisation."""
    local = org_soort == SOORT["lokaal_team"]
    at_least = np.where(local, _AT_LEAST_LOCAL, 1).astype(np.int64)
    aandeel = np.array([s[2] for s in _SOORTEN.values()])[org_soort]
    out = at_least.copy()
    for regio in np.unique(org_regio):
        here = org_regio == regio
        weight = aandeel[here] / np.bincount(org_soort[here], minlength=len(SOORT))[org_soort[here]]
        totaal = round(per_regio[regio] / _HUISHOUDENS_PER_PROFESSIONAL)
        out[here] = divide(max(totaal, int(at_least[here].sum())), weight, at_least=at_least[here])
    return out


def _second_jobs(
    rng: np.random.Generator, *, prof_org: Ints, org_soort: Ints, org_of: Ints, regio: Ints
) -> Ints:
    """Give a few professionals a second organisation in their region."""
    soort = org_soort[prof_org]
    pairs = (("jeugdhulp", "onderwijs"), ("veilig_thuis", "raad"))
    where = [soort == SOORT[first] for first, _ in pairs]
    target = np.select(where, [org_of[regio, SOORT[second]] for _, second in pairs], -1)
    out: Ints = np.where(rng.random(len(soort)) < 0.08, target, -1)
    return out


def organisatie_keys(world: World) -> pa.Array:
    """Return the keys of the organisations, such as `org_lt_03`, numbered within their kind."""
    abbreviation = [s[0] for s in _SOORTEN.values()]
    number = np.zeros(len(world.org_soort), dtype=np.int64)
    for soort in range(len(SOORT)):
        here = world.org_soort == soort
        number[here] = np.arange(1, here.sum() + 1)
    return pa.array([f"org_{abbreviation[s]}_{n:02d}" for s, n in zip(world.org_soort, number, strict=True)])


def professional_keys(world: World) -> pa.Array:
    """Return the keys of the professionals, such as `pr00012`."""
    return keys("pr", len(world.prof_org), width=5)


def proeftuin_keys() -> pa.Array:
    """Return the keys of the regions."""
    return keys("pt", REGIOS, width=2)


def world_tables(world: World) -> dict[str, pd.DataFrame]:
    """Return the tables proeftuin, organisatie and professional."""
    regios = [p[:2] for p in _PROEFTUINEN] + list(_VERGELIJKING)
    tranche = [p[3] for p in _PROEFTUINEN] + [None] * len(_VERGELIJKING)
    domein = {r["code"]: r["domein"] for r in load_schema().codelists["organisatie_soort"].rijen}
    soorten = list(SOORT)
    domeinen = [domein[s] for s in soorten]
    prof_soort = world.org_soort[world.prof_org]
    return {
        "proeftuin": frame(
            proeftuin_id=proeftuin_keys(),
            naam=pa.array([r[0] for r in regios]),
            regio=pa.array([r[1] for r in regios]),
            soort=code(~IS_PROEFTUIN, ("proeftuin", "vergelijking")),
            start_datum=datum(START),
            tranche=pa.array(tranche, pa.int64()),
        ),
        "organisatie": frame(
            organisatie_id=organisatie_keys(world),
            soort=code(world.org_soort, soorten),
            domein=pa.array([domeinen[s] for s in world.org_soort]),
        ),
        "professional": frame(
            professional_id=professional_keys(world),
            functie=code(prof_soort, [s[3] for s in _SOORTEN.values()]),
        ),
    }
