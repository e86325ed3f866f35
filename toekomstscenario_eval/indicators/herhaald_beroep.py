"""Whether a household gets a measure again after its measures have ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import (
    MARGIN,
    childhood,
    dagen,
    last_reasons,
    merge,
    next_begin,
    present,
    with_window,
)
from toekomstscenario_eval.indicators._maatregel import (
    BEGIN,
    FAMILIES,
    GAP,
    GAP_NAME,
    HUISHOUDEN,
    PERSOON,
    WITH_REDEN,
    children,
    measures,
    stitched,
)
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

_RUNS = "maatregel niet beëindigd voor het einde van het venster"
_OVERGEDRAGEN = "overgedragen zonder vervolg: loopt elders door"
_BEFORE_INSTROOM = "maatregel eindigde voor de instroom"
_BEFORE_VENSTER = "nieuwe maatregel al voor het venster"
_NOT_FOLLOWED = "geen dag gevolgd na het einde van de maatregel"
_NEXT_UNKNOWN = "begin van de volgende maatregel niet bekend"
_REDENEN = (_RUNS, _OVERGEDRAGEN, _BEFORE_INSTROOM, _BEFORE_VENSTER, _NOT_FOLLOWED, _NEXT_UNKNOWN)

CARD = Card(
    label="Herhaald beroep: opnieuw een maatregel",
    kind=Kind.DUUR,
    versie="1.1",
    vraag="Bij welk deel van de huishoudens waar de maatregelen zijn geëindigd, begint binnen een half "
    "jaar, een jaar en twee jaar opnieuw een maatregel?",
    populatie="beëindigde maatregelperioden van huishoudens die daarna nog ten minste één dag in het "
    "onderzoek zijn met een kind onder de 18 jaar",
    teller="maatregelperioden waarna bij een kind van hetzelfde huishouden opnieuw een OTS, VOTS, voogdij of "
    "uithuisplaatsing begint, terwijl het huishouden in het onderzoek is",
    noemer="alle maatregelperioden van de populatie; elke telt mee vanaf de dag waarop zij wordt gevolgd",
    eenheid="maatregelperiode: een aaneengesloten tijd waarin op ten minste één kind van het huishouden "
    "een OTS, VOTS, voogdij of uithuisplaatsing rust, of er hooguit één dag tussen twee maatregelen ligt; na "
    "een overdracht mogen er meer dagen tussen liggen (keuze maximale_onderbreking)",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="gerekend vanaf het einde van de maatregelperiode; wie aan het eind van het venster of op "
    "de peildatum nog wordt gevolgd, is rechts gecensureerd; vertrek uit het onderzoek en 18 worden van "
    "het jongste kind zijn samen een concurrerend einde; een periode die voor het venster eindigde, telt "
    "pas mee vanaf het begin van het venster (late instroom)",
    uitsluitingen="perioden die nog lopen of alleen zijn overgedragen; die eindigden voor de instroom; "
    "waarna geen dag is gevolgd; waarna al voor het venster een nieuwe maatregel begon, of in het venster "
    "een maatregel waarvan het begin niet bekend is",
    lezen="Een huishouden heeft in de gegevens één verblijf: of een gezin na afsluiting terugkomt, is niet "
    "te zien. Wat wel te zien is, is een nieuwe maatregel terwijl het gezin nog wordt gevolgd. Wie "
    "vertrekt op de dag waarop de maatregel eindigt, valt buiten de populatie; het aantal staat bij de "
    "uitsluitingen. Het werkelijke herhaald beroep is dus hoger. Een VOTS die OTS wordt, of een OTS die "
    "voogdij wordt, is geen nieuw beroep; en zolang bij een broer of zus nog een maatregel loopt, is het "
    "dossier niet dicht. Lees dit samen met de duur van de maatregelen: eerder stoppen en vaker terugkomen "
    "is geen winst. Alleen het geboortejaar is bekend: de verjaardag is op 1 juli gesteld.",
    bronnen=(
        "Eigen definitie, bij de outcome-indicator herhaald beroep van de VNG en het Nederlands "
        "Jeugdinstituut",
        "CBS Beleidsinformatie Jeugd, typen maatregel 11, 12, 21, 22 en 23",
        "Aalen & Johansen 1978 (concurrerende einden), Scandinavian Journal of Statistics 5(3)",
    ),
    thema="Maatregelen",
    tabellen={**HUISHOUDEN, **PERSOON, **WITH_REDEN},
    facultatief=BEGIN,
    maten={
        f"incidentie_1_{termijn}": Maat(
            f"Opnieuw een maatregel binnen {text}", "aandeel van de maatregelperioden", Vorm.AANDEEL
        )
        for termijn, text in ((365, "een jaar"), (180, "een half jaar"), (730, "twee jaar"))
    },
    params={GAP_NAME: GAP},
    horizon=730,
    oorzaken={1: "Nieuwe maatregel", 2: "Vertrokken, of jongste kind 18"},
)

VOORBEELDEN = (
    Voorbeeld(
        naam="terug, omgezet, broer en zus, tegelijk weg, 18 geworden, late instroom en overdracht",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                terug         | 2023-01-01 |
                omgezet       | 2023-01-01 | 2024-03-31
                samen         | 2023-01-01 |
                tegelijk      | 2023-01-01 | 2024-03-01
                achttien      | 2023-01-01 |
                laat          | 2023-01-01 |
                over          | 2023-01-01 |
                eerder        | 2024-06-01 |
                al_terug      | 2023-01-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol   | geboortejaar
                k1         | terug         | kind  | 2010
                k2         | omgezet       | kind  | 2010
                k3         | samen         | kind  | 2010
                k4         | samen         | kind  | 2000
                k5         | tegelijk      | kind  | 2010
                k6         | achttien      | kind  | 2006
                k7         | laat          | kind  |
                k8         | over          | kind  | 2010
                k9         | eerder        | kind  | 2010
                k0         | al_terug      | kind  | 2010
                o1         | laat          | ouder | 1980
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind       | reden_einde
                k1         | 11    | 2024-01-01 | 2024-02-01 | 02
                k1         | UH    | 2024-01-10 | 2024-01-20 | TH
                k1         | 11    | 2024-04-01 |            |
                k2         | 12    | 2024-01-01 | 2024-02-01 | 07
                k2         | 11    | 2024-02-02 | 2024-03-01 | 04
                k3         | 11    | 2024-01-01 | 2024-02-01 | 02
                k4         | 11    | 2024-01-15 | 2024-03-01 | 02
                k5         | 11    | 2024-01-01 | 2024-03-01 | 04
                k6         | 11    | 2024-01-01 | 2024-06-01 | 02
                k7         | 11    | 2023-06-01 | 2023-12-02 | 02
                k7         | 41    | 2024-06-01 |            |
                o1         | 11    | 2024-06-01 |            |
                k8         | 11    | 2024-01-01 | 2024-03-01 | OV
                k9         | 11    | 2024-01-01 | 2024-05-01 | 02
                k0         | 11    | 2023-01-05 | 2023-02-01 | 02
                k0         | 21    | 2023-06-01 |            |
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            terug         | 0        | 60   | 1     |
            terug         |          |      |       | maatregel niet beëindigd voor het einde van het venster
            omgezet       | 0        | 30   | 2     |
            samen         | 0        | 306  | 0     |
            tegelijk      |          |      |       | geen dag gevolgd na het einde van de maatregel
            achttien      | 0        | 30   | 2     |
            laat          | 30       | 396  | 0     |
            over          |          |      |       | overgedragen zonder vervolg: loopt elders door
            eerder        |          |      |       | maatregel eindigde voor de instroom
            al_terug      |          |      |       | nieuwe maatregel al voor het venster
            al_terug      |          |      |       | maatregel niet beëindigd voor het einde van het venster
        """,
    ),
    Voorbeeld(
        naam="op de rand: een nieuwe maatregel op de dag na het venster telt mee, een einde op die dag niet",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                opnieuw       | 2024-01-01 |
                eindigt       | 2024-01-01 |
                vertrekt      | 2024-01-01 | 2025-01-01
                opent         | 2023-01-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | opnieuw       | kind | 2010
                k2         | eindigt       | kind | 2010
                k3         | vertrekt      | kind | 2010
                k4         | opent         | kind | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind       | reden_einde
                k1         | 12    | 2024-11-01 | 2024-12-02 | 02
                k1         | UH    | 2025-01-01 |            |
                k2         | 11    | 2024-11-01 | 2025-01-01 | 02
                k3         | 11    | 2024-11-01 | 2024-12-02 | 02
                k3         | 11    | 2025-01-01 |            |
                k4         | 11    | 2023-11-01 | 2023-12-02 | 02
                k4         | 11    | 2024-01-01 |            |
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 6, 1)),
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            opnieuw       | 0        | 30   | 1     |
            opnieuw       |          |      |       | maatregel niet beëindigd voor het einde van het venster
            eindigt       |          |      |       | geen dag gevolgd na het einde van de maatregel
            vertrekt      | 0        | 30   | 2     |
            vertrekt      |          |      |       | maatregel niet beëindigd voor het einde van het venster
            opent         |          |      |       | nieuwe maatregel al voor het venster
            opent         |          |      |       | maatregel niet beëindigd voor het einde van het venster
        """,
    ),
)


def _periods(t: Mapping[str, ir.Table], gap: int) -> ir.Table:
    """Return the periods with any measure.

    Columns `huishouden_id, begin, eind, overgedragen, volgende`, and `ongewis`: of the next one it is not
    known when it began.
    """
    kind = children(t)
    rows = measures(t, *FAMILIES.values()).join(kind, "persoon_id")
    rows = rows.select("huishouden_id", "begin", "eind", "reden_einde")
    every = reduce(lambda a, b: a.union(b), (stitched(t, family, gap) for family in FAMILIES.values()))
    spells = every.join(kind, "persoon_id").select("huishouden_id", "begin", "eind", "begin_onbekend")
    perioden = merge(spells.drop("begin_onbekend"), ["huishouden_id"], gap=min(MARGIN, gap))
    start = spells.group_by(["huishouden_id", "begin"]).agg(ongewis=spells.begin_onbekend.all())
    closing = last_reasons(rows, "huishouden_id").drop("reden")
    with_closing = perioden.left_join(closing, ["huishouden_id", "eind"])
    following = next_begin(
        with_closing.select(
            "huishouden_id", "begin", "eind", overgedragen=with_closing.overgedragen.fill_null(False)
        ),
        "huishouden_id",
    )
    starts = start.rename(volgende="begin")
    at = following.left_join(starts, ["huishouden_id", "volgende"])
    return at.select(*following.columns, ongewis=at.ongewis.fill_null(False))


def _last_child(t: Mapping[str, ir.Table]) -> ir.Table:
    """Return `huishouden_id, volwassen`: the day on which the youngest child turns 18 (null: unknown)."""
    kind = children(t, "geboortejaar")
    unknown = kind.filter(kind.geboortejaar.isnull())
    known = childhood(kind).anti_join(unknown, "huishouden_id")
    return known.group_by("huishouden_id").agg(volwassen=known.eind.max())


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per ended period: days until the next one (1), or leaving or turning 18 (2)."""
    stay = t["huishouden"].select("huishouden_id", instroomdag="begin", vertrek="eind")
    at = with_window(_periods(t, vraag.params[GAP_NAME]).join(stay, "huishouden_id"), vraag)
    for added in (present(t["huishouden"], vraag).drop("tot"), _last_child(t)):
        at = at.left_join(added, "huishouden_id").drop("huishouden_id_right")
    gone = ibis.least(at.vertrek.fill_null(at.volwassen), at.volwassen.fill_null(at.vertrek))
    at = at.mutate(
        weg=gone, van=ibis.greatest(at.van, at.eind), stop=ibis.least(gone.fill_null(at.grens), at.grens)
    )
    already_back = (at.volgende <= at.van) & (at.van > at.eind)
    at = at.mutate(
        reden=ibis.cases(
            (at.eind.isnull() | (at.eind > at.grens), _RUNS),
            (at.overgedragen, _OVERGEDRAGEN),
            (at.eind < at.instroomdag, _BEFORE_INSTROOM),
            (already_back.fill_null(False), _BEFORE_VENSTER),
            ((at.van >= at.stop).fill_null(True), _NOT_FOLLOWED),
            ((at.ongewis & (at.volgende <= at.stop)).fill_null(False), _NEXT_UNKNOWN),
            else_=ibis.null("string"),
        )
    )
    counted = at.filter(at.reden.isnull())
    on_time = (counted.volgende <= counted.stop) & (counted.volgende < counted.weg).fill_null(True)
    happened = on_time.fill_null(False)
    rows = counted.select(
        "huishouden_id",
        instroom=dagen(counted.eind, counted.van),
        duur=dagen(counted.eind, ibis.ifelse(happened, counted.volgende, counted.stop)),
        einde=ibis.cases((happened, 1), ((counted.weg <= counted.stop).fill_null(False), 2), else_=0).cast(
            "int64"
        ),
    )
    return with_exclusions(rows, *((at.filter(at.reden == r).select("huishouden_id"), r) for r in _REDENEN))
