"""Groups compared with the region as the unit, on four regions that can be worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from toekomstscenario_eval.estimators.group_tests import toets
from toekomstscenario_eval.summaries.registry import fill_params, find


@pytest.fixture(scope="module")
def rows():
    """Two households in each region; the change is the mean of the region, plus and minus one."""
    means = {("a", "p"): 10, ("a", "q"): 14, ("b", "r"): 2, ("b", "s"): 4}
    d = pd.DataFrame(
        [(*place, 2, 2 * m, (m - 1) ** 2 + (m + 1) ** 2) for place, m in means.items()],
        columns=["groep", "cluster", "n_paar", "paar_w", "paar_ww"],
    ).assign(som_v=0, som_vv=0, som_vw=0)
    wat = find("uitkomsten")
    return toets(d, wat.card, fill_params(wat, {}), naar="proeftuin_soort").set_index("toets")


def test_balanced_regions_give_the_t_test_on_their_means(rows):
    """12 against 3; the pooled variance of the means is (8 + 2) / 2, and t with 4 - 2 df is 4.302653."""
    row, half = rows.loc["verschil in verandering, regio als toevalseffect"], 4.302653 * math.sqrt(5)
    assert [row["schatting"], row["ondergrens"], row["bovengrens"]] == pytest.approx(
        [9, 9 - half, 9 + half], rel=1e-6
    )
    t = 9 / math.sqrt(5)
    assert [row["statistiek"], row["df"]] == pytest.approx([t, 2], rel=1e-6)
    assert row["p"] == pytest.approx(1 - t / math.sqrt(2 + t * t), rel=1e-5)


def test_mean_over_all_regions(rows):
    """10, 14, 2 and 4 have mean 7.5 and variance 91 / 3; t with 4 - 1 df is 3.182446."""
    row, half = rows.loc["gemiddelde verandering, regio als toevalseffect"], 3.182446 * math.sqrt(91 / 12)
    assert [row["schatting"], row["ondergrens"], row["bovengrens"]] == pytest.approx(
        [7.5, 7.5 - half, 7.5 + half], rel=1e-6
    )
    assert row["df"] == 3


def test_numbers_behind_it_are_pairs_of_scores_less_one_per_group(rows):
    assert rows[["vrijheid", "kleinste"]].to_numpy().tolist() == [[6, 4], [6, 4]]
