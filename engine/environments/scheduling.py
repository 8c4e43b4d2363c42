"""Job scheduling: start waiting jobs on a machine with limited room so that nobody waits out of proportion.

After an idea of Mao, Alizadeh, Menache & Kandula (2016, "Resource Management with Deep Reinforcement
Learning"); the formulation is our own, with one resource:

- Time goes in ticks. The machine has `capacity` units. A job j has a length T_j (ticks) and a demand d_j
  (units); once started it holds d_j units for T_j ticks and is never interrupted.
- At each of the ticks 0 .. horizon - 1 at most one job arrives: at tick 0 surely, else with probability
  p = load · capacity / (E[T] E[d]). T is 1 to 3 with probability 0.8, else 10 to 15; d is 1 to capacity / 2;
  all evenly. So `load` is the share of the machine that is asked for on average.
- The `slots` jobs that have waited longest are seen with length and demand; of the others only the number.
- A decision starts one of the jobs seen, or waits. Starting takes no time: the next decision is about the
  same tick. What cannot be done (no job there, or it does not fit) is a wait. A wait moves time on by a tick
  and costs Σ 1 / T_j over all jobs that were there and not finished: the costs of an episode add up to the
  slowdowns (finished - arrived) / T_j of its jobs. The reward is minus the cost.
- An episode ends when all jobs are finished, or at tick 4 · horizon (what is not finished then counts as if
  it were).
"""

from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.environments.environment import (
    Environment,
    Heuristic,
    Numbers,
    Score,
    State,
    Turn,
    random_actions,
)

SHORT, LONG, SHARE_SHORT = (1, 3), (10, 15), 0.8
MEAN_LENGTH = SHARE_SHORT * sum(SHORT) / 2 + (1 - SHARE_SHORT) * sum(LONG) / 2
AHEAD = np.array([0, 1, 2, 4, 8])  # ticks from now at which the free room is shown
NEVER = -1_000_000  # the start of a job that has not been started
PATIENCE = 4  # an episode lasts at most so many times the ticks in which jobs arrive


def begin(numbers: Numbers, rng: np.random.Generator, episodes: int, beginnings: int) -> State:
    """Sequences of jobs, each met by episodes / beginnings episodes. Job j is the one of tick j; demand 0:
    none.

    All numbers are drawn whatever the load, so that sequences of another load have the same jobs, only more.
    """
    shape = (beginnings, int(numbers["horizon"]))
    widest = int(numbers["capacity"]) // 2
    come = rng.random(shape) < numbers["load"] * numbers["capacity"] / (MEAN_LENGTH * (1 + widest) / 2)
    come[:, 0] = True
    brief = rng.random(shape) < SHARE_SHORT
    length = np.where(
        brief, rng.integers(SHORT[0], SHORT[1] + 1, shape), rng.integers(*LONG, shape, endpoint=True)
    )
    demand = rng.integers(1, widest + 1, shape) * come
    each = episodes // beginnings
    state = {
        "length": np.repeat(length, each, axis=0),
        "demand": np.repeat(demand, each, axis=0),
        "start": np.full((episodes, shape[1]), NEVER),
        "tick": np.zeros(episodes, np.int64),
        "ended": np.zeros(episodes, bool),
        "slots": np.empty((episodes, int(numbers["slots"])), np.int64),
        "free": np.empty((episodes, len(AHEAD))),
        "waiting": np.empty(episodes, np.int64),
    }
    _look(numbers, state)
    return state


def _look(numbers: Numbers, state: State) -> None:
    """What there is to see, from jobs and time: `slots` (K, slots), the jobs in them, -1 where there is none;
    `free` (K, ahead), units free at those ticks from now if nothing is started; `waiting` (K,), how many
    jobs are.
    """
    start, tick, slots = state["start"], state["tick"][:, None], state["slots"]
    queue = (start == NEVER) & (state["demand"] > 0)
    queue &= np.arange(queue.shape[1]) <= tick
    place = queue.cumsum(axis=1)
    state["waiting"][:] = place[:, -1]
    rows, jobs = np.nonzero(queue & (place <= slots.shape[1]))
    slots.fill(-1)
    slots[rows, place[rows, jobs] - 1] = jobs
    end = start + state["length"] - tick  # NEVER is so early that such a job holds nothing
    busy = (end[:, None, :] > AHEAD[:, None]).astype(float)
    state["free"][:] = numbers["capacity"] - (busy @ state["demand"].astype(float)[:, :, None])[:, :, 0]


def of_slots(state: State, name: str) -> np.ndarray:
    """(K, slots): `length` or `demand` of the jobs in the slots, 0 where there is none."""
    jobs = state["slots"]
    return np.where(jobs >= 0, state[name][np.arange(len(jobs))[:, None], jobs], 0)


def fits(state: State) -> np.ndarray:
    """(K, slots): there is a job and enough room for it."""
    return (state["slots"] >= 0) & (of_slots(state, "demand") <= state["free"][:, :1])


def observed(numbers: Numbers) -> list[str]:
    """Names of what `observe` gives."""
    slots = range(1, int(numbers["slots"]) + 1)
    return [
        *("free now" if ahead == 0 else f"free in {ahead}" for ahead in AHEAD),
        *(f"{what} {slot}" for what in ("length", "demand", "fits") for slot in slots),
        "backlog",
    ]


def observe(numbers: Numbers, state: State) -> np.ndarray:
    """Free room now and later / capacity; lengths / 15, demands / capacity and whether it fits, per slot;
    jobs beyond the slots / 10.
    """
    capacity = numbers["capacity"]
    return np.concatenate(
        [
            state["free"] / capacity,
            of_slots(state, "length") / LONG[1],
            of_slots(state, "demand") / capacity,
            fits(state),
            backlog(state)[:, None] / 10,
        ],
        axis=1,
    )


def backlog(state: State) -> np.ndarray:
    """(K,): jobs that wait beyond the slots."""
    return np.maximum(state["waiting"] - state["slots"].shape[1], 0)


def step(numbers: Numbers, state: State, actions: np.ndarray) -> Turn:
    """0 .. slots - 1 start the job of that slot, if that can be; `slots` waits."""
    rows, going = np.arange(len(actions)), ~state["ended"]
    wish = np.minimum(actions, state["slots"].shape[1] - 1)
    starts = going & (actions == wish) & fits(state)[rows, wish]
    begun = np.flatnonzero(starts)
    state["start"][begun, state["slots"][begun, wish[begun]]] = state["tick"][begun]
    waits = going & ~starts
    cost = np.where(waits, _cost(state), 0.0)
    state["tick"] += waits
    state["ended"] |= _over(numbers, state)
    _look(numbers, state)
    return Turn(-cost, waits.astype(np.int64))


def _cost(state: State) -> np.ndarray:
    """Σ 1 / T_j over the jobs that have come and are not finished."""
    tick, jobs = state["tick"][:, None], np.arange(state["start"].shape[1])
    there = (jobs <= tick) & (state["demand"] > 0)
    there &= (state["start"] == NEVER) | (state["start"] + state["length"] > tick)
    return (there / state["length"]).sum(axis=1)


def _over(numbers: Numbers, state: State) -> np.ndarray:
    tick = state["tick"]
    end = np.where(state["start"] == NEVER, tick[:, None] + 1, state["start"] + state["length"])
    done = ((end <= tick[:, None]) | (state["demand"] == 0)).all(axis=1)
    return done | (tick >= PATIENCE * int(numbers["horizon"]))


def slowdown(numbers: Numbers, state: State) -> State:
    """The mean over the jobs of (finished - arrived) / length."""
    there, tick = state["demand"] > 0, state["tick"][:, None]
    end = np.where(state["start"] == NEVER, tick, np.minimum(state["start"] + state["length"], tick))
    each = (end - np.arange(there.shape[1])) / state["length"]
    return {"slowdown": (each * there).sum(axis=1) / there.sum(axis=1)}


def _first_come(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
    able = fits(state)
    return np.where(able[:, 0], 0, able.shape[1])


def _shortest(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
    able = fits(state)
    lengths = np.where(able, of_slots(state, "length"), LONG[1] + 1)
    return np.where(able.any(axis=1), lengths.argmin(axis=1), able.shape[1])


def _drawn(numbers: Numbers, state: State) -> State:
    return {"tick": state["tick"].copy(), "slots": state["slots"].copy(), "backlog": backlog(state)}


def _story(numbers: Numbers, state: State, moments: State) -> dict[str, Any]:
    """The jobs of one episode that is over: who came when, and was started at which tick and decision."""
    jobs = np.flatnonzero(state["demand"][0] > 0)
    started = np.full(len(jobs), -1)
    for place, job in enumerate(jobs):
        left = np.flatnonzero((moments["slots"] == job).any(axis=1))
        if state["start"][0, job] != NEVER:
            started[place] = left[-1]  # the last decision at which it waited in a slot
    return {
        "capacity": int(numbers["capacity"]),
        "jobs": {
            "arrival": jobs,
            "length": state["length"][0, jobs],
            "demand": state["demand"][0, jobs],
            "start": np.maximum(state["start"][0, jobs], -1),
            "started": started,
        },
    }


SCHEDULING = Environment(
    {
        "horizon": Parameter(50, 5, 200, integer=True),
        "load": Parameter(0.9, 0.1, 1.2),
        "slots": Parameter(5, 1, 10, integer=True),
        "capacity": Parameter(10, 2, 40, integer=True),
    },
    observed,
    lambda numbers: [*(f"start {slot}" for slot in range(1, int(numbers["slots"]) + 1)), "wait"],
    begin,
    observe,
    step,
    lambda numbers: (PATIENCE + 1) * int(numbers["horizon"]),
    {
        "random": random_actions(lambda numbers: int(numbers["slots"]) + 1),
        "first_come": Heuristic(_first_come),
        "shortest": Heuristic(_shortest),
    },
    _drawn,
    _story,
    axes=("length 1", "length 2"),
    beginnings=4,
    judged="slowdown",
    lower_is_better=True,
    own_scores={"slowdown": Score("×")},
    score=slowdown,
)
