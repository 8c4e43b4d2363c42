"""Reading: the server's side of the reader: one child process, there while files are read or written."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from app.errors import Unavailable, from_problem
from app.workers.child_process import Child, reader
from app.workers.messages import Answer, ReadTable, Ready, Refusal, Stop, WriteTable
from app.workers.worker_handle import Place, WorkerLost

IDLE_SECONDS = 60.0
STOP_WITHIN = 2.0


class Reading:
    """Ask the reader; it is started for the first question and ends after a minute without any."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._place: Place | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._closing = False

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator["Reading"]:
        """Its life; at the end the child is gone."""
        try:
            yield self
        finally:
            self._closing = True
            await self._end()

    def children(self) -> list[dict[str, Any]]:
        """The child, if there is one, for /healthz."""
        child = self._place.child if self._place is not None else None
        return [{"name": child.name, "pid": child.pid, "ready": child.ready, "running": 0}] if child else []

    async def read(self, path: Path, wishes: dict[str, Any], keep: bool) -> bytes:
        """What is understood of a file, as JSON; `keep`: and its table is kept. Raises ApiError."""
        return await self._ask(lambda number: ReadTable(number, str(path), wishes, keep))

    async def write(self, content: str, path: Path) -> None:
        """Write a table as CSV."""
        await self._ask(lambda number: WriteTable(number, content, str(path)))

    async def _ask(self, message: Any) -> bytes:
        for _ in range(2):
            if self._closing:
                raise Unavailable("stopping", "The server is stopping.")
            place, number = self._reader(), next(self._numbers)
            future = place.asked[number] = asyncio.get_running_loop().create_future()
            place.child.send(message(number))
            with contextlib.suppress(WorkerLost):
                try:
                    answer: Answer = await future
                    return answer.text
                finally:
                    place.asked.pop(number, None)
                    self._rest()
        raise Unavailable("reader_lost", "The process that reads tables ended twice while reading this one.")

    def _reader(self) -> Place:
        if self._idle is not None:
            self._idle.cancel()
        if self._place is None:
            self._place = Place(Child(reader, self._received, self._ended, self._folder))
        return self._place

    def _rest(self) -> None:
        if self._place is not None and not self._place.asked and not self._closing:
            if self._idle is not None:
                self._idle.cancel()
            self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._dismiss)

    def _dismiss(self) -> None:
        place, self._place = self._place, None
        if place is not None:
            place.child.send(Stop())

    def _received(self, child: Child, messages: list[Any]) -> None:
        place = self._place
        for message in messages:
            if isinstance(message, Ready):
                child.ready = True
            elif place is None or place.child is not child:
                continue
            elif isinstance(message, Refusal):
                place.fail(message.request, from_problem(message.problem, message.status))
            elif (future := place.asked.get(message.request)) is not None and not future.done():
                future.set_result(message)

    def _ended(self, child: Child) -> None:
        place = self._place
        if place is not None and place.child is child:
            self._place = None
            place.give_up()

    async def _end(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        place, self._place = self._place, None
        if place is None:
            return
        place.give_up()
        place.child.kill()
        await asyncio.to_thread(place.child.join, STOP_WITHIN)
