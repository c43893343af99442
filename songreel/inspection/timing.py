"""When the film's pictures and sound are shown, by the container's own clock."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from songreel.errors import MediaError
from songreel.media.opening import opened, reason
from songreel.media.probe import picture_stream


@dataclass(frozen=True)
class Timing:
    """Seconds on the container's clock.

    ``sound_start``: first sound against first picture. ``unevenness``: largest distance of a picture from its place on an even grid,
    in frames, and ``uneven_frame`` where. ``pictures``: how many the container holds, whether or not they can be decoded.
    """

    sound_start: float
    unevenness: float
    uneven_frame: int
    pictures: int


def timing(film: Path, fps: Fraction) -> Timing:
    """Read the packets' times, decoding only the first sound frame.

    Raises:
        MediaError: the container cannot be read.
    """
    import av

    try:
        with opened(film) as container:
            picture = picture_stream(container)
            packets = (packet for packet in container.demux(picture) if packet.pts is not None)
            shown = np.sort(np.array([float(packet.pts * packet.time_base) for packet in packets if packet.pts is not None]))
        with opened(film) as container:
            first = next(container.decode(container.streams.audio[0]), None)
    except (av.FFmpegError, IndexError) as error:
        raise MediaError(f"{film.name} cannot be read as a film: {reason(error)}") from error
    if first is None or not len(shown):
        raise MediaError(f"{film.name} has streams without content: it is broken or cut short")
    off = (shown - shown[0]) * float(fps) - np.arange(len(shown))
    worst = int(np.abs(off).argmax())
    return Timing(float(first.time or 0.0) - float(shown[0]), float(abs(off[worst])), worst, len(shown))
