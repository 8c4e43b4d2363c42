"""Cart-pole: balance a pole on a cart by pushing the cart left or right.

Equations, constants and frictions of Barto, Sutton & Anderson (1983). x, ẋ: position (m) and speed of the
cart; θ, θ̇: angle of the pole from upright (rad) and its speed; F = ±force:

    θ̈ = [ g sin θ + cos θ (-F - m l θ̇² sin θ + μc sgn ẋ) / M - μp θ̇ / (m l) ] / [ l (4/3 - m cos² θ / M) ]
    ẍ = [ F + m l (θ̇² sin θ - θ̈ cos θ) - μc sgn ẋ ] / M,      M = cart + pole = 1.1 kg

Explicit Euler integration with a time step of 0.02 s. The four initial values are uniform from -0.05 to 0.05.
An episode ends when |x| > 2.4 m or |θ| > 12°, or after `horizon` decisions. The reward is 1 per decision,
including the last one; in the paper it is -1 at the end.
"""

from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.environments.environment import Environment, Heuristic, Numbers, State, Transition, random_actions

GRAVITY = 9.8  # m/s²
CART, POLE = 1.0, 0.1  # kg
HALF_LENGTH = 0.5  # m, half the length of the pole
CART_FRICTION, POLE_FRICTION = 0.0005, 0.000002  # of cart on track (N), of pole on cart (N m s)
TIME_STEP = 0.02  # s
TRACK = 2.4  # m
MAX_ANGLE = np.radians(12)
INITIAL_RANGE = 0.05
SOLVED = 0.95  # of the highest return; 475 of 500, as in Gym's CartPole-v1
SCALES = np.array([TRACK, 2.0, MAX_ANGLE, 2.0])  # divisors of the observation


def accelerations(physical: np.ndarray, force: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns ẍ (m/s²) and θ̈ (rad/s²) of states (K, 4) = x, ẋ, θ, θ̇ under forces (K,) in N."""
    _, speed, angle, turning = physical.T
    sine, cosine, total = np.sin(angle), np.cos(angle), CART + POLE
    friction = CART_FRICTION * np.sign(speed)
    thrust = (-force - POLE * HALF_LENGTH * turning**2 * sine + friction) / total
    torque = GRAVITY * sine + cosine * thrust - POLE_FRICTION * turning / (POLE * HALF_LENGTH)
    pole_acceleration = torque / (HALF_LENGTH * (4 / 3 - POLE * cosine**2 / total))
    reaction = POLE * HALF_LENGTH * (turning**2 * sine - pole_acceleration * cosine)
    return (force + reaction - friction) / total, pole_acceleration


def initial_state(numbers: Numbers, rng: np.random.Generator, episodes: int, beginnings: int) -> State:
    """Draws x, ẋ, θ, θ̇ from U(-0.05, 0.05)."""
    physical = np.repeat(
        rng.uniform(-INITIAL_RANGE, INITIAL_RANGE, (beginnings, 4)), episodes // beginnings, axis=0
    )
    return {"physical": physical, "moment": np.zeros(episodes, np.int64), "ended": np.zeros(episodes, bool)}


def observe(numbers: Numbers, state: State) -> np.ndarray:
    """Returns x / 2.4 m, ẋ / 2 m/s, θ / 12°, θ̇ / 2 rad/s."""
    return state["physical"] / SCALES


def step(numbers: Numbers, state: State, actions: np.ndarray) -> Transition:
    """Action 0 pushes left, 1 pushes right, for 0.02 s."""
    physical, running = state["physical"], ~state["ended"]
    cart, pole = accelerations(physical, np.where(actions == 1, numbers["force"], -numbers["force"]))
    rates = np.stack([physical[:, 1], cart, physical[:, 3], pole], axis=1)
    physical += TIME_STEP * rates * running[:, None]
    state["moment"] += running  # time step; the name is part of stored checkpoints
    failed = (np.abs(physical[:, 0]) > TRACK) | (np.abs(physical[:, 2]) > MAX_ANGLE)
    state["ended"] |= failed | (state["moment"] >= numbers["horizon"])
    return Transition(running.astype(float), running.astype(np.int64))


def _push_to_lean(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
    return (state["physical"][:, 2] > 0).astype(np.int64)


def _push_to_predicted_lean(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
    physical = state["physical"]
    return (physical[:, 2] + physical[:, 3] * 0.5 > 0).astype(np.int64)


def _episode_info(numbers: Numbers, state: State, snapshots: State) -> dict[str, Any]:
    return {"track": TRACK, "fallen": float(MAX_ANGLE), "pole": 2 * HALF_LENGTH, "tick": TIME_STEP}


CART_POLE = Environment(
    {
        "horizon": Parameter(500, 10, 1000, integer=True),
        "force": Parameter(10.0, 1.0, 50.0),
    },
    lambda numbers: ["position", "speed", "angle", "turning"],
    lambda numbers: ["left", "right"],
    initial_state,
    observe,
    step,
    lambda numbers: int(numbers["horizon"]),
    {
        "random": random_actions(lambda numbers: 2),
        "lean": Heuristic(_push_to_lean),
        "falling": Heuristic(_push_to_predicted_lean),
    },
    lambda numbers, state: {"physical": state["physical"].copy()},
    _episode_info,
    axes=("angle", "turning"),
    solved=lambda numbers: SOLVED * numbers["horizon"],
)
