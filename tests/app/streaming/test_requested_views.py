"""Watching: what is computed for viewers, and when."""

from app.streaming.requested_views import Watch
from app.workers.messages import Version, ViewKey

BOUNDARY, NETWORK = ViewKey("decision_boundary", "{}"), ViewKey("network", "{}")


def version(step):
    return Version(0, step, 0)


def watching(**fps):
    watch = Watch()
    watch.set_keys({ViewKey(name, "{}"): value for name, value in fps.items()}, 0.0)
    return watch


def test_weights_are_asked_for_once_somebody_watches():
    watch = watching(network=30)
    assert watch.todo(0.0).want_fps == 30
    assert watch.todo(0.0).want_fps is None


def test_nothing_is_done_for_a_run_that_nobody_watches():
    watch = watching()
    watch.arrived(version(1), b"")
    todo = watch.todo(0.0)
    assert todo.paint == () and todo.want_fps is None and todo.wake is None


def test_the_weights_are_asked_for_at_the_fastest_viewers_pace():
    assert watching(network=5, decision_boundary=30).todo(0.0).want_fps == 30


def test_a_picture_nobody_took_is_not_followed_by_another():
    watch = watching(network=30)
    watch.arrived(version(1), b"")
    assert watch.todo(0.0).paint == (NETWORK,)
    watch.painted(NETWORK, version(1), "text")
    watch.arrived(version(2), b"")
    todo = watch.todo(1.0)
    assert todo.paint == () and todo.want_fps is None
    watch.taken(NETWORK)
    assert watch.todo(1.0).paint == (NETWORK,)


def test_the_same_weights_are_not_drawn_twice():
    watch = watching(network=30)
    watch.arrived(version(1), b"")
    watch.todo(0.0)
    watch.painted(NETWORK, version(1), "text")
    watch.taken(NETWORK)
    assert watch.todo(1.0).paint == ()


def test_a_slow_view_is_drawn_when_its_time_has_come_also_after_training_has_ended():
    watch = watching(network=1, decision_boundary=30)
    for step in (1, 2):
        watch.arrived(version(step), b"")
        todo = watch.todo(0.04 * (step - 1))
        for key in todo.paint:
            watch.painted(key, version(step), "text")
            watch.taken(key)
    assert todo.paint == (BOUNDARY,)
    assert todo.wake == 1.0
    assert watch.todo(1.0).paint == (NETWORK,)


def test_a_view_that_cannot_be_drawn_is_tried_again_with_newer_weights_now_and_then():
    watch = watching(network=30)
    watch.arrived(version(1), b"")
    watch.todo(0.0)
    watch.painted(NETWORK, version(1), None)
    assert watch.todo(1.0).paint == ()
    tried = []
    for step in range(100):
        watch.arrived(version(step + 2), b"")
        if watch.todo(1.0 + step / 10).paint:
            tried.append(step)
            watch.painted(NETWORK, version(step + 2), None)
    assert tried == [0, 11, 31, 51, 71, 91]
    watch.arrived(version(200), b"")
    assert watch.todo(12.1).paint == (NETWORK,)
    watch.painted(NETWORK, version(200), "text")
    watch.taken(NETWORK)
    watch.arrived(version(201), b"")
    assert watch.todo(14.1).paint == (NETWORK,)
    watch.painted(NETWORK, version(201), "text")
    watch.taken(NETWORK)
    watch.arrived(version(202), b"")
    assert watch.todo(14.2).paint == (NETWORK,)  # as often as usual again


def test_weights_are_asked_for_again_where_they_are_wanted_sooner():
    watch = watching(network=30, decision_boundary=30)
    watch.arrived(version(1), b"")
    watch.todo(0.0)
    watch.painted(NETWORK, version(1), None)
    watch.arrived(version(2), b"")
    assert watch.todo(0.01).want_fps == 0.5
    watch.painted(BOUNDARY, version(1), "text")
    watch.taken(BOUNDARY)
    assert watch.todo(0.02).want_fps == 30
    assert watch.todo(0.03).want_fps is None


def test_what_a_lost_painter_was_drawing_is_drawn_again():
    watch = watching(network=30)
    watch.arrived(version(1), b"")
    watch.todo(0.0)
    watch.painter_lost()
    assert watch.todo(1.0).paint == (NETWORK,)


def test_a_silent_view_does_not_hold_up_the_others():
    watch = watching(network=30, decision_boundary=30)
    watch.arrived(version(1), b"")
    watch.todo(0.0)
    for key in (NETWORK, BOUNDARY):
        watch.painted(key, version(1), "text")
    watch.taken(BOUNDARY)
    assert watch.todo(0.01).want_fps == 30 or watch.asked
    watch.arrived(version(2), b"")
    assert watch.todo(1.0).paint == (BOUNDARY,)


TRACE = ViewKey("sample_trace", "{}")


def test_a_heavy_view_is_drawn_no_faster_than_is_worth_it():
    watch = watching(sample_trace=30)
    todo = watch.todo(0.0)
    assert todo.want_fps == 5


def test_full_weights_are_asked_for_when_a_view_that_needs_them_is_due_and_only_then():
    watch = watching(network=30, sample_trace=30)
    todo = watch.todo(0.0)
    assert not todo.want_full
    watch.arrived(version(1), b"light")
    todo = watch.todo(0.0)
    assert todo.paint == (NETWORK,)
    assert todo.want_full and todo.want_anew
    watch.arrived(version(1), b"full", full=True)
    assert watch.todo(0.01).paint == (TRACE,)
    for key in (NETWORK, TRACE):
        watch.painted(key, version(1), "text")
        watch.taken(key)
    assert not watch.todo(0.05).want_full
    watch.arrived(version(2), b"light")
    todo = watch.todo(0.06)
    assert (todo.paint, todo.want_full, todo.wake) == ((NETWORK,), False, 0.2)


def test_full_weights_are_asked_for_also_while_newer_light_ones_are_awaited():
    watch = watching(network=30)
    watch.arrived(version(1), b"light")
    assert watch.todo(0.0).want_fps
    watch.painted(NETWORK, version(1), "text")
    watch.taken(NETWORK)
    watch.set_keys({NETWORK: 30, TRACE: 30}, 0.2)
    todo = watch.todo(0.2)
    assert todo.want_full and todo.want_anew
    watch.arrived(version(2), b"light that was under way")
    assert watch.todo(0.3).want_fps is None


def test_only_full_weights_are_asked_for_where_no_view_is_content_with_less():
    watch = watching(sample_trace=5)
    todo = watch.todo(0.0)
    assert todo.want_full and not todo.want_anew


def test_a_view_that_is_being_drawn_for_nobody_is_named():
    watch = watching(network=30, decision_boundary=30)
    watch.arrived(version(1), b"")
    watch.todo(0.0)
    watch.painted(BOUNDARY, version(1), "text")
    assert watch.set_keys({}, 1.0) == frozenset({NETWORK})


def test_full_weights_are_asked_for_at_once_though_newer_full_ones_are_awaited():
    watch = watching(network=30, sample_trace=5)
    watch.arrived(version(1), b"full", full=True)
    assert set(watch.todo(0.0).paint) == {NETWORK, TRACE}
    watch.painted(TRACE, version(1), "text")
    watch.taken(TRACE)
    watch.arrived(version(2), b"light, and the last: training has ended")
    todo = watch.todo(0.05)  # the network is still being drawn, so only the trace, not yet due, has a wish
    assert (todo.paint, todo.want_anew) == ((), False)
    watch.painted(NETWORK, version(1), "text")
    watch.taken(NETWORK)
    assert watch.todo(0.1).paint == (NETWORK,)
    assert watch.todo(0.25).want_anew
    watch.arrived(version(2), b"full", full=True)
    assert watch.todo(0.3).paint == (TRACE,)
