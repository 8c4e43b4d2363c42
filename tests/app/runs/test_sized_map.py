"""A sized map knows the sum of the sizes of its values."""

from app.runs.sized_map import SizedMap


def test_the_sum_follows_every_change():
    sizes = SizedMap(len)
    sizes.update({1: "four", 2: "eleven", 3: ""})
    assert (sizes.bytes, dict(sizes)) == (10, {1: "four", 2: "eleven", 3: ""})
    sizes[2] = "two"
    assert (sizes.bytes, list(sizes)) == (7, [1, 3, 2])
    del sizes[1]
    assert (sizes.bytes, sizes.pop(2), sizes.bytes, len(sizes)) == (3, "two", 0, 1)
    sizes[3] = "again"
    sizes.clear()
    assert (sizes.bytes, len(sizes)) == (0, 0)
