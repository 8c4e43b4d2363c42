"""Generated data sets, one module for each family."""
