"""Motion: shares over time, all in [0, 1]. Things ease; nothing pops."""

import numpy as np

from songreel.painter.arrays import Floats


def part(now: float, start: float, seconds: float) -> float:
    """How far something is that begins at ``start`` and takes so many seconds."""
    if seconds <= 0:
        return float(now >= start)
    return min(max((now - start) / seconds, 0.0), 1.0)


def eased(share: float) -> float:
    """Starts and ends softly."""
    return share * share * (3 - 2 * share)


def arriving(share: float) -> float:
    """Quick, then ever slower."""
    return 1 - (1 - share) ** 3


def settling(share: float) -> float:
    """Arrives, goes a little too far and comes back; ends at 1."""
    over = 1.4
    return 1 + (over + 1) * (share - 1) ** 3 + over * (share - 1) ** 2


def leaving(now: float, end: float, seconds: float) -> float:
    """1 until ``seconds`` before the end, then down to 0."""
    return 1 - eased(part(now, end - seconds, seconds))


def swept(width: int, edge: float, soft: float, from_right: bool = False) -> Floats:
    """Share of each column that a sweep has passed whose edge is at ``edge`` pixels from where it began; the edge is soft."""
    columns = np.arange(width, dtype=np.float32) + 0.5
    at = width - columns if from_right else columns
    shares: Floats = np.clip((edge - at) / max(soft, 1.0) + 0.5, 0, 1)
    return shares
