"""Which checkpoints of an attempt are kept within its budget."""

from hypothesis import given
from hypothesis import strategies as st

from app.runs.history.checkpoint_retention import Recorded, least_needed
from app.storage.attempts import CheckpointEntry
from engine.training.recorded_steps import next_recorded

ENTRIES = st.dictionaries(
    st.integers(0, 10_000),
    st.tuples(st.integers(1, 1000), st.sampled_from(["recorded", "recorded", "event"])),
    min_size=1,
    max_size=60,
)


def checkpoints_to_delete(checkpoints, budget, best_step=None, bookmarks=()):
    """Returns the steps to delete so that the others take at most `budget` bytes."""
    excess = sum(entry.size for entry in checkpoints.values()) - budget
    return least_needed({"": Recorded(checkpoints, best_step, bookmarks)}, excess).get("", [])


def entries(sizes: dict[int, tuple[int, str]]) -> dict[int, CheckpointEntry]:
    return {step: CheckpointEntry(step, 0, size, kind) for step, (size, kind) in sizes.items()}


@given(ENTRIES, st.integers(1, 20_000), st.integers(0, 10_000))
def test_the_kept_checkpoints_fit_and_have_the_first_the_last_and_the_best(sizes, budget, best):
    checkpoints = entries(sizes)
    kept = set(checkpoints) - set(checkpoints_to_delete(checkpoints, budget, best))
    assert {min(sizes), max(sizes)} <= kept
    before = [step for step in sizes if step <= best]
    assert not before or max(before) in kept
    assert len(kept) <= 3 or sum(checkpoints[step].size for step in kept) <= budget


@given(ENTRIES, st.integers(1, 20_000))
def test_a_checkpoint_of_an_event_is_deleted_only_if_no_other_is_left(sizes, budget):
    checkpoints = entries(sizes)
    deleted = set(checkpoints_to_delete(checkpoints, budget))
    remaining = sorted(set(checkpoints) - deleted)[1:-1]
    if any(checkpoints[step].kind == "event" for step in deleted):
        assert all(checkpoints[step].kind == "event" for step in remaining)


@given(ENTRIES)
def test_nothing_is_deleted_within_the_budget(sizes):
    assert checkpoints_to_delete(entries(sizes), 60_000) == []


def test_the_step_between_the_nearest_neighbours_is_deleted_first():
    checkpoints = entries(dict.fromkeys((0, 100, 500, 510, 520, 1000), (1, "recorded")))
    assert checkpoints_to_delete(checkpoints, 5) == [510]


def test_a_late_step_is_deleted_rather_than_an_early_one_with_the_same_distance():
    checkpoints = entries(dict.fromkeys((0, 10, 20, 990, 1000, 1010), (1, "recorded")))
    assert checkpoints_to_delete(checkpoints, 5, best_step=990) == [1000]


@given(st.dictionaries(st.text(max_size=2), ENTRIES, max_size=4), st.integers(-10, 50_000))
def test_of_several_attempts_so_much_is_deleted_as_is_needed_and_possible(attempts, excess):
    recorded = {run: Recorded(entries(sizes)) for run, sizes in attempts.items()}
    deleted = least_needed(recorded, excess)
    sizes = [attempts[run][step][0] for run, steps in deleted.items() for step in steps]
    possible = sum(len(steps) > 2 and len(steps) - 2 for steps in attempts.values())
    assert len(sizes) == possible or sum(sizes) >= max(0, excess)
    for run, steps in deleted.items():
        assert len(set(steps)) == len(steps)
        assert not {min(attempts[run]), max(attempts[run])} & set(steps)


def test_of_several_attempts_the_one_with_the_smallest_gaps_loses_checkpoints_first():
    dense = Recorded(entries(dict.fromkeys(range(100), (1, "recorded"))))
    sparse = Recorded(entries(dict.fromkeys((0, 30, 99), (1, "recorded"))))
    deleted = least_needed({"dense": dense, "sparse": sparse}, 90)
    assert set(deleted) == {"dense"} and len(deleted["dense"]) == 90


def test_of_several_attempts_the_checkpoints_of_events_are_deleted_last():
    events = Recorded(entries(dict.fromkeys(range(50), (1, "event"))))
    others = Recorded(entries({0: (1, "recorded"), 500: (1, "recorded"), 1000: (1, "recorded")}))
    assert least_needed({"events": events, "others": others}, 1) == {"others": [500]}


def test_the_checkpoint_before_a_bookmarked_step_is_deleted_last():
    kinds = {0: "recorded", 10: "recorded", 20: "event", 30: "recorded", 40: "recorded"}
    checkpoints = entries({step: (1, kind) for step, kind in kinds.items()})
    kept = [set(kinds) - set(checkpoints_to_delete(checkpoints, budget, bookmarks=[15])) for budget in (3, 2)]
    assert kept == [{0, 10, 40}, {0, 40}]


def test_the_kept_steps_are_half_linear_and_half_logarithmic():
    kept: dict[int, CheckpointEntry] = {}
    step = 0
    while step <= 1_000_000:
        kept[step] = CheckpointEntry(step, 0, 1, "recorded")
        for deleted in checkpoints_to_delete(kept, 100):
            del kept[deleted]
        step = next_recorded(step)
    assert len(kept) == 100
    assert 30 <= sum(step <= 100_000 for step in kept) <= 70
    assert sum(step <= 1_000 for step in kept) >= 15
