"""Minima: where several trainings of equal shape ended, how different these ends are, and what is between."""
