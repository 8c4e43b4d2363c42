"""Live changes: changes of a configuration during training."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.config.errors import ConfigError
from engine.config.form import is_live
from engine.config.models import Config
from engine.tasks.resolve import revise


def change(config: Config, changes: Any) -> Any:
    """Returns the configuration after a partial change.

    Objects are merged field by field, `layers` entry by entry; `early_stopping` is replaced if it was null.
    Raises ConfigError with code `needs_restart` for a field that cannot change during training, `invalid`
    for an invalid value.
    """
    if not isinstance(changes, Mapping):
        raise ConfigError("", "changes are a JSON object", given=changes, limit="object")
    before = config.model_dump()
    merged = _merge(before, changes, ())
    # Before validation: a value that needs a restart may be invalid in the current configuration.
    _refuse_restarts(type(config), before, merged)
    if merged["optimizer"]["schedule"]["name"] != before["optimizer"]["schedule"]["name"]:
        schedule = changes["optimizer"][
            "schedule"
        ]  # the parameters of the old schedule do not apply to the new one
        merged["optimizer"]["schedule"] = dict(schedule)
    after = revise(config, merged)
    _refuse_restarts(type(config), before, after.model_dump())
    return after


def _refuse_restarts(model: type[Config], before: dict[str, Any], after: dict[str, Any]) -> None:
    for path, old, new in _differences(before, after, ()):
        if not is_live(model, path):
            raise ConfigError(
                ".".join(path),
                "cannot change during training; restart the run",
                given=new,
                limit=old,
                code="needs_restart",
            )


def _merge(old: Any, new: Any, path: tuple[str, ...]) -> Any:
    if isinstance(old, dict) and isinstance(new, Mapping):
        for key, value in new.items():
            if key not in old:
                field = ".".join((*path, str(key)))
                raise ConfigError(field, "there is no such field", given=value, limit=list(old))
        return old | {key: _merge(old[key], value, (*path, key)) for key, value in new.items()}
    if isinstance(old, dict) and path != ("early_stopping",):
        raise ConfigError(".".join(path), "must be an object", given=new)
    if path == ("layers",):
        if not isinstance(new, list):
            raise ConfigError("layers", "must be a list", given=new)
        if len(new) != len(old):
            raise ConfigError(
                "layers",
                "their number cannot change during training; restart the run",
                given=len(new),
                limit=len(old),
                code="needs_restart",
            )
        return [_merge(a, b, (*path, str(i))) for i, (a, b) in enumerate(zip(old, new, strict=True))]
    return new


def _differences(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old:
            yield from _differences(old[key], new[key], (*path, key))
    elif path == ("layers",):
        for index, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from _differences(a, b, (*path, str(index)))
    elif old != new:
        yield path, old, new
