"""Background tasks: coroutines that run beside the requests; an exception is logged."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("perceptarium")


class BackgroundTasks:
    """The tasks of a server, which are cancelled before it ends."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self.closing = False

    def begin(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Runs a coroutine as a task."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def cancel(self) -> None:
        """Cancels the tasks."""
        self.closing = True
        for task in list(self._tasks):
            task.cancel()

    def _on_done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a background task failed", exc_info=task.exception())
