"""History: what is kept of the past of runs: attempts, recorded states and bookmarks, within budgets."""
