"""Invalid options of every view: the error names the option."""

from typing import Any

import pytest

from engine.config.errors import ConfigError
from engine.views import VIEWS

DIGITS, IRIS = {"dataset": {"name": "digits"}}, {"dataset": {"name": "iris"}}
INVALID: list[tuple[str, dict[str, Any], str]] = [
    ("activation_curves", {"activation": "cosine"}, "activation"),
    ("activation_curves", {"alpha": 0.1}, "alpha"),
    ("activation_curves", {"activation": "leaky_relu", "alpha": 1.5}, "alpha"),
    ("activation_curves", {"low": 6}, "high"),
    ("activation_curves", {"points": 1}, "points"),
    ("activation_curves", {"part": "validation"}, "part"),
    ("activation_histograms", {"part": "all"}, "part"),
    ("activation_histograms", {"bins": 2.5}, "bins"),
    ("activation_histograms", {"bins": True}, "bins"),
    ("decision_boundary", {"resolution": "1000"}, "resolution"),
    ("decision_boundary", {"resolution": "many"}, "resolution"),
    ("decision_boundary", {"layer": 9, "unit": 0}, "layer"),
    ("decision_boundary", {"layer": 0, "unit": 99}, "unit"),
    ("decision_boundary", {"layer": 0}, "unit"),
    ("decision_boundary", {"axes": "x1"}, "axes"),
    ("layer_health", {"bins": 1}, "bins"),
    ("layer_health", {"layer": 0}, "layer"),
    ("loss_landscape", {"kind": "volume"}, "kind"),
    ("loss_landscape", {"kind": "path"}, "kind"),
    ("loss_landscape", {"layer": 2}, "layer"),
    ("loss_landscape", {"unit": 1}, "unit"),
    ("loss_landscape", {"kind": "weights", "layer_2": 5}, "layer_2"),
    ("loss_landscape", {"kind": "weights", "layer_2": 0, "unit_2": 8}, "unit_2"),
    ("loss_landscape", {"kind": "weights", "source_2": 8}, "source_2"),
    ("loss_landscape", {"kind": "weights", "source_2": 0}, "source_2"),
    ("loss_landscape", {"resolution": 102}, "resolution"),
    ("loss_landscape", {"span": 0}, "span"),
    ("loss_landscape", {"span": "wide"}, "span"),
    ("loss_landscape", {"points": 2}, "points"),
    ("network", {"size": 3}, "size"),
    ("results", {"part": "all"}, "part"),
    ("results", {"part": "validation"}, "part"),
    ("results", {"index": 10_000}, "index"),
    ("results", {"threshold": 2000}, "threshold"),
    ("results", {"bins": 3}, "bins"),
    ("sample_trace", {"index": 30}, "index"),
    ("sample_trace", {"index": -1}, "index"),
    ("sample_trace", {"part": "validation"}, "part"),
    ("sample_trace", {"batch": 101}, "batch"),
    ("sample_trace", {"layer": 2}, "layer"),
    ("sample_trace", {"layer": 0, "unit": 8}, "unit"),
    ("sample_trace", {"source": 8}, "source"),
    ("sample_trace", {"source": -2}, "source"),
    ("sample_trace", {"layer": 0.5}, "layer"),
    ("unit_numbers", {"unit": 9}, "unit"),
    ("unit_numbers", {"layer": 5}, "layer"),
    ("unit_numbers", {"index": 10_000}, "index"),
]
SIZES = "sepal length (cm),petal width (cm)"
INVALID_HELD: list[tuple[dict[str, Any], str]] = [
    ({"held": '{"petal length (cm)": 1}'}, "held"),
    ({"axes": "[", "held": ""}, "axes"),
    ({"axes": '["petal width (cm)", "nothing"]'}, "axes"),
    ({"axes": SIZES, "held": "[1]"}, "held"),
    ({"axes": SIZES, "held": "{"}, "held"),
    ({"axes": SIZES, "held": '{"petal width (cm)": 1}'}, "held"),
    ({"axes": SIZES, "held": '{"petal length (cm)": "1"}'}, "held"),
    ({"axes": SIZES, "held": '{"petal length (cm)": NaN}'}, "held"),
    ({"axes": SIZES, "held": '{"petal length (cm)": 1e999}'}, "held"),
]
INVALID_INPUTS: list[tuple[dict[str, Any], str]] = [
    ({"inputs": "1,2"}, "inputs"),
    ({"inputs": ",".join(["1"] * 65)}, "inputs"),
    ({"inputs": ",".join(["1"] * 63 + ["a"])}, "inputs"),
    ({"inputs": ",".join(["1"] * 63 + ["nan"])}, "inputs"),
    ({"inputs": ",".join(["1"] * 63 + ["1e301"])}, "inputs"),
    ({"inputs": 5}, "inputs"),
    ({"index": 899}, "index"),
    ({"part": "validation"}, "part"),
]
CASES = [
    *(({}, *case) for case in INVALID),
    *((IRIS, "decision_boundary", *case) for case in INVALID_HELD),
    *((DIGITS, "answer", *case) for case in INVALID_INPUTS),
    (IRIS, "results", {"threshold": 0.5}, "threshold"),
]


@pytest.mark.parametrize(("configuration", "name", "options", "field"), CASES)
def test_an_invalid_option_is_refused_by_its_name(
    make: Any, configuration: dict[str, Any], name: str, options: dict[str, Any], field: str
) -> None:
    trainer, view = make(configuration), VIEWS[name]
    with pytest.raises(ConfigError) as refusal:
        view.compute(trainer.checkpoint(), trainer.data, view.parse(options))
    assert refusal.value.field == field
