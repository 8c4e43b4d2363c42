"""Layers: activation functions, initial weights, and where each layer's parameters lie."""
