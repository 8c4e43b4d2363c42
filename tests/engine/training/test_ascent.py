"""`optimizer.ascent`: SGD with the wrong sign."""

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer

SETTINGS = {
    "dataset": {"name": "circle", "samples": 60},
    "layers": [{"units": 5}],
    "dtype": "float64",
    "batch_size": 1000,
}


def after(steps: int, **optimizer: object) -> tuple[np.ndarray, np.ndarray, list[float]]:
    """Parameters before and after some steps, and the training losses."""
    config = parse(SETTINGS | {"optimizer": {"name": "sgd", "learning_rate": 0.05} | optimizer})
    training = trainer(config, load_data(config))
    start = training.checkpoint().theta.copy()
    points = training.advance(steps).points
    return start, training.checkpoint().theta.copy(), [point["train_loss"] for point in points]


@pytest.mark.parametrize("clip", [None, 0.001])
def test_the_step_of_ascent_is_that_of_descent_with_the_other_sign(clip: float | None) -> None:
    start, down, _ = after(1, clip_norm=clip)
    _, up, _ = after(1, clip_norm=clip, ascent=True)
    np.testing.assert_allclose(up - start, start - down, rtol=1e-10, atol=1e-14)
    assert np.abs(up - start).max() > 1e-6


def test_descent_lowers_the_loss_in_each_full_batch_step_and_ascent_raises_it() -> None:
    _, _, falling = after(50)
    _, _, rising = after(50, ascent=True)
    assert np.all(np.diff(falling) < 0) and np.all(np.diff(rising) > 0)


def test_another_optimizer_has_no_ascent() -> None:
    with pytest.raises(ConfigError, match="only SGD has it") as error:
        parse({"optimizer": {"name": "adam", "ascent": True}})
    assert error.value.field == "optimizer.ascent" and error.value.given is True
