"""Tables in Markdown, one function per benchmark, from what is in its results file."""

from collections.abc import Sequence
from typing import Any

from benchmarks.engine_processes import ENGINES


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def spread(found: dict[str, float]) -> str:
    """Median and quartiles."""
    return f"{found['median']:g} ({found['first_quartile']:g} to {found['third_quartile']:g})"


def engine(found: dict[str, Any]) -> list[str]:
    """The comparison, the choices, depth and width, memory, and the profile of a step."""
    return [
        _comparison(found["comparison"]["workloads"]),
        _versions(found["comparison"]["workloads"]),
        _variants(found["catalogue"]["variants"]),
        _scaling(found["depth"], found["width"]),
        _memory(found["memory"]["memory"]),
        _profile("W2", found["profiles"]["profiles"]["W2"]),
    ]


def _comparison(workloads: dict[str, Any]) -> str:
    rows = []
    for key, entrant in ENGINES.items():
        cells = [entrant.title]
        for found in workloads.values():
            one = found["engines"].get(key)
            if one:
                cells.append(spread(one["microseconds_per_step"]) + (" void" if one["void"] else ""))
            else:
                cells.append(found["missing"].get(key, "-"))
        rows.append(cells)
    head = [f"{name}: {found['title']}" for name, found in workloads.items()]
    return "Microseconds per optimizer step, median (quartiles):\n\n" + table(["engine", *head], rows)


def _versions(workloads: dict[str, Any]) -> str:
    rows = []
    for name, found in workloads.items():
        for engine in found["engines"].values():
            loss, difference = engine["loss_after_one_epoch"], engine["relative_difference"]
            times = f"{engine['times_ours']:g} ×"
            what = [name, engine["title"], engine["version"], engine.get("cores", "not measured")]
            rows.append([*what, f"{loss:.7f}", f"{difference:.0e}", times])
    head = ["", "engine", "version", "cores kept busy", "loss after one epoch"]
    head += ["relative difference", "time ÷ bare step"]
    return table(head, rows)


def _variants(kinds: dict[str, Any]) -> str:
    rows = []
    for kind, found in kinds.items():
        entries = sorted(found["entries"].items(), key=lambda item: item[1]["times_best"])
        texts = [
            f"{name} {entry['microseconds_per_step']['median']:g} ({entry['times_best']:g} ×)"
            for name, entry in entries
        ]
        rows.append([kind, ", ".join(texts)])
    return "Microseconds per W2 step by choice (ratio to the best of its kind):\n\n" + table(
        ["choice", "entries"], rows
    )


def _scaling(depth: dict[str, Any], width: dict[str, Any]) -> str:
    deep = [
        [f"{name} layers of 16", spread(found), ""] for name, found in depth["microseconds_per_step"].items()
    ]
    wide = [
        [
            f"2 layers of {name}",
            spread(found["microseconds_per_step"]),
            f"{100 * found['products_share']:.0f} %",
        ]
        for name, found in width["widths"].items()
    ]
    head = ["network on W2's data, batch 32", "µs per step", "share of the matrix products"]
    return table(head, [*deep, *wide])


def _memory(memory: dict[str, Any]) -> str:
    rows = [
        [name, f"{found['bytes'] / 1e6:.2f}", f"{found['formula'] / 1e6:.2f}", f"{found['ratio']:g}"]
        for name, found in memory.items()
    ]
    return table(["memory of a run", "MB", "MB by the formula", "ratio"], rows)


def _profile(name: str, found: dict[str, Any]) -> str:
    calls = found["calls"]
    rows = [
        [index + 1, f"`{call['function']}`", call["operands"], f"{call['microseconds']:.3f}"]
        for index, call in enumerate(calls)
    ]
    step = spread(found["microseconds_per_step"])
    total = f"the calls alone sum to {found['sum_of_calls']:g} µs"
    title = f"One {name} step, {len(calls)} calls: {step} µs; {total}."
    return f"{title}\n\n" + table(["", "call", "operands and result", "µs"], rows)


def views(found: dict[str, Any]) -> list[str]:
    """One row per view."""
    rows = [
        [name, spread(times), f"{found['bytes_of_arrays'][name] / 1000:.1f}"]
        for name, times in found["microseconds"].items()
    ]
    left_out = f"Not about such a network: {', '.join(found.get('not_applicable', [])) or 'none'}."
    return [table(["view of W2", "µs", "kB of arrays"], rows), left_out]


def panels(found: dict[str, Any]) -> list[str]:
    """Tabs, recorded steps, large networks."""
    tabs = [[tab, *(f"{each[key]:g}" for key in ("fps", "mean_fps", "steps_per_second", "unwatched", "kept"))]
            for tab, each in found["tabs"].items()]  # fmt: skip
    views = sorted({view for each in found["recorded_ms"].values() for view in each})
    recorded, large = list(found["recorded_ms"].items()), list(found["large_ms"].items())
    rows = [[view, *(_known(each.get(view)) for _, each in recorded + large)] for view in views]
    head = ["view, ms", *(f"recorded step, {name}" for name, _ in recorded), *(name for name, _ in large)]
    return [
        table(["tab open", "fps", "mean fps", "steps/s", "unwatched", "kept"], tabs),
        table(head, rows),
    ]


def _known(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def service(found: dict[str, Any]) -> list[str]:
    """What was tried, how long it took, what failed."""
    rows = [
        [name, each["count"], each["seconds"], len(each["failures"]), each["server_errors"]]
        for name, each in found["configurations"].items()
    ]
    start = f"Server start to an answer of /healthz: {spread(found['start_seconds'])} s."
    return [start, table(["configurations", "tried", "s", "failures", "5xx"], rows)]


def streaming(found: dict[str, Any]) -> list[str]:
    """Steps per second with and without a viewer; round trips."""
    rows = []
    for name, each in found["throughput"].items():
        for key, speed in each["steps_per_second"].items():
            alone = key == "alone"
            pictures = "" if alone else spread(each["pictures_of_each_view_per_second"][key])
            watched = "alone" if alone else f"viewer at {key} fps"
            rows.append([name, watched, spread(speed), "" if alone else each["kept"][key], pictures])
    head = ["run", "", "steps per second", "÷ alone", "pictures of each view per second"]
    trips = found["round_trips"]
    delays = [[name.removesuffix("_ms"), *each.values()] for name, each in trips.items()]
    names = ["ms of GET /healthz", *next(iter(trips.values()))]
    return [table(head, rows), table(names, delays)]


def page(found: dict[str, Any]) -> list[str]:
    """First visit, smoothness, and the problem."""
    visits = [
        [name.removesuffix("_ms"), spread(times)]
        for name, times in found["visits"].items()
        if name.endswith("_ms")
    ]
    frames = found["frames"]
    rows = [[name, *[each[name] for each in frames.values()]] for name in frames["max"]]
    problem = [[name, spread(each)] for name, each in found["problem"].items()]
    script = found["javascript"]
    size = f"Our JavaScript: {script['compressed_kb']} KB compressed, {script['plain_kb']} KB plain"
    if first := script.get("first_visit_kb"):  # results of before 2026-11-24 do not tell
        size += f", with every tab and dialog opened; {first} KB compressed on a first visit"
    return [
        f"{found['browser']}. {size}",
        table(["first visit", "ms"], visits),
        table(["while training", *[f"speed {name}" for name in frames]], rows),
        table(["spiral to test loss 0.1", "median (quartiles)"], problem),
    ]
