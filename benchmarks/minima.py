"""Scores of minima: at which losses trainings end that differ in their seeds only."""

from statistics import median
from typing import Any

from engine.analysis.members.minima import group_minima
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer as create_trainer

MEMBERS = 24  # seeds 0 to 23
LOW, HIGH = (0.0015, 0.006), (0.34, 0.355)  # ranges of the losses of the two minima of XOR


def _loss(config: Any, seed: int) -> float:
    resolved = parse(config.model_dump() | {"seed": seed})
    training = create_trainer(resolved, load_data(resolved))
    while training.advance(1000).ended is None:
        pass
    return float(training.measure()["train_loss"])


def at_the_lower_minimum(training: Any) -> float:
    """Returns the number of members at the lower of the two minima of XOR; 0 if there are not these two."""
    losses = [_loss(training.config, seed) for seed in range(MEMBERS)]
    groups = group_minima(losses)
    levels = [median(losses[index] for index in indices) for indices in groups]
    if len(levels) != 2 or not (LOW[0] <= levels[0] <= LOW[1] and HIGH[0] <= levels[1] <= HIGH[1]):
        return 0.0
    return float(len(groups[0]))
