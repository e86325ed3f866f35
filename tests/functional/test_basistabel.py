"""The baseline table, from delivered tables to what a reader sees."""

from __future__ import annotations

import json
import math

import pytest
from definities import schrijf
from openbaar_verslag import eigen_pakket
from openbaar_verslag import schrijf as schrijf_verslag
from typer.testing import CliRunner

from toekomstscenario_eval import cli
from toekomstscenario_eval.blocks.baseline import baseline_blocks, described
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.document.document import Tabel, flat_text
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.making.open_release import openbaar
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import Vorm

ACROSS = "Al in beeld voor de start van de eigen proeftuin, en daarna nog"
SITES = (
    "proeftuin_id,naam,regio,soort,start_datum,tranche\n"
    "pt1,Aa,R,proeftuin,2024-07-01,1\npt2,Bb,R,vergelijking,,\n"
)


def met_de_hand(map_, **anders):
    """Twenty households of a proeftuin that starts on 1 July 2024, ten of a comparison region.

    In the proeftuin h0-h5 leave before the start, h6-h13 live across it, h14-h19 come after it. Even numbers
    have a child of 3 and one parent; odd ones two children, the youngest of 8, and two parents. Of h18 and
    h19 no members were delivered. h0-h4 and h6-h9 have profile anders, h10 and h11 none, others
    langdurige_zorg. In the comparison region all have one child of 13 and one parent, and profile anders.
    A supervision order runs at entry in h0, h6 and h20.
    """
    huis = "huishouden_id,proeftuin_id,begin,eind,reden_einde,gezinsprofiel\n"
    leden = "persoon_id,huishouden_id,rol,geboortejaar,geslacht\n"
    for i in range(30):
        begin, eind = ("2024-08-01", "") if 14 <= i < 20 else ("2024-02-01", "2024-05-01" if i < 6 else "")
        profiel = "" if i in (10, 11) else "anders" if i < 5 or 6 <= i < 10 or i >= 20 else "langdurige_zorg"
        huis += f"h{i},pt{1 if i < 20 else 2},{begin},{eind},,{profiel}\n"
        if i in (18, 19):
            continue
        jaren = (2010,) if i >= 20 else (2021,) if i % 2 == 0 else (2010, 2015)
        leden += "".join(f"k{i}_{j},h{i},kind,{jaar},M\n" for j, jaar in enumerate(jaren))
        leden += "".join(f"o{i}_{j},h{i},ouder,1985,V\n" for j in range(1 if i % 2 == 0 or i >= 20 else 2))
    maatregel = "maatregel_id,persoon_id,soort,begin,eind,reden_einde,organisatie_id\n"
    maatregel += "".join(f"m{i},k{i}_0,11,2024-01-01,,,gi1\n" for i in (0, 6, 20))
    tabellen = {"proeftuin": SITES, "huishouden": huis, "persoon": leden, "maatregel": maatregel}
    return schrijf(map_, tabellen | anders)


def tabel(output_of_blokken) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]], Tabel]:
    (blok,) = [b for b in output_of_blokken if isinstance(b, Tabel)]
    return blok.kop, {rij[0].tekst: tuple(c.getoond for c in rij[1:]) for rij in blok.rijen}, blok


def zinnen(blokken) -> str:
    return " ".join(flat_text(b.inhoud) for b in blokken if not isinstance(b, Tabel))


@pytest.fixture(scope="module")
def handwerk(tmp_path_factory):
    return Study.open(met_de_hand(tmp_path_factory.mktemp("basis") / "p"), intern=True)


def test_counts_by_hand(handwerk):
    kop, rijen, _ = tabel(handwerk.basistabel().blokken)
    assert kop[1:4] == (
        "Proeftuinen voor hun start",
        "Proeftuinen vanaf hun start",
        "Vergelijkings\u00adregio's",
    )
    assert rijen["Aantal huishoudens"][:3] == ("14", "14", "10")
    eerste = {naam: waarden[:3] for naam, waarden in rijen.items()}
    assert eerste[ACROSS] == ("8 (57,1%)", "8 (57,1%)", "nvt")
    assert eerste["Gezinsprofiel: ander profiel"] == ("9 (64,3%)", "4 (28,6%)", "10 (100,0%)")
    assert eerste["Gezinsprofiel: niet geleverd"] == ("2 (14,3%)", "2 (14,3%)", "0 (0,0%)")
    assert eerste["Gezinsprofiel: gezin met langdurige zorg"] == ("3 (21,4%)", "8 (57,1%)", "0 (0,0%)")
    assert eerste["Kinderen: één"] == ("7 (50,0%)", "6 (42,9%)", "10 (100,0%)")
    assert eerste["Kinderen: twee"] == ("7 (50,0%)", "6 (42,9%)", "0 (0,0%)")
    assert eerste["Kinderen: geen leden geleverd"] == ("0 (0,0%)", "2 (14,3%)", "0 (0,0%)")
    assert eerste["Jongste kind: 0 tot en met 3 jaar"] == ("7 (50,0%)", "6 (42,9%)", "0 (0,0%)")
    assert eerste["Jongste kind: 4 tot en met 11 jaar"] == ("7 (50,0%)", "6 (42,9%)", "0 (0,0%)")
    assert eerste["Jongste kind: 12 tot en met 17 jaar"] == ("0 (0,0%)", "0 (0,0%)", "10 (100,0%)")
    assert eerste["Volwassenen: één"] == ("7 (50,0%)", "6 (42,9%)", "10 (100,0%)")
    assert eerste["Volwassenen: geen geleverd"] == ("0 (0,0%)", "2 (14,3%)", "0 (0,0%)")
    assert eerste["OTS bij instroom"] == ("2 (14,3%)", "1 (7,1%)", "1 (10,0%)")
    assert eerste["OTS bij instroom: niet bekend"] == ("0 (0,0%)", "2 (14,3%)", "0 (0,0%)")
    assert "Uithuisplaatsing bij instroom" not in eerste


def test_every_household_has_one_value_of_what_divides_them(handwerk):
    for r in (r for results in described(handwerk.bundel(*basis(handwerk))).values() for r in results):
        s = r.schattingen[r.schattingen["maat"].str.contains("=")]
        if s.empty:
            continue
        per = s.assign(wat=s["maat"].str.partition("=")[0]).groupby(["uitsplitsing", "groep", "wat"])
        assert (per["teller"].sum() == per["n"].first()).all()


def basis(studie):
    return [
        studie.bereken(naam, per=velden, fase=fase)
        for naam in ("kenmerken", "ots_bij_instroom", "uithuisplaatsing_bij_instroom")
        for velden, fase in studie.baseline_questions()
    ]


def test_the_difference_by_hand(handwerk):
    """Of profile anders 4 of 14 and 10 of 10, of an OTS 1 of 14 and 1 of 10."""
    _, rijen, _ = tabel(handwerk.basistabel().blokken)
    p, q = 1 / 14, 1 / 10
    d = (p - q) / math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    assert -0.11 < d < -0.1
    assert rijen["OTS bij instroom"][3] == f"{number(d, Vorm.GETAL)} (niet klein)"
    p = 4 / 14
    d = (p - 1) / math.sqrt(p * (1 - p) / 2)
    assert rijen["Gezinsprofiel: ander profiel"][3] == f"{number(d, Vorm.GETAL)} (niet klein)"
    assert rijen["Kinderen: geen"][3] == "niet te zeggen"
    assert rijen[ACROSS][3:] == ("nvt",)


def test_the_sentence_names_what_differs_the_largest_first(handwerk):
    blokken = handwerk.basistabel().blokken
    _, rijen, _ = tabel(blokken)
    groot = {
        naam: abs(float(rij[3].partition(" ")[0].replace("−", "-").replace(",", ".")))
        for naam, rij in rijen.items()
        if rij[3].endswith("(niet klein)")
    }
    tekst = zinnen(blokken)
    plek = {naam: tekst.index(f"{naam} (") for naam in groot}
    assert len(plek) > 3
    assert "hoe ver de huishoudens van proeftuinen vanaf hun start en van vergelijkingsregio's" in tekst
    volgorde = sorted(plek, key=plek.__getitem__)
    assert [groot[naam] for naam in volgorde] == sorted((groot[naam] for naam in plek), reverse=True)
    klein = sum(rij[3].endswith("(klein)") for rij in rijen.values())
    # Nobody in both groups, or everybody, tells nothing of how alike they are.
    leeg = [rij for rij in rijen.values() if rij[1].startswith("0 (") and rij[2].startswith("0 (")]
    assert leeg
    assert {rij[3] for rij in leeg} <= {"niet te zeggen", "nvt"}
    assert ("is het klein" in tekst) is bool(klein)
    assert tekst.endswith("daar is geen spreiding.")


def test_what_was_not_delivered_is_said_and_is_no_zero(handwerk):
    _, _, blok = tabel(handwerk.basistabel().blokken)
    assert any(n.startswith("Uithuisplaatsing bij instroom: niet van toepassing, want") for n in blok.noten)


def test_without_members_nothing_is_known_of_them(tmp_path):
    studie = Study.open(zonder_leden(tmp_path / "p"), intern=True)
    _, rijen, blok = tabel(studie.basistabel().blokken)
    assert rijen["Kinderen: geen leden geleverd"][:3] == ("14 (100,0%)", "14 (100,0%)", "10 (100,0%)")
    assert rijen["Kinderen: één"][:3] == ("0 (0,0%)",) * 3
    assert any(n.startswith("OTS bij instroom: niet van toepassing, want") for n in blok.noten)


def zonder_leden(map_):
    """Return the package without the tables of members and measures."""
    pakket = met_de_hand(map_)
    pad = pakket / "datapackage.json"
    bron = json.loads(pad.read_text(encoding="utf-8"))
    bron["resources"] = [b for b in bron["resources"] if b["name"] not in ("persoon", "maatregel")]
    pad.write_text(json.dumps(bron), encoding="utf-8")
    for naam in ("persoon", "maatregel"):
        (pakket / f"{naam}.csv").unlink()
    return pakket


def test_without_start_dates_proeftuinen_stand_over_the_whole_window(tmp_path):
    sites = "proeftuin_id,naam,regio,soort\npt1,Aa,R,proeftuin\npt2,Bb,R,vergelijking\n"
    studie = Study.open(met_de_hand(tmp_path / "p", proeftuin=sites), intern=True)
    kop, rijen, blok = tabel(studie.basistabel().blokken)
    assert kop[1:3] == ("Proeftuinen", "Vergelijkings\u00adregio's")
    assert any(n.startswith("Gestandaardiseerd verschil: proeftuinen min") for n in blok.noten)
    assert "hoe ver de huishoudens van proeftuinen en van" in zinnen(studie.basistabel().blokken)
    assert rijen["Aantal huishoudens"][:2] == ("20", "10")
    assert rijen["Gezinsprofiel: ander profiel"][:2] == ("9 (45,0%)", "10 (100,0%)")


def test_without_comparison_regions_it_cannot_be_said(tmp_path):
    sites = SITES.replace("vergelijking,,", "proeftuin,2024-07-01,1")
    studie = Study.open(met_de_hand(tmp_path / "p", proeftuin=sites), intern=True)
    blokken = studie.basistabel().blokken
    kop, rijen, _ = tabel(blokken)
    assert kop == ("Kenmerk bij instroom", "Proeftuinen voor hun start", "Proeftuinen vanaf hun start")
    assert rijen["Aantal huishoudens"] == ("24", "24")
    assert zinnen(blokken).endswith("van vergelijkingsregio's zijn geen kenmerken getoond.")


def test_one_site_has_a_column_of_its_own_first(handwerk):
    kop, rijen, _ = tabel(baseline_blocks(handwerk.bundel(*basis(handwerk)), "Aa"))
    assert kop[1:3] == ("Aa", "Proeftuinen voor hun start")
    assert {rij[0] == rij[2] for rij in rijen.values()} == {True}
    kop, rijen, _ = tabel(baseline_blocks(handwerk.bundel(*basis(handwerk)), "Bb"))
    assert kop[1] == "Bb"
    assert {rij[0] == rij[3] for naam, rij in rijen.items() if naam != ACROSS} == {True}


@pytest.fixture(scope="module", params=[21, 52, 300])
def klein(request, tmp_path_factory):
    map_ = tmp_path_factory.mktemp(f"basis{request.param}")
    pakket, sleutel = eigen_pakket(map_, huishoudens=request.param)
    return request.param, Study.open(pakket, sleutel=sleutel), pakket


def test_small_packages_show_what_their_size_allows(klein):
    n, studie, _ = klein
    blokken = studie.basistabel().blokken
    if n == 21:
        assert "minder dan 30 huishoudens" in zinnen(blokken)
        assert not [b for b in blokken if isinstance(b, Tabel)]
        return
    kop, rijen, blok = tabel(blokken)
    assert "Proeftuinen vanaf hun start" in kop
    assert ("Proeftuinen voor hun start" in kop) == (n >= 100)
    teksten = {tekst for rij in rijen.values() for tekst in rij}
    assert any(tekst.startswith("minder dan 10 van ") for tekst in teksten)
    assert not any(tekst.startswith(tuple(f"{i} (" for i in range(10))) for tekst in teksten)
    if n == 52:
        assert any("Reden: hier tellen minder dan 30 huishoudens mee." in noot for noot in blok.noten)


def test_a_site_of_a_small_package_has_no_column(klein):
    """Of a site it would be many splits of few households: from 300 households on."""
    n, studie, _ = klein
    vrijgave = studie.bundel(*basis(studie))
    naam = studie.pakket.tabellen["proeftuin"].naam.min().execute()
    blokken = baseline_blocks(vrijgave, naam)
    if n == 52:
        kop, _, blok = tabel(blokken)
        assert naam not in kop
        assert any(noot.startswith(f"Niet getoond: {naam}. Reden:") for noot in blok.noten)
    if n == 300:
        assert tabel(blokken)[0][1] == naam


def test_it_is_computed_again_from_the_open_counts(klein, tmp_path):
    n, studie, pakket = klein
    vrijgave = studie.bundel(*basis(studie), *studie.feiten())
    schrijf_verslag(studie, vrijgave, tmp_path, pakket)
    opnieuw = openbaar(tmp_path)
    assert opnieuw.id == vrijgave.id
    assert baseline_blocks(opnieuw) == baseline_blocks(vrijgave)
    assert list(derived(opnieuw)) == list(derived(vrijgave))
    assert any(d["soort"].startswith("proeftuinen min") for d in derived(vrijgave)) == (n == 300)


def test_the_command_shows_the_same(handwerk, tmp_path):
    uit = CliRunner().invoke(cli.app, ["basistabel", str(met_de_hand(tmp_path / "p")), "--intern"])
    assert uit.exit_code == 0, uit.output
    assert "8 (57,1%)" in uit.output
    assert zinnen(handwerk.basistabel().blokken) in uit.output


def test_every_word_of_it_has_its_english(handwerk, klein):
    _, studie, _ = klein
    for blokken in (handwerk.basistabel().blokken, studie.basistabel().blokken):
        _, nederlands = in_english(blokken)
        assert not nederlands
