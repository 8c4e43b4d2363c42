"""The name of an extension of ASGI: `scope["extensions"][WRITE]["write"]` sends a binary message at once."""

WRITE = "perceptarium.write"
