"""What may be published at which size: the table of the method, line by line, just under and just over."""

from __future__ import annotations

import pytest

from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.rules import CROSSING
from toekomstscenario_eval.protection.sizes import curves, most_draws, refusal
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind

STANDAARD, STRENG = load_policy(), load_policy("streng")
PROFIEL, REGIO = "gezinsprofiel", "proeftuin_regio"
KRUISING = f"{SITE}{CROSSING}{PROFIEL}"


def reason(kind, per, place, whole, soorten=2, policy=STANDAARD):
    return refusal(kind=kind, per=per, place_n=place, whole_n=whole, policy=policy, kinds_of_region=soorten)


# breakdown, households at the place, in the whole, kinds of region, and the kinds that may be published
ALLES = {kind.value for kind in Kind}
# No network of so few households.
KLEIN = ALLES - {"netwerk"}
VROEG = {"aandeel", "telling"}
GEVALLEN = [
    # under 30: nothing
    ("", 29, 29, 1, set()),
    (SITE_KIND, 29, 29, 1, set()),
    (SITE, 12, 29, 1, set()),
    # 30-99: the whole when there is one kind of region, kinds of region from 30, nothing else
    ("", 30, 30, 1, KLEIN),
    ("", 99, 99, 1, KLEIN),
    ("", 30, 30, 2, set()),
    ("", 99, 99, 2, set()),
    (SITE_KIND, 30, 30, 1, KLEIN),
    (SITE_KIND, 30, 59, 2, KLEIN),
    (SITE_KIND, 29, 59, 2, set()),
    (SITE_KIND, 70, 99, 2, KLEIN),
    (SITE, 40, 99, 2, set()),
    (PROFIEL, 60, 99, 1, set()),
    (REGIO, 60, 99, 2, set()),
    # 100-299: also the whole and breakdowns; of a site its size and shares
    ("", 100, 100, 2, ALLES),
    (SITE_KIND, 12, 100, 2, ALLES),
    (PROFIEL, 10, 100, 2, ALLES),
    (REGIO, 40, 299, 2, ALLES),
    (SITE, 10, 100, 2, VROEG),
    (SITE, 80, 299, 2, VROEG),
    (KRUISING, 30, 299, 2, set()),
    # 300 and more: every kind for each site
    (SITE, 10, 300, 2, ALLES),
    (KRUISING, 100, 1499, 2, set()),
    # 1,500 and more: crossings
    (KRUISING, 10, 1500, 2, ALLES),
    # under the threshold only its size, at every size of the whole
    (SITE, 9, 100, 2, {"telling"}),
    (SITE, 0, 100, 2, {"telling"}),
    (PROFIEL, 9, 12_000, 2, {"telling"}),
    (KRUISING, 9, 1500, 2, {"telling"}),
    (KRUISING, 9, 1499, 2, set()),
    # what the policy does not name
    ("leeftijd", 500, 12_000, 2, set()),
    (f"{SITE}{CROSSING}leeftijd", 500, 12_000, 2, set()),
    (f"{KRUISING}{CROSSING}{REGIO}", 500, 12_000, 2, set()),
]


@pytest.mark.parametrize(("per", "place", "whole", "soorten", "mag"), GEVALLEN)
def test_what_may_be_published(per, place, whole, soorten, mag):
    assert {k.value for k in Kind if not reason(k, per, place, whole, soorten)} == mag


@pytest.mark.parametrize(
    ("per", "place", "whole", "tekst"),
    [
        ("", 29, 29, "in het geheel tellen minder dan 30 huishoudens mee"),
        ("", 99, 99, "bij minder dan 100 huishoudens staan de soorten regio's elk apart, en niet samen"),
        (SITE_KIND, 29, 59, "hier tellen minder dan 30 huishoudens mee"),
        (SITE, 40, 99, "deze uitsplitsing kan vanaf 100 huishoudens in het geheel"),
        (SITE, 40, 299, "per proeftuin of regio kan dit vanaf 300 huishoudens in het geheel"),
        (KRUISING, 40, 1499, "naar twee kenmerken tegelijk kan vanaf 1500 huishoudens in het geheel"),
        (SITE, 9, 400, "hier tellen minder dan 10 huishoudens mee: alleen hun aantal is openbaar"),
        ("leeftijd", 90, 400, "het beleid 'standaard' staat de uitsplitsing 'leeftijd' niet toe"),
        (
            f"{KRUISING}{CROSSING}{REGIO}",
            90,
            4000,
            "naar meer dan twee kenmerken tegelijk wordt niet uitgesplitst",
        ),
    ],
)
def test_a_refusal_says_from_when(per, place, whole, tekst):
    assert reason(Kind.DUUR, per, place, whole) == tekst


@pytest.mark.parametrize(("per", "place"), [("", 99), (SITE_KIND, 99), (PROFIEL, 50)])
def test_a_network_says_from_when(per, place):
    tekst = "netwerken kunnen vanaf {} huishoudens in het geheel"
    assert reason(Kind.NETWERK, per, place, 99) == tekst.format(100)
    assert not reason(Kind.NETWERK, per, place, 100)
    assert reason(Kind.NETWERK, per, place, 199, policy=STRENG) == tekst.format(200)
    assert reason(Kind.NETWERK, SITE, 40, 299).endswith("vanaf 300 huishoudens in het geheel")


def test_another_policy_has_other_sizes():
    assert not reason(Kind.AANDEEL, REGIO, 30, 150)
    assert reason(Kind.AANDEEL, PROFIEL, 30, 199, policy=STRENG).endswith(
        "vanaf 200 huishoudens in het geheel"
    )
    assert not reason(Kind.AANDEEL, PROFIEL, 30, 200, policy=STRENG)
    assert "minder dan 20 huishoudens" in reason(Kind.AANDEEL, PROFIEL, 19, 200, policy=STRENG)
    assert "'streng' staat de uitsplitsing" in reason(Kind.AANDEEL, REGIO, 90, 400, policy=STRENG)


def test_curves_from_a_hundred():
    assert [curves(whole_n=n, policy=STANDAARD) for n in (30, 99, 100, 1500)] == [False, False, True, True]
    assert [curves(whole_n=n, policy=STRENG) for n in (199, 200)] == [False, True]


@pytest.mark.parametrize(
    ("per", "whole", "policy", "keer"),
    [
        ("", 40, STANDAARD, 3),
        (SITE_KIND, 299, STANDAARD, 3),
        (SITE, 299, STANDAARD, 1),
        (SITE, 300, STANDAARD, 3),
        (PROFIEL, 100, STANDAARD, 3),
        (KRUISING, 1500, STANDAARD, 3),
        (SITE, 599, STRENG, 1),
        (SITE, 600, STRENG, 5),
    ],
)
def test_how_often_a_place_may_be_drawn(per, whole, policy, keer):
    assert most_draws(per=per, whole_n=whole, policy=policy) == keer
