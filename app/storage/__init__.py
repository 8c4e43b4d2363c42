"""Storage: the SQLite store and the table files."""
