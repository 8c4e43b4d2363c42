"""Workers: the child processes, and the messages between them and the server."""
