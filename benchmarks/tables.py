"""Tables in Markdown: one function per benchmark, from its results file."""

from typing import Any

from benchmarks.engine_processes import ENGINES
from benchmarks.experiment_tables import side_by_side
from benchmarks.imports import OUTCOMES as IMPORT_OUTCOMES
from benchmarks.shared.document import table
from benchmarks.summary import quartiles


def engine(results: dict[str, Any]) -> list[str]:
    """Returns the tables of comparison, variants, depth and width, memory, and the profile of a step."""
    return [
        _comparison(results["comparison"]["workloads"]),
        _versions(results["comparison"]["workloads"]),
        _variants(results["catalogue"]["variants"]),
        _scaling(results["depth"], results["width"]),
        _memory(results["memory"]["memory"]),
        _profile("W2", results["profiles"]["profiles"]["W2"]),
    ]


def _comparison(workloads: dict[str, Any]) -> str:
    rows = []
    for key, spec in ENGINES.items():
        cells = [spec.title]
        for results in workloads.values():
            result = results["engines"].get(key)
            if result:
                cells.append(quartiles(result["microseconds_per_step"]) + (" void" if result["void"] else ""))
            else:
                cells.append(results["missing"].get(key, "-"))
        rows.append(cells)
    head = [f"{name}: {results['title']}" for name, results in workloads.items()]
    return "Microseconds per optimizer step, median (quartiles):\n\n" + table(["engine", *head], rows)


def _versions(workloads: dict[str, Any]) -> str:
    rows = []
    for name, results in workloads.items():
        for engine in results["engines"].values():
            loss, difference = engine["loss_after_one_epoch"], engine["relative_difference"]
            times = f"{engine['times_ours']:g} ×"
            what = [name, engine["title"], engine["version"], engine.get("cores", "not measured")]
            rows.append([*what, f"{loss:.7f}", f"{difference:.0e}", times])
    head = ["", "engine", "version", "cores kept busy", "loss after one epoch"]
    head += ["relative difference", "time ÷ bare step"]
    return table(head, rows)


def _variants(variants: dict[str, Any]) -> str:
    rows = []
    for list_name, results in variants.items():
        entries = sorted(results["entries"].items(), key=lambda item: item[1]["times_best"])
        texts = [
            f"{name} {entry['microseconds_per_step']['median']:g} ({entry['times_best']:g} ×)"
            for name, entry in entries
        ]
        rows.append([list_name, ", ".join(texts)])
    return "Microseconds per W2 step by choice (ratio to the best of its kind):\n\n" + table(
        ["choice", "entries"], rows
    )


def _scaling(depth: dict[str, Any], width: dict[str, Any]) -> str:
    deep = [
        [f"{name} layers of 16", quartiles(results), ""]
        for name, results in depth["microseconds_per_step"].items()
    ]
    wide = [
        [
            f"2 layers of {name}",
            quartiles(results["microseconds_per_step"]),
            f"{100 * results['products_share']:.0f} %",
        ]
        for name, results in width["widths"].items()
    ]
    head = ["network on W2's data, batch 32", "µs per step", "share of the matrix products"]
    return table(head, [*deep, *wide])


def _memory(memory: dict[str, Any]) -> str:
    rows = [
        [name, f"{results['bytes'] / 1e6:.2f}", f"{results['formula'] / 1e6:.2f}", f"{results['ratio']:g}"]
        for name, results in memory.items()
    ]
    return table(["memory of a run", "MB", "MB by the formula", "ratio"], rows)


def _profile(name: str, results: dict[str, Any]) -> str:
    calls = results["calls"]
    rows = [
        [index + 1, f"`{call['function']}`", call["operands"], f"{call['microseconds']:.3f}"]
        for index, call in enumerate(calls)
    ]
    step = quartiles(results["microseconds_per_step"])
    total = f"the calls alone sum to {results['sum_of_calls']:g} µs"
    title = f"One {name} step, {len(calls)} calls: {step} µs; {total}."
    return f"{title}\n\n" + table(["", "call", "operands and result", "µs"], rows)


def views(results: dict[str, Any]) -> list[str]:
    """Returns the table of views."""
    rows = [
        [name, quartiles(times), f"{results['bytes_of_arrays'][name] / 1000:.1f}"]
        for name, times in results["microseconds"].items()
    ]
    left_out = f"Not about such a network: {', '.join(results.get('not_applicable', [])) or 'none'}."
    return [table(["view of W2", "µs", "kB of arrays"], rows), left_out]


def panels(results: dict[str, Any]) -> list[str]:
    """Returns the tables of tabs and views."""
    tabs = [[tab, *(f"{row[key]:g}" for key in ("fps", "mean_fps", "steps_per_second", "unwatched", "kept"))]
            for tab, row in results["tabs"].items()]  # fmt: skip
    views = sorted({view for times in results["recorded_ms"].values() for view in times})
    recorded, large = list(results["recorded_ms"].items()), list(results["large_ms"].items())
    rows = [[view, *(_cell(times.get(view)) for _, times in recorded + large)] for view in views]
    head = ["view, ms", *(f"recorded step, {name}" for name, _ in recorded), *(name for name, _ in large)]
    return [
        table(["tab open", "fps", "mean fps", "steps/s", "unwatched", "kept"], tabs),
        table(head, rows),
    ]


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def service(results: dict[str, Any]) -> list[str]:
    """Returns the results of the configurations."""
    rows = [
        [name, each["count"], each["seconds"], len(each["failures"]), each["server_errors"]]
        for name, each in results["configurations"].items()
    ]
    start = f"Server start to an answer of /healthz: {quartiles(results['start_seconds'])} s."
    return [start, table(["configurations", "tried", "s", "failures", "5xx"], rows)]


def streaming(results: dict[str, Any]) -> list[str]:
    """Returns the tables of throughput and round trips."""
    rows = []
    for name, each in results["throughput"].items():
        for key, speed in each["steps_per_second"].items():
            alone = key == "alone"
            pictures = "" if alone else quartiles(each["pictures_of_each_view_per_second"][key])
            watched = "alone" if alone else f"viewer at {key} fps"
            rows.append([name, watched, quartiles(speed), "" if alone else each["kept"][key], pictures])
    head = ["run", "", "steps per second", "÷ alone", "pictures of each view per second"]
    trips = results["round_trips"]
    delays = [[name.removesuffix("_ms"), *times.values()] for name, times in trips.items()]
    names = ["ms of GET /healthz", *next(iter(trips.values()))]
    return [table(head, rows), table(names, delays)]


def time(results: dict[str, Any]) -> list[str]:
    """Returns the tables of the record of a run, of the delays of its past steps, and of the page."""
    record = results["record"]
    names = ["steps_trained", "recorded", "megabytes", "in_first_tenth", "pixels_near"]
    return [
        table([name.replace("_", " ") for name in names], [[record[name] for name in names]]),
        _delays("ms until all views of a step", results["delays"]),
        *_time_in_page(results.get("page")),
    ]


def _delays(what: str, delays: dict[str, Any]) -> str:
    columns = [(kind, value) for kind in ("recorded", "any") for value in ("median", "p95")]
    rows = [[name, *(each[kind][value] for kind, value in columns)] for name, each in delays.items()]
    return table([what, *(", ".join(column) for column in columns)], rows)


def _time_in_page(results: dict[str, Any] | None) -> list[str]:
    if results is None:  # measured before 2026-11-27
        return []
    playing = results["playing"]
    rows = [[name.replace("_", " "), *(each[name] for each in playing.values())] for name in playing["idle"]]
    return [
        f"{results['browser']}.",
        _delays("ms from the pointer's event until all default panels are drawn", results["drags"]),
        table(["while playing", *playing], rows),
    ]


def experiments(results: dict[str, Any]) -> list[str]:
    """Returns the table of the seconds of experiments."""
    names = {
        "bare engine": "64 default networks to 2,000 steps in the engine alone",
        "experiment": "the same as an experiment",
        "xor": "24 XOR networks",
        "listed": f"answer with {results['members']} members",
        "deleted": "their deletion",
    }
    rows = [[text, quartiles(results["seconds"][name])] for name, text in names.items()]
    return [table(["", "s, median (quartiles)"], rows), *side_by_side(results.get("side_by_side"))]


def wall(results: dict[str, Any]) -> list[str]:
    """Returns the table of the wall of pictures."""
    names = {
        "pictures": "pictures of each network", "fps": "frames of the browser",
        "watched": "steps of all networks, page open", "alone": "the same without a page",
    }  # fmt: skip
    rows = [[text, quartiles(results[name])] for name, text in names.items()]
    return [table(["", "a second, median (quartiles)"], rows)]


def decoding(results: dict[str, Any]) -> list[str]:
    """Returns the table of the messages that the page decodes."""
    rows = [[name, quartiles(results[name])] for name in ("milliseconds", "kilobytes")]
    return [
        f"{results['browser']}. Mean: {results['mean_ms']} ms.",
        table(["message with pictures", "median (quartiles)"], rows),
    ]


def imports(results: dict[str, Any]) -> list[str]:
    """Returns the table of files by reader and outcome, of all groups together and of each."""
    rows = [
        [name, group, *(counts.get(outcome, 0) for outcome in IMPORT_OUTCOMES)]
        for name, groups in results["readers"].items()
        for group, counts in groups.items()
    ]
    return [table(["reader", "files", *IMPORT_OUTCOMES], rows)]


def page(results: dict[str, Any]) -> list[str]:
    """Returns the tables of first visit, frames and problem."""
    visits = [
        [name.removesuffix("_ms"), quartiles(times)]
        for name, times in results["visits"].items()
        if name.endswith("_ms")
    ]
    frames = results["frames"]
    rows = [[name, *[measured[name] for measured in frames.values()]] for name in frames["max"]]
    problem = [[name, quartiles(each)] for name, each in results["problem"].items()]
    script = results["javascript"]
    size = f"Our JavaScript: {script['compressed_kb']} KB compressed, {script['plain_kb']} KB plain"
    if first := script.get("first_visit_kb"):  # not in results before 2026-11-24
        size += f", with every tab and dialog opened; {first} KB compressed on a first visit"
    return [
        f"{results['browser']}. {size}",
        table(["first visit", "ms"], visits),
        table(["while training", *[f"speed {name}" for name in frames]], rows),
        table(["spiral to test loss 0.1", "median (quartiles)"], problem),
    ]
