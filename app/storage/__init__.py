"""Storage: the SQLite store, and the files of imported tables."""
