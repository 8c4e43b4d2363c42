"""The compared engines: each module is a program that runs `process.serve`."""
