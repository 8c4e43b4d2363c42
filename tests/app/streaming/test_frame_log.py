"""The frame log: viewers get every frame once and in order, or a reset."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.streaming.frame_log import Frame, FrameLog, LatestFrames, Reset

# Actions: a frame is logged, or a viewer (by number) takes at most a number of frames.
ACTIONS = st.lists(st.one_of(st.just("log"), st.tuples(st.integers(0, 3), st.integers(1, 5))), max_size=200)


def logged(count: int, **bounds: int) -> FrameLog:
    log = FrameLog(**bounds)
    for seq in range(1, count + 1):
        log.append(Frame(seq, f"frame {seq}"))
    return log


@given(ACTIONS)
def test_every_viewer_gets_every_frame_once_and_in_order(actions):
    log, cursors, seqs = FrameLog(), {}, {}
    for action in actions:
        if action == "log":
            log.append(Frame(log.last + 1, "text"))
            continue
        viewer, limit = action
        if viewer not in cursors:
            cursors[viewer], seqs[viewer] = log.follow(log.last), [log.last]
        seqs[viewer] += [frame.seq for frame in cursors[viewer].take(limit)]
    for viewer, cursor in cursors.items():
        while cursor.behind:
            seqs[viewer] += [frame.seq for frame in cursor.take()]
        assert seqs[viewer] == list(range(seqs[viewer][0], log.last + 1))


@given(ACTIONS, st.integers(1, 10))
def test_a_slow_viewer_gets_a_reset_and_every_frame_after_it(actions, bound):
    log = FrameLog(max_frames=bound)
    cursors, positions = {}, {}
    for action in actions:
        if action == "log":
            log.append(Frame(log.last + 1, "text"))
            continue
        viewer, limit = action
        cursor = cursors.setdefault(viewer, log.follow(0))
        before = positions.get(viewer, 0)
        taken = cursor.take(limit)
        if isinstance(taken, Reset):
            assert before < log.last - bound
            positions[viewer] = taken.seq
        else:
            assert [frame.seq for frame in taken] == list(range(before + 1, before + 1 + len(taken)))
            positions[viewer] = before + len(taken)


@given(st.integers(0, 30), st.integers(1, 10), st.integers(0, 40))
def test_any_seq_is_answered_with_all_later_frames_or_with_reset(count, bound, after):
    log = logged(count, max_frames=bound)
    taken = log.follow(after).take(1000)
    if count - min(count, bound) <= after <= count:
        assert [frame.seq for frame in taken] == list(range(after + 1, count + 1))
    else:
        assert taken == Reset(count)


def test_the_log_keeps_at_most_max_characters():
    log = logged(1000, max_characters=200)
    assert log.last == 1000
    assert log.first_after > 970


def test_a_log_that_continues_after_a_restart_answers_earlier_seqs_with_reset():
    log = FrameLog(last=500)
    assert log.follow(499).take() == Reset(500)
    assert log.follow(500).take() == []


@settings(max_examples=50)
@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_only_the_latest_frame_of_a_view_is_kept(ids):
    latest = LatestFrames()
    for number, view_id in enumerate(ids):
        latest.put(view_id, f"{view_id}{number}")
    for view_id in set(ids):
        assert latest.take(view_id) == f"{view_id}{len(ids) - 1 - ids[::-1].index(view_id)}"
    assert latest.view_ids() == []


def test_a_replaced_frame_keeps_its_order():
    latest = LatestFrames()
    for view_id in ("a", "b", "a"):
        latest.put(view_id, "text")
    assert latest.view_ids() == ["a", "b"]
