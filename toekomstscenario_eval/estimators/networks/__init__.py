"""Networks of collaboration: projections on sparse matrices, measures, graphs for users."""
