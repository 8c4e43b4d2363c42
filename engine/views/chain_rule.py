"""The chain rule for one weight: the factors of its gradient, with their values for each sample.

A symbol is `{"letter", "layer", "unit", "source"}`, layers from 0; a factor is the derivative of one symbol
by another. `E` is the loss, `e` target minus output, `z` a weighted sum, `a` an
activation, `x` an input, `w` a weight, `b` a bias.
"""

from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.optimizers import OPTIMIZERS
from engine.training.compiled.plan import matched_loss
from engine.views.options import Weight
from engine.views.passes import PassArrays

MAX_TERMS = 64  # of a sum that are listed; the others are counted
ERROR_LOSSES = ("half_squared_error", "mean_squared_error", "mean_absolute_error", "huber")
# The English note of a factor, by its code.
NOTES = {
    "disabled": "the unit is disabled: its output and its gradient are 0",
    "error_sign": "e is target minus output",
    "jacobian": "all softmax outputs depend on this z: the sum over the units of dE/da times the "
    "Jacobian's column",
    "perceptron_rule": "the perceptron rule uses output minus target instead of the derivatives",
    "simplified": "the product of these two factors is output minus target; training uses that, also at "
    "saturation",
    "sum_above": "the sum over the units of the next layer of weight times delta",
}
Factor = dict[str, Any]


def symbol(letter: str, layer: int | None = None, unit: int | None = None, source: int | None = None) -> dict:
    """A letter of a formula with its indices."""
    return {"letter": letter, "layer": layer, "unit": unit, "source": source}


def weight_symbol(weight: Weight) -> dict:
    """The symbol of a weight; that of a bias has no source."""
    if weight.source < 0:
        return symbol("b", weight.layer, weight.unit)
    return symbol("w", weight.layer, weight.unit, weight.source)


def weight_inputs(arrays: PassArrays, weight: Weight) -> np.ndarray:
    """The input (samples,) that the weight is multiplied with; for a bias 1."""
    inputs = arrays.layer_inputs(weight.layer)
    return np.ones(inputs.shape[1], inputs.dtype) if weight.source < 0 else inputs[weight.source]


def chain(config: ExamplesConfig, arrays: PassArrays, weight: Weight) -> dict[str, Any]:
    """The factors, `deltas` as training computes them, and the gradient, the mean over the samples."""
    last = weight.layer == len(arrays.network.layers) - 1
    with np.errstate(all="ignore"):
        factors = _output(config, arrays, weight) if last else _hidden(arrays, weight)
        inputs = weight_inputs(arrays, weight)
        factors.append(
            _factor("input", symbol("z", weight.layer, weight.unit), weight_symbol(weight), inputs)
        )
        deltas = arrays.deltas[weight.layer][weight.unit]
        factored = np.prod([factor["values"] for factor in factors], axis=0)
        products = deltas * inputs
        gradient = float(products.mean())
    return {
        "weight": weight_symbol(weight),
        "value": float(arrays.theta[weight.position]),
        "factors": factors,
        "factored": factored,
        "deltas": deltas,
        "products": products,
        "gradient": gradient,
    }


def _factor(
    name: str,
    numerator: dict,
    denominator: dict,
    values: np.ndarray,
    terms: Any = None,
    note: str | None = None,
) -> Factor:
    return {
        "name": name,
        "numerator": numerator,
        "denominator": denominator,
        "values": values,
        "terms": terms,
        "note": None if note is None else NOTES[note],
        "note_code": note,
    }


def _output(config: ExamplesConfig, arrays: PassArrays, weight: Weight) -> list[Factor]:
    layer, unit = weight.layer, weight.unit
    upstream = arrays.upstream[layer][unit]
    z, a, loss = symbol("z", layer, unit), symbol("a", layer, unit), symbol("E")
    if OPTIMIZERS[config.optimizer.name].perceptron_rule:
        return [_factor("error", loss, z, arrays.deltas[layer][unit], None, "perceptron_rule")]
    if arrays.slopes[layer] is None:
        return [_jacobian(arrays, layer, unit)]
    factors = [_factor("loss_by_output", loss, a, upstream)]
    if config.loss.name in ERROR_LOSSES:
        error = symbol("e", layer, unit)
        factors = [
            _factor("loss_by_error", loss, error, -upstream, None, "error_sign"),
            _factor("error_by_output", error, a, np.full_like(upstream, -1.0)),
        ]
    matched = matched_loss(config) is not None
    return [*factors, _slope(arrays, weight, "simplified" if matched else None)]


def _hidden(arrays: PassArrays, weight: Weight) -> list[Factor]:
    layer, unit = weight.layer, weight.unit
    if arrays.slopes[layer] is None:
        return [_jacobian(arrays, layer, unit)]
    weights = arrays.network.layers[layer + 1].weights(arrays.theta)[unit]
    deltas = arrays.deltas[layer + 1]
    terms = {
        "layer": layer + 1,
        "units": list(range(min(MAX_TERMS, len(weights)))),
        "weights": weights[:MAX_TERMS],
        "deltas": deltas[:MAX_TERMS].T,
        "products": (weights[:MAX_TERMS, None] * deltas[:MAX_TERMS]).T,
        "omitted": max(0, len(weights) - MAX_TERMS),
    }
    upstream = arrays.upstream[layer][unit]
    upstream_factor = _factor(
        "loss_by_output", symbol("E"), symbol("a", layer, unit), upstream, terms, "sum_above"
    )
    return [upstream_factor, _slope(arrays, weight)]


def _slope(arrays: PassArrays, weight: Weight, note: str | None = None) -> Factor:
    slopes = arrays.slopes[weight.layer]
    assert slopes is not None
    values = slopes[weight.unit]
    if weight.unit in arrays.network.layers[weight.layer].disabled:
        values, note = np.zeros_like(values), "disabled"
    a, z = symbol("a", weight.layer, weight.unit), symbol("z", weight.layer, weight.unit)
    return _factor("slope", a, z, values, None, note)


def _jacobian(arrays: PassArrays, layer: int, unit: int) -> Factor:
    """Softmax: all outputs of the layer depend on this z, ∂a_k/∂z_j = s_k (δ_kj - s_j)."""
    s = arrays.unmasked[layer]
    enabled = arrays.network.layers[layer].enabled(s.dtype)
    upstream = arrays.upstream[layer] * enabled
    column = -s * s[unit]
    column[unit] += s[unit]
    products = upstream * column
    terms = {
        "layer": layer,
        "units": list(range(min(MAX_TERMS, len(s)))),
        "upstream": upstream[:MAX_TERMS].T,
        "jacobian": column[:MAX_TERMS].T,
        "products": products[:MAX_TERMS].T,
        "omitted": max(0, len(s) - MAX_TERMS),
    }
    values = products.sum(axis=0)
    return _factor("jacobian", symbol("E"), symbol("z", layer, unit), values, terms, "jacobian")
