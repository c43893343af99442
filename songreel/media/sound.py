"""Sound in and out: samples are float32 in about [-1, 1], time runs down the rows, sample 0 is the song's first.

Encoder delay and padding are left out, as ffmpeg does. Damaged frames are skipped and counted.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from songreel.errors import MediaError
from songreel.media.opening import ACCEPTED, opened, reason

if TYPE_CHECKING:
    from av import AudioFrame
    from av.container import InputContainer

Floats = NDArray[np.float32]
ABSURD = 64.0  # 36 dB over full scale: no recording has such a sample, a damaged file of floats may
GATHERED = 65536  # samples a channel that are converted at once: codecs like Vorbis give only a few hundred a frame
HELD = 3  # frames at the end of a stream that may be padding
GROWTH = 1.5  # factor by which a full buffer grows
LEAST_BUFFER = 1 << 16  # samples
MOST_GUESSED = 3 * 3600  # s; a container's duration is believed up to here when memory is set aside
FLAC_LEVEL_BITS = {16: "PCM_16", 24: "PCM_24"}
DOWNMIX = {"rematrix_maxval": "1.0"}  # a downmix never gets louder than its loudest channel


@dataclass(frozen=True, eq=False)
class Sound:
    """Decoded sound: ``samples`` of shape (n, channels), or (n,) when mono was asked for."""

    samples: Floats
    rate: int
    damaged: int = 0
    """Packets that could not be decoded and were skipped."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / self.rate


class SoundReader:
    """Decodes a file's first sound stream block by block.

    ``damaged`` counts the packets that were skipped, ``position`` the samples given so far.

    Args:
        container: an open media file.
        rate: sample rate in Hz to convert to; None keeps the file's.
        layout: channel layout to mix to, such as ``mono`` or ``stereo``; empty keeps the file's.
    """

    def __init__(self, container: "InputContainer", *, rate: int | None = None, layout: str = "") -> None:
        if not container.streams.audio:
            raise MediaError(f"{Path(container.name).name} has no sound: {ACCEPTED} is accepted")
        self.container = container
        self.stream = container.streams.audio[0]
        self.damaged = 0
        self.packets = 0
        self.position = 0
        self._decoded = 0
        self.rate = rate or 0
        self._packets_at_fault = -1
        self._resampler: Any = None
        self._gathered: Any = None
        self._source: tuple[str, str, int] | None = None
        self._layout = layout
        self.channels = 0

    def blocks(self) -> Iterator[Floats]:
        """Blocks of shape (n, channels), from the first sample to the last."""
        held: deque[AudioFrame] = deque()
        for frame in self._frames():
            held.append(frame)
            if len(held) > HELD:
                yield from self._converted(held.popleft())
        for frame in self._without_padding(held):
            yield from self._converted(frame)
        yield from self._flushed()

    def _without_padding(self, last: "deque[AudioFrame]") -> "Iterator[AudioFrame]":
        """The last frames of an mp4 track, cut where the track says that it ends; those of other containers as they are."""
        excess = self._decoded - self._promised()
        room = sum(frame.samples for frame in last)
        excess = excess if 0 < excess < room else 0
        for frame in last:
            room -= frame.samples
            cut = min(max(excess - room, 0), frame.samples)
            if cut < frame.samples:
                yield _shortened(frame, frame.samples - cut) if cut else frame

    def _promised(self) -> int:
        """Samples that an mp4 track says it has; ffmpeg leaves out the padding of its last packets only from their times."""
        stream = self.stream
        if "mp4" not in self.container.format.name or not stream.duration or stream.time_base is None:
            return self._decoded
        return round(stream.duration * stream.time_base * stream.codec_context.sample_rate)

    def _frames(self) -> Iterator["AudioFrame"]:
        import av

        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                self.packets += 1
                frames = packet.decode()
            except av.FFmpegError as error:
                self.damaged += 1
                if self._demuxer_is_stuck(error):
                    return
                continue
            for frame in frames:
                self._decoded += frame.samples
                yield frame

    def _demuxer_is_stuck(self, error: Exception) -> bool:
        """A fault of reading (not of decoding) that comes again without a packet between ends the stream."""
        stuck = self._packets_at_fault == self.packets
        self._packets_at_fault = self.packets
        return stuck

    def _converted(self, frame: "AudioFrame") -> Iterator[Floats]:
        if frame.samples == 0 or frame.sample_rate <= 0:
            return
        source = (frame.format.name, frame.layout.name, frame.sample_rate)
        if source != self._source:
            yield from self._flushed()
            self._aim(frame, source)
        frame.pts = None
        self._gathered.write(frame)
        if self._gathered.samples >= GATHERED:
            yield from self._resampled(self._gathered.read())

    def _aim(self, frame: "AudioFrame", source: tuple[str, str, int]) -> None:
        """A resampler from this kind of frame to what the first frame set."""
        import av

        if not self._layout:
            self._layout = frame.layout.name
        self.channels = len(av.AudioLayout(self._layout).channels)
        self.rate = self.rate or frame.sample_rate
        self._source = source
        self._gathered = av.AudioFifo()
        self._resampler = av.AudioResampler(format="flt", layout=self._layout, rate=self.rate, options=DOWNMIX)

    def _flushed(self) -> Iterator[Floats]:
        if self._resampler is None:
            return
        if self._gathered.samples:
            yield from self._resampled(self._gathered.read())
        yield from self._resampled(None)

    def _resampled(self, frame: "AudioFrame | None") -> Iterator[Floats]:
        import av

        try:
            for out in self._resampler.resample(frame):
                yield self._sane(out.to_ndarray().reshape(-1, self.channels))
        except (av.FFmpegError, ValueError) as error:
            name = Path(self.container.name).name
            raise MediaError(f"the sound of {name} ({' '.join(map(str, self._source or ()))} Hz) cannot be converted: {reason(error)}") from error

    def _sane(self, block: Floats) -> Floats:
        """The block; where a damaged file of floats holds no number or an absurd one, silence."""
        self.position += len(block)
        if len(block) == 0 or np.abs(block).max() <= ABSURD:
            return block
        self.damaged += 1
        return np.where(np.abs(block) <= ABSURD, block, np.float32(0))


def _shortened(frame: "AudioFrame", samples: int) -> "AudioFrame":
    """The frame's first samples."""
    import av

    width = 1 if frame.format.is_planar else len(frame.layout.channels)
    data: Any = np.ascontiguousarray(frame.to_ndarray()[:, : samples * width])
    cut = av.AudioFrame.from_ndarray(data, frame.format.name, frame.layout.name)
    cut.sample_rate = frame.sample_rate
    return cut


def decode(path: Path, *, rate: int | None = None, mono: bool = False, start: float = 0.0, duration: float | None = None) -> Sound:
    """A file's sound in memory.

    Args:
        path: any accepted media file.
        rate: sample rate in Hz to convert to, in one pass; None keeps the file's.
        mono: mix all channels to one.
        start: seconds to leave out at the beginning.
        duration: seconds to keep; None keeps all.

    Raises:
        MediaError: the file cannot be read, has no sound, or none of its sound can be decoded.
    """
    with opened(path) as container:
        reader = SoundReader(container, rate=rate, layout="mono" if mono else "")
        buffer = _Buffer(_guess(container), reader)
        for block in span(reader, start, duration):
            buffer.add(block)
        samples = buffer.samples(reader.channels)
    if not reader.rate:
        raise MediaError(f"no sound in {path.name} can be decoded: the file is damaged, or not what its name says")
    return Sound(samples[:, 0] if mono else samples, reader.rate, reader.damaged)


def write_flac(sound: Sound, path: Path, bits: Literal[16, 24] = 24) -> None:
    """Write lossless FLAC of 16 or 24 bits; whole or absent."""
    _write(sound, path, "FLAC", FLAC_LEVEL_BITS[bits])


def write_wav(sound: Sound, path: Path) -> None:
    """Write 32-bit float WAV; whole or absent."""
    _write(sound, path, "WAV", "FLOAT")


def _write(sound: Sound, path: Path, container: str, subtype: str) -> None:
    import soundfile

    part = path.with_name(f"{path.name}.part")
    try:
        soundfile.write(part, sound.samples, sound.rate, subtype=subtype, format=container)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def span(reader: SoundReader, start: float, duration: float | None) -> Iterator[Floats]:
    """Blocks of a span of seconds alone, cut to the sample; decoding stops at its end."""
    for block in reader.blocks():
        first = round(start * reader.rate)
        last = None if duration is None else first + round(duration * reader.rate)
        before = reader.position - len(block)
        yield block[max(first - before, 0) : None if last is None else max(last - before, 0)]
        if last is not None and reader.position >= last:
            return


def _guess(container: "InputContainer") -> float:
    """Seconds of sound that the container promises, within reason."""
    return min(max((container.duration or 0) / 1_000_000, 0.0), MOST_GUESSED)


class _Buffer:
    """Grows as blocks come; one copy of the sound, not two."""

    def __init__(self, seconds: float, reader: SoundReader) -> None:
        self._seconds = seconds
        self._reader = reader
        self._data: Floats = np.empty((0, 0), np.float32)
        self._filled = 0

    def add(self, block: Floats) -> None:
        need = self._filled + len(block)
        if need > len(self._data) or not self._data.shape[1]:
            self._grow(need, block.shape[1])
        self._data[self._filled : need] = block
        self._filled = need

    def samples(self, channels: int) -> Floats:
        return self._data[: self._filled] if self._filled else np.empty((0, max(channels, 1)), np.float32)

    def _grow(self, need: int, channels: int) -> None:
        guessed = 0 if len(self._data) else int(self._seconds * self._reader.rate) + LEAST_BUFFER
        grown = np.empty((max(need, guessed, int(len(self._data) * GROWTH)), channels), np.float32)
        if self._filled:
            grown[: self._filled] = self._data[: self._filled]
        self._data = grown
