"""Pictures in and out: uint8 arrays, rows from the top. Written video is BT.709 in limited range, and so tagged.

Every clip of one encoding, size and rate has the same SPS and PPS, so that packets of several can stand in one stream.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from schemas.shot import Encoding
from songreel.errors import MediaError
from songreel.media.opening import opened, reason
from songreel.media.probe import picture_stream

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext

Bytes = NDArray[np.uint8]
BT709, LIMITED, FULL = 1, 1, 2  # ffmpeg's numbers for primaries, transfer and matrix; and for the ranges
BT601_MATRIX = 5  # what a small picture without tags has
UNKNOWN = 2  # ffmpeg's number for a colour space that is not said
HD_LINES = 720  # a picture without tags of so many lines or more is taken for BT.709
KEYFRAME_EVERY = 250  # frames, the most between two keyframes; x264's own default
PLANAR = {"yuv420p", "yuvj420p", "yuv422p", "yuv444p", "nv12", "gray"}
TICKS = 512  # timescale units a frame of an integer rate, as ffmpeg's own mp4 files have


def picture_packets(container: "InputContainer") -> Iterator["Packet[Any]"]:
    """Packets of the file's moving picture.

    Raises:
        MediaError: the file has none.
    """
    stream = picture_stream(container)
    if stream is None:
        raise MediaError(f"{Path(container.name).name} has no moving picture")
    stream.thread_type = "AUTO"
    return (packet for packet in container.demux(stream))


def decoded(container: "InputContainer") -> Iterator["VideoFrame"]:
    """The file's pictures in order of showing; damaged packets are skipped."""
    import av

    for packet in picture_packets(container):
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


def read_frames(
    path: Path,
    *,
    width: int | None = None,
    height: int | None = None,
    pixel_format: str = "rgb24",
    start: int = 0,
    stop: int | None = None,
    step: int = 1,
) -> Iterator[Bytes]:
    """Pictures of a video, scaled and converted by swscale.

    Args:
        path: the video.
        width: of the pictures in pixels; None keeps the video's.
        height: likewise.
        pixel_format: ``rgb24`` gives (h, w, 3); ``gray`` gives the luma plane as it is stored, (h, w); ``yuv420p`` gives (h * 3 / 2, w).
        start: first frame.
        stop: frame to end before; None reads to the end.
        step: frames from one picture to the next.

    Raises:
        MediaError: the file cannot be read or has no moving picture.
    """
    with opened(path) as container:
        for number, frame in enumerate(decoded(container)):
            if stop is not None and number >= stop:
                return
            if number >= start and (number - start) % step == 0:
                yield picture(frame, width or frame.width, height or frame.height, pixel_format)


def picture(frame: "VideoFrame", width: int, height: int, pixel_format: str) -> Bytes:
    """One decoded frame as an array."""
    array: Bytes = converted(frame, width, height, pixel_format).to_ndarray().view(np.uint8)
    return array


def converted(frame: "VideoFrame", width: int, height: int, pixel_format: str) -> "VideoFrame":
    """One decoded frame at a size and in a format; YUV and gray keep the frame's range, RGB is full."""
    same = frame.format.name == pixel_format
    if same and (frame.width, frame.height) == (width, height):
        return frame
    if pixel_format == "gray":
        frame = luma(frame)
    shrunk = width * height < frame.width * frame.height
    return frame.reformat(
        width,
        height,
        pixel_format,
        interpolation="AREA" if shrunk else "BICUBIC",
        src_colorspace=matrix_of(frame),
        dst_colorspace=matrix_of(frame),
        threads=1,
        **_ranges(frame, pixel_format),
    )


def _ranges(frame: "VideoFrame", pixel_format: str) -> dict[str, int]:
    if pixel_format.startswith("rgb"):
        return {"src_color_range": range_of(frame), "dst_color_range": FULL}
    return {"src_color_range": range_of(frame), "dst_color_range": range_of(frame)}


def luma(frame: "VideoFrame") -> "VideoFrame":
    """The frame's luma plane alone, its levels untouched (swscale's own way to gray changes them)."""
    import av

    planar = frame if frame.format.name in PLANAR else frame.reformat(format="yuv420p", **_ranges(frame, "yuv420p"))
    gray = av.VideoFrame.from_ndarray(plane_view(planar.planes[0]), format="gray")
    gray.color_range = FULL
    return gray


def matrix_of(frame: "VideoFrame") -> int:
    """swscale's number for the frame's YUV matrix; guessed from its size when it is not tagged."""
    if frame.format.name.startswith(("rgb", "gbr", "bgr")):
        return BT709
    if frame.colorspace in (0, UNKNOWN):
        return BT709 if frame.height >= HD_LINES else BT601_MATRIX
    return frame.colorspace


def range_of(frame: "VideoFrame") -> int:
    """ffmpeg's number for the frame's range; limited when it is not tagged."""
    return FULL if frame.color_range == FULL or frame.format.name.startswith("yuvj") else LIMITED


def count_frames(path: Path) -> int:
    """Moving pictures in a file, by its packets; nothing is decoded."""
    with opened(path) as container:
        return sum(packet.size > 0 for packet in picture_packets(container))


def keyframes_of(path: Path) -> tuple[int, ...]:
    """Frame numbers of a file's keyframes, in order of showing."""
    with opened(path) as container:
        shown = sorted((packet.pts, packet.is_keyframe) for packet in picture_packets(container) if packet.size and packet.pts is not None)
    return tuple(number for number, (_, key) in enumerate(shown) if key)


def timescale(fps: Fraction) -> int:
    """Ticks a second of a video track in which every frame has a whole number of them."""
    return fps.numerator * (TICKS if fps.denominator == 1 else 1)


def set_up_encoder(context: "VideoCodecContext", *, width: int, height: int, fps: Fraction, encoding: Encoding) -> None:
    """Give a fresh libx264 context the settings that every clip and every transition of a film shares."""
    context.width, context.height = width, height
    context.pix_fmt = encoding.pixel_format
    context.framerate, context.time_base = fps, 1 / fps
    context.gop_size = KEYFRAME_EVERY
    context.thread_count = encoding.threads
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = LIMITED
    context.options = {
        "preset": encoding.preset,
        "crf": str(encoding.crf),
        "forced-idr": "1",
        "x264-params": "stitchable=1:scenecut=0:open-gop=0:force-cfr=1",
    }


class ClipWriter:
    """Writes one clip frame by frame; the file is there only when all went well.

    Args:
        path: the file to be, MP4.
        width: in pixels, even.
        height: in pixels, even.
        fps: frames a second.
        encoding: settings that all clips of the film share.
        keyframes: frame numbers that must be IDR.
    """

    def __init__(self, path: Path, *, width: int, height: int, fps: Fraction, encoding: Encoding, keyframes: Sequence[int] = (0,)) -> None:
        import av

        self.path = path
        self.width, self.height, self.fps = width, height, fps
        self.frames = 0
        self._keyframes = frozenset(keyframes)
        self._part = path.with_name(f"{path.name}.part")
        self._container = av.open(str(self._part), "w", format="mp4", options={"video_track_timescale": str(timescale(fps))})
        self._stream: Any = self._container.add_stream("libx264", rate=fps)
        set_up_encoder(self._stream.codec_context, width=width, height=height, fps=fps, encoding=encoding)

    def write_yuv(self, y: Bytes, u: Bytes, v: Bytes) -> None:
        """Append one frame of BT.709 limited planes: ``y`` (h, w), ``u`` and ``v`` (h/2, w/2)."""
        self.write_frame(frame_of_planes(y, u, v))

    def write_rgb(self, array: Bytes) -> None:
        """Append one full-range RGB picture, shape (h, w, 3)."""
        import av

        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(array), format="rgb24")
        self.write_frame(
            frame.reformat(
                self.width, self.height, "yuv420p", dst_colorspace=BT709, src_color_range=FULL, dst_color_range=LIMITED, interpolation="BICUBIC"
            )
        )

    def write_frame(self, frame: "VideoFrame") -> None:
        """Append one yuv420p frame of the clip's size."""
        import av

        if (frame.width, frame.height) != (self.width, self.height):
            raise MediaError(f"frame {self.frames} of {self.path.name} is {frame.width}x{frame.height}, not {self.width}x{self.height}")
        frame.pts, frame.time_base = self.frames, 1 / self.fps
        frame.pict_type = av.video.frame.PictureType.I if self.frames in self._keyframes else av.video.frame.PictureType.NONE
        tag(frame)
        self._container.mux(self._stream.encode(frame))
        self.frames += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._container.close()
            if kind is not None or not self.frames:
                self._part.unlink(missing_ok=True)
        if kind is None:
            self._part.replace(self.path)

    def _finish(self) -> None:
        if not self.frames:
            raise MediaError(f"{self.path.name} was given no frame")
        self._container.mux(self._stream.encode(None))


def frame_of_planes(y: Bytes, u: Bytes, v: Bytes) -> "VideoFrame":
    """A yuv420p frame over the arrays themselves where their rows are contiguous and writable, else over a copy."""
    import av

    planes = [plane if plane.flags.writeable and plane.strides[1] == 1 else np.array(plane) for plane in (y, u, v)]
    height, width = y.shape
    return av.VideoFrame.from_dlpack(planes, format="yuv420p", width=width, height=height)


def views(frame: "VideoFrame") -> tuple[Bytes, Bytes, Bytes]:
    """The planes of a yuv420p frame as arrays over its own memory; valid while the frame is."""
    y, u, v = (plane_view(plane) for plane in frame.planes)
    return y, u, v


def plane_view(plane: Any) -> Bytes:
    """One 8-bit plane as an array (h, w) over the frame's own memory."""
    rows = np.frombuffer(memoryview(plane), np.uint8)[: plane.height * plane.line_size].reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]


def tag(frame: "VideoFrame") -> None:
    """Mark a frame as BT.709, limited range."""
    frame.colorspace = frame.color_primaries = frame.color_trc = BT709
    frame.color_range = LIMITED


def checked(path: Path) -> Path:
    """The path, when the file opens and has a moving picture.

    Raises:
        MediaError: it has none, or cannot be read.
    """
    import av

    with opened(path) as container:
        try:
            next(decoded(container))
        except (StopIteration, av.FFmpegError) as error:
            raise MediaError(f"{path.name} has no picture that can be decoded ({reason(error)})") from error
    return path
