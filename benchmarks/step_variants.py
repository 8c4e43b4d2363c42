"""Step variants: the time of a step for all activations, optimizers and losses, and by depth and width."""

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

MAX_RATIO = 2.0
PIECEWISE_LINEAR = {"linear", "step", "relu", "leaky_relu", "prelu"}
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


def arithmetic(activation: str) -> str:
    """Returns the type of arithmetic of an activation."""
    if ACTIVATIONS[activation].pullback:
        return "over all units"
    return "straight pieces" if activation in PIECEWISE_LINEAR else "an exponential per unit"


def catalogue(quick: bool) -> dict[str, Any]:
    """Returns microseconds per W2 step of each entry, and its ratio to the fastest one of its list."""
    results: dict[str, Any] = {}
    claims: list[Claim] = []
    for list_name, variants in VARIANTS.items():
        timers, refused = _timers(variants)
        measured = interleave(timers, 3 if quick else 15)
        results[list_name] = _compared(measured) | {"not_applicable": refused}
        worst = max(results[list_name]["entries"].items(), key=lambda item: item[1]["times_best"])
        what = f"slowest {list_name} on W2 ({worst[0]}) ÷ fastest"
        claims.append(at_most(what, worst[1]["times_best"], MAX_RATIO, "×"))
    claims += _claims_by_arithmetic(results["activation"]["entries"])
    return {"variants": results, "claims": [claim.as_dict() for claim in claims]}


def _claims_by_arithmetic(entries: dict[str, dict[str, Any]]) -> list[Claim]:
    """Returns the limits within activations of the same type of arithmetic."""
    groups: dict[str, dict[str, float]] = {}
    for name, entry in entries.items():
        groups.setdefault(arithmetic(name), {})[name] = entry["microseconds_per_step"]["median"]
    claims = []
    for group, times in groups.items():
        worst = max(times, key=lambda name: times[name])
        if len(times) > 1:
            what = f"of these, {group}: slowest ({worst}) ÷ fastest"
            claims.append(at_most(what, times[worst] / min(times.values()), MAX_RATIO, "×"))
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
    minimum = entries[best]["microseconds_per_step"]["median"]
    for entry in entries.values():
        entry["times_best"] = short(entry["microseconds_per_step"]["median"] / minimum)
    return {"best": best, "entries": entries}


def depth(quick: bool) -> dict[str, Any]:
    """Measures the time of a step for up to 100 layers of 16 tanh units, and its deviation from a line."""
    timers = {
        str(count): Steps(prepare("W2", layers=_hidden("tanh", [16] * count)), 4).timer() for count in DEPTHS
    }
    measured = interleave(timers, 3 if quick else 9)
    medians = [float(np.median(values)) for values in measured.values()]
    slope, start = np.polyfit(DEPTHS, medians, 1)
    deviation = max(abs(start + slope * x - y) / y for x, y in zip(DEPTHS, medians, strict=True))
    claim = at_most("depth 5 to 100: largest distance from a straight line", 100 * deviation, 10, "%")
    return {
        "microseconds_per_step": {name: summary(values) for name, values in measured.items()},
        "microseconds_per_layer": short(slope),
        "claims": [claim.as_dict()],
    }


def width(quick: bool) -> dict[str, Any]:
    """Measures a step and its matrix products for two hidden layers of up to 1,024 relu units."""
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
