"""Workers: the child processes and the messages that pass between them and the server."""
