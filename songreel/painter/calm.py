"""Drums that hit faster than a picture may flash move it less.

WCAG 2.3.1 allows three flashes a second. Accents that come more often than `SAFE_HITS` a second are drawn smaller, in proportion, around their
own floor: the picture still answers every hit, but no large area swings far enough to count as a flash.
"""

from collections.abc import Mapping

import numpy as np

from songreel.painter.arrays import Floats

ACCENTS = ("kick", "snare", "hat", "bass", "beat")
SAFE_HITS = 1.5  # a second, at full size
WINDOW = 1.0  # s over which hits are counted
RISE = 0.25  # of the full range that a curve has to climb for a hit


def calmed(curves: Mapping[str, Floats], fps: float) -> dict[str, Floats]:
    """The curves with crowded accents made smaller; the others are handed on as they are.

    Args:
        curves: one value a frame, in [0, 1].
        fps: frames a second.
    """
    return {name: _calmed(curve, fps) if name in ACCENTS else curve for name, curve in curves.items()}


def _calmed(curve: Floats, fps: float) -> Floats:
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    window = max(round(WINDOW * fps), 1)
    if len(curve) < window:
        return curve
    rate = uniform_filter1d(uniform_filter1d(_hits(curve), window, mode="nearest") * fps, window, mode="nearest")
    share = np.minimum(1.0, SAFE_HITS / np.maximum(rate, SAFE_HITS))
    floor = uniform_filter1d(minimum_filter1d(curve, window, mode="nearest"), window, mode="nearest")
    return np.asarray(floor + (curve - floor) * share, np.float32)


def _hits(curve: Floats) -> Floats:
    """1 where the curve has climbed by `RISE` from its last low, else 0; it must fall as far before it can hit again."""
    hits = np.zeros(len(curve))
    armed, turn = True, float(curve[0])  # the low since it fell, or the high since it hit
    for at, value in enumerate(curve.tolist()):
        turn = min(turn, value) if armed else max(turn, value)
        if abs(value - turn) > RISE:
            hits[at] = armed
            armed, turn = not armed, value
    return hits
