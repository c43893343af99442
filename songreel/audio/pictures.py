"""The sound of each frame as shaders look it up: a row of spectrum and a row of samples, as bytes."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from songreel.audio.spectra import Spectra

BANDS = 64
LOWEST, HIGHEST = 40.0, 10_000.0  # Hz; bands are evenly spaced in octaves
RANGE_DB = 60.0  # from the song's loudest band to nothing
SAMPLES = 128  # of each frame's waveform
STEP = 4  # samples of the audio between two of a row's

Bytes = NDArray[np.uint8]


def sound_rows(spectra: Spectra, fps: Fraction, frames: int) -> dict[str, Bytes]:
    """``spectrum`` (frames, 64), low notes first, 255 the song's loudest; ``wave`` (frames, 128), 128 is silence."""
    return {"spectrum": _spectrum(spectra, fps, frames), "wave": _wave(spectra, fps, frames)}


def _spectrum(spectra: Spectra, fps: Fraction, frames: int) -> Bytes:
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 1)
    bins = np.searchsorted(spectra.frequencies, edges)
    at = np.minimum((np.arange(frames) / float(fps) * spectra.frame_rate).round().astype(int), len(spectra.fast) - 1)
    power = np.empty((frames, BANDS), np.float32)
    for band, (low, high) in enumerate(zip(bins[:-1], np.maximum(bins[1:], bins[:-1] + 1), strict=True)):
        power[:, band] = spectra.fast[at, low:high].max(axis=1)
    level = 20 * np.log10(np.maximum(power, 1e-9) / max(float(power.max()), 1e-9))
    return np.asarray(np.clip(1 + level / RANGE_DB, 0, 1) * 255, np.uint8)


def _wave(spectra: Spectra, fps: Fraction, frames: int) -> Bytes:
    start = (np.arange(frames) / float(fps) * spectra.rate).round().astype(int)
    index = start[:, None] + np.arange(SAMPLES)[None, :] * STEP
    samples = np.where(index < len(spectra.samples), spectra.samples[np.minimum(index, len(spectra.samples) - 1)], 0)
    return np.asarray(np.clip(0.5 + 0.5 * samples, 0, 1) * 255, np.uint8)
