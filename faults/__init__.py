"""Drills: what happens when a client misbehaves, a process stops, a disk is full or many come at once."""
