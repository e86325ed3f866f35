"""What a measure is: which codes, when two spells are one, and what is counted about it.

A delivery sends a new spell when a child goes to another gecertificeerde instelling (GI), and the
new GI registers "overgedragen gekregen" one day after the old one's "overgedragen", or after the weekend.
Which spells are therefore one measure is in `data.spells.stitch`, for stands, new measures and durations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import (
    HANDOVER_GAP,
    childhood,
    clip,
    dagen,
    intersect,
    is_child,
    last_reasons,
    present,
    running_on,
    stitch,
    with_window,
)
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Param, Vraag


@dataclass(frozen=True)
class Family:
    """A family of measures of the code list `maatregel_soort`.

    `full` and `kort` name one of them in a text. `redenen` maps each cause of its end (1, 2, ...)
    to codes of `maatregel_reden_einde`; every other or unknown reason is the cause after the last.
    """

    naam: str
    codes: tuple[str, ...]
    full: str
    kort: str
    redenen: Mapping[str, tuple[str, ...]]

    @property
    def oorzaken(self) -> dict[int, str]:
        """Number and label of every cause of an end."""
        return dict(enumerate((*self.redenen, "Andere of onbekende reden"), start=1))


OTS = Family(
    "ots",
    ("11",),
    "ondertoezichtstelling",
    "OTS",
    {
        "Bereiken meerderjarigheid jeugdige": ("01",),
        "Tussentijdse opheffing": ("02",),
        "Niet verlengd": ("03",),
        "Beëindiging volgens plan": ("04",),
        "Gezagsbeëindigende maatregel": ("05",),
        "Overlijden jeugdige": ("06",),
    },
)
# A provisional OTS that becomes an OTS is a measure of its own, with an end reason of its own.
VOTS = Family(
    "vots",
    ("12",),
    "voorlopige ondertoezichtstelling",
    "VOTS",
    {
        "VOTS omgezet in OTS": ("07",),
        "Tussentijdse opheffing": ("02",),
        "Niet verlengd, of beëindiging volgens plan": ("03", "04"),
        "Bereiken meerderjarigheid jeugdige": ("01",),
        "Gezagsbeëindigende maatregel": ("05",),
        "Overlijden jeugdige": ("06",),
    },
)
VOOGDIJ = Family(
    "voogdij",
    ("21", "22", "23"),
    "voogdijmaatregel",
    "voogdijmaatregel",
    {
        "Bereiken meerderjarigheid jeugdige": ("11",),
        "Voogdij naar pleegouder of contactpersoon (burgervoogd)": ("12", "13"),
        "Herstel gezag": ("14",),
        "Overlijden jeugdige": ("15",),
    },
)
UITHUISPLAATSING = Family(
    "uithuisplaatsing",
    ("UH",),
    "uithuisplaatsing",
    "uithuisplaatsing",
    {
        "Terug naar huis": ("TH",),
        "Meerderjarig tijdens uithuisplaatsing": ("UM",),
        "Ander einde van uithuisplaatsing": ("UO",),
    },
)
FAMILIES: Mapping[str, Family] = {f.naam: f for f in (OTS, VOTS, VOOGDIJ, UITHUISPLAATSING)}

GAP = Param(
    HANDOVER_GAP,
    "na een overdracht naar een andere instelling blijft het één maatregel als die hooguit dit aantal dagen "
    "later verder loopt; na een ander einde hooguit één dag",
    minimum=0,
    redelijk=(1, 14),
)
ALREADY, NEW = "al_aanwezig", "nieuw"
ENTRY_DAY = Param(
    ALREADY,
    "een maatregel die begint op de dag waarop het huishouden instroomt: al_aanwezig (niet nieuw, en apart "
    "geteld) of nieuw",
    (ALREADY, NEW),
    redelijk=(NEW,),
)
# The names of these choices on the cards.
GAP_NAME, ENTRY_NAME = "maximale_onderbreking", "op_dag_van_instroom"

HUISHOUDEN = {"huishouden": ("huishouden_id", "begin", "eind")}
PERSOON = {"persoon": ("persoon_id", "huishouden_id", "rol", "geboortejaar")}
MAATREGEL = {"maatregel": ("persoon_id", "soort", "begin", "eind")}
WITH_REDEN = {"maatregel": (*MAATREGEL["maatregel"], "reden_einde")}
# Read where it was delivered: without it every begin is known.
BEGIN = {"maatregel": ("begin_onbekend",)}
# So is this: without reasons only what lies a day apart is one measure.
REDEN = {"maatregel": ("reden_einde", *BEGIN["maatregel"])}

NO_KIND = "geen kind onder de 18 met bekend geboortejaar"
NO_KIND_OF_UNKNOWN = "geen kind onder de 18 of met onbekend geboortejaar"
NOT_ON_MEASURING_DAY = "huishouden niet in het onderzoek op de meetdag"
UNKNOWN_YEAR = "kind zonder geboortejaar"
NO_CHILD_DAY = "kind zonder dag onder de 18 in het venster"
WITHOUT_KIND = "huishouden zonder kind"
HAD_ALREADY = "had de maatregel al bij instroom"
BEFORE_VENSTER = "eerste maatregel al voor het venster"
NO_MEMBER_KIND = "maatregel op een lid dat geen kind is"
BEGIN_UNKNOWN = "begin van de maatregel niet bekend"
OUTSIDE_STAY = "maatregel geheel buiten venster of verblijf"


def children(t: Mapping[str, ir.Table], *added: str) -> ir.Table:
    """Return the members with the role of child: `persoon_id, huishouden_id`, and the columns asked for."""
    kind = t["persoon"].filter(lambda p: p.rol == "kind")
    return kind.select("persoon_id", "huishouden_id", *added)


def measures(t: Mapping[str, ir.Table], *families: Family) -> ir.Table:
    """Return the rows of the table maatregel that belong to these families."""
    codes = [code for family in families for code in family.codes]
    return t["maatregel"].filter(lambda m: m.soort.isin(codes))


def stitched(t: Mapping[str, ir.Table], family: Family, gap: int) -> ir.Table:
    """Return the measures of a family, whichever GI carries them out.

    Columns `persoon_id, begin, eind` and `begin_onbekend`: it ran already when it was first seen, on `begin`.
    A measure that was taken over from who delivered its begin has one.
    """
    rows = measures(t, family)
    spells = stitch(rows, ["persoon_id"], gap=gap)
    starts = rows.filter(rows.eind.isnull() | (rows.begin < rows.eind))
    first = starts.group_by(["persoon_id", "begin"]).agg(
        onbekend=starts.begin_onbekend.fill_null(False).all()
    )
    at = spells.left_join(first, ["persoon_id", "begin"])
    return at.select("persoon_id", "begin", "eind", begin_onbekend=at.onbekend.fill_null(False))


def at_entry(m: ir.Table, vraag: Vraag) -> ir.BooleanValue:
    """Return which measures (`begin`, `eind`) were there when the household entered (`instroomdag`)."""
    began = m.begin < m.instroomdag if vraag.params[ENTRY_NAME] == NEW else m.begin <= m.instroomdag
    return began & (m.eind.isnull() | (m.eind > m.instroomdag))


# Point prevalence


def prevalence(t: Mapping[str, ir.Table], vraag: Vraag, family: Family) -> ir.Table:
    """Return one row per household: children (or households) with the measure, and all, on the last day."""
    houses = with_window(t["huishouden"].select("huishouden_id", "begin", "eind"), vraag)
    houses = houses.mutate(dag=(houses.grens - ibis.interval(days=1)).cast("date"))
    here = running_on(houses, houses.dag).select("huishouden_id")
    days = houses.select("huishouden_id", "dag").left_join(
        here.mutate(hier=ibis.literal(True)), "huishouden_id"
    )
    days = days.select("huishouden_id", "dag", "hier")
    children = _on_day(t, days, stitched(t, family, vraag.params[GAP_NAME]))
    if vraag.params["eenheid"] == "huishouden":
        return _per_household(days, children)
    return children.group_by(["huishouden_id", "uitsluiting"]).agg(
        teller=ibis.cases(
            (children.uitsluiting.isnull().all(), children.met.sum()), else_=ibis.null("int64")
        ),
        noemer=children.count(),
    )


def _on_day(t: Mapping[str, ir.Table], days: ir.Table, spells: ir.Table) -> ir.Table:
    """Return one row per child: whether the measure runs, and why the child is left out (null: it counts).

    `days` has of each household the day (`dag`), and whether it is there on that day (`hier`).
    """
    kind = children(t, "geboortejaar").join(days, "huishouden_id")
    runs = spells.join(kind.select("persoon_id", "dag"), "persoon_id")
    having = running_on(runs, runs.dag).select("persoon_id").distinct().mutate(met=ibis.literal(1, "int64"))
    at = kind.left_join(having, "persoon_id")
    minor = is_child(at, at.dag)
    return at.select(
        "huishouden_id",
        met=at.met.fill_null(0),
        uitsluiting=ibis.cases(
            (at.hier.isnull(), NOT_ON_MEASURING_DAY),
            (minor.isnull(), "geboortejaar onbekend"),
            (~minor, "18 jaar of ouder"),
            else_=ibis.null("string"),
        ),
    )


def _per_household(days: ir.Table, children: ir.Table) -> ir.Table:
    counted = children.filter(children.uitsluiting.isnull())
    one = ibis.literal(1, "int64")
    rows = counted.group_by("huishouden_id").agg(teller=counted.met.max(), noemer=one)
    here = days.filter(days.hier)
    without_kind = here.anti_join(rows, "huishouden_id").select("huishouden_id", noemer=one)
    elsewhere = days.filter(days.hier.isnull()).select("huishouden_id", noemer=one)
    return with_exclusions(rows, (without_kind, NO_KIND), (elsewhere, NOT_ON_MEASURING_DAY))


# New measures per child-time


def incidence(t: Mapping[str, ir.Table], vraag: Vraag, family: Family) -> ir.Table:
    """Return one row per household: measures that began, and days of its children under 18."""
    aanwezig = present(t["huishouden"], vraag)
    kind = children(t, "geboortejaar").semi_join(aanwezig, "huishouden_id")
    time = intersect(childhood(kind), aanwezig.rename(begin="van", eind="tot"), "huishouden_id")
    entry = t["huishouden"].select("huishouden_id", instroomdag="begin")
    followed = time.rename(eerste="begin", laatste="eind").join(entry, "huishouden_id")
    pair = followed.join(stitched(t, family, vraag.params[GAP_NAME]), "persoon_id")
    # Of who entered before the window this was told in the window that they entered in.
    entered = pair.eerste == pair.instroomdag
    there = pair.filter(entered, at_entry(pair, vraag))
    seen = pair.filter(
        pair.begin >= pair.eerste,
        pair.begin < pair.laatste,
        ~(entered & at_entry(pair, vraag)),
    )
    begun = seen.filter(~seen.begin_onbekend)
    aantal = begun.group_by("huishouden_id").agg(aantal=begun.count())
    exposure = time.group_by("huishouden_id").agg(blootstelling=dagen(time.begin, time.eind).sum())
    at = exposure.left_join(aantal, "huishouden_id")
    rows = at.select(
        "huishouden_id",
        aantal=at.aantal.fill_null(0).cast("int64"),
        blootstelling=at.blootstelling.cast("int64"),
    )
    known = kind.geboortejaar.notnull()
    return with_exclusions(
        rows,
        (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER),
        (absent(aanwezig, kind), WITHOUT_KIND),
        (kind.filter(~known).select("huishouden_id"), UNKNOWN_YEAR),
        (kind.filter(known).anti_join(time, "persoon_id").select("huishouden_id"), NO_CHILD_DAY),
        (there.select("huishouden_id"), HAD_ALREADY),
        (seen.filter(seen.begin_onbekend).select("huishouden_id"), BEGIN_UNKNOWN),
    )


# First measure since instroom

_NOT_FIRST = (NO_KIND_OF_UNKNOWN, HAD_ALREADY, BEFORE_VENSTER, BEGIN_UNKNOWN)


def first_since_entry(t: Mapping[str, ir.Table], vraag: Vraag, family: Family) -> ir.Table:
    """Return one row per household: days since instroom until the first measure (1) or leaving (2)."""
    aanwezig = present(t["huishouden"], vraag)
    stay = t["huishouden"].select("huishouden_id", instroomdag="begin", vertrek="eind")
    of_kind = stitched(t, family, vraag.params[GAP_NAME]).join(children(t), "persoon_id")
    m = of_kind.join(stay, "huishouden_id")
    runs_already = m.filter(at_entry(m, vraag))
    had_already = runs_already.select("huishouden_id").distinct().mutate(had_al=True)
    since = m.filter(m.begin >= m.instroomdag)
    first = since.group_by("huishouden_id").agg(
        eerste=since.begin.min(), ongewis=since.begin.min(where=since.begin_onbekend)
    )
    with_kind = _with_child(t, stay).mutate(met_kind=True)
    at = aanwezig.join(stay, "huishouden_id")
    for added in (had_already, first, with_kind):
        at = at.left_join(added, "huishouden_id").drop("huishouden_id_right")
    # An event on the first day of the window was seen in the window that this day closes.
    too_early = (at.eerste <= at.van) & (at.van > at.instroomdag)
    reden = ibis.cases(
        (at.met_kind.isnull(), NO_KIND_OF_UNKNOWN),
        (at.had_al.notnull(), HAD_ALREADY),
        (too_early.fill_null(False), BEFORE_VENSTER),
        (((at.ongewis == at.eerste) & (at.eerste <= at.tot)).fill_null(False), BEGIN_UNKNOWN),
        else_=ibis.null("string"),
    )
    at = at.mutate(reden=reden)
    counted = at.filter(at.reden.isnull())
    on_time = (counted.eerste <= counted.tot) & (counted.eerste < counted.vertrek).fill_null(True)
    happened = on_time.fill_null(False)
    rows = counted.select(
        "huishouden_id",
        instroom=dagen(counted.instroomdag, counted.van),
        duur=dagen(counted.instroomdag, ibis.ifelse(happened, counted.eerste, counted.tot)),
        einde=ibis.cases((happened, 1), ((counted.vertrek <= counted.tot).fill_null(False), 2), else_=0).cast(
            "int64"
        ),
    )
    return with_exclusions(
        rows,
        (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER),
        *((at.filter(at.reden == r), r) for r in _NOT_FIRST),
    )


def _with_child(t: Mapping[str, ir.Table], stay: ir.Table) -> ir.Table:
    """Return the households with somebody who is a child at instroom or later, or may be one.

    The window plays no part: households followed from the start stay in when the youngest turns
    18, so those that enter late must be in as well.
    """
    kind = children(t, "geboortejaar")
    at = childhood(kind).join(stay, "huishouden_id")
    certain = at.filter(at.eind > at.instroomdag).select("huishouden_id")
    maybe = kind.filter(kind.geboortejaar.isnull()).select("huishouden_id")
    return certain.union(maybe).distinct()


# Already there at instroom

AT_ENTRY, AT_ENTRY_UNKNOWN = "bij_instroom", "bij_instroom_onbekend"


def running_at_entry(t: Mapping[str, ir.Table], vraag: Vraag, family: Family) -> ir.Table:
    """Return one row per household: whether a child had the measure on the day of instroom.

    Not known of a household without members, or with a measure that was first seen after that day and ran
    before, since nobody knows when.
    """
    aanwezig = present(t["huishouden"], vraag)
    entry = t["huishouden"].semi_join(aanwezig, "huishouden_id").select("huishouden_id", instroomdag="begin")
    m = stitched(t, family, HANDOVER_GAP).join(children(t), "persoon_id").join(entry, "huishouden_id")
    per = m.group_by("huishouden_id").agg(
        er=at_entry(m, replace(vraag, params={ENTRY_NAME: ALREADY})).fill_null(False).any(),
        ongewis=(m.begin_onbekend & (m.begin > m.instroomdag)).any(),
    )
    known = t["persoon"].select("huishouden_id").distinct().mutate(leden=ibis.literal(True))
    at = entry.left_join(per, "huishouden_id").drop("huishouden_id_right")
    at = at.left_join(known, "huishouden_id").drop("huishouden_id_right")
    kenmerk = ibis.cases(
        (at.er.fill_null(False), AT_ENTRY),
        (at.leden.isnull() | at.ongewis.fill_null(False), AT_ENTRY_UNKNOWN),
        else_=ibis.null("string"),
    )
    rows = at.select("huishouden_id", kenmerk=kenmerk)
    return with_exclusions(rows, (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER))


# Duration


def durations(t: Mapping[str, ir.Table], vraag: Vraag, family: Family) -> ir.Table:
    """Return one row per measure: days since its begin at entry and at exit, and the cause of its end.

    A transfer ends nothing: without a sequel the measure is censored there.
    """
    aanwezig = present(t["huishouden"], vraag)
    member = t["persoon"].select("persoon_id", "huishouden_id", "rol")
    every = stitched(t, family, vraag.params[GAP_NAME]).join(member, "persoon_id")
    kind = every.filter(every.rol == "kind")
    seen = clip(kind, aanwezig)
    closing = last_reasons(measures(t, family), "persoon_id")
    # How long it ran before it was seen is not known: it would enter nowhere.
    at = seen.filter(~seen.begin_onbekend).left_join(closing, ["persoon_id", "eind"])
    cause = ibis.cases(
        *((at.reden.isin(codes), number) for number, codes in enumerate(family.redenen.values(), start=1)),
        else_=len(family.redenen) + 1,
    )
    ended = at.geeindigd & ~at.overgedragen.fill_null(False)
    rows = at.select(
        "huishouden_id",
        instroom=dagen(at.begin, at.van),
        duur=dagen(at.begin, at.tot),
        einde=ibis.ifelse(ended, cause, 0).cast("int64"),
    )
    return with_exclusions(
        rows,
        (kind.anti_join(seen, ["persoon_id", "begin"]), OUTSIDE_STAY),
        (every.filter(every.rol != "kind"), NO_MEMBER_KIND),
        (seen.filter(seen.begin_onbekend), BEGIN_UNKNOWN),
    )
