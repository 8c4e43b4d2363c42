"""The compiled step compared with the textbook step of `engine.training.reference`."""

from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.datasets import load
from engine.layers.activations import ACTIVATIONS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.tasks.resolve import parse
from engine.training import reference
from engine.training.trainer import Trainer

SAMPLES, STEPS = 24, 5
DATASETS = {"binary": "circle", "multiclass": "blobs", "multilabel": "discs", "regression": "sine"}
FIXED_ACTIVATIONS = [name for name, function in ACTIVATIONS.items() if not function.learned]
GRADIENT_OPTIMIZERS = [name for name, optimizer in OPTIMIZERS.items() if not optimizer.perceptron_rule]
PENALTIES = st.sampled_from([0.0, 1e-3, 0.1])


@st.composite
def layers(draw: st.DrawFn) -> list[dict[str, Any]]:
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "units": st.integers(1, 5),
                    "activation": st.sampled_from(list(ACTIVATIONS)),
                    "frozen": st.sampled_from([False, False, True]),
                }
            ),
            max_size=3,
        )
    )


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, Any]:
    """Draws a configuration of a small network, in double precision and without dropout."""
    task = draw(st.sampled_from(list(DATASETS)))
    name = draw(st.sampled_from(GRADIENT_OPTIMIZERS))
    losses = [name for name, loss in LOSSES.items() if task in loss.applies_to]
    return {
        "dataset": {"name": DATASETS[task], "samples": 2 * SAMPLES},
        "layers": draw(layers()),
        "output_activation": draw(st.sampled_from(FIXED_ACTIVATIONS)),
        "loss": {"name": draw(st.sampled_from(losses))},
        "optimizer": {
            "name": name,
            "clip_norm": draw(st.sampled_from([None, 0.05, 1.0])),
            "schedule": {"name": draw(st.sampled_from(list(SCHEDULES)))},
        },
        "batch_size": draw(st.integers(1, SAMPLES)),
        "l1": draw(PENALTIES),
        "l2": draw(PENALTIES),
        "seed": draw(st.integers(0, 1000)),
        "dtype": "float64",
    }


@st.composite
def edits(draw: st.DrawFn, configuration: dict[str, Any]) -> dict[str, Any]:
    """Draws edits that disable units and freeze single parameters."""
    hidden = configuration["layers"]
    disabled = [
        {"layer": index, "unit": draw(st.integers(0, layer["units"] - 1)), "action": "off"}
        for index, layer in enumerate(hidden)
        if draw(st.booleans())
    ]
    frozen = [
        {"layer": len(hidden), "unit": 0, "source": draw(st.sampled_from(["bias", None])), "frozen": True}
    ]
    return {"units": disabled, "freeze": frozen if draw(st.booleans()) else []}


def textbook_steps(
    trainer: Trainer, theta: np.ndarray, vectors: list[np.ndarray], rows: np.ndarray, t: int
) -> np.ndarray:
    """Returns parameters and optimizer state, one behind the other, after the textbook step.

    In four more rows, the same with an error of 1e-14 in the gradient, relative to its largest part or to 1.
    """
    config, network, part = trainer.config, trainer.network, trainer.data.train
    gradient = reference.gradient_of(config, network, theta, part.inputs[rows], part.targets[rows])
    signs = np.random.default_rng(t).choice([-1, 1], (4, theta.size))
    gradients = np.vstack([gradient, gradient + 1e-14 * max(1.0, np.max(np.abs(gradient))) * signs])
    steps = [reference.update(config, network, theta, vectors, g, t, trainer.state.frozen) for g in gradients]
    return np.array([np.concatenate([updated, *state]) for updated, state in steps])


def assert_steps_equal(trainer: Trainer) -> None:
    """Asserts that every step of the trainer equals the textbook step from the same state.

    Where the terms of a gradient cancel, RMSprop and Adam divide its rounding error by itself: what they make
    of an error in the last digits of the gradient is allowed.
    """
    state = trainer.state
    for _ in range(STEPS):
        theta, vectors = state.theta.copy(), [vector.copy() for vector in state.optimizer_state]
        position, t = state.position, state.step
        assume(trainer.advance(1).ended is None)
        rows = state.order[position : position + trainer.config.batch_size]
        with np.errstate(all="ignore"):
            expected, *near = textbook_steps(trainer, theta, vectors, rows, t)
        rounding = np.max(np.abs(near - expected), axis=0)
        difference = np.abs(np.concatenate([state.theta, *state.optimizer_state]) - expected)
        assert np.all(difference <= 1e-12 + 1e-9 * np.abs(expected) + rounding)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_compiled_step_equals_the_textbook_step(data: st.DataObject) -> None:
    raw = data.draw(configurations())
    config = parse(raw)
    trainer = Trainer(config, load(config))
    trainer.apply_edits(data.draw(edits(raw)))
    assert_steps_equal(trainer)


@given(dataset=st.sampled_from(["circle", "blobs"]), batch=st.integers(1, SAMPLES), seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_the_perceptron_rule_equals_the_textbook_step(dataset: str, batch: int, seed: int) -> None:
    config = parse(
        {
            "dataset": {"name": dataset, "samples": 2 * SAMPLES},
            "layers": [],
            "output_activation": "step",
            "optimizer": {"name": "perceptron"},
            "batch_size": batch,
            "seed": seed,
            "dtype": "float64",
        }
    )
    assert_steps_equal(Trainer(config, load(config)))
