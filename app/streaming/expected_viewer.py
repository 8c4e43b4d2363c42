"""Expected viewer: views that are computed while the client that created a run still opens its stream.

The views of a new run take as long as opening a WebSocket. Begun with the creation, they are there once
the client has subscribed to them.
"""

import asyncio

from app.streaming.streamed_run import StreamedRun
from app.streaming.view_scheduler import ViewScheduler
from app.workers.messages import ViewKey

SECONDS = 2.0  # for which the views are kept for a client that does not come
FPS = 30.0  # as a stream whose address names no other


async def expect_viewer(
    scheduler: ViewScheduler, run: StreamedRun, views: dict[str, ViewKey], seconds: float = SECONDS
) -> None:
    """Subscribes to views by id, in the compact encoding, for so many seconds; sends none of them."""
    with scheduler.viewer(run, run.log.last, compact=True) as viewer:
        scheduler.subscribe(viewer, views, FPS)
        await asyncio.sleep(seconds)
