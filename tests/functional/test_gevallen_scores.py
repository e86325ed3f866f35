"""Small packages in which part of the items was answered: once held against the error of all items."""

from __future__ import annotations

import numpy as np
import pytest
from test_met_de_hand import reken

from tests.data.conftest import write_package
from toekomstscenario_eval.study import Study

ITEMS = ("i1", "i2", "i3", "i4")
LEVELS = np.array([1.5, 0.5, -0.5, -1.5])  # the first item is the easiest
DAGEN = ("2024-02-01", "2024-09-01")
DEELS = "niet alle items van de schaal beantwoord"
HUISHOUDENS = 80
KORT = HUISHOUDENS // 2  # who answers the first item only, the second time


def answers(seed: int = 3) -> np.ndarray:
    """Return answers by household, moment and item: half a point better the second time."""
    rng = np.random.default_rng(seed)
    level = rng.normal(6, 1.5, (HUISHOUDENS, 1, 1)) + np.array([0.0, 0.5])[None, :, None] + LEVELS
    return np.round(level + rng.normal(0, 1, (HUISHOUDENS, 2, len(ITEMS))), 3)


def tables(x: np.ndarray, *, part: bool, schaal: str = "veiligheid") -> dict[str, str]:
    lines = [
        f"h{h:03d} | {dag} | lijst | {schaal} | {item} | {x[h, m, i]} | ouder"
        for h in range(len(x))
        for m, dag in enumerate(DAGEN)
        for i, item in enumerate(ITEMS)
        if not (part and m == 1 and h < KORT and i > 0)
    ]
    head = "huishouden_id | datum | instrument | schaal | item | waarde | informant"
    return {
        "huishouden": "huishouden_id | begin | eind\n"
        + "\n".join(f"h{h:03d} | 2024-01-01 |" for h in range(len(x))),
        "meting": "\n".join([head, *lines]),
    }


def error_of_one_answer(x: np.ndarray) -> float:
    """The squared error of an answer to one item: sd^2 (1 - alpha) of the first score, times the items."""
    k, first = x.shape[2], x[:, 0]
    alpha = k / (k - 1) * (1 - first.var(axis=0, ddof=1).sum() / first.sum(axis=1).var(ddof=1))
    return float(k * first.mean(axis=1).var(ddof=1) * (1 - alpha))


def test_part_of_the_items_is_no_score_and_is_counted():
    x = answers()
    rows, out = reken("betrouwbare_verbetering", tables(x, part=True))
    gone = rows.loc[rows["uitsluiting"].notna()]
    assert gone["uitsluiting"].unique().tolist() == [DEELS]
    assert sorted(gone["huishouden_id"]) == [f"h{h:03d}" for h in range(KORT)]
    change = np.diff(x.mean(axis=2), axis=1)[KORT:, 0]
    limit = 1.96 * np.sqrt(2 * error_of_one_answer(x) / 4)
    assert out.loc["aandeel", "teller"] == (change > limit).sum()
    assert out.loc["aandeel", "noemer"] == HUISHOUDENS - KORT
    # The answer of the same households when nobody left an item out.
    full, _ = reken("betrouwbare_verbetering", tables(x, part=False))
    both = rows.merge(full, on="huishouden_id").query("teller_x.notna()")
    assert both["teller_x"].tolist() == both["teller_y"].tolist()


def test_a_prorated_score_has_its_own_error():
    """Four items at first and one after: the limit is e sqrt(1/4 + 1/1), not e sqrt(1/4 + 1/4)."""
    x = answers()
    rows, _ = reken("betrouwbare_verbetering", tables(x, part=True), minimum_items=1)
    assert rows["uitsluiting"].isna().all()
    level = x[:, 0].mean(axis=0)
    short = x[:KORT, 1, 0] - level[0] + level.mean() - x[:KORT, 0].mean(axis=1)
    e = np.sqrt(error_of_one_answer(x))
    expected = short > 1.96 * e * np.sqrt(1 / 4 + 1)
    got = rows.set_index("huishouden_id")["teller"].sort_index()[:KORT].to_numpy()
    assert got.tolist() == expected.astype(int).tolist()
    # With the error of four items more would seem to have changed.
    assert (short > 1.96 * e * np.sqrt(2 / 4)).sum() > expected.sum()


@pytest.mark.parametrize(("minimum", "households"), [(2, KORT), (1, HUISHOUDENS)])
def test_the_least_number_of_items_decides(minimum, households):
    rows, out = reken("uitkomsten", tables(answers(), part=True), minimum_items=minimum)
    assert out["n"].unique().tolist() == [households]
    reasons = set(rows["uitsluiting"].dropna())
    assert reasons == ({"te weinig items van de schaal beantwoord"} if minimum == 2 else set())


def test_items_that_differ_in_level_do_not_move_the_mean():
    """The item that is answered lies 1.5 above the others: the plain mean of what is there rises as much."""
    x = answers()
    _, part = reken("uitkomsten", tables(x, part=True), minimum_items=1)
    _, full = reken("uitkomsten", tables(x, part=False))
    plain = x[:, 1].mean(axis=1)
    plain[:KORT] = x[:KORT, 1, 0]
    gap = plain.mean() - full.loc["gemiddelde", "schatting"]
    assert gap > 0.6
    assert part.loc["gemiddelde", "schatting"] == pytest.approx(full.loc["gemiddelde", "schatting"], abs=0.2)
    assert part.loc["gemiddelde_voor", "schatting"] == pytest.approx(x[:, 0].mean())


def test_no_side_effect_of_skipped_items():
    """Elsewhere: who answers an easy item on one value and a hard one on another has not changed at all."""
    lines = ["huishouden_id | datum | instrument | schaal | item | waarde | informant"]
    for h in range(10):
        for schaal, kept in (("veiligheid", "i1"), ("bestaanszekerheid", "i2"), ("ontwikkeling", "")):
            for dag in DAGEN:
                for item, waarde in (("i1", 9), ("i2", 3)):
                    if dag == DAGEN[0] or h >= 5 or not kept or item == kept:
                        lines.append(f"h{h} | {dag} | lijst | {schaal} | {item} | {waarde} | ouder")
    source = {
        "huishouden": "huishouden_id | begin | eind\n" + "\n".join(f"h{h} | 2024-01-01 |" for h in range(10)),
        "meting": "\n".join(lines),
    }
    rows, out = reken("neveneffecten", source)
    assert (out.loc["aandeel", "teller"], out.loc["aandeel", "noemer"]) == (0, 5)
    assert rows["uitsluiting"].dropna().tolist() == [f"veiligheid: {DEELS}"] * 5
    _, moved = reken("neveneffecten", source, minimum_items=1)
    assert (moved.loc["aandeel", "teller"], moved.loc["aandeel", "noemer"]) == (0, 10)


def test_agreement_is_about_the_same_items():
    """Elsewhere again: a professional who answers the easiest item only seems to see more safety."""
    x, lines = answers(), ["huishouden_id | datum | instrument | schaal | item | waarde | informant"]
    for h in range(HUISHOUDENS):
        for m, who in enumerate(("ouder", "professional")):
            for i, item in enumerate(ITEMS if who == "ouder" or h >= KORT else ITEMS[:1]):
                lines.append(f"h{h:03d} | {DAGEN[0]} | lijst | veiligheid | {item} | {x[h, m, i]} | {who}")
    source = {**tables(x, part=True), "meting": "\n".join(lines)}
    rows, _ = reken("overeenstemming_informanten", source)
    assert rows["uitsluiting"].eq(DEELS).sum() == KORT
    assert rows.loc[rows["uitsluiting"].isna(), "huishouden_id"].nunique() == HUISHOUDENS - KORT


def test_the_public_cells_follow_the_same_rows(voorbeeldpakket):
    """Published households of the whole lie within the noise of who has two complete measurements."""
    inside = Study.open(voorbeeldpakket, intern=True).bereken("uitkomsten")
    n = inside.schattingen["n"].iloc[0]
    gone = inside.uitsluitingen.set_index("reden")["aantal"]
    assert gone[DEELS] > 20
    public = Study.open(voorbeeldpakket).bereken("uitkomsten")
    cells = public.publiek[""].cellen
    (u,) = cells.loc[cells["naam"].eq("u") & cells["k"].eq(1), "n"]
    assert abs(u - n) <= public.publiek[""].ruis.d


@pytest.mark.parametrize("described", [False, True])
def test_an_item_that_runs_against_its_scale_is_found_before_alpha_is_printed(described, tmp_path):
    """With its direction in the table of scales alpha is that of the item turned round."""
    x = np.clip(np.rint(answers()), 1, 10)
    _, upright = reken("schaalbetrouwbaarheid", tables(x, part=False))
    x[:, :, 3] = 11 - x[:, :, 3]
    source = tables(x, part=False)
    if described:
        source["schaal_item"] = "instrument | schaal | item | minimum | maximum | richting\n" + "\n".join(
            f"lijst | veiligheid | {item} | 1 | 10 | {'lager' if item == 'i4' else 'hoger'}_is_beter"
            for item in ITEMS
        )
    _, out = reken("schaalbetrouwbaarheid", source)
    if described:
        assert out["schatting"].tolist() == pytest.approx(upright["schatting"].tolist())
        return
    assert out.loc["alfa", "schatting"] < upright.loc["alfa", "schatting"] - 0.2
    # The check says so before anything is calculated.
    ids = "meting_id | " + source["meting"].replace("\n", "\nm | ")
    numbered = [line.replace("m |", f"m{i} |", 1) for i, line in enumerate(ids.splitlines())]
    numbered[0] = ids.splitlines()[0]
    huishouden = source["huishouden"].replace("begin | eind", "proeftuin_id | begin | eind")
    map_ = write_package(
        tmp_path / "pakket",
        {
            "huishouden": huishouden.replace("| 2024-01-01 |", "| p1 | 2024-01-01 |"),
            "meting": "\n".join(numbered),
        },
        peildatum="2025-01-01",
        waarneemvenster={"begin": "2024-01-01", "eind": "2025-01-01"},
    )
    found = [f for f in Study.open(map_, intern=True).bevindingen if f.regel == "item_tegen_schaal"]
    assert [(f.status.value, f.aantal) for f in found] == [("gefaald", 2 * HUISHOUDENS)]
