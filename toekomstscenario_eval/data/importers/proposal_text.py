"""A proposal as text in the mapping language, to edit: comments say how sure each line is, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator

from toekomstscenario_eval.data.importers.proposal import DOUBT, Placed, Proposal, SourceProposal
from toekomstscenario_eval.data.importers.proposal_columns import DATES, Profile
from toekomstscenario_eval.data.schema import Field, TableSchema, load_schema

FILL, REGION = "VUL IN", "proeftuin"
_HEAD = f"""\
# Voorstel voor een mapping. Lees elke regel na: het programma keek alleen naar namen, vormen en aantallen.
# zeker: naam en waarden passen. waarschijnlijk: een van beide past.
# twijfel: de regel staat achter een # en doet niets.
# Vul in wat met {FILL} is gemerkt. Waarden uit de bron staan hier niet in,
# behalve codes en omschrijvingen uit een openbare lijst.
pakket:
  naam: {FILL}
  titel: {FILL}
  peildatum: {FILL}  # de dag waarop de export is gemaakt, JJJJ-MM-DD
  waarneemvenster: {{begin: {FILL}, eind: {FILL}}}
  bronnen: [{FILL}]
  contact: {FILL}
"""


def _q(text: str) -> str:
    """Return text between quotes: a name may hold anything, and YAML reads JSON."""
    return json.dumps(text, ensure_ascii=False)


def proposal_text(proposal: Proposal) -> str:
    """Return the proposal as YAML with comments."""
    lines = [_HEAD + "\nbronnen:"]
    for source in proposal.bronnen:
        lines += _source(source)
    lines += ["", *(f"# Koppeling: {link}." for link in proposal.joins), "", "tabellen:"]
    seen: set[str] = set()
    if proposal.bronnen and not any(s.tabel == REGION for s in proposal.bronnen):
        lines += _one_region(proposal.bronnen[0].naam)
    for source in proposal.bronnen:
        # A second source for the same table may well be another delivery: only a person knows.
        doubled = source.tabel in seen
        lines += [f"# Nog een bron voor {source.tabel}: stapelen of weglaten? {FILL}."] if doubled else []
        lines += [("# " if doubled else "") + line for line in _table(source)]
        seen.add(source.tabel)
    return "\n".join(lines) + "\n"


def _source(source: SourceProposal) -> Iterator[str]:
    fields = {p.kolom: p for p in source.placed if p.zekerheid != DOUBT}
    yield f"  {source.naam}:"
    yield f"    bestand: {_q(source.bestand)}"
    used = [p for p in source.profiles if p.naam in fields]
    special = [(p, how) for p in used if (how := _how(p, fields[p.naam]))]
    yield "    kolommen:" if special else "    kolommen: {}"
    for p, how in special:
        yield f"      {_q(p.naam)}: {{{how}}}  # {_preview(p)}"
    for naam, reason in source.weg.items():
        yield f"    # Niet meegenomen: {_q(naam)}, want {reason}."
    for naam in source.over:
        profile = next(p for p in source.profiles if p.naam == naam)
        yield f"    # Niet geplaatst: {_q(naam)} ({_preview(profile)})."


def _how(profile: Profile, placed: Placed) -> str:
    parts = []
    if placed.veld.endswith("_id"):
        parts.append("sleutel: pseudoniem")
    if profile.notation in DATES and profile.notation != "iso":
        parts.append(f"datumnotatie: {profile.notation}")
    return ", ".join(parts)


def _preview(p: Profile) -> str:
    if not p.gevuld:
        return f"{p.rijen} rijen, nergens gevuld"
    share = f"{100 * p.gevuld / p.rijen:.0f}% gevuld, {p.distinct} verschillende, vorm {p.shape}"
    return share + (f", {100 * p.partial:.0f}% met dag of maand 00" if p.partial else "")


def _one_region(source: str) -> Iterator[str]:
    """Every package has its regions; where no source tells them, a person does."""
    yield f"  {REGION}:"
    yield f"    bron: {source}"
    yield "    per: []  # één rij voor de hele bron; zijn het er meer, haal ze dan uit een kolom"
    yield "    kolommen:"
    for field in load_schema().tabellen[REGION].fields:
        if field.required:
            yield f"      {field.naam}: {{vast: {FILL}}}"


def _own_number(field: Field, table: TableSchema) -> bool:
    """Whether a key may be a number that we give: it is the table's own, and no other table names it."""
    named = {ref.kolom for other in load_schema().tabellen.values() for ref in other.references}
    return table.sleutel == (field.naam,) and field.naam not in named


def _table(source: SourceProposal) -> Iterator[str]:
    schema = load_schema().tabellen[source.tabel]
    placed = {p.veld: p for p in source.placed}
    yield f"  {source.tabel}:"
    yield f"    bron: {source.naam}"
    spell = any(f.naam == "begin" for f in schema.fields)
    if spell:
        begin, end = (_column(placed.get(n)) for n in ("begin", "eind"))
        yield f"    periode: {{van: {begin}, tot: {end}, laatste_dag_telt_mee: {FILL}}}  # ja of nee"
    yield "    kolommen:"
    for field in schema.fields:
        if spell and field.naam in ("begin", "eind"):
            continue
        if (p := placed.get(field.naam)) is not None and p.zekerheid != DOUBT:
            yield f"      {field.naam}: {{{_origin(p)}}}  # {p.zekerheid}: {p.bewijs}"
        elif p is not None:
            yield f"      # {field.naam}: {{{_origin(p)}}}  # {p.zekerheid}: {p.bewijs}"
        if field.required and (p is None or p.zekerheid == DOUBT):
            if p is None and _own_number(field, schema):
                own = f"{{nummer: {schema.naam[0]}}}"
                yield f"      {field.naam}: {own}  # een volgnummer: de bron heeft geen sleutel"
            else:
                yield f"      {field.naam}: {{vast: {FILL}}}  # verplicht, en niet zeker gevonden"


def _column(placed: Placed | None) -> str:
    return _q(placed.kolom) if placed is not None and placed.zekerheid != DOUBT else FILL


def _origin(placed: Placed) -> str:
    pairs = ", ".join(f"{_q(k)}: {_q(v)}" for k, v in placed.vertaling.items())
    return f"kolom: {_q(placed.kolom)}" + (f", vertaling: {{{pairs}}}" if pairs else "")
