"""Measuring the members of an ensemble: all at once where they have the same data."""

from collections.abc import Sequence

import numpy as np

from engine.layers.network import Network
from engine.training.batched.columns import Member
from engine.training.measured_points import Evaluator, Point


class MemberEvaluator:
    """Losses and metrics of the members in columns; `sizes` are the numbers of measured points."""

    def __init__(self, network: Network, members: Sequence[Member]) -> None:
        self._network, self._members = network, members
        columns: dict[int, list[int]] = {}
        for column, member in enumerate(members):
            columns.setdefault(id(member.data), []).append(column)
        self._groups = [
            (group, Evaluator(network, members[group[0]].config, members[group[0]].data, (len(group),)))
            for group in columns.values()
        ]
        self._alone: dict[int, Evaluator] = {}
        self.sizes = self._groups[0][1].sizes

    def points(self, thetas: np.ndarray, step: int, epoch: int) -> list[Point]:
        """Returns the point of every column, from its parameters (K, size)."""
        found: dict[int, Point] = {}
        for columns, evaluator in self._groups:
            rows = thetas if len(columns) == len(thetas) else thetas[columns]
            configs = [self._members[column].config for column in columns]
            found |= zip(columns, evaluator.points(rows, step, epoch, configs), strict=True)
        return [found[column] for column in range(len(thetas))]

    def point(self, column: int) -> Point:
        """Returns the point of one member."""
        member = self._members[column]
        state = member.state
        return self._evaluator(column).point(state.theta, state.step, state.epoch, member.config)

    def loss(self, column: int, part: str) -> float:
        """Returns the loss of one member on a part of its data, rounded as in a single training."""
        return self._evaluator(column).loss(self._members[column].state.theta, part)

    def _evaluator(self, column: int) -> Evaluator:
        member = self._members[column]
        key = id(member.data)
        if key not in self._alone:
            self._alone[key] = Evaluator(self._network, member.config, member.data)
        return self._alone[key]
