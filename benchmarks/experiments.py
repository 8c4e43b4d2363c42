"""Experiments: from the request until all members have finished, members in batches; listing and deletion."""

import time
from typing import Any

from benchmarks import experiment_peers
from benchmarks.limits import at_most
from benchmarks.shared.server import Client, serving
from benchmarks.summary import short, summary
from engine.datasets import load
from engine.tasks.resolve import parse
from engine.training.batched.alone import beginning
from engine.training.batched.ensemble import Ensemble

NETWORKS, STEPS = 64, 2000
MANY = 512
DEFAULT = {"epochs": 1_000_000}
XOR = {
    "dataset": {"name": "gate_xor"}, "layers": [{"units": 2, "activation": "tanh"}],
    "optimizer": {"name": "sgd", "learning_rate": 0.3}, "batch_size": 4, "epochs": 4000,
}  # fmt: skip


def measure(quick: bool) -> dict[str, Any]:
    """Measures experiments on a server of their own."""
    repetitions, many = (1, 64) if quick else (5, MANY)
    peers = experiment_peers.run(quick)
    bare = [_bare() for _ in range(repetitions)]
    with serving() as server:
        client = server.client()
        _finish(client, DEFAULT, 8, 100)  # so that the processes have started
        networks = [_finish(client, DEFAULT, NETWORKS, STEPS) for _ in range(repetitions)]
        xor = [_finish(client, XOR, 24, None) for _ in range(repetitions)]
        listed, deleted = _many(client, many)
    figures = {
        "bare engine": summary(bare), "experiment": summary(networks), "xor": summary(xor),
        "listed": summary(listed), "deleted": summary([deleted]),
    }  # fmt: skip
    limit = short(2 * figures["bare engine"]["median"] + 0.5)
    claims = [
        at_most(
            f"{NETWORKS} default networks to {STEPS:,} steps, from the request until finished",
            figures["experiment"]["median"], limit, "s",
        ),
        at_most("24 XOR networks for 4,000 epochs, the same", figures["xor"]["median"], 2, "s"),
        at_most(f"an answer with {many} members", 1000 * figures["listed"]["median"], 500, "ms"),
    ]  # fmt: skip
    all_claims = [claim.as_dict() for claim in claims] + peers.pop("claims")
    return {"claims": all_claims, "members": many, "seconds": figures, "side_by_side": peers}


def _bare() -> float:
    """Returns the seconds of the engine alone for the default networks at once, without a server."""
    configs = [parse(DEFAULT | {"seed": seed}) for seed in range(NETWORKS)]
    data = load(configs[0])
    start = time.perf_counter()
    Ensemble([beginning(config, data) for config in configs], [data] * NETWORKS).advance(STEPS)
    return time.perf_counter() - start


def _finish(client: Client, config: dict[str, Any], members: int, steps: int | None) -> float:
    """Returns the seconds from the request for an experiment until all members have finished."""
    body = {"config": config, "vary": {"seed": {"count": members}}} | ({"steps": steps} if steps else {})
    start = time.perf_counter()
    created = client.call("POST", "/api/experiments", body)
    _wait(client)
    seconds = time.perf_counter() - start
    client.call("DELETE", f"/api/experiments/{created['id']}")
    return seconds


def _many(client: Client, members: int) -> tuple[list[float], float]:
    """Returns the seconds of answers with many finished members, and of their deletion."""
    body = {"config": DEFAULT, "vary": {"seed": {"count": members}}, "steps": 10}
    address = f"/api/experiments/{client.call('POST', '/api/experiments', body)['id']}"
    _wait(client)
    return [_seconds(client, "GET", address) for _ in range(5)], _seconds(client, "DELETE", address)


def _seconds(client: Client, method: str, address: str) -> float:
    start = time.perf_counter()
    client.call(method, address)
    return time.perf_counter() - start


def _wait(client: Client) -> None:
    """Returns once the newest experiment has finished."""
    while client.call("GET", "/api/experiments?limit=1")["experiments"][0]["status"] != "finished":
        time.sleep(0.02)
