"""The compiled training step: NumPy calls on fixed buffers, recorded once and run many times."""
