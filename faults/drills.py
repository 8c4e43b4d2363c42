"""The drills by name. A drill is a generator of rows in a module of its own.

It starts its own server (`benchmarks.shared.server.serving`: loopback, a free port, a temporary folder), and
yields every row as soon as it is measured.
"""

from collections.abc import Callable, Iterator

from faults import (
    bodies,
    connections,
    crowd,
    data_folder,
    imports,
    many_runs,
    messages,
    processes,
    stream_bytes,
)
from faults.rows import Row

DRILLS: dict[str, Callable[[], Iterator[Row]]] = {
    "messages": messages.drill,
    "bodies": bodies.drill,
    "connections": connections.drill,
    "imports": imports.drill,
    "processes": processes.drill,
    "many_runs": many_runs.drill,
    "data_folder": data_folder.drill,
    "stream": stream_bytes.drill,
    "crowd": crowd.drill,
}
