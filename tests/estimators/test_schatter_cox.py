"""Proportional hazards: against statsmodels, counts against single rows, and what cannot be fitted."""

import contextlib
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.contrast import logrank
from toekomstscenario_eval.estimators.cox import cox, from_summary, proportional
from toekomstscenario_eval.estimators.cox_sums import efron

KOLOMMEN = ["instroom", "duur", "einde", "n", "x", "z", "stratum", "cluster"]
rij = st.tuples(
    st.sampled_from((0, 0, 2, 4)), st.integers(1, 6), st.sampled_from((0, 1, 1)), st.integers(1, 4),
    st.integers(0, 3), st.sampled_from((0.0, 0.5, 2.5)), st.sampled_from("ab"), st.sampled_from("pqr"),
).map(lambda r: (r[0], r[0] + r[1], *r[2:]))  # fmt: skip
rijen_ = st.lists(rij, min_size=8, max_size=25)


def voorbeeld(aantal=80, seed=11):
    """Spells with ties, late entry, two strata and nine clusters."""
    g = np.random.default_rng(seed)
    instroom = np.where(g.random(aantal) < 0.3, g.integers(1, 10, aantal), 0)
    x, z = g.integers(0, 3, aantal), g.normal(size=aantal).round(1)
    duur = instroom + 1 + np.minimum(30, g.exponential(12 * np.exp(-0.4 * x + 0.3 * z))).astype(int)
    return pd.DataFrame(
        {
            "instroom": instroom,
            "duur": duur,
            "einde": (g.random(aantal) < 0.7).astype(int),
            "n": g.integers(1, 4, aantal),
            "x": x,
            "z": z,
            "stratum": g.choice(["a", "b"], aantal),
            "cluster": g.integers(0, 9, aantal),
        }
    )


def pas(gegevens, covariaten=("x", "z")):
    """Fit, or leave the example when it cannot be fitted."""
    try:
        return cox(gegevens, covariaten)
    except GebruikFout:
        assume(False)
        raise


def getallen(model):
    return [w for e in model.effects for w in (e.coefficient, e.standard_error, e.model_error)] + [
        model.loglik
    ]


@settings(deadline=None)
@given(rijen_)
def test_as_statsmodels_with_counts_written_out(rijen):
    from statsmodels.duration.hazard_regression import PHReg

    d = pd.DataFrame(rijen, columns=KOLOMMEN)
    model = pas(d.drop(columns="cluster"))
    assume(max(abs(e.coefficient) for e in model.effects) < 3)
    los = d.loc[d.index.repeat(d["n"])]
    # There, unlike here and in R, who enters on a day is at risk on that day.
    ingang = los["instroom"].where(los["instroom"].eq(0), los["instroom"] + 0.5)
    ander = PHReg(
        los["duur"].astype(float), los[["x", "z"]].astype(float), status=los["einde"],
        entry=ingang.astype(float), strata=los["stratum"], ties="efron",
    )  # fmt: skip
    b = np.array([e.coefficient for e in model.effects])
    # At our estimate their likelihood is the same, its slope 0, and its curvature our variance.
    assert ander.loglike(b) == pytest.approx(model.loglik, rel=1e-8, abs=1e-8)
    assert ander.score(b) == pytest.approx([0, 0], abs=1e-5)
    assert np.linalg.inv(-ander.hessian(b)) == pytest.approx(np.array(model.variantie), rel=1e-5)


@settings(deadline=None)
@given(rijen_, st.randoms(use_true_random=False))
def test_row_order_and_splitting_rows_do_not_matter(rijen, willekeur):
    d = pd.DataFrame(rijen, columns=KOLOMMEN)
    los = d.loc[d.index.repeat(d["n"])].assign(n=1).sample(frac=1, random_state=willekeur.randrange(1000))
    # In text, because an error that cannot be had is not equal to itself.
    assert repr(pas(d)) == repr(pas(los))


def test_a_limit_larger_than_any_number_is_infinite():
    rijen = [(0, 1, 0, 1, 0, 0.0, "a", "p"), *[(0, 1, 0, 1, 1, 0.0, "a", "p")] * 3]
    rijen += [(0, 1, 0, 1, 1, 0.0, "b", "p"), (0, 1, 0, 2, 1, 0.5, "a", "p")]
    rijen += [(0, 1, 1, 1, 1, 0.0, "a", "p"), (0, 1, 1, 1, 2, 0.0, "b", "p")]
    d = pd.DataFrame(rijen, columns=KOLOMMEN).drop(columns="cluster")
    assert max(e.interval[1] for e in cox(d, ("x", "z")).effects) == np.inf


def test_order_and_names_of_strata_clusters_and_covariates_do_not_matter():
    d = voorbeeld()
    een = cox(d, ("x", "z"))
    anders = d.assign(stratum=d["stratum"].map({"a": "z", "b": "y"}), cluster=100 - d["cluster"])
    assert getallen(cox(anders, ("x", "z"))) == pytest.approx(getallen(een))
    gekeerd = cox(d, ("z", "x"))
    assert gekeerd.effects[1].coefficient == pytest.approx(een.effects[0].coefficient)
    assert gekeerd.effects[1].standard_error == pytest.approx(een.effects[0].standard_error)


def test_two_sites_merged_and_split_again():
    """With a stratum for each site the likelihood of both is the sum of that of each."""
    een, twee = voorbeeld(seed=3).assign(stratum="a"), voorbeeld(seed=4).assign(stratum="b")
    samen = cox(pd.concat([een, twee]), ("x", "z"))
    delen = [cox(d, ("x", "z")) for d in (een, twee)]
    assert samen.loglik_empty == pytest.approx(sum(m.loglik_empty for m in delen))
    assert samen.loglik < sum(m.loglik for m in delen)
    assert (samen.duren, samen.einden) == tuple(
        sum(getattr(m, k) for m in delen) for k in ("duren", "einden")
    )


def test_unit_and_origin_of_a_covariate():
    d = voorbeeld()
    een, tien = (cox(d.assign(x=x), ("x", "z")).effects[0] for x in (d["x"], 1000 + 10 * d["x"]))
    assert tien.coefficient == pytest.approx(een.coefficient / 10)
    assert tien.standard_error == pytest.approx(een.standard_error / 10)
    assert tien.p == pytest.approx(een.p)


def test_reading_of_an_effect():
    e = cox(voorbeeld(), ("x",)).effects[0]
    assert e.verhouding == pytest.approx(math.exp(e.coefficient))
    assert e.interval == pytest.approx(
        tuple(math.exp(e.coefficient + k * 1.959963984540054 * e.standard_error) for k in (-1, 1))
    )
    assert e.z == pytest.approx(e.coefficient / e.standard_error)
    assert e.p == pytest.approx(math.erfc(abs(e.z) / math.sqrt(2)))


def test_one_cluster_gives_no_interval():
    """Its robust variance is 0 by construction, which is not certainty."""
    model = cox(voorbeeld().assign(cluster="p"), ("x",))
    assert model.methode == "Cox (Efron), zonder interval: er is maar een cluster"
    effect = model.effects[0]
    assert math.isnan(effect.standard_error)
    assert math.isnan(effect.p)
    assert math.isfinite(effect.model_error)


@pytest.mark.parametrize(
    "rijen",
    [
        [(0, 1, 0, 5, 0, 0.0, "a", "p"), (0, 1, 0, 2, 0, 0.5, "a", "p"), (0, 3, 1, 1, 0, 0.0, "a", "p"),
         (0, 5, 0, 1, 1, 0.0, "a", "p"), (2, 6, 1, 1, 3, 0.0, "a", "p"), (4, 5, 1, 1, 0, 2.5, "a", "p")],
        [(0, 1, 0, 5, 0, 0.0, "a", "p"), (0, 1, 0, 2, 0, 0.5, "a", "p"), (0, 1, 1, 1, 0, 0.0, "a", "p"),
         (0, 3, 0, 1, 1, 0.0, "a", "p"), (2, 3, 1, 1, 0, 2.5, "a", "p"), (2, 4, 1, 1, 2, 0.0, "a", "p")],
    ],
)  # fmt: skip
def test_a_flat_start_is_no_leap_into_nowhere(rijen):
    """The first step of Newton would set the hazard of nearly everybody to 0."""
    d = pd.DataFrame(rijen, columns=KOLOMMEN).drop(columns="cluster")
    with contextlib.suppress(GebruikFout):
        assert np.isfinite(getallen(cox(d, ("x", "z")))).all()


def test_method_says_that_clusters_are_few():
    d = voorbeeld()
    assert cox(d, ("x",)).methode == (
        "Cox (Efron), 95%-interval (robuust per cluster); "
        "let op: bij minder dan 40 clusters zijn de intervallen te smal"
    )
    assert cox(d.drop(columns="cluster"), ("x",)).methode == "Cox (Efron), 95%-interval (model)"
    veel = cox(d.assign(cluster=range(len(d))), ("x",))
    assert (veel.clusters, veel.methode) == (80, "Cox (Efron), 95%-interval (robuust per cluster)")


def test_other_causes_are_censored():
    d = voorbeeld().assign(einde=lambda t: t["einde"] * (1 + t["duur"] % 2))
    een = cox(d, ("x",), cause=2)
    assert een == cox(d.assign(einde=d["einde"].eq(2).astype(int)), ("x",))
    assert een.einden < cox(d, ("x",)).einden


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0.1, 50), st.floats(0, 200)), min_size=1, max_size=6))
def test_closed_form_of_efrons_sums(dagen):
    m, d0, bij = (np.array(k, dtype=float) for k in zip(*dagen, strict=True))
    los, gesloten = (efron(m, d0 + bij, d0, loose_up_to=tot) for tot in (1000, 0))
    for een, twee in zip(los, gesloten, strict=True):
        assert twee == pytest.approx(een, rel=1e-8, abs=1e-8)


def test_millions_of_ties_as_counted():
    d = voorbeeld()
    klein, groot = cox(d, ("x", "z")), cox(d.assign(n=d["n"] * 1_000_000), ("x", "z"))
    # With ever more ties Efron's likelihood comes to its limit; it does not run away.
    for een, twee in zip(klein.effects, groot.effects, strict=True):
        assert twee.coefficient == pytest.approx(een.coefficient, abs=0.1)
        assert twee.model_error == pytest.approx(een.model_error / 1000, rel=0.1)


@settings(deadline=None)
@given(rijen_)
def test_summary_per_day_gives_what_the_spells_give(rijen):
    """Covariates, stratum and cluster of a group: which exit goes with which entry makes no difference."""
    sleutels = ["x", "z", "stratum", "cluster"]
    d = pd.DataFrame(rijen, columns=KOLOMMEN)
    erin = d[[*sleutels, "n"]].assign(dag=d["instroom"], soort=-1)
    eruit = d[[*sleutels, "n"]].assign(dag=d["duur"], soort=d["einde"])
    telling = pd.concat([erin, eruit]).groupby([*sleutels, "dag", "soort"])["n"].sum().reset_index()
    uit = from_summary(telling, sleutels)
    assert (uit["duur"] >= uit["instroom"]).all()
    assert uit["n"].sum() == d["n"].sum()
    # One cluster gives no robust error, in either: not a number has to be not a number there too.
    assert getallen(pas(uit)) == pytest.approx(getallen(pas(d)), rel=1e-6, abs=1e-9, nan_ok=True)


def test_one_binary_covariate_without_ties_against_logrank():
    """The log-rank statistic is the score test of the model; here by the slope at no effect."""
    d = pd.DataFrame({"instroom": 0, "duur": range(1, 41), "einde": 1, "n": 1})
    d["x"] = (d["duur"] * 7) % 5 < 2
    model = cox(d.assign(x=d["x"].astype(int)), ("x",))
    erin = pd.DataFrame({"groep": d["x"], "dag": 0, "soort": -1, "n": 1})
    eruit = pd.DataFrame({"groep": d["x"], "dag": d["duur"], "soort": 1, "n": 1})
    toets = logrank(pd.concat([erin, eruit]))
    assert model.effects[0].z ** 2 == pytest.approx(toets.statistiek, rel=0.1)
    assert 2 * (model.loglik - model.loglik_empty) == pytest.approx(toets.statistiek, rel=0.1)


def test_an_effect_that_fades_is_not_proportional():
    """Twice as fast in the first ten days, half as fast after."""
    g = np.random.default_rng(5)
    x = np.repeat([0, 1], 400)
    vroeg = g.exponential(np.where(x == 1, 8.0, 16.0))
    duur = np.ceil(np.where(vroeg < 10, vroeg, 10 + g.exponential(np.where(x == 1, 32.0, 16.0)))).astype(int)
    d = pd.DataFrame({"instroom": 0, "duur": duur, "einde": 1, "n": 1, "x": x})
    assert proportional(d, ("x",))["x"].p < 1e-4
    vast = np.ceil(g.exponential(np.where(x == 1, 10.0, 20.0))).astype(int)
    toets = proportional(d.assign(duur=vast), ("x",), transformation="identiteit")
    assert toets["x"].p > 0.01
    assert toets["geheel"].statistiek == pytest.approx(toets["x"].statistiek)
    assert toets["x"].methode == "evenredigheid, x"


def test_unknown_transformation_is_refused():
    with pytest.raises(GebruikFout) as fout:
        proportional(voorbeeld(), ("x",), transformation="rang")
    assert str(fout.value) == (
        "Opdracht niet begrepen: de transformatie 'rang' bestaat niet\n  Herstel: Kies uit: identiteit, km."
    )


@pytest.mark.parametrize(
    ("wijzig", "covariaten", "wat"),
    [
        (lambda d: d.assign(x=3), ("x",), "de covariaat 'x' is overal gelijk"),
        (lambda d: d.assign(y=2 * d["x"] - 1), ("x", "y"), "de covariaten zijn niet uit elkaar te houden"),
        (
            lambda d: d.assign(x=d["stratum"].eq("a") * 1),
            ("x",),
            "de covariaten zijn niet uit elkaar te houden",
        ),
        (
            lambda d: d.assign(einde=d["einde"] * d["x"].gt(0)),
            ("nul",),
            "een coëfficiënt loopt naar oneindig",
        ),
        (lambda d: d, (), "geef ten minste één covariaat, elk één keer"),
        (lambda d: d, ("x", "x"), "geef ten minste één covariaat, elk één keer"),
        (lambda d: d.assign(einde=0), ("x",), "de samenvatting klopt niet: geen enkele duur is beëindigd"),
        (
            lambda d: d.assign(n=d["n"] + 0.5),
            ("x",),
            "de samenvatting klopt niet: er staat iets anders in dan een aantal",
        ),
        (
            lambda d: d.assign(duur=-1),
            ("x",),
            "de samenvatting klopt niet: een duur eindigt voor de instroom",
        ),
        (
            lambda d: d.assign(instroom=-1),
            ("x",),
            "de samenvatting klopt niet: er staat een negatieve dag in",
        ),
        (
            lambda d: d.assign(instroom=d["duur"]),
            ("x",),
            "de samenvatting klopt niet: een duur telt geen dag",
        ),
        (lambda d: d.assign(cluster=None), ("x",), "de samenvatting klopt niet: er staan lege waarden in"),
    ],
)
def test_what_cannot_be_fitted_is_refused(wijzig, covariaten, wat):
    d = wijzig(voorbeeld())
    with pytest.raises(GebruikFout) as fout:
        cox(d.assign(nul=d["x"].eq(0).astype(int)), covariaten)
    assert str(fout.value).startswith(f"Opdracht niet begrepen: {wat}\n")


def test_censored_on_the_day_of_entry_is_harmless():
    d = voorbeeld().drop(columns="cluster")
    erbij = d.assign(instroom=d["duur"], einde=0)
    assert getallen(cox(pd.concat([d, erbij]), ("x", "z"))) == pytest.approx(getallen(cox(d, ("x", "z"))))
