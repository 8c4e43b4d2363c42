"""Training: the worker process that trains runs."""
