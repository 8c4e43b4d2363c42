"""Episodes that no training has seen, played by a policy or a fixed rule, to look at and to compare."""

from collections.abc import Callable, Generator, Mapping
from functools import lru_cache

import numpy as np

from engine.environments import ENVIRONMENTS, Environment, State
from engine.policy_gradient.rollout import sampled
from engine.tasks.policy_gradient import problem, world
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import prepared

SLICE = 16  # moments between two turns of others
UNSEEN = 20_161  # sets these beginnings apart from those of trainings

Act = Callable[[State], np.ndarray]
# Told of the state before every decision and of the decision; at the end of the last state, with None.
Seen = Callable[[State, np.ndarray | None], None]


def chance(seed: int, purpose: int) -> np.random.Generator:
    """A generator for these episodes: one for beginnings, another for actions, so that all begin alike."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((UNSEEN, seed, purpose))))


def policy_of(checkpoint: Checkpoint, state: State) -> np.ndarray:
    """π(·|s) of the checkpoint's network, (actions, K)."""
    environment, numbers = world(checkpoint.config)
    asked = problem(checkpoint.config)
    columns = [asked.inputs.index(name) for name in asked.features]
    observed = environment.observe(numbers, state)[:, columns].astype(checkpoint.config.dtype)
    forward = prepared(checkpoint.network, len(observed), checkpoint.config.dtype)
    return forward.run(checkpoint.theta, observed).output(len(checkpoint.network.layers) - 1)


def learned(checkpoint: Checkpoint, act: str, seed: int) -> Act:
    """How the checkpoint's policy acts: `greedy` takes the most probable action, `sampled` draws."""
    rng = chance(seed, 1)

    def decide(state: State) -> np.ndarray:
        policy = policy_of(checkpoint, state)
        return policy.argmax(axis=0) if act == "greedy" else sampled(policy, rng)

    return decide


def play(
    environment: Environment, numbers: Mapping[str, float], act: Act, seed: int, episodes: int,
    seen: Seen | None = None,
) -> Generator[float, None, State]:  # fmt: skip
    """Play to the end, in slices; gives `return`, `length` and the environment's scores, (K,) each."""
    state = environment.begin(numbers, chance(seed, 0), episodes, episodes)
    total, length, longest = np.zeros(episodes), np.zeros(episodes), environment.longest(numbers)
    for moment in range(longest):
        if state["ended"].all():
            break
        actions = act(state)
        if seen:
            seen(state, actions)
        length += ~state["ended"]
        total += environment.step(numbers, state, actions).reward
        if moment % SLICE == SLICE - 1:
            yield moment / longest
    if seen:
        seen(state, None)
    return {"return": total, "length": length, **environment.score(numbers, state)}


@lru_cache(maxsize=64)
def by_rule(name: str, numbers: tuple[tuple[str, float], ...], rule: str, seed: int, episodes: int) -> State:
    """The scores of a fixed way to act; kept, because they never change."""
    environment, chosen = ENVIRONMENTS[name], dict(numbers)
    rng, heuristic = chance(seed, 1), ENVIRONMENTS[name].heuristics[rule]
    playing = play(environment, chosen, lambda state: heuristic.act(chosen, state, rng), seed, episodes)
    while True:
        try:
            next(playing)
        except StopIteration as done:
            scores: State = done.value
            return scores
