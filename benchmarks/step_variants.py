"""The cost of a choice: every activation, optimizer and loss on W2, and depth and width of the network."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.call_profile import profile
from benchmarks.limits import Claim, at_most
from benchmarks.steps import Steps
from benchmarks.summary import short, summary
from benchmarks.timing import Measured, interleave
from benchmarks.workloads import prepare
from engine.config.errors import ConfigError
from engine.layers.activations import ACTIVATIONS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS

OF_THE_BEST = 2.0
STRAIGHT = {"linear", "step", "relu", "leaky_relu", "prelu"}  # pieces of straight lines
DEPTHS = (5, 10, 20, 50, 100)
WIDTHS = (16, 32, 64, 128, 256, 512, 1024)
UNITS = [8, 8, 8]


def _hidden(activation: str, units: list[int]) -> list[dict[str, Any]]:
    return [{"units": count, "activation": activation} for count in units]


VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "activation": {name: {"layers": _hidden(name, UNITS)} for name in ACTIVATIONS},
    "optimizer": {name: {"optimizer": {"name": name}} for name in OPTIMIZERS},
    "loss": {name: {"loss": {"name": name}} for name in LOSSES},
}


def work(activation: str) -> str:
    """The kind of arithmetic an activation needs."""
    if ACTIVATIONS[activation].pullback:
        return "over all units"
    return "straight pieces" if activation in STRAIGHT else "an exponential per unit"


def catalogue(quick: bool) -> dict[str, Any]:
    """Microseconds per W2 step of each entry, and its ratio to the best of its kind."""
    results: dict[str, Any] = {}
    claims: list[Claim] = []
    for kind, variants in VARIANTS.items():
        timers, refused = _timers(variants)
        measured = interleave(timers, 3 if quick else 15)
        results[kind] = _compared(measured) | {"not_applicable": refused}
        worst = max(results[kind]["entries"].items(), key=lambda item: item[1]["times_best"])
        what = f"slowest {kind} on W2 ({worst[0]}) ÷ fastest"
        claims.append(at_most(what, worst[1]["times_best"], OF_THE_BEST, "×"))
    claims += _by_work(results["activation"]["entries"])
    return {"variants": results, "claims": [claim.as_dict() for claim in claims]}


def _by_work(entries: dict[str, dict[str, Any]]) -> list[Claim]:
    """Activations of one kind of work beside each other."""
    groups: dict[str, dict[str, float]] = {}
    for name, entry in entries.items():
        groups.setdefault(work(name), {})[name] = entry["microseconds_per_step"]["median"]
    claims = []
    for kind, times in groups.items():
        worst = max(times, key=lambda name: times[name])
        if len(times) > 1:
            what = f"of these, {kind}: slowest ({worst}) ÷ fastest"
            claims.append(at_most(what, times[worst] / min(times.values()), OF_THE_BEST, "×"))
    return claims


def _timers(variants: dict[str, dict[str, Any]]) -> tuple[dict[str, Callable[[], float]], dict[str, str]]:
    timers, refused = {}, {}
    for name, changes in variants.items():
        try:
            timers[name] = Steps(prepare("W2", **changes), 16).timer(0.02)
        except ConfigError as error:
            refused[name] = error.message
    return timers, refused


def _compared(measured: Measured) -> dict[str, Any]:
    entries: dict[str, dict[str, Any]] = {
        name: {"microseconds_per_step": summary(values)} for name, values in measured.items()
    }
    best = min(entries, key=lambda name: entries[name]["microseconds_per_step"]["median"])
    least = entries[best]["microseconds_per_step"]["median"]
    for entry in entries.values():
        entry["times_best"] = short(entry["microseconds_per_step"]["median"] / least)
    return {"best": best, "entries": entries}


def depth(quick: bool) -> dict[str, Any]:
    """Hidden layers of 16 tanh units on W2's data: is the time of a step linear in their number?"""
    timers = {
        str(count): Steps(prepare("W2", layers=_hidden("tanh", [16] * count)), 4).timer() for count in DEPTHS
    }
    measured = interleave(timers, 3 if quick else 9)
    medians = [float(np.median(values)) for values in measured.values()]
    slope, start = np.polyfit(DEPTHS, medians, 1)
    off = max(abs(start + slope * x - y) / y for x, y in zip(DEPTHS, medians, strict=True))
    claim = at_most("depth 5 to 100: largest distance from a straight line", 100 * off, 10, "%")
    return {
        "microseconds_per_step": {name: summary(values) for name, values in measured.items()},
        "microseconds_per_layer": short(slope),
        "claims": [claim.as_dict()],
    }


def width(quick: bool) -> dict[str, Any]:
    """Two hidden layers of so many relu units, batch 32: a whole step against its matrix products alone."""
    rows = {}
    for units in WIDTHS:
        steps = Steps(prepare("W2", layers=_hidden("relu", [units] * 2)), 4)
        times = [steps.timer(0.02)() for _ in range(3 if quick else 9)]
        calls = profile(steps, 3, turns=max(3, int(2000 / units)))
        products = sum(call.microseconds for call in calls if call.function == "dot")
        step = float(np.median(times))
        rows[str(units)] = {
            "microseconds_per_step": summary(times),
            "products_alone": short(products),
            "products_share": short(products / step),
        }
    return {"widths": rows}
