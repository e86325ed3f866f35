"""The columns of the long tables that every kind of estimate, curve and test shares."""

# The long table of estimates that every estimator returns, whatever the kind.
# n = households behind the number (the unit of disclosure); noemer = units in the denominator
# (children, spells, person-years); teller = events or units with the characteristic; stratum =
# the coarser published group that this group is a part of (empty: only of the whole). standaardfout =
# the standard error in the unit of the estimate, as its estimator computed it, noise included; missing where
# there is none (a quantile, a share of nothing or all). It is carried and never recovered from the bounds,
# which were made in one of many ways; on another scale it is divided by the slope there (delta method).
SCHATTING = (
    "maat",
    "uitsplitsing",
    "groep",
    "periode",
    "stratum",
    "schatting",
    "ondergrens",
    "bovengrens",
    "standaardfout",
    "eenheid",
    "methode",
    "n",
    "teller",
    "noemer",
    "gecensureerd",
    "weergave",
)
# Points of a curve, a distribution or a list of ties; `n` = households behind the point. `label` and `ander`
# are codes: of a tie its two ends, of a role the kind and the role; `ander` is empty for other points.
REEKS = (
    *("reeks", "uitsplitsing", "groep", "periode", "x", "label", "ander"),
    *("waarde", "ondergrens", "bovengrens", "n"),
)
# Comparisons of the groups of one breakdown: a test, or a difference with an interval. plekken = the
# pairs of breakdown and group whose numbers it rests on; vrijheid = residual degrees of freedom (units or
# events less what was estimated); kleinste = fewest events or units in any of the groups.
TOETS = (
    "toets",
    "uitsplitsing",
    "schatting",
    "ondergrens",
    "bovengrens",
    "eenheid",
    "statistiek",
    "df",
    "p",
    "methode",
    "plekken",
    "vrijheid",
    "kleinste",
)
# Units left out, with the reason, counted per group.
UITSLUITING = ("uitsplitsing", "groep", "periode", "reden", "aantal")
# Of a panel: region, period, the figure with its standard error, households, and units it is over.
PANEL = ("groep", "periode", "schatting", "standaardfout", "n", "noemer")
