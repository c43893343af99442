"""The spectra that every listener shares, computed once.

Frames are centred: frame ``i`` looks at the samples around ``i * hop``, with silence beyond the song's ends. Magnitudes are of a
Hann window scaled so that a sine of amplitude 1 reads 1. Two resolutions: ``fast`` for when, ``long`` for which pitch.
"""

import contextlib
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.fft
from numpy.typing import NDArray

Floats = NDArray[np.float32]

RATE = 22050  # Hz; everything the listeners need lies below 11 kHz
FAST_SIZE, FAST_HOP = 1024, 256  # samples: 46 ms windows 86 times a second
LONG_SIZE, LONG_HOP = 4096, 1024  # samples: 186 ms windows 21.5 times a second, bins 5.4 Hz apart
BLOCK_SAMPLES = 1 << 18  # windowed samples transformed at a time, so that a block stays in the processor's cache
DISK_SAMPLES = 20 * 60 * RATE
"""Songs longer than this keep their spectra in an unnamed file that the system may page out, not in memory."""


@dataclass(frozen=True, eq=False)
class Spectra:
    """One song's magnitude spectra.

    Attributes:
        samples: mono audio, shape (n,), float32 at `rate`.
        fast: magnitudes, shape (frames, 513), float32; `hop` samples apart.
        long: magnitudes, shape (long frames, 2049), float32; `long_hop` samples apart.
    """

    samples: Floats
    fast: Floats
    long: Floats
    rate: int = RATE
    hop: int = FAST_HOP
    long_hop: int = LONG_HOP

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / self.rate

    @property
    def frame_rate(self) -> float:
        """Frames of `fast` a second."""
        return self.rate / self.hop

    @property
    def long_frame_rate(self) -> float:
        """Frames of `long` a second."""
        return self.rate / self.long_hop

    @cached_property
    def frequencies(self) -> Floats:
        """Bin centres of `fast` in Hz, shape (513,)."""
        return np.asarray(np.fft.rfftfreq(FAST_SIZE, 1 / self.rate), np.float32)

    @cached_property
    def long_frequencies(self) -> Floats:
        """Bin centres of `long` in Hz, shape (2049,)."""
        return np.asarray(np.fft.rfftfreq(LONG_SIZE, 1 / self.rate), np.float32)

    @cached_property
    def times(self) -> NDArray[np.float64]:
        """Frame centres of `fast` in seconds."""
        return np.arange(len(self.fast)) / self.frame_rate

    @cached_property
    def long_times(self) -> NDArray[np.float64]:
        """Frame centres of `long` in seconds."""
        return np.arange(len(self.long)) / self.long_frame_rate

    def band(self, low: float, high: float) -> Floats:
        """Root of the summed power of `fast` between two frequencies in Hz, shape (frames,)."""
        first, last = np.searchsorted(self.frequencies, [low, high])
        part = self.fast[:, first : max(last, first + 1)]
        return np.asarray(np.sqrt(np.einsum("ij,ij->i", part, part)), np.float32)


def listen(samples: Floats) -> Spectra:
    """The spectra of one song.

    Args:
        samples: mono audio, shape (n,), float32 in [-1, 1] at 22050 Hz, n at least 1.
    """
    samples = np.ascontiguousarray(samples, np.float32)
    return Spectra(samples, _magnitudes(samples, FAST_SIZE, FAST_HOP), _magnitudes(samples, LONG_SIZE, LONG_HOP))


def _magnitudes(samples: Floats, size: int, hop: int) -> Floats:
    """Magnitudes of centred Hann windows, shape (1 + n // hop, size // 2 + 1)."""
    window = (np.hanning(size + 1)[:-1] * 4 / size).astype(np.float32)
    frames = 1 + len(samples) // hop
    out = _room((frames, size // 2 + 1), on_disk=len(samples) > DISK_SAMPLES)
    per_block = BLOCK_SAMPLES // size
    for first in range(0, frames, per_block):
        last = min(first + per_block, frames)
        windows = _windows(samples, first, last, size, hop) * window
        np.abs(scipy.fft.rfft(windows, axis=1, overwrite_x=True), out=out[first:last])
    return out


def _windows(samples: Floats, first: int, last: int, size: int, hop: int) -> Floats:
    """Frames ``first`` to ``last``, shape (last - first, size), with silence beyond the song."""
    start, stop = first * hop - size // 2, (last - 1) * hop + size // 2
    inside = samples[max(start, 0) : min(stop, len(samples))]
    padded = np.pad(inside, (max(-start, 0), max(stop - len(samples), 0)))
    return np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]


def _room(shape: tuple[int, int], on_disk: bool) -> Floats:
    """Room for an array; in memory where the disk has none."""
    if on_disk and hasattr(os, "posix_fallocate"):
        with tempfile.TemporaryFile() as file, contextlib.suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, 4 * shape[0] * shape[1])  # a full disk would otherwise kill the process later
            return np.memmap(file, np.float32, "r+", shape=shape)
    return np.empty(shape, np.float32)
