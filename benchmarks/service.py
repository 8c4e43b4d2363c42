"""Service: start-up time, random valid and invalid configurations, and a large imported table."""

import random
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any

from benchmarks import configurations
from benchmarks.limits import Claim, at_most
from benchmarks.shared.server import Client, Refused, Server, serving
from benchmarks.summary import summary

CALLERS = 8
LARGE = (200_000, 20)  # rows and columns of a large imported table
SIGNS = {"": (",", "."), " with decimal commas": (";", ",")}  # separator and decimal sign of a large table
FINAL_STATUSES = ("paused", "finished", "diverged")


def measure(quick: bool) -> dict[str, Any]:
    """Measures start-up and an import, and tests configurations."""
    starts = summary([_start() for _ in range(2 if quick else 7)])
    count = 60 if quick else 2000
    rng = random.Random(20)
    valid = [configurations.valid(rng) for _ in range(count)]
    invalid = [configurations.invalid(rng) for _ in range(count)]
    with serving() as server:
        results = {
            "valid": _run_all(server, _check_valid, valid),
            "invalid": _run_all(server, _check_invalid, invalid),
            "limits": _run_all(server, _check_valid, configurations.at_the_limits()),
        }
        rows = 20_000 if quick else LARGE[0]
        tables = {name: _table(server, rows, *signs) for name, signs in SIGNS.items()}
    claims = [
        at_most("server start to an answer of /healthz", starts["median"], 1.5, "s"),
        *[
            at_most(f"{results[name]['count']} {name}: failures", len(results[name]["failures"]), 0)
            for name in results
        ],
        *(claim for name, table in tables.items() for claim in _table_claims(name, table)),
        at_most("answers with 5xx", sum(result["server_errors"] for result in results.values()), 0),
    ]
    return {
        "claims": [claim.as_dict() for claim in claims],
        "start_seconds": starts,
        "configurations": results,
        "own_data": tables,
    }


def _table_claims(name: str, table: dict[str, Any]) -> list[Claim]:
    size = f"{table['rows']:,} rows of {LARGE[1]} columns{name}"
    return [
        at_most(f"own data: {size} are in", table["seconds"], 3, "s"),
        at_most(f"own data{name}: slowest answer to others meanwhile", table["slowest_answer"], 0.1, "s"),
    ]


def _table(server: Server, rows: int, delimiter: str, decimal: str) -> dict[str, Any]:
    """Imports a large CSV file during training, and measures the response times of other requests."""
    rng = random.Random(4)
    numbers = ((f"{rng.gauss(0, 1):.6g}".replace(".", decimal) for _ in range(LARGE[1])) for _ in range(1000))
    lines = [delimiter.join(row) for row in numbers]
    body = ("\n".join(lines * (rows // 1000)) + "\n").encode()
    client = server.client()
    run = client.call("POST", "/api/runs", {})
    response_times = [0.0]
    with ThreadPoolExecutor(1) as callers:
        start = time.perf_counter()
        answer = callers.submit(_put, f"{server.url}/api/datasets/large", body)
        while not answer.done():
            sent = time.perf_counter()
            client.call("GET", "/version")
            response_times.append(time.perf_counter() - sent)
        seconds = time.perf_counter() - start
        answer.result()
    client.call("DELETE", f"/api/runs/{run['id']}")
    return {"rows": rows, "bytes": len(body), "seconds": seconds, "slowest_answer": max(response_times)}


def _put(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "text/csv"}, method="PUT")
    with urllib.request.urlopen(request, timeout=60) as response:
        response.read()


def _start() -> float:
    with serving() as server:
        return server.seconds


class Failure(Exception):
    """A configuration was not handled as expected."""


def _check_valid(client: Client, raw: dict[str, Any]) -> None:
    """Creates a run, trains an epoch and deletes it. Raises Failure; divergence is allowed."""
    run = client.call("POST", "/api/runs", raw | {"start": False})
    after = client.call("POST", f"/api/runs/{run['id']}/step", {"unit": "epoch", "count": 1})
    client.call("DELETE", f"/api/runs/{run['id']}")
    if after["status"] not in FINAL_STATUSES or (after["status"] != "diverged" and after["epoch"] != 1):
        raise Failure(f"{after['status']} in epoch {after['epoch']}: {after['status_reason']}")


def _check_invalid(client: Client, case: tuple[dict[str, Any], str]) -> None:
    """Raises Failure unless the configuration is refused with 4xx and the name of the field."""
    raw, field = case
    try:
        run = client.call("POST", "/api/runs", {"start": False} | raw)
    except Refused as refusal:
        if refusal.status >= 500:
            raise
        reported = refusal.body["error"]["field"]
        if reported != field:
            raise Failure(f"reports {reported}, not {field}") from None
        return
    client.call("DELETE", f"/api/runs/{run['id']}")
    raise Failure(f"accepted an invalid {field}")


def _run_all(server: Server, check: Callable[[Client, Any], None], cases: Sequence[Any]) -> dict[str, Any]:
    """Checks all cases with concurrent clients; returns the failures."""
    thread = local()

    def run(case: Any) -> tuple[str, bool] | None:
        if not hasattr(thread, "client"):
            thread.client = server.client()
        try:
            check(thread.client, case)
        except Refused as refusal:
            return f"{refusal} for {case}", refusal.status >= 500
        except Exception as error:
            del thread.client
            return f"{type(error).__name__}: {error} for {case}", False
        return None

    start = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as callers:
        failures = [failure for failure in callers.map(run, cases) if failure]
    return {
        "count": len(cases),
        "seconds": round(time.perf_counter() - start, 1),
        "server_errors": sum(serious for _, serious in failures),
        "failures": [text for text, _ in failures],
    }
