"""The command queue: commands of one run take effect one at a time, in the order of their arrival."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from app.runs.command_queue import CommandQueue


def run(coroutine):
    """Runs a coroutine in another thread: a browser test may have left an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(coroutine, 60)).result()


def test_commands_take_effect_in_the_order_of_their_arrival():
    async def work():
        queue, effects, last_arrived = CommandQueue(), [], asyncio.Event()

        async def command(number):
            if number == 4:
                last_arrived.set()
            async with queue.turn():
                effects.append(("begin", number))
                await last_arrived.wait()
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
        queue, interrupted, last_arrived = CommandQueue(), {}, asyncio.Event()

        async def command(name, interrupts=False):
            if name == "after":
                last_arrived.set()
            async with queue.turn(interrupts) as turn:
                await last_arrived.wait()
                interrupted[name] = turn.interrupted

        await asyncio.gather(command("before"), command("pause", True), command("after"))
        return interrupted

    assert run(work()) == {"before": True, "pause": False, "after": False}


def test_the_next_command_has_its_turn_after_one_that_fails():
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
