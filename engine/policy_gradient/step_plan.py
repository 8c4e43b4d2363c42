"""PolicyPlan: a compiled optimizer step on the surrogate loss of the policy gradient."""

from typing import Any

import numpy as np

from engine.layers.activation_functions import softmax
from engine.layers.network import Network
from engine.operations import aligned
from engine.training.compiled.plan import StepPlan
from engine.training.compiled.update import GRADIENT_RATE, StepArrays

MIN_PROBABILITY = 1e-30  # lower bound of π in ln π


class PolicyPlan(StepPlan):
    """A step for up to `samples` decisions, which `fill` sets before each run.

    `weighted_actions` are the one-hot actions times Â/N; `weights` Â/N and `bonus` β/N are equal for all
    actions; all are (actions, samples). A column of zeros contributes nothing, so that batches of different
    sizes can use one plan.
    """

    def __init__(
        self, network: Network, config: Any, arrays: StepArrays, samples: int, update: bool = True
    ) -> None:
        shape = (network.layers[-1].units, samples)
        self.weighted_actions, self.weights, self.bonus = (
            aligned(shape, arrays.theta.dtype) for _ in range(3)
        )
        self.inputs = aligned((network.layers[0].input_rows, samples), arrays.theta.dtype)
        self.inputs[-1] = 1
        super().__init__(network, config, arrays, samples, update)

    def needs_output(self) -> bool:
        """The error is computed from the logits."""
        return False

    def record_output_error(self) -> None:
        """dL/dz_i = Â/N (π_i - 1_i) + β/N π_i (ln π_i + H): the surrogate with its entropy bonus."""
        xp, last = self.xp, len(self.network.layers) - 1
        z, delta = self.buffers.preactivation(last), self.deltas[last]
        policy, logs, negative_entropy = xp.temp(delta), xp.temp(delta), xp.temp(delta)
        softmax(xp, z, policy)
        xp.maximum(policy, xp.full(policy, MIN_PROBABILITY), logs)
        xp.log(logs, logs)
        xp.multiply(policy, logs, delta)
        xp.sum_over_units(delta, negative_entropy)
        xp.subtract(logs, negative_entropy, logs)
        xp.multiply(logs, policy, logs)
        xp.multiply(logs, self.bonus, logs)
        xp.multiply(policy, self.weights, delta)
        xp.subtract(delta, self.weighted_actions, delta)
        xp.add(delta, logs, delta)
        xp.multiply(delta, GRADIENT_RATE, delta)
        xp.release()
        self.record_derivatives(last)

    def fill(
        self, observations: np.ndarray, actions: np.ndarray, advantages: np.ndarray, entropy_bonus: float
    ) -> None:
        """Sets the batch of N decisions; the remaining columns contribute nothing."""
        count = len(actions)
        self.inputs[:-1, :count], self.inputs[:-1, count:] = observations.T, 0
        for array in (self.weighted_actions, self.weights, self.bonus):
            array.fill(0)
        self.weights[:, :count], self.bonus[:, :count] = advantages / count, entropy_bonus / count
        self.weighted_actions[actions, np.arange(count)] = advantages / count
