"""Checkpoint: configuration and state of a training at one step, as an object and as bytes."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

import numpy as np
from numpy.random.bit_generator import ISeedSequence

from engine.datasets import look_up_table
from engine.datasets.tables.library import NO_TABLES, TableLibrary
from engine.layers.network import Network, build
from engine.tasks.paradigms import problem
from engine.tasks.task import Problem
from engine.training.read_config import ReadConfig, read_config
from engine.training.state import EarlyStoppingState, TrainState

FORMAT = 1
MAGIC = b"PERCEPTARIUM"


class ConfigText:
    """A configuration as JSON, which is written once for all checkpoints of a training."""

    def __init__(self, config: Any) -> None:
        self._config = config

    @cached_property
    def text(self) -> str:
        """The JSON text."""
        return json.dumps(self._config.model_dump())


@dataclass
class Checkpoint:
    """Configuration and state of a training, for views and for resuming; `digest` is a hash of the data.

    `read` is the configuration as it was read from bytes, if it is `config`.
    """

    config: Any
    state: TrainState
    digest: str
    config_text: ConfigText | None = None
    read: ReadConfig | None = None

    @property
    def step(self) -> int:
        """The number of optimizer steps."""
        return self.state.step

    @property
    def epoch(self) -> int:
        """The number of completed epochs."""
        return self.state.epoch

    @property
    def attempt(self) -> int:
        """The number of resets."""
        return self.state.attempt

    @property
    def mode(self) -> str:
        """`single`, or `batched` if trained in an ensemble."""
        return self.state.mode

    @property
    def theta(self) -> np.ndarray:
        """All parameters as flat vector."""
        return self.state.theta

    @cached_property
    def problem(self) -> Problem:
        """The problem of the configuration: task, inputs and outputs."""
        return self.read.problem if self.read else problem(self.config)

    @cached_property
    def network(self) -> Network:
        """The network of the configuration."""
        if self.read and not any(self.state.disabled):
            return self.read.network
        return build(self.config, self.problem.outputs, self.state.disabled)

    def light(self) -> "Checkpoint":
        """Returns a copy for views: parameters and counters, without optimizer state and order."""
        state = self.state
        light = TrainState(
            state.memory[:1].copy(),
            state.shuffle,
            state.dropout,
            state.order[:0],
            state.position,
            state.step,
            state.epoch,
            state.attempt,
            frozen=state.frozen,
            disabled=state.disabled,
            optimizer_start=state.optimizer_start,
            continued_from=state.continued_from,
        )
        return Checkpoint(self.config, light, self.digest, self.config_text)

    def to_bytes(self) -> bytes:
        """Returns the checkpoint as bytes: length of the header, header as JSON, arrays."""
        state, stopping = self.state, self.state.stopping
        arrays = [state.memory, state.order, *state.episodes.values()]
        arrays += [array for array in (stopping.best_theta, state.frozen) if array is not None]
        config = self.config_text or ConfigText(self.config)
        rest = _rest_of_header(
            self.digest,
            state.optimizer_start,
            state.mode,
            state.disabled,
            (stopping.best_theta is not None, state.frozen is not None),
            tuple(state.episodes),
            (stopping.best, stopping.best_step, stopping.best_epoch, stopping.waited),
            tuple((array.dtype.str, array.shape) for array in arrays),
        )
        text = (
            f'{{"format": {FORMAT}, "config": {config.text}, '
            f'"counters": [{state.position}, {state.step}, {state.epoch}, {state.attempt}], '
            f'"shuffle": {_generator_text(state.shuffle)}, "dropout": {_generator_text(state.dropout)}, '
            f'"continued_from": {json.dumps(state.continued_from)}, {rest}'
        ).encode()
        return b"".join(
            [MAGIC, len(text).to_bytes(8, "little"), text, *(array.tobytes() for array in arrays)]
        )

    @classmethod
    def from_bytes(cls, blob: bytes, tables: TableLibrary = NO_TABLES) -> "Checkpoint":
        """Returns the checkpoint from the bytes of `to_bytes`; `tables` contains the imported tables.

        Raises ValueError for invalid bytes, ConfigError if the table does not exist.
        """
        if blob[: len(MAGIC)] != MAGIC:
            raise ValueError("these bytes are not a checkpoint")
        start = len(MAGIC) + 8
        stop = start + int.from_bytes(blob[len(MAGIC) : start], "little")
        header = json.loads(blob[start:stop])
        if header["format"] != FORMAT:
            raise ValueError(f"this checkpoint has format {header['format']}, but only {FORMAT} can be read")
        read = read_config(json.dumps(header["config"]))
        state = _state(header, list(_arrays(header["arrays"], blob, stop)))
        config = look_up_table(read.config, tables)
        return cls(config, state, header["digest"], read=read if config is read.config else None)


@lru_cache(maxsize=64)
def _rest_of_header(
    digest: str,
    optimizer_start: int,
    mode: str,
    disabled: Any,
    kept: tuple[bool, bool],
    playing: tuple[str, ...],
    stopping: tuple[Any, ...],
    arrays: tuple[tuple[str, tuple[int, ...]], ...],
) -> str:
    """The part of the header that most checkpoints of a training share, and those of equal trainings."""
    rest = {
        "digest": digest,
        "optimizer_start": optimizer_start,
        "mode": mode,
        "off": disabled,
        "kept": kept,
        "playing": playing,
        "stopping": stopping,
        "arrays": arrays,
    }
    return json.dumps(rest)[1:]


def _generator_text(generator: np.random.Generator) -> str:
    """The state of a PCG64 as JSON; `json.dumps` takes several times as long for numbers of 128 bits."""
    bits: Any = generator.bit_generator.state
    numbers = bits["state"]
    return (
        f'{{"bit_generator": "{bits["bit_generator"]}", '
        f'"state": {{"state": {numbers["state"]}, "inc": {numbers["inc"]}}}, '
        f'"has_uint32": {bits["has_uint32"]}, "uinteger": {bits["uinteger"]}}}'
    )


def _state(header: dict[str, Any], arrays: list[np.ndarray]) -> TrainState:
    """Returns the state from a header and its arrays, which are in the order of `to_bytes`."""
    memory, order, *others = arrays
    episodes = {name: others.pop(0) for name in header.get("playing", ())}
    best_theta, frozen = (others.pop(0) if stored else None for stored in header["kept"])
    best, best_step, best_epoch, waited = header["stopping"]
    position, step, epoch, attempt = header["counters"]
    return TrainState(
        memory,
        _generator(header["shuffle"]),
        _generator(header["dropout"]),
        order,
        position,
        step,
        epoch,
        attempt,
        EarlyStoppingState(best, best_step, best_epoch, waited, best_theta),
        frozen,
        tuple(tuple(units) for units in header["off"]),
        episodes,
        header.get("optimizer_start", 0),
        header.get("continued_from"),
        header["mode"],
    )


def _arrays(shapes: list[tuple[str, list[int]]], blob: bytes, start: int) -> Iterator[np.ndarray]:
    """Yields writable copies of the arrays in `blob` from `start` on."""
    for dtype, shape in shapes:
        array = np.frombuffer(blob, dtype, math.prod(shape), start).reshape(shape).copy()
        start += array.nbytes
        yield array


class _AnySeed(ISeedSequence):
    """A seed for a generator whose state is replaced: computing a good one takes four times as long."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray:
        return np.ones(n_words, dtype)


def _generator(state: Any) -> np.random.Generator:
    bits = np.random.PCG64(cast(Any, _AnySeed()))
    bits.state = state
    return np.random.Generator(bits)
