"""Allowance: how much one client may ask for in a second, and at once."""


class Allowance:
    """At most `burst` units at once and `rate` units per second (a token bucket), in seconds of any clock."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._units = burst
        self._time: float | None = None

    def take(self, units: float, now: float) -> bool:
        """Takes units; returns False, without taking any, if there are not as many."""
        if self._time is not None:
            self._units = min(self._burst, self._units + (now - self._time) * self._rate)
        self._time = now
        if units > self._units:
            return False
        self._units -= units
        return True
