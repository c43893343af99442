"""Reads spans of clips: as packets where they are copied, as pictures where they are mixed.

A span begins at an IDR frame and ends before one (or with the clip), so that nothing outside it is needed to decode it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from schemas import Encoding
from songreel.errors import MediaError
from songreel.media.opening import opened
from songreel.media.probe import picture_stream
from songreel.media.video import ClipWriter, decoded

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.container import InputContainer


@dataclass(frozen=True)
class Shape:
    """What all clips of a film share."""

    width: int
    height: int
    fps: Fraction
    encoding: Encoding

    def writer(self, path: Path, keyframes: Sequence[int] = (0,)) -> ClipWriter:
        return ClipWriter(path, width=self.width, height=self.height, fps=self.fps, encoding=self.encoding, keyframes=keyframes)


@dataclass(frozen=True)
class Span:
    """Frames ``first`` up to but not including ``last`` of a clip's file."""

    path: Path
    first: int
    last: int

    @property
    def frames(self) -> int:
        return self.last - self.first


def packets(span: Span, fps: Fraction) -> Iterator[tuple[int, "Packet[Any]"]]:
    """(frame number in the span, packet) of each frame, in order of decoding.

    Raises:
        MediaError: the span does not begin at a keyframe, or frames of it are missing.
    """
    with _at(span, fps) as (container, stream):
        yield from _within(container, stream, span, fps)


def pictures(span: Span, fps: Fraction) -> Iterator["VideoFrame"]:
    """The span's frames in order of showing.

    Raises:
        MediaError: the span cannot be decoded whole.
    """
    import av

    shown = 0
    with _at(span, fps) as (container, stream):
        context: Any = av.CodecContext.create(stream.codec_context.codec.name, "r")
        context.extradata = stream.codec_context.extradata
        try:
            for _, packet in _within(container, stream, span, fps):
                for frame in context.decode(packet):
                    shown += 1
                    yield frame
            for frame in context.decode(None):
                shown += 1
                yield frame
        except av.FFmpegError as error:
            raise MediaError(f"frame {span.first + shown} of {span.path.name} cannot be decoded: {error.strerror}") from error
    if shown != span.frames:
        raise MediaError(f"only {shown} of the {span.frames} frames from {span.first} of {span.path.name} can be decoded")


def extradata(path: Path) -> bytes:
    """The clip's avcC: its SPS and PPS."""
    with opened(path) as container:
        stream = picture_stream(container)
        if stream is None:
            raise MediaError(f"{path.name} has no moving picture")
        return bytes(stream.codec_context.extradata or b"")


def reorder_delay(path: Path) -> int:
    """Frames by which the clip's packets are decoded ahead of their showing, as its SPS says."""
    with opened(path) as container:
        stream = picture_stream(container)
        return 0 if stream is None else int(stream.codec_context.reorder_depth)


def sought(span: Span) -> Iterator["VideoFrame"]:
    """The span's frames without help of keyframes: the clip is decoded from its start.

    Raises:
        MediaError: the clip ends before the span.
    """
    with opened(span.path) as container:
        number = -1
        for number, frame in enumerate(decoded(container)):
            if number >= span.last:
                return
            if number >= span.first:
                yield frame
    if number + 1 < span.last:
        raise MediaError(f"{span.path.name} has {number + 1} frames, {span.last} are needed")


def blank(path: Path, shape: Shape) -> Path:
    """A clip of one gray frame as this machine's encoder writes it."""
    with shape.writer(path) as writer:
        luma, chroma = np.full((shape.height, shape.width), 128, np.uint8), np.full((shape.height // 2, shape.width // 2), 128, np.uint8)
        writer.write_yuv(luma, chroma, chroma.copy())
    return path


@lru_cache(maxsize=16)
def own_extradata(shape: Shape) -> bytes:
    """The avcC that this machine's encoder writes for an encoding; packets under another one cannot stand beside its own."""
    with TemporaryDirectory() as folder:
        return extradata(blank(Path(folder) / "blank.mp4", shape))


@contextmanager
def _at(span: Span, fps: Fraction) -> Iterator[tuple["InputContainer", Any]]:
    """The clip's container, positioned at or before the span's first frame."""
    with opened(span.path) as container:
        stream = picture_stream(container)
        if stream is None or stream.time_base is None:
            raise MediaError(f"{span.path.name} has no moving picture")
        container.seek(round(span.first / fps / stream.time_base), stream=stream)
        yield container, stream


def _within(container: "InputContainer", stream: Any, span: Span, fps: Fraction) -> Iterator[tuple[int, "Packet[Any]"]]:
    found = 0
    for packet in container.demux(stream):
        if packet.size == 0 or packet.pts is None:
            continue
        number = round(packet.pts * packet.time_base * fps)
        if not span.first <= number < span.last:
            continue
        if not found and (number != span.first or not packet.is_keyframe):
            raise MediaError(f"{span.path.name} has no keyframe at frame {span.first}")
        found += 1
        yield number - span.first, packet
        if found == span.frames:
            return
    if found != span.frames:
        raise MediaError(f"{span.path.name} has {found} of the {span.frames} frames from frame {span.first}")
