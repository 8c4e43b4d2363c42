"""Tasks: what a network is to learn, and how a request becomes a resolved configuration."""
