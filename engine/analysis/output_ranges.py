"""Output ranges: the values that the output activations of a network can take."""

# Activations without an entry are unbounded on at least one side.
OUTPUT_RANGES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "step": (0.0, 1.0), "tanh": (-1.0, 1.0)}
