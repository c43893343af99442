"""How a song feels, in four numbers in [0, 1], by plain rules.

* energy: how loud and dense the loud passages are;
* brightness: how high the spectrum's centre lies;
* arousal: calm to excited, from tempo, attacks, loudness that stays up, and brightness;
* valence: sad to happy, from the mode, then tempo, brightness and how much it moves.

The weights follow what listeners' ratings go with (Eerola & Vuoskoski 2013, "A review of music and emotion studies"): the mode
for valence, tempo and loudness for arousal. They are rules of thumb and not a measurement of anyone's feelings.
"""

from dataclasses import dataclass

import numpy as np

from songreel.audio.dynamics import LEVELS, STRIKES, centroid, strikes
from songreel.audio.key import Key
from songreel.audio.spectra import Spectra

QUIET_LUFS, LOUD_LUFS = -30.0, -8.0
SLOW, FAST = 60.0, 170.0  # bpm
MOST_ATTACKS = 7.0  # a second
DARK, BRIGHT = 9.0, 11.8  # octaves above 1 Hz of the centroid: 512 Hz, 3.6 kHz
MOST_RANGE = 20.0  # dB between soft and loud passages at which a song is all contrast
ATTACK = 0.15  # of the loudest attacks; weaker ones do not count
ATTACK_GAP = 0.06  # seconds between two attacks
TINY = 1e-9


@dataclass(frozen=True)
class Mood:
    """Four numbers in [0, 1]."""

    energy: float
    brightness: float
    valence: float
    arousal: float


def find_mood(spectra: Spectra, key: Key, tempo: float, loudness: float) -> Mood:
    """How a song feels.

    Args:
        spectra: the song.
        key: its key.
        tempo: beats a minute.
        loudness: integrated loudness in LUFS.
    """
    level = spectra.band(*LEVELS["loudness"])
    if not level.max() > TINY:
        return Mood(0.0, 0.0, 0.5, 0.0)
    loud = _share(loudness, QUIET_LUFS, LOUD_LUFS)
    pace = _share(float(np.log2(max(tempo, 1.0))), np.log2(SLOW), np.log2(FAST))
    density = min(_attacks(spectra) / MOST_ATTACKS, 1.0)
    octaves = centroid(spectra)
    bright = _share(float(np.average(octaves, weights=level)), DARK, BRIGHT)
    decibels = 20 * np.log10(level + TINY)
    steady = 1 - _share(float(np.subtract(*np.percentile(decibels, [95, 20]))), 3.0, MOST_RANGE)
    major = (0.5 + 0.5 * key.confidence) if key.mode == "major" else (0.5 - 0.5 * key.confidence)
    return Mood(
        energy=_mix((0.5, loud), (0.35, density), (0.15, steady)),
        brightness=bright,
        valence=_mix((0.5, major), (0.2, pace), (0.15, bright), (0.15, density)),
        arousal=_mix((0.3, pace), (0.3, density), (0.25, loud), (0.15, bright)),
    )


def _attacks(spectra: Spectra) -> float:
    """Attacks a second, over the bands of the drums and the middle."""
    total = np.sum([np.sqrt(strikes(spectra, band)) for band in (*STRIKES.values(), LEVELS["mid"])], axis=0)
    gap = max(round(ATTACK_GAP * spectra.frame_rate), 1)
    padded = np.pad(total, gap)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * gap + 1).max(axis=1)
    peaks = (total >= around) & (total > ATTACK * float(np.percentile(total, 99.5)) + TINY)
    return float(peaks.sum() / max(spectra.duration, 1.0))


def _share(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))


def _mix(*parts: tuple[float, float]) -> float:
    return float(np.clip(sum(weight * value for weight, value in parts), 0, 1))
