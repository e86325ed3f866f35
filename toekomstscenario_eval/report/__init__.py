"""The report: the researcher's plan, the sections, and the versions beside the whole."""
