"""Checkpoint loader: the checkpoint of a message with its data, replayed to a step if necessary."""

from collections.abc import Generator
from typing import Any

from app.errors import Invalid
from app.storage.table_files import TableFiles
from app.workers.data_cache import DataCache
from app.workers.recorded import Replay
from app.workers.views.replayed_states import ReplayedStates, ReplaySlices
from engine.config.models import Config
from engine.replay import NotReached, RecordedEvent, ReplayProgress, replay
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint


class CheckpointLoader:
    """Loads checkpoints in the view worker."""

    def __init__(self, files: TableFiles, data: DataCache) -> None:
        self._files = files
        self._data = data
        self._replayed = ReplayedStates()

    def load(
        self, config: dict[str, Any], stored: bytes | None, steps: Replay | None = None
    ) -> Generator[ReplayProgress, None, tuple[Any, Any]]:
        """Yields the progress of a replay, and returns checkpoint and data.

        Without a stored checkpoint it begins with step 0 of `config`. Raises Invalid if the training ended
        before the step.
        """
        if steps is None:
            checkpoint = self._decode(config, stored)
        else:
            checkpoint = yield from self._replayed.state(
                steps, lambda cached: self._replay(config, stored, steps, cached)
            )
        # By the configuration of the checkpoint: the data of the run may have been replaced since.
        return checkpoint, self._data.find(checkpoint.digest) or self._load_data(checkpoint.config)

    def _decode(self, config: dict[str, Any], stored: bytes | None) -> Any:
        if stored is not None:
            return Checkpoint.from_bytes(stored, self._files)
        return trainer(parse(config, self._files), self._data.load(config)).checkpoint()

    def _replay(
        self, config: dict[str, Any], stored: bytes | None, steps: Replay, cached: Any | None
    ) -> ReplaySlices:
        """Replays from the stored checkpoint, or from a copy of a cached one: the training changes it."""
        first = max(0, steps.first)
        if cached is not None:
            first, stored = cached.step, cached.to_bytes()
        checkpoint = self._decode(config, stored)
        # The checkpoint of step 0 of a configuration, unlike a recorded one, includes no event.
        events = steps.events_after(first if stored is not None else -1)
        if not events and checkpoint.step == steps.step:
            return checkpoint
        recorded = [RecordedEvent(event.step, event.event) for event in events]
        try:
            return (yield from replay(checkpoint, recorded, steps.step, self._load_data, self._files))
        except NotReached as error:
            raise Invalid("invalid", str(error), field="step", given=steps.step) from None

    def _load_data(self, config: Config) -> Any:
        return self._data.load(config.model_dump(mode="json"))
