"""What a media file holds, found without decoding it. Durations are the container's word; `sound.decode` counts."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from songreel.media.opening import opened

if TYPE_CHECKING:
    from av.container import InputContainer

CONTAINERS = {"mov,mp4,m4a,3gp,3g2,mj2": "mp4", "matroska,webm": "matroska", "ogg": "ogg"}
"""ffmpeg's list of names for one demuxer -> the name used here."""


@dataclass(frozen=True)
class AudioFacts:
    """The first sound stream."""

    codec: str
    sample_rate: int
    channels: int


@dataclass(frozen=True)
class VideoFacts:
    """The first moving-picture stream; cover art is none."""

    codec: str
    width: int
    height: int
    fps: Fraction
    frames: int | None
    """None when the container does not say."""


@dataclass(frozen=True)
class Probe:
    """What a file holds."""

    container: str
    duration: float
    """Seconds, as the container says; 0 when it does not."""
    audio: AudioFacts | None
    video: VideoFacts | None


def probe(path: Path) -> Probe:
    """Facts of a media file.

    Raises:
        MediaError: there is no such file, or it is no media file that is accepted.
    """
    with opened(path) as container:
        return facts_of(container)


def facts_of(container: "InputContainer") -> Probe:
    """Facts of an open container."""
    name = container.format.name
    duration = (container.duration or 0) / 1_000_000  # ffmpeg counts containers in microseconds
    return Probe(CONTAINERS.get(name, name.split(",")[0]), max(duration, 0.0), _audio(container), _video(container))


def picture_stream(container: "InputContainer") -> Any:
    """The first video stream that is no attached picture, or None."""
    import av

    attached = av.stream.Disposition.attached_pic
    return next((s for s in container.streams.video if not s.disposition & attached), None)


def _audio(container: "InputContainer") -> AudioFacts | None:
    if not container.streams.audio:
        return None
    stream = container.streams.audio[0]
    context = stream.codec_context
    if context is None:
        return AudioFacts("unknown", 0, 0)
    return AudioFacts(context.codec.canonical_name, context.sample_rate or 0, context.channels or 0)


def _video(container: "InputContainer") -> VideoFacts | None:
    stream = picture_stream(container)
    if stream is None or stream.codec_context is None:
        return None
    context = stream.codec_context
    fps = stream.average_rate or stream.guessed_rate or Fraction(0)
    return VideoFacts(context.codec.canonical_name, context.width, context.height, Fraction(fps), stream.frames or None)
