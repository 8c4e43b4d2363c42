"""The command line: `perceptarium serve` and `perceptarium train`."""
