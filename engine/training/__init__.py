"""Training: trainer, state, checkpoints, measured points, weight edits, and the textbook step."""
