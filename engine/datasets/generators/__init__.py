"""Generated data sets, one module per family."""
