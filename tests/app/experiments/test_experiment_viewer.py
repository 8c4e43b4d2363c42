"""Pictures of members are sent to a page as fast as it takes them."""

import asyncio
from types import SimpleNamespace

import pytest

from app.compact_encoding import ACKNOWLEDGE, message
from app.experiments import experiment_viewer
from app.experiments.experiment_viewer import ExperimentViewer
from app.streaming.frame_log import Frame, FrameLog
from app.workers.messages import ViewKey

PICTURE = b"picture"


@pytest.fixture
def without_end(monkeypatch):
    """An acknowledgement is awaited longer than the test takes."""
    monkeypatch.setattr(experiment_viewer, "PATIENCE", 3600.0)


class Member:
    """A member that always has a picture."""

    run, ended = SimpleNamespace(id="a"), False

    def take(self, experiment):
        return PICTURE


class Page:
    """A viewer and the messages that were sent to it; `log` adds a frame."""

    def __init__(self):
        self.experiment = SimpleNamespace(log=FrameLog(0))
        self.viewer = ExperimentViewer(self.experiment, 0, compact=True)
        self.viewer.request(ViewKey("boundary_grid", "{}"), fps=1e9)
        self.member = Member()
        self.sent = []

    async def send(self, content):
        self.sent.append(content)

    async def next(self):
        """The next message, once it is sent."""
        count = len(self.sent)
        while len(self.sent) == count:
            await asyncio.sleep(0)
        return self.sent[count]

    def log(self):
        self.experiment.log.append(Frame(self.experiment.log.last + 1, "{}"))
        self.viewer.wake()


def watched(run_async, work):
    """Runs `work(page)` while messages are sent."""

    async def watch():
        page = Page()
        sending = asyncio.create_task(page.viewer.send(page.send, lambda content: False))
        await work(page)
        page.viewer.end()
        await sending

    run_async(watch())


def test_the_next_pictures_are_sent_once_the_last_ones_are_acknowledged(run_async, without_end):
    async def work(page):
        page.viewer.on_offered(page.member)
        assert await page.next() == message([PICTURE], acknowledge=True)
        page.viewer.on_offered(page.member)
        page.log()
        text = await page.next()
        assert PICTURE not in text and text[0] != ACKNOWLEDGE
        assert page.viewer.acknowledge()
        assert await page.next() == message([PICTURE], acknowledge=True)

    watched(run_async, work)


def test_an_acknowledgement_that_is_not_awaited_is_not_taken(run_async, without_end):
    async def work(page):
        assert not page.viewer.acknowledge()
        page.viewer.on_offered(page.member)
        await page.next()
        assert [page.viewer.acknowledge(), page.viewer.acknowledge()] == [True, False]

    watched(run_async, work)


def test_a_client_that_does_not_acknowledge_gets_the_next_pictures_later(run_async, monkeypatch):
    monkeypatch.setattr(experiment_viewer, "PATIENCE", 0.01)

    async def work(page):
        for _ in range(2):
            page.viewer.on_offered(page.member)
            assert await page.next() == message([PICTURE], acknowledge=True)

    watched(run_async, work)
