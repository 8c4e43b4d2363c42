"""Views: the worker process that computes views and answers queries."""
