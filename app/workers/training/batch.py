"""Batch: the training sessions of runs of equal shape, which take their steps in batched products.

Sessions whose steps are near each other wait for one another: those behind train alone until they have the
step of the foremost one. One that is far from the others trains alone, as long as it is.
"""

from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter

from app.workers.training.pacing import UNLIMITED, Rhythm, SliceSize
from app.workers.training.session import TrainingSession
from engine.training.batched.ensemble import Ensemble
from engine.training.batched.shapes import reason_state_differs
from engine.training.trainer import Trainer

NEAR = 2000  # steps that a session makes up for before it is trained with the others


class Batch:
    """Sessions that train together; it has one turn for all of them.

    A session takes part from `add` until `remove`, or until its training ends.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.sessions: dict[str, TrainingSession] = {}
        self._ensemble: Ensemble | None = None
        self._indices: dict[TrainingSession, int] = {}  # of the sessions in the ensemble
        self._near: list[TrainingSession] = []  # those that wait for one another
        self._alone: list[TrainingSession] = []  # the others
        self._is_arranged = True
        self._turns = 0
        self._slice = SliceSize()

    @property
    def slice_seconds(self) -> float:
        """The processor time that a slice may take."""
        return sum(session.slice_seconds for session in self.sessions.values())

    def add(self, session: TrainingSession) -> None:
        """Train a session with the others from now on."""
        self.sessions[session.run] = session
        self._is_arranged = False

    def remove(self, session: TrainingSession) -> None:
        """Give the session back, with the state that it has now."""
        if self.sessions.pop(session.run, None) is not None:
            self._take_out(session)
            self._is_arranged = False

    def turn(self) -> tuple[TrainingSession, int] | None:
        """Returns the session that trains alone in this turn and its greatest number of steps.

        None: those in the ensemble train, by `work`.
        """
        if not self._is_arranged:
            self._arrange()
        self._turns += 1
        place = self._turns % (len(self._alone) + bool(self._near))
        self._is_arranged = not self._alone
        if place < len(self._alone):
            return self._alone[place], UNLIMITED
        foremost = max(map(_step, self._near))
        behind = next((session for session in self._near if _step(session) < foremost), None)
        if behind is None:
            return None
        self._is_arranged = False
        return behind, foremost - _step(behind)

    def work(self, rhythm: Rhythm) -> list[TrainingSession]:
        """Train one slice of all sessions of the batch; returns them, also those whose training ended."""
        sessions = list(self._indices)
        self._slice.duration = rhythm.slice
        for session in sessions:
            session.reports.unwatched_interval = Rhythm.of(len(self.sessions)).report
        now = began = perf_counter()
        while now < began + rhythm.slice and len(self._indices) == len(sessions):
            now = self._advance(sessions, now)
        return sessions

    def _advance(self, sessions: Sequence[TrainingSession], began: float) -> float:
        """Trains until the next recorded step, for as long as a slice; returns the time after it."""
        assert self._ensemble is not None
        steps = min(min(_steps_left(session)) for session in sessions)
        reports = self._ensemble.advance(min(steps, self._slice.steps))
        now = perf_counter()
        self._slice.observe(max(report.steps for report in reports.values()) or 1, now - began)
        for session in sessions:
            report = reports[self._indices[session]]
            if report.ended is not None or session.hold.ended_at(_step(session)) is not None:
                self.remove(session)
            session.take(report, now, now - began)
        return now

    def dissolve(self) -> list[TrainingSession]:
        """Make the sessions train alone, from their last copies: one of them raised an exception.

        Returns all sessions.
        """
        sessions, ensemble = list(self.sessions.values()), self._ensemble
        for session, index in self._indices.items():
            assert ensemble is not None
            _trainer(session).continue_from(ensemble.take_out_saved(index).state)
            session.reports.plan_recording()
        for session in sessions:
            session.batch = None
        self.sessions.clear()
        self._indices.clear()
        self._ensemble = None
        return sessions

    def _arrange(self) -> None:
        """Determines which sessions are near each other, and joins them once all have the same step."""
        self._is_arranged = True
        near = _largest_group(sorted(self.sessions.values(), key=_step))
        fitting = [session for session in near if _fits(session, near[-1])] if len(near) > 1 else []
        self._near = fitting if len(fitting) > 1 else []
        self._alone = [session for session in self.sessions.values() if session not in self._near]
        if (
            self._near
            and _step(self._near[0]) == _step(self._near[-1])
            and set(self._near) != set(self._indices)
        ):
            self._join()
        for session in [session for session in self._alone if session in self._indices]:
            self._take_out(session)

    def _join(self) -> None:
        trainers = [_trainer(session) for session in self._near]
        checkpoints = [trainer.checkpoint() for trainer in trainers]
        self._ensemble = Ensemble(checkpoints, [trainer.data for trainer in trainers])
        self._indices = {session: index for index, session in enumerate(self._near)}

    def _take_out(self, session: TrainingSession) -> None:
        index = self._indices.pop(session, None)
        if index is not None and self._ensemble is not None:
            _trainer(session).continue_from(self._ensemble.take_out(index).state)


def _trainer(session: TrainingSession) -> Trainer:
    assert isinstance(session.trainer, Trainer), "only supervised runs train in batches"
    return session.trainer


def _step(session: TrainingSession) -> int:
    step: int = session.trainer.state.step
    return step


def _steps_left(session: TrainingSession) -> tuple[int, int]:
    """The steps until the next recorded one, and until the one at which the session pauses."""
    return session.reports.steps_until_recorded(), session.hold.left(_step(session))


def _fits(session: TrainingSession, other: TrainingSession) -> bool:
    """Whether a session can train with another one, once it has the same step."""
    state, others = session.trainer.state, other.trainer.state
    if state.step != others.step:
        return True
    return reason_state_differs(state, others) is None


def _largest_group(ordered: Sequence[TrainingSession]) -> list[TrainingSession]:
    """Returns the most sessions, of those in the order of their steps, between which no gap is wide."""
    groups = [[ordered[0]]] if ordered else [[]]
    for before, session in pairwise(ordered):
        if _step(session) - _step(before) > NEAR:
            groups.append([])
        groups[-1].append(session)
    return max(groups, key=len)
