"""Batched: many trainings of equal shape as batched products, and which configurations can be trained so."""
