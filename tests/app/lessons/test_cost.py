"""The cost of a step: trainers take turns, and a claim divides their times."""

from typing import Any

from app.cli.lessons.claims import measure_claims
from app.cli.lessons.cost import ROUNDS, seconds_per_step
from app.lessons.lesson import Claim
from app.lessons.library import Library
from app.lessons.parts import Measure
from app.web.folders import TEMPLATES


class Recorded:
    """A trainer that only records how often it was asked for how many steps."""

    def __init__(self, calls: list[tuple[str, int]], name: str) -> None:
        self.calls, self.name = calls, name

    def advance(self, steps: int) -> None:
        self.calls.append((self.name, steps))


def test_trainers_take_turns_with_equal_numbers_of_steps() -> None:
    calls: list[tuple[str, int]] = []
    trainers: Any = [Recorded(calls, "a"), Recorded(calls, "b")]
    seconds = seconds_per_step(trainers)
    rounds = calls[1:]  # after the first call, which finds the number of steps
    assert [name for name, _ in rounds] == ["a", "b"] * ROUNDS
    assert len({steps for _, steps in rounds}) == 1 and all(value >= 0 for value in seconds)


def test_a_claim_about_cost_is_measured_for_every_seed() -> None:
    lesson = Library(TEMPLATES / "lessons").lessons().pages["activations"].lesson
    claim = Claim(
        name="cost", text="longer", attempt="elu-same-start", against="dying-relu",
        measure=Measure(cost=True), steps=1, seeds=1,
    )  # fmt: skip
    ((_, measured),) = measure_claims(lesson.model_copy(update={"claims": (claim,)}))
    assert len(measured.values) == 1 and measured.values[0] > 0
