"""A policy's configuration with nothing left open, its problem, and the states it is looked at with."""

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
from engine.tasks.shared_fields import known, numbers
from engine.tasks.task import Problem

SHOWN = 1000  # states that pictures of the network are made with
EPISODES = 12  # played for them, by each of the fixed ways to act


def world(config: PolicyConfig) -> tuple[Environment, dict[str, float]]:
    """The environment of a resolved configuration, and its numbers."""
    chosen = config.environment
    entry = ENVIRONMENTS[chosen.name]
    return entry, {name: getattr(chosen, name) for name in entry.parameters}


def problem(config: PolicyConfig) -> Problem:
    """Observations in, the probability of each action out."""
    entry, chosen = world(config)
    inputs, actions = entry.observed(chosen), entry.actions(chosen)
    return Problem(CONTROL, inputs, config.features or inputs, len(actions), actions, False, entry.axes)


def resolve(config: PolicyConfig) -> PolicyConfig:
    """Fill in what is `auto` or null. Raises ConfigError for the first field that cannot be."""
    raw = config.model_dump()
    environment = raw["environment"]
    known("environment.name", environment["name"], ENVIRONMENTS)
    entry = ENVIRONMENTS[environment["name"]]
    names = tuple(name for name in environment if name != "name")
    numbers("environment", environment, entry.parameters, names)
    chosen = {name: environment[name] for name in entry.parameters}
    raw["features"] = _features(raw["features"], entry.observed(chosen))
    shared_fields.layers(raw)
    shared_fields.optimizer(raw)
    shared_fields.initializer(raw, raw["output_activation"])
    if raw["beginnings"] is None:
        raw["beginnings"] = next(n for n in range(entry.beginnings, 0, -1) if raw["episodes"] % n == 0)
    _refuse(raw)
    return PolicyConfig.model_validate(raw)


def _features(given: list[str] | None, observed: list[str]) -> list[str]:
    for index, name in enumerate(given or []):
        if name not in observed:
            message = f"“{name}” is not observed here"
            raise ConfigError(f"features.{index}", message, given=name, limit=observed)
        if name in (given or [])[:index]:
            raise ConfigError(f"features.{index}", f"“{name}” is there twice", given=name)
    return given or observed


def _refuse(raw: dict[str, Any]) -> None:
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
            "the perceptron rule needs the right answers, and there are none",
            given="perceptron",
        )
    for index, layer in enumerate(raw["layers"]):
        if layer["dropout"] > 0:
            raise ConfigError(
                f"layers.{index}.dropout",
                "must be 0: the policy that learns has to be the one that played",
                given=layer["dropout"],
                limit=0,
            )


def warnings(config: PolicyConfig) -> Iterable[tuple[str, str]]:
    """(field, message) for each choice that is allowed but will not work well."""
    if config.baseline == "time" and config.episodes == config.beginnings:
        yield (
            "beginnings",
            "Every episode begins in its own way and is compared with itself alone: nothing is learned.",
        )
    for index, layer in enumerate(config.layers):
        if layer.activation == "step":
            yield (
                f"layers.{index}.activation",
                "The step's gradient is zero everywhere: nothing before it can learn.",
            )


def load(config: PolicyConfig) -> Data:
    """States for pictures of the network: at most 1,000 of those that the fixed ways to act come by.

    They follow from the environment alone (PCG64(0)); nothing is trained or tested on them.
    """
    entry, chosen = world(config)
    rng = np.random.Generator(np.random.PCG64(0))
    met = []
    for heuristic in entry.heuristics.values():
        state = entry.begin(chosen, rng, EPISODES, EPISODES)
        while not state["ended"].all():
            met.append(entry.observe(chosen, state)[~state["ended"]])
            entry.step(chosen, state, heuristic.act(chosen, state, rng))
    states = np.concatenate(met)
    states = states[rng.permutation(len(states))[:SHOWN]]
    return _as_data(problem(config), states)


def _as_data(asked: Problem, states: np.ndarray) -> Data:
    columns = [asked.inputs.index(name) for name in asked.features]

    def part(rows: np.ndarray) -> Part:
        nothing = np.zeros((len(rows), 0))
        return Part(rows, rows[:, columns], nothing, nothing)

    count = len(columns)
    digest = hashlib.sha256(states.tobytes() + "\n".join(asked.features).encode()).hexdigest()
    return Data(
        task=asked.task,
        inputs=asked.inputs,
        features=asked.features,
        classes=asked.classes,
        outputs=asked.outputs,
        train=part(states),
        validation=part(states[:0]),
        test=part(states[:0]),
        feature_mean=np.zeros(count),
        feature_scale=np.ones(count),
        target_mean=np.zeros(asked.outputs),
        target_scale=np.ones(asked.outputs),
        target_low=0.0,
        target_high=1.0,
        digest=digest,
    )
