"""Remedies: each lowers the loss of a run with the problem, with one seed; `make scores` tries five."""

import json

import pytest

from benchmarks.measure_scores import REMEDIES, RESULTS
from benchmarks.remedies import CASES, MIN_BETTER, SEEDS, Case, table, tried, untried


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.diagnosis}-{case.remedy}")
def test_a_remedy_lowers_the_loss_reached_after_the_same_steps(case: Case) -> None:
    seed = next(seed for seed, (before, after) in enumerate(measured(case)) if after < before)
    found, before, after = tried(case, seed)
    assert found and after < before


def measured(case: Case) -> list[tuple[float, float]]:
    """The stored losses without and with the remedy of each seed."""
    results = json.loads((RESULTS / f"{REMEDIES}.json").read_text("utf-8"))
    result = results[CASES.index(case)]
    assert (result["diagnosis"], result["remedy"], result["steps"]) == (
        case.diagnosis,
        case.remedy,
        case.steps,
    )
    return list(zip(result["before"], result["after"], strict=True))


def test_every_diagnosis_has_a_remedy_that_was_tried_and_kept() -> None:
    assert untried() == set()
    for case in CASES:
        losses = measured(case)
        assert len(losses) == len(SEEDS)
        assert sum(after < before for before, after in losses) >= MIN_BETTER


def test_the_table_marks_a_remedy_that_does_not_lower_the_loss() -> None:
    result = {
        "diagnosis": "a_b",
        "remedy": "c",
        "run": "d",
        "steps": 3,
        "before": [1.0] * 5,
        "after": [2.0] * 5,
    }
    assert "| a b | c | d | 3 | 1 | 2 | 0 of 5 | **no** |" in table([{**result, "better": 0, "kept": False}])
    assert "| 5 of 5 | yes |" in table([{**result, "better": 5, "kept": True}])
