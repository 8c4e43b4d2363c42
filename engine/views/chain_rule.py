"""The chain rule for one weight: every factor of its gradient, with its number for each sample.

A symbol is `{"letter", "layer", "unit", "source"}`, layers from 0; a factor is the derivative of one symbol
by another. `E` is the loss, `e` target minus output (the lecture's error), `z` a weighted sum, `a` an
activation, `x` an input, `w` a weight, `b` a bias.
"""

from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.optimizers import OPTIMIZERS
from engine.training.compiled.plan import matched_loss
from engine.views.options import Weight
from engine.views.passes import Passed

TERMS = 64  # of a sum are listed; the rest is counted
BY_ERROR = ("half_squared_error", "mean_squared_error", "mean_absolute_error", "huber")
# The English note of a factor, by its code.
NOTES = {
    "disabled": "the unit is switched off: nothing flows through it",
    "error_sign": "e is target minus output",
    "jacobian": "softmax mixes the units: the sum over all of them of dE/da times the Jacobian's column",
    "perceptron_rule": "the perceptron rule: output minus target takes the place of the derivatives",
    "simplified": "together these two factors are output minus target, which training uses: exact at "
    "saturation",
    "sum_above": "the sum over the units above of weight times delta",
}
Factor = dict[str, Any]


def symbol(letter: str, layer: int | None = None, unit: int | None = None, source: int | None = None) -> dict:
    """A letter of a formula and what it belongs to."""
    return {"letter": letter, "layer": layer, "unit": unit, "source": source}


def of_weight(weight: Weight) -> dict:
    """The chosen weight's symbol; a bias has no source."""
    if weight.source < 0:
        return symbol("b", weight.layer, weight.unit)
    return symbol("w", weight.layer, weight.unit, weight.source)


def given(passed: Passed, weight: Weight) -> np.ndarray:
    """What the weight multiplies, per sample; a bias multiplies 1."""
    below = passed.below(weight.layer)
    return np.ones(below.shape[1], below.dtype) if weight.source < 0 else below[weight.source]


def chain(config: ExamplesConfig, passed: Passed, weight: Weight) -> dict[str, Any]:
    """The factors, the unit's delta as training uses it, and the gradient, the mean over the samples."""
    last = weight.layer == len(passed.network.layers) - 1
    with np.errstate(all="ignore"):
        factors = _output(config, passed, weight) if last else _hidden(passed, weight)
        inputs = given(passed, weight)
        factors.append(_factor("input", symbol("z", weight.layer, weight.unit), of_weight(weight), inputs))
        deltas = passed.deltas[weight.layer][weight.unit]
        factored = np.prod([factor["values"] for factor in factors], axis=0)
        products = deltas * inputs
        gradient = float(products.mean())
    return {
        "weight": of_weight(weight),
        "value": float(passed.theta[weight.place]),
        "factors": factors,
        "factored": factored,
        "deltas": deltas,
        "products": products,
        "gradient": gradient,
    }


def _factor(
    name: str, top: dict, bottom: dict, values: np.ndarray, terms: Any = None, note: str | None = None
) -> Factor:
    return {
        "name": name,
        "numerator": top,
        "denominator": bottom,
        "values": values,
        "terms": terms,
        "note": None if note is None else NOTES[note],
        "note_code": note,
    }


def _output(config: ExamplesConfig, passed: Passed, weight: Weight) -> list[Factor]:
    layer, unit = weight.layer, weight.unit
    upstream = passed.upstream[layer][unit]
    z, a, loss = symbol("z", layer, unit), symbol("a", layer, unit), symbol("E")
    if OPTIMIZERS[config.optimizer.name].perceptron_rule:
        return [_factor("error", loss, z, passed.deltas[layer][unit], None, "perceptron_rule")]
    if passed.slopes[layer] is None:
        return [_jacobian(passed, layer, unit)]
    first = [_factor("loss_by_output", loss, a, upstream)]
    if config.loss.name in BY_ERROR:
        error = symbol("e", layer, unit)
        first = [
            _factor("loss_by_error", loss, error, -upstream, None, "error_sign"),
            _factor("error_by_output", error, a, np.full_like(upstream, -1.0)),
        ]
    matched = matched_loss(config) is not None
    return [*first, _slope(passed, weight, "simplified" if matched else None)]


def _hidden(passed: Passed, weight: Weight) -> list[Factor]:
    layer, unit = weight.layer, weight.unit
    if passed.slopes[layer] is None:
        return [_jacobian(passed, layer, unit)]
    above = passed.network.layers[layer + 1].weights(passed.theta)[unit]
    deltas = passed.deltas[layer + 1]
    terms = {
        "layer": layer + 1,
        "units": list(range(min(TERMS, len(above)))),
        "weights": above[:TERMS],
        "deltas": deltas[:TERMS].T,
        "products": (above[:TERMS, None] * deltas[:TERMS]).T,
        "omitted": max(0, len(above) - TERMS),
    }
    upstream = passed.upstream[layer][unit]
    first = _factor("loss_by_output", symbol("E"), symbol("a", layer, unit), upstream, terms, "sum_above")
    return [first, _slope(passed, weight)]


def _slope(passed: Passed, weight: Weight, note: str | None = None) -> Factor:
    slopes = passed.slopes[weight.layer]
    assert slopes is not None
    values = slopes[weight.unit]
    if weight.unit in passed.network.layers[weight.layer].disabled:
        values, note = np.zeros_like(values), "disabled"
    a, z = symbol("a", weight.layer, weight.unit), symbol("z", weight.layer, weight.unit)
    return _factor("slope", a, z, values, None, note)


def _jacobian(passed: Passed, layer: int, unit: int) -> Factor:
    """Softmax: all outputs of the layer depend on this z, ∂a_k/∂z_j = s_k (δ_kj - s_j)."""
    s = passed.bare[layer]
    on = passed.network.layers[layer].enabled(s.dtype)
    upstream = passed.upstream[layer] * on
    column = -s * s[unit]
    column[unit] += s[unit]
    products = upstream * column
    terms = {
        "layer": layer,
        "units": list(range(min(TERMS, len(s)))),
        "upstream": upstream[:TERMS].T,
        "jacobian": column[:TERMS].T,
        "products": products[:TERMS].T,
        "omitted": max(0, len(s) - TERMS),
    }
    values = products.sum(axis=0)
    return _factor("jacobian", symbol("E"), symbol("z", layer, unit), values, terms, "jacobian")
