"""Tables, figures and sentences made from results; each takes a release and nothing else."""
