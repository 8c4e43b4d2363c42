"""Turns: the order in which the runs of a process train."""

from app.workers.training.turns import Heap, Turns


def turns(count, seconds_of, due_of=lambda item, now: now):
    """The items of `count` turns in simulated time; a turn of an item takes `seconds_of` it."""
    order, now, taken = Turns(), 0.0, []
    for item in seconds_of:
        order.plan(item, due_of(item, now))
    while len(taken) < count:
        item = order.next(now)
        if item is None:
            now = order.next_due()
            continue
        taken.append(item)
        now += seconds_of[item]
        order.spend(item, seconds_of[item])
        order.plan(item, due_of(item, now))
    return taken


def test_items_that_are_always_due_get_equal_time():
    taken = turns(3000, {"long": 0.005, "short": 0.001, "other": 0.001})
    assert abs(taken.count("long") * 5 - taken.count("short")) <= 5
    assert abs(taken.count("short") - taken.count("other")) <= 1


def test_an_item_that_needs_little_time_has_its_turn_next_when_it_is_due():
    seconds = {f"fast {number}": 0.005 for number in range(50)} | {"slow": 0.0001}
    taken = turns(2000, seconds, lambda item, now: now + 0.05 if item == "slow" else now)
    gaps = [index for index, item in enumerate(taken) if item == "slow"]
    # 0.05 s are ten turns of the others.
    assert max(after - before for before, after in zip(gaps[1:], gaps[2:], strict=False)) <= 12


def test_time_that_an_item_did_not_want_cannot_be_used_later():
    order = Turns()
    order.plan("a", 0.0)
    for _ in range(1000):
        assert order.next(0.0) == "a"
        order.spend("a", 0.005)
        order.plan("a", 0.0)
    order.plan("late", 0.0)
    taken = []
    for _ in range(100):
        item = order.next(0.0)
        taken.append(item)
        order.spend(item, 0.005)
        order.plan(item, 0.0)
    assert abs(taken.count("late") - taken.count("a")) <= 2


def test_an_item_without_a_planned_turn_or_removed_is_not_returned():
    order = Turns()
    order.plan("paused", 0.0)
    order.plan("removed", 0.0)
    order.plan("later", 5.0)
    order.plan("paused", None)
    order.remove("removed")
    assert order.next(1.0) is None
    assert order.next_due() == 5.0
    assert order.next(5.0) == "later"
    assert order.next_due() is None


def test_a_heap_returns_items_in_the_order_of_their_newest_keys():
    heap = Heap()
    for item, key in (("a", 1.0), ("b", 2.0), ("c", 3.0), ("a", 4.0), ("b", 2.5)):
        heap.set(item, key)
    heap.discard("c")
    assert (heap.least(), "a" in heap, "c" in heap) == (2.5, True, False)
    assert list(heap.pop_all(3.0)) == ["b"]
    assert heap.pop(3.0) is None and heap.pop(4.0) == "a" and heap.least() is None
