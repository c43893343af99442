"""A drawing surface with smooth edges, type and rounded pictures; Pillow drawn at twice the size and reduced."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

PAPER, INK, MUTED = "#0d0f14", "#f3f1ea", "#8d93a3"
TINTS = {"intro": "#6c8ebf", "verse": "#58b8a4", "chorus": "#f0a04b", "bridge": "#b07cc6", "drop": "#ef5d60", "outro": "#7d8597"}
FINE = 2  # drawn at this multiple of the size, then reduced
LATIN_END = 0x250  # code points below this are in the plain font; others need the wide one

Box = tuple[float, float, float, float]


def tint(label: str) -> str:
    """The colour of a section's label."""
    return TINTS.get(label, MUTED)


class Canvas:
    """A picture to draw on, in pixels from the upper left corner.

    Args:
        width: in pixels.
        height: in pixels.
        colour: of the ground.
    """

    def __init__(self, width: int, height: int, colour: str) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("RGB", (width * FINE, height * FINE), colour)
        self._draw = ImageDraw.Draw(self._image)
        self._size = (width, height)

    def image(self) -> "Image":
        """The finished picture."""
        from PIL import Image

        return self._image.resize(self._size, Image.Resampling.LANCZOS)

    def text(self, at: tuple[float, float], words: str, size: int, colour: str, anchor: str = "left", widest: float | None = None) -> None:
        """One line of type; shortened with an ellipsis when it is wider than ``widest``."""
        words = words if widest is None else self._shortened(words, size, widest)
        x = at[0] - (self.width_of(words, size) if anchor == "right" else 0)
        self._draw.text((x * FINE, at[1] * FINE), words, fill=colour, font=_font(words, size * FINE))

    def width_of(self, words: str, size: int) -> float:
        """Width of a line of type."""
        return float(_font(words, size * FINE).getlength(words)) / FINE

    def box(self, box: Box, colour: str, corner: float = 0) -> None:
        """A filled rectangle with round corners."""
        x0, y0, x1, y1 = (edge * FINE for edge in box)
        if x1 - x0 >= 1 and y1 - y0 >= 1:
            self._draw.rounded_rectangle((x0, y0, x1 - 1, y1 - 1), min(corner * FINE, (x1 - x0) / 2, (y1 - y0) / 2), fill=colour)

    def line(self, box: Box, colour: str, width: int) -> None:
        """A straight line from one corner to the other."""
        self._draw.line(tuple(edge * FINE for edge in box), fill=colour, width=width * FINE)

    def picture(self, picture: "Image", box: Box, corner: float = 0) -> None:
        """A picture filling a box, cut at the sides where its shape is another."""
        from PIL import Image, ImageDraw, ImageOps

        x, y = round(box[0] * FINE), round(box[1] * FINE)
        size = (max(round((box[2] - box[0]) * FINE), 1), max(round((box[3] - box[1]) * FINE), 1))
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), corner * FINE, fill=255)
        self._image.paste(ImageOps.fit(picture, size, Image.Resampling.LANCZOS), (x, y), mask)

    def _shortened(self, words: str, size: int, widest: float) -> str:
        if self.width_of(words, size) <= widest:
            return words
        while words and self.width_of(words + "…", size) > widest:
            words = words[:-1]
        return words.rstrip(" ,") + "…"


def _font(words: str, size: int) -> "FreeTypeFont":
    return _wide(size) if any(ord(letter) >= LATIN_END and letter not in "…·–—’‘“”" for letter in words) else _plain(size)


@cache
def _plain(size: int) -> "FreeTypeFont":
    """Pillow's own font: Aileron."""
    from PIL import ImageFont

    return ImageFont.load_default(size)  # type: ignore[return-value]


@cache
def _wide(size: int) -> "FreeTypeFont":
    """Matplotlib's font for what the plain one lacks: DejaVu Sans, with Greek, Cyrillic and more."""
    from importlib.util import find_spec

    from PIL import ImageFont

    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        return _plain(size)
    return ImageFont.truetype(str(Path(found.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"), size)
