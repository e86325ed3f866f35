"""From the id of a number to where it comes from, out of the manifest alone."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from typing import Any

from toekomstscenario_eval.document.format import BESIDE, field, group, interval, number, probability
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.provenance.manifest import numbers
from toekomstscenario_eval.types import Vorm

Row = Mapping[str, Any]
_TELLINGEN = {"n": "huishoudens", "teller": "teller", "noemer": "noemer", "gecensureerd": "gecensureerd"}


def _float(waarde: object) -> float:
    return float(waarde) if isinstance(waarde, int | float) else math.nan


def form(resultaat: Row, rij: Row, veld: str) -> Vorm:
    """Return how a number of this row reads, as the manifest says."""
    if eigen := rij.get("vormen", {}).get(veld):
        return Vorm(eigen)
    if veld in BESIDE:
        return BESIDE[veld]
    if "maat" in rij:
        return Vorm(resultaat["maten"][rij["maat"]]["vorm"])
    if "toets" in rij:
        return Vorm(resultaat["vormen"]["toetsen"][rij["toets"]])
    return Vorm(resultaat["vormen"]["reeksen"][rij["reeks"]][veld])


def shown(resultaat: Row, rij: Row, veld: str = "") -> str:
    """Return one number of a row as the report shows it; `veld` as behind the point in an id."""
    if rij.get("onderdrukt"):
        return "onderdrukt"
    eerste = next(k for k in ("schatting", "waarde", "aantal") if k in rij)
    vorm = form(resultaat, rij, eerste)
    if veld == "interval":
        return interval(_float(rij["ondergrens"]), _float(rij["bovengrens"]), vorm)
    if veld == "hedges_g":
        eigen = form(resultaat, rij, veld)
        grenzen = interval(_float(rij["g_ondergrens"]), _float(rij["g_bovengrens"]), eigen)
        return f"{number(_float(rij['hedges_g']), eigen)} ({grenzen})"
    if veld == "p":
        return probability(_float(rij["p"]))
    naam, _, groep = veld.partition(".")
    if groep and naam not in rij:
        onder, boven = (_float(rij[f"{naam}_{kant}"].get(groep)) for kant in ("ondergrens", "bovengrens"))
        return interval(onder, boven, vorm)
    if not naam:
        # Of a test without an estimate the statistic is the number.
        naam = "statistiek" if "toets" in rij and rij["schatting"] is None else eerste
    waarde = rij[naam].get(groep) if groep else rij[naam]
    return number(_float(waarde), form(resultaat, rij, naam))


def place(resultaat: Row, rij: Row) -> str:
    """Return what a number is and where it stands, in words."""
    if "maat" in rij:
        wat = resultaat["maten"][rij["maat"]]["label"]
    elif "toets" in rij:
        return f"{rij['toets']}, {field(rij['uitsplitsing']).lower()}: {rij['groepen']}"
    elif "reeks" in rij:
        punt = rij["label"] or f"dag {_float(rij['x']):.0f}"
        wat = f"{rij['reeks']}, {punt}"
    else:
        wat = f"buiten de telling, {rij['reden']}"
    if "soort" in rij:
        return f"{wat}, {rij['soort']}"
    uitsplitsing = rij.get("uitsplitsing", "")
    waar = f"{field(uitsplitsing).lower()}: {group(rij['groep'])}" if uitsplitsing else "geheel"
    return ", ".join(filter(None, (wat, waar, rij.get("periode", ""))))


def find(manifest: Row, getal: str) -> tuple[Row, Row, str]:
    """Return the result and the row of a number, and which number of the row is meant.

    Raises
    ------
    GebruikFout
        When no number has this id; ids that look alike are named.
    """
    kenmerk, _, veld = getal.partition(".")
    alle = {rij["getal_id"]: (r, rij) for _, r, rij in numbers(manifest)}
    if kenmerk in alle:
        r, rij = alle[kenmerk]
        bekend = {"interval", "p", "ondergrens", "bovengrens", *BESIDE, *rij.get("vormen", ())}
        goed = not veld or (veld in bekend and (veld == "interval" or veld in rij))
        maat, _, groep = veld.partition(".")
        per_regio = bool(groep) and (maat in rij or f"{maat}_ondergrens" in rij)
        return r, rij, veld if goed or per_regio else ""
    dichtbij = difflib.get_close_matches(kenmerk, alle, n=1, cutoff=0.7)
    vorm = re.fullmatch(r"[gpuat][0-9a-f]{12}", kenmerk)
    herstel = (
        f"Bedoelt u '{dichtbij[0]}'?"
        if dichtbij
        else "kijk of het kenmerk uit dit rapport komt; een andere definitie geeft een ander kenmerk"
        if vorm
        else "zoek in de HTML-versie het getal op, en volg het naar zijn kenmerk in hoofdstuk 14"
    )
    verwacht = "" if vorm else "een letter en twaalf tekens, zoals g0123456789ab"
    raise GebruikFout(f"geen getal heeft het kenmerk '{getal}'", verwacht=verwacht, herstel=herstel)


def trace(manifest: Row, getal: str) -> list[tuple[str, str]]:
    """Return term and explanation for everything known about a number."""
    r, rij, veld = find(manifest, getal)
    hashes = {b["tabel"]: b for b in manifest["pakket"]["bestanden"]}
    keuzes = [f"{k} = {w}" for k, w in r["parameters"].items()] + ([r["variant"]] if r["variant"] else [])
    uit = [("Getal", f"{place(r, rij)}: {shown(r, rij)}")]
    if veld:
        uit.append((f"Gevraagd: {veld}", shown(r, rij, veld)))
    if "ondergrens" in rij and (spreiding := shown(r, rij, "interval")) and not rij.get("onderdrukt"):
        uit.append(("95%-interval", spreiding))
    uit += [
        (naam.capitalize(), shown(r, rij, k))
        for k, naam in _TELLINGEN.items()
        if rij.get(k) is not None and not rij.get("onderdrukt")
    ]
    if rij.get("eenheid"):
        uit.append(("Eenheid", rij["eenheid"]))
    if rij.get("methode"):
        uit.append(("Methode", rij["methode"]))
    if "uit" in rij:
        uit.append(("Gemaakt uit", ", ".join(rij["uit"])))
    venster = r["venster"]
    return [
        *uit,
        ("Indicator", f"{r['indicator']} ({r['label']})"),
        ("Definitie", f"versie {r['definitie']}, SHA-256 {r['definitie_sha256'][:16]}"),
        (
            "Bronbestand",
            f"SHA-256 {r['bron_sha256'][:16]}" if r["bron_sha256"] else "telling over het pakket",
        ),
        ("Venster", f"{venster['begin']} tot {venster['eind']}"),
        ("Keuzes", ", ".join(keuzes) or "geen"),
        *((f"Invoer {t}", f"{hashes[t]['pad']}, SHA-256 {hashes[t]['sha256']}") for t in r["tabellen"]),
        ("Pakket", f"{manifest['pakket']['titel']}, peildatum {manifest['pakket']['peildatum']}"),
        ("Vrijgave", f"{manifest['vrijgave']}, beleid {manifest['beleid']['naam']}"),
        ("Programma", f"{manifest['versies']['toekomstscenario-eval']}, code {manifest['code_sha256'][:16]}"),
    ]
