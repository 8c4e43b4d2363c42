"""Which checkpoints of an attempt are kept within its budget."""

from hypothesis import given
from hypothesis import strategies as st

from app.runs.checkpoint_retention import checkpoints_to_delete
from app.storage.attempts import CheckpointEntry
from engine.training.recorded_steps import next_recorded

ENTRIES = st.dictionaries(
    st.integers(0, 10_000),
    st.tuples(st.integers(1, 1000), st.sampled_from(["recorded", "recorded", "event"])),
    min_size=1,
    max_size=60,
)


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
