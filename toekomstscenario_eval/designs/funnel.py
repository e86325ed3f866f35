"""Funnel plot: the control limits of sites of different size around one target.

The limits say between which values a site of that size would lie if it shared the target and nothing
but chance played a part. They widen when the sites as a whole vary more than chance allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._noisy_limits import noisy_limits, share_variance
from toekomstscenario_eval.designs._site_likelihood import SiteCounts
from toekomstscenario_eval.designs._sites import Floats, Scale, SiteData, Soort, site_data
from toekomstscenario_eval.designs.meta import NAAM, shrink
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.types import SITE, Vorm

CARD = Design(
    label="Regio's in een trechter",
    vraag="Welke regio's liggen verder van het geheel dan toeval bij hun omvang verklaart?",
    assumption="Zonder echt verschil deelt elke regio het cijfer van het geheel, met alleen de spreiding van "
    "het toeval. Verschillen regio's onderling meer, dan worden de grenzen breder.",
    grens="Of een regio beter of slechter werkt. Verschillen regio's veel meer dan toeval verklaart (factor "
    "boven de 4), dan is er geen trechter: er is dan niet één geheel waar zij om liggen. De grenzen gelden "
    "per regio: van twintig valt er ook zonder echt verschil ongeveer één buiten de 95%-grens.",
    per=SITE,
    order=3,
    code="trechter",
    methode="Regio's in een trechter: grenzen van 95% en 99,8% om het geheel bij de omvang van een regio "
    "(Spiegelhalter 2005). In een openbaar verslag zijn de grenzen van een aandeel van huishoudens ruimer "
    "dan die om exacte cijfers: naast het toeval telt de ruis in de tellingen mee. De omvang is daar het "
    "gepubliceerde aantal huishoudens. De grenzen zijn exact en tussen twee tellingen geïnterpoleerd. "
    "Verschillen regio's meer dan toeval verklaart, dan zijn de grenzen daarvoor verbreed; de factor staat "
    "bij de figuur. Boven de 4 is er geen trechter. Staan er vergelijkingsregio's bij, dan liggen de grenzen "
    "om het cijfer van de proeftuinen, en telt alleen hun spreiding; vergelijkingsregio's zijn apart "
    "getekend.",
)
# The levels of the limits, as a reader sees them.
NIVEAU = {0.95: "95%", 0.998: "99,8%"}
# Of the most extreme sites at either side, this part is drawn in before over-dispersion is judged.
WINSOR = 0.1
# Over-dispersion beyond which there is no funnel. At 4 the limits are twice as wide as chance makes them, and
# chance is a quarter of the variance (I2 75%, "considerable" in Higgins and others 2003): sites then share no
# target that any of them could lie outside of (Spiegelhalter 2005, section 6).
LARGEST_PHI = 4.0


@dataclass(frozen=True)
class Funnel:
    """Sites in a funnel plot.

    Attributes
    ----------
    soort : str
        `binomiaal`: shares, size = units; `poisson`: rates, size = exposure; `normaal`: anything
        else on a scale where normality fits, size = 1 / variance; `ruis`: shares of protected counts,
        size = published households.
    doel : float
        The target that the limits lie around.
    phi : float
        Over-dispersion: 1 when the sites vary no more than chance allows, and larger otherwise.
    buiten : mapping of level to array of shape (k,)
        Per level of `NIVEAU` which sites lie outside the limits.
    ruis : Noise or None
        The noise in protected counts.
    """

    soort: Soort
    doel: float
    phi: float
    buiten: Mapping[float, NDArray[np.bool_]]
    ruis: Noise | None = None

    @property
    def meaningful(self) -> bool:
        """Whether limits around one target say anything: chance is no small part of how sites differ."""
        return self.phi <= LARGEST_PHI

    def limits(self, extent: Floats, niveau: float) -> tuple[Floats, Floats]:
        """Return the control limits at each size; see `control_limits` and `noisy_limits`."""
        if self.ruis is not None:
            return _wider(noisy_limits(self.ruis, self.doel, extent, niveau), self.doel, self.phi)
        return control_limits(self.soort, self.doel, extent, niveau=niveau, phi=self.phi)


def _between(probability: float, r: Floats, distribution: Callable[[Floats], Floats]) -> Floats:
    """Interpolate between two counts, so that limits do not jump with every unit more."""
    here, before = distribution(r), distribution(r - 1)
    stap = np.where(here > before, here - before, 1.0)
    return r - np.where(here > before, (here - probability) / stap, 0.0)


def _binomial(probability: float, n: Floats, p: float) -> Floats:
    def up_to_and_with(k: Floats) -> Floats:
        waarde = special.betainc(np.maximum(n - k, 1e-300), np.maximum(k + 1, 1e-300), 1 - p)
        return np.where(k < 0, 0.0, np.where(k >= n, 1.0, waarde))

    r = np.clip(np.ceil(special.bdtrik(probability, n, p) - 1e-9), 0, np.ceil(n))
    return np.clip(_between(probability, r, up_to_and_with) / n, 0.0, 1.0)


def _poisson(probability: float, e: Floats, rate: float) -> Floats:
    def up_to_and_with(k: Floats) -> Floats:
        return np.where(k < 0, 0.0, special.gammaincc(np.maximum(k + 1, 1e-300), rate * e))

    r = np.maximum(np.ceil(special.pdtrik(probability, rate * e) - 1e-9), 0)
    return np.maximum(_between(probability, r, up_to_and_with), 0.0) / e


def control_limits(
    soort: Soort, target: float, extent: Floats, *, niveau: float = 0.95, phi: float = 1.0
) -> tuple[Floats, Floats]:
    """Return the lower and upper control limit of a site of each size.

    Parameters
    ----------
    soort : {"binomiaal", "poisson", "normaal"}
        Exact limits of a share or a rate, interpolated between counts; or normal limits.
    target : float
        Target: a share, a rate, or a value on the scale of the normal limits.
    extent : array
        Units, exposure, or 1 / variance; positive.
    phi : float
        Over-dispersion of at least 1: the limits are those of a site of size `extent / phi`.

    References
    ----------
    Spiegelhalter (2005), appendix A.1, doi:10.1002/sim.1970
    """
    effective = np.asarray(extent, dtype=float) / phi
    if soort == "normaal":
        half = special.ndtri((1 + niveau) / 2) / np.sqrt(effective)
        return target - half, target + half
    probabilities = ((1 - niveau) / 2, (1 + niveau) / 2)
    edge = soort == "binomiaal" and not 0 < target < 1
    if edge or target <= 0:
        # Around a target of nothing (or everything) there is no chance to allow for.
        return np.full_like(effective, target), np.full_like(effective, target)
    exact = _binomial if soort == "binomiaal" else _poisson
    under, above = (exact(probability, effective, target) for probability in probabilities)
    return under, above


def overdispersion(soort: Soort, schatting: Floats, extent: Floats, target: float) -> float:
    """Return the over-dispersion factor of the sites, at least 1.

    Mean of the squared z-scores, of which the most extreme tenths are winsorised so that the very
    sites which the funnel should show do not hide themselves by widening it.

    References
    ----------
    Spiegelhalter (2005), doi:10.1002/sim.1970
    """
    variance = {"binomiaal": target * (1 - target), "poisson": target, "normaal": 1.0}[soort]
    if variance <= 0:
        return 1.0
    z = (schatting - target) * np.sqrt(extent / variance)
    z = np.clip(z, *np.quantile(z, (WINSOR, 1 - WINSOR)))
    return max(1.0, float(np.mean(z**2)))


def funnel(
    soort: Soort, schatting: Floats, extent: Floats, target: float, own: NDArray[np.bool_] | None = None
) -> Funnel:
    """Place sites in a funnel plot.

    Parameters
    ----------
    schatting, extent : array of shape (k,)
        Estimate and size per site; see `control_limits`.
    own : array of bool, optional
        The sites by which over-dispersion is judged; default all.

    Raises
    ------
    ValueError
        When a size is not positive, or an estimate is not finite.
    """
    y, n = np.asarray(schatting, dtype=float), np.asarray(extent, dtype=float)
    if not (np.isfinite(y).all() and np.isfinite(n).all() and (n > 0).all()):
        raise ValueError("elke regio heeft een schatting en een positieve omvang nodig")
    counted = np.ones(len(y), dtype=bool) if own is None else own
    phi = overdispersion(soort, y[counted], n[counted], target)
    outside = {}
    for niveau in NIVEAU:
        under, above = control_limits(soort, target, n, niveau=niveau, phi=phi)
        outside[niveau] = (y < under) | (y > above)
    return Funnel(soort, target, phi, outside)


def noisy_funnel(counts: SiteCounts, target: float, own: NDArray[np.bool_] | None = None) -> Funnel:
    """Place sites with protected counts in a funnel whose limits allow for chance and for noise."""
    n, share = counts.n.astype(np.float64), counts.shares
    # As many households without noise would vary as much.
    effective = target * (1 - target) / share_variance(counts.ruis, target, n)
    counted = np.ones(len(n), dtype=bool) if own is None else own
    phi = overdispersion("binomiaal", share[counted], effective[counted], target)
    found = Funnel("ruis", target, phi, {}, counts.ruis)
    bounds = {niveau: found.limits(n, niveau) for niveau in NIVEAU}
    return replace(
        found, buiten={k: (share < under) | (share > above) for k, (under, above) in bounds.items()}
    )


def _wider(bounds: tuple[Floats, Floats], target: float, phi: float) -> tuple[Floats, Floats]:
    """Return limits as far from the target as over-dispersion asks."""
    under, above = (target + math.sqrt(phi) * (bound - target) for bound in bounds)
    return np.maximum(under, 0.0), np.minimum(above, 1.0)


def around(sites: SiteData, mean: float) -> tuple[float, Funnel]:
    """Return the target in the unit of the estimand, and the sites in a funnel around it.

    The target is the whole, or the mean over the sites where the whole is hidden. With comparison regions
    among the sites it is that of the other ones together, by which over-dispersion is judged too: comparison
    regions are placed beside them and move no limit.
    """
    own = ~sites.apart
    target = _of_own(sites, own) if not own.all() else mean if sites.geheel is None else sites.geheel
    if sites.soort == "normaal":
        middle = float(sites.schaal.forth(np.array([target]))[0])
        return target, funnel(sites.soort, sites.y, sites.omvang, middle, own)
    if sites.telling is not None:
        return target, noisy_funnel(sites.telling, target, own)
    raw = sites.tabel["schatting"].to_numpy(dtype=float)
    return target, funnel(sites.soort, raw, sites.omvang, target, own)


def _of_own(sites: SiteData, own: NDArray[np.bool_]) -> float:
    """Return the figure of these sites together, each by its size."""
    if sites.telling is not None:
        having, rest = float(sites.telling.t[own].sum()), float(sites.telling.r[own].sum())
        return having / (having + rest)
    extent = sites.omvang[own]
    if sites.soort == "normaal":
        middle = float(np.sum(extent * sites.y[own]) / np.sum(extent))
        return float(sites.schaal.back(np.array([middle]))[0])
    raw = sites.tabel["schatting"].to_numpy(dtype=float)[own]
    return float(np.sum(extent * raw) / np.sum(extent))


def limits(funnel: Funnel, schaal: Scale, extent: Floats, niveau: float) -> tuple[Floats, Floats]:
    """Return the control limits in the unit of the estimand."""
    under, above = funnel.limits(extent, niveau)
    if funnel.soort == "normaal":
        return schaal.back(under), schaal.back(above)
    return under, above


def make(r: Released) -> Iterator[Made]:
    """Yield the limits at the size of every site, beside what is known of the sites together."""
    sites = site_data(r)
    if sites is None:
        return
    _, funnel = around(sites, shrink(sites).gemiddelde)
    waarden: dict[str, Any] = {}
    for niveau in funnel.buiten if funnel.meaningful else ():
        bounds = limits(funnel, sites.schaal, sites.omvang, niveau)
        for side, getallen in zip(("ondergrens", "bovengrens"), bounds, strict=True):
            waarden[f"grens_{NIVEAU[niveau]}_{side}"] = sites.per_site(getallen)
    waarden |= {"omvang": sites.per_site(sites.omvang), "phi": funnel.phi}
    vormen = {"omvang": Vorm.TELLING, "phi": Vorm.GETAL}
    yield Made(NAAM, "regio's samengenomen", sites.naam, sites.bronnen, waarden, vormen)
