"""Experiments: sets of runs that differ from one configuration in named fields."""
