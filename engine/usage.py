"""Use of a trained network: questions to it, and what they change in it."""

from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.datasets.tables.drawn_points import PARTS, apply_drawing, with_content
from engine.datasets.tables.library import EmptyLibrary
from engine.datasets.tables.table import Header, Table
from engine.queries import predict
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer

PLASTIC_NUMBER = 1.3247179572447460  # the real root of x³ = x + 1
CONTENT = "0" * 64  # of the only table of a library


class OneTable(EmptyLibrary):
    """A library that has one table, with the content CONTENT."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def header(self, content: str) -> Header | None:
        """Returns the header of the table."""
        return self._table.header if content == CONTENT else None

    def table(self, content: str) -> Table:
        """Returns the table."""
        return self._table


def questions(data: Data, count: int) -> np.ndarray:
    """`count` rows (count, d) in the units of the data that cover the range of the training inputs evenly.

    Input j of row i is low + (high - low) · frac((i + 1) / g^(j + 1)) with the plastic number g: the
    sequence R2 of Roberts (2018), which has a low discrepancy in two dimensions.
    """
    raw = data.train.raw.astype(np.float64)
    low, high = raw.min(axis=0), raw.max(axis=0)
    steps = PLASTIC_NUMBER ** -np.arange(1.0, raw.shape[1] + 1)
    return np.asarray(low + (high - low) * (np.arange(1, count + 1)[:, None] * steps % 1))


def without_points(config: ExamplesConfig, data: Data) -> tuple[ExamplesConfig, Data]:
    """A configuration and its data in which one point of the first class, in the middle of the range of the
    others, replaces them: a run has at least one training point. Only for data of one or two inputs.
    """
    remove = [{"part": part, "index": index} for part in PARTS for index in range(len(getattr(data, part)))]
    middle = (data.train.raw.min(axis=0) + data.train.raw.max(axis=0)) / 2
    added = {"inputs": middle.tolist(), "target": 0}
    table = OneTable(apply_drawing(data, {"remove": remove, "add": [added]}, generated=True))
    changed: Any = parse(with_content(config, CONTENT), table)
    return changed, load_data(changed, table)


def changes_by_use(trainer: Trainer, count: int, delete_data: bool) -> dict[str, int]:
    """Asks the network `count` questions, one at a time, twice, and returns how many of its weights and
    biases (`weights`) and of its answers (`answers`) differ afterwards.

    With `delete_data` its points are deleted before the second time, see `without_points`; it has them again
    in the end.
    """
    config, data = trainer.config, trainer.data
    rows, before = questions(data, count), trainer.state.theta.copy()
    answers = [_answer(trainer, row) for row in rows]
    if delete_data:
        trainer.replace_data(*without_points(config, data))
    again = [_answer(trainer, row) for row in rows]
    if delete_data:
        trainer.replace_data(config, data)
    return {
        "weights": int((trainer.state.theta != before).sum()),
        "answers": sum(first != second for first, second in zip(answers, again, strict=True)),
    }


def _answer(trainer: Trainer, row: np.ndarray) -> Any:
    return predict(trainer.checkpoint(), trainer.data, [row.tolist()])["outputs"].tolist()
