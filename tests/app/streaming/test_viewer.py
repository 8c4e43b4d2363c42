"""Viewer: the order of its frames."""

import asyncio
import json
from types import SimpleNamespace

from app.errors import ApiError
from app.streaming.frame_log import Frame, FrameLog
from app.streaming.viewer import Viewer

FRAMES = 200


def test_errors_follow_all_frames_up_to_their_seq(run_async):
    async def use():
        run = SimpleNamespace(id="run", log=FrameLog(), position=(0, 0, 0))
        viewer = Viewer(run, 0, lambda key: None)
        for seq in range(1, FRAMES + 1):
            run.log.append(Frame(seq, json.dumps({"seq": seq})))
        viewer.add_error(ApiError("invalid", "The message is not valid."))
        sent = asyncio.Queue()
        sending = asyncio.ensure_future(viewer.send(sent.put, lambda message: False))
        texts = [await asyncio.wait_for(sent.get(), 30) for _ in range(FRAMES + 1)]
        sending.cancel()
        return [json.loads(text) for text in texts]

    *frames, error = run_async(use())
    assert [frame["seq"] for frame in frames] == list(range(1, FRAMES + 1))
    assert error["kind"] == "error" and error["seq"] == FRAMES
