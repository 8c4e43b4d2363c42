"""Training: the trainer and everything that its state consists of."""
