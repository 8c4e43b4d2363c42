"""Compact viewer: when its messages are sent."""

import asyncio
from types import SimpleNamespace

from app.compact_encoding import Picture
from app.streaming.compact_viewer import CompactViewer
from app.streaming.frame_log import Frame, FrameLog
from app.workers.messages import ViewKey

KEY = ViewKey("network", "{}", compact=True)
PICTURE = Picture(1, b"\x00\x01\x00\xfe\xff}")


def test_points_do_not_wait_for_the_next_picture(run_async):
    async def use():
        run = SimpleNamespace(id="run", log=FrameLog(), position=(0, 0, 0))
        viewer = CompactViewer(run, 0, lambda key: None)
        viewer.subscribe({"network": KEY}, fps=0.1)
        sent = asyncio.Queue()
        sending = asyncio.ensure_future(viewer.send(sent.put))
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
