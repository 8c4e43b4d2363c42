"""Requested steps: which views of past steps are computed, and when again."""

from app.streaming.requested_steps import RequestedSteps
from app.workers.messages import ViewKey
from app.workers.recorded import PastStep, Position, Version


def key(name, step, attempt=0):
    return ViewKey(name, "{}", PastStep(attempt, step))


NETWORK, BOUNDARY, LATER = key("network", 5), key("decision_boundary", 5), key("network", 9)


def request_steps(*keys):
    steps = RequestedSteps(newest_event=3)
    steps.set_views(keys)
    return steps


def test_all_views_of_a_step_are_computed_together_and_steps_in_the_order_of_their_requests():
    steps = request_steps(LATER, NETWORK, BOUNDARY)
    assert steps.next_views() == (PastStep(0, 9), Version(0, 9, 3), (LATER,))
    assert steps.next_views() == (PastStep(0, 5), Version(0, 5, 3), (NETWORK, BOUNDARY))
    assert steps.next_views() is None


def test_only_the_newest_step_of_a_viewer_that_drags_is_computed():
    steps = request_steps(key("network", 0))
    steps.next_views()
    for step in range(1, 50):
        steps.set_views([key("network", step)])
    assert steps.next_views()[0] == PastStep(0, 49)
    assert steps.next_views() is None


def test_a_step_that_another_viewer_has_requested_too_is_not_computed_again():
    steps = request_steps(NETWORK)
    _, version, _ = steps.next_views()
    steps.on_view(NETWORK, version, "text")
    assert steps.set_views([NETWORK, BOUNDARY]) == frozenset()
    assert steps.next_views()[2] == (BOUNDARY,)
    assert steps.views[NETWORK].frame == "text"


def test_the_views_of_a_step_that_is_being_computed_and_lost_its_viewers_are_cancelled():
    steps = request_steps(NETWORK, BOUNDARY)
    _, version, _ = steps.next_views()
    steps.on_view(NETWORK, version, "text")
    # Also the one that was computed: a computation is cancelled if all its views are.
    assert steps.set_views([LATER]) == {NETWORK, BOUNDARY}


def test_views_that_were_computed_or_not_begun_are_not_cancelled():
    steps = request_steps(NETWORK)
    assert steps.set_views([BOUNDARY]) == frozenset()
    _, version, _ = steps.next_views()
    steps.on_view(BOUNDARY, version, "text")
    assert steps.set_views([]) == frozenset()


def test_the_result_of_a_view_that_is_no_longer_requested_is_ignored():
    steps = request_steps(NETWORK)
    _, version, _ = steps.next_views()
    steps.set_views([LATER])
    assert not steps.on_view(NETWORK, version, "text")


def test_an_event_at_a_step_makes_its_views_outdated_and_no_others():
    steps = request_steps(NETWORK, LATER)
    (_, before, _), (_, version, _) = steps.next_views(), steps.next_views()
    steps.on_view(LATER, version, "text")
    assert steps.on_events(Position(0, 5, 1), newest_event=4) == {NETWORK}
    assert not steps.on_view(NETWORK, before, "text before the event")
    assert steps.next_views() == (PastStep(0, 5), Version(0, 5, 4), (NETWORK,))
    assert steps.next_views() is None


def test_outdated_views_that_were_computed_need_not_be_cancelled():
    steps = request_steps(NETWORK)
    _, version, _ = steps.next_views()
    steps.on_view(NETWORK, version, "text")
    assert steps.on_events(Position(0, 5, 1), newest_event=4) == frozenset()
    assert steps.next_views()[2] == (NETWORK,)


def test_frames_without_a_new_event_and_events_of_other_attempts_change_nothing():
    steps = request_steps(NETWORK)
    steps.next_views()
    assert steps.on_events(Position(0, 5, 1), newest_event=3) is None
    assert steps.on_events(Position(1, 5, 1), newest_event=4) == frozenset()
    assert steps.next_views() is None


def test_a_view_that_failed_is_computed_again_only_if_it_is_asked_for_again():
    steps = request_steps(NETWORK)
    _, version, _ = steps.next_views()
    steps.retry(NETWORK)
    assert steps.next_views() is None
    steps.on_view(NETWORK, version, None)
    assert steps.next_views() is None
    steps.retry(NETWORK)
    assert steps.next_views()[2] == (NETWORK,)


def test_views_of_past_steps_of_a_lost_view_worker_are_computed_again():
    steps = request_steps(NETWORK, LATER)
    _, version, _ = steps.next_views()
    steps.on_view(NETWORK, version, "text")
    steps.next_views()
    steps.on_view_worker_lost()
    assert steps.next_views()[2] == (LATER,)
    assert steps.next_views() is None
