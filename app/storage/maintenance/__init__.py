"""Maintenance of a data folder: its lock, what takes how much, check, compaction, backup and restore."""
