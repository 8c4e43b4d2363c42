"""Connections: the protocol classes of the server, with limits on what one client can take."""
