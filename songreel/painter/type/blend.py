"""Puts inks, shades and light onto the planes of a frame, in place and only inside their box.

Planes are BT.709 limited YUV 4:2:0, uint8. Weights are in 1/256.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from songreel.painter.arrays import Bytes, Floats
from songreel.painter.planes import Planes
from songreel.painter.type.colour import Ink

ONE = 256  # weight of a full cover
LEAST_LESS = 255  # the largest weight below a full one: its product with a cover still fits 16 bits
HALF = 128  # for rounding

Words = NDArray[np.uint16]


class _Box(NamedTuple):
    """Where a stamp lies in the picture, cut to it: slices of luma and of chroma, and its weights there."""

    luma: tuple[slice, slice]
    chroma: tuple[slice, slice]
    cover: Words
    half: Words
    cut: tuple[slice, slice]
    """The part of the stamp that lies in the picture, in its own pixels at luma size, brought to even places."""


@dataclass(eq=False)
class Stamp:
    """A shape that is put onto the picture: cover in [0, 255], shape (h, w), and a coloured picture's own inks."""

    cover: Bytes
    inks: Planes | None = None
    _places: dict[tuple[int, int, int, int], _Box | None] = field(default_factory=dict)

    def at(self, x: int, y: int, planes: Planes) -> _Box | None:
        """The stamp with its upper left corner at (x, y), or none when it lies outside the picture."""
        height, width = planes.y.shape
        key = (x, y, width, height)
        if key not in self._places:
            if len(self._places) > 3:  # it moves: what it was is not needed again
                self._places.clear()
            self._places[key] = self._placed(x, y, width, height)
        return self._places[key]

    def _placed(self, x: int, y: int, width: int, height: int) -> _Box | None:
        left, top = x & ~1, y & ~1
        tall, wide = self.cover.shape
        right, bottom = (x + wide + 1) & ~1, (y + tall + 1) & ~1
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        if x0 >= x1 or y0 >= y1:
            return None
        padded = np.zeros((bottom - top, right - left), np.uint16)
        padded[y - top : y - top + tall, x - left : x - left + wide] = self.cover
        padded += padded >> 7  # 255 is a full cover: 256
        cut = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
        cover = padded[cut]
        return _Box(
            (slice(y0, y1), slice(x0, x1)), (slice(y0 // 2, y1 // 2), slice(x0 // 2, x1 // 2)), cover, _halved(cover),
            (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)),
        )  # fmt: skip


def stamp(cover: Bytes) -> Stamp:
    """A stamp of one cover."""
    return Stamp(np.ascontiguousarray(cover))


def put_ink(planes: Planes, shape: Stamp, x: int, y: int, colour: Ink, alpha: float = 1.0, ramp: Floats | None = None) -> None:
    """Draw a shape in one colour.

    Args:
        planes: of the frame; changed.
        shape: what is drawn.
        x, y: its upper left corner.
        colour: of the ink.
        alpha: share of the cover, in [0, 1].
        ramp: further share of each of the shape's columns, in [0, 1].
    """
    box = shape.at(x, y, planes)
    if box is None or alpha <= 0:
        return
    cover, half = _weighted(box, alpha, ramp)
    for plane, place, weight, level in (
        (planes.y, box.luma, cover, colour.y),
        (planes.u, box.chroma, half, colour.u),
        (planes.v, box.chroma, half, colour.v),
    ):
        plane[place] = _towards(plane[place], np.uint16(level), weight)


def put_picture(planes: Planes, shape: Stamp, x: int, y: int, alpha: float = 1.0, ramp: Floats | None = None) -> None:
    """Draw a coloured picture (an emoji) at even places."""
    x, y = x & ~1, y & ~1
    box = shape.at(x, y, planes)
    if box is None or alpha <= 0 or shape.inks is None:
        return
    cover, half = _weighted(box, alpha, ramp)
    rows, columns = box.cut
    small = slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2)
    planes.y[box.luma] = _towards(planes.y[box.luma], shape.inks.y[box.cut], cover)
    planes.u[box.chroma] = _towards(planes.u[box.chroma], shape.inks.u[small], half)
    planes.v[box.chroma] = _towards(planes.v[box.chroma], shape.inks.v[small], half)


def put_shade(planes: Planes, shape: Stamp, x: int, y: int, tables: tuple[Bytes, Bytes], alpha: float = 1.0, ramp: Floats | None = None) -> None:
    """Bring the picture under a shape to tones on which a text can be read; tables are those of `shade_tables`."""
    box = shape.at(x, y, planes)
    if box is None or alpha <= 0:
        return
    cover, half = _weighted(box, alpha, ramp)
    for plane, place, weight, table in (
        (planes.y, box.luma, cover, tables[0]),
        (planes.u, box.chroma, half, tables[1]),
        (planes.v, box.chroma, half, tables[1]),
    ):
        there = plane[place]
        plane[place] = _towards(there, table[there], weight)


def put_light(planes: Planes, shape: Stamp, x: int, y: int, colour: Ink, alpha: float, ramp: Floats | None = None) -> None:
    """Shine on the picture: luma is added (as a screen adds), chroma goes to the light's."""
    box = shape.at(x, y, planes)
    if box is None or alpha <= 0:
        return
    cover, half = _weighted(box, alpha, ramp)
    there = planes.y[box.luma]
    gain = cover * np.uint16(min(round((colour.y - 16) / 219 * ONE), LEAST_LESS)) >> np.uint16(8)
    room = np.uint8(235) - np.minimum(there, np.uint8(235))
    planes.y[box.luma] = there + (np.multiply(room, gain, dtype=np.uint16) >> np.uint16(8)).astype(np.uint8)
    planes.u[box.chroma] = _towards(planes.u[box.chroma], np.uint16(colour.u), half)
    planes.v[box.chroma] = _towards(planes.v[box.chroma], np.uint16(colour.v), half)


def _weighted(box: _Box, alpha: float, ramp: Floats | None) -> tuple[Words, Words]:
    cover, half = box.cover, box.half
    if ramp is not None:
        columns = box.cut[1]
        known = np.pad(ramp, 2, mode="edge")[columns.start + 2 : columns.stop + 2]  # even places may lie a pixel outside the shape
        cover = cover * (known * LEAST_LESS).astype(np.uint16) >> np.uint16(8)
        half = _halved(cover)
    if alpha < 1:
        share = np.uint16(min(round(alpha * ONE), LEAST_LESS))
        cover, half = cover * share >> np.uint16(8), half * share >> np.uint16(8)
    return cover, half


def _halved(cover: Words) -> Words:
    return (cover[::2, ::2] + cover[1::2, ::2] + cover[::2, 1::2] + cover[1::2, 1::2] + np.uint16(2)) >> np.uint16(2)


def _towards(there: Bytes, level: Words | Bytes | np.uint16, weight: Words) -> Bytes:
    """Mix in fixed point; 255 * 256 + 128 still fits 16 bits."""
    mixed = np.multiply(there, np.uint16(ONE) - weight, dtype=np.uint16)
    mixed += np.multiply(level, weight, dtype=np.uint16)
    mixed += np.uint16(HALF)
    mixed >>= np.uint16(8)
    done: Bytes = mixed.astype(np.uint8)
    return done
