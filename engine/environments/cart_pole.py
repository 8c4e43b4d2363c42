"""Cart-pole: keep a pole upright on a cart by pushing the cart left or right.

The equations are those of Barto, Sutton & Anderson (1983), with their constants and their frictions. With
x, ẋ the cart's place (m) and speed, θ, θ̇ the pole's angle from upright (rad) and its speed, F = ±force:

    θ̈ = [ g sin θ + cos θ (-F - m l θ̇² sin θ + μc sgn ẋ) / M - μp θ̇ / (m l) ] / [ l (4/3 - m cos² θ / M) ]
    ẍ = [ F + m l (θ̇² sin θ - θ̈ cos θ) - μc sgn ẋ ] / M,      M = cart + pole = 1.1 kg

Integrated by Euler's explicit rule, every number from the state before, with τ = 0.02 s. An episode begins
with all four numbers drawn evenly from -0.05 to 0.05 and ends when |x| > 2.4 m, |θ| > 12°, or after `horizon`
decisions. Each decision is rewarded by 1, the last one too (their own reward was -1 at the fall; this is the
one most people use since).
"""

from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.environments.environment import Environment, Heuristic, Numbers, State, Turn, random_actions

GRAVITY = 9.8  # m/s²
CART, POLE = 1.0, 0.1  # kg
HALF = 0.5  # m, half the pole's length
CART_FRICTION, POLE_FRICTION = 0.0005, 0.000002  # of cart on track (N), of pole on cart (N m s)
TICK = 0.02  # s
TRACK = 2.4  # m
FALLEN = np.radians(12)
SPREAD = 0.05
SCALES = np.array([TRACK, 2.0, FALLEN, 2.0])  # what the network is shown is divided by these


def accelerations(physical: np.ndarray, force: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ẍ (m/s²) and θ̈ (rad/s²) of states (K, 4) = x, ẋ, θ, θ̇ under forces (K,) in N."""
    _, speed, angle, turning = physical.T
    sine, cosine, total = np.sin(angle), np.cos(angle), CART + POLE
    rub = CART_FRICTION * np.sign(speed)
    push = (-force - POLE * HALF * turning**2 * sine + rub) / total
    top = GRAVITY * sine + cosine * push - POLE_FRICTION * turning / (POLE * HALF)
    bend = top / (HALF * (4 / 3 - POLE * cosine**2 / total))
    return (force + POLE * HALF * (turning**2 * sine - bend * cosine) - rub) / total, bend


def begin(numbers: Numbers, rng: np.random.Generator, episodes: int, beginnings: int) -> State:
    """All four numbers from -0.05 to 0.05."""
    physical = np.repeat(rng.uniform(-SPREAD, SPREAD, (beginnings, 4)), episodes // beginnings, axis=0)
    return {"physical": physical, "moment": np.zeros(episodes, np.int64), "ended": np.zeros(episodes, bool)}


def observe(numbers: Numbers, state: State) -> np.ndarray:
    """x / 2.4 m, ẋ / 2 m/s, θ / 12°, θ̇ / 2 rad/s."""
    return state["physical"] / SCALES


def step(numbers: Numbers, state: State, actions: np.ndarray) -> Turn:
    """0 pushes left, 1 right, for 0.02 s."""
    physical, going = state["physical"], ~state["ended"]
    cart, pole = accelerations(physical, np.where(actions == 1, numbers["force"], -numbers["force"]))
    rates = np.stack([physical[:, 1], cart, physical[:, 3], pole], axis=1)
    physical += TICK * rates * going[:, None]
    state["moment"] += going
    gone = (np.abs(physical[:, 0]) > TRACK) | (np.abs(physical[:, 2]) > FALLEN)
    state["ended"] |= gone | (state["moment"] >= numbers["horizon"])
    return Turn(going.astype(float), going.astype(np.int64))


def _lean(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
    return (state["physical"][:, 2] > 0).astype(np.int64)


def _falling(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
    physical = state["physical"]
    return (physical[:, 2] + physical[:, 3] * 0.5 > 0).astype(np.int64)


def _story(numbers: Numbers, state: State, moments: State) -> dict[str, Any]:
    return {"track": TRACK, "fallen": float(FALLEN), "pole": 2 * HALF, "tick": TICK}


CART_POLE = Environment(
    {
        "horizon": Parameter(500, 10, 1000, integer=True),
        "force": Parameter(10.0, 1.0, 50.0),
    },
    lambda numbers: ["position", "speed", "angle", "turning"],
    lambda numbers: ["left", "right"],
    begin,
    observe,
    step,
    lambda numbers: int(numbers["horizon"]),
    {
        "random": random_actions(lambda numbers: 2),
        "lean": Heuristic(_lean),
        "falling": Heuristic(_falling),
    },
    lambda numbers, state: {"physical": state["physical"].copy()},
    _story,
    axes=("angle", "turning"),
)
