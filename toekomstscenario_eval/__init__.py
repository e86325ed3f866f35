"""Evaluation of the proeftuinen of the Dutch Toekomstscenario kind- en gezinsbescherming."""

__version__ = "0.1.0"
