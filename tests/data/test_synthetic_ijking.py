"""The example package has the figures of `IJKING`, measured from its files with pandas only.

Nothing of the toolkit is used to measure, so that a fault in it cannot hide a fault in the data.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ijking import IJKING

from toekomstscenario_eval.data.synthetic import make_example

PEIL = pd.Timestamp("2026-01-01")
VAN = pd.Timestamp("2024-01-01")
JAAR_VAN = pd.Timestamp("2025-01-01")


def lees(map_: Path) -> dict[str, pd.DataFrame]:
    """Read every CSV as text codes, with dates as timestamps."""
    tabellen = {}
    for pad in sorted(map_.glob("*.csv")):
        tabel = pd.read_csv(pad, dtype={"soort": str, "reden_einde": str})
        for kolom in {"begin", "eind", "datum", "start_datum"} & set(tabel.columns):
            tabel[kolom] = pd.to_datetime(tabel[kolom])
        tabellen[pad.stem] = tabel
    t = tabellen
    t["huishouden"] = t["huishouden"].merge(t["proeftuin"][["proeftuin_id", "soort", "start_datum"]])
    t["huishouden"]["tot"] = t["huishouden"]["eind"].fillna(PEIL)
    return tabellen


def duos(t: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Uninterrupted periods with both a local and a safety team professional (sweep over days)."""
    b = t["betrokkenheid"].merge(t["organisatie"][["organisatie_id", "soort"]])
    b = b[b["soort"].isin(["lokaal_team", "regionaal_veiligheidsteam"])]
    delen = [
        pd.DataFrame(
            {
                "huishouden_id": b["huishouden_id"],
                "dag": b[kolom].fillna(PEIL),
                "lt": np.where(b["soort"] == "lokaal_team", teken, 0),
                "rvt": np.where(b["soort"] == "lokaal_team", 0, teken),
            }
        )
        for kolom, teken in (("begin", 1), ("eind", -1))
    ]
    per_dag = pd.concat(delen).groupby(["huishouden_id", "dag"], as_index=False)[["lt", "rvt"]].sum()
    stand = per_dag.groupby("huishouden_id")[["lt", "rvt"]].cumsum()
    per_dag["samen"] = (stand > 0).all(axis=1)
    vorig = per_dag.groupby("huishouden_id")["samen"].shift(fill_value=False)
    wissel = per_dag[per_dag["samen"] != vorig]
    aan = wissel[wissel["samen"]].reset_index(drop=True)
    uit = wissel[~wissel["samen"]].reset_index(drop=True)
    assert (aan["huishouden_id"] == uit["huishouden_id"]).all()
    return pd.DataFrame({"huishouden_id": aan["huishouden_id"], "begin": aan["dag"], "eind": uit["dag"]})


def _duo_figures(t: dict[str, pd.DataFrame]) -> dict[str, float]:
    hh, duo = t["huishouden"], duos(t)
    nieuw = hh[(hh["begin"] >= hh["start_datum"]) & hh["eind"].notna()]
    jaar = hh[(hh["begin"] < PEIL) & (hh["tot"] > JAAR_VAN)]
    in_jaar = set(duo.loc[duo["eind"] > JAAR_VAN, "huishouden_id"])
    met = jaar["huishouden_id"].isin(in_jaar).groupby(jaar["soort"]).mean()
    start = duo.merge(hh[["huishouden_id", "start_datum"]])
    oud = start[(start["begin"] >= start["start_datum"]) & (start["begin"] < JAAR_VAN)]
    dagen = (oud["eind"] - oud["begin"]).dt.days
    return {
        "duo_aandeel_proeftuin": nieuw["huishouden_id"].isin(duo["huishouden_id"]).mean(),
        "duo_aandeel_laatste_jaar": met["proeftuin"],
        "duo_aandeel_vergelijking": met["vergelijking"],
        "duo_gemiddeld_dagen": dagen.mean(),
        "duo_langer_180": (dagen > 180).mean(),
        "duo_langer_365": (dagen > 365).mean(),
    }


def kinderen_met_ots(t: dict[str, pd.DataFrame], dag: str) -> pd.DataFrame:
    """Children under 18 present on the day, with `ots`."""
    moment = pd.Timestamp(dag)
    p = t["persoon"].merge(t["huishouden"][["huishouden_id", "proeftuin_id", "soort", "begin", "tot"]])
    p = p[(p["rol"] == "kind") & (p["begin"] <= moment) & (p["tot"] > moment)]
    p = p[~(moment.year - p["geboortejaar"] >= 18)]
    m = t["maatregel"]
    loopt = m[(m["soort"] == "11") & (m["begin"] <= moment) & (m["eind"].fillna(PEIL) > moment)]
    return p.assign(ots=p["persoon_id"].isin(loopt["persoon_id"]))


def kaplan_meier(instroom: np.ndarray, duur: np.ndarray, weg: np.ndarray) -> pd.Series:
    """Share still there after each day on which somebody left; late entry at `instroom`."""
    gebeurd, aantal = np.unique(duur[weg], return_counts=True)
    erbij, eraf = np.sort(instroom), np.sort(duur)
    risico = np.searchsorted(erbij, gebeurd) - np.searchsorted(eraf, gebeurd)
    return pd.Series(np.cumprod(1 - aantal / risico), index=gebeurd)


def _mean_to(over: pd.Series, horizon: int) -> float:
    dagen = np.r_[0, over.index[over.index < horizon], horizon]
    return float((np.diff(dagen) * np.r_[1, over[over.index < horizon]]).sum())


def _ots_figures(t: dict[str, pd.DataFrame]) -> dict[str, float]:
    later = kinderen_met_ots(t, "2025-07-01")
    m = t["maatregel"].merge(t["persoon"][["persoon_id", "huishouden_id"]])
    m = m.merge(t["huishouden"][["huishouden_id", "start_datum"]])
    heel = m[m["soort"] == "11"].sort_values(["persoon_id", "begin"])
    heel = heel.groupby("persoon_id").agg(
        begin=("begin", "min"), eind=("eind", "last"), s=("start_datum", "first")
    )
    # A spell that still runs comes last for its child, so "last" must not skip the empty end.
    open_ = m[(m["soort"] == "11") & m["eind"].isna()]["persoon_id"]
    heel.loc[heel.index.isin(open_), "eind"] = pd.NaT
    tot = heel["eind"].fillna(PEIL)
    gezien = heel[tot > VAN]
    duur = (gezien["eind"].fillna(PEIL) - gezien["begin"]).dt.days.to_numpy()
    instroom = (VAN - gezien["begin"]).dt.days.clip(lower=0).to_numpy()
    weg, nieuw = gezien["eind"].notna().to_numpy(), (gezien["begin"] >= gezien["s"]).to_numpy()
    gemiddeld = [_mean_to(kaplan_meier(instroom[w], duur[w], weg[w]), 540) for w in (nieuw, ~nieuw)]
    return {
        "ots_voor": kinderen_met_ots(t, "2024-03-01")["ots"].mean(),
        "ots_proeftuin": later.loc[later["soort"] == "proeftuin", "ots"].mean(),
        "ots_duur_verhouding": gemiddeld[0] / gemiddeld[1],
    }


def _professional_figures(t: dict[str, pd.DataFrame]) -> dict[str, float]:
    hh, b = t["huishouden"], t["betrokkenheid"]
    jaar = hh[(hh["begin"] < PEIL) & (hh["tot"] > JAAR_VAN)]
    b = b[(b["begin"] < PEIL) & (b["eind"].fillna(PEIL) > JAAR_VAN)]
    per = b.groupby("huishouden_id")["professional_id"].nunique()
    aantal = jaar["huishouden_id"].map(per).fillna(0)
    gemiddeld = aantal.groupby(jaar["soort"]).mean()
    soort = t["betrokkenheid"].merge(t["organisatie"][["organisatie_id", "soort"]])["soort"]
    return {
        "professionals_proeftuin": gemiddeld["proeftuin"],
        "professionals_vergelijking": gemiddeld["vergelijking"],
        "professionals_boven_10": (aantal[jaar["soort"] == "vergelijking"] > 10).mean(),
        "ggz_verslavingszorg": soort.isin(["ggz", "verslavingszorg"]).mean(),
        "huishoudens_per_professional": len(hh) / len(t["professional"]),
    }


def mdo_groottes(t: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Participants per MDO, with the region."""
    mdo = t["overleg"][t["overleg"]["soort"] == "mdo"]
    per = t["overleg_deelname"].groupby("overleg_id").size()
    return mdo.assign(grootte=mdo["overleg_id"].map(per)).merge(
        t["huishouden"][["huishouden_id", "proeftuin_id"]]
    )


def _chain_figures(t: dict[str, pd.DataFrame]) -> dict[str, float]:
    stap = t["ketenstap"]
    melding = stap[stap["stap"] == "melding"].set_index("huishouden_id")["begin"]
    start = stap[(stap["stap"] == "start_maatregel") & stap["eind"].notna()].set_index("huishouden_id")[
        "eind"
    ]
    dagen = (start - melding.reindex(start.index)).dt.days.dropna()
    groottes = mdo_groottes(t)["grootte"]
    return {
        "mdo_mediaan": groottes.median(),
        "mdo_boven_20": (groottes > 20).mean(),
        "keten_boven_540": (dagen > 540).mean(),
    }


def aanwezig_mediaan(hh: pd.DataFrame) -> float:
    """Kaplan-Meier median of the stay; households from before the window enter late."""
    duur = (hh["tot"] - hh["begin"]).dt.days.to_numpy()
    instroom = (VAN - hh["begin"]).dt.days.clip(lower=0).to_numpy()
    over = kaplan_meier(instroom, duur, hh["eind"].notna().to_numpy())
    return float(over.index[over <= 0.5][0])


def _household_figures(t: dict[str, pd.DataFrame]) -> dict[str, float]:
    hh = t["huishouden"]
    regio = hh.groupby("proeftuin_id").size()
    return {
        "aanwezig_mediaan": aanwezig_mediaan(hh),
        "laat_ingestroomd": (hh["begin"] < VAN).mean(),
        "kinderen_per_huishouden": (t["persoon"]["rol"] == "kind").sum() / len(hh),
        "dwingende_controle": (hh["gezinsprofiel"] == "dwingende_controle").mean(),
        "sites_verhouding": regio.max() / regio.min(),
    }


def _contact_figures(t: dict[str, pd.DataFrame]) -> dict[str, float]:
    c = t["contact"].merge(t["huishouden"][["huishouden_id", "begin", "tot", "soort", "start_datum"]])
    gevolgd = t["huishouden"]
    gevolgd = gevolgd[(gevolgd["begin"] >= VAN) & ((gevolgd["tot"] - gevolgd["begin"]).dt.days >= 120)]
    vroeg = c[c["huishouden_id"].isin(gevolgd["huishouden_id"]) & ((c["datum"] - c["begin"]).dt.days < 120)]
    na = c[(c["soort"] == "proeftuin") & (c["datum"] >= c["start_datum"])].reset_index()
    b = t["betrokkenheid"][["huishouden_id", "professional_id", "rol", "begin", "eind"]]
    vast = na.drop(columns="begin").merge(
        b[b["rol"] == "vast_gezicht"], on=["huishouden_id", "professional_id"]
    )
    vast = vast[(vast["begin"] <= vast["datum"]) & (vast["eind"].fillna(PEIL) > vast["datum"])]
    return {
        "contacten_begin": len(vroeg) / len(gevolgd) / (120 / 30.4),
        "contacten_per_huishouden": len(c) / len(t["huishouden"]),
        "contacten_vast_gezicht": vast["index"].nunique() / len(na),
    }


def _score_figures(t: dict[str, pd.DataFrame]) -> dict[str, float]:
    m = t["meting"]
    eerste = m.groupby("huishouden_id")["datum"].transform("min") == m["datum"]
    breed = m[eerste & (m["schaal"] == "veiligheid")].pivot_table("waarde", "huishouden_id", "item").dropna()
    k = breed.shape[1]
    return {
        "meting_aandeel": m["huishouden_id"].nunique() / len(t["huishouden"]),
        "meting_alfa": k / (k - 1) * (1 - breed.var().sum() / breed.sum(axis=1).var()),
    }


def meet(t: dict[str, pd.DataFrame]) -> dict[str, float]:
    """All figures, by the name they have in `IJKING`."""
    delen = (
        _duo_figures,
        _ots_figures,
        _professional_figures,
        _chain_figures,
        _household_figures,
        _contact_figures,
        _score_figures,
    )
    return {naam: float(waarde) for deel in delen for naam, waarde in deel(t).items()}


@pytest.fixture(scope="module")
def pakket(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    map_ = tmp_path_factory.mktemp("ijking") / "pakket"
    return lees(make_example(map_, huishoudens=12_000, seed=2026))


@pytest.fixture(scope="module")
def gemeten(pakket: dict[str, pd.DataFrame]) -> dict[str, float]:
    return meet(pakket)


@pytest.mark.parametrize("naam", IJKING)
def test_a_figure_lies_within_its_tolerance(naam: str, gemeten: dict[str, float]) -> None:
    punt = IJKING[naam]
    assert punt.laagste <= gemeten[naam] <= punt.hoogste, f"{punt.wat}: {gemeten[naam]:.4f}"


@pytest.mark.parametrize("naam", IJKING)
def test_a_target_lies_within_its_own_tolerance_and_has_a_source(naam: str) -> None:
    punt = IJKING[naam]
    assert punt.laagste <= punt.doel <= punt.hoogste
    assert punt.wat
    assert punt.bron


def test_every_measured_figure_is_a_target(gemeten: dict[str, float]) -> None:
    assert set(gemeten) == set(IJKING)


def test_most_regions_have_ten_children_with_an_ots_on_a_date(pakket: dict[str, pd.DataFrame]) -> None:
    kinderen = kinderen_met_ots(pakket, "2025-01-01").groupby("proeftuin_id")["ots"].agg(["size", "sum"])
    assert len(kinderen) == 14
    assert kinderen["size"].median() > 400
    assert (kinderen["sum"] >= 10).sum() >= 10


def test_huge_meetings_occur_in_some_regions_only(pakket: dict[str, pd.DataFrame]) -> None:
    mdo = mdo_groottes(pakket)
    groot = mdo[mdo["grootte"] > 20]["proeftuin_id"].nunique()
    assert 2 <= groot <= 6
    assert mdo["grootte"].between(5, 9).mean() > 0.6


def test_sites_start_staggered_between_april_2024_and_january_2025(pakket: dict[str, pd.DataFrame]) -> None:
    regio = pakket["proeftuin"]
    start = regio[regio["soort"] == "proeftuin"]["start_datum"]
    assert len(start) == 11
    assert start.nunique() > 8
    assert (start.min(), start.max()) == (pd.Timestamp("2024-04-01"), JAAR_VAN)
    assert regio[regio["soort"] == "vergelijking"]["start_datum"].isna().tolist() == [True] * 3


def test_sites_differ_more_than_chance_in_their_share_of_duos(pakket: dict[str, pd.DataFrame]) -> None:
    hh, duo = pakket["huishouden"], duos(pakket)
    hh = hh[(hh["soort"] == "proeftuin") & (hh["tot"] > JAAR_VAN)]
    met = hh["huishouden_id"].isin(duo.loc[duo["eind"] > JAAR_VAN, "huishouden_id"])
    per = met.groupby(hh["proeftuin_id"]).agg(["mean", "size"])
    toeval = (met.mean() * (1 - met.mean()) / per["size"]).mean()
    assert per["mean"].var() > 2 * toeval


def test_duos_are_rare_before_the_start(pakket: dict[str, pd.DataFrame]) -> None:
    hh = pakket["huishouden"]
    voor = hh[hh["tot"] < hh["start_datum"]]
    assert len(voor) > 1000
    assert voor["huishouden_id"].isin(duos(pakket)["huishouden_id"]).mean() < 0.15


def test_scores_mostly_improve_and_some_get_worse(pakket: dict[str, pd.DataFrame]) -> None:
    # By informant: now and then a professional scores beside the parent, once.
    reeks = ["huishouden_id", "informant", "schaal"]
    schaal = pakket["meting"].groupby([*reeks, "datum"])["waarde"].mean().reset_index()
    per = schaal.sort_values("datum").groupby(reeks)["waarde"].agg(["first", "last", "size"])
    per = per[per["size"] > 1].reset_index()
    per["verschil"] = per["last"] - per["first"]
    assert per["size"].max() == 3
    assert 0.5 < (per[per["schaal"] == "veiligheid"]["verschil"] > 0).mean() < 0.8
    breed = per.pivot_table("verschil", "huishouden_id", "schaal")
    # Better on one of the values that must be weighed together, worse on another.
    assert ((breed["veiligheid"] > 0) & (breed["ontwikkeling"] < 0)).mean() > 0.1


def test_registration_noise_is_there(pakket: dict[str, pd.DataFrame]) -> None:
    b, m = pakket["betrokkenheid"], pakket["maatregel"]
    zelfde = ["huishouden_id", "professional_id", "organisatie_id", "rol", "begin", "eind"]
    assert b.duplicated(zelfde).sum() > 50
    assert (b["begin"] == b["eind"]).sum() > 20
    naden = b.merge(b, left_on=[*zelfde[:4], "eind"], right_on=[*zelfde[:4], "begin"])
    assert (naden["begin_x"] < naden["begin_y"]).sum() > 200
    na = b.merge(pakket["huishouden"][["huishouden_id", "eind"]], on="huishouden_id", suffixes=("", "_hh"))
    assert (na["eind"].fillna(PEIL) > na["eind_hh"]).sum() > 200
    over = m[m["reden_einde"] == "OV"].merge(m[m["soort"] == "11"], on=["persoon_id", "soort"])
    gat = (over["begin_y"] - over["eind_x"]).dt.days
    assert {0, 1} <= set(gat[gat >= 0])
    assert (
        over.loc[gat.isin([0, 1]), "organisatie_id_x"] != over.loc[gat.isin([0, 1]), "organisatie_id_y"]
    ).all()
    assert pakket["huishouden"]["gezinsprofiel"].isna().sum() > 100
    kinderen = pakket["persoon"][pakket["persoon"]["rol"] == "kind"]
    assert kinderen["geboortejaar"].isna().sum() > 50
    assert (~pakket["huishouden"]["huishouden_id"].isin(b["huishouden_id"])).sum() > 50


def test_measures_end_for_reasons_of_their_own_kind(pakket: dict[str, pd.DataFrame]) -> None:
    m = pakket["maatregel"]
    redenen = m.dropna(subset=["reden_einde"]).groupby("soort")["reden_einde"].agg(set).to_dict()
    assert redenen == {
        "11": {"01", "02", "03", "04", "05", "OV"},
        # Converted into an OTS; a later one, after an OTS that ended well, is lifted.
        "12": {"02", "07"},
        "21": {"11", "12", "14"},
        "41": {"21", "22"},
        "UH": {"TH", "UM", "UO"},
    }
    vots = m[(m["soort"] == "12") & m["eind"].notna()].merge(m[m["soort"] == "11"], on="persoon_id")
    assert (vots["eind_x"] == vots["begin_y"]).any()


def test_a_professional_works_for_one_organisation_with_few_exceptions(
    pakket: dict[str, pd.DataFrame],
) -> None:
    aantal = pakket["betrokkenheid"].groupby("professional_id")["organisatie_id"].nunique()
    assert set(aantal) == {1, 2}
    assert 0 < (aantal == 2).mean() < 0.05


def test_some_families_are_seen_by_parent_and_professional(pakket: dict[str, pd.DataFrame]) -> None:
    m = pakket["meting"]
    per = m.groupby(["huishouden_id", "informant"])["datum"].agg(["min", "max", "nunique"]).unstack()
    beide = per[per["min"]["ouder"].notna() & per["min"]["professional"].notna()]
    assert 0.05 < len(beide) / m["huishouden_id"].nunique() < 0.3
    # The professional scores once, at the start, within two weeks.
    assert (beide["nunique"]["professional"] == 1).all()
    afstand = (beide["min"]["professional"] - beide["min"]["ouder"]).dt.days
    assert afstand.between(0, 14).all()


def test_some_households_get_a_measure_again(pakket: dict[str, pd.DataFrame]) -> None:
    m = pakket["maatregel"]
    eerste = m[(m["soort"] == "11") & m["eind"].notna()].groupby("persoon_id")["eind"].max()
    later = m[m["soort"] == "12"].merge(eerste.rename("ots_eind"), on="persoon_id")
    opnieuw = later[later["begin"] > later["ots_eind"]]
    assert 0.01 < opnieuw["persoon_id"].nunique() / len(eerste) < 0.15
