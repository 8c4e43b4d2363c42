"""Which checkpoints are kept."""

from hypothesis import given
from hypothesis import strategies as st

from app.runs.checkpoint_retention import checkpoints_to_delete

SIZES = st.dictionaries(st.integers(0, 10_000), st.integers(1, 1000), min_size=1, max_size=60)


@given(SIZES, st.integers(2, 20), st.integers(1, 20_000))
def test_count_and_bytes_are_limited_and_the_first_and_the_last_are_kept(sizes, count, size):
    kept = set(sizes) - set(checkpoints_to_delete(sizes, count, size))
    assert {min(sizes), max(sizes)} <= kept
    assert len(kept) <= 2 or (len(kept) <= count and sum(sizes[step] for step in kept) <= size)


@given(SIZES)
def test_nothing_is_deleted_below_the_limits(sizes):
    assert checkpoints_to_delete(sizes, 60, 60_000) == []


def test_the_kept_checkpoints_are_spread_over_all_steps():
    kept: dict[int, int] = {}
    for step in range(0, 10_000, 10):
        kept[step] = 1
        for deleted in checkpoints_to_delete(kept, 20):
            del kept[deleted]
    steps = sorted(kept)
    gaps = [after - before for before, after in zip(steps, steps[1:], strict=False)]
    assert len(steps) == 20
    assert max(gaps[:-1]) <= 4 * 10_000 / 20
