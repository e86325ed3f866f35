"""Pictures of a released network, each with an alternative text and a table of the same content."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks import network_panels as panels
from toekomstscenario_eval.blocks import network_svg as svg
from toekomstscenario_eval.blocks.network_data import NETWERK, ShownNetwork, periods, shown
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import Cel, Figuur, Tabel, Uitvoer
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.types import Vorm

MEESTE_KNOPEN = 40
_MEERVOUD = {"domein": "domeinen", "soort": "soorten organisaties", "organisatie": "organisaties"}


def _share(waarde: float) -> str:
    return number(waarde, Vorm.AANDEEL)


def _count(waarde: float) -> str:
    return number(waarde, Vorm.TELLING)


def _behind(rij: access.Row) -> str:
    return f"{_count(rij['huishoudens'])} huishoudens"


def _side(rij: access.Row) -> str:
    """Return how far two were there side by side; a meeting has no such number."""
    return "" if rij["naast"] != rij["naast"] else f", {_share(rij['naast'])} naast elkaar"


def _number_cell(tekst: str, getal_id: str = "") -> Cel:
    return Cel(tekst, getal_id, rechts=True)


def _notes(net: ShownNetwork, soort: str) -> tuple[str, ...]:
    weg = net.verborgen[soort]
    waarom = "te weinig huishoudens of professionals, of nodig om een ander te beschermen"
    return (f"{weg} onderdrukt: {waarom}.",) if weg else ()


def _check_size(net: ShownNetwork) -> None:
    n = len(net.knopen)
    if not 2 <= n <= MEESTE_KNOPEN or net.banden.empty:
        raise GebruikFout(
            "van dit netwerk is geen leesbare tekening te maken",
            verwacht=f"2 tot {MEESTE_KNOPEN} knopen die getoond mogen worden, met een band ertussen",
            kreeg=f"{n} knopen en {len(net.banden)} banden",
            herstel="kies niveau='domein' of niveau='soort', of een langer venster",
        )


def _nodes(net: ShownNetwork) -> list[svg.Node]:
    meeste = float(net.knopen["huishoudens"].max())
    return [
        svg.Node(
            str(k["naam"]),
            str(k["domein"]),
            float(k["huishoudens"]) / meeste,
            f"{k['naam']}: {_behind(k)}, {_count(k['professionals'])} professionals",
        )
        for k in access.records(net.knopen)
    ]


def _ties(net: ShownNetwork, plek: Mapping[str, int], meeste: float) -> list[svg.Tie]:
    return [
        svg.Tie(
            plek[b["een"]],
            plek[b["twee"]],
            float(b["huishoudens"]) / meeste,
            float(b["naast"]),
            f"{b['een']} en {b['twee']}: {_behind(b)}{_side(b)}",
        )
        for b in access.records(net.banden)
    ]


def _places(net: ShownNetwork) -> dict[str, int]:
    return {str(naam): i for i, naam in enumerate(net.knopen["naam"])}


def _ties_table(net: ShownNetwork) -> Tabel:
    rijen = net.banden.sort_values(["huishoudens", "een", "twee"], ascending=[False, True, True])
    kop: tuple[str, ...] = ("Band", "Huishoudens", "Deel van de huishoudens")
    if net.overleg:
        uitleg = "Huishoudens waarover beide in ten minste een overleg samen aan tafel zaten."
    else:
        kop += ("Naast elkaar",)
        uitleg = "Naast elkaar: het deel van de tijd van wie er het kortst was, waarin de ander er ook was."
    return Tabel(
        f"{'Samen in overleg' if net.overleg else 'Banden'} tussen {_MEERVOUD[net.niveau]}: gegevens",
        kop,
        tuple(
            (
                Cel(f"{b['een']} – {b['twee']}"),
                _number_cell(_count(b["huishoudens"]), f"{b['getal_id']}.n"),
                _number_cell(_share(b["aandeel"]), b["getal_id"]),
                _number_cell(_share(b["naast"]), f"{b['getal_id']}.ondergrens"),
            )[: len(kop)]
            for b in access.records(rijen)
        ),
        (uitleg, *_notes(net, "banden")),
    )


def _strongest(net: ShownNetwork, aantal: int = 3) -> str:
    top = net.banden.sort_values(["huishoudens", "een", "twee"], ascending=[False, True, True]).head(aantal)
    return "; ".join(f"{b['een']} met {b['twee']} ({_behind(b)}{_side(b)})" for b in access.records(top))


def node_link_figure(vrijgave: Release, sleutel: str, niveau: str) -> Figuur:
    """Return nodes and ties on a circle."""
    net = shown(vrijgave, sleutel, niveau=niveau)
    _check_size(net)
    banden = _ties(net, _places(net), float(net.banden["huishoudens"].max()))
    na = f"{int((net.banden['naast'] <= 0.4).sum())} banden zijn vooral na elkaar. "
    return Figuur(
        f"{'Wie samen overleggen over een huishouden' if net.overleg else 'Wie huishoudens delen'}, "
        f"per {niveau}",
        f"Netwerktekening van {len(net.knopen)} {_MEERVOUD[niveau]} en {len(net.banden)} banden. "
        f"Sterkste banden: {_strongest(net)}. {'' if net.overleg else na}"
        f"Onderdrukt: {net.verborgen['knopen']} knopen en {net.verborgen['banden']} banden.",
        svg.node_link(_nodes(net), banden),
        _ties_table(net),
    )


def matrix_figure(vrijgave: Release, sleutel: str, niveau: str) -> Figuur:
    """Return the matrix of ties, ordered by community."""
    net = shown(vrijgave, sleutel, niveau=niveau)
    _check_size(net)
    plek, meeste = _places(net), float(net.banden["huishoudens"].max())
    cellen = {}
    for t in _ties(net, plek, meeste):
        cellen[t.een, t.twee] = cellen[t.twee, t.een] = (t.dikte, t.naast, t.titel)
    wat = "Samen in overleg over huishoudens" if net.overleg else "Gedeelde huishoudens"
    return Figuur(
        f"{wat}, per {niveau}, geordend naar gemeenschap",
        f"Matrix van {len(net.knopen)} {_MEERVOUD[niveau]}; een donkerder vak is meer huishoudens. "
        f"Volgorde: {', '.join(net.knopen['naam'])}. Donkerste vakken: {_strongest(net)}.",
        svg.matrix([str(n) for n in net.knopen["naam"]], cellen),
        _ties_table(net),
    )


def time_figure(vrijgave: Release, sleutel: str, niveau: str) -> Figuur:
    """Return the same network in each period, side by side."""
    perioden = [p for p in periods(vrijgave, sleutel) if p]
    if not perioden:
        raise GebruikFout(
            f"{sleutel} is niet per periode berekend",
            herstel="bereken eerst studie.netwerkanalyse(periode='jaar') en geef die mee vrij",
        )
    netten = [shown(vrijgave, sleutel, niveau=niveau, periode=p) for p in perioden]
    for net in netten[:1]:
        _check_size(net)
    alle = pd.concat([n.knopen for n in netten]).drop_duplicates("naam").reset_index(drop=True)
    heel = ShownNetwork(niveau, "", alle, netten[0].banden, netten[0].stromen, netten[0].verborgen)
    plek = _places(heel)
    meeste = max(float(n.banden["huishoudens"].max()) for n in netten if len(n.banden))
    panelen = [
        (n.periode, _ties(n, plek, meeste), frozenset(plek[str(x)] for x in n.knopen["naam"])) for n in netten
    ]
    rijen = tuple(
        (
            Cel(f"{n.periode}: {b['een']} – {b['twee']}"),
            _number_cell(_count(b["huishoudens"]), f"{b['getal_id']}.n"),
            _number_cell(_share(b["naast"]), f"{b['getal_id']}.ondergrens"),
        )
        for n in netten
        for b in access.records(n.banden)
    )
    zinnen = [f"{n.periode}: {len(n.banden)} banden, sterkste {_strongest(n, 1) or 'geen'}" for n in netten]
    return Figuur(
        f"Het netwerk in de tijd, per {niveau}",
        f"{len(netten)} netwerktekeningen naast elkaar. " + ". ".join(zinnen) + ".",
        panels.multiples(_nodes(heel), panelen),
        Tabel(
            f"Het netwerk in de tijd, per {niveau}: gegevens",
            ("Periode en band", "Huishoudens", "Naast elkaar"),
            rijen,
            (f"{sum(n.verborgen['banden'] for n in netten)} banden zijn onderdrukt.",),
        ),
    )


def flow_figure(vrijgave: Release, sleutel: str, niveau: str) -> Figuur:
    """Return the flow of hand-overs: who leaves, and who comes."""
    net = shown(vrijgave, sleutel, niveau=niveau)
    s = net.stromen
    if s.empty:
        raise GebruikFout("er zijn geen overdrachten die getoond mogen worden", kreeg=f"niveau {niveau}")
    links = sorted(s["van"].unique(), key=lambda n: -s.loc[s["van"].eq(n), "aandeel"].sum())
    rechts = sorted(s["naar"].unique(), key=lambda n: -s.loc[s["naar"].eq(n), "aandeel"].sum())
    plek_l, plek_r = ({n: i for i, n in enumerate(kant)} for kant in (links, rechts))

    def titel(b: access.Row) -> str:
        wanneer = f"{_count(abs(b['dagen']))} dagen {'overlap' if b['dagen'] < 0 else 'ertussen'} (mediaan)"
        return f"{b['van']} naar {b['naar']}: {_share(b['aandeel'])} van de overdrachten, {wanneer}"

    banden = [
        panels.Flow(plek_l[b["van"]], plek_r[b["naar"]], float(b["aandeel"]), float(b["na_elkaar"]), titel(b))
        for b in access.records(s)
    ]
    top = s.sort_values(["aandeel", "van", "naar"], ascending=[False, True, True])
    grootste = "; ".join(
        f"van {b['van']} naar {b['naar']} ({_share(b['aandeel'])}, {_share(b['na_elkaar'])} zonder overlap)"
        for b in access.records(top.head(3))
    )
    return Figuur(
        f"Overdrachten van een huishouden, per {niveau}",
        f"Stroomdiagram van {len(s)} soorten overdrachten. Grootste: {grootste}. "
        f"Onderdrukt: {net.verborgen['overdrachten']}.",
        panels.flows(links, rechts, banden),
        Tabel(
            f"Overdrachten, per {niveau}: gegevens",
            (
                "Overdracht",
                "Huishoudens",
                "Deel van de overdrachten",
                "Zonder overlap",
                "Mediaan dagen ertussen",
            ),
            tuple(
                (
                    Cel(f"{b['van']} → {b['naar']}"),
                    _number_cell(_count(b["huishoudens"]), f"{b['getal_id']}.n"),
                    _number_cell(_share(b["aandeel"]), b["getal_id"]),
                    _number_cell(_share(b["na_elkaar"]), f"{b['getal_id']}.ondergrens"),
                    _number_cell(number(b["dagen"], Vorm.GETAL), f"{b['getal_id']}.bovengrens"),
                )
                for b in access.records(top)
            ),
            ("Een negatief aantal dagen is overlap.", *_notes(net, "overdrachten")),
        ),
    )


BEELDEN: Mapping[str, Callable[[Release, str, str], Figuur]] = {
    "knopen": node_link_figure,
    "matrix": matrix_figure,
    "tijd": time_figure,
    "overdrachten": flow_figure,
}


def network_figure(
    vrijgave: Release, sleutel: str = NETWERK, *, beeld: str = "knopen", niveau: str = "domein"
) -> Figuur:
    """Return one picture of a released network; GebruikFout when there is no such picture."""
    if beeld not in BEELDEN:
        raise GebruikFout(f"het beeld '{beeld}' bestaat niet", herstel=bedoelt_u(beeld, BEELDEN))
    return BEELDEN[beeld](vrijgave, sleutel, niveau)


def netwerk(
    vrijgave: Release, sleutel: str = NETWERK, *, beeld: str = "knopen", niveau: str = "domein"
) -> Uitvoer:
    """Show a picture of a released network in a notebook.

    Parameters
    ----------
    vrijgave : Release
        The answer of `Study.geef_vrij` on `Study.netwerkanalyse`; anything else is refused.
    sleutel : str
        `netwerk`, `netwerk[per jaar]` for development over time, or `netwerk_overleg` for who meets.
    beeld : {"knopen", "matrix", "tijd", "overdrachten"}
    niveau : {"domein", "soort", "organisatie"}
    """
    return Uitvoer((network_figure(vrijgave, sleutel, beeld=beeld, niveau=niveau),), vrijgave.id)
