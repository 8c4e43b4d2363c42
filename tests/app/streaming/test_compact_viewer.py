"""The order and rate of the messages of a compact viewer; some are written at once, others must wait."""

import asyncio
from types import SimpleNamespace
from typing import Any

from app import encoding
from app.compact_encoding import Picture, picture
from app.streaming.compact_viewer import CompactViewer
from app.streaming.frame_log import Frame, FrameLog
from app.workers.messages import ViewKey
from faults import compact_messages

KEY = ViewKey("network", "{}", compact=True)
PICTURE = Picture(1, b"\x00\x01\x00\xfe\xff}")
KEYS = {name: ViewKey(name, "{}") for name in ("network", "results")}


class Client:
    """A viewer of a run, and what it received; `reads` is whether messages can be written at once."""

    def __init__(self) -> None:
        self.run: Any = SimpleNamespace(id="r", log=FrameLog(), position=(1, 0, 0))
        self.viewer = CompactViewer(self.run, 0, lambda key: None)
        self.reads, self.can_read, self.received = True, asyncio.Event(), []
        self.waits = asyncio.Event()

    def log(self, count: int = 1) -> None:
        for _ in range(count):
            seq = self.run.log.last + 1
            text = encoding.body("progress", self.run.position, {})
            self.run.log.append(Frame(seq, encoding.frame("r", seq, text)))
            self.viewer.wake()

    def offer(self, name: str, step: int) -> None:
        key = self.viewer.subscriptions[name]
        self.viewer.offer(key, picture((1, step, 0), {"view": name}, rounded=False)[0])

    def write(self, message: bytes) -> bool:
        if self.reads:
            self.received.append(message)
        return self.reads

    async def send(self, message: bytes) -> None:
        self.waits.set()
        await self.can_read.wait()
        self.received.append(message)

    async def until(self, condition: Any) -> None:
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0.001)

    def seqs(self) -> list[int]:
        return [frame["seq"] for frame in self.frames() if "seq" in frame]

    def frames(self) -> list[dict[str, Any]]:
        return [frame for message in self.received for frame in compact_messages.frames(message)]

    async def end(self, task: asyncio.Task[None]) -> None:
        self.viewer.end()
        await task


def test_every_frame_arrives_once_and_in_order_when_the_client_stops_reading_for_a_while(run_async):
    async def watch() -> None:
        client = Client()
        task = asyncio.create_task(client.viewer.send(client.send, client.write))
        client.log(200)
        await client.until(lambda: len(client.seqs()) == 200)
        client.reads = False
        client.log(100)
        await client.waits.wait()
        client.reads = True
        client.log(100)
        client.viewer.acknowledge()
        await asyncio.sleep(0)
        assert len(client.seqs()) == 200, "a message overtook the one that waits"
        client.can_read.set()
        await client.until(lambda: len(client.seqs()) >= 400)
        assert client.seqs() == list(range(1, 401))
        await client.end(task)

    run_async(watch())


def test_pictures_of_a_step_are_in_one_message_and_no_more_than_fps_a_second(run_async):
    async def watch() -> None:
        client, loop = Client(), asyncio.get_running_loop()
        start = loop.time()
        client.viewer.subscribe(KEYS, 50.0)
        task = asyncio.create_task(client.viewer.send(client.send, client.write))
        for step in range(1, 21):
            for name in KEYS:
                client.offer(name, step)
            await client.until(lambda step=step: client.frames() and client.frames()[-1]["step"] == step)
            client.viewer.acknowledge()
        shown = [[f["view"] for f in compact_messages.frames(message)] for message in client.received]
        assert shown == [list(KEYS)] * 20
        assert loop.time() - start >= 17.7 / 50  # the second one may follow the first at once
        await client.end(task)

    run_async(watch())


def test_nothing_is_written_after_the_end(run_async):
    async def watch() -> None:
        client = Client()
        client.viewer.subscribe(KEYS, 50.0)
        task = asyncio.create_task(client.viewer.send(client.send, client.write))
        client.log()
        await client.until(client.seqs)
        client.offer("network", 1)
        await client.end(task)
        before = len(client.received)
        client.log()
        client.offer("network", 2)
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(client.received) == before

    run_async(watch())


def test_points_do_not_wait_for_the_next_picture(run_async):
    async def use():
        run = SimpleNamespace(id="run", log=FrameLog(), position=(0, 0, 0))
        viewer = CompactViewer(run, 0, lambda key: None)
        viewer.subscribe({"network": KEY}, fps=0.1)
        sent = asyncio.Queue()
        sending = asyncio.ensure_future(viewer.send(sent.put, lambda message: False))
        for _ in range(2):
            viewer.offer(KEY, PICTURE)
            await sent.get()
        viewer.offer(KEY, PICTURE)  # not due for ten seconds
        for _ in range(10):
            await asyncio.sleep(0)  # the viewer handles it, and waits
        assert sent.empty()
        run.log.append(Frame(1, '{"seq":1}'))
        viewer.wake()
        await asyncio.wait_for(sent.get(), 5)
        sending.cancel()

    run_async(use())
