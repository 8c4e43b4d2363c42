"""Environments: worlds in which episodes are played, one module each, all in one dict."""

from engine.environments.cart_pole import CART_POLE
from engine.environments.environment import Environment, Heuristic, Numbers, State, Turn
from engine.environments.scheduling import SCHEDULING

__all__ = ["ENVIRONMENTS", "Environment", "Heuristic", "Numbers", "State", "Turn"]

ENVIRONMENTS: dict[str, Environment] = {
    "scheduling": SCHEDULING,
    "cart_pole": CART_POLE,
}
