"""Scenes in batches for the workers of a pool: each batch is one run, for one model, that loads the model once.

A run costs `RUN_OVERHEAD` before its first scene, so small batches waste workers; large ones let workers idle at the end.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

RUN_OVERHEAD = 12.0  # seconds from asking for a run to its first scene: a worker's poll, a process, its imports
OVERHEAD_SHARE = 0.05  # of a batch's work that its run may cost on top
LEAST_WORK = RUN_OVERHEAD / OVERHEAD_SHARE  # seconds of work that are worth a run of their own
MOST_WORK = 600.0  # seconds of work in one run; a worker that comes later finds something to take


@dataclass(frozen=True)
class Load:
    """One scene's work."""

    scene: int
    backend: str
    seconds: float


def batches(loads: Sequence[Load], workers: int) -> list[tuple[int, ...]]:
    """Scenes by batch: never two models in one, as even in work as they come, and no fewer than workers while there are scenes for them.

    Args:
        loads: every scene's work, in the order of shooting, which each batch keeps.
        workers: how many live.
    """
    by_model: dict[str, list[Load]] = defaultdict(list)
    for load in loads:
        by_model[load.backend].append(load)
    total = sum(_work(load) for load in loads)
    found = []
    for same in by_model.values():
        share = math.ceil(workers * sum(_work(load) for load in same) / total)
        found += _even(same, _count(same, share))
    return found


def _count(loads: Sequence[Load], workers: int) -> int:
    """How many batches of one model, for so many workers."""
    work = sum(_work(load) for load in loads)
    wanted = max(math.ceil(work / MOST_WORK), workers, 1)
    in_step = math.ceil(wanted / max(workers, 1)) * max(workers, 1)  # no worker is idle while the others shoot the last round
    return min(in_step if work / in_step >= LEAST_WORK else wanted, len(loads))


def _even(loads: Sequence[Load], count: int) -> list[tuple[int, ...]]:
    """The longest scene first, each to the batch that has the least to do."""
    place = {load.scene: turn for turn, load in enumerate(loads)}
    made: list[list[int]] = [[] for _ in range(count)]
    work = [0.0] * count
    for load in sorted(loads, key=lambda one: (-_work(one), place[one.scene])):
        least = work.index(min(work))
        made[least].append(load.scene)
        work[least] += _work(load)
    return [tuple(sorted(scenes, key=place.__getitem__)) for scenes in made]


def _work(load: Load) -> float:
    return max(load.seconds, 1.0)  # a second at least: what is not estimated still counts
