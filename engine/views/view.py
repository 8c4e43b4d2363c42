"""View: a pure function of a checkpoint, the data and some options, with its catalogue entry."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import FROM_EXAMPLES
from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.views.cache import ViewCache

# A number with its range, a choice of strings with the default first, or the default of any string.
Option = Parameter | tuple[str, ...] | str
Slices = Generator[float, None, dict[str, Any]]  # yields the fraction done, returns the result


def result_of(slices: Slices) -> dict[str, Any]:
    """Runs all slices and returns the result."""
    while True:
        try:
            next(slices)
        except StopIteration as stop:
            result: dict[str, Any] = stop.value
            return result


@dataclass(frozen=True)
class Tab:
    """The tab of a view on the page. One view of each `group` is shown at a time, by default the first one in
    ascending `order`.

    `leads`: the default for the tasks the view applies to. `needs_data`: a property that the data of the run
    must have, such as `image`. `fits`: a field of the configuration and the value it has in the runs that the
    view is about, in every layer where the path has `*`; for other runs the page lists the tab under "More".
    """

    group: Literal["network", "middle", "output", "right"]
    order: int
    leads: bool = False
    needs_data: str | None = None
    fits: tuple[str, str] | None = None


@dataclass(frozen=True)
class View:
    """One view. `function(checkpoint, data, options)` returns a dict of arrays, numbers, strings and lists,
    or, if that takes long, is a generator of slices.

    `needs` lists what it uses besides the weights: `slots` (a checkpoint with the optimizer state), or the
    recorded history: `points`, or `weights` (flat vectors). A function that needs the history has the
    argument `history`, None if nothing is recorded; with `uses_cache` it has the argument `cache`.
    `fps` is the maximum number of computations per second during training. `tab` is None if another panel
    shows the view.
    """

    function: Callable[..., dict[str, Any] | Slices]
    options: Mapping[str, Option] = field(default_factory=dict)
    applies_to: tuple[str, ...] = FROM_EXAMPLES
    needs: tuple[str, ...] = ()
    uses_cache: bool = False
    fps: float = 60.0
    tab: Tab | None = None

    def parse(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The options from `values` of a query or a message, validated, with defaults for the others.

        Raises ConfigError with the name of the first invalid option.
        """
        for name in values:
            if name not in self.options:
                raise ConfigError(
                    name, "this view has no such option", given=values[name], limit=list(self.options)
                )
        return {name: _parsed(name, option, values.get(name)) for name, option in self.options.items()}

    def check(self, checkpoint: Checkpoint) -> None:
        """Raises ConfigError if the view does not apply to the task of the network."""
        task = checkpoint.problem.task
        if task not in self.applies_to:
            limit = list(self.applies_to)
            raise ConfigError("view", f"does not apply to the task {task}", given=task, limit=limit)

    def compute(
        self,
        checkpoint: Checkpoint,
        data: Data,
        options: Mapping[str, Any],
        history: Sequence[Any] | None = None,
        cache: ViewCache | None = None,
    ) -> dict[str, Any]:
        """The result of the view for this checkpoint; `options` are those of `parse`.

        Raises ConfigError if the view does not apply to the task, or an option does not fit the network.
        """
        return result_of(self.slices(checkpoint, data, options, history, cache))

    def slices(
        self,
        checkpoint: Checkpoint,
        data: Data,
        options: Mapping[str, Any],
        history: Sequence[Any] | None = None,
        cache: ViewCache | None = None,
    ) -> Slices:
        """Like `compute`, in slices: yields the fraction done, returns the result."""
        self.check(checkpoint)
        arguments: dict[str, Any] = {}
        if "points" in self.needs or "weights" in self.needs:
            arguments["history"] = history
        if self.uses_cache:
            arguments["cache"] = ViewCache() if cache is None else cache
        result = self.function(checkpoint, data, options, **arguments)
        return (yield from result) if isinstance(result, Generator) else result


def _parsed(name: str, option: Option, value: Any) -> Any:
    if isinstance(option, str):
        if value is not None and not isinstance(value, str):
            raise ConfigError(name, "must be a string", given=value)
        return option if value is None else value
    if isinstance(option, tuple):
        if value is None:
            return option[0]
        if value not in option:
            raise ConfigError(name, f"must be one of {', '.join(option)}", given=value, limit=list(option))
        return value
    if value is None:
        return option.default
    return _number(name, option, value)


def _number(name: str, option: Parameter, value: Any) -> float:
    limit = [option.minimum, option.maximum]
    try:
        if isinstance(value, bool):
            raise ValueError
        number = int(value) if option.integer else float(value)
        if isinstance(value, float) and number != value:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        expected = "a whole number" if option.integer else "a number"
        raise ConfigError(name, f"must be {expected}", given=value, limit=limit) from None
    if not option.minimum <= number <= option.maximum:
        message = f"must be from {option.minimum} to {option.maximum}"
        raise ConfigError(name, message, given=value, limit=limit)
    return number
