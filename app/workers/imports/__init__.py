"""Imports: the worker process that reads and writes tables, and its client in the server."""
