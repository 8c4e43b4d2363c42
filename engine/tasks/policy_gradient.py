"""Policy gradient: resolves a configuration, derives its problem, and samples states for the views."""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.policy_gradient import PolicyConfig
from engine.config.task_names import CONTROL
from engine.datasets.dataset import Data, Part
from engine.environments import ENVIRONMENTS, Environment
from engine.optimizers import OPTIMIZERS
from engine.tasks import shared_fields
from engine.tasks.shared_fields import require_entry, resolve_numbers
from engine.tasks.suitability import Unsuitable
from engine.tasks.task import Problem, large_learning_rate

MAX_STATES = 1000  # for views of the network
EPISODES = 12  # of each heuristic, from which these states are sampled


def environment_of(config: PolicyConfig) -> tuple[Environment, dict[str, float]]:
    """Returns the environment of a resolved configuration and the values of its parameters."""
    section = config.environment
    entry = ENVIRONMENTS[section.name]
    return entry, {name: getattr(section, name) for name in entry.parameters}


def problem(config: PolicyConfig) -> Problem:
    """Returns the problem: inputs are the observation, outputs the probabilities of the actions."""
    entry, values = environment_of(config)
    inputs, actions = entry.observation_names(values), entry.action_names(values)
    return Problem(CONTROL, inputs, config.features or inputs, len(actions), actions, False, entry.axes)


def resolve(config: PolicyConfig) -> PolicyConfig:
    """Replaces `auto` and null. Raises ConfigError for the first invalid field."""
    raw = config.model_dump()
    environment = raw["environment"]
    require_entry("environment.name", environment["name"], ENVIRONMENTS)
    entry = ENVIRONMENTS[environment["name"]]
    names = tuple(name for name in environment if name != "name")
    resolve_numbers("environment", environment, entry.parameters, names)
    values = {name: environment[name] for name in entry.parameters}
    raw["features"] = _features(raw["features"], entry.observation_names(values))
    shared_fields.layers(raw)
    shared_fields.optimizer(raw)
    shared_fields.initializer(raw, raw["output_activation"])
    if raw["beginnings"] is None:
        raw["beginnings"] = next(
            n for n in range(entry.default_beginnings, 0, -1) if raw["episodes"] % n == 0
        )
    _check(raw)
    return PolicyConfig.model_validate(raw)


def _features(names: list[str] | None, observed: list[str]) -> list[str]:
    for index, name in enumerate(names or []):
        if name not in observed:
            message = f"“{name}” is not part of the observation"
            raise ConfigError(f"features.{index}", message, given=name, limit=observed)
        if name in (names or [])[:index]:
            raise ConfigError(f"features.{index}", f"“{name}” occurs twice", given=name)
    return names or observed


def _check(raw: dict[str, Any]) -> None:
    if raw["episodes"] % raw["beginnings"]:
        raise ConfigError(
            "beginnings",
            f"must divide the number of episodes ({raw['episodes']})",
            given=raw["beginnings"],
            limit=[n for n in range(1, raw["episodes"] + 1) if raw["episodes"] % n == 0],
        )
    if OPTIMIZERS[raw["optimizer"]["name"]].perceptron_rule:
        raise ConfigError(
            "optimizer.name",
            "the perceptron rule needs targets",
            given="perceptron",
        )
    for index, layer in enumerate(raw["layers"]):
        if layer["dropout"] > 0:
            raise ConfigError(
                f"layers.{index}.dropout",
                "must be 0: the updated policy must be the one that chose the actions",
                given=layer["dropout"],
                limit=0,
            )


def warnings(config: PolicyConfig) -> Iterable[Unsuitable]:
    """Yields each setting that is allowed but unsuitable."""
    if config.baseline == "time" and config.episodes == config.beginnings:
        yield Unsuitable("beginnings", "no_baseline")
    for index, layer in enumerate(config.layers):
        if layer.activation == "step":
            yield Unsuitable(f"layers.{index}.activation", "zero_gradient")
    yield from large_learning_rate(config.optimizer)


def load(config: PolicyConfig) -> Data:
    """Returns up to MAX_STATES observations from episodes of the heuristics, for views of the network.

    They depend on the environment only (PCG64(0)); no loss is computed on them.
    """
    entry, values = environment_of(config)
    rng = np.random.Generator(np.random.PCG64(0))
    visited = []
    for heuristic in entry.heuristics.values():
        state = entry.initial_state(values, rng, EPISODES, EPISODES)
        while not state["ended"].all():
            visited.append(entry.observe(values, state)[~state["ended"]])
            entry.step(values, state, heuristic.act(values, state, rng))
    states = np.concatenate(visited)
    states = states[rng.permutation(len(states))[:MAX_STATES]]
    return _as_data(problem(config), states)


def _as_data(source: Problem, states: np.ndarray) -> Data:
    columns = [source.inputs.index(name) for name in source.features]

    def part(rows: np.ndarray) -> Part:
        no_targets = np.zeros((len(rows), 0))
        return Part(rows, rows[:, columns], no_targets, no_targets)

    count = len(columns)
    digest = hashlib.sha256(states.tobytes() + "\n".join(source.features).encode()).hexdigest()
    return Data(
        task=source.task,
        inputs=source.inputs,
        features=source.features,
        classes=source.classes,
        outputs=source.outputs,
        train=part(states),
        validation=part(states[:0]),
        test=part(states[:0]),
        feature_mean=np.zeros(count),
        feature_scale=np.ones(count),
        target_mean=np.zeros(source.outputs),
        target_scale=np.ones(source.outputs),
        target_low=0.0,
        target_high=1.0,
        digest=digest,
    )
