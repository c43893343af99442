"""The film's picture: size, rate and encoding from the request."""

from dataclasses import dataclass
from fractions import Fraction

from schemas.request import Aspect, FilmRequest, Quality
from schemas.shot import Encoding

SHAPES: dict[Aspect, Fraction] = {"16:9": Fraction(16, 9), "9:16": Fraction(9, 16), "1:1": Fraction(1)}
SHORT_SIDE: dict[Quality, int] = {"preview": 540, "basic": 720, "professional": 1080, "cinematic": 1080}  # lines
ENCODINGS: dict[Quality, Encoding] = {
    "preview": Encoding(preset="superfast", crf=25),
    "basic": Encoding(preset="superfast", crf=23),
    "professional": Encoding(preset="superfast", crf=21),  # half of veryfast's time for some two fifths more bytes, and nearer to the picture
    "cinematic": Encoding(preset="medium", crf=17),
}


@dataclass(frozen=True)
class Picture:
    """Size in pixels (even), rate, and how it is encoded."""

    width: int
    height: int
    fps: Fraction
    encoding: Encoding


def picture(request: FilmRequest) -> Picture:
    """Resolve the wished shape; ``height`` is always the picture's own height, tall or wide."""
    shape = SHAPES[request.aspect]
    short = SHORT_SIDE[request.quality]
    height = request.height or even(short / min(shape, Fraction(1)))
    return Picture(width=even(height * shape), height=height, fps=request.fps, encoding=ENCODINGS[request.quality])


def even(pixels: Fraction | float) -> int:
    """The nearest even number of pixels, at least 2."""
    return max(2, 2 * round(pixels / 2))
