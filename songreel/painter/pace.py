"""World time: how far the picture's own clock has run at each frame of the film.

It is not the song's time. It runs slower where the music is quiet and faster where it is loud, and every beat that is heard gives it a push
that eases off before the next. The camera, the worlds' motion and the subjects all follow this clock, so whatever moves, moves with
the music; it never stops, jumps or runs back.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from songreel.painter.arrays import Floats

Frames = NDArray[np.intp]

QUIET, LOUD = 0.35, 0.85  # world seconds a second between beats, in silence and at the song's full loudness
PUSH = 2.0  # world seconds a second that the strongest beat adds at its height
ATTACK, RELEASE = 0.07, 0.10  # s: a push begins so long before its beat, and falls to 1/e in this
SHARE = 5  # of the beats' distance that the release takes at most (1 / SHARE), so that fast beats stay apart
FULL_PERIOD = 0.45  # s between beats from which a push is whole; faster ones add smaller pushes
UNHEARD = 0.3  # of a push is left on a beat that nothing strikes
DOWNBEAT = 1.2  # times the push of other beats
BEGUN = 0.5  # of a beat's pulse; a film that begins with less is past its beat
EASE = 1.2  # s over which loudness sets the pace


def world_time(curves: Mapping[str, Floats], fps: float) -> Floats:
    """World seconds at each frame, shape (frames,), rising.

    Args:
        curves: one value a frame, in [0, 1]; without loudness the clock is the song's own.
        fps: frames a second.
    """
    return np.cumsum(pace(curves, fps)) / fps


def pace(curves: Mapping[str, Floats], fps: float) -> Floats:
    """World seconds a second at each frame, shape (frames,)."""
    from scipy.ndimage import uniform_filter1d

    if "loudness" not in curves:
        return np.ones(max((len(curve) for curve in curves.values()), default=1))
    level: Floats = uniform_filter1d(np.asarray(curves["loudness"], np.float64), max(round(EASE * fps), 1), mode="nearest")
    speed: Floats = QUIET + (LOUD - QUIET) * level
    beats = beat_frames(curves)
    if len(beats):
        _push(speed, beats, PUSH * level[beats] * _struck(curves, beats) * _accent(curves, beats), fps)
    return speed


def beat_frames(curves: Mapping[str, Floats]) -> Frames:
    """Frames on which a beat falls, rising: the peaks of the beat's pulse."""
    beat = curves.get("beat", np.zeros(1))
    if len(beat) < 2:
        return np.zeros(0, np.intp)
    before, after = np.concatenate([[BEGUN], beat[:-1]]), np.concatenate([beat[1:], [0.0]])
    return np.flatnonzero((beat > before) & (beat >= after))


def _push(speed: Floats, beats: Frames, height: Floats, fps: float) -> None:
    """Add a push about each beat, in place."""
    period = np.diff(beats, append=2 * beats[-1] - beats[-2] if len(beats) > 1 else beats[-1] + fps) / fps
    height = height * np.minimum(period / FULL_PERIOD, 1.0)
    release = np.minimum(RELEASE, period / SHARE)
    for step in range(-int(ATTACK * fps), round(fps)):  # a push has faded within a second
        at = beats + step
        inside = (at >= 0) & (at < len(speed))
        shape = 1 + step / fps / ATTACK if step < 0 else np.exp(-step / fps / release)
        np.add.at(speed, at[inside], (height * shape)[inside])


def _struck(curves: Mapping[str, Floats], beats: Frames) -> Floats:
    """How much is heard to strike on each beat, from `UNHEARD` to 1."""
    struck = np.zeros(len(beats))
    for name in ("kick", "snare", "hat"):
        if (curve := curves.get(name)) is not None:
            near = [curve[np.clip(beats + step, 0, len(curve) - 1)] for step in (-1, 0, 1)]
            struck = np.maximum(struck, np.max(near, axis=0))
    return UNHEARD + (1 - UNHEARD) * struck


def _accent(curves: Mapping[str, Floats], beats: Frames) -> Floats:
    """`DOWNBEAT` where a bar begins, else 1."""
    bar = curves.get("bar_phase")
    if bar is None:
        return np.ones(len(beats))
    here, before = (bar[np.clip(beats + step, 0, len(bar) - 1)] for step in (0, -1))
    return np.where(here < before, DOWNBEAT, 1.0)
