"""Owners who may not see each other's rows: their summaries together give what one package gives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import toekomstscenario_eval as tks
from toekomstscenario_eval import cli, designs
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.designs._panel import panel_of
from toekomstscenario_eval.errors import GebruikFout, InvoerFout
from toekomstscenario_eval.making.federated import ADDS, absent, joined, samenvoegen
from toekomstscenario_eval.making.site_summary import FILE, chosen_indicators, files
from toekomstscenario_eval.making.summary_sets import read_set, read_sets
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.provenance import open_data
from toekomstscenario_eval.provenance.open_schema import DESCRIPTION, RECIPES, file_hash
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind

INDICATOR = "eerste_gesprek_op_tijd"
PANEEL = f"{INDICATOR}[instroom per halfjaar: eerste 90 dagen]"
# The tables that the indicator reads; other ones would only take time.
TABELLEN = ("proeftuin", "huishouden", "contact", "overleg")
EIGENAREN = {"oost": ["pt01"], "west": ["pt02", "pt12"], "zuid": ["pt03"]}
START = "2025-01-01"


def knip(bron: Path, naar: Path, sites: list[str], *, hooguit: int = 0) -> Path:
    """Cut the rows of some sites out of a package, as an owner who has no others would deliver them."""
    naar.mkdir(parents=True)
    lees = {naam: pd.read_csv(bron / f"{naam}.csv", dtype="str", keep_default_na=False) for naam in TABELLEN}
    huis = lees["huishouden"]
    huis = huis[huis["proeftuin_id"].isin(sites)]
    huis = huis.head(hooguit) if hooguit else huis
    regio = lees["proeftuin"]
    regio = regio[regio["proeftuin_id"].isin(sites)]
    regio = regio.assign(start_datum=regio["start_datum"].where(regio["start_datum"].eq(""), START))
    delen = {naam: lees[naam] for naam in ("contact", "overleg")}
    eigen = {naam: deel[deel["huishouden_id"].isin(huis["huishouden_id"])] for naam, deel in delen.items()}
    for naam, rijen in {"proeftuin": regio, "huishouden": huis, **eigen}.items():
        rijen.to_csv(naar / f"{naam}.csv", index=False)
    beschrijving = json.loads((bron / "datapackage.json").read_bytes())
    bronnen = [deel for deel in beschrijving["resources"] if Path(deel["path"]).stem in TABELLEN]
    (naar / "datapackage.json").write_text(
        json.dumps(beschrijving | {"resources": bronnen}), encoding="utf-8"
    )
    return naar


def vat_samen(pakket: Path, naar: Path) -> Path:
    """Write the summary of a package that needs no checking, by the breakdowns that it is about."""
    beleid = load_policy("standaard")
    beleid = replace(beleid, regels={**beleid.regels, "uitsplitsingen": (SITE_KIND, SITE)})
    studie = Study.of(open_package(pakket), (), beleid, intern=False)
    vragen = [studie.computed(INDICATOR, (SITE, SITE_KIND), fase=fase) for fase in ("", "vanaf")]
    vrijgave = studie.bundel(*studie.shown(*vragen, studie.panelled(INDICATOR)))
    schrijf(files(studie, vrijgave), naar)
    return naar


def schrijf(bestanden: Mapping[str, bytes], naar: Path) -> None:
    for naam, inhoud in bestanden.items():
        (naar / naam).parent.mkdir(parents=True, exist_ok=True)
        (naar / naam).write_bytes(inhoud)


@pytest.fixture(scope="module")
def mappen(voorbeeldpakket, tmp_path_factory) -> Mapping[str, Path]:
    """The summary of each owner, and one of a package with everything that they have."""
    basis = tmp_path_factory.mktemp("samen")
    alles = EIGENAREN | {"alle": sorted(site for sites in EIGENAREN.values() for site in sites)}
    return {
        naam: vat_samen(knip(voorbeeldpakket, basis / "pakket" / naam, sites), basis / naam)
        for naam, sites in alles.items()
    }


@pytest.fixture(scope="module")
def klein(voorbeeldpakket, tmp_path_factory) -> Mapping[str, Path]:
    """Summaries of owners with so few households that hardly anything is public, by region."""
    basis = tmp_path_factory.mktemp("klein")
    hoeveel = {"Oosterkreek": ("pt04", 21), "Havikerdam": ("pt05", 21), "Merelwaarde": ("pt06", 60)}
    return {
        naam: vat_samen(knip(voorbeeldpakket, basis / site, [site], hooguit=n), basis / naam)
        for naam, (site, n) in hoeveel.items()
    }


@pytest.fixture(scope="module")
def gelezen(mappen):
    return read_sets([mappen[naam] for naam in EIGENAREN])


@pytest.fixture(scope="module")
def samen(gelezen):
    return joined(gelezen)


@pytest.fixture(scope="module")
def centraal(mappen):
    """What one package of all publishes."""
    return read_set(mappen["alle"])


def gemaakt(r) -> dict[str, dict[str, float]]:
    """Every number of every design that fits, by what it is."""
    out = {}
    for per in (SITE, SITE_KIND):
        for ontwerp in designs.fitting(r, per):
            for made in ontwerp.make(r):
                for naam, waarde in made.waarden.items():
                    delen = waarde if isinstance(waarde, Mapping) else {"": waarde}
                    own = {k: np.nan if w is None else float(w) for k, w in delen.items()}
                    out[f"{ontwerp.naam}|{made.soort}|{naam}"] = own
    return out


def gelijk(een, twee, *, zonder: str = "") -> set[str]:
    """Demand that all designs give the same to a millionth, and return which did."""
    a, b = gemaakt(een), gemaakt(twee)
    assert a.keys() == b.keys()
    for naam in a:
        if not (zonder and naam.startswith(zonder)):
            assert a[naam] == pytest.approx(b[naam], abs=1e-6, rel=1e-6, nan_ok=True), naam
    return {naam.partition("|")[0] for naam in a}


def test_owners_apart_give_what_all_their_cells_together_give(samen, gelezen, centraal):
    """Also the order in which they are named is no matter."""
    een = joined([centraal])
    assert samen.id == een.id == joined(gelezen[::-1]).id
    gevonden = set()
    for r in samen.resultaten:
        gevonden |= gelijk(r, een.resultaat(r.sleutel))
    assert {"meta", "funnel", "over_regions", "group_difference", "before_after"} <= gevonden


def test_between_regions_nothing_differs_from_a_run_on_one_package(samen, centraal):
    """What is of the kind of region as such is a sum here, and was drawn there."""
    for sleutel in (INDICATOR, f"{INDICATOR}[fase: vanaf]", PANEEL):
        gelijk(samen.resultaat(sleutel), centraal.vrijgave.resultaat(sleutel), zonder="group_difference")
    meta = gemaakt(samen.resultaat(INDICATOR))
    assert len(meta["meta|regio's samengenomen, met het interval voor een volgende regio|gekrompen"]) == 4
    een, twee = (panel_of(v.resultaat(PANEEL)) for v in (samen, centraal.vrijgave))
    assert een.regions == twee.regions
    for veld in ("y", "v", "n", "start", "clean"):
        np.testing.assert_allclose(getattr(een, veld), getattr(twee, veld), rtol=1e-9)
    assert np.isfinite(een.y).any()
    assert een.start.tolist().count(np.inf) == 1


def test_a_total_is_the_sum_with_the_noise_of_as_many_counts(samen, centraal):
    r = samen.resultaat(INDICATOR)
    regio, soort, geheel = (r.publiek[per] for per in (SITE, SITE_KIND, ""))
    een = regio.ruis
    assert (geheel.ruis.d, geheel.ruis.v, geheel.ruis.js) == (een.d * 4, een.v * 4, een.js)
    assert soort.ruis.v == een.v * 3
    assert geheel.cellen["n"].sum() == soort.cellen["n"].sum() == regio.cellen["n"].sum()
    assert geheel.plekken["huishoudens"].tolist() == [regio.plekken["huishoudens"].sum()]
    # By the clock of the pilot the whole is of proeftuinen.
    vanaf = samen.resultaat(f"{INDICATOR}[fase: vanaf]")
    cellen = vanaf.publiek[SITE].cellen
    buiten = cellen[cellen["groep"].eq("Wilgenoever")]
    assert len(buiten)
    assert vanaf.publiek[""].cellen["n"].sum() == cellen["n"].sum() - buiten["n"].sum()
    # Wider than drawn at once.
    los = centraal.vrijgave.resultaat(INDICATOR).schattingen.iloc[0]
    eigen = r.schattingen.iloc[0]
    assert eigen["standaardfout"] > los["standaardfout"]


def test_what_is_known_of_regions_comes_along(samen):
    r = samen.resultaat(PANEEL)
    assert r.starts == {"Brinkerade": START, "Lindemonde": START, "Vossenterp": START, "Wilgenoever": ""}
    assert r.regios == {"proeftuin": 3, "vergelijking": 1}
    rijen = r.schattingen[r.schattingen["uitsplitsing"].eq(SITE)]
    assert dict(zip(rijen["groep"], rijen["stratum"], strict=True))["Wilgenoever"].startswith("vergelijking")
    assert rijen["maat"].nunique() == 1


def test_together_it_can_be_written_and_read_again(samen, tmp_path):
    schrijf(open_data.files(samen, title="Samen"), tmp_path)
    terug = tks.openbaar(tmp_path)
    assert terug.id == samen.id
    for een, twee in zip(samen.resultaten, terug.resultaten, strict=True):
        assert (een.sleutel, een.variant, een.starts) == (twee.sleutel, twee.variant, twee.starts)
        pd.testing.assert_frame_equal(een.schattingen, twee.schattingen)
    # It is no summary of an owner any more.
    with pytest.raises(InvoerFout, match="geen samenvatting van een eigenaar"):
        samenvoegen(tmp_path)


@pytest.mark.parametrize(
    ("regio", "alle", "vanaf"),
    [
        ("Oosterkreek", "in het geheel tellen minder dan 30 huishoudens mee", False),
        ("Merelwaarde", "bij minder dan 100 huishoudens staan alleen de proeftuinen vanaf hun start", True),
    ],
)
def test_a_region_that_is_too_small_says_so(gelezen, klein, regio, alle, vanaf):
    """The rules by size are those of its own package; without it there is no comparison and no total."""
    v = joined([read_set(klein[regio]), *gelezen])
    r = v.resultaat(INDICATOR)
    assert r.publiek[SITE].plekken.set_index("groep").loc[regio, "reden"] == alle
    assert r.publiek[""].plekken["reden"].tolist() == ["van 1 van de 5 regio's is dit niet openbaar"]
    assert r.publiek[""].cellen.empty
    assert not any(list(d.make(r)) for d in designs.fitting(r, SITE))
    assert designs.fitting(r, SITE)
    # With one region in the package its kind is that region; from 30 on that is public, from the start on.
    fase = v.resultaat(f"{INDICATOR}[fase: vanaf]").publiek[SITE].plekken.set_index("groep")
    assert bool(fase.loc[regio, "huishoudens"] >= 10) is vanaf
    # It has no panel; that of the others says that it is not in it.
    paneel = v.resultaat(PANEEL)
    assert panel_of(paneel).regions == ("Brinkerade", "Lindemonde", "Vossenterp", "Wilgenoever")
    assert absent(paneel) == [
        f"{regio}: bij zo weinig huishoudens is geen cijfer per instroomperiode openbaar"
    ]


def verander(map_: Path, naam: str, wijzig) -> None:
    """Change a file of a summary, and what its description says of it."""
    pad = map_ / naam
    inhoud = json.loads(pad.read_bytes())
    wijzig(inhoud)
    pad.write_text(json.dumps(inhoud), encoding="utf-8")
    beschrijving = json.loads((map_ / "openbaar" / DESCRIPTION).read_bytes())
    for deel in beschrijving["resources"]:
        if deel["path"] == Path(naam).name:
            deel["hash"] = file_hash(pad.read_bytes())
    (map_ / "openbaar" / DESCRIPTION).write_text(json.dumps(beschrijving), encoding="utf-8")


VRAGEN = f"openbaar/{RECIPES}"


@pytest.mark.parametrize(
    ("naam", "wijzig", "melding"),
    [
        (FILE, lambda s: s.update(schema="0.0"), "de versie van het codeboek verschilt"),
        (FILE, lambda s: s.update(venster=["2023-01-01", "2026-01-01"]), "het venster verschilt"),
        (FILE, lambda s: s.update(samenvatting=9), "van een andere versie van het programma"),
        (FILE, lambda s: s.pop("regios"), "de samenvatting is niet te lezen"),
        (FILE, lambda s: s.update(vrijgave="v0"), "horen niet bij elkaar"),
        (FILE, lambda s: s.update(regios=[]), "horen niet bij elkaar"),
        (VRAGEN, lambda q: q.update(epoche="2025-01-01"), "de epoche verschilt"),
        (VRAGEN, lambda q: q["beleid"]["regels"].update(ruis_v=4), "de ruis verschilt"),
        (VRAGEN, lambda q: q["beleid"]["regels"].update(drempel=12), "de regel 'drempel' van het beleid"),
        (VRAGEN, lambda q: q["resultaten"][0].update(definitie="99.0"), "een andere definitie"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_folder(klein, tmp_path, naam, wijzig, melding):
    anders = Path(shutil.copytree(klein["Havikerdam"], tmp_path / "anders"))
    verander(anders, naam, wijzig)
    with pytest.raises(InvoerFout, match=melding) as fout:
        samenvoegen(klein["Oosterkreek"], anders)
    assert str(anders) in fout.value.waar
    assert fout.value.herstel


def test_a_region_counts_once(klein, tmp_path):
    nog_eens = Path(shutil.copytree(klein["Oosterkreek"], tmp_path / "nog_eens"))
    with pytest.raises(InvoerFout, match="de regio 'Oosterkreek' staat in twee samenvattingen") as fout:
        samenvoegen(klein["Oosterkreek"], nog_eens)
    assert fout.value.waar == f"{klein['Oosterkreek']} en {nog_eens}"


def test_exact_numbers_and_nothing_at_all_are_refused(klein, tmp_path):
    (tmp_path / "intern").mkdir()
    (tmp_path / "intern" / "intern-manifest.json").write_text('{"intern": true}', encoding="utf-8")
    with pytest.raises(InvoerFout, match="geen samenvatting van een eigenaar") as fout:
        samenvoegen(klein["Oosterkreek"], tmp_path / "intern")
    assert "exacte (interne) cijfers" in fout.value.herstel
    with pytest.raises(InvoerFout, match="er is geen samenvatting gegeven"):
        samenvoegen()


def test_an_indicator_that_one_owner_lacks_is_not_made_of_the_others(gelezen):
    *anderen, zuid = gelezen
    v = zuid.vrijgave
    rest = [r for r in v.resultaten if not r.variant.fase]
    zonder = replace(zuid, vrijgave=bundle(rest, policy=v.beleid, rules=v.regels, stand=v.stand))
    samen = joined([*anderen, zonder])
    r = samen.resultaat(f"{INDICATOR}[fase: vanaf]")
    assert r.reden_nvt == f"niet elke samenvatting heeft deze indicator; hij ontbreekt in {zuid.bron}"
    assert r.schattingen.empty
    assert len(samen.resultaat(INDICATOR).schattingen)


def test_on_the_command_line(mappen, samen, tmp_path):
    paden = [str(mappen[naam]) for naam in EIGENAREN]
    uit = CliRunner().invoke(cli.app, ["samenvoegen", *paden, "--uit", str(tmp_path / "uit")])
    assert uit.exit_code == 0, uit.output
    assert "Brinkerade (proeftuin, start 2025-01-01)" in uit.output
    assert "Eerste gesprek op tijd: regio's naast elkaar" in uit.output
    assert "Panelen van instroom voor ontwerpen over de tijd: 1" in uit.output
    geschreven = json.loads((tmp_path / "uit" / VRAGEN).read_bytes())
    assert geschreven["vrijgave"] == samen.id


def test_designs_over_time_on_the_command_line(mappen):
    paden = [deel for naam in EIGENAREN for deel in ("--samenvatting", str(mappen[naam]))]
    uit = CliRunner().invoke(cli.app, ["ontwerp", "reken", INDICATOR, *paden, "--ontwerp", "voor_na"])
    assert uit.exit_code == 0, uit.output
    assert "Voor en na binnen proeftuinen" in uit.output
    for verkeerd in (["aandeel_ots", *paden], [INDICATOR, "pakket", *paden], [INDICATOR, *paden, "--intern"]):
        assert isinstance(CliRunner().invoke(cli.app, ["ontwerp", "reken", *verkeerd]).exception, GebruikFout)


def test_an_indicator_that_is_not_there_is_refused(klein):
    uit = CliRunner().invoke(
        cli.app, ["samenvoegen", str(klein["Oosterkreek"]), "--indicator", "eerste_gesprek"]
    )
    assert uit.exception.herstel == f"Bedoelt u '{INDICATOR}'?"


def test_an_owner_writes_a_summary(voorbeeldpakket, tmp_path):
    """What it holds no household can be told from."""
    pakket = knip(voorbeeldpakket, tmp_path / "p", ["pt04"], hooguit=21)
    opdracht = ["samenvatting", str(pakket), "--uit", str(tmp_path / "uit"), "--indicator", INDICATOR]
    uit = CliRunner().invoke(cli.app, opdracht)
    assert uit.exit_code == 0, uit.output
    (regio,) = json.loads((tmp_path / "uit" / FILE).read_bytes())["regios"]
    assert regio == {"naam": "Oosterkreek", "soort": "proeftuin", "start": START}
    gelezen = read_set(tmp_path / "uit")
    vragen = [(r.indicator, r.variant.fase, bool(r.variant.instroom)) for r in gelezen.vrijgave.resultaten]
    klokken = [("", False), ("vanaf", False), ("voor", False), ("", True)]
    assert vragen == [(INDICATOR, *klok) for klok in klokken]
    huizen = pd.read_csv(pakket / "huishouden.csv", dtype="str")["huishouden_id"]
    for pad in (p for p in (tmp_path / "uit").rglob("*") if p.is_file()):
        assert not any(naam.encode() in pad.read_bytes() for naam in huizen)


def test_which_indicators_a_summary_holds():
    assert chosen_indicators(["aandeel_ots", INDICATOR, "aandeel_ots"], None) == ("aandeel_ots", INDICATOR)
    assert INDICATOR not in chosen_indicators((), None)
    assert "aandeel_ots" in chosen_indicators((), None)


def test_every_kind_says_whether_it_adds():
    assert set(ADDS) == set(Kind)
