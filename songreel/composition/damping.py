"""Takes the flashes out of a clip: near them every point keeps only a share of its distance from its own mean over time.

A flash is a change of light there and back within a fraction of a second; its mean over that time is steady. So the picture stays where it
was, what flickers flickers less, and what moves leaves a soft trail. Frames away from the flashes stay as they are, but for one more
encoding of the clip.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from schemas import Clip
from songreel.composition.spans import Shape, Span, sought
from songreel.composition.transitions import Bytes, Planes
from songreel.media.video import views
from songreel.storage.store import Store

KEEPS = (0.5, 0.25, 0.1)
"""Shares of the change that are kept, at each further attempt."""
RADIUS = 0.2  # s to either side of a frame over which its mean is taken: a whole period of 3 flashes a second and more
RAMP = 0.2  # s in which the damping comes and goes

Floats = NDArray[np.float32]


def damp(clip: Clip, spans: Sequence[tuple[int, int]], keep: float, store: Store) -> Clip:
    """The clip with its flashes damped.

    Args:
        clip: as it was conformed.
        spans: first and last frame of each stretch that flashes, counted from the clip's first frame.
        keep: share of the change that is kept there, in [0, 1].
        store: holds the clip, and gets the damped one.

    Raises:
        MediaError: the clip cannot be read.
    """
    shape = Shape(clip.width, clip.height, clip.fps, clip.encoding)
    frames = clip.slot.frames
    shares = kept_shares(frames, float(clip.fps), spans, keep)
    with store.workspace() as folder:
        path = folder / "clip.mp4"
        with shape.writer(path, clip.slot.keyframes) as writer:
            source = (tuple(map(np.copy, views(frame))) for frame in sought(Span(store.get(clip.media), 0, frames)))
            for planes in damped(source, shares, max(round(RADIUS * float(clip.fps)), 1)):
                writer.write_yuv(*planes)
        media = store.put_file(path)
    return clip.model_copy(update={"media": media})


def kept_shares(frames: int, fps: float, spans: Sequence[tuple[int, int]], keep: float) -> Floats:
    """The share of the change that each frame keeps: ``keep`` inside the spans, 1 away from them, ramps between."""
    at = np.arange(frames, dtype=np.float32)
    away = np.full(frames, np.inf, np.float32)
    for first, last in spans:
        away = np.minimum(away, np.maximum(np.maximum(first - at, at - last), 0))
    share: Floats = keep + (1 - keep) * np.minimum(away / max(RAMP * fps, 1), 1)
    return share


def damped(pictures: Iterator[tuple[Bytes, ...]], shares: Floats, radius: int) -> Iterator[Planes]:
    """Each picture, drawn towards the mean of those up to ``radius`` frames from it; fewer where the clip begins and ends.

    Args:
        pictures: planes, one picture for each share.
        shares: of its distance from the mean that each keeps.
        radius: in frames.
    """
    window: list[tuple[Bytes, ...]] = []
    sums: list[NDArray[np.uint16]] = []
    at = -radius  # the picture that is due, when the one that is read is the last of its window
    for picture in chain(pictures, repeat(None, radius)):
        if picture is not None:
            window.append(picture)
            sums = _each(np.add, sums, picture) if sums else [plane.astype(np.uint16) for plane in picture]
        if at > radius:
            sums = _each(np.subtract, sums, window.pop(0))
        if 0 <= at < len(shares):
            y, u, v = (_towards(plane, total, len(window), float(shares[at])) for plane, total in zip(window[min(at, radius)], sums, strict=True))
            yield y, u, v
        at += 1


def _each(operation: np.ufunc, totals: list[NDArray[np.uint16]], planes: tuple[Bytes, ...]) -> list[NDArray[np.uint16]]:
    return [operation(total, plane, dtype=np.uint16) for total, plane in zip(totals, planes, strict=True)]


def _towards(plane: Bytes, total: NDArray[np.uint16], count: int, share: float) -> Bytes:
    if share >= 1:
        return plane
    mean = total.astype(np.float32) / count
    near: Bytes = (mean + share * (plane - mean) + 0.5).astype(np.uint8)
    return near
