"""Streaming: frame logs and their viewers, and which views are computed for them."""
