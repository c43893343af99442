"""A batch's money: shared by the films' lengths, and what one film leaves goes to those that come after it."""

import threading
from collections.abc import Sequence

CENT = 0.01


class Purse:
    """Dollars for several films.

    Args:
        dollars: for all of them; 0: each film has its own budget.
        lengths: of the films, in any one unit.
    """

    def __init__(self, dollars: float, lengths: Sequence[float]) -> None:
        self.dollars = dollars
        self._lengths = dict(enumerate(lengths))
        self._held: dict[int, float] = {}
        self._left = dollars
        self._guard = threading.Lock()

    def take(self, film: int, own: float) -> float:
        """The cap of a film that begins: its share of what is left, in whole cents; no more than its own budget when it has one.

        Args:
            film: its place.
            own: what it may cost by itself; 0 with a purse: its share.
        """
        if not self.dollars:
            return own
        with self._guard:
            whole = sum(self._lengths.values())
            share = self._left * self._lengths.pop(film) / whole if whole else 0.0
            share = int(round(share / CENT, 6)) * CENT
            cap = round(min(share, own) if own else share, 2)
            self._held[film] = cap
            self._left -= cap
            return cap

    def give_back(self, film: int, spent: float) -> None:
        """A film ended, and cost so much."""
        with self._guard:
            self._left += max(self._held.pop(film, 0.0) - spent, 0.0)
