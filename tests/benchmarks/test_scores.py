"""The fast default runs reach what is promised of them; `make scores` trains all of them over five seeds."""

import pytest

from benchmarks.measure_scores import page, run
from benchmarks.scores import SCORES
from engine.datasets import DATASETS
from engine.tasks.paradigms import PARADIGMS


@pytest.mark.parametrize("name", [name for name, row in SCORES.items() if row.fast])
def test_a_default_run_reaches_its_score(name: str) -> None:
    reached, _ = run(SCORES[name], 0)
    assert SCORES[name].kept(reached), reached


def test_every_data_set_and_every_paradigm_has_a_row() -> None:
    configurations = [row.config for row in SCORES.values()]
    assert {config.get("dataset", {}).get("name", "light_curves") for config in configurations} >= set(
        DATASETS
    )
    assert {config.get("paradigm", "supervised") for config in configurations} == set(PARADIGMS)


def test_a_score_that_is_no_number_keeps_no_promise() -> None:
    for row in SCORES.values():
        assert not row.kept(float("nan"))


def test_the_page_says_where_a_promise_is_not_kept() -> None:
    name = next(iter(SCORES))
    told = {"name": name, "unit": "u", "scores": [0.1, 0.3], "bound": 0.2, "seconds": 1.0, "allowed": 2.0}
    assert "**no**" in page([{**told, "kept": False, "fast": True}])
    assert "| yes |" in page([{**told, "kept": True, "fast": True}])
