"""Small packages to ask one definition of: tables in, an exact study out."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import Result

HUISHOUDENS = 30
ORGANISATIES = (
    "organisatie_id,soort,domein\nlt,lokaal_team,lokale_hulp\nrvt,regionaal_veiligheidsteam,veiligheid\n"
    "gi1,gi,veiligheid\ngi2,gi,veiligheid\n"
)
BETROKKEN = "betrokkenheid_id,huishouden_id,professional_id,organisatie_id,rol,begin,eind,reden_einde\n"
MAATREGEL = "maatregel_id,persoon_id,soort,begin,eind,reden_einde,organisatie_id\n"


def schrijf(
    map_: Path,
    tabellen: dict[str, str],
    *,
    peildatum: str = "2025-01-01",
    proeftuinen: tuple[str, str] = ("Aa", "Bb"),
    volledig: tuple[str, ...] = (),
    instroom: str = "2024-01-01",
) -> Path:
    """Write a package: two sites of fifteen households with a child each, and the tables given."""
    sites = (
        f"proeftuin_id,naam,regio,soort,start_datum,tranche\npt1,{proeftuinen[0]},R,proeftuin,2024-01-01,1\n"
        f"pt2,{proeftuinen[1]},R,vergelijking,,\n"
    )
    huis = "huishouden_id,proeftuin_id,begin,eind,reden_einde,gezinsprofiel\n"
    huis += "".join(f"h{i},pt{1 + i % 2},{instroom},,,gezin_in_de_stress\n" for i in range(HUISHOUDENS))
    kind = "persoon_id,huishouden_id,rol,geboortejaar,geslacht\n"
    kind += "".join(f"k{i},h{i},kind,2015,M\n" for i in range(HUISHOUDENS))
    mensen = "professional_id,functie\n" + "".join(f"p{i},gezinswerker\n" for i in range(9))
    alles = {
        "proeftuin": sites,
        "huishouden": huis,
        "persoon": kind,
        "organisatie": ORGANISATIES,
        "professional": mensen,
        **tabellen,
    }
    map_.mkdir(parents=True, exist_ok=True)
    bronnen = []
    for naam, tekst in alles.items():
        (map_ / f"{naam}.csv").write_text(tekst, encoding="utf-8")
        bron = {"name": naam, "path": f"{naam}.csv", "format": "csv"}
        bronnen.append(bron | ({"volledig": True} if naam in volledig else {}))
    beschrijving = {
        "name": "definities",
        "title": "Definities",
        "schema_versie": load_schema().versie,
        "peildatum": peildatum,
        "waarneemvenster": {"begin": "2024-01-01", "eind": "2025-01-01"},
        "sources": [{"title": "proef"}],
        "contributors": [{"title": "proef"}],
        "resources": bronnen,
    }
    (map_ / "datapackage.json").write_text(json.dumps(beschrijving), encoding="utf-8")
    return map_


def studie(map_: Path, tabellen: dict[str, str], **anders) -> Study:
    return Study.open(schrijf(map_, tabellen, **anders), intern=True)


def rij(r: Result, maat: str = "") -> pd.Series:
    """Return the estimate of the whole, of the first estimand unless another is named."""
    assert r.reden_nvt == "", r.reden_nvt
    geheel = r.schattingen[r.schattingen["uitsplitsing"].eq("") & r.schattingen["periode"].eq("")]
    return (geheel if not maat else geheel[geheel["maat"].eq(maat)]).iloc[0]


def weg(r: Result) -> dict[str, int]:
    """Return what was left out of the whole, by reason."""
    return r.uitsluitingen[r.uitsluitingen["uitsplitsing"].eq("")].set_index("reden")["aantal"].to_dict()


def bevinding(s: Study, regel: str):
    """Return table, number and rows of each failed finding of a rule."""
    return [
        (f.tabel, f.aantal, f.rijen)
        for f in s.bevindingen
        if f.regel == regel and f.status.value == "gefaald"
    ]
