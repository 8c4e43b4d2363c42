"""A trained run on a server, whose past is measured."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.shared.server import Server

STEPS = 100_000  # within which steps are shown


@contextmanager
def trained(server: Server, raw: dict[str, Any]) -> Iterator[str]:
    """A run with STEPS steps, which is deleted afterwards."""
    body = raw | {"start": False, "speed": "max", "epochs": 1_000_000_000}
    client = server.client()
    run = client.call("POST", "/api/runs", body)["id"]
    client.call("POST", f"/api/runs/{run}/step", {"unit": "step", "count": STEPS})
    try:
        yield run
    finally:
        server.client().call("DELETE", f"/api/runs/{run}")
