"""Output activation and loss of each task, and the mismatches of each."""

from typing import Any

from app.lessons.lesson import Claim, Lesson, Try, layers
from engine.tasks.task import TASKS


def _changes_to_try() -> tuple[Try, ...]:
    """Each task with its matching output, followed by its mismatches."""
    tries = []
    for name, task in TASKS.items():
        if not task.example:
            continue
        data: dict[str, Any] = {"dataset": {"name": task.example}}
        tries.append(Try("", "", data, start=True, task=name))
        tries += [
            Try("", "", {**data, **mismatch.changes}, start=True, task=name, mismatch=mismatch.name)
            for mismatch in task.breaks
        ]
    return tuple(tries)


LESSON = Lesson(
    "Choosing output and loss",
    "The task determines the output activation, and both determine the loss",
    "Output activation and loss",
    {
        "dataset": {"name": "circle"},
        "layers": layers("tanh", 12),
        "optimizer": {"name": "adam", "learning_rate": 0.03},
    },
    ("decision_boundary", "curves"),
    _changes_to_try(),
    speed=200,
    claims=(
        Claim(
            "leave the range 0 to 1",
            "Binary classification: Linear output, squared error",
            "lowest_output",
            1500,
            high=-0.05,
        ),
        Claim(
            "leave the range 0 to 1",
            "Binary classification: Linear output, squared error",
            "highest_output",
            1500,
            low=1.01,
        ),
        Claim("no weight changes", "Binary classification: Step output", "change_of_weights", 300, 0, 0),
        Claim("no weight changes", "Multiclass classification: Step outputs", "change_of_weights", 300, 0, 0),
        Claim(
            "add up to values",
            "Multiclass classification: Sigmoid outputs",
            "lowest_sum_over_map",
            1500,
            high=0.2,
        ),
        Claim(
            "add up to values",
            "Multiclass classification: Sigmoid outputs",
            "highest_sum_over_map",
            1500,
            low=1.8,
        ),
        Claim(
            "The outputs add up to 1",
            "Multilabel classification: Softmax output",
            "highest_sum_over_map",
            1500,
            0.999,
            1.001,
        ),
        Claim(
            "the loss stays high",
            "Regression: Sigmoid output",
            "ratio_of_losses",
            1500,
            low=4,
            against="How much? Regression",
        ),
    ),
)
