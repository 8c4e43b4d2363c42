"""Sample trace: factors and deltas of outputs, the perceptron rule, and reasons for missing values."""

from typing import Any

import numpy as np
import pytest

from engine.views import VIEWS


def test_a_sigmoid_output_has_four_factors(make: Any, compute_view: Any) -> None:
    trainer = make(
        layers=[], loss={"name": "half_squared_error"}, output_activation="sigmoid", dtype="float64"
    )
    result = compute_view(trainer, "sample_trace", index=2, source=1)
    x, target, y = result["inputs"]["seen"][0][1], result["targets"][0][0], result["outputs"][0][0]
    values = [float(factor["values"][0]) for factor in result["chain"]["factors"]]
    assert values == pytest.approx([target - y, -1.0, y * (1 - y), x])
    letters = [
        (factor["numerator"]["letter"], factor["denominator"]["letter"])
        for factor in result["chain"]["factors"]
    ]
    assert letters == [("E", "e"), ("e", "a"), ("a", "z"), ("z", "w")]
    assert result["chain"]["deltas"][0] == pytest.approx(-(target - y) * (1 - y) * y)


def test_matched_losses_have_a_factored_and_a_simplified_delta(make: Any, compute_view: Any) -> None:
    result = compute_view(make(dtype="float64"), "sample_trace", index=1)
    delta = result["output_delta"]
    assert delta["form"] == "matched"
    assert delta["simplified"] == pytest.approx(result["outputs"] - result["targets"])
    assert delta["factored"] == pytest.approx(delta["simplified"], rel=1e-6)
    result = compute_view(make(dataset={"name": "iris"}, dtype="float64"), "sample_trace", index=1)
    s, jacobian = result["outputs"][0], result["output_delta"]["jacobian"]
    assert jacobian == pytest.approx(
        np.array([[s[k] * ((k == j) - s[j]) for j in range(3)] for k in range(3)])
    )
    assert result["output_delta"]["upstream"][0] @ jacobian == pytest.approx(
        result["output_delta"]["simplified"][0]
    )


def test_the_perceptron_rule_has_an_update_but_no_numeric_gradient(make: Any, compute_view: Any) -> None:
    trainer = make(dataset={"name": "gate_and"}, layers=[], optimizer={"name": "perceptron"})
    result = compute_view(trainer, "sample_trace", index=0)
    assert result["rule"] == "perceptron" and result["numeric"] is None and result["numeric_reason"]
    assert result["output_delta"]["simplified"] == pytest.approx(result["outputs"] - result["targets"])
    rate, x = trainer.config.optimizer.learning_rate, result["inputs"]["seen"][0][0]
    error = result["error"]["target_minus_output"][0][0]
    assert result["update"]["change"] == pytest.approx(rate * error * x)


def test_without_an_optimizer_state_there_is_a_reason_instead_of_an_update(make: Any) -> None:
    trainer, view = make(), VIEWS["sample_trace"]
    result = view.compute(trainer.snapshot(), trainer.data, view.parse({}))
    assert result["update"] is None and result["update_code"] == "no_optimizer_state"
    sgd = make(optimizer={"name": "sgd"})
    assert view.compute(sgd.snapshot(), sgd.data, view.parse({}))["update"]["change"] != 0


def test_a_gradient_below_the_rounding_error_has_no_relative_error(make: Any, compute_view: Any) -> None:
    vanishing = make(layers=[{"units": 4}] * 60, initializer={"name": "normal", "scale": 0.05})
    result = compute_view(vanishing, "sample_trace", layer=0)
    assert 0 < abs(result["gradient"]["loss"]) < 1e-20
    assert result["numeric"]["relative_error"] is None and result["numeric_code"] == "slope_too_small"
