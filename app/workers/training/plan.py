"""Plan: when the sessions and batches of a worker have turns, and when sessions have messages to send."""

from collections.abc import Iterator
from time import perf_counter

from app.workers.training.batch import Batch
from app.workers.training.pacing import Rhythm
from app.workers.training.session import TrainingSession
from app.workers.training.turns import Heap, Turns


class Plan:
    """The turns of sessions and of batches, which have one turn for all their sessions."""

    def __init__(self) -> None:
        self._batches: dict[str, Batch] = {}
        self._turns: Turns[TrainingSession | Batch] = Turns()
        self._reports: Heap[TrainingSession] = Heap()  # by the time at which a message is due
        self._training: set[TrainingSession | Batch] = set()  # those that take turns

    def set(self, session: TrainingSession) -> None:
        """Plan the next turn and the next message of a session, after anything that can change them."""
        self._assign(session)
        due = session.training_due() if session.batched is None else None
        report_due = session.reports.due(session.version, session.status == "running")
        self._set_turn(session, due)
        if report_due is None or session.batched is not None:  # a batch sends them after each of its turns
            self._reports.discard(session)
        else:
            self._reports.set(session, report_due)

    def set_batch(self, batch: Batch) -> None:
        """Plan the next turn of a batch; one without sessions ends."""
        self._set_turn(batch, 0.0 if batch.sessions else None)
        if not batch.sessions:
            self._turns.remove(batch)
            self._batches.pop(batch.name, None)

    def remove(self, session: TrainingSession) -> None:
        """Remove a session."""
        self.leave_batch(session)
        self._turns.remove(session)
        self._reports.discard(session)
        self._training.discard(session)

    def leave_batch(self, session: TrainingSession) -> None:
        """Remove a session from its batch, if it is in one: it has a state of its own afterwards."""
        batch = self._batches.get(session.batch or "")
        if batch is not None and batch.sessions.get(session.run) is session:
            batch.remove(session)
            self.set_batch(batch)

    def next(self, now: float) -> TrainingSession | Batch | None:
        """Returns what has the next turn, which must be planned again after it; None: nothing is due."""
        return self._turns.next(now)

    def due_reports(self, now: float) -> Iterator[TrainingSession]:
        """Returns the sessions with due messages, which must be planned again after they were sent."""
        return self._reports.pop_all(now)

    def spend(self, item: TrainingSession | Batch, seconds: float) -> None:
        """Record the processor time of a turn."""
        self._turns.spend(item, seconds)

    def seconds_until_due(self) -> float | None:
        """Returns the seconds until a turn or a message is due; None: none is planned."""
        times = [time for time in (self._turns.next_due(), self._reports.least()) if time is not None]
        return max(0.0, min(times) - perf_counter()) if times else None

    def rhythm(self) -> Rhythm:
        """Returns the rhythm of the sessions and batches that train."""
        return Rhythm.of(len(self._training))

    def shares(self) -> dict[str, float]:
        """Returns the share of a core that each run needs which trains alone, where it is known."""
        sessions = [item for item in self._training if isinstance(item, TrainingSession)]
        shares = {session.run: session.share() for session in sessions}
        return {run: share for run, share in shares.items() if share is not None}

    def _assign(self, session: TrainingSession) -> None:
        """Adds a session to the batch with which it can train, or removes it from there."""
        if session.batched is None:
            return self.leave_batch(session)
        batch = self._batches.setdefault(session.batched, Batch(session.batched))
        if batch.sessions.get(session.run) is not session:
            batch.add(session)
            self.set_batch(batch)

    def _set_turn(self, item: TrainingSession | Batch, due: float | None) -> None:
        self._turns.plan(item, due)
        (self._training.discard if due is None else self._training.add)(item)
