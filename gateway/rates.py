"""How often a caller may ask: a bucket of tokens for each key and scope, in this process."""

import time
from collections.abc import Callable, Mapping

RATES: Mapping[str, float] = {"read": 1200.0, "make": 60.0, "approve": 60.0, "admin": 120.0, "refused": 30.0}
"""Requests a minute. ``refused`` counts those without a right key, by where they come from."""
BURST = 1 / 6  # of a minute's requests may come at once
LEAST_BURST = 10.0
MOST_CALLERS = 10_000  # buckets that are kept; the fullest go first


class Rates:
    """The buckets of one gateway.

    Args:
        rates: requests a minute by scope, in place of `RATES`.
        clock: seconds.
    """

    def __init__(self, rates: Mapping[str, float], clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = {**RATES, **rates}
        self._clock = clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def wait(self, caller: str, scope: str) -> float:
        """Take a token: 0 when there was one, else the seconds until there is."""
        rate, now = self._rates[scope] / 60, self._clock()
        most = max(60 * rate * BURST, LEAST_BURST)
        tokens, then = self._buckets.get((caller, scope), (most, now))
        tokens = min(most, tokens + (now - then) * rate)
        granted = tokens >= 1
        self._buckets[caller, scope] = (tokens - granted, now)
        if len(self._buckets) > MOST_CALLERS:
            self._forget()
        return 0.0 if granted else (1 - tokens) / rate if rate else 60.0

    def minute(self, scope: str) -> float:
        """Requests a minute of that scope."""
        return self._rates[scope]

    def _forget(self) -> None:
        """Drop the half of the callers that asked longest ago."""
        oldest = sorted(self._buckets, key=lambda one: self._buckets[one][1])[: MOST_CALLERS // 2]
        for one in oldest:
            del self._buckets[one]
