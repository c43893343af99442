"""The solver against trying everything, and its properties."""

from itertools import pairwise, product
from math import inf

import numpy as np
import pytest

from songreel.execution.solver import Bounds, Option, fits, lasts, solve, soonest

PLANS = 1000
LANES = ("cpu", "gpu", "a", "b")
FREE = Option("painter", 0.0, lane="cpu", seconds=1.0)


def a_plan(chance: np.random.Generator) -> tuple[list[list[Option]], Bounds]:
    """Two to six scenes of two to four options, and caps that bind more often than not."""
    scenes = []
    for _ in range(chance.integers(2, 7)):
        options = [Option("painter", chance.random(), lane="cpu", seconds=chance.integers(1, 5))]
        for name in chance.choice(["gpu1", "gpu2", "a1", "b1"], chance.integers(1, 4), replace=False):
            lane = name.rstrip("12")
            paid = chance.integers(1, 80) / 100 if lane in "ab" else 0.0
            options.append(Option(str(name), chance.random() * 3, paid, float(chance.integers(1, 60)), lane, lane if paid else ""))
        scenes.append(options)
    payees = {"a": chance.integers(0, 150) / 100} if chance.random() < 0.5 else {}
    deadline = float(chance.integers(20, 200)) if chance.random() < 0.5 else None
    return scenes, Bounds(chance.integers(0, 300) / 100, payees, deadline, {"cpu": 2, "a": 4, "b": 4}, {"gpu1": 20.0, "gpu2": 15.0})


def by_trying_everything(scenes: list[list[Option]], bounds: Bounds) -> float:
    return max((sum(one.worth for one in way) for way in product(*scenes) if fits(way, bounds)), default=-inf)


def test_it_is_as_good_as_trying_everything() -> None:
    chance = np.random.default_rng(1)
    binding = 0
    for number in range(PLANS):
        scenes, bounds = a_plan(chance)
        chosen, best = solve(scenes, bounds), by_trying_everything(scenes, bounds)
        if chosen is None:
            assert best == -inf, number
            continue
        assert fits(chosen, bounds)
        assert sum(one.worth for one in chosen) == pytest.approx(best, abs=2e-5), number
        binding += best < sum(max(one.worth for one in options) for options in scenes) - 1e-9
    assert binding > PLANS / 4  # else the caps asked nothing


def test_a_plan_of_no_money_takes_nothing_that_is_paid() -> None:
    assert solve([[FREE, Option("a1", 9.0, 0.01, 1.0, "a", "a")]] * 3, Bounds(0.0)) == [FREE] * 3


def test_more_money_is_never_worth_less() -> None:
    chance = np.random.default_rng(2)
    for _ in range(30):
        scenes, bounds = a_plan(chance)
        worth = [-inf]
        for cap in (0.0, 0.5, 1.0, 5.0):
            chosen = solve(scenes, Bounds(cap, bounds.payees, bounds.seconds, bounds.widths, bounds.loads))
            worth.append(-inf if chosen is None else sum(one.worth for one in chosen))
        assert all(after >= before - 2e-5 for before, after in pairwise(worth))


def test_of_equal_worth_the_cheaper_is_taken() -> None:
    dear, cheap = Option("a1", 1.0, 0.5, 1.0, "a", "a"), Option("b1", 1.0, 0.4, 1.0, "b", "b")
    assert solve([[dear, cheap]], Bounds(9.0)) == [cheap]


def test_a_model_is_loaded_once_and_that_counts_against_the_deadline() -> None:
    one, other = Option("gpu1", 1.0, lane="gpu", seconds=10.0), Option("gpu2", 1.1, lane="gpu", seconds=10.0)
    bounds = Bounds(0.0, seconds=45.0, loads={"gpu1": 20.0, "gpu2": 20.0})
    chosen = solve([[one], [one, other]], bounds)
    assert chosen == [one, one]
    assert lasts(chosen, bounds) == 40.0


def test_the_soonest_plan_is_found_when_no_plan_is_in_time() -> None:
    slow, quick = Option("painter", 1.0, lane="cpu", seconds=100.0), Option("a1", 0.1, 0.1, 30.0, "a", "a")
    bounds = Bounds(0.1, seconds=10.0)
    assert solve([[slow, quick]] * 2, bounds) is None
    assert soonest([[slow, quick]] * 2, bounds) in ([slow, quick], [quick, slow])
