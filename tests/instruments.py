"""Instruments of the made songs: a few lines of numpy each, with the attacks and spectra of the real ones."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import scipy.signal
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@lru_cache(maxsize=64)
def drum(instrument: str, rate: int) -> Floats:
    """One hit, float32, at full loudness."""
    rng = np.random.default_rng(ord(instrument))
    make: Callable[[NDArray[np.float64], np.random.Generator, int], NDArray[np.float64]] = HITS[instrument]
    t = np.arange(int(rate * (1.5 if instrument == "c" else 0.4))) / rate
    return np.asarray(make(t, rng, rate) * np.minimum(1, (len(t) - np.arange(len(t))) / 64), np.float32)


def _noise(t: NDArray[np.float64], rng: np.random.Generator, rate: int, low: float, high: float) -> NDArray[np.float64]:
    nyquist = rate / 2
    sos = scipy.signal.butter(2, [low / nyquist, min(high / nyquist, 0.99)], "bandpass", output="sos")
    return np.asarray(scipy.signal.sosfilt(sos, rng.standard_normal(len(t))))


HITS = {
    "k": lambda t, g, r: (
        np.sin(2 * np.pi * (48 * t + 3.2 * (1 - np.exp(-t * 35)))) * np.exp(-t * 11) + 0.15 * _noise(t, g, r, 1500, 5000) * np.exp(-t * 250)
    ),
    "s": lambda t, g, r: 0.5 * np.sin(2 * np.pi * 190 * t) * np.exp(-t * 25) + 0.8 * _noise(t, g, r, 900, 8000) * np.exp(-t * 17),
    "h": lambda t, g, r: _noise(t, g, r, 6000, 10900) * np.exp(-t * 60),
    "o": lambda t, g, r: _noise(t, g, r, 5500, 10900) * np.exp(-t * 12),
    "r": lambda t, g, r: _noise(t, g, r, 4000, 10900) * np.exp(-t * 9) * 0.6 + 0.2 * np.sin(2 * np.pi * 3300 * t) * np.exp(-t * 12),
    "t": lambda t, g, r: np.sin(2 * np.pi * (95 * t + 0.8 * (1 - np.exp(-t * 20)))) * np.exp(-t * 9),
    "c": lambda t, g, r: _noise(t, g, r, 3000, 10900) * np.exp(-t * 3),
}  # fmt: skip
TIMBRES = {  # loudness of partials, attack s, decay per s
    "plucked": ([1, 0.6, 0.4, 0.3, 0.2, 0.1], 0.003, 3.5),
    "struck": ([1, 0.4, 0.25, 0.12, 0.1, 0.05], 0.006, 1.8),
    "soft": ([1, 0.5, 0.3, 0.1], 0.12, 0.0),
    "organ": ([1, 0.8, 0.1, 0.5, 0.0, 0.3], 0.02, 0.0),
    "bass": ([1, 0.5, 0.3, 0.15, 0.1], 0.008, 1.5),
    "voice": ([0.7, 1, 0.8, 0.6, 0.3, 0.35, 0.3, 0.12, 0.08], 0.05, 0.2),
}


@lru_cache(maxsize=4096)
def tone(note: int, hundredths: int, timbre: str, rate: int) -> Floats:
    """One note, float32, at full loudness."""
    partials, attack, decay = TIMBRES[timbre]
    release = 0.08
    t = np.arange(int(rate * (hundredths / 100 + release))) / rate
    wobble = 0.25 * np.sin(2 * np.pi * 5.5 * t) * np.minimum(1, t / 0.3) if timbre == "voice" else 0.0  # vibrato, radians at the root
    frequency = 440 * 2 ** ((note - 69) / 12)
    phase = 2 * np.pi * frequency * t + wobble * 6
    wave = sum(
        level * np.sin((i + 1) * phase) * np.exp(-t * decay * (1 + 0.5 * i)) for i, level in enumerate(partials) if frequency * (i + 1) < rate / 2.2
    )
    if timbre == "voice":
        breath = np.random.default_rng(note).standard_normal(len(t)) * np.exp(-t * 18)
        wave = wave + 0.25 * breath
    envelope = np.minimum(1, t / attack) * np.clip((t[-1] - t) / release, 0, 1)
    return np.asarray(wave * envelope, np.float32)
