"""What must not change a result, for every indicator there is, on a package of the example.

The same households are delivered in another way: rows in another order, every second spell split at an
inner date, event rows delivered twice, all dates 28 years later (the same weekdays and leap years), and two
sites merged. The summaries must be those of the first delivery, and those of the merged site the sum of two.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.characteristic_names import ACROSS
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.data.writing import write_package
from toekomstscenario_eval.summaries.engine import Summaries, summarise
from toekomstscenario_eval.summaries.kinds import SUMMARIES
from toekomstscenario_eval.summaries.registry import all_indicators, fill_params
from toekomstscenario_eval.types import Venster

HUISHOUDENS, JAREN = 500, 28
PERIODEN = ("betrokkenheid", "maatregel")
# One row is one thing there; two of them would be two things. Of the others a row may come twice.
EIGEN_RIJ = ("proeftuin", "huishouden", "persoon", "organisatie", "professional")


@pytest.fixture(scope="module")
def een(tmp_path_factory):
    map_ = tmp_path_factory.mktemp("een") / "pakket"
    make_example(map_, huishoudens=HUISHOUDENS, seed=13)
    return open_package(map_)


def later(dag: date) -> date:
    return dag.replace(year=dag.year + JAREN)


def _splits(tabel: pd.DataFrame, peildatum: date) -> pd.DataFrame:
    """Split every second spell of at least two days halfway; a running one stays running."""
    eind = tabel["eind"].fillna(pd.Timestamp(peildatum))
    half = tabel["begin"] + (eind - tabel["begin"]) // np.timedelta64(1, "D") // 2 * pd.Timedelta(days=1)
    kan = (half > tabel["begin"]) & (half < eind) & (np.arange(len(tabel)) % 2 == 0)
    links, rechts = tabel[kan].copy(), tabel[kan].copy()
    links["eind"], rechts["begin"] = half[kan], half[kan]
    return pd.concat([tabel[~kan], links, rechts], ignore_index=True)


def _anders(pakket) -> dict[str, pd.DataFrame]:
    uit = {}
    for naam, tabel in pakket.tabellen.items():
        frame = tabel.drop("_rij").execute()
        datums = [v.naam for v in load_schema().tabellen[naam].fields if v.type == "date"]
        for k in datums:
            frame[k] = pd.to_datetime(frame[k])
        if naam in PERIODEN:
            frame = _splits(frame, pakket.peildatum)
        if naam not in EIGEN_RIJ:
            frame = pd.concat([frame, frame.iloc[::3]], ignore_index=True)
        for k in datums:
            frame[k] = (frame[k] + pd.DateOffset(years=JAREN)).dt.date
        if "geboortejaar" in frame:
            frame["geboortejaar"] = frame["geboortejaar"].astype("Int64") + JAREN
        uit[naam] = frame.sample(frac=1, random_state=5).reset_index(drop=True)
    return uit


@pytest.fixture(scope="module")
def sites(een):
    """The two sites that are merged: key and name of each."""
    tabel = een.tabellen["proeftuin"].execute().sort_values("proeftuin_id")
    return list(tabel[["proeftuin_id", "naam"]].head(2).itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def ander(een, sites, tmp_path_factory):
    tabellen = _anders(een)
    (blijft, _), (weg, _) = sites
    tabellen["huishouden"]["proeftuin_id"] = tabellen["huishouden"]["proeftuin_id"].replace(weg, blijft)
    map_ = tmp_path_factory.mktemp("ander") / "pakket"
    v = een.venster
    write_package(
        map_,
        tables=tabellen,
        naam="ander",
        title="Anders geleverd",
        peildatum=later(een.peildatum),
        venster=Venster(later(v.begin), later(v.eind)),
        sources=("verzonnen",),
        contact="niemand",
    )
    return open_package(map_)


def test_the_other_delivery_really_differs(een, ander):
    a, b = ({k: t.execute() for k, t in p.tabellen.items()} for p in (een, ander))
    for naam in PERIODEN:
        assert len(b[naam]) > 1.4 * len(a[naam])
    assert len(b["contact"]) > len(a["contact"])
    assert b["huishouden"]["proeftuin_id"].nunique() == a["huishouden"]["proeftuin_id"].nunique() - 1
    assert b["huishouden"]["huishouden_id"].tolist() != a["huishouden"]["huishouden_id"].tolist()


def samenvatting(pakket, ind) -> Summaries:
    return summarise(pakket, ind, params=fill_params(ind, {}), venster=pakket.venster, per=("proeftuin",))


def _gelijk(links: pd.DataFrame, rechts: pd.DataFrame) -> None:
    links, rechts = _van_zelf(links), _van_zelf(rechts)
    kolommen = sorted(links.columns)
    assert kolommen == sorted(rechts.columns)
    links, rechts = (
        d[kolommen]
        .sort_values(kolommen, ignore_index=True)
        .astype(dict.fromkeys(d.select_dtypes("number"), "float64"))
        for d in (links, rechts)
    )
    pd.testing.assert_frame_equal(links, rechts, rtol=1e-9, check_dtype=False)


def _van_zelf(gegevens: pd.DataFrame) -> pd.DataFrame:
    """Return what does not rest on when a site began: that changes when it is merged."""
    return gegevens[gegevens["kenmerk"].ne(ACROSS)] if "kenmerk" in gegevens else gegevens


@pytest.mark.parametrize("ind", all_indicators().values(), ids=lambda i: i.id)
def test_another_delivery_of_the_same_gives_the_same(een, ander, sites, ind):
    a, b = samenvatting(een, ind), samenvatting(ander, ind)
    # In the example no measure runs already when somebody comes in.
    assert len(a.totaal.gegevens) or ind.id in {"ots_bij_instroom", "uithuisplaatsing_bij_instroom"}
    _gelijk(a.totaal.gegevens, b.totaal.gegevens)
    _gelijk(a.totaal.groepen, b.totaal.groepen)
    (_, blijft), (_, weg) = sites
    per = a.per["proeftuin"]
    groep = per.gegevens["groep"]
    # Groups that are categories are merged as text: a category that is gone would stay in the list.
    samengevoegd = groep.astype("str").replace(weg, blijft).astype(groep.dtype.name)
    samen = per.gegevens.assign(groep=samengevoegd, cel=0).drop(columns="periode")
    verwacht = SUMMARIES[ind.card.kind].roll_up(samen, "groep")
    _gelijk(verwacht, b.per["proeftuin"].gegevens.drop(columns="periode"))
    mensen = per.groepen.assign(groep=per.groepen["groep"].replace(weg, blijft))
    _gelijk(
        mensen.groupby("groep")["huishoudens"].sum().reset_index(),
        b.per["proeftuin"].groepen[["groep", "huishoudens"]],
    )
