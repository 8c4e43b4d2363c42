"""Batch: sessions join once they have the same step, and go on alone if their steps raise an exception."""

import numpy as np
import pytest

from app.workers.messages import LoadRun
from app.workers.training.batch import NEAR, Batch
from app.workers.training.loading import RunLoader
from app.workers.training.pacing import Rhythm
from engine.datasets.tables.library import NO_TABLES
from engine.tasks.resolve import parse
from engine.training.batched.ensemble import Ensemble
from engine.training.trainer import Trainer

RHYTHM = Rhythm.of(1)


@pytest.fixture
def make_session():
    """Loads a run of this seed in a batch, and trains it for some steps."""
    loader = RunLoader(NO_TABLES)

    def make(seed, steps=0):
        config = parse({"seed": seed, "epochs": 1000, "layers": [{"units": 3}]}).model_dump(mode="json")
        load = LoadRun(f"{seed}", config, None, "running", False, None, (0, -1), batch="batch")
        session = loader.session(load, lambda message: None)
        session.reports.advance_and_record(steps)
        return session

    return make


def batch_of(*sessions):
    batch = Batch("batch")
    for session in sessions:
        batch.add(session)
    return batch


def trained_alone(session):
    """The memory of the same training alone, at the step of the session."""
    trainer = Trainer(session.trainer.config, session.trainer.data)
    trainer.advance(session.trainer.state.step)
    return trainer.state.memory


def steps_of(*sessions):
    return [session.trainer.state.step for session in sessions]


def test_sessions_that_are_behind_train_alone_to_the_step_of_the_foremost_before_all_train_together(
    make_session,
):
    first, second, third = make_session(0, 40), make_session(1), make_session(2, 10)
    batch = batch_of(first, second, third)
    while (alone := batch.turn()) is not None:
        session, limit = alone
        assert session is not first
        session.work(0.0, RHYTHM, limit)
    assert steps_of(first, second, third) == [40, 40, 40]
    assert set(batch.work(RHYTHM)) == {first, second, third}
    assert len(set(steps_of(first, second, third))) == 1 and first.trainer.state.step > 40
    for session in (first, second, third):
        assert np.array_equal(session.trainer.state.memory, trained_alone(session))


def test_a_session_far_behind_trains_alone_and_the_others_do_not_wait_for_it(make_session):
    first, second, far = make_session(0, NEAR + 10), make_session(1, NEAR + 10), make_session(2)
    batch = batch_of(first, second, far)
    turns = [batch.turn() for _ in range(2)]
    assert [turn and turn[0] for turn in turns].count(far) == 1 and None in turns
    assert set(batch.work(RHYTHM)) == {first, second}


def test_a_removed_session_goes_on_alone_with_the_same_weights(make_session):
    first, second, third = (make_session(seed) for seed in range(3))
    batch = batch_of(first, second, third)
    assert batch.turn() is None
    batch.work(RHYTHM)
    batch.remove(second)
    before = second.trainer.state.step
    assert batch.turn() is None
    batch.work(RHYTHM)
    assert second.trainer.state.step == before < first.trainer.state.step
    second.trainer.advance(30)
    for session in (first, second, third):
        assert np.array_equal(session.trainer.state.memory, trained_alone(session))


def test_after_an_exception_each_session_goes_on_alone_from_its_last_copy(make_session, monkeypatch):
    sessions = [make_session(seed) for seed in range(3)]
    batch = batch_of(*sessions)
    assert batch.turn() is None
    batch.work(RHYTHM)

    def fail(ensemble, steps):
        raise FloatingPointError("in the steps of all")

    monkeypatch.setattr(Ensemble, "advance", fail)
    with pytest.raises(FloatingPointError):
        batch.work(RHYTHM)
    assert batch.dissolve() == sessions
    assert batch.sessions == {} and {session.batched for session in sessions} == {None}
    for session in sessions:
        session.reports.advance_and_record(20)
        assert np.array_equal(session.trainer.state.memory, trained_alone(session))
