"""Evaluation: episodes of a policy or a heuristic that are not used for training."""

from collections.abc import Callable, Generator, Mapping
from functools import lru_cache

import numpy as np

from engine.environments import ENVIRONMENTS, Environment, State
from engine.policy_gradient.rollout import sample_actions
from engine.tasks.policy_gradient import environment_of, problem
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import prepared

STEPS_PER_YIELD = 16
EVALUATION = 20_161  # part of the seed, so that initial states differ from those in training

Act = Callable[[State], np.ndarray]
# Called before every step with the state and the actions; at the end with the last state and None.
OnDecision = Callable[[State, np.ndarray | None], None]


def random_generator(seed: int, purpose: int) -> np.random.Generator:
    """Returns the generator for purpose 0 (initial states) or 1 (actions)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((EVALUATION, seed, purpose))))


def policy_of(checkpoint: Checkpoint, state: State) -> np.ndarray:
    """Returns π(·|s) of the checkpoint's network, (actions, K)."""
    environment, numbers = environment_of(checkpoint.config)
    inputs, features = problem(checkpoint.config).inputs, problem(checkpoint.config).features
    columns = [inputs.index(name) for name in features]
    observations = environment.observe(numbers, state)[:, columns].astype(checkpoint.config.dtype)
    forward = prepared(checkpoint.network, len(observations), checkpoint.config.dtype)
    return forward.run(checkpoint.theta, observations).output(len(checkpoint.network.layers) - 1)


def policy_actions(checkpoint: Checkpoint, act: str, seed: int) -> Act:
    """Returns a function that selects actions: `greedy` the most probable one, `sampled` by probability."""
    rng = random_generator(seed, 1)

    def select(state: State) -> np.ndarray:
        policy = policy_of(checkpoint, state)
        return policy.argmax(axis=0) if act == "greedy" else sample_actions(policy, rng)

    return select


def play(
    environment: Environment, numbers: Mapping[str, float], act: Act, seed: int, episodes: int,
    on_decision: OnDecision | None = None,
) -> Generator[float, None, State]:  # fmt: skip
    """Plays episodes until all have ended. Yields progress; returns the scores of the episodes, (K,) each."""
    state = environment.initial_state(numbers, random_generator(seed, 0), episodes, episodes)
    total, length, max_steps = np.zeros(episodes), np.zeros(episodes), environment.max_decisions(numbers)
    for t in range(max_steps):
        if state["ended"].all():
            break
        actions = act(state)
        if on_decision:
            on_decision(state, actions)
        length += ~state["ended"]
        total += environment.step(numbers, state, actions).reward
        if t % STEPS_PER_YIELD == STEPS_PER_YIELD - 1:
            yield t / max_steps
    if on_decision:
        on_decision(state, None)
    return {"return": total, "length": length, **environment.score(numbers, state)}


@lru_cache(maxsize=64)
def heuristic_scores(
    name: str, numbers: tuple[tuple[str, float], ...], rule: str, seed: int, episodes: int
) -> State:
    """Returns the scores of a heuristic; they are always the same and cached."""
    environment, parameters = ENVIRONMENTS[name], dict(numbers)
    rng, heuristic = random_generator(seed, 1), ENVIRONMENTS[name].heuristics[rule]
    episodes_played = play(
        environment, parameters, lambda state: heuristic.act(parameters, state, rng), seed, episodes
    )
    while True:
        try:
            next(episodes_played)
        except StopIteration as done:
            scores: State = done.value
            return scores
