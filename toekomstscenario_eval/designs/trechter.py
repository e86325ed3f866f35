"""Funnel plot: the control limits of sites of different size around one target.

The limits say between which values a site of that size would lie if it shared the target and nothing
but chance played a part. They widen when the sites as a whole vary more than chance allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._sites import Floats, Scale, SiteData, Soort, site_data
from toekomstscenario_eval.designs.meta import NAAM, shrink
from toekomstscenario_eval.types import SITE, Vorm

CARD = Design(
    label="Regio's in een trechter",
    vraag="Welke regio's liggen verder van het geheel dan toeval bij hun omvang verklaart?",
    aanname="Zonder echt verschil deelt elke regio het cijfer van het geheel, met alleen de spreiding van "
    "het toeval. Verschillen regio's onderling meer, dan worden de grenzen breder.",
    grens="Of een regio beter of slechter werkt. De grenzen gelden per regio: van twintig valt er ook "
    "zonder echt verschil ongeveer één buiten de 95%-grens.",
    per=SITE,
    volgorde=3,
)
# The levels of the limits, as a reader sees them.
NIVEAU = {0.95: "95%", 0.998: "99,8%"}
# Of the most extreme sites at either side, this part is drawn in before over-dispersion is judged.
WINSOR = 0.1


@dataclass(frozen=True)
class Funnel:
    """Sites in a funnel plot.

    Attributes
    ----------
    soort : str
        `binomiaal`: shares, size = units; `poisson`: rates, size = exposure; `normaal`: anything
        else on a scale where normality fits, size = 1 / variance.
    doel : float
        The target that the limits lie around.
    phi : float
        Over-dispersion: 1 when the sites vary no more than chance allows, and larger otherwise.
    buiten : mapping of level to array of shape (k,)
        Per level of `NIVEAU` which sites lie outside the limits.
    """

    soort: Soort
    doel: float
    phi: float
    buiten: Mapping[float, NDArray[np.bool_]]

    def limits(self, omvang: Floats, niveau: float) -> tuple[Floats, Floats]:
        """Return the control limits at each size; see `control_limits`."""
        return control_limits(self.soort, self.doel, omvang, niveau=niveau, phi=self.phi)


def _between(kans: float, r: Floats, verdeling: Callable[[Floats], Floats]) -> Floats:
    """Interpolate between two counts, so that limits do not jump with every unit more."""
    hier, ervoor = verdeling(r), verdeling(r - 1)
    stap = np.where(hier > ervoor, hier - ervoor, 1.0)
    return r - np.where(hier > ervoor, (hier - kans) / stap, 0.0)


def _binomial(kans: float, n: Floats, p: float) -> Floats:
    def tot_en_met(k: Floats) -> Floats:
        waarde = special.betainc(np.maximum(n - k, 1e-300), np.maximum(k + 1, 1e-300), 1 - p)
        return np.where(k < 0, 0.0, np.where(k >= n, 1.0, waarde))

    r = np.clip(np.ceil(special.bdtrik(kans, n, p) - 1e-9), 0, np.ceil(n))
    return np.clip(_between(kans, r, tot_en_met) / n, 0.0, 1.0)


def _poisson(kans: float, e: Floats, tempo: float) -> Floats:
    def tot_en_met(k: Floats) -> Floats:
        return np.where(k < 0, 0.0, special.gammaincc(np.maximum(k + 1, 1e-300), tempo * e))

    r = np.maximum(np.ceil(special.pdtrik(kans, tempo * e) - 1e-9), 0)
    return np.maximum(_between(kans, r, tot_en_met), 0.0) / e


def control_limits(
    soort: Soort, doel: float, omvang: Floats, *, niveau: float = 0.95, phi: float = 1.0
) -> tuple[Floats, Floats]:
    """Return the lower and upper control limit of a site of each size.

    Parameters
    ----------
    soort : {"binomiaal", "poisson", "normaal"}
        Exact limits of a share or a rate, interpolated between counts; or normal limits.
    doel : float
        Target: a share, a rate, or a value on the scale of the normal limits.
    omvang : array
        Units, exposure, or 1 / variance; positive.
    phi : float
        Over-dispersion of at least 1: the limits are those of a site of size `omvang / phi`.

    References
    ----------
    Spiegelhalter (2005), appendix A.1, doi:10.1002/sim.1970
    """
    effectief = np.asarray(omvang, dtype=float) / phi
    if soort == "normaal":
        half = special.ndtri((1 + niveau) / 2) / np.sqrt(effectief)
        return doel - half, doel + half
    kansen = ((1 - niveau) / 2, (1 + niveau) / 2)
    rand = soort == "binomiaal" and not 0 < doel < 1
    if rand or doel <= 0:
        # Around a target of nothing (or everything) there is no chance to allow for.
        return np.full_like(effectief, doel), np.full_like(effectief, doel)
    exact = _binomial if soort == "binomiaal" else _poisson
    onder, boven = (exact(kans, effectief, doel) for kans in kansen)
    return onder, boven


def overdispersion(soort: Soort, schatting: Floats, omvang: Floats, doel: float) -> float:
    """Return the over-dispersion factor of the sites, at least 1.

    Mean of the squared z-scores, of which the most extreme tenths are winsorised so that the very
    sites which the funnel should show do not hide themselves by widening it.

    References
    ----------
    Spiegelhalter (2005), doi:10.1002/sim.1970
    """
    variantie = {"binomiaal": doel * (1 - doel), "poisson": doel, "normaal": 1.0}[soort]
    if variantie <= 0:
        return 1.0
    z = (schatting - doel) * np.sqrt(omvang / variantie)
    z = np.clip(z, *np.quantile(z, (WINSOR, 1 - WINSOR)))
    return max(1.0, float(np.mean(z**2)))


def funnel(soort: Soort, schatting: Floats, omvang: Floats, doel: float) -> Funnel:
    """Place sites in a funnel plot.

    Parameters
    ----------
    schatting, omvang : array of shape (k,)
        Estimate and size per site; see `control_limits`.

    Raises
    ------
    ValueError
        When a size is not positive, or an estimate is not finite.
    """
    y, n = np.asarray(schatting, dtype=float), np.asarray(omvang, dtype=float)
    if not (np.isfinite(y).all() and np.isfinite(n).all() and (n > 0).all()):
        raise ValueError("elke regio heeft een schatting en een positieve omvang nodig")
    phi = overdispersion(soort, y, n, doel)
    buiten = {}
    for niveau in NIVEAU:
        onder, boven = control_limits(soort, doel, n, niveau=niveau, phi=phi)
        buiten[niveau] = (y < onder) | (y > boven)
    return Funnel(soort, doel, phi, buiten)


def around(sites: SiteData, gemiddelde: float) -> tuple[float, Funnel]:
    """Return the target in the unit of the estimand, and the sites in a funnel around it.

    The target is the whole, or the mean over the sites where the whole is hidden.
    """
    doel = gemiddelde if sites.geheel is None else sites.geheel
    if sites.soort == "normaal":
        midden = float(sites.schaal.heen(np.array([doel]))[0])
        return doel, funnel(sites.soort, sites.y, sites.omvang, midden)
    ruw = sites.tabel["schatting"].to_numpy(dtype=float)
    return doel, funnel(sites.soort, ruw, sites.omvang, doel)


def limits(trechter: Funnel, schaal: Scale, omvang: Floats, niveau: float) -> tuple[Floats, Floats]:
    """Return the control limits in the unit of the estimand."""
    onder, boven = trechter.limits(omvang, niveau)
    if trechter.soort == "normaal":
        return schaal.terug(onder), schaal.terug(boven)
    return onder, boven


def make(r: Released) -> Iterator[Made]:
    """Yield the limits at the size of every site, beside what is known of the sites together."""
    sites = site_data(r)
    if sites is None:
        return
    _, trechter = around(sites, shrink(sites).gemiddelde)
    waarden: dict[str, Any] = {}
    for niveau in trechter.buiten:
        grenzen = limits(trechter, sites.schaal, sites.omvang, niveau)
        for kant, getallen in zip(("ondergrens", "bovengrens"), grenzen, strict=True):
            waarden[f"grens_{NIVEAU[niveau]}_{kant}"] = sites.per_site(getallen)
    waarden |= {"omvang": sites.per_site(sites.omvang), "phi": trechter.phi}
    vormen = {"omvang": Vorm.TELLING, "phi": Vorm.GETAL}
    yield Made(NAAM, "regio's samengenomen", sites.naam, sites.bronnen, waarden, vormen)
