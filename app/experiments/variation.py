"""Variation: the values of the varied fields of each member of an experiment."""

from collections.abc import Callable, Mapping
from itertools import product
from math import isfinite, prod
from typing import Any, NamedTuple

import numpy as np

from app.errors import Invalid

MAX_FIELDS = 4
MAX_MEMBERS = 512
FORMS = '[...], {"count": N} of a seed, or {"linear" or "log": [low, high], "count": N}'

Values = dict[str, Any]  # by dotted path of the field


class Choices(NamedTuple):
    """A field that has one of these values."""

    values: list[Any]

    def draw(self, random: np.random.Generator) -> Any:
        """Returns one of the values."""
        return self.values[int(random.integers(len(self.values)))]


class Range(NamedTuple):
    """A field that has any value from `low` to `high`, on a linear or logarithmic scale."""

    low: float
    high: float
    is_log: bool
    is_integer: bool

    def draw(self, random: np.random.Generator) -> Any:
        """Returns a value."""
        return self.at(random.uniform())

    def at(self, fraction: float) -> Any:
        """Returns the value at a fraction of the range: a whole number, or one of six digits."""
        if fraction in (0, 1):
            value = float(self.low if fraction == 0 else self.high)
        elif self.is_log:
            value = self.low * (self.high / self.low) ** fraction
        else:
            value = self.low + (self.high - self.low) * fraction
        return round(value) if self.is_integer else float(f"{value:.6g}")


def values_of_members(
    vary: Any, sample: str, members: int | None, seed: int, is_integer: Callable[[str], bool]
) -> list[Values]:
    """Returns the values of each member: all combinations (`grid`), or `members` of them (`random`).

    In a grid the last field changes fastest. Random values follow from `seed`. `is_integer` returns whether
    the field at a path is a whole number, and raises Invalid if there is no such field.
    """
    _refuse_number_of_fields(vary)
    _refuse_members(sample, members)
    is_random = sample == "random"
    fields = {path: _read(path, spec, is_random, is_integer(path)) for path, spec in vary.items()}
    choices = [field.values for field in fields.values() if isinstance(field, Choices)]
    total = prod(map(len, choices))
    if not is_random:
        _refuse_total(total, vary)
        return [dict(zip(fields, combination, strict=True)) for combination in product(*choices)]
    assert members is not None
    random = np.random.default_rng(seed)
    if len(choices) < len(fields):
        return [{path: field.draw(random) for path, field in fields.items()} for _ in range(members)]
    if members > total:
        message = f"there are {total} different members only"
        raise Invalid("invalid", message, field="members", given=members, limit=[1, total])
    numbers = random.choice(total, members, replace=False)
    return [_combination(int(number), fields) for number in numbers]


def _combination(number: int, fields: Mapping[str, Any]) -> Values:
    values = {}
    for path, field in fields.items():
        number, index = divmod(number, len(field.values))
        values[path] = field.values[index]
    return values


def _refuse_number_of_fields(vary: Any) -> None:
    if not isinstance(vary, Mapping):
        raise Invalid("invalid", "must be an object of varied fields", field="vary", given=vary)
    if not 1 <= len(vary) <= MAX_FIELDS:
        message = f"needs from 1 to {MAX_FIELDS} fields"
        raise Invalid("invalid", message, field="vary", given=len(vary), limit=[1, MAX_FIELDS])
    paths = sorted(vary)
    for path in paths:
        outer = next((other for other in paths if path.startswith(f"{other}.")), None)
        if outer is not None:
            raise Invalid("invalid", f"is a part of {outer}, which varies too", field=f"vary.{path}")


def _refuse_members(sample: str, members: int | None) -> None:
    if sample == "random" and not (members is not None and 1 <= members <= MAX_MEMBERS):
        message = f"a random sample needs the number of its members, from 1 to {MAX_MEMBERS}"
        raise Invalid("invalid", message, field="members", given=members, limit=[1, MAX_MEMBERS])
    if sample == "grid" and members is not None:
        message = "is for random samples; a grid has all combinations"
        raise Invalid("invalid", message, field="members", given=members)


def _refuse_total(total: int, vary: Mapping[str, Any]) -> None:
    if total > MAX_MEMBERS:
        message = f"these fields give {total:,} members; an experiment has at most {MAX_MEMBERS}"
        raise Invalid("too_many_members", message, field="vary", given=total, limit=MAX_MEMBERS)


def _read(path: str, spec: Any, is_random: bool, is_integer: bool) -> Choices | Range:
    """The values of a field. Raises Invalid."""
    field = f"vary.{path}"
    if isinstance(spec, list):
        return Choices(_explicit(field, spec))
    if not isinstance(spec, Mapping):
        raise Invalid("invalid", f"must be {FORMS}", field=field, given=spec)
    unknown = next((name for name in spec if name not in ("count", "linear", "log")), None)
    if unknown is not None:
        message = f"There is no such field; a varied field has {FORMS}."
        raise Invalid("unknown_field", message, field=f"{field}.{unknown}", given=spec[unknown])
    scales = [name for name in ("linear", "log") if name in spec]
    if len(scales) == 2:
        raise Invalid("invalid", "has either linear or log", field=field, given=dict(spec))
    if not scales:
        return Choices(_seeds(path, spec))
    interval = _range(f"{field}.{scales[0]}", spec[scales[0]], scales[0] == "log", is_integer)
    if is_random and "count" not in spec:
        return interval
    return Choices(_spread(field, interval, _count(field, spec, 2)))


def _explicit(field: str, values: list[Any]) -> list[Any]:
    if not 1 <= len(values) <= MAX_MEMBERS:
        message = f"needs from 1 to {MAX_MEMBERS} values"
        raise Invalid("invalid", message, field=field, given=len(values), limit=[1, MAX_MEMBERS])
    for index, value in enumerate(values):
        if value in values[:index]:
            raise Invalid("invalid", "is in the list twice", field=f"{field}.{index}", given=value)
    return values


def _seeds(path: str, spec: Mapping[str, Any]) -> list[int]:
    count = _count(f"vary.{path}", spec, 1)
    if not path.endswith("seed"):
        message = "needs linear or log, [low, high]: a count alone is for seeds"
        raise Invalid("invalid", message, field=f"vary.{path}", given=dict(spec))
    return list(range(count))


def _count(field: str, spec: Mapping[str, Any], lowest: int) -> int:
    count = spec.get("count")
    if isinstance(count, bool) or not isinstance(count, int) or not lowest <= count <= MAX_MEMBERS:
        message = f"must be a whole number from {lowest} to {MAX_MEMBERS}"
        raise Invalid("invalid", message, field=f"{field}.count", given=count, limit=[lowest, MAX_MEMBERS])
    return count


def _range(field: str, ends: Any, is_log: bool, is_integer: bool) -> Range:
    is_pair = isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends))
    if not is_pair or not ends[0] < ends[1] or (is_log and ends[0] <= 0):
        message = "must be two numbers, the lower one first" + (", above 0" if is_log else "")
        raise Invalid("invalid", message, field=field, given=ends)
    if is_integer and any(end != round(end) for end in ends):
        raise Invalid("invalid", "must be whole numbers, as the field is one", field=field, given=ends)
    return Range(ends[0], ends[1], is_log, is_integer)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _spread(field: str, interval: Range, count: int) -> list[Any]:
    values = list(dict.fromkeys(interval.at(index / (count - 1)) for index in range(count)))
    if len(values) < count:
        message = f"gives {len(values)} different values of this field only"
        raise Invalid("invalid", message, field=f"{field}.count", given=count, limit=[2, len(values)])
    return values
