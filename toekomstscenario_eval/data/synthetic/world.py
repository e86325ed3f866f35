"""The fictitious world: regions with their own habits, organisations and professionals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, sleutels
from toekomstscenario_eval.data.synthetic.days import NOOIT, Bools, Floats, Ints, dag

# Invented places: (name, region, first day of working in the new way, tranche).
_PROEFTUINEN = (
    ("Brinkerade", "Regio Hogezoom", date(2024, 4, 1), 1),
    ("Vossenterp", "Regio Hogezoom", date(2024, 4, 15), 1),
    ("Lindemonde", "Regio Zandkust", date(2024, 5, 1), 1),
    ("Oosterkreek", "Regio Zandkust", date(2024, 7, 1), 1),
    ("Havikerdam", "Regio Watergaard", date(2024, 10, 1), 2),
    ("Merelwaarde", "Regio Watergaard", date(2024, 11, 1), 2),
    ("Sintelbroek", "Regio Turfrand", date(2025, 1, 1), 2),
    ("Kraanveld", "Regio Turfrand", date(2025, 2, 1), 2),
    ("Eikensluis", "Regio Heuvelzij", date(2025, 4, 1), 3),
    ("Rietkapelle", "Regio Heuvelzij", date(2025, 6, 1), 3),
    ("Duinhorst-Noord", "Regio Zandkust", date(2025, 7, 1), 3),
)
_VERGELIJKING = (
    ("Wilgenoever", "Regio Rivierzicht"),
    ("Steenmeer", "Regio Rivierzicht"),
    ("Zuiderlaar", "Regio Heuvelzij"),
)
REGIOS = len(_PROEFTUINEN) + len(_VERGELIJKING)
IS_PROEFTUIN = np.arange(REGIOS) < len(_PROEFTUINEN)
START = np.array([dag(p[2]) for p in _PROEFTUINEN] + [NOOIT] * len(_VERGELIJKING), dtype=np.int64)

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
_MINSTENS_LOKAAL = 3  # a handover inside a local team needs a colleague


@dataclass(frozen=True)
class Wereld:
    """Regions, organisations and professionals.

    Attributes
    ----------
    huishoudens : Ints
        Number of households per region.
    org_van : Ints, shape (regions, kinds)
        First organisation of a kind in a region; `org_aantal` tells how many follow.
    prof_van, prof_aantal : Ints
        First professional per organisation, and how many.
    gemengd : Ints
        All professionals, shuffled within their region.
    regio_van : Ints
        Where each region starts in `gemengd` (one more than there are regions).
    tweede_org : Ints
        The second organisation of a professional, or -1.
    duo, duo_duur, ots, drukte : Floats
        Random effects per region (log odds, log, log odds, log).
    grote_mdo : Bools
        Regions in which large meetings occur.
    """

    huishoudens: Ints
    org_soort: Ints
    org_van: Ints
    org_aantal: Ints
    prof_org: Ints
    prof_van: Ints
    prof_aantal: Ints
    gemengd: Ints
    regio_van: Ints
    tweede_org: Ints
    duo: Floats
    duo_duur: Floats
    ots: Floats
    drukte: Floats
    grote_mdo: Bools

    def kies_org(self, regio: Ints, soort: Ints, u: Floats) -> Ints:
        """Return an organisation of this kind in the region, by a uniform number."""
        org: Ints = self.org_van[regio, soort] + (u * self.org_aantal[regio, soort]).astype(np.int64)
        return org

    def kies_prof(self, org: Ints, u: Floats) -> Ints:
        """Return a professional of the organisation; the first ones are somewhat busier."""
        prof: Ints = self.prof_van[org] + (u**1.25 * self.prof_aantal[org]).astype(np.int64)
        return prof

    def kies_opvolger(self, prof: Ints, u: Floats) -> Ints:
        """Return another professional of the same organisation (the same where there is only one)."""
        org = self.prof_org[prof]
        stap = 1 + (u * (self.prof_aantal[org] - 1)).astype(np.int64)
        opvolger: Ints = self.prof_van[org] + (prof - self.prof_van[org] + stap) % self.prof_aantal[org]
        return opvolger


def verdeel(totaal: int, gewicht: Floats, *, minstens: Ints) -> Ints:
    """Divide `totaal` by weight with largest remainders; each part at least `minstens`."""
    deel = gewicht / gewicht.sum() * totaal
    uit: Ints = np.maximum(np.floor(deel).astype(np.int64), minstens)
    while (over := totaal - int(uit.sum())) != 0:
        # Take from, or give to, the parts that are furthest from their share.
        ruimte = uit > minstens if over < 0 else np.ones(len(uit), dtype=bool)
        if not ruimte.any():
            return uit
        orde = np.argsort(np.where(ruimte, np.sign(over) * (uit - deel), np.inf), kind="stable")
        uit[orde[: min(abs(over), int(ruimte.sum()))]] += np.sign(over)
    return uit


def _centred(rng: np.random.Generator, spreiding: float) -> Floats:
    """Random effects with mean zero over the proeftuinen and over the others, so that targets hold."""
    effect = rng.normal(0, spreiding, REGIOS)
    for groep in (IS_PROEFTUIN, ~IS_PROEFTUIN):
        effect[groep] -= effect[groep].mean()
    return effect


def maak_wereld(rng: np.random.Generator, *, huishoudens: int) -> Wereld:
    """Draw the world for this number of households."""
    gewicht = rng.permutation(np.geomspace(0.6, 1.8, REGIOS))
    minstens = np.full(REGIOS, 1 if huishoudens >= REGIOS else 0, dtype=np.int64)
    per_regio = verdeel(huishoudens, gewicht, minstens=minstens)
    # A region without households has no organisations.
    org_aantal = np.outer(per_regio > 0, [s[1] for s in _SOORTEN.values()]).astype(np.int64)
    org_aantal[:, SOORT["lokaal_team"]] += per_regio > np.median(per_regio)
    org_van = np.cumsum(org_aantal).reshape(org_aantal.shape) - org_aantal
    org_regio, org_soort = (
        as_.repeat(org_aantal.ravel()) for as_ in np.indices(org_aantal.shape).reshape(2, -1)
    )
    prof_aantal = _professionals(per_regio, org_regio=org_regio, org_soort=org_soort)
    prof_org = np.arange(len(org_regio)).repeat(prof_aantal)
    prof_regio = org_regio[prof_org]
    return Wereld(
        huishoudens=per_regio,
        org_soort=org_soort,
        org_van=org_van,
        org_aantal=org_aantal,
        prof_org=prof_org,
        prof_van=np.cumsum(prof_aantal) - prof_aantal,
        prof_aantal=prof_aantal,
        gemengd=np.lexsort((rng.random(len(prof_org)), prof_regio)),
        regio_van=np.searchsorted(prof_regio, np.arange(REGIOS + 1)),
        tweede_org=_second_jobs(
            rng, prof_org=prof_org, org_soort=org_soort, org_van=org_van, regio=prof_regio
        ),
        duo=_centred(rng, 0.35),
        duo_duur=_centred(rng, 0.10),
        ots=_centred(rng, 0.12),
        drukte=_centred(rng, 0.08),
        grote_mdo=np.isin(np.arange(REGIOS), rng.permutation(REGIOS)[:4]),
    )


def _professionals(per_regio: Ints, *, org_regio: Ints, org_soort: Ints) -> Ints:
    """Return the number of professionals per organisation."""
    lokaal = org_soort == SOORT["lokaal_team"]
    minstens = np.where(lokaal, _MINSTENS_LOKAAL, 1).astype(np.int64)
    aandeel = np.array([s[2] for s in _SOORTEN.values()])[org_soort]
    uit = minstens.copy()
    for regio in np.unique(org_regio):
        hier = org_regio == regio
        gewicht = aandeel[hier] / np.bincount(org_soort[hier], minlength=len(SOORT))[org_soort[hier]]
        totaal = round(per_regio[regio] / _HUISHOUDENS_PER_PROFESSIONAL)
        uit[hier] = verdeel(max(totaal, int(minstens[hier].sum())), gewicht, minstens=minstens[hier])
    return uit


def _second_jobs(
    rng: np.random.Generator, *, prof_org: Ints, org_soort: Ints, org_van: Ints, regio: Ints
) -> Ints:
    """Give a few professionals a second organisation in their region."""
    soort = org_soort[prof_org]
    paren = (("jeugdhulp", "onderwijs"), ("veilig_thuis", "raad"))
    waar = [soort == SOORT[eerste] for eerste, _ in paren]
    doel = np.select(waar, [org_van[regio, SOORT[tweede]] for _, tweede in paren], -1)
    uit: Ints = np.where(rng.random(len(soort)) < 0.08, doel, -1)
    return uit


def organisatie_sleutels(wereld: Wereld) -> pa.Array:
    """Return the keys of the organisations, such as `org_lt_03`, numbered within their kind."""
    afkorting = [s[0] for s in _SOORTEN.values()]
    nummer = np.zeros(len(wereld.org_soort), dtype=np.int64)
    for soort in range(len(SOORT)):
        hier = wereld.org_soort == soort
        nummer[hier] = np.arange(1, hier.sum() + 1)
    return pa.array([f"org_{afkorting[s]}_{n:02d}" for s, n in zip(wereld.org_soort, nummer, strict=True)])


def professional_sleutels(wereld: Wereld) -> pa.Array:
    """Return the keys of the professionals, such as `pr00012`."""
    return sleutels("pr", len(wereld.prof_org), breedte=5)


def proeftuin_sleutels() -> pa.Array:
    """Return the keys of the regions."""
    return sleutels("pt", REGIOS, breedte=2)


def wereld_tabellen(wereld: Wereld) -> dict[str, pd.DataFrame]:
    """Return the tables proeftuin, organisatie and professional."""
    regios = [p[:2] for p in _PROEFTUINEN] + list(_VERGELIJKING)
    tranche = [p[3] for p in _PROEFTUINEN] + [None] * len(_VERGELIJKING)
    domein = {r["code"]: r["domein"] for r in load_schema().codelijsten["organisatie_soort"].rijen}
    soorten = list(SOORT)
    domeinen = [domein[s] for s in soorten]
    prof_soort = wereld.org_soort[wereld.prof_org]
    return {
        "proeftuin": frame(
            proeftuin_id=proeftuin_sleutels(),
            naam=pa.array([r[0] for r in regios]),
            regio=pa.array([r[1] for r in regios]),
            soort=code(~IS_PROEFTUIN, ("proeftuin", "vergelijking")),
            start_datum=datum(START),
            tranche=pa.array(tranche, pa.int64()),
        ),
        "organisatie": frame(
            organisatie_id=organisatie_sleutels(wereld),
            soort=code(wereld.org_soort, soorten),
            domein=pa.array([domeinen[s] for s in wereld.org_soort]),
        ),
        "professional": frame(
            professional_id=professional_sleutels(wereld),
            functie=code(prof_soort, [s[3] for s in _SOORTEN.values()]),
        ),
    }
