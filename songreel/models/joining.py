"""Joins pieces of footage that go on from each other, so that no seam is seen.

A piece begins with the frames that the one before ended with, drawn anew. Those are crossfaded, and a jump in brightness or colour
at the seam, which generators are prone to, is taken out of the new piece bit by bit.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]
EASE = 24  # frames over which a jump of colour is taken out


def joined(pieces: Iterable[Frames], shared: int) -> Iterator[NDArray[np.uint8]]:
    """Frames of all pieces, (h, w, 3) uint8, each shared one once.

    Args:
        pieces: arrays (n, h, w, 3); each begins with the last ``shared`` frames of the one before, more or less.
        shared: frames that two pieces have in common; less than either's length.
    """
    tail: Frames | None = None
    for piece in pieces:
        current = piece if tail is None else _eased(tail, piece)
        keep = len(current) - shared
        yield from current[:keep]
        tail = current[keep:]
    if tail is not None:
        yield from tail


def _eased(tail: Frames, piece: Frames) -> Frames:
    """The piece with its first frames crossfaded from the tail and its colours brought near the tail's."""
    shared = len(tail)
    jump = tail.mean((0, 1, 2)) - piece[:shared].mean((0, 1, 2))
    fade = np.clip(1 - np.arange(len(piece)) / EASE, 0, 1)[:, None, None, None]
    out = piece + fade * jump
    share = (np.arange(shared) / shared)[:, None, None, None]  # the first is the tail's own
    out[:shared] = (1 - share) * tail + share * out[:shared]
    return np.asarray(np.clip(np.rint(out), 0, 255).astype(np.uint8))
