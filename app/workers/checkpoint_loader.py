"""Checkpoint loader: the checkpoint of a message with its data, replayed to a step if necessary."""

from collections.abc import Generator
from typing import Any

from app.errors import Invalid
from app.storage.table_files import TableFiles
from app.workers.data_cache import DataCache
from app.workers.recorded import Replay
from engine.config.models import Config
from engine.replay import NotReached, RecordedEvent, replay
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint


class CheckpointLoader:
    """Loads checkpoints in the view worker."""

    def __init__(self, files: TableFiles, data: DataCache) -> None:
        self._files = files
        self._data = data

    def load(
        self, config: dict[str, Any], stored: bytes | None, steps: Replay | None = None
    ) -> Generator[None, None, tuple[Any, Any]]:
        """Yields between the slices of a replay, and returns checkpoint and data.

        Without a stored checkpoint it begins with step 0 of `config`. Raises Invalid if the training ended
        before the step.
        """
        if stored is None:
            data = self._data.load(config)
            checkpoint = trainer(parse(config, self._files), data).checkpoint()
        else:
            checkpoint = Checkpoint.from_bytes(stored, self._files)
        if steps is not None and (steps.step > checkpoint.step or steps.events):
            checkpoint = yield from self._replay(checkpoint, steps)
        # By the configuration of the checkpoint: the data of the run may have been replaced since.
        return checkpoint, self._load_data(checkpoint.config)

    def _replay(self, checkpoint: Checkpoint, steps: Replay) -> Generator[None, None, Checkpoint]:
        events = [RecordedEvent(step, event) for step, event in steps.events]
        slices = replay(checkpoint, events, steps.step, self._load_data, self._files)
        try:
            while True:
                try:
                    next(slices)
                except StopIteration as end:
                    reached: Checkpoint = end.value
                    return reached
                yield
        except NotReached as error:
            raise Invalid("invalid", str(error), field="step", given=steps.step) from None

    def _load_data(self, config: Config) -> Any:
        return self._data.load(config.model_dump(mode="json"))
