"""Fork: the state with which a new run continues from a checkpoint, computed in the view worker."""

from typing import Any

from app.workers.data_cache import DataCache
from engine.config.errors import ConfigError
from engine.datasets.tables.library import TableLibrary
from engine.tasks.changed_config import changed_config
from engine.training.checkpoint import Checkpoint
from engine.training.continuation.carry_over import carry_over


def fork(
    checkpoint: Checkpoint, arguments: dict[str, Any], data: DataCache, tables: TableLibrary
) -> dict[str, Any]:
    """Returns configuration, position, `state` as bytes, and what was carried over.

    `arguments` are the `changes` of the configuration and the `name` of the new run. Raises ConfigError whose
    field begins with `changes`.
    """
    try:
        config = changed_config(checkpoint.config, arguments["changes"], tables)
    except ConfigError as error:
        field = f"changes.{error.field}" if error.field else "changes"
        raise ConfigError(field, error.message, error.given, error.limit, error.code) from None
    name = arguments["name"] or arguments["changes"].get("name", "")
    config = config.model_copy(update={"name": name})
    raw = config.model_dump(mode="json")
    carried = carry_over(checkpoint, config, data.load(raw))
    return {
        "config": raw,
        "attempt": checkpoint.attempt,
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "state": carried.checkpoint.to_bytes(),
        "parts": carried.parts.describe(),
    }
