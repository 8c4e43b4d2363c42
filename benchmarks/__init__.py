"""What is fast and how fast: every figure that is promised, measured against peers in one run."""
