"""Four stems without weights: masks on a spectrogram, block by block, and whatever they leave in `other`.

Audio goes through in blocks with margins as wide as the masks look, so memory does not grow with the song and no seam is heard.
Stems are whole 24-bit numbers, and `other` is the mix less the rest, so that they sum to the mix to the last bit.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from schemas import Note, Song, Stems
from songreel.audio.masks import REACH, masks
from songreel.errors import MediaError
from songreel.media.opening import opened
from songreel.media.sound import SoundReader
from songreel.storage.store import Store

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]

WINDOW = 0.093  # seconds
OVERLAP = 4  # windows over each sample
BLOCK = 10.0  # seconds separated at a time
WORKERS = 2
FULL_SCALE = 1 << 23  # 24 bits
MOST_CHANNELS = 8  # of a FLAC file
QUIETEST = -200.0  # dB; what an exact sum is reported as
NAMES = ("vocals", "drums", "bass", "other")
NOTE = Note(stage="separate", took="signal-processing stems", because="no separation model is installed")


@dataclass(frozen=True)
class Block:
    """Samples to separate, shape (n, channels), and which of them to keep."""

    samples: Floats
    first: int
    last: int


def separate(song: Song, store: Store) -> Stems:
    """Vocals, drums, bass and other, as long as the master and at its rate.

    Raises:
        MediaError: the master cannot be decoded, or has more channels than a FLAC file holds.
    """
    if song.channels > MOST_CHANNELS:
        raise MediaError(f"{song.name} has {song.channels} channels; at most {MOST_CHANNELS} can be separated: mix it to stereo")
    with store.workspace() as folder:
        residual = _write_stems(_decoded(store.get(song.master)), song, folder)
        refs = {name: store.put_file(folder / f"{name}.flac") for name in NAMES}
    return Stems(**refs, sample_rate=song.sample_rate, method="dsp", residual_db=residual, notes=(NOTE,))


def split(samples: Floats, rate: int) -> dict[str, Floats]:
    """Vocals, drums and bass of a piece of audio, shape (n, channels), each of the same shape."""
    size = _window_size(rate)
    hop = size // OVERLAP
    window = np.sqrt(np.hanning(size + 1)[:-1]).astype(np.float32)
    padded = np.pad(samples, ((size, size + (-len(samples)) % hop), (0, 0)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size, axis=0)[::hop]
    spectrum = scipy.fft.rfft(frames * window, axis=2)
    found = masks(spectrum, np.fft.rfftfreq(size, 1 / rate).astype(np.float32))
    return {name: _sound(spectrum * getattr(found, name)[:, None, :], window, hop)[size : size + len(samples)] for name in NAMES[:3]}


def _window_size(rate: int) -> int:
    """Samples of a window: the power of two nearest to `WINDOW` seconds."""
    return int(2 ** round(np.log2(WINDOW * rate)))


def _sound(spectrum: NDArray[np.complex64], window: Floats, hop: int) -> Floats:
    """Samples of a spectrogram of windowed frames, shape (n, channels)."""
    size = len(window)
    frames = scipy.fft.irfft(spectrum, n=size, axis=2, overwrite_x=True)
    frames *= window * np.float32(2 * hop / size)
    count, channels, _ = frames.shape
    out = np.zeros((size + hop * (count - 1), channels), np.float32)
    for part in range(size // hop):
        piece = frames[:, :, part * hop : (part + 1) * hop].transpose(0, 2, 1).reshape(-1, channels)
        out[part * hop : part * hop + len(piece)] += piece
    return out


def _write_stems(pieces: Iterable[Floats], song: Song, folder: Path) -> float:
    """Write the four files; returns the level of what their sum lacks, in dB of the mix."""
    import soundfile

    hop = _window_size(song.sample_rate) // OVERLAP
    block = max(round(BLOCK * song.sample_rate / hop), 1) * hop
    margin = (REACH + OVERLAP) * hop
    lost = total = 0.0
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(
                soundfile.SoundFile(folder / f"{name}.flac", "w", song.sample_rate, song.channels, "PCM_24", compression_level=0)
            )
            for name in NAMES
        }
        pool = stack.enter_context(ThreadPoolExecutor(WORKERS))
        for mix, stems in _in_order(pool, lambda b: _separated(b, song.sample_rate), _blocks(pieces, block, margin)):
            for name, track in stems.items():
                files[name].write(track << 8)
            total += float(np.sum(mix.astype(np.float64) ** 2))
            lost += float(np.sum((mix.astype(np.float64) * FULL_SCALE - sum(t.astype(np.int64) for t in stems.values())) ** 2)) / FULL_SCALE**2
    return max(10 * np.log10(lost / total), QUIETEST) if lost and total else QUIETEST


def _decoded(path: Path) -> Iterator[Floats]:
    """The file's sound piece by piece, each shape (n, channels)."""
    with opened(path) as container:
        reader = SoundReader(container)
        yield from reader.blocks()
    if not reader.rate:
        raise MediaError(f"{path.name} cannot be separated: no sound in it can be decoded")


def _blocks(pieces: Iterable[Floats], size: int, margin: int) -> Iterator[Block]:
    """Blocks of `size` samples to keep, with `margin` samples on either side; silence beyond the song's ends."""
    parts: list[Floats] = []
    have = 0
    for piece in pieces:
        if not parts:
            parts.append(np.zeros((margin, piece.shape[1]), np.float32))
            have = margin
        parts.append(piece)
        have += len(piece)
        while have >= size + 2 * margin:
            held = np.concatenate(parts)
            yield Block(held[: size + 2 * margin], margin, margin + size)
            parts, have = [held[size:]], have - size
    if have > margin:
        held = np.concatenate(parts)
        yield Block(np.pad(held, ((0, margin), (0, 0))), margin, have)


def _in_order(
    pool: ThreadPoolExecutor, work: Callable[[Block], tuple[Floats, dict[str, Whole]]], blocks: Iterable[Block]
) -> Iterator[tuple[Floats, dict[str, Whole]]]:
    """Results in the order of the blocks, with no more blocks in memory than workers can use."""
    waiting: deque[Future[tuple[Floats, dict[str, Whole]]]] = deque()
    for block in blocks:
        waiting.append(pool.submit(work, block))
        if len(waiting) > WORKERS:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _separated(block: Block, rate: int) -> tuple[Floats, dict[str, Whole]]:
    """The kept part of a block and its stems."""
    found = split(block.samples, rate)
    mix = block.samples[block.first : block.last]
    return mix, whole(mix, {name: track[block.first : block.last] for name, track in found.items()})


def whole(mix: Floats, tracks: dict[str, Floats]) -> dict[str, Whole]:
    """Tracks in 24 bits, with the rest of the mix in `other`; what does not fit there goes to the others."""
    whole = {name: _fitting(np.rint(track * FULL_SCALE)) for name, track in tracks.items()}
    rest = np.rint(mix * FULL_SCALE).astype(np.int64) - sum(whole.values())
    for name, track in list(whole.items()):
        beyond = rest - _fitting(rest)
        if not beyond.any():
            break
        fuller = _fitting(track + beyond)
        rest -= fuller - track
        whole[name] = fuller
    return whole | {"other": _fitting(rest)}


def _fitting(values: NDArray[np.generic]) -> Whole:
    """Values as 24-bit numbers, held at the ends of their range."""
    return np.asarray(np.clip(values, -FULL_SCALE, FULL_SCALE - 1), np.int32)
