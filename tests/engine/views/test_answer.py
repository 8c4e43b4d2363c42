"""Answer: the prediction for one input equals that of `predict`; images have their pixels and sizes."""

from typing import Any

import numpy as np
import pytest

from engine.catalogue import catalogue
from engine.queries import points, predict
from engine.training.trainer import Trainer
from engine.views import VIEWS

DATASETS = ["digits", "iris", "circle", "discs", "sine"]


def trained(make: Any, name: str = "digits") -> Trainer:
    trainer: Trainer = make({"dataset": {"name": name}})
    trainer.advance(20)
    return trainer


def compute(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["answer"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


@pytest.mark.parametrize("name", DATASETS)
def test_the_prediction_for_given_inputs_equals_that_of_predict(make: Any, name: str) -> None:
    trainer = trained(make, name)
    row = (trainer.data.test.raw[3] * 0.5 + 0.25).tolist()
    prediction = predict(trainer.checkpoint(), trainer.data, [row])
    result = compute(trainer, inputs=",".join(map(repr, row)))
    assert [output["value"] for output in result["outputs"]] == prediction["outputs"][0].tolist()
    assert result["prediction"] == (
        prediction["classes"][0] if "classes" in prediction else prediction["outputs"][0].tolist()
    )
    assert result["inputs"] == row and result["target"] is None and result["index"] is None


def test_a_point_of_the_data_is_returned_with_its_target(make: Any) -> None:
    trainer = trained(make)
    for part in ("train", "test"):
        result, points_of_part = compute(trainer, part=part, index=5), getattr(trainer.data, part)
        assert result["inputs"] == points_of_part.raw[5].tolist()
        assert (result["part"], result["target"]) == (part, str(points_of_part.truth[5]))
        assert result["image"] == {"rows": 8, "columns": 8, "low": 0, "high": 16}


def test_outputs_have_the_names_of_their_classes(make: Any) -> None:
    assert [output["label"] for output in compute(trained(make))["outputs"]] == [
        str(digit) for digit in range(10)
    ]
    assert [output["label"] for output in compute(trained(make, "circle"))["outputs"]] == ["inside"]


def test_the_catalogue_lists_the_size_of_images() -> None:
    images = {dataset["name"]: dataset["image"] for dataset in catalogue()["datasets"]}
    assert images.pop("digits") == {"rows": 8, "columns": 8, "low": 0, "high": 16}
    assert set(images.values()) == {None}


def test_pixels_of_the_digits_are_integers_from_0_to_16(make: Any) -> None:
    data = trained(make).data
    assert points(data)["image"] == {"rows": 8, "columns": 8, "low": 0, "high": 16}
    pixels = np.concatenate([data.train.raw, data.test.raw])
    assert (pixels.min(), pixels.max()) == (0, 16)
    assert (pixels == np.rint(pixels)).all()


def test_the_points_with_the_largest_losses_have_their_pixels_if_they_are_images(make: Any) -> None:
    trainer, view = trained(make), VIEWS["results"]
    result = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))
    for worst in result["worst"]:
        assert worst["pixels"].dtype == np.uint8
        assert (worst["pixels"] == trainer.data.test.raw[worst["index"]]).all()
    other = trained(make, "iris")
    assert "pixels" not in view.compute(other.checkpoint(), other.data, view.parse({}))["worst"][0]


def test_first_layer_weights_of_images_are_returned_as_images(make: Any) -> None:
    trainer, view = trained(make), VIEWS["network"]
    first, second = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["layers"]
    weights = first["weights"].T.reshape(-1, 8, 8)
    assert first["pictures"].shape == weights.shape
    assert first["reach"] == pytest.approx(np.abs(weights).max(axis=(1, 2)))
    restored = first["pictures"] / 127 * first["reach"][:, None, None]
    assert np.abs(restored - weights).max() <= first["reach"].max() / 254 * 1.001
    assert "pictures" not in second
    other = trained(make, "iris")
    assert "pictures" not in view.compute(other.checkpoint(), other.data, view.parse({}))["layers"][0]


def test_images_of_weights_that_are_not_finite_have_a_finite_reach(make: Any) -> None:
    trainer, view = trained(make), VIEWS["network"]
    trainer.state.theta[:70] = np.inf
    trainer.state.theta[70:90] = np.nan
    first = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["layers"][0]
    assert np.isfinite(first["reach"]).all()
