"""Run configuration: its models, and the errors that name a field."""
