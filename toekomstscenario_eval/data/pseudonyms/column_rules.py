"""What happens to each column before a delivery leaves: one vocabulary, on the command line and in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from toekomstscenario_eval.data.pseudonyms.pseudonym import KINDS
from toekomstscenario_eval.data.yaml_node import Wording, load_yaml, texts
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, did_you_mean

BSN, YEAR, QUARTER, MONTH = "bsn", "jaar", "kwartaal", "maand"
MUNICIPALITY, REMOVE, KEEP = "gemeente", "weglaten", "houden"
EMPTY, ALONE = "leeg", "los"
# What may be done with a column, each with what the report says of it.
ACTIONS = {
    BSN: "burgerservicenummer, vervangen door een pseudoniem van de soort persoon",
    **{kind: f"sleutel, vervangen door een pseudoniem van de soort {kind}" for kind in KINDS},
    YEAR: "datum, teruggebracht tot het jaar",
    QUARTER: "datum, teruggebracht tot de eerste dag van het kwartaal",
    MONTH: "datum, teruggebracht tot de eerste dag van de maand",
    MUNICIPALITY: "postcode, vervangen door de gemeente",
    REMOVE: "weggelaten",
    KEEP: "ongewijzigd, omdat daarom is gevraagd",
}
UNTOUCHED = "ongewijzigd, omdat er niets over is gezegd"
_WORDS = Wording(
    naam="het bestand met regels",
    weg="bestaat niet",
    onleesbaar="kan niet worden gelezen",
    verwacht="een YAML-bestand met 'kolommen' en wat er met elke kolom gebeurt",
    pad="controleer het pad",
    utf8="sla het bestand op als UTF-8",
    vorm="let op inspringen (spaties, geen tabs) en zet namen met een dubbele punt tussen aanhalingstekens",
)


@dataclass(frozen=True)
class ColumnRules:
    """What happens to each column.

    Attributes
    ----------
    kolommen : mapping of str to str
        Per column one of `ACTIONS`.
    municipalities : Path or None
        Table with the municipality of each postal code.
    unknown : tuple of str
        Values that mean "unknown" in columns with keys, besides those that always do.
    invalid : str
        What an unknown key becomes: empty, or for each row another code that belongs to nobody.
    rest : str
        What happens to columns that are not named: kept or left out.
    risk : tuple of str
        Columns that others may know of a person too, besides those that follow from `kolommen`.
    options : mapping of str to str
        Those of the format of the source.
    """

    kolommen: Mapping[str, str] = field(default_factory=dict)
    municipalities: Path | None = None
    unknown: tuple[str, ...] = ()
    invalid: str = EMPTY
    rest: str = KEEP
    risk: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    def with_pairs(self, pairs: Sequence[str]) -> ColumnRules:
        """Return these rules with those of `KOLOM=WAT` for the columns that these name."""
        named: dict[str, str] = {}
        for pair in pairs:
            naam, _, action = pair.rpartition("=")
            naam, action = naam.strip(), action.strip()
            if not naam or action not in ACTIONS:
                raise GebruikFout(
                    "bij --kolom is niet te zien wat er met de kolom moet gebeuren",
                    verwacht="KOLOM=WAT, zoals geboortedatum=jaar; WAT is " + ", ".join(ACTIONS),
                    kreeg=pair,
                    herstel=did_you_mean(action, ACTIONS) if naam else "zet de naam van de kolom ervoor",
                )
            if naam in named:
                raise GebruikFout(f"de kolom '{naam}' is twee keer genoemd", herstel="houd één --kolom over")
            named[naam] = action
        return replace(self, kolommen={**self.kolommen, **named})

    def action(self, naam: str) -> str:
        """Return what happens to a column; empty when nothing was said and it stays."""
        return self.kolommen.get(naam) or (REMOVE if self.rest == REMOVE else "")

    def check(self, heading: Sequence[str], place: str) -> None:
        """Refuse rules for columns that are not there, and a heading in which names are double or empty."""
        double = sorted({naam for naam in heading if naam and heading.count(naam) > 1})
        if double or not all(heading):
            raise InvoerFout(
                "elke kolom van de bron moet een eigen naam hebben",
                waar=place,
                kreeg=", ".join(double) if double else "een kolom zonder naam",
                herstel="geef elke kolom een naam in de bron, en doe de opdracht opnieuw",
            )
        for naam in (*self.kolommen, *self.risk):
            if naam not in heading:
                raise InvoerFout(
                    f"de bron heeft geen kolom '{naam}'",
                    waar=place,
                    verwacht="een kolom van de bron: " + ", ".join(heading),
                    herstel=did_you_mean(naam, heading),
                )
        if MUNICIPALITY in self.kolommen.values() and self.municipalities is None:
            raise GebruikFout(
                "er is geen tabel die zegt welke gemeente bij een postcode hoort",
                verwacht="--gemeenten TABEL.csv, met de kolommen postcode en gemeente",
                herstel="haal die tabel bij het CBS of bij uw eigen organisatie, of laat de postcode weg",
            )


def load_rules(path: Path) -> ColumnRules:
    """Read rules from a YAML file.

    Raises
    ------
    InvoerFout
        With the line, when something in it is unknown.
    """
    root, _ = load_yaml(path, _WORDS)
    if root is None:
        raise InvoerFout("het bestand met regels is leeg", waar=path.name, verwacht=_WORDS.verwacht)
    known = ("kolommen", "gemeenten", "onbekend", "ongeldig", "overig", "risico", "bron")
    block = root.block(known, needed=("kolommen",))
    return ColumnRules(
        kolommen={naam: node.choice(ACTIONS) for naam, node in block["kolommen"].block().items()},
        municipalities=path.parent / block["gemeenten"].filled() if "gemeenten" in block else None,
        unknown=texts(block, "onbekend"),
        invalid=block["ongeldig"].choice((EMPTY, ALONE)) if "ongeldig" in block else EMPTY,
        rest=block["overig"].choice((KEEP, REMOVE)) if "overig" in block else KEEP,
        risk=texts(block, "risico"),
        options={k: n.filled() for k, n in block["bron"].block().items()} if "bron" in block else {},
    )
