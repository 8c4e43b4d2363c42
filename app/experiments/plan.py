"""Plan: the configurations of the members of an experiment, all of them valid."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from app.errors import Invalid
from app.experiments.experiment import Experiment
from app.experiments.variation import Values, values_of_members
from app.runs.members import NewMember
from engine.config.errors import ConfigError
from engine.config.models import LIMITS, Config
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse

AT_ONCE = 16  # configurations that are parsed before other requests have their turn


class PlannedMember(NamedTuple):
    """The values of the varied fields of a member, and its configuration, as requested and resolved."""

    values: Values
    config: dict[str, Any]
    resolved: Config


async def plan(
    raw: Any, vary: Any, sample: str, members: int | None, steps: int | None, tables: TableLibrary
) -> list[PlannedMember]:
    """Returns the members of an experiment.

    Members train without viewers, and for `steps` also if all epochs are done before. Raises Invalid for the
    first field that is not possible: of `config`, of `vary`, or a value of a varied field.
    """
    if not isinstance(raw, Mapping):
        raise Invalid("invalid", "must be an object", field="config", given=raw, limit="object")
    base = dict(raw) | ({} if steps is None else {"steps": steps})
    resolved = _parse(base, tables)
    is_integer = partial(_is_integer, type(resolved))
    listed = values_of_members(vary, sample, members, resolved.seed, is_integer)
    if steps is not None and resolved.epochs < steps and "epochs" not in vary:
        base["epochs"] = min(steps, LIMITS["epochs"])  # an epoch has at least one step
    if steps is not None and "steps" in vary:
        raise Invalid("invalid", "is given for all members, too", field="vary.steps", given=steps)
    defaults = resolved.model_dump(mode="json")
    planned = []
    for number, values in enumerate(listed, start=1):
        config: Any = base | {"unwatched": "train"}
        for path, value in values.items():
            config = _changed(config, path, value, defaults)
        resolved_member = _parse_member(config, values, number, len(listed), tables)
        planned.append(PlannedMember(values, config, resolved_member))
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    return planned


def new_members(
    experiment: Experiment, planned: Sequence[PlannedMember], ways: Sequence[dict[str, Any]]
) -> list[NewMember]:
    """Returns the members to create; `ways` says of each with which others it trains."""
    until = {} if experiment.halving is None else {"until": experiment.halving["until"]}
    same = {"id": experiment.id} | until
    return [
        NewMember(member.config, same | {"member": number, "values": member.values} | way)
        for number, (member, way) in enumerate(zip(planned, ways, strict=True))
    ]


def _parse(raw: dict[str, Any], tables: TableLibrary) -> Any:
    try:
        return parse(raw, tables)
    except ConfigError as error:
        raise _refusal(error, f"config.{error.field}" if error.field else "config", error.message) from None


def _parse_member(
    raw: dict[str, Any], values: Values, number: int, total: int, tables: TableLibrary
) -> Config:
    """Returns the resolved configuration.

    Raises Invalid naming the varied field, the number of the member and its values.
    """
    try:
        return parse(raw, tables)
    except ConfigError as error:
        path = next((path for path in values if _is_part(error.field, path)), None)
        field = f"vary.{path}" if path is not None else "vary"
        named = "" if error.field == path else f"{error.field}: "
        message = f"member {number} of {total}: {named}{error.message}"
        raise _refusal(error, field, message) from None


def _refusal(error: ConfigError, field: str, message: str) -> Invalid:
    return Invalid(error.code, message, field=field, given=error.given, limit=error.limit)


def _is_part(field: str, path: str) -> bool:
    return field == path or field.startswith(f"{path}.") or path.startswith(f"{field}.")


def _changed(config: Any, path: str, value: Any, defaults: Any) -> Any:
    try:
        return _with(config, path.split("."), value, defaults)
    except LookupError as error:
        raise Invalid("invalid", error.args[0], field=f"vary.{path}", given=path) from None


def _with(config: Any, path: list[str], value: Any, default: Any) -> Any:
    """Returns a copy of a part of a configuration with a value at the path.

    Where the configuration has no list, that of the `default` is changed. Raises LookupError.
    """
    if not path:
        return value
    name, rest = path[0], path[1:]
    inner = default.get(name) if isinstance(default, Mapping) else None
    if name.isdecimal():
        entries = list(config) if isinstance(config, list) else list(default or [])
        if int(name) >= len(entries):
            number = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
            raise LookupError(f"the configuration has {number} there, counted from 0")
        inner = default[int(name)] if isinstance(default, list) and int(name) < len(default) else None
        entries[int(name)] = _with(entries[int(name)], rest, value, inner)
        return entries
    before = config if isinstance(config, Mapping) else {}
    return {**before, name: _with(before.get(name), rest, value, inner)}


def _is_integer(config: type[BaseModel], path: str) -> bool:
    """Whether the field at a path is a whole number. Raises Invalid if there is no such field."""
    model: Any = config
    types: tuple[Any, ...] = ()
    for name in path.split("."):
        if name.isdecimal():
            continue
        field = getattr(model, "model_fields", {}).get(name)
        if name == "paradigm" and model is config:
            message = "cannot vary: all members have one paradigm"
            raise Invalid("invalid", message, field=f"vary.{path}", given=name)
        if field is None:
            names = list(getattr(model, "model_fields", {}))
            raise Invalid(
                "unknown_field",
                "There is no such field of this configuration.",
                field=f"vary.{path}",
                given=name,
                limit=names,
            )
        types = (field.annotation, *get_args(field.annotation))
        model = next((member for member in types if hasattr(member, "model_fields")), None)
    return int in types and float not in types
