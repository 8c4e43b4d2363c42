"""Sending turns: everything is called in order, and the event loop does other work in between."""

import asyncio
import time

from app.streaming.sending_turns import SECONDS, SendingTurns


def work(called: list[int], number: int) -> None:
    """Takes as long as one turn of the loop may take."""
    end = time.perf_counter() + SECONDS
    called.append(number)
    while time.perf_counter() < end:
        pass


def test_other_work_of_the_event_loop_waits_for_one_call_that_takes_long_and_not_for_all(run_async):
    async def use() -> None:
        turns, called = SendingTurns(), []
        for number in range(5):
            turns.add(lambda number=number: work(called, number))
        seen = []
        while len(called) < 5:
            await asyncio.sleep(0)
            seen.append(len(called))
        assert seen == [1, 2, 3, 4, 5] and called == [0, 1, 2, 3, 4]

    run_async(use())


def test_a_call_that_was_cancelled_is_left_out_and_one_that_fails_does_not_stop_the_others(run_async):
    async def use() -> None:
        loop, errors, called = asyncio.get_running_loop(), [], []
        loop.set_exception_handler(lambda loop, context: errors.append(context["exception"]))
        turns = SendingTurns()
        turns.add(lambda: called.append(1))
        turns.add(lambda: called.append(2)).cancel()
        turns.add(lambda: called[9])
        turns.add(lambda: called.append(3))
        async with asyncio.timeout(30):
            while called != [1, 3]:
                await asyncio.sleep(0)
        assert [type(error) for error in errors] == [IndexError]
        turns.add(lambda: called.append(4))
        async with asyncio.timeout(30):
            while called != [1, 3, 4]:
                await asyncio.sleep(0)

    run_async(use())
