"""The design effect of a shared team: who shares, how large it is, what of it is public, and what it does."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from toekomstscenario_eval import design_effect
from toekomstscenario_eval.estimators import duration
from toekomstscenario_eval.summaries import teams
from toekomstscenario_eval.summaries.team_variance import Sums, design_effect_of, weights
from toekomstscenario_eval.types import Maat, Vorm

DAY = date(2025, 1, 1)
MATEN = {
    "gemiddelde_beperkt": Maat("gemiddelde", "dagen", Vorm.DAGEN),
    "langer_90": Maat("langer", "aandeel", Vorm.KANS),
}


def package(involved, organisations=(("lt", "lokaal_team"), ("lt2", "lokaal_team"), ("gi", "gi"))):
    """As much of a package as a team needs."""
    columns = ["huishouden_id", "professional_id", "organisatie_id", "rol", "begin", "eind"]
    frame = pd.DataFrame(involved, columns=columns)
    for day in ("begin", "eind"):
        frame[day] = pd.to_datetime(frame[day])
    t = ibis.memtable(frame)
    tables = {
        "betrokkenheid": t.mutate(begin=t.begin.cast("date"), eind=t.eind.cast("date")),
        "organisatie": ibis.memtable(pd.DataFrame(organisations, columns=["organisatie_id", "soort"])),
        "huishouden": ibis.memtable({"huishouden_id": sorted({row[0] for row in involved})}),
    }
    return SimpleNamespace(records=tables, peildatum=DAY, ontbreekt=lambda needed: "", once=lambda step: step)


def shared(involved):
    """The households of each team, as a set of sets."""
    found = teams.own_team(package(involved)).execute()
    return {frozenset(part["huishouden_id"]) for _, part in found.groupby("eigen_team")}


INVOLVED = [
    # h1 and h2: the same face; for h1 another face had fewer days, though more rows.
    ("h1", "a", "lt", "vast_gezicht", "2024-01-01", None),
    ("h1", "b", "lt", "vast_gezicht", "2024-01-01", "2024-01-05"),
    ("h1", "b", "lt", "vast_gezicht", "2024-02-01", "2024-02-05"),
    ("h2", "a", "gi", "vast_gezicht", "2024-06-01", "2024-06-10"),
    # h3 and h4: no face, the same local team; days of two members count once.
    ("h3", "c", "lt", "lid", "2024-01-01", "2024-01-11"),
    ("h3", "d", "lt", "lid", "2024-01-01", "2024-01-11"),
    ("h3", "e", "lt2", "lid", "2024-01-01", "2024-01-16"),
    ("h4", "f", "lt2", "regisseur", "2024-03-01", None),
    # h5: as many days with two local teams; the first by name.
    ("h5", "c", "lt", "lid", "2024-01-01", "2024-01-11"),
    ("h5", "c", "lt2", "lid", "2024-02-01", "2024-02-11"),
    # h6 and h7: the same institution, which is no team of theirs.
    ("h6", "g", "gi", "lid", "2024-01-01", None),
    ("h7", "g", "gi", "lid", "2024-01-01", None),
]


def test_a_team_is_the_fixed_face_else_the_local_team_with_most_days():
    assert shared(INVOLVED) == {
        frozenset(part) for part in (("h1", "h2"), ("h3", "h4"), ("h5",), ("h6",), ("h7",))
    }


def test_order_of_rows_does_not_matter():
    one, other = (
        teams.own_team(package(rows)).execute().sort_values("huishouden_id")["eigen_team"].tolist()
        for rows in (INVOLVED, INVOLVED[::-1])
    )
    assert one == other


@pytest.mark.parametrize(
    ("lacking", "known"),
    [((), True), (("rol",), True), (("soort",), True), (("rol", "soort"), False)],
)
def test_without_faces_and_local_teams_there_is_no_effect(lacking, known):
    def lacks(columns, codes):
        (((_, column), _),) = codes.items()
        return f"{column} ontbreekt" if column in lacking else ""

    assert teams.told(lacks, 100) == (100 if known else None)
    if not known:
        nothing = teams.effects(None, None, pd.DataFrame({"n": [1]}), None, None, horizon=365, least=None)
        assert nothing == {}


def sums(team, moved):
    m = np.bincount(team).astype(float)
    return Sums(float((np.bincount(team, moved) ** 2).sum()), *((m**p).sum() for p in (1, 2, 3, 4)))


def of_complete(durations, team):
    """Without censoring a spell moves the mean by its distance to it, over their number."""
    moved = (np.array(durations) - np.mean(durations)) / len(durations)
    return design_effect_of(sums(np.array(team), moved), float((moved**2).sum()))


def t_over_z(freedom):
    return (stats.t.ppf(0.975, freedom) / stats.norm.ppf(0.975)) ** 2


def test_three_teams_by_hand():
    """Teams (1, 3), (2, 5), (4, 6): sums -3, 0, 3, so 18 against 17.5, times 3/2; two degrees of freedom."""
    assert of_complete([1, 3, 2, 5, 4, 6], [0, 0, 1, 1, 2, 2]) == pytest.approx(18 / 17.5 * 1.5 * t_over_z(2))


def test_unequal_teams_by_hand():
    """Teams (1), (2, 3), (5, 6, 7): of m spells 1, 2 and 3, with mean 4."""
    durations, team = [1, 2, 3, 5, 6, 7], [0, 1, 1, 2, 2, 2]
    raw, variance = (3**2 + 3**2 + 6**2) / 36, 28 / 36
    alone = 6 - 14 / 6
    together = 14 - 2 * 36 / 6 + (14 / 6) ** 2
    rho = min(1.0, (raw / (variance / 6) - alone) / (together - alone))
    of_team = np.array([m * (1 + (m - 1) * rho) for m in (1, 2, 3)])
    freedom = max(1.0, of_team.sum() ** 2 / (of_team**2).sum() - 1)
    wanted = (1 + rho * (14 / 6 - 1)) * t_over_z(freedom)
    assert of_complete(durations, team) == pytest.approx(wanted)


@given(st.lists(st.integers(1, 900), min_size=3, max_size=40, unique=True))
@settings(deadline=None, max_examples=50)
def test_teams_of_one_spell_have_no_effect(durations):
    assert of_complete(durations, range(len(durations))) == 1


def test_one_team_tells_nothing_and_gets_the_highest():
    effect = of_complete([1, 2, 3, 7], [0, 0, 0, 0])
    assert np.isinf(effect)
    assert design_effect.in_halves(effect) == 20


@given(st.integers(0, 2**31), st.integers(2, 9))
@settings(deadline=None, max_examples=40)
def test_equal_teams_follow_the_rule_of_g_over_g_minus_one(seed, m):
    rng = np.random.default_rng(seed)
    team = np.repeat(np.arange(30), m)
    durations = rng.exponential(100, 30 * m) + np.repeat(rng.normal(0, 60, 30), m)
    moved = (durations - durations.mean()) / durations.size
    plain = (np.bincount(team, moved) ** 2).sum() / (moved**2).sum() * 30 / 29
    rho = (plain - 1) / (m - 1)
    if not 0 < rho < 1:
        return
    assert of_complete(durations, team) == pytest.approx(plain * t_over_z(29))


def spells(rng, n):
    entry = np.where(rng.random(n) < 0.3, rng.integers(0, 60, n), 0)
    stop = entry + np.ceil(rng.exponential(150, n)).astype(int)
    return pd.DataFrame(
        {
            "cel": rng.integers(1, 4, n),
            "huishouden_id": [f"h{i:03d}" for i in range(n)],
            "instroom": entry,
            "duur": np.minimum(stop, 700),
            "einde": (stop <= 700).astype(int) * rng.integers(0, 3, n),
        }
    )


class Cells:
    """Cells 1 and 2 are proeftuinen, cell 3 is a comparison region."""

    groepen = pd.DataFrame(
        {
            "cel": [1, 2, 3],
            "": "totaal",
            "proeftuin": ["Aa", "Be", "Ce"],
            "proeftuin_soort": ["proeftuin", "proeftuin", "vergelijking"],
        }
    )

    def groups_by(self, field):
        return self.groepen.set_index("cel")[field]


def asked(rows, monkeypatch, team):
    monkeypatch.setattr(teams, "own_team", lambda _: ibis.memtable(team))
    entry = rows.assign(dag=rows["instroom"], soort=-1)
    leave = rows.assign(dag=rows["duur"], soort=rows["einde"])
    counts = pd.concat([entry, leave]).groupby(["cel", "dag", "soort"]).size().rename("n").reset_index()
    houses = rows.groupby("cel").size().rename("huishoudens").reset_index()
    found = teams.effects(
        SimpleNamespace(), ibis.memtable(rows), counts, houses, Cells(), horizon=365, least=50
    )
    return found, houses, counts


def test_the_engine_gives_what_the_rows_give(monkeypatch):
    rng = np.random.default_rng(5)
    rows = spells(rng, 240)
    number = rng.integers(0, 25, 240)
    team = pd.DataFrame({"huishouden_id": rows["huishouden_id"], "eigen_team": number})
    found, houses, counts = asked(rows, monkeypatch, team)
    again, _, _ = asked(rows.sample(frac=1, random_state=1), monkeypatch, team)
    assert set(found) == {
        ("", "totaal"),
        ("proeftuin_soort", "proeftuin"),
        ("proeftuin_soort", "vergelijking"),
    }
    assert again == pytest.approx(found, rel=1e-12)
    for (field, groep), effect in found.items():
        own = [c for c, g in Cells().groups_by(field).items() if g == groep]
        mine = rows["cel"].isin(own).to_numpy()
        each, variance = weights(counts[counts["cel"].isin(own)], 365)
        of = each.set_index(["dag", "soort"])["gewicht"]
        part = rows[mine]
        moved = of.loc[list(zip(part["instroom"], [-1] * len(part), strict=True))].to_numpy()
        moved = moved + of.loc[list(zip(part["duur"], part["einde"], strict=True))].to_numpy()
        _, code = np.unique(number[mine], return_inverse=True)
        assert effect == pytest.approx(design_effect_of(sums(code, moved), variance))
    lent = teams.by_group(found, Cells(), "proeftuin", houses)
    assert lent == {
        "Aa": found["proeftuin_soort", "proeftuin"],
        "Be": found["proeftuin_soort", "proeftuin"],
        "Ce": found["proeftuin_soort", "vergelijking"],
    }


def test_a_group_of_few_households_has_none_of_its_own(monkeypatch):
    rng = np.random.default_rng(6)
    rows = spells(rng, 120).assign(cel=np.repeat([1, 2, 3], [40, 45, 35]))
    team = pd.DataFrame({"huishouden_id": rows["huishouden_id"], "eigen_team": rng.integers(0, 12, 120)})
    found, houses, _ = asked(rows, monkeypatch, team)
    assert set(found) == {("", "totaal"), ("proeftuin_soort", "proeftuin")}
    lent = teams.by_group(found, Cells(), "proeftuin", houses)
    assert lent["Ce"] == found["", "totaal"]


def test_a_profile_shares_in_proportion():
    assert design_effect.lent(3.0, "gezinsprofiel", 50, 200) == 1.5
    assert design_effect.lent(3.0, "proeftuin_regio", 50, 200) == 3.0
    assert design_effect.lent(3.0, "gezinsprofiel", 210, 200) == 3.0


@pytest.mark.parametrize(("effect", "halves"), [(0.2, 2), (1.2, 2), (1.25, 3), (1.6, 3), (9.8, 20), (40, 20)])
def test_halves_from_one_to_ten(effect, halves):
    assert design_effect.in_halves(effect) == halves


def test_the_interval_is_wider_by_the_root_of_the_effect():
    rng = np.random.default_rng(8)
    stop = np.ceil(rng.exponential(150, 200)).astype(int)
    data = pd.DataFrame(
        {
            "dag": [0] * 200 + np.minimum(stop, 400).tolist(),
            "soort": [-1] * 200 + (stop <= 400).tolist(),
            "n": 1,
        }
    )
    plain, wide = (
        {
            row["maat"]: row
            for row in duration.estimate_group(
                data, huishoudens=200, maten=MATEN, horizon=365, effect=effect
            ).schattingen
        }
        for effect in (None, 2.3)
    )
    width = [
        r["gemiddelde_beperkt"]["bovengrens"] - r["gemiddelde_beperkt"]["ondergrens"] for r in (plain, wide)
    ]
    assert width[1] / width[0] == pytest.approx(2.5**0.5)
    logs = [np.log(r["langer_90"]["bovengrens"] / r["langer_90"]["ondergrens"]) for r in (plain, wide)]
    assert logs[1] / logs[0] == pytest.approx(2.5**0.5)
    assert wide["langer_90"]["methode"].endswith(
        "; ontwerpeffect 2,5 voor huishoudens met hetzelfde vaste gezicht of lokale team"
    )
    assert plain["langer_90"]["methode"].endswith("; duren als onafhankelijk geteld (geen ontwerpeffect)")
