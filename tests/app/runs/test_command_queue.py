"""The command queue: commands of one run take effect one at a time, in the order of their arrival."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from app.runs.command_queue import CommandQueue


def run(work):
    """Run a coroutine in a thread: in this one a browser test may keep an event loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(work, 60)).result()


def test_commands_take_effect_in_the_order_of_their_arrival():
    async def work():
        queue, effects = CommandQueue(), []

        async def command(number):
            async with queue.turn():
                effects.append(("begin", number))
                await asyncio.sleep(0)  # the others may run
                effects.append(("end", number))

        await asyncio.gather(*(command(number) for number in range(5)))
        return effects

    assert run(work()) == [(phase, number) for number in range(5) for phase in ("begin", "end")]


def test_an_interrupting_command_ends_the_step_in_progress_and_then_has_its_turn():
    async def work():
        queue, effects, stepping = CommandQueue(), [], asyncio.Event()

        async def step():
            ended = asyncio.Event()
            async with queue.turn() as turn:
                with turn.interruptible(ended.set):
                    stepping.set()
                    await ended.wait()
                effects.append("step")

        async def pause():
            await stepping.wait()
            async with queue.turn(interrupts=True):
                effects.append("pause")

        await asyncio.gather(step(), pause())
        return effects

    assert run(work()) == ["step", "pause"]


def test_an_interrupting_command_marks_the_steps_that_wait_before_it_and_none_after_it():
    async def work():
        queue, interrupted = CommandQueue(), {}

        async def command(name, interrupts=False):
            async with queue.turn(interrupts) as turn:
                await asyncio.sleep(0)  # the others may arrive
                interrupted[name] = turn.interrupted

        await asyncio.gather(command("before"), command("pause", True), command("after"))
        return interrupted

    assert run(work()) == {"before": True, "pause": False, "after": False}


def test_a_command_that_fails_lets_the_next_one_have_its_turn():
    async def work():
        queue = CommandQueue()

        async def command(error=None):
            async with queue.turn():
                if error is not None:
                    raise error
                return "done"

        refused = ValueError("refused")
        results = await asyncio.gather(command(refused), command(), return_exceptions=True)
        return results == [refused, "done"] and not queue.busy

    assert run(work())
