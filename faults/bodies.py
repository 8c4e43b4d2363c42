"""Bodies: JSON texts that are wrong in different ways, and how long the server is busy with each of them."""

from collections.abc import Iterator
from pathlib import Path

from app.web.json_route import MAX_CONTAINERS
from app.web.models.base import MAX_VALUES
from app.web.models.predict_body import Predict
from benchmarks.shared.server import Server
from faults.clients import observed_server, small_run, status
from faults.rows import Row, at_most, exactly

SIZE = 3_300_000
MAX_MS = 50.0
SHOWN = 6  # of the bodies of a size: those that take most


def drill() -> Iterator[Row]:
    """Bodies of 3.3 MB, and bodies with as many values as are allowed, each with an error. The figure is the
    processor time of the server's event loop, during which it answers no one else, for the whole request; the
    bodies that take most are shown.
    """
    with observed_server() as server:
        client, run = server.client(), small_run(server)
        statuses: list[int] = []
        for size, values in (("of 3.3 MB", 10**9), (f"with {MAX_VALUES:,} values", MAX_VALUES)):
            seconds: dict[str, float] = {}
            for name, (method, path, text) in bodies(run, values).items():
                before = loop_seconds(server)
                statuses.append(status(client, method, path, text))
                seconds[name] = loop_seconds(server) - before
            for name in sorted(seconds, key=lambda name: -seconds[name])[:SHOWN]:
                yield at_most(f"{name}, {size}", seconds[name] * 1000, MAX_MS, "ms")
        refused = sum(400 <= each < 500 for each in statuses)
        yield exactly("bodies that were refused with 4xx", refused, len(statuses), "")


def loop_seconds(server: Server) -> float:
    """Returns the processor time of the server's main thread."""
    pid = server.process.pid
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9


def bodies(run: str, values: int) -> dict[str, tuple[str, str, bytes]]:
    """Returns method, path and body by name; at most `values` values in each."""
    runs, one = "/api/runs", f"/api/runs/{run}"
    many, predictions = unknown(values), min(values * Predict.max_values // MAX_VALUES, 10**9)
    lists = {
        "layers of a new run": ("POST", runs, '{"layers":', '{"units":4}', "}"),
        "wrong layers of a new run": ("POST", runs, '{"layers":', '{"units":0}', "}"),
        "layers that are numbers": ("POST", runs, '{"layers":', "1", "}"),
        "features of a new run": ("POST", runs, '{"features":', '"x1"', "}"),
        "features that are numbers": ("POST", runs, '{"features":', "1", "}"),
        "diagnoses that pause": ("PATCH", one, '{"pause_when":', '"x"', "}"),
        "diagnoses that are numbers": ("PATCH", one, '{"pause_when":', "1", "}"),
        "layers of a fork": ("POST", f"{one}/fork", '{"changes":{"layers":', "{}", "}}"),
        "new points that are numbers": ("PATCH", f"{one}/points", '{"add":', "1", "}"),
        "points to remove": ("PATCH", f"{one}/points", '{"remove":', '{"part":1}', "}"),
        "edits of weights": ("PATCH", f"{one}/weights", '{"weights":', '{"layer":9}', "}"),
    }
    return {
        "unknown fields of a new run": ("POST", runs, many),
        "unknown fields in a section": ("POST", runs, b'{"optimizer":' + many + b"}"),
        "unknown fields of a change": ("PATCH", one, many),
        "unknown changes of a fork": ("POST", f"{one}/fork", b'{"changes":' + many + b"}"),
        **{
            name: (method, path, f"{before}{listed(item, values)}{after}".encode())
            for name, (method, path, before, item, after) in lists.items()
        },
        "rows of a prediction": (
            "POST",
            f"{one}/predict",
            f'{{"inputs":{listed("[1]", predictions)}}}'.encode(),
        ),
        "numbers of a prediction": (
            "POST",
            f"{one}/predict",
            f'{{"inputs":[{listed("0.5", predictions)}]}}'.encode(),
        ),
        "lists within lists": ("POST", runs, nested("[", "]", values)),
        "objects within objects": ("POST", runs, nested('{"a":', "}", values)),
        "lists within an allowed field": ("POST", runs, b'{"layers":' + nested("[", "]", values) + b"}"),
        "a number of many digits": ("POST", runs, b'{"seed":' + b"1" * SIZE + b"}"),
        "a long text": ("POST", runs, b'{"name":"' + b"a" * SIZE + b'"}'),
        "a text that is cut off": ("POST", runs, b'{"name":"' + b"a" * SIZE),
    }


def unknown(values: int) -> bytes:
    """Returns an object with as many different fields as fit."""
    count = min(SIZE // 10, values // 2)
    return ("{" + ",".join(f'"k{number}":1' for number in range(count)) + "}").encode()


def listed(item: str, values: int) -> str:
    """Returns a list with as many items as fit."""
    containers = MAX_CONTAINERS - 9 if values < SIZE and ("{" in item or "[" in item) else SIZE
    return (
        "["
        + ",".join([item] * min(SIZE // (len(item) + 1), values // (1 + item.count(":")), containers))
        + "]"
    )


def nested(opening: str, closing: str, values: int) -> bytes:
    """Returns as many levels as fit."""
    levels = min(SIZE // (len(opening) + len(closing)), values)
    return (opening * levels + "1" + closing * levels).encode()
