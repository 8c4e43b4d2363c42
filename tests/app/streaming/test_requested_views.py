"""Requested views: which views are computed, and when weights are requested."""

from app.streaming.requested_views import RequestedViews
from app.workers.messages import ViewKey
from app.workers.recorded import Version

BOUNDARY, NETWORK = ViewKey("decision_boundary", "{}"), ViewKey("network", "{}")


def version(step):
    return Version(0, step, 0)


def request_views(**fps):
    views = RequestedViews()
    views.set_views({ViewKey(name, "{}"): value for name, value in fps.items()}, 0.0)
    return views


def test_weights_are_requested_once_a_viewer_subscribes():
    views = request_views(network=30)
    assert views.next_actions(0.0).request.fps == 30
    assert views.next_actions(0.0).request is None


def test_nothing_is_requested_for_a_run_without_viewers():
    views = request_views()
    views.on_weights(version(1), b"")
    actions = views.next_actions(0.0)
    assert actions.compute == () and actions.request is None and actions.wake_at is None


def test_weights_are_requested_at_the_highest_rate_of_the_views():
    assert request_views(network=5, decision_boundary=30).next_actions(0.0).request.fps == 30


def test_a_view_is_not_computed_again_before_it_was_sent():
    views = request_views(network=30)
    views.on_weights(version(1), b"")
    assert views.next_actions(0.0).compute == (NETWORK,)
    views.on_view(NETWORK, version(1), "text")
    views.on_weights(version(2), b"")
    actions = views.next_actions(1.0)
    assert actions.compute == () and actions.request is None
    views.on_sent(NETWORK)
    assert views.next_actions(1.0).compute == (NETWORK,)


def test_a_view_is_not_computed_twice_for_the_same_weights():
    views = request_views(network=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view(NETWORK, version(1), "text")
    views.on_sent(NETWORK)
    assert views.next_actions(1.0).compute == ()


def test_a_slow_view_is_computed_when_it_is_due_after_the_last_weights():
    views = request_views(network=1, decision_boundary=30)
    for step in (1, 2):
        views.on_weights(version(step), b"")
        actions = views.next_actions(0.04 * (step - 1))
        for key in actions.compute:
            views.on_view(key, version(step), "text")
            views.on_sent(key)
    assert actions.compute == (BOUNDARY,)
    assert actions.wake_at == 1.0
    assert views.next_actions(1.0).compute == (NETWORK,)


def test_all_views_are_due_at_once_when_the_training_stops():
    views = request_views(network=1)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view(NETWORK, version(1), "text")
    views.on_sent(NETWORK)
    views.on_weights(version(2), b"")
    assert views.next_actions(0.1).compute == ()
    assert views.set_rounded(False)
    assert views.next_actions(0.1).compute == (NETWORK,)


def test_a_failed_view_is_computed_again_with_newer_weights_at_a_low_rate():
    views = request_views(network=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view(NETWORK, version(1), None)
    assert views.next_actions(1.0).compute == ()
    attempts = []
    for step in range(100):
        views.on_weights(version(step + 2), b"")
        if views.next_actions(1.0 + step / 10).compute:
            attempts.append(step)
            views.on_view(NETWORK, version(step + 2), None)
    assert attempts == [0, 11, 31, 51, 71, 91]
    views.on_weights(version(200), b"")
    assert views.next_actions(12.1).compute == (NETWORK,)
    views.on_view(NETWORK, version(200), "text")
    views.on_sent(NETWORK)
    views.on_weights(version(201), b"")
    assert views.next_actions(14.1).compute == (NETWORK,)
    views.on_view(NETWORK, version(201), "text")
    views.on_sent(NETWORK)
    views.on_weights(version(202), b"")
    assert views.next_actions(14.2).compute == (NETWORK,)  # at the usual rate again


def test_weights_are_requested_again_if_a_view_needs_them_sooner():
    views = request_views(network=30, decision_boundary=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view(NETWORK, version(1), None)
    views.on_weights(version(2), b"")
    assert views.next_actions(0.01).request.fps == 0.5
    views.on_view(BOUNDARY, version(1), "text")
    views.on_sent(BOUNDARY)
    assert views.next_actions(0.02).request.fps == 30
    assert views.next_actions(0.03).request is None


def test_views_of_a_lost_view_worker_are_computed_again():
    views = request_views(network=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view_worker_lost()
    assert views.next_actions(1.0).compute == (NETWORK,)


def test_a_view_without_result_does_not_delay_the_others():
    views = request_views(network=30, decision_boundary=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    for key in (NETWORK, BOUNDARY):
        views.on_view(key, version(1), "text")
    views.on_sent(BOUNDARY)
    views.on_weights(version(2), b"")
    assert views.next_actions(1.0).compute == (BOUNDARY,)


TRACE = ViewKey("sample_trace", "{}")


def test_the_rate_of_a_view_is_limited_by_the_view():
    views = request_views(sample_trace=30)
    actions = views.next_actions(0.0)
    assert actions.request.fps == 5


def test_full_weights_are_requested_only_while_a_view_that_needs_them_is_due():
    views = request_views(network=30, sample_trace=30)
    actions = views.next_actions(0.0)
    assert not actions.request.full
    views.on_weights(version(1), b"light")
    actions = views.next_actions(0.0)
    assert actions.compute == (NETWORK,)
    assert actions.request.full and actions.request.repeat
    views.on_weights(version(1), b"full", full=True)
    assert views.next_actions(0.01).compute == (TRACE,)
    for key in (NETWORK, TRACE):
        views.on_view(key, version(1), "text")
        views.on_sent(key)
    assert not views.next_actions(0.05).request.full
    views.on_weights(version(2), b"light")
    actions = views.next_actions(0.06)
    assert (actions.compute, actions.request.full, actions.wake_at) == ((NETWORK,), False, 0.2)


def test_full_weights_are_requested_while_a_request_for_light_weights_is_pending():
    views = request_views(network=30)
    views.on_weights(version(1), b"light")
    assert views.next_actions(0.0).request.fps
    views.on_view(NETWORK, version(1), "text")
    views.on_sent(NETWORK)
    views.set_views({NETWORK: 30, TRACE: 30}, 0.2)
    actions = views.next_actions(0.2)
    assert actions.request.full and actions.request.repeat
    views.on_weights(version(2), b"light")
    assert views.next_actions(0.3).request is None


def test_full_weights_are_requested_if_every_view_needs_them():
    views = request_views(sample_trace=5)
    actions = views.next_actions(0.0)
    assert actions.request.full and not actions.request.repeat


def test_views_being_computed_that_lost_their_viewers_are_returned():
    views = request_views(network=30, decision_boundary=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view(BOUNDARY, version(1), "text")
    assert views.set_views({}, 1.0) == frozenset({NETWORK})


def test_full_weights_are_requested_while_a_request_for_newer_full_weights_is_pending():
    views = request_views(network=30, sample_trace=5)
    views.on_weights(version(1), b"full", full=True)
    assert set(views.next_actions(0.0).compute) == {NETWORK, TRACE}
    views.on_view(TRACE, version(1), "text")
    views.on_sent(TRACE)
    views.on_weights(version(2), b"light")
    # The network view is being computed, so weights are requested only for the trace, which is not due.
    actions = views.next_actions(0.05)
    assert (actions.compute, actions.request.repeat) == ((), False)
    views.on_view(NETWORK, version(1), "text")
    views.on_sent(NETWORK)
    assert views.next_actions(0.1).compute == (NETWORK,)
    assert views.next_actions(0.25).request.repeat
    views.on_weights(version(2), b"full", full=True)
    assert views.next_actions(0.3).compute == (TRACE,)


def test_views_that_are_requested_again_get_newer_weights_first():
    views = request_views(network=30)
    views.next_actions(0.0)
    views.on_weights(version(1), b"")
    views.set_views({}, 1.0)
    views.on_weights(version(2), b"")
    views.set_views({NETWORK: 30}, 9.0)
    actions = views.next_actions(9.0)
    assert actions.compute == () and actions.request is not None
    views.on_weights(version(3), b"")
    assert views.next_actions(9.0).compute == (NETWORK,)


def test_stored_weights_that_arrive_after_the_last_view_are_requested_again():
    views = request_views(network=30)
    views.next_actions(0.0)
    views.set_views({}, 1.0)
    views.on_weights(version(1), b"", full=True)
    views.stop_requesting()
    views.set_views({NETWORK: 30}, 9.0)
    assert views.next_actions(9.0).request is not None
