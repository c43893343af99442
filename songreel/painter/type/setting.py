"""Setting: words into rows, never more than two, inside the safe area, at a size that fits; what does not fit is shown in turn, or cut.

Lengths are pixels, times seconds. Rows run from the top.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from math import ceil
from typing import Literal

from songreel.painter.type.raster import Voice
from songreel.painter.type.text import ELLIPSIS, Unit, clusters, shared, visual_order

ROWS = 2
SCALES = (1.0, 0.91, 0.82)  # of the wished size that a line may be set in
TIGHT = (0.72, 0.62)  # when it cannot be shown in turn
READ = 1.0  # s that a part of a line stays at least, when it is shown in turn
GLANCE = 0.75  # s, when there is no other way
WEAK_BREAK = 0.06  # of the width: a row that ends at a comma may be so much less balanced

SAFE: dict[str, tuple[float, float, float]] = {"wide": (0.08, 0.08, 0.07), "square": (0.08, 0.1, 0.07), "tall": (0.12, 0.2, 0.09)}
"""Shares of the picture kept clear at the top, at the bottom and at either side; tall films have a platform's buttons there."""


@dataclass(frozen=True)
class Area:
    """The part of the picture that type may use."""

    left: int
    top: int
    right: int
    bottom: int
    short: int
    """The picture's shorter side: what sizes are shares of."""
    shape: Literal["wide", "square", "tall"]

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def safe_area(width: int, height: int) -> Area:
    """Where type is neither cropped by a screen nor covered by a platform's buttons."""
    shape: Literal["wide", "square", "tall"] = "wide" if width > 1.1 * height else "tall" if height > 1.1 * width else "square"
    top, bottom, side = SAFE[shape]
    return Area(ceil(side * width), ceil(top * height), int((1 - side) * width), int((1 - bottom) * height), min(width, height), shape)


@dataclass(frozen=True)
class Wish:
    """How a text would be set if it were short."""

    size: float
    width: float
    rows: int = ROWS
    tight: tuple[float, ...] = TIGHT
    """Shares of the size that it may be set in when there is no other way."""


@dataclass(frozen=True)
class Spot:
    """One unit on its row: its pen's place from the row's left end."""

    unit: Unit
    x: float
    width: float
    row: int


@dataclass(frozen=True)
class Page:
    """What is seen at once: one or two rows."""

    spots: tuple[Spot, ...]
    widths: tuple[float, ...]
    """Of each row."""
    sizes: tuple[float, ...]
    """Of the letters of each row, in pixels."""
    reach: tuple[tuple[float, float], ...]
    """How far each row's letters go above and below their baseline."""
    rtl: bool
    start: float
    end: float
    cut: bool = False


@dataclass(frozen=True, eq=False)
class Setter:
    """Sets the units of one line in one voice."""

    voice: Voice
    rtl: bool

    @lru_cache(maxsize=4096)  # noqa: B019 - a setter lives as long as one line is laid out
    def width(self, text: str, size: float) -> float:
        return self.voice.width(text, size, self.rtl)

    def pages(self, units: Sequence[Unit], wish: Wish, start: float, end: float) -> list[Page]:
        """The line as one page, or as several shown in turn."""
        units = [piece for unit in units for piece in self.short_enough(unit, wish)]
        if not units:
            return []
        by_time = max(int((end - start) / READ), 1)
        most = max(int((end - start) / GLANCE), 1)
        tries = [(count, SCALES) for count in range(1, by_time + 1)] + [(count, (*SCALES, *wish.tight)) for count in range(by_time, most + 1)]
        for count, scales in tries:
            parts = _split(units, [self.width(unit.text, wish.size) for unit in units], count)
            for scale in scales:
                rows = [self._rows(part, wish.size * scale, wish) for part in parts]
                if all(row is not None for row in rows):
                    return self._timed([row for row in rows if row], wish.size * scale, start, end)
        return self._timed_cut(_split(units, [self.width(unit.text, wish.size) for unit in units], most), wish, start, end)

    def _timed(self, parts: list[list[list[Unit]]], size: float, start: float, end: float, cut: bool = False) -> list[Page]:
        starts = [start, *(part[0][0].start for part in parts[1:])]
        return [
            self._page(part, size, begins, ends, cut) for part, begins, ends in zip(parts, starts, [*starts[1:], end], strict=True) if ends > begins
        ]

    def _timed_cut(self, parts: list[list[Unit]], wish: Wish, start: float, end: float) -> list[Page]:
        """Every page cut to what fits, an ellipsis at its end."""
        size = wish.size * wish.tight[-1]
        cut = [rows for part in parts if (rows := self._cut(part, size, wish))]
        return self._timed(cut, size, start, end, cut=True)

    def _cut(self, units: list[Unit], size: float, wish: Wish) -> list[list[Unit]]:
        for count in range(len(units), 0, -1):
            kept = units[:count]
            if count < len(units):
                kept = [*kept[:-1], replace(kept[-1], text=kept[-1].text + ELLIPSIS)]
            rows = self._rows(kept, size, wish)
            if rows is not None:
                return rows
        return [[replace(units[0], text=ELLIPSIS)]]

    def short_enough(self, unit: Unit, wish: Wish) -> list[Unit]:
        """A word in pieces that each fit a row."""
        width = self.width(unit.text, wish.size * wish.tight[-1])
        if not width:
            return []
        if width <= wish.width:
            return [unit]
        signs = clusters(unit.text)
        each = max(int(len(signs) * wish.width / width * 0.9), 1)
        return shared(unit, ["".join(signs[at : at + each]) for at in range(0, len(signs), each)])

    def _rows(self, units: Sequence[Unit], size: float, wish: Wish) -> list[list[Unit]] | None:
        """The units on one row, or on two of about the same width; none when they do not fit."""
        total = self.length(units, size)
        if total <= wish.width:
            return [list(units)]
        if wish.rows < 2 or total > 2.2 * wish.width:
            return None
        best = min(range(1, len(units)), key=lambda at: self._raggedness(units, at, size), default=0)
        if not best:
            return None
        rows = [list(units[:best]), list(units[best:])]
        return rows if max(self.length(row, size) for row in rows) <= wish.width else None

    def _raggedness(self, units: Sequence[Unit], at: int, size: float) -> float:
        first, second = self.length(units[:at], size), self.length(units[at:], size)
        return max(first, second) * (1 - WEAK_BREAK * (units[at - 1].text[-1:] in ",;:.!?،؛—–"))

    def length(self, units: Sequence[Unit], size: float) -> float:
        """Pixels of units side by side."""
        return sum(self.width(unit.text, size) for unit in units) + self.voice.space(size) * sum(not unit.glued for unit in units[1:])

    def _page(self, rows: list[list[Unit]], size: float, start: float, end: float, cut: bool) -> Page:
        return self.page(rows, [size] * len(rows), start, end, cut)

    def page(self, rows: Sequence[Sequence[Unit]], sizes: Sequence[float], start: float, end: float, cut: bool = False) -> Page:
        """Rows as one page, each in its own size."""
        placed = [list(self._placed(row, size, number)) for number, (row, size) in enumerate(zip(rows, sizes, strict=True))]
        widths = tuple(self.length(row, size) for row, size in zip(rows, sizes, strict=True))
        reach = tuple(self.extent(row, size) for row, size in zip(rows, sizes, strict=True))
        return Page(tuple(spot for row in placed for spot in row), widths, tuple(sizes), reach, self.rtl, start, end, cut)

    def extent(self, row: Sequence[Unit], size: float) -> tuple[float, float]:
        """Pixels that a row reaches above and below its baseline."""
        reach = [self.voice.extent(unit.text, size, self.rtl) for unit in row]
        return max(up for up, _ in reach), max(down for _, down in reach)

    def _placed(self, row: Sequence[Unit], size: float, number: int) -> Iterator[Spot]:
        order = visual_order([unit.text for unit in row], self.rtl)
        x, space = 0.0, self.voice.space(size)
        for place, at in enumerate(order):
            if place:
                after = max(order[place - 1], at)  # of two neighbours the one that is read later knows whether it is glued
                x += 0.0 if row[after].glued else space
            width = self.width(row[at].text, size)
            yield Spot(row[at], x, width, number)
            x += width


def _split(units: Sequence[Unit], widths: Sequence[float], count: int) -> list[list[Unit]]:
    """The units in so many parts of about the same width."""
    count = min(count, len(units))
    ends = list(accumulate(widths))
    parts: list[list[Unit]] = [[] for _ in range(count)]
    for unit, end, width in zip(units, ends, widths, strict=True):
        middle = end - width / 2
        parts[min(int(middle / ends[-1] * count), count - 1)].append(unit)
    return [part for part in parts if part]
