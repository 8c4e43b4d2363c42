"""Run assignments: how many runs train at once follows from what they need."""

from types import SimpleNamespace

import pytest

from app.workers.heartbeat import Heartbeat
from app.workers.messages import LoadRun
from app.workers.run_assignments import RunAssignments
from app.workers.run_costs import Capacity, Need, estimated_share, slice_seconds
from app.workers.watchdog import MAX_OVERDUE
from app.workers.worker_handle import WorkerHandle
from engine.tasks.resolve import parse

CONFIG = parse({}).model_dump(mode="json")


def assignments(workers, fast=64):
    runs = RunAssignments(Capacity(fast))
    for _ in range(workers):
        runs.workers.append(WorkerHandle(SimpleNamespace(send=lambda message: None)))
    return runs


def fill(runs, speed, config=CONFIG):
    """Starts runs of this speed until there is no room for one more; returns their number."""
    share, number = estimated_share(config, speed), 0
    while runs.has_room(Need(share), []):
        run = f"{speed} {len(runs.workers)} {number}"
        load = LoadRun(run, config, None, "running", False, speed, (0, -1))
        runs.load(load, lambda run: True)
        number += 1
    return number


@pytest.mark.parametrize("workers", [1, 3])
def test_two_hundred_runs_at_300_steps_a_second_train_in_a_worker_and_64_at_full_speed(workers):
    assert fill(assignments(workers), 300) >= 200 * workers
    assert fill(assignments(workers), None) == 64 * workers
    assert fill(assignments(workers), 100_000) == 64 * workers


def test_however_little_runs_need_their_number_is_limited():
    assert fill(assignments(1), 1) == 8 * 64


def test_runs_are_divided_equally_among_the_workers():
    runs = assignments(3, fast=4)
    assert fill(runs, None) == 12
    assert [worker.running for worker in runs.workers] == [4, 4, 4]


def test_measured_needs_replace_the_estimates():
    runs = assignments(1, fast=4)
    fill(runs, None)
    (worker,) = runs.workers
    assert not runs.has_room(Need(0.01), [])
    worker.on_heartbeat(Heartbeat(1.0, dict.fromkeys(worker.runs, 0.1) | {"unloaded": 0.5}))
    assert runs.has_room(Need(0.25), []) and runs.has_room(Need(0.25), [Need(0.25)])
    assert not runs.has_room(Need(0.25), [Need(0.25), Need(0.25)])
    assert "unloaded" not in worker.shares


def test_a_paused_run_moves_if_its_worker_has_no_room_for_it():
    runs = assignments(2, fast=1)
    for number in range(2):
        runs.load(LoadRun(f"{number}", CONFIG, None, "paused", False, None, (0, -1)), lambda run: True)
    assert not runs.must_move_to_run("0", Need(1.0))
    worker = runs.worker_of("0")
    worker.runs["other"], worker.shares["other"] = True, 1.0
    assert runs.must_move_to_run("0", Need(1.0))
    runs.set_running("0", True)
    assert not runs.must_move_to_run("0", Need(1.0))


def test_a_batch_takes_the_room_of_one_run_and_all_its_runs_train_in_one_worker():
    runs = assignments(2, fast=2)
    for number in range(6):
        need = Need(1.0, "a" if number < 3 else "b")
        assert runs.has_room(need, [])
        load = LoadRun(f"{number}", CONFIG, None, "running", False, None, (0, -1), batch=need.batch)
        runs.load(load, lambda run: True)
    assert sorted(sorted(worker.runs) for worker in runs.workers) == [["0", "1", "2"], ["3", "4", "5"]]
    assert fill(runs, None) == 2 and not runs.has_room(Need(1.0, "c"), [])
    assert runs.has_room(Need(1.0, "b"), []) and runs.has_room(Need(1.0, "c"), [Need(1.0, "c")])


def test_a_paused_run_moves_to_the_worker_in_which_its_batch_trains():
    runs = assignments(2)
    for run, status, batch in (("0", "paused", "a"), ("other", "running", None), ("1", "running", "a")):
        runs.load(LoadRun(run, CONFIG, None, status, False, None, (0, -1), batch=batch), lambda run: True)
    assert not runs.must_move_to_run("0", Need(1.0, "a"))
    runs.worker_of("other").batches["other"] = runs.worker_of("0").batches.pop("1")
    assert runs.must_move_to_run("0", Need(1.0, "a"))


def test_larger_networks_and_episodes_are_estimated_to_need_more():
    wide = parse({"layers": [{"units": 128}, {"units": 128}]}).model_dump(mode="json")
    episodes = parse({"paradigm": "policy_gradient"}).model_dump(mode="json")
    shares = [estimated_share(config, 10) for config in (CONFIG, wide, episodes)]
    assert shares == sorted(shares) and shares[0] < shares[2] / 100
    assert estimated_share(CONFIG, None) == 1.0


def test_a_slice_of_a_very_large_network_may_take_long_and_an_ordinary_one_may_not():
    ordinary = {"layers": [{"units": 64}] * 4, "batch_size": 512}
    large = {"layers": [{"units": 1024}] * 2, "dataset": {"name": "spiral", "samples": 200_000}}
    seconds = [
        slice_seconds(parse(config).model_dump(mode="json"))
        for config in ({}, ordinary, large | {"batch_size": 100_000})
    ]
    assert max(seconds[:2]) < MAX_OVERDUE
    # One step multiplies 6e11 numbers.
    assert seconds[2] > 60
