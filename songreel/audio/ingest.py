"""Takes a song in: checks it by decoding it once to the end, reads its tags and stores it as content.

A file that cannot be a song is refused with one sentence. A damaged file that still plays is taken, and noted.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from schemas import MediaRef, Note, Song, TimedText
from songreel.audio.claims import claimed_seconds
from songreel.audio.protection import protection_of
from songreel.audio.tags import LONGEST_TEXT, Tags, clean, picture_suffix, read_tags
from songreel.errors import MediaError, UserError
from songreel.media.opening import ACCEPTED, opened
from songreel.media.probe import AudioFacts, Probe, facts_of
from songreel.media.sound import Floats, SoundReader, span
from songreel.storage.store import Store

if TYPE_CHECKING:
    from av.container import InputContainer

LEAST_SECONDS = 1.0
MOST_SECONDS = 2 * 3600.0
SILENT_DB = -70.0  # dBFS; a song whose every sample lies below is silent
SILENT_PEAK = 10 ** (SILENT_DB / 20)
LOST_SECONDS = 0.25  # a file that ends so much before the length it claims was cut off
RATES = (4000, 768_000)  # Hz, what is believed
MOST_CHANNELS = 32
FLAC_CHANNELS, FLAC_BITS = 8, "PCM_24"
SUFFIXES = {"mp3": ".mp3", "wav": ".wav", "flac": ".flac", "aac": ".aac", "aiff": ".aiff", "avi": ".avi", "w64": ".w64"}


@dataclass(frozen=True)
class _Heard:
    """One decoding to the end."""

    samples: int
    position: int  # samples decoded from the file's start, the excerpt's lead included
    rate: int
    channels: int
    peak: float
    damaged: int

    @property
    def seconds(self) -> float:
        return self.samples / self.rate


def take(path: Path, store: Store, *, start: float = 0.0, duration: float | None = None) -> Song:
    """A song from a file: probed, decoded once, its tags read, its content stored.

    Args:
        path: a file of sound, or of video with sound.
        store: where master, source and cover are put.
        start: seconds of the song to leave out at the beginning.
        duration: seconds to keep; None keeps all. An excerpt becomes a lossless master, cut to the sample.

    Raises:
        MediaError: the file is missing, empty, not a song, protected, silent, or shorter or longer than the limits.
        UserError: the excerpt lies outside the song.
    """
    _check_span(start, duration)
    with opened(path) as container, store.workspace() as folder:
        facts = facts_of(container)
        audio = _sound_of(facts, path)
        _check_length(path, facts.duration, start, duration)
        metadata = {**dict(container.metadata), **dict(container.streams.audio[0].metadata)}
        tags = read_tags(path, facts.container, metadata, audio.sample_rate)
        excerpt = folder / "excerpt" if start > 0 or duration is not None else None
        heard = _listen(path, container, start, duration, excerpt)
        _check_heard(path, heard, start)
        whole = start == 0 and (duration is None or heard.samples < round(duration * heard.rate))
        source = store.put_file(path, _suffix(path, facts))
        master = source if excerpt is None or whole else store.put_file(excerpt, _excerpt_suffix(heard.channels))
        notes = [*_damage(path, facts, heard, reached_end=duration is None or whole), *_tag_notes(tags)]
        cover = _cover(tags, store, notes)
    return Song(
        master=master,
        source=source,
        name=clean(path.stem, LONGEST_TEXT) or "song",
        duration=heard.seconds,
        samples=heard.samples,
        sample_rate=heard.rate,
        channels=heard.channels,
        container=facts.container,
        codec=audio.codec,
        title=tags.title,
        artist=tags.artist,
        album=tags.album,
        genre=tags.genre,
        year=tags.year,
        cover=cover,
        lyrics=tags.lyrics,
        timed_lyrics=_shifted(tags.timed, start, heard.seconds),
        notes=tuple(notes),
    )


def _check_span(start: float, duration: float | None) -> None:
    if not (np.isfinite(start) and start >= 0):
        raise UserError(f"the start is {start:g} s; it must be 0 or more")
    if duration is not None and not (np.isfinite(duration) and duration >= LEAST_SECONDS):
        raise UserError(f"the duration is {duration:g} s; at least {LEAST_SECONDS:g} s is needed")


def _sound_of(facts: Probe, path: Path) -> AudioFacts:
    """The facts of the file's sound, when it can be used."""
    owner = protection_of(path)
    if owner:
        raise MediaError(f"{path.name} is protected ({owner}) and cannot be decoded: give a copy without protection")
    if facts.audio is None:
        raise MediaError(f"{path.name} has no sound, only {'a picture' if facts.video else 'other data'} ({facts.container}): {ACCEPTED} is accepted")
    audio = facts.audio
    known = not audio.sample_rate or RATES[0] <= audio.sample_rate <= RATES[1]
    if audio.codec == "unknown" or not known or audio.channels > MOST_CHANNELS:
        found = f"{audio.codec}, {audio.sample_rate} Hz, {audio.channels} channels"
        raise MediaError(f"the sound of {path.name} ({found}) is of no kind that can be decoded: {ACCEPTED} is accepted")
    return audio


def _check_length(path: Path, seconds: float, start: float, duration: float | None) -> None:
    """Refuse what is too long before anything is decoded."""
    end = seconds if duration is None else min(seconds, start + duration)
    if end > MOST_SECONDS:
        raise MediaError(_too_long(path, _clock(seconds)))


def _too_long(path: Path, length: str) -> str:
    return f"{path.name} is {length} long; songs of up to {_clock(MOST_SECONDS)} are taken: choose a part with a start and a duration"


def _clock(seconds: float) -> str:
    hours, minutes = divmod(round(seconds) // 60, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {round(seconds) % 60:02d} s"


def _listen(path: Path, container: "InputContainer", start: float, duration: float | None, excerpt: Path | None) -> _Heard:
    """Decode the span to its end, writing it when it is an excerpt; stops past the longest song."""
    reader = SoundReader(container)
    samples, peak = 0, 0.0
    with _excerpt_writer(excerpt, reader) as write:
        for block in span(reader, start, duration):
            samples, peak = samples + len(block), max(peak, float(np.abs(block).max(initial=0.0)))
            if samples > (MOST_SECONDS - start) * reader.rate:
                raise MediaError(_too_long(path, f"over {_clock(MOST_SECONDS)}"))
            write(block)
    if not reader.position:
        raise MediaError(f"no sound in {path.name} can be decoded: it is damaged, or not what it says it is ({ACCEPTED} is accepted)")
    return _Heard(samples, reader.position, reader.rate, reader.channels, peak, reader.damaged)


@contextmanager
def _excerpt_writer(excerpt: Path | None, reader: SoundReader) -> Iterator[Callable[[Floats], None]]:
    """Gives the function that takes each block: it appends to a lossless file, or does nothing when there is no excerpt."""
    import soundfile

    files: list[Any] = []

    def write(block: Floats) -> None:
        if excerpt is None or not len(block):
            return
        if not files:
            kind = ("FLAC", FLAC_BITS) if reader.channels <= FLAC_CHANNELS else ("WAV", "FLOAT")
            files.append(soundfile.SoundFile(excerpt, "w", reader.rate, reader.channels, kind[1], format=kind[0]))
        files[0].write(block)

    try:
        yield write
    finally:
        for file in files:
            file.close()


def _excerpt_suffix(channels: int) -> str:
    return ".flac" if channels <= FLAC_CHANNELS else ".wav"


def _check_heard(path: Path, heard: _Heard, start: float) -> None:
    """Refuse what was heard when it is no song."""
    if not heard.samples:
        raise UserError(f"the start at {start:g} s lies beyond the end of {path.name}, which is {heard.position / heard.rate:.2f} s long")
    part = f"the part of {path.name} from {start:g} s" if start > 0 else path.name
    if heard.seconds < LEAST_SECONDS:
        length = "one sample" if heard.samples == 1 else f"{heard.seconds:.3f} s"
        raise MediaError(f"{part} is {length} long; at least {LEAST_SECONDS:g} s is needed")
    if heard.peak < SILENT_PEAK:
        level = f"its loudest sample is {20 * np.log10(heard.peak):.0f} dBFS" if heard.peak else "every sample is zero"
        raise MediaError(f"{part} is silent: {level}, and a song rises above {SILENT_DB:.0f} dBFS")


def _damage(path: Path, facts: Probe, heard: _Heard, *, reached_end: bool) -> list[Note]:
    """A note when part of the file could not be decoded, with how much."""
    lost = []
    played = heard.position / heard.rate
    claimed = claimed_seconds(path, facts) if reached_end else 0.0
    if played < claimed - LOST_SECONDS:
        lost.append(f"{claimed - played:.1f} s of the {claimed:.1f} s that it says it has are missing")
    if heard.damaged:
        lost.append(f"{heard.damaged} {'piece' if heard.damaged == 1 else 'pieces'} could not be decoded")
    if not lost:
        return []
    return [Note(stage="ingest", took=f"the {played:.1f} s that can be played", because=f"{path.name} is damaged: {' and '.join(lost)}")]


def _tag_notes(tags: Tags) -> list[Note]:
    if not tags.unread:
        return []
    return [Note(stage="ingest", took="the file name as the title, and no cover or lyrics", because=f"the tags cannot be read: {tags.unread}")]


def _cover(tags: Tags, store: Store, notes: list[Note]) -> MediaRef | None:
    """The cover art in the store, when it decodes."""
    if not tags.cover:
        return None
    try:
        return store.put_bytes(tags.cover, picture_suffix(tags.cover))
    except ValueError as error:
        notes.append(Note(stage="ingest", took="no cover art", because=f"the picture in the tags cannot be used: {error}"))
        return None


def _shifted(timed: tuple[TimedText, ...], start: float, duration: float) -> tuple[TimedText, ...]:
    """Synchronised lyrics on the master's time; those outside it are left out."""
    moved = ((line.start - start, line.text) for line in timed)
    return tuple(TimedText(start=time, text=text) for time, text in moved if 0 <= time < duration)


def _suffix(path: Path, facts: Probe) -> str:
    """The suffix that the content deserves, whatever the file is called."""
    own = path.suffix.lower()
    if facts.container == "mp4":
        return own if own in {".mp4", ".mov", ".m4a", ".m4v"} else ".mp4" if facts.video else ".m4a"
    if facts.container == "ogg":
        return ".opus" if facts.audio is not None and facts.audio.codec == "opus" else ".ogg"
    if facts.container == "matroska":
        return ".webm" if own == ".webm" else ".mkv"
    return SUFFIXES.get(facts.container, own if re.fullmatch(r"\.[a-z0-9]{1,8}", own) else "")
