"""Which views are computed for viewers, and when."""

from app.streaming.requested_views import RequestedViews
from app.workers.messages import Version, ViewKey

BOUNDARY, NETWORK = ViewKey("decision_boundary", "{}"), ViewKey("network", "{}")


def version(step):
    return Version(0, step, 0)


def requested(**fps):
    views = RequestedViews()
    views.set_views({ViewKey(name, "{}"): value for name, value in fps.items()}, 0.0)
    return views


def test_weights_are_requested_once_a_viewer_subscribes():
    views = requested(network=30)
    assert views.next_actions(0.0).request.fps == 30
    assert views.next_actions(0.0).request is None


def test_nothing_is_requested_for_a_run_without_viewers():
    views = requested()
    views.on_weights(version(1), b"")
    actions = views.next_actions(0.0)
    assert actions.compute == () and actions.request is None and actions.wake_at is None


def test_the_weights_are_asked_for_at_the_fastest_viewers_pace():
    assert requested(network=5, decision_boundary=30).next_actions(0.0).request.fps == 30


def test_a_view_that_was_not_taken_is_not_followed_by_another():
    views = requested(network=30)
    views.on_weights(version(1), b"")
    assert views.next_actions(0.0).compute == (NETWORK,)
    views.on_view(NETWORK, version(1), "text")
    views.on_weights(version(2), b"")
    actions = views.next_actions(1.0)
    assert actions.compute == () and actions.request is None
    views.on_sent(NETWORK)
    assert views.next_actions(1.0).compute == (NETWORK,)


def test_the_same_weights_are_not_drawn_twice():
    views = requested(network=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view(NETWORK, version(1), "text")
    views.on_sent(NETWORK)
    assert views.next_actions(1.0).compute == ()


def test_a_slow_view_is_drawn_when_its_time_has_come_also_after_training_has_ended():
    views = requested(network=1, decision_boundary=30)
    for step in (1, 2):
        views.on_weights(version(step), b"")
        actions = views.next_actions(0.04 * (step - 1))
        for key in actions.compute:
            views.on_view(key, version(step), "text")
            views.on_sent(key)
    assert actions.compute == (BOUNDARY,)
    assert actions.wake_at == 1.0
    assert views.next_actions(1.0).compute == (NETWORK,)


def test_a_view_that_cannot_be_drawn_is_tried_again_with_newer_weights_now_and_then():
    views = requested(network=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view(NETWORK, version(1), None)
    assert views.next_actions(1.0).compute == ()
    tried = []
    for step in range(100):
        views.on_weights(version(step + 2), b"")
        if views.next_actions(1.0 + step / 10).compute:
            tried.append(step)
            views.on_view(NETWORK, version(step + 2), None)
    assert tried == [0, 11, 31, 51, 71, 91]
    views.on_weights(version(200), b"")
    assert views.next_actions(12.1).compute == (NETWORK,)
    views.on_view(NETWORK, version(200), "text")
    views.on_sent(NETWORK)
    views.on_weights(version(201), b"")
    assert views.next_actions(14.1).compute == (NETWORK,)
    views.on_view(NETWORK, version(201), "text")
    views.on_sent(NETWORK)
    views.on_weights(version(202), b"")
    assert views.next_actions(14.2).compute == (NETWORK,)  # as often as usual again


def test_weights_are_asked_for_again_where_they_are_wanted_sooner():
    views = requested(network=30, decision_boundary=30)
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
    views = requested(network=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view_worker_lost()
    assert views.next_actions(1.0).compute == (NETWORK,)


def test_a_view_without_result_does_not_delay_the_others():
    views = requested(network=30, decision_boundary=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    for key in (NETWORK, BOUNDARY):
        views.on_view(key, version(1), "text")
    views.on_sent(BOUNDARY)
    views.on_weights(version(2), b"")
    assert views.next_actions(1.0).compute == (BOUNDARY,)


TRACE = ViewKey("sample_trace", "{}")


def test_a_heavy_view_is_drawn_no_faster_than_is_worth_it():
    views = requested(sample_trace=30)
    actions = views.next_actions(0.0)
    assert actions.request.fps == 5


def test_full_weights_are_asked_for_when_a_view_that_needs_them_is_due_and_only_then():
    views = requested(network=30, sample_trace=30)
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


def test_full_weights_are_asked_for_also_while_newer_light_ones_are_awaited():
    views = requested(network=30)
    views.on_weights(version(1), b"light")
    assert views.next_actions(0.0).request.fps
    views.on_view(NETWORK, version(1), "text")
    views.on_sent(NETWORK)
    views.set_views({NETWORK: 30, TRACE: 30}, 0.2)
    actions = views.next_actions(0.2)
    assert actions.request.full and actions.request.repeat
    views.on_weights(version(2), b"light that was under way")
    assert views.next_actions(0.3).request is None


def test_only_full_weights_are_asked_for_where_no_view_is_content_with_less():
    views = requested(sample_trace=5)
    actions = views.next_actions(0.0)
    assert actions.request.full and not actions.request.repeat


def test_a_view_being_computed_without_viewers_is_named():
    views = requested(network=30, decision_boundary=30)
    views.on_weights(version(1), b"")
    views.next_actions(0.0)
    views.on_view(BOUNDARY, version(1), "text")
    assert views.set_views({}, 1.0) == frozenset({NETWORK})


def test_full_weights_are_asked_for_at_once_though_newer_full_ones_are_awaited():
    views = requested(network=30, sample_trace=5)
    views.on_weights(version(1), b"full", full=True)
    assert set(views.next_actions(0.0).compute) == {NETWORK, TRACE}
    views.on_view(TRACE, version(1), "text")
    views.on_sent(TRACE)
    views.on_weights(version(2), b"light, and the last: training has ended")
    actions = views.next_actions(
        0.05
    )  # the network is still being drawn, so only the trace, not yet due, has a request
    assert (actions.compute, actions.request.repeat) == ((), False)
    views.on_view(NETWORK, version(1), "text")
    views.on_sent(NETWORK)
    assert views.next_actions(0.1).compute == (NETWORK,)
    assert views.next_actions(0.25).request.repeat
    views.on_weights(version(2), b"full", full=True)
    assert views.next_actions(0.3).compute == (TRACE,)
