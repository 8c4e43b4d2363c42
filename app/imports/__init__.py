"""Imports: CSV, IDX and npz files read as tables."""
