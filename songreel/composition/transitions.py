"""Mixes two pictures into one frame of a transition.

Pictures are BT.709 limited YUV 4:2:0 planes (y (h, w), u and v (h/2, w/2)), uint8. Weights are of the picture that comes in,
in 1/256, and are applied to the encoded values, as every editor's crossfade is. Equal inputs give equal bytes.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from schemas import TransitionKind

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint16]
Planes = tuple[Bytes, Bytes, Bytes]

ONE = 256  # weight of a picture shown alone
HALF = 128  # for rounding
BLACK, WHITE, NEUTRAL = 16, 235, 128  # limited-range luma, and chroma of gray
WIPE_EDGE = 0.12  # width of the wipe's soft edge, as a share of the picture's
GRAIN = 12  # noise cells along the longer side of the picture, in the coarsest octave
OCTAVES = 4
DISSOLVE_EDGE = 0.4  # share of the transition that one place takes to change
NOISE_SEED = 20


@dataclass(frozen=True)
class Step:
    """One frame of a transition: the middle of frame ``number`` of ``count``."""

    number: int
    count: int

    @property
    def share(self) -> float:
        """How far the transition is, in (0, 1)."""
        return (self.number + 0.5) / self.count


def mix(kind: TransitionKind, before: Planes, after: Planes, step: Step) -> Planes:
    """The frame that a transition shows between two pictures of the same size."""
    if kind == "cut":
        return before if step.number < step.count // 2 else after
    if kind == "fade_black":
        return _through(BLACK, before, after, step)
    if kind == "fade_white":
        return _through(WHITE, before, after, step)
    if kind == "crossfade":
        weight = np.uint16(round(_eased(step.share) * ONE))
        y, u, v = (_blend(a, b, weight) for a, b in zip(before, after, strict=True))
        return y, u, v
    height, width = before[0].shape
    shape = _wipe_map(width, height) if kind == "wipe" else _noise_map(width, height)
    edge = WIPE_EDGE if kind == "wipe" else DISSOLVE_EDGE
    return _masked(before, after, _weights(shape, _eased(step.share), edge))


def _through(level: int, before: Planes, after: Planes, step: Step) -> Planes:
    """Out to a plain colour in the first half, in from it in the second."""
    picture, strength = (before, 1 - 2 * step.share) if step.number < step.count // 2 else (after, 2 * step.share - 1)
    weight = np.uint16(round(strength * ONE))
    y, u, v = (_blend(np.uint8(flat), plane, weight) for flat, plane in zip((level, NEUTRAL, NEUTRAL), picture, strict=True))
    return y, u, v


def _masked(before: Planes, after: Planes, weights: Words) -> Planes:
    """Mix by a map of weights at luma size; chroma takes every second one."""
    small = np.ascontiguousarray(weights[::2, ::2])
    return _blend(before[0], after[0], weights), _blend(before[1], after[1], small), _blend(before[2], after[2], small)


def _blend(before: Bytes | np.uint8, after: Bytes, weight: Words | np.uint16) -> Bytes:
    """``before`` and ``after`` in fixed point; 255 * 256 + 128 still fits 16 bits."""
    mixed = np.multiply(after, weight, dtype=np.uint16)
    mixed += np.multiply(before, np.uint16(ONE) - weight, dtype=np.uint16)
    mixed += np.uint16(HALF)
    mixed >>= np.uint16(8)
    return mixed.astype(np.uint8)


def _eased(share: float) -> float:
    """Starts and ends softly (smoothstep)."""
    return share * share * (3 - 2 * share)


def _weights(arrival: NDArray[np.float32], share: float, edge: float) -> Words:
    """Weights when each place begins to change at its arrival (0 first, 1 last) and takes ``edge`` to do so."""
    grown = (np.float32(share * (1 + edge)) - arrival) * np.float32(ONE / edge)
    weights: Words = np.clip(grown, 0, ONE).astype(np.uint16)
    return weights


@lru_cache(maxsize=2)
def _wipe_map(width: int, height: int) -> NDArray[np.float32]:
    """From left to right."""
    return np.broadcast_to(np.linspace(0, 1, width, dtype=np.float32), (height, width))


@lru_cache(maxsize=2)
def _noise_map(width: int, height: int) -> NDArray[np.float32]:
    """Smooth noise whose values are spread evenly over [0, 1], so that the change runs at an even pace."""
    random = np.random.default_rng(NOISE_SEED)
    total = np.zeros((height, width), np.float32)
    for octave in range(OCTAVES):
        cells = GRAIN << octave
        across, down = (max(round(cells * side / max(width, height)), 2) + 1 for side in (width, height))
        total += _stretched(random.random((down, across), np.float32), width, height) / np.float32(2**octave)
    ranks = np.empty(total.size, np.float32)
    ranks[np.argsort(total, axis=None, kind="stable")] = np.linspace(0, 1, total.size, dtype=np.float32)
    return ranks.reshape(total.shape)


def _stretched(grid: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """A small grid at full size, bilinear with eased cells."""
    return _along(_along(grid, height).T, width).T


def _along(grid: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """The grid's rows, interpolated to ``size`` of them."""
    at = np.linspace(0, len(grid) - 1, size, dtype=np.float32)
    below = np.minimum(at.astype(np.int64), len(grid) - 2)
    part = (at - below)[:, None]
    part = part * part * (3 - 2 * part)
    mixed: NDArray[np.float32] = grid[below] * (1 - part) + grid[below + 1] * part
    return mixed
