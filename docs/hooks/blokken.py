"""Blocks that pages ask for with `<!-- gegenereerd: naam -->`; everything comes from the code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import kaplan_meier
import noise_picture
import typer
from opmaak import blad, code, tabel, veilig

from toekomstscenario_eval import cli, errors
from toekomstscenario_eval.data.checks import rules
from toekomstscenario_eval.data.importers import formats, profile
from toekomstscenario_eval.designs import all_designs
from toekomstscenario_eval.document.formats import all_formats
from toekomstscenario_eval.protection.policy import load_policy, policies
from toekomstscenario_eval.protection.rules import all_rules
from toekomstscenario_eval.report.locked_plan import PARTS
from toekomstscenario_eval.report.plan import CASE, EXCEPTION, FIELDS, FIXED, STAPPEN, SUPPLIER, TEXTS, Soort
from toekomstscenario_eval.report.report import all_sections
from toekomstscenario_eval.resources import bundled
from toekomstscenario_eval.summaries import breakdowns, registry
from toekomstscenario_eval.types import Ernst


def onderzoeksvelden() -> str:
    """Return every text of `onderzoek.yaml` with its question and the chapter that shows it."""
    hoofdstuk = _hoofdstuk_per_tekst()
    rijen = [(code(naam), veilig(vraag), veilig(hoofdstuk[naam])) for naam, vraag in TEXTS.items()]
    return tabel(("Veld", "Wat u schrijft", "Komt in hoofdstuk"), rijen)


def _hoofdstuk_per_tekst() -> dict[str, str]:
    uit: dict[str, str] = {}
    for deel in all_sections().values():
        bron = Path(inspect.getfile(deel.blokken)).read_text(encoding="utf-8")
        uit |= dict.fromkeys(re.findall(r'tekst\("(\w+)"\)', bron), deel.titel)
    return uit


def onderzoekskenmerken() -> str:
    """Return the fields of `onderzoek.yaml` that are no chapters of text."""
    rijen = [
        (code(veld.naam), veilig(veld.vraag), veilig(veld.soort.value), "ja" if veld.required else "nee")
        for veld in FIELDS
        if veld.soort is not Soort.TEXT
    ]
    return tabel(("Veld", "Wat u invult", "Vorm", "Nodig voor een definitieve versie"), rijen)


def verloopvelden() -> str:
    """Return the steps of the flow as a sentence."""
    regio = "Per regio schrijft u `regio`, " + ", ".join(map(code, STAPPEN)) + " en `reden`."
    aanleveraar, geval, vast = (", ".join(map(code, velden)) for velden in (SUPPLIER, CASE, FIXED))
    uitzondering = ", ".join(map(code, EXCEPTION))
    lijsten = f"Per aanleveraar: {aanleveraar}. Per verhaal: {geval}. Per vast getal: {vast}."
    return f"{regio} {lijsten} Per uitzondering op [taal](taal.md): {uitzondering}."


def voorbeeld_onderzoek() -> str:
    """Return the researcher's file of the built-in example, as it is."""
    tekst = (bundled("analyses") / "voorbeeld_onderzoek.yaml").read_text(encoding="utf-8")
    return f"```yaml\n{tekst.rstrip()}\n```"


def bronsoorten() -> str:
    """Return every format of a source, with the keys of the mapping that are its own."""
    rijen = []
    for naam in formats.names():
        wat = formats.find(naam)
        eind = ", ".join(map(code, wat.EXTENSIONS))
        # Without keys of its own a format has a row too.
        for sleutel, keuzes in (wat.OPTIONS or {"": ()}).items():
            rijen.append((naam.upper(), eind, code(sleutel) if sleutel else "", ", ".join(map(code, keuzes))))
    return tabel(
        ("Soort", "De naam eindigt op", "Sleutel", "Keuzes (de eerste geldt als u niets invult)"), rijen
    )


def profielen() -> str:
    """Return every profile, with the source of its layout and the columns that a delivery needs beside it."""
    kaarten = [profile.card(naam) for naam in profile.names()]
    rijen = [
        (code(k.naam), veilig(k.titel), veilig(k.bron), ", ".join(map(code, k.toegevoegd))) for k in kaarten
    ]
    return tabel(("Profiel", "Levering", "Bron van de indeling", "Kolommen die erbij horen"), rijen)


def beleid() -> str:
    """Return the disclosure policies: thresholds with their meaning, and where they come from."""
    beleiden = [load_policy(naam) for naam in policies()]
    rijen = [
        (
            code(naam),
            veilig(regel.card.uitleg[:1].upper() + regel.card.uitleg[1:]),
            *(_waarde(p.regels[naam]) for p in beleiden),
        )
        for naam, regel in all_rules().items()
    ]
    bronnen = "\n".join(f"- {code(p.naam)}: {veilig(p.titel)}. Bron: {veilig(p.bron)}." for p in beleiden)
    return blad(tabel(("Regel", "Betekenis", *(code(p.naam) for p in beleiden)), rijen), bronnen).rstrip()


def _waarde(waarde: Any) -> str:
    """Return the value of a rule as it is written in Dutch; a list with its names in the letter of code."""
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, tuple):
        return ", ".join(map(code, waarde))
    return veilig(f"{waarde}".replace(".", ","))


def controles() -> str:
    """Return every check rule, those that block first."""
    delen = []
    for ernst, kop in ((Ernst.FOUT, "Fouten"), (Ernst.WAARSCHUWING, "Waarschuwingen")):
        deel = [r for r in rules().values() if r.regel.ernst is ernst]
        lijst = [(f"[{code(r.id)}](#{r.id})", veilig(r.regel.titel)) for r in deel]
        delen += [f"## {kop}", tabel(("Regel", "Wat er mis is"), lijst), *map(_regel, deel)]
    return blad(*delen).rstrip()


def _regel(bestand: Any) -> str:
    regel = bestand.regel
    nodig = "; ".join(
        f"de tabel {code(t)} met {', '.join(map(code, k))}" if k else f"de tabel {code(t)}"
        for t, k in regel.needed.items()
    )
    return blad(
        f"### {veilig(regel.titel)} {{ #{bestand.id} }}",
        f"Regel {code(bestand.id)}: een **{regel.ernst.value}**. {veilig(_zin(regel.uitleg))}",
        f"**Zo herstelt u het.** {veilig(_zin(regel.herstel))}",
        f"Deze regel geldt alleen als het pakket dit heeft: {nodig}." if nodig else "",
        '??? note "Waarop de regel is getest"\n\n'
        + "\n".join(f"    - {veilig(_zin(g.naam))}" for g in bestand.gevallen),
    ).rstrip()


def _zin(tekst: str) -> str:
    return tekst[:1].upper() + tekst[1:] + ("" if tekst.endswith((".", "!", "?")) else ".")


def opdrachten() -> str:
    """Return the commands of `tks` with their arguments and options."""
    groep = typer.main.get_command(cli.app)
    return blad(*(_opdracht(naam, wat) for naam, wat in _alle(groep))).rstrip()


def _alle(groep: Any, voor: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command, those inside a group with the name of the group before theirs."""
    for naam, wat in groep.commands.items():
        if hasattr(wat, "commands"):
            yield from _alle(wat, f"{voor}{naam} ")
        else:
            yield f"{voor}{naam}", wat


def _opdracht(naam: str, wat: Any) -> str:
    ctx = wat.context_class(wat, info_name=f"tks {naam}", terminal_width=10_000)
    gebruik = wat.get_help(ctx).splitlines()[0].partition(": ")[2]
    rijen = []
    for p in wat.params:
        optie = p.opts[0].startswith("-")
        standaard = "" if p.default is None or not optie else code(str(p.default))
        rijen.append(
            (
                code(p.opts[0] if optie else p.metavar or p.name),
                veilig(p.help or ""),
                "ja" if p.required else "nee",
                standaard,
            )
        )
    kop = ("Argument of optie", "Betekenis", "Verplicht", "Standaard")
    return blad(
        f"## tks {naam} {{ #{naam.replace(' ', '-')} }}",
        veilig(wat.help),
        f"```\n{gebruik}\n```",
        tabel(kop, rijen) if rijen else "Deze opdracht heeft geen opties.",
    ).rstrip()


def uitgangscodes() -> str:
    """Return the exit codes: one per class of user error."""
    klassen = sorted(errors.TksFout.__subclasses__(), key=lambda k: k.exitcode)
    return tabel(
        ("Code", "Betekenis"),
        [
            ("0", "Gelukt"),
            *((str(k.exitcode), veilig(k.kop)) for k in klassen),
            ("130", "Afgebroken met Ctrl-C"),
        ],
    )


def uitsplitsingen() -> str:
    """Return what results may be split by."""
    rijen = [
        (code(naam), f"[{code(f'{t}.{k}')}](codeboek/{t}.md)")
        for naam, (t, k, _) in breakdowns.group_fields().items()
    ]
    return tabel(("Bij `--per`", "Komt uit"), rijen)


def indicatorlijst() -> str:
    """Return the indicators as a list with links."""
    return "\n".join(
        f"- [{veilig(wat.card.label)}](indicatoren/{naam}.md): {veilig(wat.card.vraag)}"
        for naam, wat in registry.all_indicators().items()
    )


def hoofdstukken() -> str:
    """Return the chapters of the report in order."""
    return "\n".join(f"- {veilig(deel.titel)}" for deel in all_sections().values())


def vergelijkingen() -> str:
    """Return the designs: the question each answers, what it assumes, and what it cannot say."""
    rijen = [
        (veilig(d.card.label), veilig(d.card.vraag), veilig(d.card.assumption), veilig(d.card.grens))
        for d in all_designs().values()
    ]
    return tabel(("Vergelijking", "Vraag", "Aanname", "Zegt niet"), rijen)


def plandelen() -> str:
    """Return the parts of a plan, with what each asks."""
    rijen = [
        (code(naam), veilig(deel.vraag), "ja" if deel.required else "nee") for naam, deel in PARTS.items()
    ]
    return tabel(("Deel", "Wat u schrijft", "Nodig om vast te leggen"), rijen)


def ontwerpnamen() -> str:
    """Return the designs by the name that a plan calls them by; those that compare no outcomes left out."""
    ontwerpen = [d for d in all_designs().values() if not d.card.describes]
    rijen = [(code(d.code), veilig(d.card.label), veilig(d.card.vraag)) for d in ontwerpen]
    return tabel(("Naam", "Ontwerp", "Vraag"), rijen)


def formaten() -> str:
    """Return the files of a report, one per format, with what each is for."""
    rijen = [(code(f"verantwoording{f.extension}"), veilig(f.card.what_for)) for f in all_formats().values()]
    return tabel(("Bestand", "Waarvoor"), rijen)


BLOKKEN: Mapping[str, Callable[[], str]] = {
    "onderzoeksvelden": onderzoeksvelden,
    "onderzoekskenmerken": onderzoekskenmerken,
    "verloopvelden": verloopvelden,
    "voorbeeld_onderzoek": voorbeeld_onderzoek,
    "bronsoorten": bronsoorten,
    "profielen": profielen,
    "beleid": beleid,
    "ruis": noise_picture.block,
    "controles": controles,
    "opdrachten": opdrachten,
    "uitgangscodes": uitgangscodes,
    "uitsplitsingen": uitsplitsingen,
    "indicatorlijst": indicatorlijst,
    "hoofdstukken": hoofdstukken,
    "formaten": formaten,
    "vergelijkingen": vergelijkingen,
    "plandelen": plandelen,
    "ontwerpnamen": ontwerpnamen,
    "kaplan_meier": kaplan_meier.blok,
}
