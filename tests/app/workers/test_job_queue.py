"""The queue of the view worker: whose turn it is, and what is cancelled."""

from app.workers.messages import CancelViews, ComputeViews, ViewKey
from app.workers.recorded import Version
from app.workers.views.job_queue import Job, JobQueue

NETWORK, BOUNDARY = ViewKey("network", "{}"), ViewKey("decision_boundary", "{}")


def job(past=False, *keys, run="run"):
    views = ComputeViews(run, Version(0, 0, 0), {}, None, keys) if keys else None
    return Job(iter(()), "task", 0.0, past, views)


def turns(queue, count):
    """The jobs whose turn it is; each has further slices."""
    selected = []
    for _ in range(count):
        selected.append(queue.next())
        queue.add(selected[-1])
    return selected


def test_jobs_of_one_kind_take_turns():
    for past in (False, True):
        queue, jobs = JobQueue(), [job(past) for _ in range(3)]
        for each in jobs:
            queue.add(each)
        assert turns(queue, 6) == jobs + jobs


def test_many_jobs_about_the_past_delay_one_about_the_present_by_one_slice_at_a_time():
    queue, present = JobQueue(), job()
    for _ in range(100):
        queue.add(job(past=True))
    queue.add(present)
    assert turns(queue, 20).count(present) == 10


def test_jobs_about_the_past_all_get_turns_beside_one_about_the_present():
    queue, past = JobQueue(), [job(past=True) for _ in range(5)]
    for each in [job(), *past]:
        queue.add(each)
    assert set(past) < set(turns(queue, 10))


def test_jobs_whose_views_are_all_cancelled_are_removed():
    queue = JobQueue()
    kept = [job(False, NETWORK, BOUNDARY), job(False, NETWORK, run="other"), job()]
    for each in [*kept, job(False, NETWORK), job(True, NETWORK)]:
        queue.add(each)
    queue.cancel(CancelViews("run", frozenset({NETWORK})))
    assert len(queue) == 3
    assert [queue.next() for _ in range(3)] == kept
