"""Lines of lyrics on the picture: what is seen at once, where each word of it stands, and when it comes and goes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from schemas.lettering import Lettering
from schemas.lyrics import Line
from songreel.painter.arrays import Bytes, Floats
from songreel.painter.planes import Planes
from songreel.painter.type.blend import put_ink, put_light, put_picture, put_shade
from songreel.painter.type.colour import Ink
from songreel.painter.type.fonts import FontBook
from songreel.painter.type.motion import swept
from songreel.painter.type.raster import Mark, Voice, Word, together
from songreel.painter.type.setting import TIGHT, Area, Page, Setter, Spot, Wish
from songreel.painter.type.sheets import Sheet
from songreel.painter.type.text import ELLIPSIS, Unit, capitals, clean, is_rtl, parted

CASCADE = 0.07  # s from one word to the next of a line whose words have no times of their own
KNOWN = 0.5  # confidence of words above which their times are the song's and not a guess
ASCENT, DESCENT = 0.74, 0.24  # em above and below a baseline
SHAPES = ("wide", "square", "tall")

# Big words: no more than three a second come in, and what they cover changes no more than twice a second.
BIG_APART = 0.33  # s between two words that come in one after the other; quicker ones come together
BIG_STAY = 0.6  # s that a group of big words stays at least
BIG_WORDS, BIG_LETTERS = 4, 17  # in a group
BIG_GAP = 1.0  # s of silence that parts two groups
BIG_HEIGHT = 0.46  # of the picture's height that they fill at most
BIG_LEAST = 0.24  # of the wished size; words that would be smaller are left out
ROW_GAP = 0.13  # em between capitals of two rows


@dataclass(eq=False)
class Lettered:
    """One word on the picture; (x, y) is its pen."""

    spot: Spot
    voice: Voice
    size: float
    rtl: bool
    x: int
    y: int

    @cached_property
    def word(self) -> Word:
        return self.voice.word(self.spot.unit.text, self.size, self.rtl)

    @property
    def start(self) -> float:
        return self.spot.unit.start

    @property
    def end(self) -> float:
        return self.spot.unit.end

    def put(self, planes: Planes, ink: Ink, alpha: float = 1.0, *, rise: int = 0, edge: float | None = None, soft: float = 2.0) -> None:
        """Draw the word, its emoji in their own colours; ``edge`` pixels of it when that is given."""
        for mark in self.word.marks:
            put_ink(planes, mark.stamp, self.x + mark.left, self.y + mark.top + rise, ink, alpha, self.ramp(mark, edge, soft))
        for mark in self.word.pictures:
            put_picture(planes, mark.stamp, self.x + mark.left, self.y + mark.top + rise, alpha, self.ramp(mark, edge, soft))

    def ramp(self, mark: Mark, edge: float | None, soft: float) -> Floats | None:
        """The columns of a shape that a sweep over the word has passed."""
        if edge is None:
            return None
        wide = mark.stamp.cover.shape[1]
        before = -mark.left if not self.rtl else mark.left + wide - round(self.spot.width)
        return swept(wide, edge + before, soft, from_right=self.rtl)


@dataclass(eq=False)
class Row:
    """The words of a row, whose shade and light are drawn at once."""

    words: list[Lettered]
    """From left to right."""

    @cached_property
    def shape(self) -> Word:
        """All words as one, its pen at the picture's upper left corner."""
        return together([(word.word, word.x, word.y) for word in self.words])

    @cached_property
    def _glows(self) -> dict[float, Mark | None]:
        return {}

    def glow(self, blur: float) -> Mark | None:
        """The row's own light spread over ``blur`` em."""
        if blur not in self._glows:
            self._glows[blur] = self.shape.glow(blur)
        return self._glows[blur]

    def put_shade(self, planes: Planes, tables: tuple[Bytes, Bytes], shares: Mapping[Lettered, float], alpha: float = 1.0) -> None:
        """Keep the picture behind the words to tones on which they can be read, as far as each is there."""
        if self.shape.shade and any(shares[word] for word in self.words):
            mark = self.shape.shade
            put_shade(planes, mark.stamp, mark.left, mark.top, tables, alpha, self.ramp(mark, shares))

    def put_light(self, planes: Planes, blur: float, ink: Ink, shares: Mapping[Lettered, float], alpha: float) -> None:
        """The words' light on the picture, as far as each is lit."""
        mark = self.glow(blur)
        if mark and any(shares[word] for word in self.words):
            put_light(planes, mark.stamp, mark.left, mark.top, ink, alpha, self.ramp(mark, shares))

    def ramp(self, mark: Mark, shares: Mapping[Lettered, float]) -> Floats | None:
        """The words' shares over the columns of a shape, softly from one to the next."""
        if all(shares[word] == 1 for word in self.words):
            return None
        ends = [(word.x + at * word.spot.width - mark.left, shares[word]) for word in self.words for at in (0.08, 0.92)]
        columns = np.arange(mark.stamp.cover.shape[1], dtype=np.float32)
        return np.interp(columns, [end[0] for end in ends], [end[1] for end in ends]).astype(np.float32)


def rows_of(words: Sequence[Lettered]) -> list[Row]:
    """Words by row, each from left to right."""
    numbers = sorted({word.spot.row for word in words})
    return [Row(sorted((word for word in words if word.spot.row == number), key=lambda word: word.x)) for number in numbers]


@dataclass(eq=False)
class Act:
    """What is seen of the lyrics at once."""

    sheet: Sheet
    page: Page
    words: list[Lettered]
    baselines: tuple[int, ...]
    lefts: tuple[int, ...]
    timed: bool = True
    kept: dict[str, Mark] = field(default_factory=dict)
    """Shapes of its own that a look needs, by name."""

    @property
    def start(self) -> float:
        """When it begins to come in."""
        return self.page.start - self.sheet.lead

    @property
    def end(self) -> float:
        """When it is gone."""
        return self.page.end

    @property
    def size(self) -> float:
        return max(self.page.sizes)

    @cached_property
    def rows(self) -> list["Row"]:
        """The words of each row together."""
        return rows_of(self.words)


def acts_of(line: Line, lettering: Lettering, sheet: Sheet, area: Area, picture: tuple[int, int], book: FontBook) -> list[Act]:
    """One line of lyrics as what is seen of it, in order of time.

    Args:
        line: as it was sung; its end is when it must be gone.
        lettering: of the film.
        sheet: the look.
        area: that type may use.
        picture: width and height in pixels.
        book: the film's fonts.
    """
    text = clean(line.text)
    rtl = is_rtl(text)
    voice = Voice(book, sheet.face, sheet.tracking, sheet.slant)
    units = units_of(line, sheet.capitals)
    if not units or line.end <= line.start:
        return []
    setter = Setter(voice, rtl)
    place = SHAPES.index(area.shape)
    size = (sheet.tall if area.shape == "tall" else sheet.size) * area.short
    if lettering.look == "kinetic":
        pages = _big(units, setter, size, sheet.width[place] * area.width, picture[1], line.end)
    else:
        pages = setter.pages(units, Wish(size, sheet.width[place] * area.width), line.start, line.end)
    timed = not line.words or sum(word.confidence for word in line.words) / len(line.words) > KNOWN
    return [_placed(page if timed or lettering.look != "lower_third" else _cascaded(page), sheet, voice, area, picture[1], timed) for page in pages]


def units_of(line: Line, in_capitals: bool = False) -> list[Unit]:
    """The words of a line that can be drawn, with their times; signs of scripts without spaces one by one."""
    words = [(clean(word.text), word.start, word.end) for word in line.words]
    if not any(text for text, _, _ in words):
        texts = clean(line.text).split()
        step = (line.end - line.start) / max(len(texts), 1)
        words = [(text, line.start + at * step, line.start + (at + 1) * step) for at, text in enumerate(texts)]
    units, length = [], 0
    for text, start, end in words:
        length += len(text)
        if text and length <= 2 * len(clean(line.text)) + 20:  # words that say far more than their line are no words of it
            units.extend(parted(Unit(capitals(text) if in_capitals else text, start, max(end, start))))
    return units


def _cascaded(page: Page) -> Page:
    """Words one shortly after the other, for those whose times are a guess."""
    reading = sorted(range(len(page.spots)), key=lambda at: (page.spots[at].row, page.spots[at].unit.start))
    starts = {at: page.start + CASCADE * number for number, at in enumerate(reading)}
    spots = tuple(replace(spot, unit=replace(spot.unit, start=min(starts[at], page.end))) for at, spot in enumerate(page.spots))
    return replace(page, spots=spots)


def _placed(page: Page, sheet: Sheet, voice: Voice, area: Area, height: int, timed: bool) -> Act:
    baselines = _baselines(page, sheet, area, height)
    lefts = tuple(_left(width, page.rtl, sheet, area) for width in page.widths)
    slope = math.tan(math.radians(sheet.slant))
    words = [
        Lettered(
            spot, voice, page.sizes[spot.row], page.rtl, round(lefts[spot.row] + spot.x),
            round(baselines[spot.row] - slope * (lefts[spot.row] + spot.x - area.middle)),
        )
        for spot in page.spots
    ]  # fmt: skip
    return Act(sheet, page, words, tuple(map(round, baselines)), tuple(map(round, lefts)), timed)


def _baselines(page: Page, sheet: Sheet, area: Area, height: int) -> list[float]:
    place = sheet.place[SHAPES.index(area.shape)] * height
    if sheet.capitals:
        gap = ROW_GAP * min(page.sizes)
        tall = sum(up + down for up, down in page.reach) + gap * (len(page.sizes) - 1)
        at, baselines = place - tall / 2, []
        for up, down in page.reach:
            baselines.append(at + up)
            at += up + down + gap
        return baselines
    size, rows = page.sizes[0], len(page.sizes)
    last = (rows - 1) * sheet.leading * size
    slant = math.tan(math.radians(sheet.slant)) * max(page.widths) / 2
    first = place - DESCENT * size - last - slant if sheet.anchor == "bottom" else place + (ASCENT - DESCENT) * size / 2 - last / 2
    lowest = area.bottom - DESCENT * size - slant
    first = max(min(first, lowest - last), area.top + ASCENT * size + slant)
    return [first + row * sheet.leading * size for row in range(rows)]


def _left(width: float, rtl: bool, sheet: Sheet, area: Area) -> float:
    if sheet.align == "centre":
        return area.middle - width / 2
    return area.right - width if rtl else float(area.left)


def _big(units: Sequence[Unit], setter: Setter, size: float, width: float, height: int, end: float) -> list[Page]:
    """Groups of big words, each on one row or two that are about equally wide."""
    least = BIG_LEAST * size
    pieces = [piece for unit in units for piece in setter.short_enough(unit, Wish(least / TIGHT[-1], width))]
    if not pieces:
        return []
    groups = _groups(pieces)
    if len(groups) > 1 and end - groups[-1][0].start < BIG_STAY:
        groups[-2:] = [[*groups[-2], *groups[-1]]]
    ends = [*(group[0].start for group in groups[1:]), end]
    pages = []
    for begun, until in zip(groups, ends, strict=True):
        shown = group = _apart(begun, until)
        best = _best(group, setter, size, width, height)
        while len(shown) > 1 and min(row_size for _, row_size in best) < least:
            shown = shown[: max(len(shown) * 3 // 4, 1)]
            best = _best([*shown[:-1], replace(shown[-1], text=shown[-1].text + ELLIPSIS)], setter, size, width, height)
        pages.append(setter.page([row for row, _ in best], [row_size for _, row_size in best], group[0].start, until))
    return [page for page in pages if page.end > page.start]


Stack = list[tuple[list[Unit], float]]


def _best(group: Sequence[Unit], setter: Setter, size: float, width: float, height: int) -> Stack:
    """The way to set a group that covers most."""
    ways = _stacks(group, setter, size, width, height)
    return max(ways, key=lambda stack: sum(row_size * row_size / size * setter.length(row, size) for row, row_size in stack))


def _stacks(group: Sequence[Unit], setter: Setter, size: float, width: float, height: int) -> list[Stack]:
    """Every way to set a group on one row or two, each row as large as it may be."""

    def sized(row: Sequence[Unit]) -> tuple[list[Unit], float]:
        return list(row), min(size, size * width / max(setter.length(row, size), 1.0))

    stacks = [[sized(group)]] + [[sized(group[:at]), sized(group[at:])] for at in range(1, len(group))]
    fitted = []
    for stack in stacks:
        tall = sum(sum(setter.extent(row, row_size)) for row, row_size in stack)
        squeeze = min(1.0, BIG_HEIGHT * height / tall)
        fitted.append([(row, row_size * squeeze) for row, row_size in stack])
    return fitted


def _groups(units: Sequence[Unit]) -> list[list[Unit]]:
    """Words that are seen together: enough to stay a while, few enough to be big."""
    groups: list[list[Unit]] = [[units[0]]]
    for before, unit in pairwise(units):
        group = groups[-1]
        stays = unit.start - group[0].start
        full = len(group) >= BIG_WORDS or sum(len(one.text) for one in group) + len(unit.text) > BIG_LETTERS or unit.start - before.end > BIG_GAP
        stopped = before.text[-1:] in ",;:.!?" and len(group) > 1
        if stays >= BIG_STAY and (full or stopped):
            groups.append([])
        groups[-1].append(unit)
    return groups


def _apart(group: Sequence[Unit], until: float) -> list[Unit]:
    """The group with words that follow too quickly, or come too shortly before the next group, coming in together."""
    out = [group[0]]
    for unit in group[1:]:
        late = unit.start - out[-1].start >= BIG_APART <= until - unit.start
        out.append(unit if late else replace(unit, start=out[-1].start))
    return out
