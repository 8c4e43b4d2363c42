"""Answers about experiments."""

from typing import Any, Literal

from pydantic import Field

from app.run_states import Status
from app.web.models.base import Answer
from app.web.models.ends_answers import Distances
from app.web.models.history_answers import BestPoint
from app.web.models.run_answers import HistoryPoint

Values = dict[str, Any]


class BestMember(BestPoint):
    """The measured point with the lowest loss of all members."""

    run: str = Field(description="id of the member")


class ExperimentSummary(Answer):
    """An experiment as the list shows it."""

    id: str
    url: str = Field(description="path of its page")
    name: str
    created: float = Field(description="seconds since 1970")
    status: Literal["running", "queued", "paused", "stopped", "finished"] = Field(
        description="the first of these states that a member has; finished: no member can train on"
    )
    size: int = Field(description="number of members")
    counts: dict[str, int] = Field(description="number of members with each status that one has")
    best: BestMember | None
    vary: dict[str, Any]
    sample: Literal["grid", "random"]
    paradigm: str = Field(description="of its configuration")
    source: str | None = Field(description="name of the data set or environment; null if it varies")


class ExperimentList(Answer):
    """Experiments, the newest first."""

    experiments: list[ExperimentSummary]


class Member(Answer):
    """A member, which is a run of its own."""

    run: str = Field(description="id of the run")
    member: int = Field(description="its number, from 0")
    values: Values = Field(description="values of the varied fields, by path")
    status: Status
    reason_code: str | None
    attempt: int
    step: int
    epoch: int
    latest: HistoryPoint | None
    best: BestPoint | None
    mode: Literal["batched", "alone"] = Field(description="batched: trained together with others")
    mode_reason: str | None = Field(description="why it trains alone, in English")


class Group(Answer):
    """Members that are equal but for seeds."""

    values: Values = Field(description="values of the varied fields that are no seeds, by path")
    members: list[str] = Field(description="ids of their runs")


class MemberBytes(Answer):
    """What the recorded checkpoints of all members take, and may take."""

    bytes: int
    budget: int = Field(description="above it the least needed are deleted")


class HalvingRound(Answer):
    """A comparison after which the worse half was paused."""

    at: int = Field(description="the step at which the members were compared")
    metric: str
    members: int = Field(description="number of the compared members")
    paused: list[str] = Field(description="ids of the runs that were paused, the worst first")


class Halving(Answer):
    """The rule by which the worse half pauses, and the comparisons, also those by request."""

    every: int | None = Field(description="steps between two comparisons; null: by request only")
    metric: str | None
    until: int | None = Field(description="the step of the next comparison; null: there is none")
    rounds: list[HalvingRound]


class Experiment(ExperimentSummary):
    """An experiment with its members."""

    config: dict[str, Any] = Field(description="the requested configuration")
    halving: Halving | None
    seq: int = Field(description="number of the newest frame of its stream")
    members: list[Member]
    groups: list[Group]
    checkpoints: MemberBytes


class GroupStatistics(Group):
    """What the members of a group reached; null where no member has a value."""

    n: int = Field(description="members with a value; those that diverged have none")
    diverged: int
    median: float | None
    quartiles: list[float] | None
    interquartile_mean: float | None
    interval: list[float] | None = Field(
        description="of the interquartile mean, 95 %, bootstrap; null if n is 1"
    )


class MemberValue(Answer):
    """What one member reached."""

    run: str
    value: float | None = Field(description="null if it diverged or has no finite value")
    step: int | None = Field(description="the step of the value")
    reached: int | None = Field(description="the first measured step as good as `goal`; null if none is")


class Comparison(Answer):
    """How probable it is that a member of the first group is better than one of the second."""

    groups: list[int] = Field(description="two indices of groups")
    probability: float = Field(description="a tie counts half")
    interval: list[float] = Field(description="95 %, bootstrap")


class Minimum(Answer):
    """A training loss that several members have."""

    loss: float = Field(description="their median")
    members: list[str] = Field(description="ids of their runs")
    spread: float = Field(description="the highest minus the lowest of their losses")


class Summary(Answer):
    """Statistics of one loss or metric."""

    id: str
    metric: str
    at: Literal["final", "best"] | int
    goal: float | None
    metrics: list[str] = Field(description="losses and metrics that members have")
    higher_is_better: bool
    same_loss: bool = Field(description="whether all members have the same loss function")
    groups: list[GroupStatistics]
    members: list[MemberValue]
    pairs: list[Comparison] = Field(
        description="of groups with at least 2 values; empty for more than 24 groups, and of different losses"
    )
    minima: list[Minimum] = Field(description="the lowest first, of the most frequent loss function")
    distances: Distances | None = Field(
        description="null: at another instant than final, or fewer than 2 trained members of one shape"
    )


class MemberCurve(Answer):
    """The values of one member at the common steps or times."""

    run: str
    values: list[float | None] = Field(description="the last one measured up to each step; null: none")


class GroupCurve(Group):
    """Statistics of a group at the common steps; null where no member has a value."""

    epoch: list[float | None] = Field(description="null by seconds")
    n: list[int] = Field(description="members with a value")
    low: list[float | None] = Field(description="the first quartile")
    median: list[float | None]
    high: list[float | None] = Field(description="the third quartile")


class Curves(Answer):
    """The histories of all members at common steps or times."""

    id: str
    metric: str
    metrics: list[str] = Field(description="losses and metrics that members have")
    by: Literal["step", "seconds"]
    step: list[int] | None = Field(description="null by seconds")
    seconds: list[float] | None = Field(
        description="how long the steps took, those of members that train together together; null by step"
    )
    untimed: list[str] = Field(description="ids of members whose times were not recorded")
    members: list[MemberCurve]
    groups: list[GroupCurve]


class MemberProblem(Answer):
    """The most important problem of a member; of a solved task only if an earlier step was better."""

    run: str
    step: int
    problem: str | None = Field(description="name of the diagnosis in the catalogue; null: there is none")
    layers: list[int] = Field(description="the layers that have it, from 0; empty: the whole network")


class Diagnoses(Answer):
    """The problems of all members."""

    id: str
    members: list[MemberProblem]


class CheckedRounding(Answer):
    """A member that was compared with a single training."""

    run: str
    steps: list[int] = Field(description="the recorded step with which both began, and the compared one")
    exact: bool = Field(description="all weights and the state of the optimizer are equal, bit for bit")
    difference: float = Field(description="the largest of a weight, relative to the largest weight")


class RoundingOfMembers(Answer):
    """How members that train together differ from the same runs alone."""

    id: str
    batched: int = Field(description="members that train together with others")
    alone: int
    checked: list[CheckedRounding] = Field(description="one of each batch that has steps to compare")


class Halved(ExperimentSummary):
    """An experiment after the worse half of its members that trained was paused."""

    metric: str = Field(description="what they were compared by")
    at: int = Field(description="the step at which they were compared: the last that all have reached")
    paused: list[str] = Field(description="ids of the runs that were paused, the worst first")
