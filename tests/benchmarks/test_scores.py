"""Scores of the fast default runs with one seed; `make scores` trains all runs with five seeds."""

import pytest

from benchmarks.measure_scores import page, run
from benchmarks.scores import SCORES
from engine.datasets import DATASETS
from engine.tasks.paradigms import PARADIGMS


@pytest.mark.parametrize("name", [name for name, row in SCORES.items() if row.fast])
def test_a_default_run_reaches_its_score(name: str) -> None:
    score, _ = run(SCORES[name], 0)
    assert SCORES[name].is_reached(score), score


def test_every_data_set_and_every_paradigm_has_a_row() -> None:
    configurations = [row.config for row in SCORES.values()]
    assert {config.get("dataset", {}).get("name", "light_curves") for config in configurations} >= set(
        DATASETS
    )
    assert {config.get("paradigm", "supervised") for config in configurations} == set(PARADIGMS)


def test_nan_does_not_reach_any_score() -> None:
    for row in SCORES.values():
        assert not row.is_reached(float("nan"))


def test_the_page_marks_scores_that_are_not_reached() -> None:
    name = next(iter(SCORES))
    result = {"name": name, "unit": "u", "scores": [0.1, 0.3], "bound": 0.2, "seconds": 1.0, "allowed": 2.0}
    assert "**no**" in page([{**result, "kept": False, "fast": True}])
    assert "| yes |" in page([{**result, "kept": True, "fast": True}])
