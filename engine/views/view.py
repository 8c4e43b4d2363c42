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

# A number with its range; a choice of texts, the default first; or a free text's default.
Option = Parameter | tuple[str, ...] | str
Slices = Generator[float, None, dict[str, Any]]  # yields the fraction done, returns the answer


def result_of(slices: Slices) -> dict[str, Any]:
    """The answer after all slices."""
    while True:
        try:
            next(slices)
        except StopIteration as ended:
            answer: dict[str, Any] = ended.value
            return answer


@dataclass(frozen=True)
class Tab:
    """Where the page shows a view. One view of each `group` is shown at a time; the tabs are in ascending
    `order`, and the first one is shown at first.

    `leads`: shown first for the tasks it applies to. `needs_data`: a property that the data of the run must
    have, such as `image`.
    """

    group: Literal["network", "middle", "output", "right"]
    order: int
    leads: bool = False
    needs_data: str | None = None


@dataclass(frozen=True)
class View:
    """One view. `function(checkpoint, data, options)` returns named arrays, numbers, texts and lists of such,
    or, where that takes long, is a generator of slices.

    `needs` names what it uses beside the weights: `slots` (a checkpoint with the optimizer state), or the
    history as recorded `points` or recorded `weights` (flat vectors). A function that needs the history has
    the argument `path`, None where nothing is recorded. With `uses_cache` it has the argument `cache`.
    `fps` is how often per second it is worth computing during training.
    `tab` is where the page shows it; None where another panel does.
    """

    function: Callable[..., dict[str, Any] | Slices]
    options: Mapping[str, Option] = field(default_factory=dict)
    applies_to: tuple[str, ...] = FROM_EXAMPLES
    needs: tuple[str, ...] = ()
    uses_cache: bool = False
    fps: float = 60.0
    tab: Tab | None = None

    def parse(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Options from a query or a message, validated and completed by defaults. Raises ConfigError naming
        the option.
        """
        for name in given:
            if name not in self.options:
                raise ConfigError(
                    name, "there is no such option here", given=given[name], limit=list(self.options)
                )
        return {name: _parsed(name, option, given.get(name)) for name, option in self.options.items()}

    def check(self, checkpoint: Checkpoint) -> None:
        """Raises ConfigError where the view does not apply to what the network has to do."""
        task = checkpoint.problem.task
        if task not in self.applies_to:
            limit = list(self.applies_to)
            raise ConfigError(
                "view", f"does not apply here: this is a {task} problem", given=task, limit=limit
            )

    def compute(
        self,
        checkpoint: Checkpoint,
        data: Data,
        options: Mapping[str, Any],
        path: Sequence[Any] | None = None,
        cache: ViewCache | None = None,
    ) -> dict[str, Any]:
        """The view of this checkpoint; `options` from `parse`. Raises ConfigError where the view does not
        apply, or an option does not fit the network.
        """
        return result_of(self.slices(checkpoint, data, options, path, cache))

    def slices(
        self,
        checkpoint: Checkpoint,
        data: Data,
        options: Mapping[str, Any],
        path: Sequence[Any] | None = None,
        cache: ViewCache | None = None,
    ) -> Slices:
        """The same in slices: yields the fraction done, returns the answer."""
        self.check(checkpoint)
        arguments: dict[str, Any] = {}
        if "points" in self.needs or "weights" in self.needs:
            arguments["path"] = path
        if self.uses_cache:
            arguments["cache"] = ViewCache() if cache is None else cache
        result = self.function(checkpoint, data, options, **arguments)
        return (yield from result) if isinstance(result, Generator) else result


def _parsed(name: str, option: Option, given: Any) -> Any:
    if isinstance(option, str):
        if given is not None and not isinstance(given, str):
            raise ConfigError(name, "must be a text", given=given)
        return option if given is None else given
    if isinstance(option, tuple):
        if given is None:
            return option[0]
        if given not in option:
            raise ConfigError(name, f"must be one of {', '.join(option)}", given=given, limit=list(option))
        return given
    if given is None:
        return option.default
    return _number(name, option, given)


def _number(name: str, option: Parameter, given: Any) -> float:
    limit = [option.minimum, option.maximum]
    try:
        if isinstance(given, bool):
            raise ValueError
        number = int(given) if option.integer else float(given)
        if isinstance(given, float) and number != given:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        kind = "a whole number" if option.integer else "a number"
        raise ConfigError(name, f"must be {kind}", given=given, limit=limit) from None
    if not option.minimum <= number <= option.maximum:
        message = f"must be from {option.minimum} to {option.maximum}"
        raise ConfigError(name, message, given=given, limit=limit)
    return number
