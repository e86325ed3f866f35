"""From the id of a number to where it comes from, out of the manifest alone."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from typing import Any

from toekomstscenario_eval.document.format import field, group, interval, number, probability
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.provenance.manifest import numbers
from toekomstscenario_eval.types import Vorm

Row = Mapping[str, Any]
_TELLINGEN = {"n": "huishoudens", "teller": "teller", "noemer": "noemer", "gecensureerd": "gecensureerd"}


# With a tie or a hand-over: the part of the time beside each other or after each other, and the days between.
_BIJ_BAND = {"ondergrens": Vorm.AANDEEL, "bovengrens": Vorm.GETAL}


def _float(waarde: object) -> float:
    return float(waarde) if isinstance(waarde, int | float) else math.nan


def form(resultaat: Row, rij: Row) -> Vorm:
    """Return how a number of this row reads."""
    if "maat" in rij:
        return Vorm(resultaat["maten"][rij["maat"]]["vorm"])
    if "toets" in rij:
        return Vorm.DAGEN if rij["eenheid"] == "dagen" else Vorm.GETAL
    if rij.get("reeks") == "gevoeligheid":
        return Vorm.GETAL
    return Vorm.AANDEEL if "reeks" in rij else Vorm.TELLING


def shown(resultaat: Row, rij: Row, veld: str = "") -> str:
    """Return one number of a row as the report shows it; `veld` as behind the point in an id."""
    vorm = form(resultaat, rij)
    if rij.get("onderdrukt"):
        return "onderdrukt"
    if veld in _BIJ_BAND:
        return number(_float(rij[veld]), _BIJ_BAND[veld])
    if veld == "interval":
        return interval(_float(rij["ondergrens"]), _float(rij["bovengrens"]), vorm)
    if veld == "hedges_g":
        grenzen = interval(_float(rij["g_ondergrens"]), _float(rij["g_bovengrens"]), Vorm.GETAL)
        return f"{number(_float(rij['hedges_g']), Vorm.GETAL)} ({grenzen})"
    if veld == "p":
        return probability(_float(rij["p"]))
    if veld in ("statistiek", "df"):
        return number(_float(rij[veld]), Vorm.GETAL)
    if veld == "i2":
        return number(_float(rij["i2"]), Vorm.AANDEEL)
    maat, _, groep = veld.partition(".")
    if groep and maat in rij:
        waarde = _float(rij[maat].get(groep))
        return number(round(waarde), Vorm.TELLING) if maat == "omvang" else number(waarde, vorm)
    if groep:
        onder, boven = (_float(rij[f"{maat}_{kant}"].get(groep)) for kant in ("ondergrens", "bovengrens"))
        return interval(onder, boven, vorm)
    if veld:
        return number(_float(rij[veld]), Vorm.TELLING)
    if "toets" in rij and rij["schatting"] is None:
        return number(_float(rij["statistiek"]), Vorm.GETAL)
    eerste = next(k for k in ("schatting", "waarde", "aantal") if k in rij)
    return number(_float(rij[eerste]), vorm)


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
        bekend = {"interval", "hedges_g", "i2", "statistiek", "df", "p", *_BIJ_BAND, *_TELLINGEN}
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
