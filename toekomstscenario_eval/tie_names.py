"""Names of the published counts that networks are made of: what makes them and what reads them agree here.

A count of a tie is called by what ties, the level, and the codes of its ends: `deelt|soort|gi|raad`. Codes
hold no `|`; the two ends stand in alphabetical order, or from who leaves to who comes.
"""

from __future__ import annotations

BAR = "|"
# Counts that only the whole has: its groups say nothing of them, not that they are zero.
WHOLE_ONLY = "geheel|"
# Households of a node and of a tie: sharing one, being there on the same day, a hand-over, one without
# overlap, and sitting in a meeting.
NODE, SHARED, SAME_DAY, HANDOVER, RELAY = "knoop", "deelt", "samen", "overdracht", "estafette"
AT_TABLE, MEETING = "tafel", "overleg"
TIES = (SHARED, SAME_DAY, HANDOVER, RELAY, MEETING)
NODES = (NODE, AT_TABLE)
DOMAIN, KIND, ORGANISATION = "domein", "soort", "organisatie"
# Nested counts: pairs of organisations around a household, those that never met, those that did, those of two
# domains, those of one.
PAIRS, APART, OVERLAPPING = "paar", "na_elkaar", "tegelijk"
ACROSS, WITHIN = "tussen_domeinen", "binnen_domein"
# Professionals around a household; how much its organisations were there side by side, and how much not, in
# steps; of those with one fixed face and others: everybody, the part that the face met and did not meet, in
# steps, and other domains it met.
PROFESSIONALS, BESIDE, NOT_BESIDE = "professionals", "naast_elkaar", "niet_naast_elkaar"
FACES, REACH, NOT_REACHED = "gezichten", "bereik", "buiten_bereik"
REACHED_DOMAINS = "bereik_domeinen"
# A part from 0 to 1 is told in this many steps, and what it lacks in the same.
STEPS_OF_PART = 10
# Kinds of organisation in the code list of `organisatie_soort`: a density of kinds is over all their pairs.
KINDS_LISTED = 17
_TWO = 2
PAIRS_OF_KINDS = KINDS_LISTED * (KINDS_LISTED - 1) // 2


# Why nothing is told: what was not registered is no zero.
NO_DOMAINS = "niet van toepassing: er is maar één domein geregistreerd"
NO_KINDS = "niet van toepassing: er is maar één soort organisatie geregistreerd"
NO_FACE = "niet van toepassing: er is geen vast gezicht geregistreerd, of bij enkele huishoudens"
# In public a kind around a few households may be counted as zero: what is seen is what was counted.
ONE_DOMAIN = "niet van toepassing: in de beschermde tellingen staat maar één domein"
ONE_KIND = "niet van toepassing: in de beschermde tellingen staat maar één soort organisatie"
# Measures of ties between domains, and between kinds; and of the fixed face.
OF_DOMAINS = frozenset(
    {
        *("over_domeinen", "over_domeinen_organisaties", "ei_organisaties", "ei_organisaties_verwacht"),
        *("p_ei_organisaties", "ei_index", "ei_verwacht", "bereik_domeinen"),
        *("rol_coordinator", "rol_consultant", "rol_poort", "rol_verbinder"),
        *("makelaar_lokaal_team", "makelaar_rvt", "b_zelfde_domein", "p_zelfde_domein"),
    }
)
OF_KINDS = frozenset({"dichtheid_soorten"})
OF_FACE = frozenset({"bereik_vast_gezicht", "bereik_domeinen"})


def untold(domains: int, kinds: int, *, face: bool, public: bool = False) -> dict[str, str]:
    """Return the measures of what there is no two of, with the reason.

    Parameters
    ----------
    domains, kinds : int
        How many domains, and kinds of organisation, are around households.
    face : bool
        Whether anybody was registered as a fixed face.
    public : bool
        Whether that was read from published counts.
    """
    no_domains, no_kinds = (ONE_DOMAIN, ONE_KIND) if public else (NO_DOMAINS, NO_KINDS)
    out = dict.fromkeys(OF_FACE, NO_FACE) if not face else {}
    out |= dict.fromkeys(OF_KINDS, no_kinds) if kinds < _TWO else {}
    return out | (dict.fromkeys(OF_DOMAINS, no_domains) if domains < _TWO else {})


def named(*parts: str, whole: bool = False) -> str:
    """Return the name of a count; `whole` when only the whole has it."""
    return WHOLE_ONLY * whole + BAR.join(parts)


def parts_of(naam: str) -> tuple[str, ...]:
    """Return what a name is made of."""
    return tuple(naam.removeprefix(WHOLE_ONLY).split(BAR))


def is_of(level: str, naam: str) -> bool:
    """Return whether a count is of a node or a tie of a level."""
    what, *rest = parts_of(naam)
    return what in (*NODES, *TIES) and rest[:1] == [level]
