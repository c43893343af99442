"""Whether a fetched file is what was ordered. Services have been seen to deliver error pages, empty files and another job's result."""

import json
from dataclasses import dataclass
from pathlib import Path

from songreel.errors import MediaError

SHORT = 0.7  # of the ordered frames: with less, it is another job's or broken


@dataclass(frozen=True)
class Wanted:
    """What the file must be; ``suffix`` it is kept with."""

    suffix: str = ".mp4"
    frames: int = 0
    """At least about so many; 0: not known."""
    shape: float = 0.0
    """Width over height; 0: any."""


SHAPES = 0.2  # share by which a shape may be off: models round sizes


def check(path: Path, wanted: Wanted) -> None:
    """Refuse a file that is not what was wanted.

    Raises:
        MediaError: it is not; the message says what it is.
    """
    if wanted.suffix == ".mp4":
        _check_video(path, wanted)
    elif wanted.suffix == ".png":
        _check_image(path, wanted)
    elif wanted.suffix == ".json":
        _check_answer(path)


def _check_answer(path: Path) -> None:
    try:
        json.loads(path.read_bytes())
    except ValueError as error:
        raise MediaError(f"the result is no JSON ({error})") from error


def _check_video(path: Path, wanted: Wanted) -> None:
    from songreel.media.probe import probe

    video = probe(path).video
    if video is None or not video.width:
        raise MediaError("the result has no moving picture")
    if video.frames is not None and video.frames < max(wanted.frames * SHORT, 2):
        raise MediaError(f"the result has {video.frames} frames, ordered were {wanted.frames}")
    _check_shape(video.width, video.height, wanted)


def _check_image(path: Path, wanted: Wanted) -> None:
    from PIL import Image

    try:
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
            image.load()
            _check_shape(image.width, image.height, wanted)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError(f"the result is no picture ({error})") from error


def _check_shape(width: int, height: int, wanted: Wanted) -> None:
    if wanted.shape and abs(width / height / wanted.shape - 1) > SHAPES:
        raise MediaError(f"the result is {width}x{height}, ordered was the shape {wanted.shape:.2f}: it is another job's")
