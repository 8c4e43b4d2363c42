"""Benchmarks: every stated limit of speed, measured beside other libraries in one run."""
