"""A viewer on a slow line, in simulated time: its line, its delays and the run are made by the test."""

import asyncio
import random
import selectors
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from app import encoding
from app.compact_encoding import picture
from app.streaming.compact_viewer import CompactViewer
from app.streaming.frame_log import Frame, FrameLog
from app.workers.messages import ViewKey
from faults import compact_messages

VIEWS = ("decision_boundary", "network", "activation_histograms")
PICTURE = 2_300  # bytes of each view that cannot be deflated: together those of the default page
FPS, SECONDS, WARM_UP, DELAY = 30, 19.0, 4.0, 0.02


class SimulatedTime(selectors.SelectSelector):
    """Lets the time pass at once that the event loop wants to wait."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    """An event loop in simulated time."""

    def __init__(self) -> None:
        self.simulated = SimulatedTime()
        super().__init__(self.simulated)

    def time(self) -> float:
        return self.simulated.now


class Run:
    """What a viewer reads of a run."""

    id = "r"

    def __init__(self) -> None:
        self.log, self.position = FrameLog(), (1, 0, 0)

    def progress(self) -> None:
        seq = self.log.last + 1
        points = {"step": [self.position[1]], "train_loss": [0.123456789], "validation_loss": [0.2]}
        text = encoding.body("progress", self.position, {"points": points})
        self.log.append(Frame(seq, encoding.frame("r", seq, text)))


class Watched:
    """A viewer behind a line of `rate` bits a second. Each way through a busy machine takes longer by a
    random time, `busy` seconds in the mean.
    """

    def __init__(self, rate: float, busy: float) -> None:
        self.rate, self.busy, self.random = rate, busy, random.Random(2)
        self.run: Any = Run()
        self.bits: list[tuple[float, int]] = []
        self.ages: list[tuple[float, float]] = []
        self.seqs: list[int] = []
        self._offered: dict[int, float] = {}
        self._free_at = self._arrived_at = 0.0

    async def watch(self, waits: float) -> None:
        """The run makes a point and three views 30 times a second, after `waits` seconds."""
        loop, views = asyncio.get_running_loop(), np.random.default_rng(1)
        self.viewer = CompactViewer(self.run, 0, lambda key: None)
        self.viewer.subscribe({name: ViewKey(name, "{}") for name in VIEWS}, FPS)
        sending = asyncio.create_task(self.viewer.send(self.send, self.write))
        self.run.progress()
        self.viewer.wake()
        await asyncio.sleep(waits)
        for step in range(1, round((WARM_UP + SECONDS) * FPS)):
            self.run.position, self._offered[step] = (1, step, 0), loop.time()
            self.run.progress()
            self.viewer.wake()
            for name in VIEWS:
                content = {"view": name, "values": views.integers(0, 256, PICTURE, dtype=np.uint8)}
                self.viewer.offer(
                    self.viewer.subscriptions[name], picture(self.run.position, content, False)[0]
                )
            await asyncio.sleep(1 / FPS)
        await asyncio.sleep(3)
        self.viewer.end()
        await sending

    def write(self, message: bytes) -> bool:
        """Puts a message on the line, behind those that are on it."""
        loop, size = asyncio.get_running_loop(), len(message) * 8
        self.bits.append((loop.time(), size))
        self._free_at = max(self._free_at, loop.time() + self._extra()) + size / self.rate
        self._arrived_at = max(self._arrived_at + 1e-6, self._free_at + DELAY / 2 + self._extra())
        loop.call_at(self._arrived_at, self._receive, message)
        return True

    async def send(self, message: bytes) -> None:
        raise AssertionError("the line takes every message at once")

    def _receive(self, message: bytes) -> None:
        loop = asyncio.get_running_loop()
        for head in compact_messages.heads(message):
            if head["kind"] == "view":
                self.ages.append((loop.time(), loop.time() - self._offered[head["step"]]))
            else:
                self.seqs.append(head["seq"])
        if compact_messages.asks(message):
            loop.call_later(DELAY / 2 + self._extra(), self.viewer.acknowledge)

    def _extra(self) -> float:
        return self.random.expovariate(1 / self.busy) if self.busy else 0.0


def watched(rate: float, busy: float, waits: float) -> Watched:
    """Returns what a viewer received, once it is over."""
    viewer = Watched(rate, busy)

    def run() -> None:
        with asyncio.Runner(loop_factory=Loop) as runner:
            runner.run(viewer.watch(waits))

    with ThreadPoolExecutor(1) as thread:  # the thread of the browser tests has a running loop
        thread.submit(run).result()
    return viewer


@pytest.mark.parametrize("busy", [0.0, 0.01, 0.02], ids=["idle", "busy", "very busy"])
@pytest.mark.parametrize("waits", [0.0, 0.5], ids=["training", "before training"])
def test_a_line_of_1_mbit_carries_every_point_and_new_pictures_and_stays_free_for_others(
    busy: float, waits: float
):
    viewer = watched(1e6, busy, waits)
    assert viewer.seqs == list(range(1, viewer.run.log.last + 1))
    assert max(age for _, age in viewer.ages) <= 1
    mbits = sum(bits for at, bits in viewer.bits if at >= WARM_UP) / SECONDS / 1e6
    pictures = sum(at >= WARM_UP for at, _ in viewer.ages) / len(VIEWS) / SECONDS
    assert mbits <= 0.4 and pictures >= 2


def test_a_fast_line_carries_every_picture_also_on_a_busy_machine():
    assert len(watched(10e6, 0.0, 0.0).ages) >= len(VIEWS) * FPS * SECONDS
    assert len(watched(10e6, 0.005, 0.0).ages) >= 0.75 * len(VIEWS) * FPS * SECONDS
