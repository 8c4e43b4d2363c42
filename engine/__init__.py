"""The mathematics: no clock, no input or output, no threads, no web."""
