"""Chooses one option per scene, for the most worth under caps of money and time: a multiple-choice knapsack with several limits.

It is solved as a mixed-integer program by HiGHS (through SciPy): exact on small plans, within `GAP` of the best on long ones. Money is in
dollars, time in seconds. Work of one lane is done beside that of the others, and in a lane so many scenes at once as it is wide.

Source: H. Kellerer, U. Pferschy, D. Pisinger, *Knapsack Problems*, 2004, chapter 11.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Row = tuple[Floats, float, float]
"""A row of the program's matrix, and the least and the most that its sum may be."""

CENT = 0.01
TOLERANCE = CENT / 100  # dollars, and shares of a time limit, that rounding may add to a sum
SMALL = 500  # options up to which the best is searched to the end
GAP = 5e-3  # share of the worth that a longer plan may lack
NODES = 200  # of the search tree of a longer plan; a count, not a time, so that equal plans have equal answers
FRUGAL = 1e-6  # worth of a dollar that is kept, for choosing among what is worth the same


@dataclass(frozen=True)
class Option:
    """One way to make a scene."""

    backend: str
    worth: float
    dollars: float = 0.0
    seconds: float = 0.0
    lane: str = ""
    """Where its time is spent: 'cpu', 'gpu', a service."""
    payee: str = ""
    """The service that is paid."""


@dataclass(frozen=True)
class Bounds:
    """What a plan may take. ``seconds`` limits each lane's time: the sum over its scenes, by its width, and the loading of its models."""

    dollars: float
    payees: Mapping[str, float] = field(default_factory=dict)
    seconds: float | None = None
    widths: Mapping[str, int] = field(default_factory=dict)
    loads: Mapping[str, float] = field(default_factory=dict)
    """Seconds of loading by backend, once a film."""


def solve(scenes: Sequence[Sequence[Option]], bounds: Bounds) -> list[Option] | None:
    """The option of each scene, for the most worth within the bounds; none when nothing fits.

    Args:
        scenes: every scene's options, at least one each.
        bounds: the caps.
    """
    if bounds.seconds is None:  # with a deadline, a model that is loaded already may be the better one
        scenes = [_undominated(options) for options in scenes]
    program = _Program(scenes, bounds)
    aim = [FRUGAL * one.dollars - one.worth for one in program.options]
    chosen = program.least(aim, 0.0, inf if bounds.seconds is None else bounds.seconds)
    return chosen if chosen is not None and fits(chosen, bounds) else None


def soonest(scenes: Sequence[Sequence[Option]], bounds: Bounds) -> list[Option] | None:
    """The options with which the longest lane is shortest, whatever the deadline; none when the caps of money allow nothing."""
    program = _Program(scenes, bounds)
    chosen = program.least([FRUGAL * one.dollars for one in program.options], 1.0, inf)
    return chosen if chosen is not None and fits(chosen, replace(bounds, seconds=None)) else None


def fits(chosen: Sequence[Option], bounds: Bounds) -> bool:
    """Whether the options keep within the bounds."""
    paid = sum(one.dollars for one in chosen)
    to = {payee: sum(one.dollars for one in chosen if one.payee == payee) for payee in bounds.payees}
    in_time = bounds.seconds is None or lasts(chosen, bounds) <= bounds.seconds * (1 + TOLERANCE)
    return paid <= bounds.dollars + TOLERANCE and all(to[payee] <= cap + TOLERANCE for payee, cap in bounds.payees.items()) and in_time


def lasts(chosen: Sequence[Option], bounds: Bounds) -> float:
    """Seconds of the longest lane."""
    times = dict.fromkeys((one.lane for one in chosen), 0.0)
    for one in chosen:
        times[one.lane] += one.seconds / bounds.widths.get(one.lane, 1)
    for backend, lane in {(one.backend, one.lane) for one in chosen}:
        times[lane] += bounds.loads.get(backend, 0.0)
    return max(times.values(), default=0.0)


def _undominated(options: Sequence[Option]) -> list[Option]:
    """The options without those that another of the same payee beats in worth and money."""
    kept: list[Option] = []
    for one in sorted(options, key=lambda one: (-one.worth, one.dollars)):
        if not any(other.payee in (one.payee, "") and other.dollars <= one.dollars for other in kept):
            kept.append(one)
    return kept


class _Program:
    """The columns are the options (1: chosen), then one a model that must be loaded (1: it is), then the time of the longest lane."""

    def __init__(self, scenes: Sequence[Sequence[Option]], bounds: Bounds) -> None:
        self.options = [option for options in scenes for option in options]
        self.bounds = bounds
        self._first = np.cumsum([0, *(len(options) for options in scenes)])
        self._loads = sorted({(one.backend, one.lane) for one in self.options if bounds.loads.get(one.backend)})
        self._columns = len(self.options) + len(self._loads) + 1

    def least(self, aim: Sequence[float], of_time: float, deadline: float) -> list[Option] | None:
        """The options of the smallest sum of ``aim`` and of ``of_time`` times the longest lane's seconds, which the deadline limits."""
        from scipy.optimize import Bounds as Box
        from scipy.optimize import LinearConstraint, milp
        from scipy.sparse import csr_array

        rows, low, high = zip(*self._once(), *self._money(), *(self._time() if of_time or deadline < inf else ()), strict=True)
        goal = np.array([*aim, *[0.0] * len(self._loads), of_time])
        top = np.array([*[1.0] * (self._columns - 1), deadline])
        integral = np.array([*[1] * (self._columns - 1), 0])
        effort = {"mip_rel_gap": 0.0} if len(self.options) <= SMALL else {"mip_rel_gap": GAP, "node_limit": NODES}
        limits = LinearConstraint(csr_array(np.array(rows)), np.array(low), np.array(high))
        found = milp(goal, constraints=limits, bounds=Box(np.zeros(self._columns), top), integrality=integral, options=effort)
        return None if found.x is None else [self.options[start + int(np.argmax(found.x[start:end]))] for start, end in pairwise(self._first)]

    def _once(self) -> Iterator[Row]:
        """Each scene has one option."""
        for start, end in pairwise(self._first):
            yield self._row(dict.fromkeys(range(start, end), 1.0)), 1.0, 1.0

    def _money(self) -> Iterator[Row]:
        """All of it under the cap, and each payee's part under its own."""
        paid = {at: one.dollars for at, one in enumerate(self.options)}
        if any(paid.values()):
            yield self._row(paid), 0.0, self.bounds.dollars
        for payee, cap in self.bounds.payees.items():
            yield self._row({at: one.dollars for at, one in enumerate(self.options) if one.payee == payee}), 0.0, cap

    def _time(self) -> Iterator[Row]:
        """Each lane's time is at most the longest's; a model of which a scene is made is loaded."""
        for lane in {one.lane: None for one in self.options}:
            width = self.bounds.widths.get(lane, 1)
            row = {at: one.seconds / width for at, one in enumerate(self.options) if one.lane == lane}
            loads = {len(self.options) + at: self.bounds.loads[name] for at, (name, where) in enumerate(self._loads) if where == lane}
            yield self._row({**row, **loads, self._columns - 1: -1.0}), -inf, 0.0
        for number, (name, _) in enumerate(self._loads):
            made = {at: 1.0 for at, one in enumerate(self.options) if one.backend == name}
            yield self._row({**made, len(self.options) + number: -float(len(made))}), -inf, 0.0

    def _row(self, entries: Mapping[int, float]) -> Floats:
        row = np.zeros(self._columns)
        row[list(entries)] = list(entries.values())
        return row
