"""How fast: the strength of every tempo over time, the tempi worth trying, and a tempo that may wander."""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from songreel.audio.spectra import Floats

Doubles = NDArray[np.float64]

SLOWEST, FASTEST = 40.0, 240.0  # beats a minute
PER_OCTAVE = 48  # tempi in an octave
TEMPI = SLOWEST * 2 ** (np.arange(int(np.log2(FASTEST / SLOWEST) * PER_OCTAVE) + 1) / PER_OCTAVE)
"""Beats a minute, log-spaced."""
WINDOW, STEP = 8.0, 1.0  # s of onsets looked at, and between looks
KEPT_UP = 20.0  # s over which a tempo has to be kept up to be a pulse
ECHOES = (1.0, 0.7, 0.5, 0.35)  # weights of the onsets' likeness one, two, three, four beats later
COMMON = 118.0  # beats a minute
SLOWEST_TRIED, FASTEST_TRIED = 48.0, 220.0  # beats a minute
RATIOS = (1.0, 2.0, 0.5, 1.5, 2 / 3, 3.0, 1 / 3, 4 / 3, 0.75)  # mistaken readings of a tempo, likeliest first
PEAKS, TRIED = 6, 14  # tempi taken from the tempogram, and tried with their ratios
APART = 0.045  # octaves between tempi tried
PATH_GAIN, PATH_WIDTH, PATH_JUMP = 6.0, 0.25, 0.35  # weight of strength, octaves about the base, cost of a jump per bin


@dataclass(frozen=True, eq=False)
class Tempogram:
    """Strength of each of `TEMPI` over time, each look scaled to at most 1; shape (looks, tempi), a look every `STEP` seconds."""

    strengths: Doubles
    clarity: float
    """Likeness of the onsets to themselves a beat later, 0 to 1: about 0.1 for noise."""


def find_tempogram(onsets: Floats, rate: float) -> Tempogram:
    """Local autocorrelation of an onset curve, read at each tempo's beat and its multiples."""
    width = int(WINDOW * rate)
    size = scipy.fft.next_fast_len(2 * width)
    padded = np.pad(onsets, (width // 2, width))
    starts = (np.arange(max(1, int(len(onsets) / rate / STEP) + 1)) * STEP * rate).astype(int)
    looks = padded[np.minimum(starts[:, None] + np.arange(width), len(padded) - 1)]
    looks = (looks - looks.mean(1, keepdims=True)) * np.hanning(width).astype(np.float32)
    likeness = scipy.fft.irfft(np.abs(scipy.fft.rfft(looks, size, axis=1)) ** 2, axis=1)
    likeness = likeness / np.maximum(likeness[:, :1], 1e-9)
    lags = 60 * rate / TEMPI
    reach = [np.interp(lags * (echo + 1), np.arange(width), np.arange(width)) for echo in range(len(ECHOES))]
    strengths = sum(weight * _read(likeness, lag) for weight, lag in zip(ECHOES, reach, strict=True)) / sum(ECHOES)
    strengths = np.maximum(strengths, 0)
    return Tempogram(strengths / np.maximum(strengths.max(1, keepdims=True), 1e-9), _clarity(strengths))


def _clarity(strengths: Doubles) -> float:
    """Strength of the tempo that stretches of the song keep up, the mean of all stretches but the quarter with the least."""
    stretches = np.array_split(strengths, max(1, round(len(strengths) * STEP / KEPT_UP)))
    kept = np.sort([stretch.mean(0).max() for stretch in stretches])
    return float(np.mean(kept[len(kept) // 4 :]))


def _read(rows: Doubles, at: Doubles) -> Doubles:
    """Each row read at fractional columns."""
    left = np.minimum(at.astype(int), rows.shape[1] - 2)
    share = at - left
    return np.asarray(rows[:, left] * (1 - share) + rows[:, left + 1] * share)


def tempi_to_try(tempogram: Tempogram) -> tuple[float, ...]:
    """The strongest tempi and what they may have been mistaken for, in beats a minute."""
    mean = tempogram.strengths.mean(0)
    inner = np.arange(2, len(mean) - 2)
    peaks = [i for i in inner if mean[i] == mean[i - 2 : i + 3].max() and mean[i] > 0]
    peaks = sorted(peaks, key=lambda i: -mean[i] * prior(float(TEMPI[i]), width=1.2))[:PEAKS]
    tried: list[float] = []
    for ratio in RATIOS:
        for peak in peaks:
            tempo = float(TEMPI[peak] * ratio)
            if SLOWEST_TRIED <= tempo <= FASTEST_TRIED and all(abs(np.log2(tempo / other)) > APART for other in tried):
                tried.append(tempo)
    return tuple(tried[:TRIED]) or (COMMON,)


def prior(tempo: float, width: float = 1.0) -> float:
    """How common a tempo is; ``width`` is a standard deviation in octaves."""
    return float(np.exp(-0.5 * (np.log2(tempo / COMMON) / width) ** 2))


def follow(tempogram: Tempogram, bases: tuple[float, ...]) -> Doubles:
    """The likeliest wandering tempo about each base, shape (bases, looks), in beats a minute (Viterbi)."""
    about = -0.5 * (np.log2(TEMPI[None] / np.array(bases)[:, None]) / PATH_WIDTH) ** 2
    gain = PATH_GAIN * tempogram.strengths
    bins = np.arange(len(TEMPI))
    jumps = -PATH_JUMP * np.abs(bins[:, None] - bins[None])
    best = gain[0] + about
    came = np.zeros((len(gain), len(bases), len(TEMPI)), np.int16)
    for look in range(1, len(gain)):
        options = best[:, None, :] + jumps[None]
        came[look] = options.argmax(2)
        best = options.max(2) + gain[look] + about
    path = np.zeros((len(bases), len(gain)), int)
    path[:, -1] = best.argmax(1)
    for look in range(len(gain) - 1, 0, -1):
        path[:, look - 1] = came[look, np.arange(len(bases)), path[:, look]]
    return np.asarray(TEMPI[path])
