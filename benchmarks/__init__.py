"""Benchmarks: measurements of all stated limits, and a comparison with other libraries."""
