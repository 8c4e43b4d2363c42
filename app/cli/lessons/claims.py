"""Measures the claims of lessons: trains their attempts with several seeds."""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from statistics import median
from typing import Any, cast

import numpy as np

from app.cli.lessons.cost import seconds_per_step
from app.lessons.configuration import merged
from app.lessons.lesson import Claim, Lesson
from app.lessons.measured import Measured
from app.lessons.parts import Measure, Use
from engine.quantities import curve_value, falling_share, first_step, reduced, value_at
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.trainer import Trainer
from engine.usage import changes_by_use
from engine.views import VIEWS

SLICE = 1000  # steps
KEPT = 16  # trained attempts that other claims of the same lesson may use again


class Result:
    """An attempt trained with one seed of data and weights; `after` is what is then done with the network."""

    def __init__(
        self,
        raw: dict[str, Any],
        weights: Sequence[dict[str, Any]],
        seed: int,
        steps: int,
        after: Use | None = None,
    ) -> None:
        self._after = after
        changes: dict[str, Any] = {"seed": seed}
        if "dataset" in raw:
            changes["dataset"] = {"seed": seed}
        config = parse(merged(raw, changes))
        self.data = load_data(config)
        self.trainer = trainer(config, self.data)
        if weights:
            self.trainer.apply_edits({"weights": list(weights)})
        self.start = self.trainer.snapshot()
        self.points: list[Any] = []
        while self.trainer.state.step < steps:
            outcome = self.trainer.advance(min(SLICE, steps - self.trainer.state.step))
            self.points += outcome.points
            if outcome.ended is not None:
                break
        self.points.append(self.trainer.measure())

    def value(self, measure: Measure) -> float:
        """The measured quantity. Raises KeyError or ValueError if the run does not have it."""
        value = self._value(measure)
        return 1 - value if measure.complement else value

    @cached_property
    def _changes(self) -> dict[str, int]:
        """How many weights and answers differ after the network was used."""
        assert self._after is not None
        return changes_by_use(cast(Trainer, self.trainer), self._after.answers, self._after.delete_data)

    def _value(self, measure: Measure) -> float:
        if measure.after is not None:
            return float(self._changes[measure.after])
        if measure.history is not None:
            return self._of_history(measure, measure.history)
        value = self._of_view(measure, self.trainer.checkpoint())
        if measure.per_step:
            value = value / self.trainer.state.step
        if measure.change:
            value = value - self._of_view(measure, self.start)
        return reduced(value, measure.reduce)

    def _of_history(self, measure: Measure, column: str) -> float:
        if measure.below is not None or measure.above is not None:
            return first_step(self.points, column, measure.below, measure.above)
        if measure.falling:
            return falling_share(self.points, column)
        value = curve_value(self.points[-1], column)
        return np.nan if value is None else value

    def _of_view(self, measure: Measure, checkpoint: Any) -> np.ndarray:
        assert measure.view is not None
        view = VIEWS[measure.view]

        def answer(options: dict[str, Any]) -> Any:
            parsed = view.parse({name: str(value) for name, value in options.items()})
            return view.compute(checkpoint, self.data, parsed, self.points)

        shown = answer(measure.options)
        value = value_at(shown, measure.path)
        if measure.over is not None:
            value = value / value_at(shown, measure.over)
        if measure.minus is not None:
            other = shown if measure.minus_options is None else answer(measure.minus_options)
            value = value - value_at(other, measure.minus)
        return value


def measure_claims(lesson: Lesson) -> Iterator[tuple[Claim, Measured]]:
    """Every claim of a lesson with its values for its seeds, in the order of the lesson."""

    def trained(attempt: str, seed: int, steps: int) -> Result:
        tried = lesson.attempts[attempt]
        weights = lesson.weight_edits() if tried.weights else []
        return Result(lesson.configuration(tried.changes), weights, seed, steps, tried.after)

    result = lru_cache(maxsize=KEPT)(trained)
    for claim in lesson.claims:
        values = []
        for seed in range(claim.seeds):
            if claim.measure.cost:
                names = [name for name in (claim.attempt, claim.against) if name]
                values.append(_cost([trained(name, seed, claim.steps) for name in names]))
                continue
            value = result(claim.attempt, seed, claim.steps).value(claim.measure)
            if claim.against is not None:
                other = result(claim.against, seed, claim.steps).value(claim.measure)
                value = value / min(other, claim.steps)
            values.append(value)
        yield claim, Measured.of(claim, values)


def _cost(results: Sequence[Result]) -> float:
    """The seconds of a step of the first result, divided by those of the second one if there is one."""
    first, *others = seconds_per_step([result.trainer for result in results])
    return first / others[0] if others else first


def holds(lesson: Lesson, claim: Claim, measured: Measured) -> bool:
    """Whether a claim of a lesson is true of what was measured, also for the seed that the page shows."""
    if claim.statistic == "median":
        return claim.low <= median(measured.values) <= claim.high
    shown = lesson.configuration(lesson.attempts[claim.attempt].changes).get("seed", 0)
    if shown < claim.seeds and not claim.low <= measured.values[shown] <= claim.high:
        return False
    return measured.held >= claim.least
