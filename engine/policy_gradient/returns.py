"""Returns, baseline and advantages of REINFORCE, from the rewards of a batch of episodes.

The variant (Williams 1992; reward-to-go and baseline as in Sutton & Barto 2018, chapter 13; the baseline over
episodes with the same initial state as in Mao et al. 2016): for the time steps t of K complete episodes of
the policy π of the current weights,

    G_t = r_t + γ^p_t G_{t+1}      reward-to-go; p_t: duration of the decision (always 1 in cart-pole)
    A_t = G_t - b_t                b_t: see `baseline`
    Â_t = A_t / (σ + 1e-8)         with normalised advantages: σ is the standard deviation of all A of the
                                   batch; their mean is not subtracted. Otherwise Â = A
    L = -1/N Σ_t [ Â_t ln π(a_t|s_t) + β H(π(·|s_t)) ],     H(π) = -Σ_a π_a ln π_a (nats)

One optimizer step follows -∇L, with Â constant and N the number of time steps of the batch. There is no
factor γ^t in the gradient and no bootstrapping: an episode that reaches the horizon counts as ended. An
episode is part of its own baseline, which scales the expected gradient by at most (n - 1) / n, n the number
of episodes compared.
"""

import numpy as np

EPSILON = 1e-8


def rewards_to_go(rewards: np.ndarray, passed: np.ndarray, discount: float) -> np.ndarray:
    """Returns G (T, K) of rewards (T, K); `passed` (T, K) is the duration of each decision."""
    factors, result = discount ** passed.astype(np.float64), np.zeros(rewards.shape)
    following = np.zeros(rewards.shape[1])
    for t in range(len(rewards) - 1, -1, -1):
        following = rewards[t] + factors[t] * following
        result[t] = following
    return result


def baseline(
    method: str, returns: np.ndarray, clock: np.ndarray, alive: np.ndarray, beginnings: int
) -> np.ndarray:
    """Returns b (T, K) for G (T, K); `clock` (T, K): time of each decision, `alive` (T, K): if it exists.

    `time`: the mean of G over all decisions at the same time in the episodes with the same initial state
    (`beginnings` groups of consecutive episodes). `mean`: the mean of all G of the batch. `none`: 0.
    """
    if method == "none" or not alive.any():
        return np.zeros_like(returns)
    if method == "mean":
        return np.full_like(returns, returns[alive].mean())
    episodes = returns.shape[1]
    group = np.arange(episodes) // (episodes // beginnings)
    width = int(clock[alive].max()) + 1
    cell = group * width + np.where(alive, clock, 0)
    sums = np.bincount(cell[alive], returns[alive], beginnings * width)
    counts = np.bincount(cell[alive], minlength=beginnings * width)
    return (sums / np.maximum(counts, 1))[cell]


def clock_of(passed: np.ndarray) -> np.ndarray:
    """Returns the time of each decision, (T, K)."""
    return np.cumsum(passed, axis=0) - passed


def advantages(
    method: str, normalize: bool, rewards: np.ndarray, passed: np.ndarray, alive: np.ndarray, beginnings: int,
    discount: float,
) -> np.ndarray:  # fmt: skip
    """Returns Â of the N decisions, (N,), in row-major order of `alive` (T, K)."""
    returns = rewards_to_go(rewards, passed, discount)
    raw = (returns - baseline(method, returns, clock_of(passed), alive, beginnings))[alive]
    return raw / (raw.std() + EPSILON) if normalize else raw
