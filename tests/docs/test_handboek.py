"""The handbook builds, asks nothing of other servers, and says what the code says."""

from __future__ import annotations

import ast
import dataclasses
import html
import importlib
import os
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from toekomstscenario_eval import cli, errors
from toekomstscenario_eval.data.checks import rules
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.estimators import share
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.rules import all_rules
from toekomstscenario_eval.report.plan import CASE, COURSE, FIELD, FIXED, SUPPLIER, TEXTS
from toekomstscenario_eval.report.report import all_sections
from toekomstscenario_eval.summaries import breakdowns
from toekomstscenario_eval.summaries.registry import all_indicators
from toekomstscenario_eval.types import Card, Kind, Maat, Vorm

WORTEL = Path(__file__).parents[2]
DOCS = WORTEL / "docs"
PAKKET = WORTEL / "toekomstscenario_eval"
zonder_mkdocs = pytest.mark.skipif(
    find_spec("mkdocs") is None or find_spec("material") is None,
    reason="mkdocs-material is niet geïnstalleerd",
)


def pagina(naam: str) -> str:
    return (DOCS / naam).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    doel = tmp_path_factory.mktemp("handboek") / "site"
    bouw = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(doel)],
        cwd=WORTEL,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert bouw.returncode == 0, bouw.stdout + bouw.stderr
    return doel


@pytest.fixture
def hook(monkeypatch):
    """Return a function that imports a module of `docs/hooks`."""
    monkeypatch.syspath_prepend(str(DOCS / "hooks"))
    return importlib.import_module


def tekst(bestand: Path) -> str:
    """Return what a reader sees of a page, without the navigation."""
    artikel = bestand.read_text(encoding="utf-8").partition("<article")[2].partition("</article>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", artikel)).split())


class Bronnen(HTMLParser):
    """Collects every address that a browser would fetch for a page, and images without a description."""

    def __init__(self) -> None:
        super().__init__()
        self.adressen: list[str] = []
        self.zonder_alt: list[str] = []
        self.taal = ""

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.adressen += [a[k] or "" for k in ("src", "srcset", "data", "poster", "action") if k in a]
        if tag == "link":
            self.adressen.append(a.get("href") or "")
        if tag == "img" and not a.get("alt"):
            self.zonder_alt.append(a.get("src") or "")
        if tag == "html":
            self.taal = a.get("lang") or ""


def gelezen(bestand: Path) -> Bronnen:
    uit = Bronnen()
    uit.feed(bestand.read_text(encoding="utf-8"))
    return uit


@zonder_mkdocs
def test_no_page_loads_anything_from_elsewhere(site):
    vreemd = re.compile(r"^\s*(https?:)?//")
    bladen = sorted(site.rglob("*.html"))
    assert len(bladen) > len(load_schema().tabellen) + len(all_indicators())
    assert [(b.name, a) for b in bladen for a in gelezen(b).adressen if vreemd.match(a)] == []
    stijl = re.compile(r"""(url\(\s*["']?|@import\s+["'])(https?:)?//""")
    assert [p.name for p in site.rglob("*.css") if stijl.search(p.read_text(encoding="utf-8"))] == []
    # These two make the script of the theme fetch something at run time.
    for blad in bladen:
        inhoud = blad.read_text(encoding="utf-8")
        assert 'class="mermaid"' not in inhoud
        assert "polyfill" not in inhoud


@zonder_mkdocs
def test_pages_are_dutch_and_images_described(site):
    for blad in site.rglob("*.html"):
        assert gelezen(blad).taal == "nl"
        assert gelezen(blad).zonder_alt == []


@zonder_mkdocs
def test_search_knows_dutch(site):
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert '"lang":["nl"]' in index


@zonder_mkdocs
def test_hooks_are_not_published(site):
    assert not list(site.rglob("*.py"))


def test_nothing_generated_is_kept():
    assert not (DOCS / "codeboek").exists()
    assert not (DOCS / "indicatoren").exists()


@zonder_mkdocs
@pytest.mark.parametrize("naam", load_schema().tabellen)
def test_codebook_has_every_field(site, naam):
    gezien = tekst(site / "codeboek" / f"{naam}.html")
    tabel = load_schema().tabellen[naam]
    assert tabel.wording in gezien
    for veld in tabel.fields:
        assert f"{veld.naam} {veld.wording}" in gezien
        assert veld.doel in gezien


@zonder_mkdocs
def test_codebook_has_every_code(site):
    gezien = tekst(site / "codeboek" / "codelijsten.html")
    for lijst in load_schema().codelists.values():
        for code, label in lijst.labels.items():
            assert f"{code} {' '.join(label.split())}" in gezien


@zonder_mkdocs
@pytest.mark.parametrize("naam", all_indicators())
def test_every_indicator_has_its_page(site, naam):
    wat = all_indicators()[naam]
    gezien = tekst(site / "indicatoren" / f"{naam}.html")
    kaart = wat.card
    delen = [kaart.vraag, kaart.teller, kaart.noemer, kaart.lezen, kaart.censurering, kaart.uitsluitingen]
    delen += [m.label for m in kaart.maten.values()] + [p.uitleg for p in kaart.params.values()]
    delen += [v.naam[1:] for v in wat.voorbeelden]
    assert [deel for deel in delen if deel not in gezien] == []
    for start in ("index.html", "indicatoren/index.html"):
        assert kaart.vraag in tekst(site / start)


@zonder_mkdocs
def test_every_rule_is_explained(site):
    gezien = tekst(site / "controles.html")
    for regel in rules().values():
        assert f"Regel {regel.id} : een {regel.regel.ernst.value} . {regel.regel.uitleg[0].upper()}" in gezien
        for deel in (regel.regel.titel, regel.regel.uitleg[1:], regel.regel.herstel[1:]):
            assert " ".join(deel.split()) in gezien


@zonder_mkdocs
def test_every_field_of_the_researcher_is_explained(site):
    gezien = tekst(site / "onderzoeksbestand.html")
    titels = {s.titel for s in all_sections().values()}
    for naam, vraag in TEXTS.items():
        assert any(f"{naam} {vraag} {titel}" in gezien for titel in titels)
    for naam in (*FIELD, *COURSE, *SUPPLIER, *CASE, *FIXED):
        assert re.search(rf"\b{naam}\b", gezien)


def leest(waarde: object) -> str:
    """What a reader sees of the value of a rule."""
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    return " , ".join(waarde) if isinstance(waarde, tuple) else f"{waarde}".replace(".", ",")


@zonder_mkdocs
def test_policies_commands_and_exit_codes_are_complete(site):
    vrijgave, opdrachten = tekst(site / "vrijgave.html"), tekst(site / "opdrachtregel.html")
    streng, microdata = (load_policy(naam).regels for naam in ("streng", "microdata"))
    for naam, waarde in load_policy().regels.items():
        uitleg = all_rules()[naam].card.uitleg
        waarden = " ".join(map(leest, (waarde, streng[naam], microdata[naam])))
        assert f"{naam} {uitleg[:1].upper()}{uitleg[1:]} {waarden}" in vrijgave, naam
    for naam, opdracht in typer.main.get_command(cli.app).commands.items():
        assert f"tks {naam}" in opdrachten
        assert all(o in opdrachten for p in opdracht.params for o in p.opts if o.startswith("--"))
    for klasse in errors.TksFout.__subclasses__():
        assert f"{klasse.exitcode} {klasse.kop}" in opdrachten
    assert all(veld in opdrachten for veld in breakdowns.group_fields())


@zonder_mkdocs
def test_unknown_block_stops_the_build(hook):
    from mkdocs.exceptions import PluginError

    blad = SimpleNamespace(file=SimpleNamespace(src_uri="proef.md"))
    with pytest.raises(PluginError, match=r"^proef\.md: het blok 'bestaat_niet' bestaat niet$"):
        hook("handboek").on_page_markdown("<!-- gegenereerd: bestaat_niet -->", page=blad)


def test_kaplan_meier_example_by_hand(hook):
    km = hook("kaplan_meier")
    s = km.stappen()
    # Day 40: 7 in view (duo 8 is not in view yet); day 90: duos 3-7; day 120: 5-8; day 200: 7 and 8.
    assert s["dag"].tolist() == [40, 90, 120, 200]
    assert s["lopen"].tolist() == [7, 5, 4, 2]
    assert s["eindigen"].tolist() == [1, 2, 1, 1]
    assert s["overleving"].tolist() == pytest.approx([6 / 7, 18 / 35, 27 / 70, 27 / 140])
    assert km.mediaan() == 120


def test_picture_of_noise_by_hand(hook, monkeypatch):
    r = hook("noise_picture")
    # Of the published table with D 2, V 1.08, js 1, as `tests/protection/test_ruis.py` has it.
    monkeypatch.setattr(r, "noise", lambda: Noise(2, 1.08, 1))
    assert r.drawn(1).round(3).to_dict() == {0: 0.513, 2: 0.46, 3: 0.027}
    assert r.drawn(4).round(3).to_dict() == {2: 0.074, 3: 0.244, 4: 0.364, 5: 0.244, 6: 0.074}
    # Behind a 6 may be 4 to 8, by the same row turned round.
    assert r.behind(6).round(3).to_dict() == {4: 0.074, 5: 0.244, 6: 0.364, 7: 0.244, 8: 0.074}
    # Behind a 2: true 1 to 4, in the proportion 0.460 : 0.546 : 0.421 : 0.074.
    assert r.behind(2).round(3).to_dict() == {1: 0.306, 2: 0.364, 3: 0.28, 4: 0.049}


def test_picture_of_noise_says_in_words_what_it_shows(hook):
    r = hook("noise_picture")
    namen = [deel for _, _, kansen in r.panels() for deel in kansen.index[kansen >= 0.005].astype(str)]
    getoond = re.findall(r"(\d+): (\d+)%", r.alt_text())
    assert [n for n, _ in getoond] == namen
    tekening = html.unescape(re.sub(r"<[^>]+>", " ", r.picture()))
    assert all(f"{p}%" in tekening for _, p in getoond)


def test_table_of_noise_says_never_only_where_it_cannot_be(hook):
    regels = [
        regel.strip("| ").split(" | ") for regel in hook("noise_picture").block().splitlines() if "|" in regel
    ]
    # With D 6 a true 1 never reads as 10 or more, and 10 and 15 never as 0.
    assert [regel[3] == "nooit" for regel in regels if regel[0] in ("1", "3", "4")] == [True, True, False]
    assert [regel[1] == "nooit" for regel in regels if regel[0] in ("4", "6", "8", "15")] == [
        False,
        False,
        True,
        True,
    ]


def test_pages_for_readers_say_what_the_policy_says():
    """These pages are written by hand; their numbers are those of the policy that is used by default."""
    regels = load_policy().regels
    assert (regels["drempel"], regels["ruis_d"], regels["ruis_v"], regels["ruis_js"]) == (10, 6, 3, 2)
    _, tabel = pagina("vrijgave.md").split("| Huishoudens in het geheel | Wat er openbaar is |")
    rijen = re.findall(r"^\| (?:minder dan )?([\d.]+)(?: tot [\d.]+| en meer)? \|", tabel, re.MULTILINE)
    maten = ("omvang_geheel", "omvang_geheel", "omvang_uitsplitsing", "omvang_plaats")
    assert [int(rij.replace(".", "")) for rij in rijen] == [regels[naam] for naam in maten]


def test_printed_interval_is_right():
    schatting, onder, boven, n = re.search(
        r"> Aandeel met een duo: ([\d,]+)% \(95%-interval ([\d,]+) – ([\d,]+)%; (\d+) huishoudens\)\.",
        pagina("verslag-lezen.md"),
    ).groups()
    getal = {
        k: float(v.replace(",", ".")) / 100 for k, v in zip("sob", (schatting, onder, boven), strict=True)
    }
    met = round(getal["s"] * int(n))
    som = pd.DataFrame(
        {"som_t": [met], "som_n": [int(n)], "som_tt": [met], "som_nn": [int(n)], "som_tn": [met]}
    )
    maten = {"aandeel": Maat("Aandeel", "deel", Vorm.AANDEEL)}
    (rij,) = share.estimate_group(som, huishoudens=int(n), maten=maten, horizon=365).schattingen
    for naam, letter in (("schatting", "s"), ("ondergrens", "o"), ("bovengrens", "b")):
        assert round(rij[naam], 3) == pytest.approx(getal[letter])


def test_printed_error_is_the_real_one():
    gevonden = re.search(r"\$ tks (\w+) (\w+)\n(.*?)```", pagina("opdrachtregel.md"), flags=re.DOTALL)
    opdracht, woord, melding = gevonden.groups()
    fout = CliRunner().invoke(cli.app, [opdracht, woord]).exception
    assert isinstance(fout, errors.GebruikFout)
    assert f"{fout.tekst()}\n" == melding


def test_printed_commands_exist():
    opdrachten = typer.main.get_command(cli.app).commands
    regels = [
        (blad.name, regel)
        for blad in sorted(DOCS.glob("*.md"))
        for regel in re.findall(
            r"^\s*(?:\.venv/bin/)?tks (\w.*)$", blad.read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert len(regels) > 10
    for blad, regel in regels:
        naam, *rest = shlex.split(regel)
        assert naam in opdrachten, (blad, regel)
        wat = opdrachten[naam]
        if hasattr(wat, "commands"):
            assert rest[0] in wat.commands, (blad, regel)
            wat = wat.commands[rest[0]]
        bekend = {o for p in wat.params for o in p.opts} | {"--help"}
        assert {deel for deel in rest if deel.startswith("--")} <= bekend, (blad, regel)


def test_install_commands_are_those_of_the_makefile():
    recept = (WORTEL / "Makefile").read_text(encoding="utf-8")
    recept = recept.replace("$(BIN)", ".venv/bin").replace("$(VENV)", ".venv").replace("$(PYTHON)", "python3")
    recept = {regel.strip().replace(" --quiet", "") for regel in recept.splitlines()}
    los, windows = (
        [regel.strip() for regel in blok.strip().splitlines()]
        for blok in re.findall(r"```\n(    python3? -m venv.*?)```", pagina("eerste-verslag.md"), re.DOTALL)[
            ::-1
        ]
    )
    assert len(los) == 4
    assert [regel for regel in los if regel not in recept] == []
    assert [
        regel.replace(".venv\\Scripts\\", ".venv/bin/")
        .replace("\\", "/")
        .replace("python -m venv", "python3 -m venv")
        for regel in windows
    ] == los


def test_glossary_is_in_order_and_without_doubles():
    termen = re.findall(r"^(\S.*)\n:   ", pagina("begrippen.md"), flags=re.MULTILINE)
    assert len(termen) > 20
    assert termen == sorted(set(termen), key=str.casefold)


def test_design_names_every_room_and_no_other():
    ontwerp = pagina("ontwerp.md")
    kamers = {
        f"{p.stem}.py" if p.suffix == ".py" else f"{p.name}/"
        for p in PAKKET.iterdir()
        if (p.suffix == ".py" or (p / "__init__.py").is_file()) and p.stem != "__init__"
    }
    assert [kamer for kamer in sorted(kamers) if f"`{kamer}`" not in ontwerp] == []
    genoemd = re.findall(r"`([\w/]+(?:/|\.py|\.toml))`", ontwerp)
    plekken = (WORTEL, PAKKET, PAKKET / "data", PAKKET / "protection")
    assert [naam for naam in genoemd if not any((plek / naam).exists() for plek in plekken)] == []


def test_page_on_indicators_names_every_helper_and_no_other():
    bestanden = [PAKKET / "data" / "spells.py", *sorted((PAKKET / "indicators").glob("_[a-z]*.py"))]
    functies = [
        f"{pad.stem}.{k.name}"
        for pad in bestanden
        for k in ast.parse(pad.read_text(encoding="utf-8")).body
        if isinstance(k, ast.FunctionDef) and not k.name.startswith("_")
    ]
    genoemd = re.findall(r"^\| `(\w+\.\w+)` \| \S", pagina("indicator-toevoegen.md"), flags=re.MULTILINE)
    assert len(genoemd) > 40
    assert sorted(set(genoemd) - {f"Kind.{kind.name}" for kind in Kind}) == sorted(functies)


def test_page_on_indicators_explains_every_kind_and_every_part_of_a_card():
    tekst = pagina("indicator-toevoegen.md")
    assert [kind.name for kind in Kind if f"`Kind.{kind.name}`" not in tekst] == []
    uitgelegd = re.findall(r"^\| `(\w+)` \| \S", tekst, flags=re.MULTILINE)
    assert uitgelegd == [veld.name for veld in dataclasses.fields(Card)]
