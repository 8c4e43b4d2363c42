"""Output activation and loss of each task, and the mismatches of each."""

from typing import Any

from app.lessons.lesson import Lesson, Try, layers
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
    "What shall it answer?",
    "The question decides the output layer, and the output layer decides the loss",
    "Choosing output activation and loss",
    {
        "dataset": {"name": "circle"},
        "layers": layers("tanh", 12),
        "optimizer": {"name": "adam", "learning_rate": 0.03},
    },
    ("decision_boundary", "curves"),
    _changes_to_try(),
    speed=200,
)
