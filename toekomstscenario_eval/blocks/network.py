"""Pictures of a released network, each with an alternative text and a table of the same content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks import network_panels as panels
from toekomstscenario_eval.blocks import network_svg as svg
from toekomstscenario_eval.blocks.network_data import NETWERK, ShownNetwork, periods, shown
from toekomstscenario_eval.document.document import Cel, Figuur, Output, Tabel
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Result, Vorm

MAX_NODES = 40
_FLOW_HEADING = (
    "Overdracht",
    "Huishoudens",
    "Deel van de overdrachten",
    "Zonder overlap",
    "Mediaan dagen ertussen",
)
_DAYS_NOTE = ("Een negatief aantal dagen is overlap.",)
_FLOW_NOTE = ("Een huishouden met meer overdrachten tussen dezelfde twee telt daar een keer.",)
_PLURAL = {"domein": "domeinen", "soort": "soorten organisaties", "organisatie": "organisaties"}


def _share(waarde: float) -> str:
    return number(waarde, Vorm.AANDEEL)


def _count(waarde: float) -> str:
    return number(waarde, Vorm.TELLING)


def _households(net: ShownNetwork, row: access.Row) -> str:
    """Return the households behind a node or tie; in public a small number in words only."""
    return net.few(row["huishoudens"]) or _count(row["huishoudens"])


def _behind(net: ShownNetwork, row: access.Row) -> str:
    return f"{_households(net, row)} huishoudens"


def _part_of_handovers(net: ShownNetwork, row: access.Row) -> str:
    """Return which part of all hand-overs one is; of few households the part would tell how many."""
    return _behind(net, row) if net.few(row["huishoudens"]) else _share(row["aandeel"])


def _of_handovers(net: ShownNetwork, row: access.Row) -> str:
    part = _part_of_handovers(net, row)
    return part if net.few(row["huishoudens"]) else f"{part} van de overdrachten"


def _people(net: ShownNetwork, row: access.Row) -> str:
    return "" if net.vanaf else f", {_count(row['professionals'])} professionals"


def _side(row: access.Row) -> str:
    """Return how far two were there side by side; a meeting has no such number."""
    return "" if row["naast"] != row["naast"] else f", {_share(row['naast'])} naast elkaar"


def _loose(row: access.Row) -> str:
    part = row["na_elkaar"]
    return "" if part != part else f", {_share(part)} zonder overlap"


def _number_cell(text: str, getal_id: str = "") -> Cel:
    return Cel(text, getal_id, rechts=True)


def _notes(net: ShownNetwork, soort: str) -> tuple[str, ...]:
    if net.vanaf:
        least = f"Alleen {soort} van ten minste {net.vanaf} huishoudens. Aantallen zijn beschermde tellingen."
        drawn = f"In de tekening telt minder dan {net.least} huishoudens als {net.least}."
        sides = f"Een leeg vak: minder dan {net.least} huishoudens met of zonder."
        return (least, drawn) if net.overleg else (least, drawn, sides)
    gone = net.verborgen[soort]
    why = "te weinig huishoudens of professionals, of nodig om een ander te beschermen"
    return (f"{gone} niet getoond: {why}.",) if gone else ()


def _check_size(net: ShownNetwork) -> None:
    n = len(net.knopen)
    if not 2 <= n <= MAX_NODES or net.banden.empty:
        raise GebruikFout(
            "van dit netwerk is geen leesbare tekening te maken",
            verwacht=f"2 tot {MAX_NODES} knopen die getoond mogen worden, met een band ertussen",
            kreeg=f"{n} knopen en {len(net.banden)} banden",
            herstel="kies niveau='domein' of niveau='soort', of een langer venster",
        )


def _drawn(net: ShownNetwork, huishoudens: float) -> float:
    """Return how large households are drawn: in public a small number as the least that is told."""
    return max(float(huishoudens), float(net.least))


def _most(*tables: pd.DataFrame) -> float:
    """Return the largest number of households in tables of nodes or of ties."""
    return max((float(table["huishoudens"].max()) for table in tables if len(table)), default=1.0)


def _nodes(net: ShownNetwork, most: float) -> list[svg.Node]:
    return [
        svg.Node(
            str(k["naam"]),
            str(k["domein"]),
            min(1.0, _drawn(net, k["huishoudens"]) / most),
            f"{k['naam']}: {_behind(net, k)}{_people(net, k)}",
        )
        for k in access.records(net.knopen)
    ]


def _ties(net: ShownNetwork, spot: Mapping[str, int], most: float) -> list[svg.Tie]:
    return [
        svg.Tie(
            spot[b["een"]],
            spot[b["twee"]],
            min(1.0, _drawn(net, b["huishoudens"]) / most),
            float(b["naast"]),
            f"{b['een']} en {b['twee']}: {_behind(net, b)}{_side(b)}",
        )
        for b in access.records(net.banden)
    ]


def _places(net: ShownNetwork) -> dict[str, int]:
    return {str(naam): i for i, naam in enumerate(net.knopen["naam"])}


def _largest_first(net: ShownNetwork) -> pd.DataFrame:
    """Order ties by their households; that some are few may be seen, how few not."""
    few = net.banden["huishoudens"] < net.least
    ordered = net.banden.assign(weinig=few, orde=net.banden["huishoudens"].mask(few, 0))
    return ordered.sort_values(["weinig", "orde", "een", "twee"], ascending=[True, False, True, True])


def _ties_table(net: ShownNetwork) -> Tabel:
    rows = _largest_first(net)
    heading: tuple[str, ...] = ("Band", "Huishoudens", "Deel van de huishoudens")
    if net.overleg:
        explanation = "Huishoudens waarover beide in ten minste een overleg samen aan tafel zaten."
    else:
        heading += ("Naast elkaar",)
        explanation = (
            "Naast elkaar: het deel van de gedeelde huishoudens waar beide op een dag tegelijk waren."
            if net.vanaf
            else "Naast elkaar: het deel van de tijd van wie er het kortst was, waarin de ander er ook was."
        )
    return Tabel(
        f"{'Samen in overleg' if net.overleg else 'Banden'} tussen {_PLURAL[net.niveau]}: gegevens",
        heading,
        tuple(
            (
                Cel(f"{b['een']} – {b['twee']}"),
                _number_cell(_households(net, b), f"{b['getal_id']}.n"),
                *_parts(net, b),
            )[: len(heading)]
            for b in access.records(rows)
        ),
        (*net.populatie, explanation, *_notes(net, "banden")),
    )


def _parts(net: ShownNetwork, b: access.Row) -> tuple[Cel, ...]:
    """Return which part of all households a tie has, and how far both were there; of few neither is told."""
    if b["huishoudens"] < net.least:
        return _number_cell(""), _number_cell("")
    part = b["naast"] != b["naast"]
    return (
        _number_cell(_share(b["aandeel"]), b["getal_id"]),
        _number_cell("") if part else _number_cell(_share(b["naast"]), f"{b['getal_id']}.ondergrens"),
    )


def _hidden(net: ShownNetwork, *what: str) -> str:
    """Return what is not there: hidden, or in public too few households."""
    if net.vanaf:
        return f"Alleen {what[-1]} van ten minste {net.vanaf} huishoudens."
    return f"Niet getoond: {' en '.join(f'{net.verborgen[k]} {k}' for k in what)}."


def _strongest(net: ShownNetwork, aantal: int = 3) -> str:
    top = _largest_first(net).head(aantal)
    return "; ".join(f"{b['een']} met {b['twee']} ({_behind(net, b)}{_side(b)})" for b in access.records(top))


def drawing(net: ShownNetwork) -> str:
    """Return nodes and ties on a circle; GebruikFout when there are too many or too few."""
    _check_size(net)
    return svg.node_link(_nodes(net, _most(net.knopen)), _ties(net, _places(net), _most(net.banden)))


def node_link_figure(vrijgave: Release, key: str, niveau: str) -> Figuur:
    """Return nodes and ties on a circle."""
    net = shown(vrijgave, key, niveau=niveau)
    picture = drawing(net)
    what = "Wie samen overleggen over een huishouden" if net.overleg else "Wie huishoudens delen"
    return Figuur(
        net.about(f"{what}, per {niveau}"),
        f"Netwerktekening van {len(net.knopen)} {_PLURAL[niveau]} en {len(net.banden)} banden. "
        f"Sterkste banden: {_strongest(net)}. {_after(net)}"
        f"{_hidden(net, 'knopen', 'banden')}",
        picture,
        _ties_table(net),
    )


def _after(net: ShownNetwork) -> str:
    """Return of how many ties the two were mostly there in relay; nothing of meetings."""
    told = net.banden["naast"].dropna()
    if told.empty:
        return ""
    of = "" if len(told) == len(net.banden) else f"van de {len(told)} met genoeg huishoudens "
    return f"{int((told <= 0.4).sum())} banden {of}zijn vooral na elkaar. "


def matrix_figure(vrijgave: Release, key: str, niveau: str) -> Figuur:
    """Return the matrix of ties; who share most with each other stand together."""
    net = shown(vrijgave, key, niveau=niveau)
    _check_size(net)
    spot, most = _places(net), _most(net.banden)
    cells = {}
    for t in _ties(net, spot, most):
        cells[t.een, t.twee] = cells[t.twee, t.een] = (t.thickness, t.naast, t.titel)
    what = "Samen in overleg over huishoudens" if net.overleg else "Gedeelde huishoudens"
    return Figuur(
        net.about(f"{what}, per {niveau}; wie veel met elkaar delen, staan bij elkaar"),
        f"Matrix van {len(net.knopen)} {_PLURAL[niveau]}; een donkerder vak is meer huishoudens. "
        f"Volgorde: {', '.join(net.knopen['naam'])}. Donkerste vakken: {_strongest(net)}.",
        svg.matrix([str(n) for n in net.knopen["naam"]], cells),
        _ties_table(net),
    )


def time_figure(vrijgave: Release, key: str, niveau: str) -> Figuur:
    """Return the same network in each period, side by side."""
    perioden = [p for p in periods(vrijgave, key) if p]
    if not perioden:
        raise GebruikFout(
            f"{key} is niet per periode berekend",
            herstel="bereken eerst studie.netwerkanalyse(periode='jaar') en geef die mee vrij",
        )
    nets = [shown(vrijgave, key, niveau=niveau, periode=p) for p in perioden]
    for net in nets[:1]:
        _check_size(net)
    every = pd.concat([n.knopen for n in nets]).drop_duplicates("naam").reset_index(drop=True)
    whole = replace(nets[0], periode="", knopen=every)
    spot = _places(whole)
    most, largest = _most(*(n.banden for n in nets)), _most(*(n.knopen for n in nets))
    # Each period has its own sizes, on one scale.
    boxes = [(n.periode, _ties(n, spot, most), {spot[k.naam]: k for k in _nodes(n, largest)}) for n in nets]
    rows = tuple(
        (
            Cel(f"{n.periode}: {b['een']} – {b['twee']}"),
            _number_cell(_households(n, b), f"{b['getal_id']}.n"),
            _parts(n, b)[1],
        )
        for n in nets
        for b in access.records(n.banden)
    )
    sentences = [f"{n.periode}: {len(n.banden)} banden, sterkste {_strongest(n, 1) or 'geen'}" for n in nets]
    return Figuur(
        whole.about(
            f"Het netwerk in de tijd, per {niveau}; vormen en banden in elke periode op dezelfde schaal"
        ),
        f"{len(nets)} netwerktekeningen naast elkaar. " + ". ".join(sentences) + ".",
        panels.multiples(_nodes(whole, largest), boxes),
        Tabel(
            f"Het netwerk in de tijd, per {niveau}: gegevens",
            ("Periode en band", "Huishoudens", "Naast elkaar"),
            rows,
            (*whole.populatie, *_hidden_in_time(nets)),
        ),
    )


def _hidden_in_time(nets: Sequence[ShownNetwork]) -> tuple[str, ...]:
    if nets[0].vanaf:
        return _notes(nets[0], "banden")
    return (f"{sum(n.verborgen['banden'] for n in nets)} banden zijn niet getoond.",)


def flow_figure(vrijgave: Release, key: str, niveau: str) -> Figuur:
    """Return the flow of hand-overs: who leaves, and who comes."""
    net = shown(vrijgave, key, niveau=niveau)
    s = net.flows
    if s.empty:
        raise GebruikFout("er zijn geen overdrachten die getoond mogen worden", kreeg=f"niveau {niveau}")
    # Few are as wide as the least that is told; all alike.
    few, of_one = s["huishoudens"] < net.least, (s["aandeel"] / s["huishoudens"]).max()
    s = s.assign(weinig=few, breed=s["aandeel"].mask(few, net.least * of_one))
    left = sorted(s["van"].unique(), key=lambda n: (-s.loc[s["van"].eq(n), "breed"].sum(), n))
    right = sorted(s["naar"].unique(), key=lambda n: (-s.loc[s["naar"].eq(n), "breed"].sum(), n))
    spot_l, spot_r = ({n: i for i, n in enumerate(side)} for side in (left, right))

    def title(b: access.Row) -> str:
        days = f"{_count(abs(b['dagen']))} dagen {'overlap' if b['dagen'] < 0 else 'ertussen'} (mediaan)"
        when = "" if net.vanaf else f", {days}"
        return f"{b['van']} naar {b['naar']}: {_of_handovers(net, b)}{when}"

    ties = [
        panels.Flow(
            spot_l[b["van"]],
            spot_r[b["naar"]],
            float(b["breed"]),
            float(b["na_elkaar"]),
            title(b),
        )
        for b in access.records(s)
    ]
    top = s.sort_values(["weinig", "breed", "van", "naar"], ascending=[True, False, True, True])
    largest = "; ".join(
        f"van {b['van']} naar {b['naar']} ({_part_of_handovers(net, b)}{_loose(b)})"
        for b in access.records(top.head(3))
    )
    return Figuur(
        net.about(f"Overdrachten van een huishouden, per {niveau}"),
        f"Stroomdiagram van {len(s)} soorten overdrachten. Grootste: {largest}. "
        f"{_hidden(net, 'overdrachten')}",
        panels.flows(left, right, ties),
        Tabel(
            f"Overdrachten, per {niveau}: gegevens",
            _FLOW_HEADING[: 4 if net.vanaf else 5],
            tuple(
                (
                    Cel(f"{b['van']} → {b['naar']}"),
                    _number_cell(_households(net, b), f"{b['getal_id']}.n"),
                    *_parts(net, b | {"naast": b["na_elkaar"]}),
                    *(
                        ()
                        if net.vanaf
                        else (_number_cell(number(b["dagen"], Vorm.GETAL), f"{b['getal_id']}.bovengrens"),)
                    ),
                )
                for b in access.records(top)
            ),
            (*net.populatie, *(_FLOW_NOTE if net.vanaf else _DAYS_NOTE), *_notes(net, "overdrachten")),
        ),
    )


PICTURES: Mapping[str, Callable[[Release, str, str], Figuur]] = {
    "knopen": node_link_figure,
    "matrix": matrix_figure,
    "tijd": time_figure,
    "overdrachten": flow_figure,
}


def network_figure(
    vrijgave: Release, key: str = NETWERK, *, picture: str = "knopen", niveau: str = "domein"
) -> Figuur:
    """Return one picture of a released network; GebruikFout when there is no such picture."""
    if picture not in PICTURES:
        raise GebruikFout(f"het beeld '{picture}' bestaat niet", herstel=did_you_mean(picture, PICTURES))
    return PICTURES[picture](vrijgave, key, niveau)


def netwerk(
    vrijgave: Release | Result, sleutel: str = NETWERK, *, beeld: str = "knopen", niveau: str = "domein"
) -> Output:
    """Show a picture of a released network in a notebook.

    Parameters
    ----------
    vrijgave : Result or Release
        One of the answers of `Study.netwerkanalyse`, or a bundle of them; anything else is refused.
    sleutel : str
        `netwerk`, `netwerk[per jaar]` for development over time, or `netwerk_overleg` for who meets.
    beeld : {"knopen", "matrix", "tijd", "overdrachten"}
    niveau : {"domein", "soort", "organisatie"}
    """
    release = access.required(vrijgave)
    return Output((network_figure(release, sleutel, picture=beeld, niveau=niveau),), release.id)
