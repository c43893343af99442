"""Choosing who shoots: how good and how quick the plan is, against trying everything and against taking the best scene by scene.

Small plans are held against every combination there is. A film of 300 scenes and 13 backends has to be planned in under a second.
"""

import time
from collections.abc import Sequence
from itertools import product

import numpy as np

from songreel.execution.solver import Bounds, Option, fits, solve

SMALL_PLANS = 200
SCENES = 300
LIMIT = 1.0  # s


def main() -> None:
    chance = np.random.default_rng(1)
    ratios = [_against_everything(chance) for _ in range(SMALL_PLANS)]
    print(f"worth / best of all combinations, {SMALL_PLANS} small plans: least {min(ratios):.6f}   (aim 1)")
    solve([[Option("painter", 1.0)]], Bounds(0.0))  # what is loaded once does not count
    for words, deadline in (("no deadline", None), ("a deadline of 10 minutes", 600.0), ("a deadline of 50 minutes", 3000.0)):
        _long(words, deadline)


def _against_everything(chance: np.random.Generator) -> float:
    """Worth of the solver's plan over that of the best combination."""
    scenes, bounds = _plan(chance, int(chance.integers(2, 6)), 2, float(chance.uniform(0, 1)), None)
    best = max(sum(one.worth for one in way) for way in product(*scenes) if fits(way, bounds))
    return _worth(solve(scenes, bounds) or []) / best


def _long(words: str, deadline: float | None) -> None:
    scenes, bounds = _plan(np.random.default_rng(2), SCENES, 4, 20.0, deadline)
    began = time.process_time()
    chosen = solve(scenes, bounds)
    spent = time.process_time() - began
    if chosen is None:
        print(f"{SCENES} scenes, {words}: nothing fits")
        return
    greedy = _worth(_by_scene(scenes, bounds))
    print(f"{SCENES} scenes, {words}: {spent:.2f} s of processor / limit {spent / LIMIT:.2f}   (aim under 1)")
    print(f"{SCENES} scenes, {words}: worth / greedy {_worth(chosen) / greedy:.3f}   (aim over 1)")


def _by_scene(scenes: Sequence[Sequence[Option]], bounds: Bounds) -> list[Option]:
    """The best that still fits, scene by scene in the order of what there is to gain."""
    chosen = [options[0] for options in scenes]
    for at in sorted(range(len(scenes)), key=lambda at: -max(one.worth for one in scenes[at])):
        for option in sorted(scenes[at], key=lambda one: -one.worth):
            tried = [*chosen[:at], option, *chosen[at + 1 :]]
            if fits(tried, bounds):
                chosen = tried
                break
    return chosen


def _worth(chosen: Sequence[Option]) -> float:
    return sum(one.worth for one in chosen)


def _plan(chance: np.random.Generator, count: int, kinds: int, cap: float, deadline: float | None) -> tuple[list[list[Option]], Bounds]:
    """Scenes with the painter, local models and twice as many paid ones, dearer the better they look."""
    scenes = [_options(chance.random(), 2 + 4 * chance.random(), kinds) for _ in range(count)]
    return scenes, Bounds(cap, {"a": 0.6 * cap}, deadline, {"cpu": 2, "a": 16, "b": 16}, {f"local{at}": 30.0 for at in range(kinds)})


def _options(importance: float, seconds: float, kinds: int) -> list[Option]:
    local = [Option(f"local{at}", importance * (0.55 + 0.1 * at) * seconds, 0.0, seconds * (20 + 30 * at), "gpu") for at in range(kinds)]
    paid = [
        Option(f"paid{at}", importance * (0.6 + 0.05 * at) * seconds, round(seconds * 0.02 * (1 + at), 4), seconds * 20, "ab"[at % 2], "ab"[at % 2])
        for at in range(2 * kinds)
    ]
    return [Option("painter", importance * 0.5 * seconds, 0.0, seconds * 1.5, "cpu"), *local, *paid]


if __name__ == "__main__":
    main()
