"""The one pass over the film: decode every frame, keep a few numbers of each, and small copies on disk.

Small frames have `AREA` pixels or about that, in the film's shape; luma in limited-range levels (16 black, 235 white).
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from songreel.errors import MediaError
from songreel.inspection.flashes import FlashMeter, linear_rgb, rgb
from songreel.inspection.kinds import BLACK_LEVEL, WHITE_LEVEL, Bytes, Flags, Floats
from songreel.inspection.scratch import FrameFile
from songreel.media.probe import Probe
from songreel.media.video import read_frames

AREA = 160 * 90
"""Pixels of a small frame: enough to see a 1/100-frame shift, few enough that decoding costs more than looking."""
BLOCK = 10
"""Side of the blocks, in small pixels, over which a change is averaged before the largest is taken."""
MOTION_BLOCK = 4
"""Side of the blocks, in small pixels, whose means tell motion: the grain of a film stock, new on every frame, is lost in them."""
REACH = 5
"""Frames back that each frame is compared with, to tell a cut from motion and flashes: 3 on either side of a cut."""
TILE = 2
"""Side, in chroma pixels, of the tiles that are compared for it."""
TILE_LEVELS = 6.0
"""Contrast in levels below which a picture counts as flat when brightness is taken out of a comparison."""
CHROMA_LEVELS = 30.0
"""Change of colour, in levels, that weighs as much as a wholly different structure."""
BLACK_MEAN = BLACK_LEVEL + 0.02 * (WHITE_LEVEL - BLACK_LEVEL)
BLACK_PEAK = BLACK_LEVEL + 0.10 * (WHITE_LEVEL - BLACK_LEVEL)
"""A frame is black when its mean luma is under 2 % and no small pixel is over 10 %: a night sky with stars is not."""
STILLS_A_SECOND = 2


@dataclass(frozen=True)
class Watched:
    """What the pass saw; arrays run over the film's frames, n of them.

    ``change``: mean change of luma from the frame before, in levels. ``spread``: the same, of the most changed block.
    ``motion``: the same of the means of small blocks, which hold no grain.
    ``unlike``: shape (REACH, n), how unlike the frame is to the one 1 .. REACH before it, brightness taken out; 0 same, 1 unrelated.
    ``general`` and ``red``: flashes in the second that ends at the frame. ``light``: mean relative luminance, [0, 1].
    """

    fps: Fraction
    width: int
    height: int
    change: Floats
    spread: Floats
    motion: Floats
    unlike: Floats
    light: Floats
    black: Flags
    general: Bytes
    red: Bytes
    luma: FrameFile
    stills: FrameFile
    still_step: int

    @property
    def frames(self) -> int:
        return len(self.change)

    @property
    def duration(self) -> float:
        """Seconds."""
        return float(self.frames / self.fps)

    def still(self, frame: int) -> Bytes:
        """The kept colour picture nearest to a frame, shape (h, w, 3)."""
        return self.stills.one(min(round(frame / self.still_step), self.stills.count - 1))


def small_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the small frames, even, of the film's shape."""
    scale = math.sqrt(AREA / (width * height))
    return max(round(width * scale / 2) * 2, 16), max(round(height * scale / 2) * 2, 16)


class _Eye:
    """Looks at one frame after the other."""

    def __init__(self, size: tuple[int, int], fps: Fraction) -> None:
        self.width, self.height = size
        self.luma = FrameFile((self.height, self.width))
        self.stills = FrameFile((self.height, self.width, 3))
        self.still_step = max(round(fps / STILLS_A_SECOND), 1)
        self.flashes = FlashMeter((self.height // 2, self.width // 2), fps)
        self.rows: list[tuple[float, ...]] = []
        self._before: Bytes | None = None
        self._blocks: Floats | None = None
        self._tiles: deque[Floats] = deque(maxlen=REACH)

    def look(self, planes: Bytes) -> None:
        """Take the next frame as yuv420p planes stacked, shape (3h/2, w)."""
        y, u, v = split(planes, self.width, self.height)
        y2 = np.ascontiguousarray(halved(y))
        linear = linear_rgb(y2, u, v)
        general, red = self.flashes.follow(linear)
        change, spread = self._changes(y)
        motion = self._motion(y)
        light = float(linear.mean(axis=(0, 1)) @ np.array([0.2126, 0.7152, 0.0722]))
        black = float(y.mean()) < BLACK_MEAN and int(y.max()) < BLACK_PEAK
        self.rows.append((change, spread, motion, light, float(black), general, red, *self._unlike(y2, u, v)))
        if self.luma.count % self.still_step == 0:
            self.stills.append(rgb(y, u.repeat(2, 0).repeat(2, 1), v.repeat(2, 0).repeat(2, 1)))
        self.luma.append(y)

    def _changes(self, y: Bytes) -> tuple[float, float]:
        before, self._before = self._before, y
        if before is None:
            return 0.0, 0.0
        difference = np.maximum(y, before) - np.minimum(y, before)
        return float(difference.mean()), float(block_means(difference, BLOCK).max())

    def _motion(self, y: Bytes) -> float:
        blocks = block_means(y, MOTION_BLOCK)
        before, self._blocks = self._blocks, blocks
        return 0.0 if before is None else float(np.abs(blocks - before).mean())

    def _unlike(self, y: Bytes, u: Bytes, v: Bytes) -> list[float]:
        """How unlike the frame is to each of the `REACH` before it; 0 where there is none."""
        tiles = block_means(y, TILE)
        flat = tiles - tiles.mean()
        now = np.concatenate([(flat / ((flat.std() + TILE_LEVELS) * flat.size)).ravel(), *(_weighed(block_means(plane, TILE)) for plane in (u, v))])
        values = [float(np.abs(now - then).sum()) for then in self._tiles]
        self._tiles.appendleft(now)
        return [*values, *[0.0] * (REACH - len(values))]


def _weighed(tiles: Floats) -> Floats:
    """Chroma tiles so scaled that the sum of their differences is half the mean change over `CHROMA_LEVELS`."""
    weighed: Floats = (tiles / (2 * CHROMA_LEVELS * tiles.size)).ravel()
    return weighed


def split(planes: Bytes, width: int, height: int) -> tuple[Bytes, Bytes, Bytes]:
    """Luma (h, w) and the two chroma planes (h/2, w/2) of stacked yuv420p planes (3h/2, w)."""
    flat = planes.reshape(-1)
    size, quarter = width * height, width * height // 4
    half = (height // 2, width // 2)
    return (
        flat[:size].reshape(height, width),
        flat[size : size + quarter].reshape(half),
        flat[size + quarter : size + 2 * quarter].reshape(half),
    )


def halved(plane: Bytes) -> Bytes:
    """Half the rows and columns, by averaging."""
    pairs = plane[0::2].astype(np.uint16) + plane[1::2]
    small: Bytes = ((pairs[:, 0::2] + pairs[:, 1::2] + 2) >> 2).astype(np.uint8)
    return small


def block_means(plane: Bytes, side: int) -> Floats:
    """Means over square blocks; rows and columns that fill no block are left out."""
    rows, columns = plane.shape[0] // side, plane.shape[1] // side
    inside = plane[: rows * side, : columns * side]
    means: Floats = np.add.reduceat(
        np.add.reduceat(inside, np.arange(0, rows * side, side), 0, np.float32), np.arange(0, columns * side, side), 1, np.float32
    ) / (side * side)
    return means


@contextmanager
def watch(film: Path, facts: Probe, told: Callable[[float], None] | None = None) -> Iterator[Watched]:
    """Decode the film once and give what was seen; the small frames are gone after the ``with`` block.

    Args:
        film: the delivered file.
        facts: its probe, with a picture.
        told: called now and then with the share done.

    Raises:
        MediaError: no frame can be decoded.
    """
    if facts.video is None:
        raise MediaError(f"{film.name} has no picture: only a film can be inspected")
    size = small_size(facts.video.width, facts.video.height)
    eye = _Eye(size, facts.video.fps)
    try:
        for planes in read_frames(film, width=size[0], height=size[1], pixel_format="yuv420p"):
            eye.look(planes)
            if told is not None and len(eye.rows) % 50 == 0 and facts.duration:
                told(min(len(eye.rows) / float(facts.duration * facts.video.fps), 1.0))
        if not eye.rows:
            raise MediaError(f"{film.name} holds a picture stream of which no frame can be decoded: the file is broken or cut short")
        yield _gathered(eye, facts)
    finally:
        eye.luma.close()
        eye.stills.close()


def _gathered(eye: _Eye, facts: Probe) -> Watched:
    assert facts.video is not None
    table = np.array(eye.rows, np.float32).T
    change, spread, motion, light, black, general, red = table[:7]
    return Watched(
        fps=facts.video.fps, width=facts.video.width, height=facts.video.height,
        change=change, spread=spread, motion=motion, unlike=table[7:], light=light, black=black > 0,
        general=general.astype(np.uint8), red=red.astype(np.uint8),
        luma=eye.luma, stills=eye.stills, still_step=eye.still_step,
    )  # fmt: skip
