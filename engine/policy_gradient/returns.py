"""Returns, baseline and advantages: REINFORCE from the rewards of a batch of episodes.

The variant (Williams 1992; reward-to-go and baseline as in Sutton & Barto 2018, chapter 13; the baseline over
episodes with the same initial state as in Mao et al. 2016): for the time steps t of K episodes, played to
their end by the policy π of the current weights,

    G_t = r_t + γ^p_t G_{t+1}      reward-to-go; p_t is how much time the decision took (in cart-pole always
                                   1)
    A_t = G_t - b_t                b_t: see `baseline`
    Â_t = A_t / (σ + 1e-8)         with normalised advantages: σ is the spread of all A of the batch about
                                   their mean, which is not subtracted; otherwise Â = A
    L = -1/N Σ_t [ Â_t ln π(a_t|s_t) + β H(π(·|s_t)) ],     H(π) = -Σ_a π_a ln π_a (nats)

and one optimizer step goes down ∇L, with Â as constants, N the number of time steps of the batch. There is no
factor γ^t before the gradient and no bootstrapping: an episode cut at the horizon counts as one that ended.
Each weight of an episode in its own baseline scales the expected gradient by at most (n - 1) / n, n the
episodes compared.
"""

import numpy as np

EPSILON = 1e-8


def rewards_to_go(rewards: np.ndarray, passed: np.ndarray, discount: float) -> np.ndarray:
    """G (T, K) of rewards (T, K), where decision t took the time `passed` (T, K)."""
    factors, result = discount ** passed.astype(np.float64), np.zeros(rewards.shape)
    following = np.zeros(rewards.shape[1])
    for t in range(len(rewards) - 1, -1, -1):
        following = rewards[t] + factors[t] * following
        result[t] = following
    return result


def baseline(
    kind: str, returns: np.ndarray, clock: np.ndarray, alive: np.ndarray, beginnings: int
) -> np.ndarray:
    """b (T, K) for G (T, K); `clock` (T, K) is the time of each decision, `alive` (T, K) whether it was
    made.

    `time`: the mean of G over all decisions at the same time in the episodes with the same initial state
    (`beginnings` groups of consecutive episodes). `mean`: the mean of all G of the batch. `none`: 0.
    """
    if kind == "none" or not alive.any():
        return np.zeros_like(returns)
    if kind == "mean":
        return np.full_like(returns, returns[alive].mean())
    episodes = returns.shape[1]
    group = np.arange(episodes) // (episodes // beginnings)
    width = int(clock[alive].max()) + 1
    place = group * width + np.where(alive, clock, 0)
    sums = np.bincount(place[alive], returns[alive], beginnings * width)
    counts = np.bincount(place[alive], minlength=beginnings * width)
    return (sums / np.maximum(counts, 1))[place]


def clock_of(passed: np.ndarray) -> np.ndarray:
    """(T, K): the time before each decision."""
    return np.cumsum(passed, axis=0) - passed


def advantages(
    kind: str, normalize: bool, rewards: np.ndarray, passed: np.ndarray, alive: np.ndarray, beginnings: int,
    discount: float,
) -> np.ndarray:  # fmt: skip
    """Â of the decisions made, (N,), in the order of `alive` (T, K) read row by row."""
    returns = rewards_to_go(rewards, passed, discount)
    raw = (returns - baseline(kind, returns, clock_of(passed), alive, beginnings))[alive]
    return raw / (raw.std() + EPSILON) if normalize else raw
