"""Frames as an encoder takes them: three planes, drawn into memory that is used again and again."""

from typing import NamedTuple

import numpy as np

from songreel.painter.arrays import Bytes

AHEAD = 2  # frames that may wait for whoever takes them
RING = AHEAD + 2  # sets of planes: those that wait, the one being taken, the one being drawn


class Planes(NamedTuple):
    """One frame in YUV 4:2:0, BT.709 limited range, rows from the top; y (h, w), u and v (h/2, w/2), uint8."""

    y: Bytes
    u: Bytes
    v: Bytes

    @classmethod
    def empty(cls, width: int, height: int) -> "Planes":
        """Planes of a size, not yet filled."""
        half = (height // 2, width // 2)
        return cls(np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8))


def rgb(planes: Planes) -> Bytes:
    """Planes as display RGB, shape (h, w, 3), uint8; chroma repeated."""
    y = (planes.y.astype(np.float32) - 16.0) / 219.0
    u, v = (plane.astype(np.float32).repeat(2, 0).repeat(2, 1) / 224.0 - 128.0 / 224.0 for plane in (planes.u, planes.v))
    red, blue = y + 1.5748 * v, y + 1.8556 * u
    green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
    return np.asarray(np.clip(np.stack((red, green, blue), -1) * 255.0 + 0.5, 0, 255).astype(np.uint8))
