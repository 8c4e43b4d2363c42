"""Telescope: choose what to observe next in a night, with visibility windows, priorities and weather.

A Markov decision process after Naghib, Yoachim, Vanderbei, Connolly & Jones (2019, "A Framework for Telescope
Schedulers"), much simplified: one telescope, no time for pointing, and a few targets instead of a survey.
In a clear night it is the scheduling of one machine with release times, deadlines and weights,
1 | r_i, d_i | Σ p_i U_i in the notation of Graham, Lawler, Lenstra & Rinnooy Kan (1979).

- A night has `horizon` slots of equal length. Target i has a priority p_i (1 to 5), needs n_i slots (1 to 8)
  without interruption, and is bright with probability 1/2; priorities and needs are uniform. It is above the
  horizon in the slots rise_i <= t < set_i, the window about its culmination c_i:
  rise_i = max(0, ⌊c_i - h_i⌋), set_i = min(horizon, ⌈c_i + h_i⌉), c_i ~ U(0, 1) · horizon,
  h_i ~ U(0.2, 0.5) · horizon; n_i is at most the length of the window. Targets are numbered in the order in
  which they set.
- Weather w_t is clear, thin cloud or overcast: a Markov chain that begins with its stationary distribution
  π = (1 - clouds, clouds / 2, clouds / 2). In each slot it is kept with probability 0.8, else drawn from π:
  P(w_t+1 | w_t) = 0.8 [w_t+1 = w_t] + 0.2 π(w_t+1). A bright target can be observed unless it is overcast, a
  faint one only when it is clear. The weather of the present slot is observed, that to come is not.
- An action begins the observation of a target, or waits for one slot. A target that is complete, is below the
  horizon, would set before it is complete, or is hidden by the weather of the present slot cannot be
  begun: that is a wait. If the weather hides the target later, the observation ends there without result, and
  the target can be begun again. A decision takes the slots that pass.
- The reward is p_i when target i is complete, else 0. An episode is one night.
"""

from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.environments.environment import Environment, Heuristic, Numbers, Score, State, Transition

PRIORITIES, SLOTS_NEEDED, HALF_WINDOW = (1, 5), (1, 8), (0.2, 0.5)
CLEAR, THIN, OVERCAST = range(3)
PERSISTENCE = 0.8  # probability with which the weather of a slot is kept


def initial_state(numbers: Numbers, rng: np.random.Generator, episodes: int, beginnings: int) -> State:
    """Draws `beginnings` nights, with their weather, for episodes / beginnings episodes each."""
    night = _targets(numbers, rng, beginnings) | {"weather": _weather(numbers, rng, beginnings)}
    state = {name: np.repeat(array, episodes // beginnings, axis=0) for name, array in night.items()}
    state["completed"] = np.zeros(state["rise"].shape, bool)
    state["observed"] = np.full(state["weather"].shape, -1)  # target in every slot, -1: none
    return state | {"slot": np.zeros(episodes, np.int64), "ended": np.zeros(episodes, bool)}


def _targets(numbers: Numbers, rng: np.random.Generator, nights: int) -> State:
    """Returns the targets of each night, (nights, targets) each, in the order in which they set."""
    shape, horizon = (nights, int(numbers["targets"])), int(numbers["horizon"])
    culmination, half = rng.random(shape) * horizon, rng.uniform(*HALF_WINDOW, shape) * horizon
    rise = np.maximum(0, np.floor(culmination - half)).astype(np.int64)
    sets = np.minimum(horizon, np.ceil(culmination + half)).astype(np.int64)
    targets = {
        "rise": rise,
        "set": sets,
        "priority": rng.integers(*PRIORITIES, shape, endpoint=True),
        "needed": np.minimum(rng.integers(*SLOTS_NEEDED, shape, endpoint=True), sets - rise),
        "bright": rng.random(shape) < 0.5,
    }
    order = np.argsort(sets, axis=1, kind="stable")
    return {name: np.take_along_axis(array, order, axis=1) for name, array in targets.items()}


def _weather(numbers: Numbers, rng: np.random.Generator, nights: int) -> np.ndarray:
    """Returns the weather of every slot, (nights, horizon)."""
    shape, clouds = (nights, int(numbers["horizon"])), numbers["clouds"]
    draw, kept = rng.random(shape), rng.random(shape) < PERSISTENCE
    weather = (draw >= 1 - clouds).astype(np.int64) + (draw >= 1 - clouds / 2)
    for slot in range(1, shape[1]):
        weather[:, slot] = np.where(kept[:, slot], weather[:, slot - 1], weather[:, slot])
    return weather


def current_weather(state: State) -> np.ndarray:
    """Returns the weather of the present slot, (K,); after the end that of the last one."""
    weather, slot = state["weather"], state["slot"]
    return weather[np.arange(len(slot)), np.minimum(slot, weather.shape[1] - 1)]


def is_visible(weather: np.ndarray, bright: np.ndarray) -> np.ndarray:
    """Returns whether bright or faint targets can be observed in this weather; both arrays broadcast."""
    return np.where(bright, weather != OVERCAST, weather == CLEAR)


def _is_open(state: State) -> np.ndarray:
    """Returns whether each target could be completed from now or from its rise on, (K, targets)."""
    begin = np.maximum(state["slot"][:, None], state["rise"])
    return ~state["completed"] & (begin + state["needed"] <= state["set"])


def startable(state: State) -> np.ndarray:
    """Returns whether each target can be begun in the present slot, (K, targets)."""
    is_up = state["rise"] <= state["slot"][:, None]
    return _is_open(state) & is_up & is_visible(current_weather(state)[:, None], state["bright"])


def observation_names(numbers: Numbers) -> list[str]:
    """Returns the names of the columns of `observe`."""
    targets = range(1, int(numbers["targets"]) + 1)
    quantities = ("priority", "needs", "rises in", "sets in", "bright", "possible")
    return [
        *(f"{quantity} {target}" for quantity in quantities for target in targets),
        "slots left",
        "thin cloud",
        "overcast",
    ]


def observe(numbers: Numbers, state: State) -> np.ndarray:
    """Returns per target priority / 5, slots needed / 8, slots until it rises and sets / horizon, whether it
    is bright, and whether it can be begun now, all 0 when it is complete or would set before that; the slots
    of the night that are left / horizon; and whether there is thin cloud or it is overcast.
    """
    horizon, slot, weather = numbers["horizon"], state["slot"][:, None], current_weather(state)[:, None]
    is_open = _is_open(state)
    return np.concatenate(
        [
            is_open * state["priority"] / PRIORITIES[1],
            is_open * state["needed"] / SLOTS_NEEDED[1],
            is_open * np.maximum(0, state["rise"] - slot) / horizon,
            is_open * (state["set"] - slot) / horizon,
            is_open & state["bright"],
            startable(state),
            (horizon - slot) / horizon,
            weather == THIN,
            weather == OVERCAST,
        ],
        axis=1,
    )


def step(numbers: Numbers, state: State, actions: np.ndarray) -> Transition:
    """Action i observes target i until it is complete or hidden by the weather; the last one waits a slot."""
    running, possible = ~state["ended"], startable(state)
    reward, duration = np.zeros(len(actions)), running.astype(np.int64)
    rows = np.flatnonzero(running & (actions < possible.shape[1]))
    rows = rows[possible[rows, actions[rows]]]
    targets = actions[rows]
    visible, needed = _visible_slots(state, rows, targets), state["needed"][rows, targets]
    success = visible >= needed
    state["completed"][rows, targets] |= success
    reward[rows] = state["priority"][rows, targets] * success
    duration[rows] = np.minimum(visible, needed)
    passed = np.arange(state["observed"].shape[1]) - state["slot"][rows, None]
    during = (passed >= 0) & (passed < duration[rows, None])
    state["observed"][rows] = np.where(during, targets[:, None], state["observed"][rows])
    state["slot"] += duration
    state["ended"] |= state["slot"] >= int(numbers["horizon"])
    return Transition(reward, duration)


def _visible_slots(state: State, rows: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Returns in how many slots from now on the weather lets each target be observed, at most 8, (rows,)."""
    slots = state["slot"][rows, None] + np.arange(SLOTS_NEEDED[1])
    weather = state["weather"][rows[:, None], np.minimum(slots, state["weather"].shape[1] - 1)]
    visible: np.ndarray = (
        is_visible(weather, state["bright"][rows, targets][:, None]).cumprod(axis=1).sum(axis=1)
    )
    return visible


def _first(state: State, value: np.ndarray) -> np.ndarray:
    """Returns the possible target of the greatest value, (K,); the action of waiting if there is none."""
    possible = startable(state)
    best = np.where(possible, value, -np.inf).argmax(axis=1)
    return np.where(possible.any(axis=1), best, possible.shape[1])


RULES: dict[str, Heuristic] = {
    "random": Heuristic(lambda numbers, state, rng: _first(state, rng.random(state["rise"].shape))),
    "earliest_setting": Heuristic(lambda numbers, state, rng: _first(state, -state["set"])),
    "shortest_first": Heuristic(lambda numbers, state, rng: _first(state, -state["needed"])),
    "highest_priority": Heuristic(lambda numbers, state, rng: _first(state, state["priority"])),
    "priority_per_time": Heuristic(
        lambda numbers, state, rng: _first(state, state["priority"] / state["needed"])
    ),
}


def completed(numbers: Numbers, state: State) -> State:
    """Returns the number of targets that were completed."""
    return {"completed": state["completed"].sum(axis=1).astype(float)}


def _snapshot(numbers: Numbers, state: State) -> State:
    return {
        "slot": state["slot"].copy(),
        "weather": current_weather(state),
        "completed": state["completed"].copy(),
    }


def _episode_info(numbers: Numbers, state: State, snapshots: State) -> dict[str, Any]:
    """Returns weather and target of every slot; per target window, need, priority and brightness."""
    names = ("rise", "set", "needed", "priority", "bright")
    return {
        "weather": state["weather"][0],
        "observed": state["observed"][0],
        "targets": {name: state[name][0].astype(np.int64) for name in names},
    }


TELESCOPE = Environment(
    {
        "horizon": Parameter(24, 10, 100, integer=True),
        "targets": Parameter(8, 1, 12, integer=True),
        "clouds": Parameter(0.3, 0.0, 1.0),
    },
    observation_names,
    lambda numbers: [*(f"target {target}" for target in range(1, int(numbers["targets"]) + 1)), "wait"],
    initial_state,
    observe,
    step,
    lambda numbers: int(numbers["horizon"]),
    RULES,
    _snapshot,
    _episode_info,
    axes=("priority 1", "priority 2"),
    default_beginnings=8,
    own_scores={"completed": Score("targets")},
    score=completed,
)
