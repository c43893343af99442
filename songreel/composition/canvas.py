"""A drawing surface with smooth edges, type and rounded pictures; Pillow drawn at twice the size and reduced."""

from typing import TYPE_CHECKING

from songreel.painter.type.fonts import FontBook

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

PAPER, INK, MUTED = "#0d0f14", "#f3f1ea", "#8d93a3"
TINTS = {"intro": "#6c8ebf", "verse": "#58b8a4", "chorus": "#f0a04b", "bridge": "#b07cc6", "drop": "#ef5d60", "outro": "#7d8597"}
FINE = 2  # drawn at this multiple of the size, then reduced
FACE = "sans"
SMALLER = 0.92  # of the size that is asked for: the face is a large one
ASCENT = 0.94  # from the top of a line to its baseline, in sizes

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
        self._fonts = FontBook()

    def image(self) -> "Image":
        """The finished picture."""
        from PIL import Image

        return self._image.resize(self._size, Image.Resampling.LANCZOS)

    def text(self, at: tuple[float, float], words: str, size: int, colour: str, anchor: str = "left", widest: float | None = None) -> None:
        """One line of type; shortened with an ellipsis when it is wider than ``widest``."""
        words = words if widest is None else self._shortened(words, size, widest)
        x = at[0] - (self.width_of(words, size) if anchor == "right" else 0)
        for font, part in self._set(words, size):
            self._draw.text((x * FINE, (at[1] + ASCENT * size) * FINE), part, fill=colour, font=font, anchor="ls")
            x += font.getlength(part) / FINE

    def width_of(self, words: str, size: int) -> float:
        """Width of a line of type."""
        return sum(float(font.getlength(part)) for font, part in self._set(words, size)) / FINE

    def _set(self, words: str, size: int) -> "list[tuple[FreeTypeFont, str]]":
        """The words in the painter's fonts, which have every script; signs that come as coloured pictures are left out."""
        return [(run.font.at(size * FINE * SMALLER), run.text) for run in self._fonts.runs(words, FACE) if not run.font.coloured]

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
