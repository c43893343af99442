"""The film's sound: the master's own packets where the container takes them, else encoded once.

Either way sample 0 of the decoded master lies at time 0 of the film and the track ends with its last sample: what a codec puts
before (encoder delay) gets negative times, which the muxer writes as an edit list.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from schemas import Container, Note, Song
from songreel.media.opening import opened
from songreel.media.sound import SoundReader

if TYPE_CHECKING:
    from av import Packet
    from av.container import InputContainer, OutputContainer

COPIED: dict[Container, tuple[str, ...]] = {
    "mp4": ("aac", "mp3", "alac"),
    "mov": ("aac", "mp3", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f64le"),
}
"""Codecs that a container carries and players expect in it."""
LOSSLESS = ("flac", "wavpack", "ape", "tta", "pcm_")
LEAST_MP3_RATE = 16000  # Hz; mp4 has no code for the MP3s of lower rates
AAC_RATES = (16000, 22050, 24000, 32000, 44100, 48000)  # Hz, played everywhere
ALAC_RATES = range(8000, 192_001)
AAC_LAYOUTS = ("mono", "stereo", "3.0", "4.0", "5.0", "5.1")
BITS_PER_CHANNEL = 160_000  # bit/s: 320 kbit/s for stereo, near the best that ffmpeg's encoder makes
SLACK = 64  # samples by which the packets' length may differ from the decoded song's: 1.5 ms
AAC_FRAME = 1024


@dataclass(frozen=True)
class Soundtrack:
    """A stream of the film and its packets, in order, timed and ready to be muxed."""

    stream: Any
    packets: Iterator["Packet[Any]"]
    kind: Literal["copied", "encoded"]
    notes: tuple[Note, ...] = ()


@contextmanager
def soundtrack(path: Path, song: Song, output: "OutputContainer", container: Container) -> Iterator[Soundtrack]:
    """Add the master's sound to an output; its packets come as they are asked for.

    Args:
        path: the master.
        song: its facts.
        output: the film being written, its header not yet.
        container: the film's kind.
    """
    refused = _refusal(path, song, container)
    with opened(path) as source:
        if not refused:
            stream = _copied_stream(output, source)
            yield Soundtrack(stream, _copied(source, song), "copied")
        else:
            sound = _Encoder(source, song, output, container)
            yield Soundtrack(sound.stream, sound.packets(), "encoded", _notes(song, refused, sound.codec))


def _refusal(path: Path, song: Song, container: Container) -> str:
    """Why the packets cannot be copied, or an empty text."""
    with opened(path) as source:
        stream = source.streams.audio[0]
        codec = stream.codec_context.codec.canonical_name
        if codec not in COPIED[container]:
            return f"{codec} in {container} is not played everywhere"
        if codec == "mp3" and song.sample_rate < LEAST_MP3_RATE:
            return f"mp3 at {song.sample_rate} Hz in {container} is not played everywhere"
        length = _length(source)
    if abs(length - song.samples) > SLACK:
        return f"the master is damaged: its packets hold {length} samples, {song.samples} of them can be decoded"
    return ""


def _length(source: "InputContainer") -> int:
    """Samples that the packets hold, by what they say; nothing is decoded."""
    stream = source.streams.audio[0]
    total = Fraction(0)
    for packet in source.demux(stream):
        if packet.size:
            skip, discard = _padding(packet)
            total += (packet.duration or 0) * packet.time_base * stream.codec_context.sample_rate - skip - discard
    return round(total)


def _padding(packet: "Packet[Any]") -> tuple[int, int]:
    """Samples that are to be left out at the packet's beginning and at its end (the codec's delay and padding)."""
    if not packet.has_sidedata("skip_samples"):
        return 0, 0
    skip, discard = struct.unpack("<II", bytes(packet.get_sidedata("skip_samples"))[:8])
    return skip, discard


def _copied_stream(output: "OutputContainer", source: "InputContainer") -> Any:
    stream = output.add_stream_from_template(source.streams.audio[0], opaque=True)
    stream.time_base = Fraction(1, source.streams.audio[0].codec_context.sample_rate)
    return stream


def _copied(source: "InputContainer", song: Song) -> Iterator["Packet[Any]"]:
    """The master's packets on the film's time, up to its last sample."""
    stream = source.streams.audio[0]
    rate = stream.codec_context.sample_rate
    position: int | None = None
    for packet in source.demux(stream):
        if packet.size == 0:
            continue
        skip, _ = _padding(packet)
        position = -skip if position is None else position
        if position >= song.samples:
            return
        length = round((packet.duration or 0) * packet.time_base * rate)
        yield _timed(packet, position, min(length, song.samples - position), rate)
        position += length


def _timed(packet: "Packet[Any]", position: int, length: int, rate: int) -> "Packet[Any]":
    """A packet of the same bytes at a time in samples; a fresh one, without the demuxer's notes on what to skip."""
    import av

    fresh: Packet[Any] = av.Packet(bytes(packet))
    fresh.time_base = Fraction(1, rate)
    fresh.pts = fresh.dts = position
    fresh.duration = length
    fresh.is_keyframe = True
    return fresh


def _notes(song: Song, refused: str, codec: str) -> tuple[Note, ...]:
    return (Note(stage="assemble", took=f"the soundtrack encoded once as {codec.upper()}", because=refused),)


class _Encoder:
    """Encodes the decoded master: AAC, or ALAC where a lossless master goes into MOV."""

    def __init__(self, source: "InputContainer", song: Song, output: "OutputContainer", container: Container) -> None:
        lossless = container == "mov" and song.codec.startswith(LOSSLESS) and song.sample_rate in ALAC_RATES
        self.codec = "alac" if lossless else "aac"
        self.rate = song.sample_rate if lossless else _aac_rate(song.sample_rate)
        self.samples = round(song.samples * self.rate / song.sample_rate)
        self.layout = _layout(source)
        self.reader = SoundReader(source, rate=self.rate, layout=self.layout)
        self.stream: Any = output.add_stream(self.codec, rate=self.rate, layout=self.layout)
        context: Any = self.stream.codec_context
        if lossless:
            context.format = "s32p"
        else:
            context.bit_rate = BITS_PER_CHANNEL * len(context.layout.channels)

    def packets(self) -> Iterator["Packet[Any]"]:
        """Encoded packets, the last one cut to the song's last sample."""
        for frame in self._frames():
            yield from self._kept(self.stream.encode(frame))
        yield from self._kept(self.stream.encode(None))

    def _frames(self) -> Iterator[Any]:
        import av

        position = 0
        for block in self.reader.blocks():
            kept = np.ascontiguousarray(block[: max(self.samples - position, 0)]).reshape(1, -1)
            if self.codec == "aac":
                kept = np.clip(kept, -1, 1)  # as every player does; the encoder turns whole blocks down for what lies beyond
            if not kept.size:
                continue
            frame = av.AudioFrame.from_ndarray(kept, format="flt", layout=self.layout)
            frame.sample_rate, frame.time_base, frame.pts = self.rate, Fraction(1, self.rate), position
            position += frame.samples
            yield frame

    def _kept(self, packets: "list[Packet[Any]]") -> Iterator["Packet[Any]"]:
        for packet in packets:
            if packet.pts is None or packet.pts >= self.samples:
                continue
            packet.duration = min(packet.duration or AAC_FRAME, self.samples - packet.pts)
            yield packet


def _aac_rate(rate: int) -> int:
    """The rate itself where every player takes it, else the best of its family."""
    if rate in AAC_RATES:
        return rate
    return 44100 if rate % 11025 == 0 and rate > 44100 else 48000


def _layout(source: "InputContainer") -> str:
    """The master's channels where AAC and players know them, else stereo."""
    name = source.streams.audio[0].codec_context.layout.name
    if name in AAC_LAYOUTS:
        return name
    return "mono" if source.streams.audio[0].codec_context.channels == 1 else "stereo"
