"""Flashes a second by WCAG 2.3.1: general flashes and saturated-red flashes over a large area.

A transition is a change between neighbouring peak and valley: of relative luminance by at least 0.1 with the darker side below
0.80, or of chromaticity by more than 0.2 (CIE 1976 u'v') to or from a saturated red. A flash is two opposing transitions.
Flashes count where more than a quarter of some 10-degree field (341 x 256 of 1024 x 768: a third of each side) makes them together.
The picture is examined at chroma resolution of the small frames; averaging there hides only patterns finer than the standard exempts.

Source: https://www.w3.org/TR/WCAG22/#dfn-general-flash-and-red-flash-thresholds
"""

from collections import deque
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from songreel.inspection.kinds import Bytes, Flags, Floats

LUMINANCE_STEP = 0.1
DARK_SIDE = 0.80
CHROMA_STEP = 0.2
SATURATED_RED = 0.8
"""R / (R + G + B), linear."""
FIELD_SHARE = 3
"""A 10-degree field is 1/3 of the width and of the height (341 / 1024, rounded)."""
AREA = 0.25
"""Share of a field above which a flash is large."""
TOGETHER = 0.125
"""Seconds within which changes of the same direction count as one event: half a period of the slowest harmful rate, 4 Hz."""
MOST = 30
"""Flashes a second that can be told apart; no display shows more at 60 frames a second."""
EYE_BLACK = 0.004
"""Linear white added before a chromaticity is taken, so that black, whose colour is undefined, counts as grey."""

_RED_UV = (0.4507, 0.5229)  # u'v' of the sRGB red primary


@dataclass
class _Zigzag:
    """Peaks and valleys of many signals at once, each cell on its own; counts confirmed transitions in the last second."""

    step: float
    frames: int
    together: int
    low: Floats
    high: Floats
    low_mark: Flags
    high_mark: Flags
    direction: Bytes
    recent: deque[tuple[Flags, Flags]]
    count: Bytes

    @classmethod
    def begin(cls, value: Floats, mark: Flags, step: float, fps: Fraction) -> "_Zigzag":
        zeros = np.zeros(value.shape, np.uint8)
        together = max(round(TOGETHER * fps), 1)
        return cls(step, round(fps), together, value.copy(), value.copy(), mark.copy(), mark.copy(), zeros, deque(), zeros.copy())

    def follow(self, value: Floats, mark: Flags, *, either: bool) -> tuple[Flags, Flags]:
        """Take the next frame; returns where a rise and where a fall was completed.

        ``mark`` must hold at the lower end of a transition, or at either end when ``either``.
        """
        lower, higher = value < self.low, value > self.high
        self.low[lower], self.low_mark[lower] = value[lower], mark[lower]
        self.high[higher], self.high_mark[higher] = value[higher], mark[higher]
        up = (value - self.low >= self.step) & (self.direction != 1) & (self.low_mark | (mark if either else False))
        down = (self.high - value >= self.step) & (self.direction != 2) & (mark | (self.high_mark if either else False))
        up &= ~down
        for turned, code in ((up, 1), (down, 2)):
            self.direction[turned] = code
            self.low[turned] = self.high[turned] = value[turned]
            self.low_mark[turned] = self.high_mark[turned] = mark[turned]
        self._remember(up, down)
        return up, down

    def _remember(self, up: Flags, down: Flags) -> None:
        self.recent.append((up, down))
        self.count += up
        self.count += down
        if len(self.recent) > self.frames:
            old_up, old_down = self.recent.popleft()
            self.count -= old_up
            self.count -= old_down

    def together_now(self) -> tuple[Flags, Flags]:
        """Cells that rose, and cells that fell, within the last `TOGETHER` seconds."""
        last = list(self.recent)[-self.together :]
        return np.logical_or.reduce([up for up, _ in last]), np.logical_or.reduce([down for _, down in last])


class FlashMeter:
    """Feed frames in order; read flashes a second after each.

    Args:
        shape: rows and columns of the chroma planes that will come.
        fps: frames a second.
    """

    def __init__(self, shape: tuple[int, int], fps: Fraction) -> None:
        self.fps = fps
        self.field = (max(shape[0] // FIELD_SHARE, 1), max(shape[1] // FIELD_SHARE, 1))
        self.least = AREA * self.field[0] * self.field[1]
        self._light: _Zigzag | None = None
        self._red: _Zigzag | None = None

    def follow(self, linear: Floats) -> tuple[int, int]:
        """Take one frame of linear RGB, shape (h, w, 3) in [0, 1]; returns general and red flashes in the second that ends here."""
        luminance = linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        distance, saturated = redness(linear)
        if self._light is None or self._red is None:
            self._light = _Zigzag.begin(luminance, luminance < DARK_SIDE, LUMINANCE_STEP, self.fps)
            self._red = _Zigzag.begin(distance, saturated, CHROMA_STEP, self.fps)
            return 0, 0
        self._light.follow(luminance, luminance < DARK_SIDE, either=False)
        self._red.follow(distance, saturated, either=True)
        return self._flashes(self._light), self._flashes(self._red)

    def _flashes(self, signal: _Zigzag) -> int:
        """The most complete flashes that a large part of any field made in the last second, its last change shared just now."""
        best = 0
        for cells in signal.together_now():
            while best < MOST and self._large(cells & (signal.count >= 2 * (best + 1))):
                best += 1
        return best

    def _large(self, cells: Flags) -> bool:
        if np.count_nonzero(cells) <= self.least:
            return False
        return bool(_box_sums(cells, self.field).max() > self.least)


def _box_sums(cells: Flags, box: tuple[int, int]) -> Floats:
    """How many cells are set in every box of the given rows and columns."""
    total = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1), np.int32)
    total[1:, 1:] = cells.cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32)
    rows, columns = box
    sums: Floats = total[rows:, columns:] - total[:-rows, columns:] - total[rows:, :-columns] + total[:-rows, :-columns]
    return sums


def redness(linear: Floats) -> tuple[Floats, Flags]:
    """Distance of each colour from the red primary in u'v', and whether it is a saturated red.

    Args:
        linear: linear RGB, shape (h, w, 3) in [0, 1].
    """
    red, green, blue = (linear[..., k] + EYE_BLACK for k in range(3))
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    scale = 1.0 / (x + 15 * y + 3 * z)
    distance = np.hypot(4 * x * scale - _RED_UV[0], 9 * y * scale - _RED_UV[1])
    return distance, red >= SATURATED_RED * (red + green + blue)


_BYTE = np.arange(256) / 255.0
_LINEAR = np.where(_BYTE <= 0.04045, _BYTE / 12.92, ((_BYTE + 0.055) / 1.055) ** 2.4).astype(np.float32)


def linear_rgb(luma: Bytes, blue: Bytes, red: Bytes) -> Floats:
    """Linear RGB in [0, 1] of BT.709 limited-range planes of one size, shape (h, w, 3), float32."""
    return _LINEAR[rgb(luma, blue, red)]


def rgb(luma: Bytes, blue: Bytes, red: Bytes) -> Bytes:
    """sRGB bytes of BT.709 limited-range planes of one size, shape (h, w, 3)."""
    y = (luma.astype(np.float32) - 16) * (255 / 219)
    u, v = (blue.astype(np.float32) - 128) * (255 / 224), (red.astype(np.float32) - 128) * (255 / 224)
    picture = np.stack([y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u], axis=-1)
    return (picture + 0.5).clip(0, 255).astype(np.uint8)
