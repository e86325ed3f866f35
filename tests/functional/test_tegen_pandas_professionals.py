"""Indicators about professionals, meetings and waits against plain pandas on the example package.

The other route counts days one by one and replays what happened; it shares no code with the
indicators, and the definitions are written out again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise, permutations
from statistics import mean
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.indicators import _chain, _termijnen
from toekomstscenario_eval.summaries.registry import fill_params, find
from toekomstscenario_eval.types import Venster, Vraag

NUL = date(2015, 1, 1).toordinal()
KWARTAAL = Venster(date(2025, 4, 1), date(2025, 7, 1))
VENSTERS = [pytest.param(None, id="geheel"), pytest.param(KWARTAAL, id="kwartaal")]
GESPREK = {"huisbezoek", "gesprek_kantoor", "beeldbellen"}


def dag(kolom: pd.Series) -> pd.Series:
    """Day numbers; an empty date stays empty."""
    return kolom.map(lambda d: np.nan if pd.isna(d) else date.fromisoformat(d).toordinal() - NUL)


@pytest.fixture(scope="module")
def g(voorbeeldpakket) -> SimpleNamespace:
    """The package, and its tables as pandas frames with day numbers instead of dates."""
    pakket = open_package(voorbeeldpakket)
    frames = {}
    for naam in ("huishouden", "betrokkenheid", "contact", "overleg", "overleg_deelname", "ketenstap"):
        frame = pd.read_csv(voorbeeldpakket / f"{naam}.csv", dtype="str")
        for kolom in {"begin", "eind", "datum"} & set(frame.columns):
            frame[kolom] = dag(frame[kolom])
        frames[naam] = frame
    peil = pakket.peildatum.toordinal() - NUL
    huis = frames["huishouden"].set_index("huishouden_id")
    verblijf = {
        h: (int(b), int(peil if pd.isna(e) else min(e, peil)))
        for h, b, e in zip(huis.index, huis["begin"], huis["eind"], strict=True)
    }
    return SimpleNamespace(pakket=pakket, peil=peil, huis=huis, verblijf=verblijf, kept={}, **frames)


def grenzen(g, venster: Venster | None) -> tuple[int, int]:
    v = venster or g.pakket.venster
    return v.begin.toordinal() - NUL, min(v.eind.toordinal() - NUL, g.peil)


def aanwezig(g, venster: Venster | None) -> dict[str, tuple[int, int]]:
    van, tot = grenzen(g, venster)
    deel = {h: (max(b, van), min(e, tot)) for h, (b, e) in g.verblijf.items()}
    return {h: (b, e) for h, (b, e) in deel.items() if b < e}


def reken(g, naam: str, venster: Venster | None, **params) -> tuple[pd.DataFrame, Counter]:
    """Return the unit rows that count, and the number of excluded units per reason."""
    ind = find(naam)
    vraag = Vraag(venster or g.pakket.venster, g.pakket.peildatum, fill_params(ind, params))
    rijen = ind.rows(g.pakket.tabellen, vraag).execute()
    # Sums of integers come back as objects where some are null.
    rijen = rijen.astype({k: "float64" for k in ("teller", "noemer") if k in rijen})
    weg = rijen[rijen["uitsluiting"].notna()]
    aantal = weg["noemer"].fillna(1) if "noemer" in weg else pd.Series(1, index=weg.index)
    redenen = Counter({k: int(n) for k, n in aantal.groupby(weg["uitsluiting"]).sum().items()})
    return rijen[rijen["uitsluiting"].isna()], redenen


def paren(rijen: pd.DataFrame, *kolommen: str) -> Counter:
    uit = Counter(
        (r[0], *(int(w) for w in r[1:])) for r in rijen[["huishouden_id", *kolommen]].itertuples(index=False)
    )
    assert uit, "geen rijen: dan is er niets vergeleken"
    return uit


def moment(g, tabel: pd.DataFrame, venster: Venster | None) -> tuple[pd.DataFrame, int]:
    """Return the moments on a day of the stay, and how many in the window are on another day."""
    van, tot = grenzen(g, venster)
    binnen = tabel[tabel["datum"].ge(van) & tabel["datum"].lt(tot)]
    hier = [
        g.verblijf[h][0] <= d < g.verblijf[h][1]
        for h, d in zip(binnen["huishouden_id"], binnen["datum"], strict=True)
    ]
    return binnen[hier], len(binnen) - sum(hier)


def per_dag(g, rol: str) -> dict[str, dict[int, set[str]]]:
    """Return for each household the persons with a role on each day."""
    if rol in g.kept:
        return g.kept[rol]
    uit: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    eigen = g.betrokkenheid[g.betrokkenheid["rol"].eq(rol)]
    for h, p, b, e in eigen[["huishouden_id", "professional_id", "begin", "eind"]].itertuples(index=False):
        for d in range(int(b), int(g.peil if pd.isna(e) else e)):
            uit[h][d].add(p)
    g.kept[rol] = uit
    return uit


@pytest.mark.parametrize("venster", VENSTERS)
@pytest.mark.parametrize(("naam", "rol"), [("vast_gezicht", "vast_gezicht"), ("een_regisseur", "regisseur")])
def test_days_with_one_person(g, naam, rol, venster):
    dagen, hier = per_dag(g, rol), aanwezig(g, venster)
    zelf: dict[str, Counter] = {"precies_een": Counter(), "geen": Counter(), "meer": Counter()}
    for h, (van, tot) in hier.items():
        n = Counter(len(wie) for d, wie in dagen[h].items() if van <= d < tot)
        met = {"precies_een": n[1], "geen": tot - van - n.total(), "meer": n.total() - n[1]}
        for keuze, teller in met.items():
            zelf[keuze][(h, teller, tot - van)] += 1
    for keuze, eigen in zelf.items():
        rijen, redenen = reken(g, naam, venster, aantal=keuze)
        assert paren(rijen, "teller", "noemer") == eigen
        assert redenen["geen dag in het venster"] == len(g.verblijf) - len(hier)


@pytest.mark.parametrize("venster", VENSTERS)
@pytest.mark.parametrize("blootstelling", ["verblijf", "met_gezicht"])
def test_changes_of_face(g, venster, blootstelling):
    dagen, zelf = per_dag(g, "vast_gezicht"), Counter()
    for h, (van, tot) in aanwezig(g, venster).items():
        laatst: set[str] = set()
        wissels = 0
        for d in sorted(dagen[h]):
            nieuw = dagen[h][d] - dagen[h].get(d - 1, set())
            if laatst and nieuw - laatst and van <= d < tot:
                wissels += 1
            laatst = dagen[h][d]
        tijd = tot - van if blootstelling == "verblijf" else sum(van <= d < tot for d in dagen[h])
        if tijd:
            zelf[(h, wissels, tijd)] += 1
    rijen, _ = reken(g, "wisselingen", venster, blootstelling=blootstelling)
    assert paren(rijen, "aantal", "blootstelling") == zelf
    assert rijen["aantal"].sum() > 0


@pytest.mark.parametrize("venster", VENSTERS)
def test_contacts(g, venster):
    hier = aanwezig(g, venster)
    gezien, elders = moment(g, g.contact, venster)
    for vorm in ("alle", "gesprek"):
        telt = gezien if vorm == "alle" else gezien[gezien["vorm"].isin(GESPREK)]
        n = telt["huishouden_id"].value_counts()
        zelf = Counter((h, int(n.get(h, 0)), tot - van) for h, (van, tot) in hier.items())
        rijen, redenen = reken(g, "contactfrequentie", venster, vorm=vorm)
        assert paren(rijen, "aantal", "blootstelling") == zelf
        onbekend = int(gezien["vorm"].isna().sum()) if vorm == "gesprek" else 0
        assert redenen["contact waarvan de vorm niet is vastgelegd"] == onbekend
    assert redenen["op die dag niet in het onderzoek"] <= elders


def _gelijk(vorige: list[str], volgende: list[str]) -> float:
    """Chance that the last of one day and the first of the next are the same: any may be either."""
    return mean(a == b for a in vorige for b in volgende)


def _secon(dagen: list[list[str]], n: int) -> float:
    binnen = sum(
        mean(sum(x == y for x, y in pairwise(o)) for o in permutations(d)) for d in dagen if len(d) > 1
    )
    return (binnen + sum(_gelijk(a, b) for a, b in pairwise(dagen))) / (n - 1)


@pytest.mark.parametrize(("venster", "minimum"), [(None, 2), (KWARTAAL, 2), (KWARTAAL, 5)])
def test_continuity(g, venster, minimum):
    hier = aanwezig(g, venster)
    gezien, elders = moment(g, g.contact, venster)
    zelf: dict[str, dict[str, float]] = {"upc": {}, "coc": {}, "secon": {}}
    per: dict[str, dict[float, list[str]]] = defaultdict(lambda: defaultdict(list))
    for h, d, p in gezien[["huishouden_id", "datum", "professional_id"]].itertuples(index=False):
        per[h][d].append(p)
    for h, dagen in per.items():
        c = Counter(p for wie in dagen.values() for p in wie)
        n = c.total()
        if n >= minimum:
            zelf["upc"][h] = max(c.values()) / n
            zelf["coc"][h] = (sum(k * k for k in c.values()) - n) / (n * (n - 1))
            zelf["secon"][h] = _secon([dagen[d] for d in sorted(dagen)], n)
    assert zelf["secon"], "geen huishouden om te vergelijken"
    for index, waarden in zelf.items():
        rijen, redenen = reken(g, "continuiteit", venster, index=index, minimum_contacten=minimum)
        gevonden = rijen.set_index("huishouden_id")["waarde"].to_dict()
        assert gevonden == pytest.approx(waarden, abs=6e-7)
        assert rijen["voor"].isna().all()
        assert redenen["te weinig contacten voor een index"] == len(hier) - len(waarden)
        assert redenen["op die dag niet in het onderzoek"] == elders


@pytest.mark.parametrize("venster", VENSTERS)
@pytest.mark.parametrize("drempel", [6, 15])
def test_meetings(g, venster, drempel):
    mdo = g.overleg[g.overleg["soort"].eq("mdo")]
    gezien, elders = moment(g, mdo, venster)
    grootte = g.overleg_deelname.groupby("overleg_id")["professional_id"].nunique()
    gezien = gezien.assign(grootte=gezien["overleg_id"].map(grootte))
    bekend = gezien.dropna(subset="grootte")
    rijen, redenen = reken(g, "overleggrootte", venster)
    assert paren(rijen, "aantal") == Counter(
        zip(bekend["huishouden_id"], bekend["grootte"].astype(int), strict=True)
    )
    assert rijen["blootstelling"].eq(1).all()
    assert redenen["op die dag niet in het onderzoek"] == elders
    assert redenen["geen deelnemers vastgelegd"] == len(gezien) - len(bekend)

    groot = bekend.assign(t=bekend["grootte"].gt(drempel)).groupby("huishouden_id")["t"].agg(["sum", "count"])
    rijen, _ = reken(g, "overleg_te_groot", venster, drempel=drempel)
    assert paren(rijen, "teller", "noemer") == Counter(groot.itertuples(name=None))


@pytest.mark.parametrize("venster", VENSTERS)
@pytest.mark.parametrize("soort", ["mdo", "alle"])
def test_family_at_the_table(g, venster, soort):
    overleg = g.overleg if soort == "alle" else g.overleg[g.overleg["soort"].eq("mdo")]
    gezien, elders = moment(g, overleg, venster)
    bekend = gezien.dropna(subset="gezin_aanwezig")
    zelf = bekend.assign(t=bekend["gezin_aanwezig"].eq("true"))
    rijen, redenen = reken(g, "gezin_aan_tafel", venster, soort=soort)
    assert paren(rijen, "teller", "noemer") == Counter(
        zelf.groupby("huishouden_id")["t"].agg(["sum", "count"]).itertuples(name=None)
    )
    assert redenen["niet vastgelegd of het gezin erbij was"] == len(gezien) - len(bekend) > 0
    assert redenen["op die dag niet in het onderzoek"] == elders


def _duur(begin: float, eind: float, van: int, tot: int) -> tuple[int, int, int] | None:
    """Entry, exit and end of one wait within the stay `[van, tot)`, or None when it is not seen."""
    gezien = [d for d in range(van, tot) if d >= begin and not d >= eind]
    if gezien:
        return gezien[0] - int(begin), gezien[-1] + 1 - int(begin), int(eind == gezien[-1] + 1)
    return (0, 0, 1) if begin == eind and van <= begin < tot else None


@pytest.mark.parametrize("venster", VENSTERS)
@pytest.mark.parametrize("stap", ["hele_keten", "melding", "onderzoek_vt", "zitting"])
def test_waits_in_the_chain(g, venster, stap):
    keten = g.ketenstap
    if stap == "hele_keten":
        start = keten[keten["stap"].isin(["start_hulp", "start_maatregel"])]
        wacht = keten.groupby("huishouden_id")["begin"].min().to_frame()
        wacht["eind"] = start.groupby("huishouden_id")["eind"].min()
        wacht = wacht.reset_index()
    else:
        wacht = keten[keten["stap"].eq(stap)].drop_duplicates(["huishouden_id", "begin", "eind"])
    hier, zelf, buiten = aanwezig(g, venster), Counter(), 0
    for h, b, e in wacht[["huishouden_id", "begin", "eind"]].itertuples(index=False):
        uit = _duur(b, np.inf if pd.isna(e) else e, *hier[h]) if h in hier else None
        if uit is None:
            buiten += 1
        else:
            zelf[(h, *uit)] += 1
    rijen, redenen = reken(g, "doorlooptijd", venster, stap=stap)
    assert paren(rijen, "instroom", "duur", "einde") == zelf
    assert redenen["stap geheel buiten venster of verblijf"] == buiten


@pytest.mark.parametrize("venster", VENSTERS)
@pytest.mark.parametrize(("stap", "termijn"), [("melding", 7), ("onderzoek_vt", 70)])
def test_within_the_legal_term(g, venster, stap, termijn):
    van, tot = grenzen(g, venster)
    wacht = g.ketenstap[g.ketenstap["stap"].eq(stap)].drop_duplicates(["huishouden_id", "begin", "eind"])
    zelf, weg = defaultdict(lambda: [0, 0]), 0
    for h, b, e in wacht[["huishouden_id", "begin", "eind"]].itertuples(index=False):
        vertrek = g.huis.loc[h, "eind"]
        if van < b + termijn <= tot and b >= g.huis.loc[h, "begin"] and not vertrek < b + termijn:
            zelf[h][0] += e <= b + termijn
            zelf[h][1] += 1
        else:
            weg += 1
    rijen, redenen = reken(g, "binnen_termijn", venster, stap=stap)
    assert paren(rijen, "teller", "noemer") == Counter((h, *tn) for h, tn in zelf.items())
    assert redenen.total() == weg
    assert 0 < rijen["teller"].sum() < rijen["noemer"].sum()


def test_steps_and_terms_are_those_of_the_contract():
    assert set(_chain.STAPPEN) == set(load_schema().codelists["ketenstap"].codes)
    assert {s: t.dagen for s, t in _termijnen.terms().items()} == {"melding": 7, "onderzoek_vt": 70}
    assert set(_termijnen.terms()) < set(_chain.STAPPEN)
    assert all(t.bron and t.label and t.code for t in _termijnen.terms().values())


@pytest.fixture(scope="module")
def beurten(g) -> dict[str, dict[str, list[tuple[str, int, int, bool, list[tuple[str, int, int]]]]]]:
    """Return per choice of roles and household the turns of organisations, day by day put together.

    A turn is organisation, first day, day after the last, whether it was still running then, and the spells
    of its persons.
    """
    uit = {}
    for rollen in ("alle", "regie"):
        eigen = g.betrokkenheid
        if rollen == "regie":
            eigen = eigen[eigen["rol"].isin(["vast_gezicht", "regisseur"])]
        dagen: dict[tuple[str, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        kolommen = ["huishouden_id", "organisatie_id", "professional_id", "begin", "eind"]
        for h, o, p, b, e in eigen[kolommen].itertuples(index=False):
            # One day past the stay tells whether somebody was still there.
            dagen[h, o][p] |= set(range(max(int(b), g.verblijf[h][0]), int(g.peil + 1 if pd.isna(e) else e)))
        uit[rollen] = defaultdict(list)
        for (h, o), per_persoon in dagen.items():
            einde = g.verblijf[h][1]
            alle = set().union(*per_persoon.values())
            personen = [
                (p, *run) for p, van in per_persoon.items() for run in _runs({d for d in van if d < einde})
            ]
            uit[rollen][h] += [
                (o, a, e, e == einde in alle, [x for x in personen if a <= x[1] < e])
                for a, e in _runs({d for d in alle if d < einde})
            ]
    return uit


def _runs(dagen: set[int]) -> list[tuple[int, int]]:
    """Return the runs of consecutive days as half-open pairs."""
    begin = sorted(d for d in dagen if d - 1 not in dagen)
    eind = sorted(d + 1 for d in dagen if d + 1 not in dagen)
    return list(zip(begin, eind, strict=True))


@pytest.mark.parametrize("venster", VENSTERS)
@pytest.mark.parametrize(
    ("tussen", "overlap", "rollen"), [(30, 30, "alle"), (0, 90, "alle"), (60, 14, "regie")]
)
def test_relay_between_organisations(g, beurten, venster, tussen, overlap, rollen):
    begin, eind = grenzen(g, venster)
    zelf, te_kort = {}, 0
    for h, alle in beurten[rollen].items():
        for o, a, e, loopt, eigen in alle:
            if loopt or not begin < e <= eind:
                continue
            if e + tussen >= g.peil:
                te_kort += 1
                continue
            # Who was there with the one that leaves is no successor of it.
            zelfde = {p for p, _, _ in eigen}
            anderen = [
                [(b, f) for p, b, f in personen if p not in zelfde and f > a]
                for ander, _, _, _, personen in alle
                if ander != o
            ]
            beurt = [(min(b for b, _ in x), max(f for _, f in x)) for x in anderen if x]
            komst = [b for b, f in beurt if b > a and f > e]
            komst = [b for b in komst if e - overlap <= b <= e + tussen]
            if komst:
                teller, noemer = zelf.get(h, (0, 0))
                zelf[h] = (teller + (min(komst) >= e), noemer + 1)
    params = {"maximale_tussentijd": tussen, "maximale_overlap": overlap, "rollen": rollen}
    rijen, redenen = reken(g, "estafette", venster, **params)
    assert paren(rijen, "teller", "noemer") == Counter((h, *tn) for h, tn in zelf.items())
    assert redenen["te kort na het vertrek waargenomen"] == te_kort
    assert 0 < rijen["teller"].sum() < rijen["noemer"].sum()


def _eerste(g) -> dict[str, int]:
    """Return the first day with a talk within the stay."""
    gesprek = g.contact[g.contact["vorm"].isin(GESPREK)]
    start = g.overleg[g.overleg["soort"].eq("startgesprek")]
    uit: dict[str, int] = {}
    for deel in (gesprek, start):
        for h, d in deel[["huishouden_id", "datum"]].itertuples(index=False):
            if g.verblijf[h][0] <= d < g.verblijf[h][1]:
                uit[h] = min(uit.get(h, int(d)), int(d))
    return uit


@pytest.mark.parametrize("venster", VENSTERS)
def test_first_talk(g, venster):
    van, tot = grenzen(g, venster)
    eerste = _eerste(g)
    nieuw = {h: (b, e) for h, (b, e) in g.verblijf.items() if van <= b < tot}
    zelf = Counter()
    for h, (b, e) in nieuw.items():
        gezien = h in eerste and eerste[h] < tot
        zelf[(h, 0, (eerste[h] if gezien else min(e, tot)) - b, int(gezien))] += 1
    rijen, redenen = reken(g, "tijdigheid_eerste_gesprek", venster)
    assert paren(rijen, "instroom", "duur", "einde") == zelf
    assert redenen["niet ingestroomd in het venster"] == len(g.verblijf) - len(nieuw)
    for dagen in (0, 14, 28):
        telt = {h: b for h, (b, e) in nieuw.items() if b + dagen < e}
        rijen, redenen = reken(g, "eerste_gesprek_op_tijd", venster, dagen=dagen)
        assert paren(rijen, "teller", "noemer") == Counter(
            (h, int(h in eerste and eerste[h] - b <= dagen), 1) for h, b in telt.items()
        )
        assert redenen.total() == len(g.verblijf) - len(telt)
    assert 0 < rijen["teller"].sum() < len(rijen)


def test_domains_and_roles_are_those_of_the_code_lists():
    params = find("professionals_naar_domein").card.params
    for naam, lijst in (("domein", "domein"), ("rol", "betrokkenheid_rol")):
        assert params[naam].keuzes == ("alle", *load_schema().codelists[lijst].labels)


def test_all_domains_and_roles_are_all_professionals(g):
    """Without a choice of domain and role it is the count of all professionals."""
    een, alle = find("professionals_naar_domein"), find("professionals_per_huishouden")
    vraag = Vraag(KWARTAAL, KWARTAAL.eind, fill_params(een, {"rol": "alle"}))
    kolommen = ["huishouden_id", "aantal", "blootstelling"]
    a = een.rows(g.pakket.tabellen, vraag).execute()[kolommen]
    b = alle.rows(g.pakket.tabellen, vraag).execute()[kolommen]
    sorteer = {"by": "huishouden_id", "ignore_index": True}
    pd.testing.assert_frame_equal(a.sort_values(**sorteer), b.sort_values(**sorteer))
