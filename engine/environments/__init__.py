"""Environments for policy gradient runs, one module each; ENVIRONMENTS lists them."""

from engine.environments.cart_pole import CART_POLE
from engine.environments.environment import Environment, Heuristic, Numbers, State, Transition
from engine.environments.scheduling import SCHEDULING
from engine.environments.telescope import TELESCOPE

__all__ = ["ENVIRONMENTS", "Environment", "Heuristic", "Numbers", "State", "Transition"]

ENVIRONMENTS: dict[str, Environment] = {
    "scheduling": SCHEDULING,
    "cart_pole": CART_POLE,
    "telescope": TELESCOPE,
}
