"""Evaluation episodes, played by a policy or a heuristic; no training uses them."""

from collections.abc import Callable, Generator, Mapping
from functools import lru_cache

import numpy as np

from engine.environments import ENVIRONMENTS, Environment, State
from engine.policy_gradient.rollout import sampled
from engine.tasks.policy_gradient import environment_of, problem
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import prepared

STEPS_PER_YIELD = 16
EVALUATION = 20_161  # part of the seed: other initial states than in training

Act = Callable[[State], np.ndarray]
# Called with the state before every decision and the decision; at the end with the last state and None.
OnDecision = Callable[[State, np.ndarray | None], None]


def random_generator(seed: int, purpose: int) -> np.random.Generator:
    """The generator of these episodes for purpose 0 (initial states) or 1 (actions)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((EVALUATION, seed, purpose))))


def policy_of(checkpoint: Checkpoint, state: State) -> np.ndarray:
    """π(·|s) of the checkpoint's network, (actions, K)."""
    environment, numbers = environment_of(checkpoint.config)
    inputs, features = problem(checkpoint.config).inputs, problem(checkpoint.config).features
    columns = [inputs.index(name) for name in features]
    observed = environment.observe(numbers, state)[:, columns].astype(checkpoint.config.dtype)
    forward = prepared(checkpoint.network, len(observed), checkpoint.config.dtype)
    return forward.run(checkpoint.theta, observed).output(len(checkpoint.network.layers) - 1)


def policy_actions(checkpoint: Checkpoint, act: str, seed: int) -> Act:
    """The actions of the checkpoint's policy: `greedy` takes the most probable one, `sampled` draws."""
    rng = random_generator(seed, 1)

    def decide(state: State) -> np.ndarray:
        policy = policy_of(checkpoint, state)
        return policy.argmax(axis=0) if act == "greedy" else sampled(policy, rng)

    return decide


def play(
    environment: Environment, numbers: Mapping[str, float], act: Act, seed: int, episodes: int,
    on_decision: OnDecision | None = None,
) -> Generator[float, None, State]:  # fmt: skip
    """Play to the end. Yields progress; returns `return`, `length` and the environment's scores, (K,)."""
    state = environment.initial_state(numbers, random_generator(seed, 0), episodes, episodes)
    total, length, longest = np.zeros(episodes), np.zeros(episodes), environment.max_decisions(numbers)
    for t in range(longest):
        if state["ended"].all():
            break
        actions = act(state)
        if on_decision:
            on_decision(state, actions)
        length += ~state["ended"]
        total += environment.step(numbers, state, actions).reward
        if t % STEPS_PER_YIELD == STEPS_PER_YIELD - 1:
            yield t / longest
    if on_decision:
        on_decision(state, None)
    return {"return": total, "length": length, **environment.score(numbers, state)}


@lru_cache(maxsize=64)
def heuristic_scores(
    name: str, numbers: tuple[tuple[str, float], ...], rule: str, seed: int, episodes: int
) -> State:
    """The scores of a heuristic; cached, because they never change."""
    environment, parameters = ENVIRONMENTS[name], dict(numbers)
    rng, heuristic = random_generator(seed, 1), ENVIRONMENTS[name].heuristics[rule]
    playing = play(
        environment, parameters, lambda state: heuristic.act(parameters, state, rng), seed, episodes
    )
    while True:
        try:
            next(playing)
        except StopIteration as done:
            scores: State = done.value
            return scores
