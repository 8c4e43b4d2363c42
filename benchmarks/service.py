"""The service: how soon it answers, and whether it takes every configuration it should and no other."""

import random
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any

from benchmarks import configurations
from benchmarks.limits import at_most
from benchmarks.server import Client, Refused, Server, serving
from benchmarks.summary import summary

CALLERS = 8
LARGE = (200_000, 20)  # rows and columns of a large table of one's own
ENDS = ("paused", "finished", "diverged")


def measure(quick: bool) -> dict[str, Any]:
    """Start, random configurations, and those at the limits."""
    starts = summary([_start() for _ in range(2 if quick else 7)])
    count = 60 if quick else 2000
    chance = random.Random(20)
    valid = [configurations.valid(chance) for _ in range(count)]
    invalid = [configurations.invalid(chance) for _ in range(count)]
    with serving() as server:
        found = {
            "valid": _each(server, _lives, valid),
            "invalid": _each(server, _is_refused, invalid),
            "limits": _each(server, _lives, configurations.at_the_limits()),
        }
        table = _table(server, 20_000 if quick else LARGE[0])
    claims = [
        at_most("server start to an answer of /healthz", starts["median"], 1.5, "s"),
        *[at_most(f"{found[k]['count']} {k}: failures", len(found[k]["failures"]), 0) for k in found],
        at_most(f"own data: {table['rows']:,} rows of {LARGE[1]} columns are in", table["seconds"], 3, "s"),
        at_most("own data: slowest answer to others meanwhile", table["slowest_answer"], 0.1, "s"),
        at_most("answers with 5xx", sum(each["server_errors"] for each in found.values()), 0),
    ]
    return {
        "claims": [claim.as_dict() for claim in claims],
        "start_seconds": starts,
        "configurations": found,
        "own_data": table,
    }


def _table(server: Server, rows: int) -> dict[str, Any]:
    """A large CSV file is put while a run trains; how long others wait for an answer meanwhile."""
    chance = random.Random(4)
    lines = [",".join(f"{chance.gauss(0, 1):.6g}" for _ in range(LARGE[1])) for _ in range(1000)]
    body = ("\n".join(lines * (rows // 1000)) + "\n").encode()
    client = server.client()
    run = client.call("POST", "/api/runs", {})
    waits = [0.0]
    with ThreadPoolExecutor(1) as callers:
        began = time.perf_counter()
        answer = callers.submit(_put, f"{server.url}/api/datasets/large", body)
        while not answer.done():
            asked = time.perf_counter()
            client.call("GET", "/version")
            waits.append(time.perf_counter() - asked)
        seconds = time.perf_counter() - began
        answer.result()
    client.call("DELETE", f"/api/runs/{run['id']}")
    return {"rows": rows, "bytes": len(body), "seconds": seconds, "slowest_answer": max(waits)}


def _put(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "text/csv"}, method="PUT")
    with urllib.request.urlopen(request, timeout=60) as response:
        response.read()


def _start() -> float:
    with serving() as server:
        return server.seconds


class Failure(Exception):
    """What should not have happened."""


def _lives(client: Client, raw: dict[str, Any]) -> None:
    """Created, trained for an epoch, deleted. Divergence is no failure."""
    run = client.call("POST", "/api/runs", raw | {"start": False})
    after = client.call("POST", f"/api/runs/{run['id']}/step", {"unit": "epoch", "count": 1})
    client.call("DELETE", f"/api/runs/{run['id']}")
    if after["status"] not in ENDS or (after["status"] != "diverged" and after["epoch"] != 1):
        raise Failure(f"{after['status']} in epoch {after['epoch']}: {after['status_reason']}")


def _is_refused(client: Client, case: tuple[dict[str, Any], str]) -> None:
    """Refused with 4xx, naming the field."""
    raw, field = case
    try:
        run = client.call("POST", "/api/runs", {"start": False} | raw)
    except Refused as refusal:
        if refusal.status >= 500:
            raise
        named = refusal.body["error"]["field"]
        if named != field:
            raise Failure(f"names {named}, not {field}") from None
        return
    client.call("DELETE", f"/api/runs/{run['id']}")
    raise Failure(f"accepted a wrong {field}")


def _each(server: Server, check: Callable[[Client, Any], None], cases: Sequence[Any]) -> dict[str, Any]:
    """All cases by several callers at once; each failure with its case."""
    kept = local()

    def one(case: Any) -> tuple[str, bool] | None:
        if not hasattr(kept, "client"):
            kept.client = server.client()
        try:
            check(kept.client, case)
        except Refused as refusal:
            return f"{refusal} for {case}", refusal.status >= 500
        except Exception as error:
            del kept.client
            return f"{type(error).__name__}: {error} for {case}", False
        return None

    start = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as callers:
        failures = [each for each in callers.map(one, cases) if each]
    return {
        "count": len(cases),
        "seconds": round(time.perf_counter() - start, 1),
        "server_errors": sum(serious for _, serious in failures),
        "failures": [text for text, _ in failures],
    }
