"""Power before data: what a plan can find, from the plan alone; nothing here sees a package or a result.

`setting` holds the plan and refuses one that cannot be, `layouts` says which comparisons fit it, `formula`
and `simulation` each give the chance to find a difference, `plan_overview` puts them together, and `cases`
goes the other way: what a number of households can show.
"""
