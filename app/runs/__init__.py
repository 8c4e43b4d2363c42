"""Runs: the run record, its states, the commands and queries about runs, and their scheduling."""
