"""Imports: files of tables and of images read as tables."""
