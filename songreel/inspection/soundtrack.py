"""The film's sound against the master: where it lies and whether it is the same.

Offsets are in seconds, positive when the film's sound is late against its picture. Both sounds are compared at 11,025 Hz, which a lossy
delivery codec leaves nearly whole.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from songreel.inspection.kinds import Floats
from songreel.media.sound import decode

RATE = 11_025
"""Hz; one sample is 0.09 ms, and the peak is found to a fraction of it."""
WINDOWS = 8
"""Places along the song where the offset is measured, so that drift is seen."""
WINDOW = 6.0
"""Seconds of each."""
FARTHEST = 1.5
"""Seconds of offset that are looked for."""
SILENT = 1e-4
"""RMS below which nothing can be compared: -80 dBFS."""
BLOCK = 0.5
"""Seconds over which the sounds are held against each other once they are lined up."""
DIFFERENT = 0.1
"""Share of a block's power that the difference must reach (-10 dB); AAC at 128 kbit/s leaves under 0.01."""
QUIET_SHARE = 0.01
"""Blocks are held to at least this share of the song's mean power: in near silence a codec's noise says nothing."""


@dataclass(frozen=True)
class SoundMatch:
    """The film's sound against the master.

    ``offsets``: (time of its middle in the song, offset in seconds, correlation) of each window. ``alike``: correlation over the whole song.
    ``gain_db``: level of the film's sound over the master's. ``altered``: seconds of the blocks where the two differ.
    ``levels``: RMS of the master over each `BLOCK`. ``silent``: the master has nothing to compare.
    Durations in seconds; ``film_start`` is when the film's sound begins against its picture.
    """

    film_duration: float
    master_duration: float
    film_start: float
    offsets: tuple[tuple[float, float, float], ...]
    alike: float
    gain_db: float
    altered: tuple[float, ...]
    silent: bool
    levels: tuple[float, ...] = ()

    @property
    def offset(self) -> float:
        """The largest offset of any window, seconds, with its sign."""
        return max((offset for _, offset, _ in self.offsets), key=abs, default=self.film_start)


def match(film: Path, master: Path, film_start: float) -> SoundMatch:
    """Hold the film's decoded sound against the master's.

    Args:
        film: the delivered file; it has a sound stream.
        master: the song.
        film_start: seconds from the first picture to the first decoded sound sample.
    """
    ours, theirs = decode(film, rate=RATE), decode(master, rate=RATE)
    a, b = _channels(ours.samples), _channels(theirs.samples)
    if a.shape[1] != b.shape[1]:
        a, b = a.mean(axis=1, keepdims=True), b.mean(axis=1, keepdims=True)
    offsets = tuple(_windows(a, b, film_start))
    common = min(len(a), len(b))
    silent = common == 0 or _rms(b[:common]) < SILENT
    shift = round((float(np.median([offset for _, offset, _ in offsets])) - film_start) * RATE) if offsets else 0
    alike, gain, altered = (1.0 if _rms(a) < SILENT else 0.0, 0.0, ()) if silent else _compare(*_lined_up(a, b, shift))
    return SoundMatch(ours.duration, theirs.duration, film_start, offsets, alike, gain, altered, silent, _levels(b))


def _levels(samples: Floats) -> tuple[float, ...]:
    """RMS over each `BLOCK` of a sound, shape (n, channels)."""
    size = round(BLOCK * RATE)
    return tuple(_rms(samples[first : first + size]) for first in range(0, len(samples), size))


def _channels(samples: Floats) -> Floats:
    return samples[:, None] if samples.ndim == 1 else samples


def _rms(samples: Floats) -> float:
    return float(np.sqrt((samples.astype(np.float64) ** 2).mean())) if samples.size else 0.0


def _windows(a: Floats, b: Floats, film_start: float) -> list[tuple[float, float, float]]:
    common = min(len(a), len(b))
    length = min(common, round(WINDOW * RATE))
    firsts = np.unique(np.linspace(0, common - length, WINDOWS).astype(int))
    mixed, found = a.mean(axis=1), []
    for first in firsts:
        piece = b[first : first + length].mean(axis=1)
        if _rms(piece) >= SILENT:
            shift, alike = best_shift(mixed, piece, int(first), round(FARTHEST * RATE))
            found.append((float((first + length / 2) / RATE), shift / RATE + film_start, alike))
    return found


def best_shift(sound: Floats, piece: Floats, first: int, farthest: int) -> tuple[float, float]:
    """Samples by which ``piece``, due at ``first``, lies late in ``sound``, to a fraction of a sample, and how alike they are there.

    Args:
        sound: shape (n,).
        piece: shape (m,), not silent.
        first: where it should begin.
        farthest: shifts of up to this many samples either way are tried.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    reach = np.zeros(len(piece) + 2 * farthest, np.float32)
    begin, stop = max(first - farthest, 0), min(first + len(piece) + farthest, len(sound))
    if stop > begin:
        reach[begin - first + farthest : stop - first + farthest] = sound[begin:stop]
    size = next_fast_len(len(reach) + len(piece), real=True)
    product = irfft(rfft(reach, size) * np.conj(rfft(piece, size)), size)[: 2 * farthest + 1]
    energy = np.concatenate([[0.0], np.cumsum(reach.astype(np.float64) ** 2)])
    local = energy[len(piece) :][: 2 * farthest + 1] - energy[: 2 * farthest + 1]
    floor = len(piece) * SILENT**2
    likeness = product / np.sqrt(np.maximum(local, floor) * float((piece.astype(np.float64) ** 2).sum()))
    peak = int(likeness.argmax())
    return peak - farthest + _summit(likeness, peak), float(likeness[peak])


def _summit(values: Floats, peak: int) -> float:
    """Where between samples a parabola through the peak and its neighbours is highest."""
    if not 0 < peak < len(values) - 1:
        return 0.0
    left, top, right = values[peak - 1 : peak + 2]
    bend = left - 2 * top + right
    return float(0.5 * (left - right) / bend) if bend < 0 else 0.0


def _lined_up(a: Floats, b: Floats, shift: int) -> tuple[Floats, Floats]:
    a, b = (a[shift:], b) if shift >= 0 else (a, b[-shift:])
    common = min(len(a), len(b))
    return a[:common], b[:common]


def _compare(a: Floats, b: Floats) -> tuple[float, float, tuple[float, ...]]:
    """Correlation, gain in dB and the seconds of differing blocks of two lined-up sounds, shape (n, channels) each."""
    size = round(BLOCK * RATE)
    edges = [*range(0, max(len(a) // size, 1) * size, size), len(a)]
    sums = np.array([_products(a[first:last], b[first:last]) for first, last in pairwise(edges)])
    ours, theirs, product = sums.sum(axis=0)
    gain = max(product / max(theirs, 1e-12), 1e-4)
    error = sums[:, 0] - 2 * gain * sums[:, 2] + gain**2 * sums[:, 1]
    level = gain**2 * sums[:, 1]
    different = error > DIFFERENT * np.maximum(level, level.mean() * QUIET_SHARE)
    alike = float(product / np.sqrt(max(ours * theirs, 1e-12)))
    return alike, float(20 * np.log10(gain)), tuple(float(k * BLOCK) for k in np.flatnonzero(different))


def _products(a: Floats, b: Floats) -> tuple[float, float, float]:
    """Sums of a x a, b x b and a x b."""
    x, y = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
    return float(x @ x), float(y @ y), float(x @ y)
