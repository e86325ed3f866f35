"""A report about few households: what shows nothing takes one sentence, no table and no picture."""

import pytest

from toekomstscenario_eval import cli
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.document import Cel, Tabel
from toekomstscenario_eval.document.nodes import SUPPRESSED

LEEG = Cel("", rechts=True, onderdrukt=True)


@pytest.fixture(scope="module")
def verslag(tmp_path_factory):
    """The HTML report about 21 households."""
    from lxml import html

    map_ = tmp_path_factory.mktemp("klein")
    pakket = make_example(map_ / "pakket", huishoudens=21, seed=2026)
    opdracht = ["tks", "rapport", str(pakket), "--uit", str(map_ / "uit"), "--formaat", "html"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", opdracht)
        with pytest.raises(SystemExit) as stop:
            cli.main()
    assert not stop.value.code
    return html.parse(str(map_ / "uit" / "verantwoording.html"))


def test_no_table_and_no_figure_shows_nothing_at_all(verslag):
    tabellen = verslag.findall(".//table")
    assert tabellen
    for tabel in tabellen:
        rijen = [[c.text_content().strip() for c in r] for r in tabel.findall(".//tbody/tr")]
        assert not rijen or any(SUPPRESSED not in r for r in rijen), tabel.text_content()[:80]
    assert not [f for f in verslag.findall(".//figure") if "geen rijen" in f.text_content()]


def test_what_shows_nothing_says_so_with_the_reason(verslag):
    tekst = verslag.getroot().text_content()
    assert "per gezinsprofiel: nergens getoond (" in tekst
    assert "in het geheel tellen minder dan 30 huishoudens mee" in tekst
    assert "niet getekend. Geen curve, want daarvoor zijn er te weinig gegevens" in tekst


@pytest.mark.parametrize(
    ("rijen", "verborgen"),
    [
        ((), False),
        (((Cel("Noord"), LEEG),), True),
        (((Cel("Noord"), LEEG), (Cel("Zuid"), Cel("12", "g1"))), False),
        (((Cel("Noord"), Cel("geen")),), False),
    ],
)
def test_a_table_is_hidden_when_no_row_has_a_number(rijen, verborgen):
    assert Tabel("Cijfers", ("Plek", "Aantal"), rijen).verborgen is verborgen
