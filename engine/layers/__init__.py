"""Layers: the layer types, activation functions, initializers, and the network that contains the layers."""
