"""scikit-learn's multi-layer perceptron, with one or more epochs per call of `partial_fit`.

It has no tanh output: with the squared error its output is linear. `adapted` changes the reference, too.
"""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.engines.process import rounds_per_call, serve
from benchmarks.problem import Parameters, Problem


def adapted(problem: Problem) -> Problem:
    """Returns the problem with an output activation that scikit-learn supports."""
    if problem.settings.output != "tanh":
        return problem
    return replace(problem, settings=replace(problem.settings, output="linear"))


class Scikit:
    """MLPClassifier or MLPRegressor without penalty, momentum and shuffling."""

    def __init__(self, problem: Problem) -> None:
        import sklearn
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        warnings.simplefilter("ignore")
        self.version = f"scikit-learn {sklearn.__version__}"
        self.problem = problem
        self.regression = problem.settings.error == "half_squared"
        self.classes = np.arange(max(2, problem.targets.shape[2]))
        self.model: Any = (MLPRegressor if self.regression else MLPClassifier)(**self._options())
        self.one_epoch = self._arrays(1)
        self.rounds = rounds_per_call(problem)
        self.several_epochs = self._arrays(self.rounds)
        self._fit(*self.one_epoch)
        self.reset()

    def _options(self) -> dict[str, Any]:
        s = self.problem.settings
        return {
            "hidden_layer_sizes": [biases.size for _, biases in self.problem.initial[:-1]],
            "activation": s.hidden, "solver": s.optimizer, "alpha": 0.0, "momentum": 0.0,
            "batch_size": self.problem.inputs.shape[1], "learning_rate_init": s.learning_rate,
            "beta_1": s.beta_1, "beta_2": s.beta_2, "epsilon": s.epsilon or 1e-8,
            "nesterovs_momentum": False, "shuffle": False,
        }  # fmt: skip

    def _arrays(self, rounds: int) -> tuple[np.ndarray, np.ndarray]:
        inputs = self.problem.inputs.reshape(-1, self.problem.inputs.shape[2])
        targets = self.problem.targets.reshape(len(inputs), -1)
        if targets.shape[1] > 1:
            truth = targets.argmax(axis=1)
        else:
            truth = targets[:, 0] if self.regression else targets[:, 0].astype(int)
        return np.tile(inputs, (rounds, 1)), np.tile(truth, rounds)

    def _fit(self, inputs: np.ndarray, truth: np.ndarray) -> None:
        if self.regression:
            self.model.partial_fit(inputs, truth)
        else:
            self.model.partial_fit(inputs, truth, classes=self.classes)

    def reset(self) -> None:
        """Restores the initial weights; without `_optimizer` the model creates a new optimizer."""
        self.model.coefs_ = [weights.copy() for weights, _ in self.problem.initial]
        self.model.intercepts_ = [biases.copy() for _, biases in self.problem.initial]
        self.model.t_ = 0
        del self.model._optimizer

    def run(self, steps: int) -> int:
        """Runs calls of one or more epochs."""
        size = self.rounds * self.problem.epoch
        calls = -(-steps // size)
        for _ in range(calls):
            self._fit(*self.several_epochs)
        return calls * size

    def epoch(self) -> Parameters:
        """Runs one epoch in one call."""
        self._fit(*self.one_epoch)
        return list(zip(self.model.coefs_, self.model.intercepts_, strict=True))


if __name__ == "__main__":
    serve(Scikit)
