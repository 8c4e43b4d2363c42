"""Who may call the server, and the headers that tell browsers what its pages may do."""
