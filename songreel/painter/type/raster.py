"""Words as shapes: set by Pillow with raqm, once, on the processor.

A shape is placed by its pen: the point on the baseline where it begins, at its left in the picture whatever way it reads.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from songreel.painter.arrays import Bytes
from songreel.painter.planes import Planes
from songreel.painter.type.blend import Stamp, stamp
from songreel.painter.type.fonts import FontBook, Run, colour_font, shapes
from songreel.painter.type.text import SPACED_OUT, clusters, script_of, visual_order

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

EMOJI_HEIGHT = 1.12  # em
EMOJI_DEPTH = 0.2  # em of it below the baseline
CORE_BLUR, CORE_FROM, CORE_GAIN = 0.016, 120, 2.6  # em; level of the blurred letters at which their inside begins, and how steeply
SHADE_REACH = 0.18  # em: of the blur that widens a text to what its shade covers wholly
SHADE_BLUR = 0.26  # em over which it ends
BIG_SHARE, BIG_FROM = 0.4, 24  # of letters of more than 40 pixels: what of their em, and how many pixels more, their shade is made for
WIDENED, FIRM = 14, 1.35  # gains that make a blurred text a wider one, and its middle whole again
SHRINK, SMALL = 4, 40  # the soft shapes are made at this part of the size; letters of fewer pixels at twice that


@dataclass(frozen=True, eq=False)
class Mark:
    """One shape and where it lies from the pen."""

    stamp: Stamp
    left: int
    top: int


@dataclass(frozen=True, eq=False)
class Word:
    """A word as it is drawn: its letters in one shape, each emoji in its own."""

    marks: tuple[Mark, ...]
    pictures: tuple[Mark, ...]
    advance: float
    size: float

    @cached_property
    def shade(self) -> Mark | None:
        """A soft shape around the word."""
        return _softened(self, SHADE_REACH, SHADE_BLUR)

    def glow(self, blur: float) -> Mark | None:
        """The word's own light spread over ``blur`` em."""
        return _softened(self, 0.0, blur)

    @cached_property
    def core(self) -> Mark | None:
        """The middle of the letters' strokes."""
        from PIL import Image, ImageFilter

        if not self.marks:
            return None
        mark = self.marks[0]
        blurred = Image.fromarray(mark.stamp.cover).filter(ImageFilter.GaussianBlur(self.size * CORE_BLUR))
        thin = blurred.point(lambda level: min(max(round(CORE_GAIN * (level - CORE_FROM)), 0), 255))
        return Mark(stamp(np.asarray(thin, np.uint8)), mark.left, mark.top)

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of all shapes from the pen."""
        boxes = [(m.left, m.top, m.left + m.stamp.cover.shape[1], m.top + m.stamp.cover.shape[0]) for m in (*self.marks, *self.pictures)]
        if not boxes:
            return 0, 0, 0, 0
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def together(words: Sequence[tuple[Word, int, int]]) -> Word:
    """Words at their places as one word, which is good for its shade and its light."""
    marks = tuple(Mark(mark.stamp, mark.left + x, mark.top + y) for word, x, y in words for mark in (*word.marks, *word.pictures))
    return Word(marks, (), 0.0, max(word.size for word, _, _ in words))


@dataclass(frozen=True)
class Voice:
    """How letters are set: the fonts, the space between letters in em, capitals, and the slant of the line in degrees."""

    book: FontBook
    face: str
    tracking: float = 0.0
    angle: float = 0.0

    def width(self, text: str, size: float, rtl: bool) -> float:
        """Pixels from the pen to where the next word's would be without a space."""
        return sum(_advance(piece, size, self.tracking, rtl) for piece in self.pieces(text, rtl))

    def space(self, size: float) -> float:
        """Pixels between two words."""
        font = next(iter(self.book.runs("n", self.face))).font
        return font.at(size).getlength(" ") + self.tracking * size

    def extent(self, text: str, size: float, rtl: bool) -> tuple[float, float]:
        """Pixels that a text reaches above and below its baseline."""
        boxes = [(0.0, 0.0)]
        for run in self.pieces(text, rtl):
            if run.font.coloured:
                boxes.append(((EMOJI_HEIGHT - EMOJI_DEPTH) * size, EMOJI_DEPTH * size))
            else:
                _, top, _, bottom = run.font.at(size).getbbox(run.text, anchor="ls", direction=_way(rtl))
                boxes.append((-top, bottom))
        return max(up for up, _ in boxes), max(down for _, down in boxes)

    def pieces(self, text: str, rtl: bool) -> list[Run]:
        """The runs of a word from left to right."""
        runs = self.book.runs(text, self.face)
        return [runs[at] for at in visual_order([run.text for run in runs], rtl)]

    def word(self, text: str, size: float, rtl: bool) -> Word:
        """The word as shapes."""
        letters: list[tuple[FreeTypeFont, str, float]] = []
        pictures: list[Mark] = []
        pen = 0.0
        for run in self.pieces(text, rtl):
            if run.font.coloured:
                pictures.extend(_picture(run, size, pen))
            else:
                letters.extend(_letters(run, size, self.tracking, pen, rtl))
            pen += _advance(run, size, self.tracking, rtl)
        mark = _drawn(letters, rtl, self.angle)
        return Word((mark,) if mark else (), tuple(pictures), pen, size)


def _way(rtl: bool) -> Literal["rtl", "ltr"] | None:
    """Pillow's direction; it takes none where it cannot shape."""
    return None if not shapes() else "rtl" if rtl else "ltr"


def _spelt(text: str, rtl: bool) -> str:
    """The text for a setter that cannot shape: from the right, letters are at least in the right order."""
    return text if shapes() or not rtl else "".join(clusters(text)[::-1])


def _loose(run: Run, tracking: float) -> bool:
    return tracking != 0 and all(script_of(char) in SPACED_OUT for char in run.text)


def _advance(run: Run, size: float, tracking: float, rtl: bool) -> float:
    if run.font.coloured:
        return EMOJI_HEIGHT * size * 1.06
    length = float(run.font.at(size).getlength(_spelt(run.text, rtl), direction=_way(rtl)))
    return length + (tracking * size * len(clusters(run.text)) if _loose(run, tracking) else 0.0)


def _letters(run: Run, size: float, tracking: float, pen: float, rtl: bool) -> list[tuple["FreeTypeFont", str, float]]:
    font = run.font.at(size)
    if not _loose(run, tracking):
        return [(font, _spelt(run.text, rtl), pen)]
    out, signs = [], clusters(run.text)
    for number, sign in enumerate(signs):
        before = "".join(signs[:number])  # measured as a whole, so that kerning counts
        out.append(
            (
                font,
                sign,
                pen + font.getlength(before + sign, direction=_way(rtl)) - font.getlength(sign, direction=_way(rtl)) + tracking * size * number,
            )
        )
    return out


def _drawn(letters: Sequence[tuple["FreeTypeFont", str, float]], rtl: bool, angle: float) -> Mark | None:
    from PIL import Image, ImageDraw

    boxes = [(pen, font.getbbox(text, anchor="ls", direction=_way(rtl))) for font, text, pen in letters]
    boxes = [(pen, box) for pen, box in boxes if box[2] > box[0] and box[3] > box[1]]
    if not boxes:
        return None
    left = math.floor(min(pen + box[0] for pen, box in boxes)) - 2
    right = math.ceil(max(pen + box[2] for pen, box in boxes)) + 2
    top, bottom = math.floor(min(box[1] for _, box in boxes)) - 2, math.ceil(max(box[3] for _, box in boxes)) + 2
    if angle:
        reach = math.ceil(abs(math.sin(math.radians(angle))) * max(right - left, bottom - top)) + 2
        left, right, top, bottom = left - reach, right + reach, top - reach, bottom + reach
    image = Image.new("L", (right - left, bottom - top))
    draw = ImageDraw.Draw(image)
    for font, text, pen in letters:
        draw.text((pen - left, -top), text, fill=255, font=font, anchor="ls", direction=_way(rtl))
    if angle:
        image = image.rotate(angle, Image.Resampling.BICUBIC, center=(-left, -top))
        inked = image.getbbox() or (0, 0, 1, 1)
        image, left, top = image.crop(inked), left + inked[0], top + inked[1]
    return Mark(stamp(np.asarray(image, np.uint8)), left, top)


def _picture(run: Run, size: float, pen: float) -> list[Mark]:
    """An emoji, from the one size its font has."""
    from PIL import Image, ImageDraw

    font = colour_font(run.font.path, run.font.index)
    if font is None:
        return []
    box = font.getbbox(run.text, anchor="ls", direction=_way(False))
    wide, tall = math.ceil(box[2] - box[0]), math.ceil(box[3] - box[1])
    if wide < 1 or tall < 1:
        return []
    image = Image.new("RGBA", (wide, tall))
    ImageDraw.Draw(image).text((-box[0], -box[1]), run.text, font=font, embedded_color=True, anchor="ls", direction=_way(False))
    height = 2 * round(EMOJI_HEIGHT * size / 2)
    width = max(2 * round(wide / tall * height / 2), 2)
    small = np.asarray(image.resize((width, max(height, 2)), Image.Resampling.LANCZOS), np.uint8)
    left = round(pen + size * 0.03)
    return [Mark(Stamp(np.ascontiguousarray(small[..., 3]), _planes(small[..., :3])), left, round(EMOJI_DEPTH * size) - height)]


def _planes(rgb: Bytes) -> Planes:
    red, green, blue = (rgb[..., n].astype(np.float32) / 255 for n in range(3))
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    u, v = (
        np.rint(128 + 56 * (c[::2, ::2] + c[1::2, ::2] + c[::2, 1::2] + c[1::2, 1::2])).astype(np.uint8)
        for c in ((blue - y) / 1.8556, (red - y) / 1.5748)
    )
    return Planes(np.rint(16 + 219 * y).astype(np.uint8), u, v)


def _softened(word: Word, reach: float, blur: float) -> Mark | None:
    """All shapes of a word, widened by ``reach`` and blurred by ``blur`` em."""
    from PIL import Image, ImageFilter

    left, top, right, bottom = word.bounds
    em = min(word.size, BIG_SHARE * word.size + BIG_FROM) if reach else word.size  # big letters need less around them
    shrink = SHRINK if word.size >= SMALL else SHRINK // 2
    if right <= left:
        return None
    pad = shrink * math.ceil((reach * em + 1.6 * blur * word.size) / shrink)
    canvas = np.zeros((shrink * math.ceil((bottom - top + 2 * pad) / shrink), shrink * math.ceil((right - left + 2 * pad) / shrink)), np.uint8)
    for mark in (*word.marks, *word.pictures):
        y, x = mark.top - top + pad, mark.left - left + pad
        there = canvas[y : y + mark.stamp.cover.shape[0], x : x + mark.stamp.cover.shape[1]]
        np.maximum(there, mark.stamp.cover, out=there)
    image = Image.fromarray(canvas)
    small = image.reduce(shrink)
    if reach:
        small = small.filter(ImageFilter.GaussianBlur(reach * em / shrink)).point(lambda level: min(WIDENED * level, 255))
    small = small.filter(ImageFilter.GaussianBlur(blur * word.size / shrink / 2))
    gain = FIRM if reach else 255 / max(int(np.asarray(small).max()), 1)  # a light is brightest where its letters are closest
    small = small.point(lambda level: min(round(gain * level), 255))
    soft: Any = small.resize(image.size, Image.Resampling.BILINEAR)
    return Mark(stamp(np.asarray(soft, np.uint8)), left - pad, top - pad)


def filled(width: int, height: int, soften: float = 0.0) -> Mark:
    """A rectangle, its pen at the upper left corner, with edges softened over some pixels."""
    from PIL import Image, ImageFilter

    pad = math.ceil(2 * soften)
    canvas = np.zeros((max(height, 1) + 2 * pad, max(width, 1) + 2 * pad), np.uint8)
    canvas[pad : pad + max(height, 1), pad : pad + max(width, 1)] = 255
    image: Any = Image.fromarray(canvas)
    if soften:
        image = image.filter(ImageFilter.GaussianBlur(soften))
    return Mark(stamp(np.asarray(image, np.uint8)), -pad, -pad)
