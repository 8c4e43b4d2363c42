"""The frame log: no small frame lost, doubled or reordered, whatever the viewers do."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.streaming.frame_log import Frame, FrameLog, LatestFrames, Reset

# What happens: a frame is logged, or a viewer (by number) takes at most so many frames.
STORY = st.lists(st.one_of(st.just("log"), st.tuples(st.integers(0, 3), st.integers(1, 5))), max_size=200)


def logged(count: int, **bounds: int) -> FrameLog:
    log = FrameLog(**bounds)
    for seq in range(1, count + 1):
        log.append(Frame(seq, f"frame {seq}"))
    return log


@given(STORY)
def test_every_viewer_gets_every_frame_once_and_in_order(story):
    log, cursors, seen = FrameLog(), {}, {}
    for happening in story:
        if happening == "log":
            log.append(Frame(log.last + 1, "text"))
            continue
        viewer, limit = happening
        if viewer not in cursors:
            cursors[viewer], seen[viewer] = log.follow(log.last), [log.last]
        seen[viewer] += [frame.seq for frame in cursors[viewer].take(limit)]
    for viewer, cursor in cursors.items():
        while cursor.behind:
            seen[viewer] += [frame.seq for frame in cursor.take()]
        assert seen[viewer] == list(range(seen[viewer][0], log.last + 1))


@given(STORY, st.integers(1, 10))
def test_a_viewer_who_falls_behind_is_notified_and_misses_nothing_afterwards(story, bound):
    log = FrameLog(max_frames=bound)
    cursors, at = {}, {}
    for happening in story:
        if happening == "log":
            log.append(Frame(log.last + 1, "text"))
            continue
        viewer, limit = happening
        cursor = cursors.setdefault(viewer, log.follow(0))
        before = at.get(viewer, 0)
        taken = cursor.take(limit)
        if isinstance(taken, Reset):
            assert before < log.last - bound
            at[viewer] = taken.seq
        else:
            assert [frame.seq for frame in taken] == list(range(before + 1, before + 1 + len(taken)))
            at[viewer] = before + len(taken)


@given(st.integers(0, 30), st.integers(1, 10), st.integers(0, 40))
def test_any_after_is_either_replayed_without_a_gap_or_answered_with_reset(count, bound, after):
    log = logged(count, max_frames=bound)
    taken = log.follow(after).take(1000)
    if count - min(count, bound) <= after <= count:
        assert [frame.seq for frame in taken] == list(range(after + 1, count + 1))
    else:
        assert taken == Reset(count)


def test_the_log_keeps_no_more_characters_than_allowed():
    log = logged(1000, max_characters=200)
    assert log.last == 1000
    assert log.first_after > 970


def test_a_log_that_was_taken_up_again_replays_nothing_it_does_not_have():
    log = FrameLog(last=500)
    assert log.follow(499).take() == Reset(500)
    assert log.follow(500).take() == []


@settings(max_examples=50)
@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_of_each_view_only_the_newest_picture_waits(ids):
    latest = LatestFrames()
    for number, view_id in enumerate(ids):
        latest.put(view_id, f"{view_id}{number}")
    for view_id in set(ids):
        assert latest.take(view_id) == f"{view_id}{len(ids) - 1 - ids[::-1].index(view_id)}"
    assert latest.waiting() == []


def test_the_view_that_has_waited_longest_is_first():
    latest = LatestFrames()
    for view_id in ("a", "b", "a"):
        latest.put(view_id, "text")
    assert latest.waiting() == ["a", "b"]
