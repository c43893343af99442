"""Whether the picture moves with the beat: motion near beats over motion elsewhere, and the same for grids that are not the song's.

Each frame's change is divided by its clip's median, so that one lively clip does not decide; cuts and transitions are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from songreel.inspection.kinds import Flags, Floats
from songreel.inspection.watching import Watched

NEAR = 1
"""Frames on either side of a beat that count as near."""
AROUND_CUT = 1
"""Frames on either side of a cut that are left out."""
SHIFTS = 64
"""Grids shifted by random amounts that say what chance gives."""
HIGHEST = 20.0
"""Frames that change more than this many times their clip's median count as this much."""


@dataclass(frozen=True)
class Alignment:
    """Motion near beats over motion elsewhere.

    ``ratio``: 1 is chance. ``off_beat``: the same with the grid moved by half a beat. ``chance``: mean over grids shifted at random,
    ``chance_high`` the value that one in twenty of them passes. ``motion``: the normalised curve, shape (frames,), NaN where left out.
    """

    ratio: float
    off_beat: float
    chance: float
    chance_high: float
    motion: Floats


def align(watched: Watched, clips: Sequence[tuple[int, int]], beats: Sequence[float]) -> Alignment:
    """Measure motion against a beat grid in seconds; clips are (first, last exclusive) frames, transitions left out."""
    motion = normalised(watched.change, clips)
    at = np.asarray(beats, float) * float(watched.fps)
    if len(at) < 2:
        return Alignment(1.0, 1.0, 1.0, 1.0, motion)
    period = float(np.median(np.diff(at)))
    rng = np.random.default_rng(len(motion))
    chance = [ratio(motion, at + shift) for shift in rng.uniform(0, period, SHIFTS)]
    return Alignment(ratio(motion, at), ratio(motion, at + period / 2), float(np.mean(chance)), float(np.quantile(chance, 0.95)), motion)


def normalised(change: Floats, clips: Sequence[tuple[int, int]]) -> Floats:
    """Each frame's change over its clip's median; NaN near cuts, inside transitions and in clips that stand."""
    motion = np.full(len(change), np.nan)
    for start, stop in clips:
        piece = change[start + AROUND_CUT : stop - AROUND_CUT]
        if len(piece) and np.median(piece) > 1e-3:
            motion[start + AROUND_CUT : stop - AROUND_CUT] = np.minimum(piece / np.median(piece), HIGHEST)
    return motion


def ratio(motion: Floats, at: Floats) -> float:
    """Mean motion within `NEAR` frames of the beats over the mean elsewhere; 1 where either has no frame."""
    near = near_beats(len(motion), at)
    known = np.isfinite(motion)
    if not (near & known).any() or not (~near & known).any():
        return 1.0
    elsewhere = float(motion[~near & known].mean())
    return float(motion[near & known].mean()) / max(elsewhere, 1e-6)


def near_beats(frames: int, at: Floats) -> Flags:
    """Frames within `NEAR` of a beat, beats given in frames."""
    near = np.zeros(frames, bool)
    for step in range(-NEAR, NEAR + 1):
        index = np.rint(at).astype(int) + step
        near[index[(index >= 0) & (index < frames)]] = True
    return near
