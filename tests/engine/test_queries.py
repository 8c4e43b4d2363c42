"""Predictions for raw rows: units, class names and invalid rows."""

from typing import Any

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.queries import points, predict


def test_predictions_are_in_the_units_of_the_data(make: Any) -> None:
    trainer = make(dataset={"name": "sine", "samples": 200}, layers=[{"units": 16}], epochs=300)
    trainer.advance(10**5)
    part = trainer.data.train
    prediction = predict(trainer.checkpoint(), trainer.data, part.raw.tolist())
    assert np.abs(prediction["outputs"][:, 0] - part.truth).mean() < 0.5 * part.truth.std()


def test_predicted_classes_are_names(make: Any) -> None:
    trainer = make(dataset={"name": "iris"}, epochs=100)
    trainer.advance(10**5)
    prediction = predict(trainer.checkpoint(), trainer.data, trainer.data.train.raw.tolist())
    names = [points(trainer.data)["classes"][index] for index in trainer.data.train.truth]
    assert np.mean([a == b for a, b in zip(prediction["classes"], names, strict=True)]) > 0.9


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        (None, "inputs"),
        ([], "inputs"),
        ([1, 2], "inputs.0"),
        ([[1, 2], [1]], "inputs.1"),
        ([[1, "2"]], "inputs.0.1"),
        ([[1, float("nan")]], "inputs.0.1"),
        ([[True, 1]], "inputs.0.0"),
        ([[1, 10**400]], "inputs.0.1"),
    ],
)
def test_invalid_rows_to_predict_are_refused_by_their_position(make: Any, rows: Any, field: str) -> None:
    trainer = make()
    with pytest.raises(ConfigError) as refusal:
        predict(trainer.checkpoint(), trainer.data, rows)
    assert refusal.value.field == field
