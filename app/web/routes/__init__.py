"""Routes: one module per group of URLs; a route calls a use case and encodes its answer."""
