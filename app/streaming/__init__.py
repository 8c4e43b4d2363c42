"""Streaming: each run's frame log, its viewers, and which views are computed for them."""
