"""Answer: what is said to one input is what `predict` says, whoever made the input up."""

from typing import Any

import numpy as np
import pytest

from engine.catalogue import catalogue
from engine.config.errors import ConfigError
from engine.queries import points, predict
from engine.training.trainer import Trainer
from engine.views import VIEWS

SETS = ["digits", "iris", "circle", "discs", "sine"]


def trained(make: Any, name: str = "digits") -> Trainer:
    trainer: Trainer = make({"dataset": {"name": name}})
    trainer.advance(20)
    return trainer


def answer(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["answer"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


@pytest.mark.parametrize("name", SETS)
def test_what_is_said_is_what_predict_says(make: Any, name: str) -> None:
    trainer = trained(make, name)
    row = (trainer.data.test.raw[3] * 0.5 + 0.25).tolist()
    said = predict(trainer.checkpoint(), trainer.data, [row])
    told = answer(trainer, inputs=",".join(map(repr, row)))
    assert [each["value"] for each in told["outputs"]] == said["outputs"][0].tolist()
    assert told["prediction"] == (said["classes"][0] if "classes" in said else said["outputs"][0].tolist())
    assert told["inputs"] == row and told["target"] is None and told["index"] is None


def test_a_point_of_the_data_is_shown_with_its_truth(make: Any) -> None:
    trainer = trained(make)
    for part in ("train", "test"):
        told, held = answer(trainer, part=part, index=5), getattr(trainer.data, part)
        assert told["inputs"] == held.raw[5].tolist()
        assert (told["part"], told["target"]) == (part, str(held.truth[5]))
        assert told["image"] == {"rows": 8, "columns": 8, "low": 0, "high": 16}


def test_outputs_carry_the_names_of_the_classes(make: Any) -> None:
    assert [each["label"] for each in answer(trained(make))["outputs"]] == [str(digit) for digit in range(10)]
    assert [each["label"] for each in answer(trained(make, "circle"))["outputs"]] == ["inside"]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"inputs": "1,2"}, "inputs"),
        ({"inputs": ",".join(["1"] * 65)}, "inputs"),
        ({"inputs": ",".join(["1"] * 63 + ["a"])}, "inputs"),
        ({"inputs": ",".join(["1"] * 63 + ["nan"])}, "inputs"),
        ({"inputs": ",".join(["1"] * 63 + ["1e301"])}, "inputs"),
        ({"inputs": 5}, "inputs"),
        ({"index": 899}, "index"),
        ({"part": "validation"}, "part"),
    ],
)
def test_what_is_no_input_is_refused_by_name(make: Any, options: dict[str, Any], field: str) -> None:
    trainer = trained(make)
    with pytest.raises(ConfigError) as refusal:
        answer(trainer, **options)
    assert refusal.value.field == field


def test_pictures_are_told_of_wherever_their_pixels_are() -> None:
    told = {each["name"]: each["image"] for each in catalogue()["datasets"]}
    assert told.pop("digits") == {"rows": 8, "columns": 8, "low": 0, "high": 16}
    assert set(told.values()) == {None}


def test_pixels_of_the_digits_reach_from_0_to_16(make: Any) -> None:
    data = trained(make).data
    assert points(data)["image"] == {"rows": 8, "columns": 8, "low": 0, "high": 16}
    pixels = np.concatenate([data.train.raw, data.test.raw])
    assert (pixels.min(), pixels.max()) == (0, 16)
    assert (pixels == np.rint(pixels)).all()


def test_the_worst_points_of_pictures_come_with_their_pixels(make: Any) -> None:
    trainer, view = trained(make), VIEWS["results"]
    drawn = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))
    for worst in drawn["worst"]:
        assert worst["pixels"].dtype == np.uint8
        assert (worst["pixels"] == trainer.data.test.raw[worst["index"]]).all()
    other = trained(make, "iris")
    assert "pixels" not in view.compute(other.checkpoint(), other.data, view.parse({}))["worst"][0]


def test_first_weights_of_pictures_are_laid_out_as_pictures(make: Any) -> None:
    trainer, view = trained(make), VIEWS["network"]
    first, second = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["layers"]
    weights = first["weights"].T.reshape(-1, 8, 8)
    assert first["pictures"].shape == weights.shape
    assert first["reach"] == pytest.approx(np.abs(weights).max(axis=(1, 2)))
    back = first["pictures"] / 127 * first["reach"][:, None, None]
    assert np.abs(back - weights).max() <= first["reach"].max() / 254 * 1.001
    assert "pictures" not in second
    other = trained(make, "iris")
    assert "pictures" not in view.compute(other.checkpoint(), other.data, view.parse({}))["layers"][0]


def test_weights_that_are_no_numbers_break_no_picture(make: Any) -> None:
    trainer, view = trained(make), VIEWS["network"]
    trainer.state.theta[:70] = np.inf
    trainer.state.theta[70:90] = np.nan
    first = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["layers"][0]
    assert np.isfinite(first["reach"]).all()
