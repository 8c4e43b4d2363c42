"""Pool: the child processes, and which of them has which run. Nobody else knows where a run is placed.

Training workers hold runs; one painter answers questions about weights. A child that ends is replaced at
once, and its runs are reported as lost; whoever waits for one of its answers gets WorkerLost.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

from app.errors import NotFound, Unavailable, from_problem
from app.settings import RUNNING_PER_WORKER
from app.workers.child_process import Child, painter, worker
from app.workers.messages import (
    Answer,
    Ask,
    Drop,
    Load,
    Order,
    Paint,
    Painted,
    Past,
    Ready,
    Refusal,
    Snapshot,
    Stop,
    Transition,
    Underway,
    Unload,
    Want,
)
from app.workers.worker_handle import Place, WorkerLost

SLOW_RESTART = 1.0
STOP_WITHIN = 3.0
IDLE_PER_WORKER = 32

log = logging.getLogger("perceptarium")


class Listener(Protocol):
    """Who is told what children say of their own accord."""

    def heard(self, message: Any) -> None:
        """A Progress, Saved, Snapshot, Transition, Painted or Underway."""

    def lost(self, runs: list[str], painter: bool) -> None:
        """A child ended: these runs are placed nowhere, or what was to be painted will not be."""


class Pool:
    """Start, feed, watch and replace the children."""

    def __init__(self, workers: int, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._closing = False
        self._count = workers
        self._workers: list[Place] = []
        self._painter: Place | None = None
        self._all_ended = asyncio.Event()

    @contextlib.asynccontextmanager
    async def started(self, listener: Listener) -> AsyncIterator["Pool"]:
        """The pool's life; at the end, running runs are saved and all children are gone."""
        self._listener = listener
        for _ in range(self._count):
            self._workers.append(Place(Child(worker, self._received, self._ended, self._folder)))
        self._painter = Place(Child(painter, self._received, self._ended, self._folder))
        try:
            yield self
        finally:
            await self._close()

    # ---- facts

    def children(self) -> list[dict[str, Any]]:
        """Name, process id and load of each child, for /healthz."""
        return [
            {
                "name": place.child.name,
                "pid": place.child.pid,
                "ready": place.child.ready,
                "running": place.running,
            }
            for place in self._places()
        ]

    def has(self, run: str) -> bool:
        """Whether a worker has the run."""
        return self._where(run) is not None

    def free_places(self) -> int:
        """How many more runs may train now."""
        return sum(max(0, RUNNING_PER_WORKER - place.running) for place in self._workers)

    # ---- runs

    def load(self, load: Load, keep: Callable[[str], bool]) -> None:
        """Place a run on the least busy worker; idle runs beyond the bound go, except those to `keep`."""
        place = min(self._workers, key=lambda place: (place.running, len(place.runs)))
        place.runs[load.run] = load.status == "running"
        place.child.send(load)
        needed = {load.run, *place.orders.values()}
        idle = [
            run for run, running in place.runs.items() if not running and run not in needed and not keep(run)
        ]
        for run in idle[: max(0, len(idle) - IDLE_PER_WORKER)]:
            self._unload(place, run)

    def is_full(self, run: str) -> bool:
        """Whether the worker that has this run has no place for one more that trains."""
        place = self._where(run)
        if place is None or place.runs[run] or run in place.starting:
            return False
        return place.running >= RUNNING_PER_WORKER

    def reserve(self, run: str) -> None:
        """Keep a place to train in for this run, where it is."""
        place = self._where(run)
        if place is not None:
            place.starting.add(run)

    def release(self, run: str) -> None:
        """The run has taken the place that was kept for it, or does not need it."""
        place = self._where(run)
        if place is not None:
            place.starting.discard(run)

    def unload(self, run: str) -> None:
        """Take the run from its worker."""
        place = self._where(run)
        if place is not None:
            self._unload(place, run)

    def set_running(self, run: str, running: bool) -> None:
        """Note whether the run trains, and that it was used."""
        place = self._where(run)
        if place is not None:
            place.runs.pop(run)
            place.runs[run] = running

    def want(self, want: Want) -> None:
        """Ask for the run's weights once they are others than those known."""
        place = self._where(want.run)
        if place is not None:
            place.child.send(want)

    async def order(self, run: str, name: str, arguments: dict[str, Any]) -> Transition | Snapshot:
        """Have a command carried out; raises WorkerLost, or the ApiError with which it was refused."""
        place = self._where(run)
        if place is None:
            raise WorkerLost
        number = next(self._numbers)
        place.orders[number] = run
        try:
            answer: Transition | Snapshot = await self._asked(
                place, number, Order(number, run, name, arguments)
            )
            return answer
        finally:
            place.orders.pop(number, None)

    # ---- questions

    def paint(self, paint: Paint | Drop) -> None:
        """Have views computed, or no longer; they come back as Painted."""
        assert self._painter is not None
        self._painter.child.send(paint)

    async def ask(
        self,
        what: str,
        config: dict[str, Any],
        checkpoint: bytes | None,
        arguments: dict[str, Any],
        past: Past | None = None,
    ) -> bytes:
        """The JSON answer to a question; asked once more if the painter ends meanwhile."""
        for _ in range(2):
            assert self._painter is not None
            number = next(self._numbers)
            try:
                answer: Answer = await self._asked(
                    self._painter, number, Ask(number, what, config, checkpoint, arguments, past)
                )
                return answer.text
            except WorkerLost:
                continue
        raise Unavailable("painter_lost", "The process that answers this ended twice while doing so.")

    # ---- inside

    def _places(self) -> list[Place]:
        return [*self._workers, *([self._painter] if self._painter else [])]

    def _where(self, run: str) -> Place | None:
        return next((place for place in self._workers if run in place.runs), None)

    def _unload(self, place: Place, run: str) -> None:
        del place.runs[run]
        place.starting.discard(run)
        place.child.send(Unload(run))
        for number in [number for number, ordered in place.orders.items() if ordered == run]:
            place.fail(number, NotFound("no_such_run", "This run was deleted.", field="id", given=run))

    async def _asked(self, place: Place, number: int, message: Any) -> Any:
        if self._closing:
            raise Unavailable("stopping", "The server is stopping.")
        future = place.asked[number] = asyncio.get_running_loop().create_future()
        place.child.send(message)
        try:
            return await future
        finally:
            place.asked.pop(number, None)

    def _received(self, child: Child, messages: list[Any]) -> None:
        place = next((place for place in self._places() if place.child is child), None)
        for message in messages:
            if isinstance(message, Ready):
                child.ready = True
            elif isinstance(message, Answer | Refusal):
                self._settle(place, message.request, message)
            else:
                self._tell(place, message)
                if isinstance(message, Transition | Snapshot) and message.request is not None:
                    self._settle(place, message.request, message)

    def _tell(self, place: Place | None, message: Any) -> None:
        # What is said of a run that was taken from this child meanwhile (deleted, say) concerns nobody.
        if isinstance(message, Painted | Underway) or (place is not None and message.run in place.runs):
            self._listener.heard(message)

    def _settle(self, place: Place | None, number: int, message: Any) -> None:
        if place is None:
            return
        if isinstance(message, Refusal):
            place.fail(number, from_problem(message.problem, message.status))
        elif (future := place.asked.get(number)) is not None and not future.done():
            future.set_result(message)

    def _ended(self, child: Child) -> None:
        place = next((place for place in self._places() if place.child is child), None)
        if place is None:
            return
        place.give_up()
        if self._closing:
            self._forget(place)
            return
        log.warning(
            "%s %s ended (exit code %s) and is replaced", child.name, child.pid, child.process.exitcode
        )
        if child.ready:
            self._replace(place)
        else:
            # It never came up: trying again at once would only burn time.
            asyncio.get_running_loop().call_later(SLOW_RESTART, self._replace, place)

    def _replace(self, place: Place) -> None:
        if self._closing:
            self._forget(place)
            return
        # Also what was asked of the dead child until now.
        place.give_up()
        runs = list(place.runs)
        place.runs.clear()
        place.starting.clear()
        place.child = Child(place.child.life, self._received, self._ended, self._folder)
        self._listener.lost(runs, place is self._painter)

    def _forget(self, place: Place) -> None:
        if place is self._painter:
            self._painter = None
        else:
            self._workers.remove(place)
        if not self._places():
            self._all_ended.set()

    async def _close(self) -> None:
        self._closing = True
        places = self._places()
        children = [place.child for place in places]
        for child in children:
            child.send(Stop())
        try:
            await asyncio.wait_for(self._all_ended.wait(), STOP_WITHIN)
        except TimeoutError:
            for child in children:
                child.kill()
        for child in children:
            await asyncio.to_thread(child.join, 1.0)
