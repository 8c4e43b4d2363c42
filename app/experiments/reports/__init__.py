"""Reports: what is computed from the members of an experiment, or from any runs, and their histories."""
