"""What an operator sees of a server: its metrics and its log."""
