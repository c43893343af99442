"""Shots that go on from each other's last frame, joined into one: the frame that two of them share is shown once.

A model never gives back the very picture it was given; what it is off by in each colour is taken away and fades out, so that no step is seen.
"""

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schemas import Encoding
from songreel.errors import MediaError
from songreel.media.probe import probe
from songreel.media.video import ClipWriter, read_frames

FADES = 12  # frames over which a shot's difference in colour is taken away
ALMOST_LOSSLESS = Encoding(preset="veryfast", crf=10, threads=2)  # conform encodes it again

Pixels = NDArray[np.uint8]


def last_frame(path: Path) -> bytes:
    """The last picture of a video, as PNG.

    Raises:
        MediaError: it has none.
    """
    from PIL import Image

    last = None
    for last in read_frames(path):  # noqa: B007 - the last one counts
        pass
    if last is None:
        raise MediaError(f"{path.name} has no picture to go on from")
    file = io.BytesIO()
    Image.fromarray(last).save(file, "png")
    return file.getvalue()


def join(parts: Sequence[Path], target: Path) -> None:
    """Write the shots as one video, at the first one's size and rate.

    Raises:
        MediaError: one cannot be read.
    """
    first = probe(parts[0]).video
    if first is None:
        raise MediaError(f"{parts[0].name} has no moving picture")
    width, height = first.width // 2 * 2, first.height // 2 * 2
    with ClipWriter(target, width=width, height=height, fps=first.fps or Fraction(16), encoding=ALMOST_LOSSLESS) as writer:
        for picture in _joined(parts, width, height):
            writer.write_rgb(picture)


def _joined(parts: Sequence[Path], width: int, height: int) -> Iterator[Pixels]:
    last: Pixels | None = None
    for part in parts:
        pictures = read_frames(part, width=width, height=height)
        off = np.zeros(3, np.float32)
        if last is not None:
            off = (last.astype(np.float32) - next(pictures).astype(np.float32)).mean((0, 1))
        for number, picture in enumerate(pictures):
            fade = max(1 - (number + 1) / FADES, 0.0) if last is not None or off.any() else 0.0
            shown = picture if not (fade and off.any()) else np.clip(picture + off * fade, 0, 255).astype(np.uint8)
            yield shown
        last = shown


def frames_of(path: Path, most: int) -> list[Pixels]:
    """The first pictures of a video."""
    return list(islice(read_frames(path), most))
