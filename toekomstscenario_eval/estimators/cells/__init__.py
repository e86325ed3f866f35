"""Estimators that see only published counts of households; one module per kind, as beside this package.

The counts are nested ("households with at least k"), drawn with noise that adds nothing on average, and
open to anybody. Sums over the steps of k give back the sums over households; every interval takes the noise
in.
"""
