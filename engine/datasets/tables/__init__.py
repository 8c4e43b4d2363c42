"""Tables of imported data: in memory, described by a header, identified by the hash of their content."""
