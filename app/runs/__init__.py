"""Runs: the run record, its commands, its scheduling and its recorded past."""
