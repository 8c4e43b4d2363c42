"""Ends: which members of an experiment have comparable weights, and reports about these."""

import contextlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from app import encoding
from app.errors import Conflict, Damaged, Invalid, NotFound
from app.experiments.experiment import Experiment
from app.experiments.reports.histories import have_same_loss
from app.runs.members import Members
from app.runs.queries import RunQueries
from app.runs.run_record import RunRecord

MOST = 64  # ends that are compared with each other
MOST_OF_WIDE = 12  # with a layer of more than WIDE units, as aligning takes the cube of the units
WIDE = 64
# What the answer about a map has where there is none.
NO_MAP: dict[str, Any] = {
    "missing": "too_few_ends", "x": [], "y": [], "loss": [], "ends": [], "explained": [], "part": "train",
    "samples": 0, "reduced": None, "reduced_parameters": None, "has_same_data": None,
}  # fmt: skip
TRAINED = ("supervised", "autoencoder")  # paradigms whose ends have a loss over points


class Comparable(NamedTuple):
    """The members whose ends are compared, and the number of the other ones that trained."""

    members: list[RunRecord]
    left_out: int


def comparable(members: Sequence[RunRecord]) -> Comparable:
    """Returns the members of the most frequent shape that trained and did not diverge, the first MOST."""
    trained = [run for run in members if run.latest is not None and run.step > 0]
    shapes = {run.id: _shape(run.config_dict) for run in trained if run.status != "diverged"}
    counts = Counter(shape for shape in shapes.values() if shape is not None)
    if not counts:
        return Comparable([], len(trained))
    shape = counts.most_common(1)[0][0]
    found = [run for run in trained if shapes.get(run.id) == shape]
    is_wide = any(layer["units"] > WIDE for layer in found[0].config_dict["layers"])
    chosen = found[: MOST_OF_WIDE if is_wide else MOST]
    return Comparable(chosen, len(trained) - len(chosen))


def _shape(config: dict[str, Any]) -> str | None:
    """Returns what networks must have in common to be compared; None: there is no loss over points."""
    if config["paradigm"] not in TRAINED:
        return None
    data = [config["dataset"].get(name) for name in ("name", "content", "classes")]
    layers = [(layer["units"], layer["activation"], layer["alpha"]) for layer in config["layers"]]
    return repr([data, config["features"], layers, config["output_activation"], config["loss"]])


class EndsReports:
    """Reports about the newest weights of the members of experiments."""

    def __init__(self, members: Members, queries: RunQueries) -> None:
        self._members, self._queries = members, queries

    async def distances(self, members: Sequence[RunRecord]) -> dict[str, Any] | None:
        """Returns how different the ends are in weights and predictions; None for fewer than two."""
        chosen, left_out = comparable(members)
        if len(chosen) < 2:
            return None
        with contextlib.suppress(NotFound, Damaged):  # a member was deleted meanwhile, or cannot be read
            found = await self._ask(chosen, "distances", {})
            return {"runs": [run.id for run in chosen], "left_out": left_out} | found
        return None

    async def line(self, experiment: Experiment, runs: str, points: int) -> dict[str, Any]:
        """Returns the loss along the straight line between the ends of two members, `runs` is "ID,ID".

        Raises Invalid, NotFound or Conflict.
        """
        ids = [part.strip() for part in runs.split(",") if part.strip()]
        if len(ids) != 2 or ids[0] == ids[1]:
            message = "must be the ids of two different members, separated by a comma"
            raise Invalid("invalid", message, field="runs", given=runs, limit=2)
        members = {run.id: run for run in await self._members.read(experiment.id)}
        for run in ids:
            if run not in members:
                message = "The experiment has no member of this id."
                raise NotFound("no_such_member", message, field="runs", given=run)
        chosen = [members[run] for run in ids]
        if any(_shape(run.config_dict) is None for run in chosen):
            raise _not_comparable("these members learn without examples", 0)
        if not have_same_loss(chosen):
            raise _not_comparable("these members have different loss functions", 1)
        return {"id": experiment.id, "runs": ids} | await self._ask(chosen, "line", {"points": points})

    async def map(self, experiment: Experiment, resolution: int) -> dict[str, Any]:
        """Returns the loss over the plane of the ends, and where they are; why there is none as `missing`.

        Raises Invalid or NotFound.
        """
        members = await self._members.read(experiment.id)
        chosen, left_out = comparable(members)
        head = {"id": experiment.id, "left_out": left_out}
        if len(chosen) < 3:
            return head | NO_MAP
        chosen = sorted(chosen, key=_loss)  # the first is that with which all are aligned
        found = await self._ask(chosen, "map", {"resolution": resolution})
        if found["missing"] is None:
            pairs = zip(chosen, found["ends"], strict=True)
            found["ends"] = [{"run": run.id} | end for run, end in pairs]
        return head | NO_MAP | found

    async def _ask(
        self, members: Sequence[RunRecord], report: str, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        text = await self._queries.ends([run.id for run in members], {"report": report} | arguments)
        found: dict[str, Any] = encoding.decode(text)
        return found


def _loss(run: RunRecord) -> float:
    loss = None if run.latest is None else run.latest["train_loss"]
    return float("inf") if loss is None else float(loss)


def _not_comparable(message: str, given: int) -> Conflict:
    return Conflict("too_few_ends", message, field="members", given=given, limit=3)
