"""The comparison of default runs with other models on the same rows."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from benchmarks import compared_models
from benchmarks.compared_models import MODELS, OneTable, compare, is_kept, line, table
from engine.datasets.tables.table import Header, Table
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse


def clouds(rows=40):
    rng = np.random.default_rng(0)
    y = np.arange(rows) % 2
    X = rng.normal(size=(rows, 3)) + 1.5 * y[:, None]
    return OneTable(Table(Header("binary", ("a", "b", "c"), ("y",), ("n", "p"), rows), X, y))


def test_all_models_are_scored_on_the_test_rows_of_the_same_split(monkeypatch):
    monkeypatch.setattr(compared_models, "SEEDS", range(2))
    result = compare("clouds", clouds(), 40)
    assert set(result["scores"]) == set(MODELS) and result["rows"] == 40
    config = parse({"dataset": {"name": "clouds", "seed": 1, "samples": 40}, "seed": 1}, clouds())
    data = load_data(config, clouds())
    model = MLPClassifier(random_state=1, max_iter=200)
    expected = model.fit(data.train.inputs, data.train.truth).score(data.test.inputs, data.test.truth)
    assert result["scores"]["MLP"][1] == pytest.approx(expected)
    assert result["scores"]["trivial answer"][1] <= 0.6 < result["scores"]["default run"][1]


def scores(own, other):
    return {"default run": own, "MLP": other}


def test_a_run_is_kept_if_it_is_not_worse_than_the_mlp_by_more_than_the_spread_of_the_seeds():
    assert is_kept(scores([0.8, 0.8], [0.7, 0.7]))
    assert is_kept(scores([0.7, 0.8], [0.8, 0.85]))
    assert not is_kept(scores([0.70, 0.71], [0.80, 0.82]))
    assert not is_kept(scores([np.nan, 0.9], [0.8, 0.8]))


def test_the_section_counts_what_is_kept():
    row = {
        "name": "t",
        "rows": 9,
        "inputs": 2,
        "score": "r2",
        "scores": {name: [0.5, 0.7] for name in MODELS},
    }
    text = table([{**row, "kept": True}, {**row, "kept": False}])
    assert "1 of 2\ndefault runs" in text and "R² | 0.600 ± 0.200" in line({**row, "kept": True})
