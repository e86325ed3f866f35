"""What a measure is: which codes, when two spells are one, and what is counted about it.

A delivery sends a new spell when a child goes to another gecertificeerde instelling (GI), and the
new GI registers "overgedragen gekregen" one day after the old one's "overgedragen". Spells of the
same person and family that overlap, touch or lie one day apart are therefore one measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import (
    childhood,
    clip,
    dagen,
    intersect,
    is_child,
    merge,
    present,
    running_on,
)
from toekomstscenario_eval.indicators._rijen import BUITEN_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Vraag


@dataclass(frozen=True)
class Familie:
    """A family of measures of the code list `maatregel_soort`.

    `voluit` and `kort` name one of them in a text. `redenen` maps each cause of its end (1, 2, ...)
    to codes of `maatregel_reden_einde`; every other or unknown reason is the cause after the last.
    """

    naam: str
    codes: tuple[str, ...]
    voluit: str
    kort: str
    redenen: Mapping[str, tuple[str, ...]]

    @property
    def oorzaken(self) -> dict[int, str]:
        """Number and label of every cause of an end."""
        return dict(enumerate((*self.redenen, "Andere of onbekende reden"), start=1))


OTS = Familie(
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
VOTS = Familie(
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
VOOGDIJ = Familie(
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
UITHUISPLAATSING = Familie(
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
FAMILIES: Mapping[str, Familie] = {f.naam: f for f in (OTS, VOTS, VOOGDIJ, UITHUISPLAATSING)}

# The GI that takes over registers the day after.
MARGE = 1
OVERGEDRAGEN = "OV"

HUISHOUDEN = {"huishouden": ("huishouden_id", "begin", "eind")}
PERSOON = {"persoon": ("persoon_id", "huishouden_id", "rol", "geboortejaar")}
MAATREGEL = {"maatregel": ("persoon_id", "soort", "begin", "eind")}
MET_REDEN = {"maatregel": (*MAATREGEL["maatregel"], "reden_einde")}

GEEN_KIND = "geen kind onder de 18 met bekend geboortejaar"
GEEN_KIND_OF_ONBEKEND = "geen kind onder de 18 of met onbekend geboortejaar"
NIET_OP_MEETDAG = "huishouden niet in het onderzoek op de meetdag"
ONBEKEND_JAAR = "kind zonder geboortejaar"
GEEN_KINDDAG = "kind zonder dag onder de 18 in het venster"
ZONDER_KIND = "huishouden zonder kind"
HAD_AL = "had de maatregel al bij instroom"
VOOR_VENSTER = "eerste maatregel al voor het venster"
GEEN_LID_KIND = "maatregel op een lid dat geen kind is"
BUITEN_VERBLIJF = "maatregel geheel buiten venster of verblijf"


def children(t: Mapping[str, ir.Table], *erbij: str) -> ir.Table:
    """Return the members with the role of child: `persoon_id, huishouden_id`, and the columns asked for."""
    kind = t["persoon"].filter(lambda p: p.rol == "kind")
    return kind.select("persoon_id", "huishouden_id", *erbij)


def measures(t: Mapping[str, ir.Table], *families: Familie) -> ir.Table:
    """Return the rows of the table maatregel that belong to these families."""
    codes = [code for familie in families for code in familie.codes]
    return t["maatregel"].filter(lambda m: m.soort.isin(codes))


def stitched(t: Mapping[str, ir.Table], familie: Familie) -> ir.Table:
    """Return the measures of a family, `persoon_id, begin, eind`, whichever GI carries them out."""
    return merge(
        measures(t, familie).select("persoon_id", "begin", "eind"), ["persoon_id"], onderbreking=MARGE
    )


def last_reasons(rijen: ir.Table, sleutel: str) -> ir.Table:
    """Return per `sleutel` and `eind` what was registered as the reason of that end.

    `reden` is the one reason on which all rows agree, leaving transfers aside (null: none, or more
    than one); `overgedragen` says that nothing but a transfer was registered.
    """
    dicht = rijen.filter(rijen.begin < rijen.eind)
    echt = dicht.mutate(echt=dicht.reden_einde.nullif(OVERGEDRAGEN))
    per_eind = echt.group_by([sleutel, "eind"]).agg(
        redenen=echt.echt.nunique(),
        eerste=echt.echt.min(),
        over=(echt.reden_einde == OVERGEDRAGEN).fill_null(False).any(),
    )
    return per_eind.select(
        sleutel,
        "eind",
        reden=ibis.cases((per_eind.redenen == 1, per_eind.eerste), else_=ibis.null("string")),
        overgedragen=(per_eind.redenen == 0) & per_eind.over,
    )


# Point prevalence


def prevalence(t: Mapping[str, ir.Table], vraag: Vraag, familie: Familie) -> ir.Table:
    """Return one row per household: children (or households) with the measure, and all, on the last day."""
    dag = vraag.grens - timedelta(days=1)
    kinderen = _on_day(t, dag, familie)
    if vraag.params["eenheid"] == "huishouden":
        return _per_household(t, kinderen, dag)
    return kinderen.group_by(["huishouden_id", "uitsluiting"]).agg(
        teller=ibis.cases(
            (kinderen.uitsluiting.isnull().all(), kinderen.met.sum()), else_=ibis.null("int64")
        ),
        noemer=kinderen.count(),
    )


def _on_day(t: Mapping[str, ir.Table], dag: date, familie: Familie) -> ir.Table:
    """Return one row per child: whether the measure runs, and why the child is left out (null: it counts)."""
    lopend = running_on(measures(t, familie), dag)
    met = lopend.select("persoon_id").distinct().mutate(met=ibis.literal(1, "int64"))
    hier = running_on(t["huishouden"], dag).select("huishouden_id", hier=ibis.literal(True))
    bij = children(t, "geboortejaar").left_join(met, "persoon_id").left_join(hier, "huishouden_id")
    minderjarig = is_child(bij, dag)
    return bij.select(
        "huishouden_id",
        met=bij.met.fill_null(0),
        uitsluiting=ibis.cases(
            (bij.hier.isnull(), NIET_OP_MEETDAG),
            (minderjarig.isnull(), "geboortejaar onbekend"),
            (~minderjarig, "18 jaar of ouder"),
            else_=ibis.null("string"),
        ),
    )


def _per_household(t: Mapping[str, ir.Table], kinderen: ir.Table, dag: date) -> ir.Table:
    mee = kinderen.filter(kinderen.uitsluiting.isnull())
    een = ibis.literal(1, "int64")
    rijen = mee.group_by("huishouden_id").agg(teller=mee.met.max(), noemer=een)
    hier = running_on(t["huishouden"], dag)
    zonder_kind = hier.anti_join(rijen, "huishouden_id").select("huishouden_id", noemer=een)
    elders = t["huishouden"].anti_join(hier, "huishouden_id").select("huishouden_id", noemer=een)
    return with_exclusions(rijen, (zonder_kind, GEEN_KIND), (elders, NIET_OP_MEETDAG))


# New measures per child-time


def incidence(t: Mapping[str, ir.Table], vraag: Vraag, familie: Familie) -> ir.Table:
    """Return one row per household: measures that began, and days of its children under 18."""
    aanwezig = present(t["huishouden"], vraag)
    kind = children(t, "geboortejaar").semi_join(aanwezig, "huishouden_id")
    tijd = intersect(childhood(kind), aanwezig.rename(begin="van", eind="tot"), "huishouden_id")
    start = stitched(t, familie).select("persoon_id", start="begin")
    paar = tijd.join(start, "persoon_id")
    begonnen = paar.filter(paar.start >= paar.begin, paar.start < paar.eind)
    aantal = begonnen.group_by("huishouden_id").agg(aantal=begonnen.count())
    blootstelling = tijd.group_by("huishouden_id").agg(blootstelling=dagen(tijd.begin, tijd.eind).sum())
    bij = blootstelling.left_join(aantal, "huishouden_id")
    rijen = bij.select(
        "huishouden_id",
        aantal=bij.aantal.fill_null(0).cast("int64"),
        blootstelling=bij.blootstelling.cast("int64"),
    )
    bekend = kind.geboortejaar.notnull()
    return with_exclusions(
        rijen,
        (absent(t["huishouden"], aanwezig), BUITEN_VENSTER),
        (absent(aanwezig, kind), ZONDER_KIND),
        (kind.filter(~bekend).select("huishouden_id"), ONBEKEND_JAAR),
        (kind.filter(bekend).anti_join(tijd, "persoon_id").select("huishouden_id"), GEEN_KINDDAG),
    )


# First measure since instroom


def first_since_entry(t: Mapping[str, ir.Table], vraag: Vraag, familie: Familie) -> ir.Table:
    """Return one row per household: days since instroom until the first measure (1) or leaving (2)."""
    aanwezig = present(t["huishouden"], vraag)
    verblijf = t["huishouden"].select("huishouden_id", instroomdag="begin", vertrek="eind")
    van_kind = stitched(t, familie).join(children(t), "persoon_id")
    m = van_kind.join(verblijf, "huishouden_id")
    loopt_al = m.filter(m.begin < m.instroomdag, (m.eind > m.instroomdag) | m.eind.isnull())
    had_al = loopt_al.select("huishouden_id").distinct().mutate(had_al=True)
    sinds = m.filter(m.begin >= m.instroomdag)
    eerste = sinds.group_by("huishouden_id").agg(eerste=sinds.begin.min())
    met_kind = _with_child(t, verblijf).mutate(met_kind=True)
    bij = aanwezig.join(verblijf, "huishouden_id")
    for erbij in (had_al, eerste, met_kind):
        bij = bij.left_join(erbij, "huishouden_id").drop("huishouden_id_right")
    # An event on the first day of the window was seen in the window that this day closes.
    te_vroeg = (bij.eerste <= bij.van) & (bij.van > bij.instroomdag)
    reden = ibis.cases(
        (bij.met_kind.isnull(), GEEN_KIND_OF_ONBEKEND),
        (bij.had_al.notnull(), HAD_AL),
        (te_vroeg.fill_null(False), VOOR_VENSTER),
        else_=ibis.null("string"),
    )
    bij = bij.mutate(reden=reden)
    mee = bij.filter(bij.reden.isnull())
    op_tijd = (mee.eerste <= mee.tot) & (mee.eerste < mee.vertrek).fill_null(True)
    gebeurd = op_tijd.fill_null(False)
    rijen = mee.select(
        "huishouden_id",
        instroom=dagen(mee.instroomdag, mee.van),
        duur=dagen(mee.instroomdag, ibis.ifelse(gebeurd, mee.eerste, mee.tot)),
        einde=ibis.cases((gebeurd, 1), ((mee.vertrek <= mee.tot).fill_null(False), 2), else_=0).cast("int64"),
    )
    return with_exclusions(
        rijen,
        (absent(t["huishouden"], aanwezig), BUITEN_VENSTER),
        *((bij.filter(bij.reden == r), r) for r in (GEEN_KIND_OF_ONBEKEND, HAD_AL, VOOR_VENSTER)),
    )


def _with_child(t: Mapping[str, ir.Table], verblijf: ir.Table) -> ir.Table:
    """Return the households with somebody who is a child at instroom or later, or may be one.

    The window plays no part: households followed from the start stay in when the youngest turns
    18, so those that enter late must be in as well.
    """
    kind = children(t, "geboortejaar")
    bij = childhood(kind).join(verblijf, "huishouden_id")
    zeker = bij.filter(bij.eind > bij.instroomdag).select("huishouden_id")
    misschien = kind.filter(kind.geboortejaar.isnull()).select("huishouden_id")
    return zeker.union(misschien).distinct()


# Duration


def durations(t: Mapping[str, ir.Table], vraag: Vraag, familie: Familie) -> ir.Table:
    """Return one row per measure: days since its begin at entry and at exit, and the cause of its end.

    A transfer ends nothing: without a sequel the measure is censored there.
    """
    aanwezig = present(t["huishouden"], vraag)
    lid = t["persoon"].select("persoon_id", "huishouden_id", "rol")
    alle = stitched(t, familie).join(lid, "persoon_id")
    kind = alle.filter(alle.rol == "kind")
    gezien = clip(kind, aanwezig)
    slot = last_reasons(measures(t, familie), "persoon_id")
    bij = gezien.left_join(slot, ["persoon_id", "eind"])
    oorzaak = ibis.cases(
        *((bij.reden.isin(codes), nummer) for nummer, codes in enumerate(familie.redenen.values(), start=1)),
        else_=len(familie.redenen) + 1,
    )
    beeindigd = bij.geeindigd & ~bij.overgedragen.fill_null(False)
    rijen = bij.select(
        "huishouden_id",
        instroom=dagen(bij.begin, bij.van),
        duur=dagen(bij.begin, bij.tot),
        einde=ibis.ifelse(beeindigd, oorzaak, 0).cast("int64"),
    )
    return with_exclusions(
        rijen,
        (kind.anti_join(gezien, ["persoon_id", "begin"]), BUITEN_VERBLIJF),
        (alle.filter(alle.rol != "kind"), GEEN_LID_KIND),
    )
