"""Tells vocals, drums and bass apart in a spectrogram, without weights, by how each of them looks there.

Drums are narrow in time and wide in frequency, tones the other way round: medians along either axis keep one and lose the other
(Fitzgerald 2010, "Harmonic/percussive separation using median filtering"). Of the tones, those below `BASS_TOP` are bass; a voice
glides and trembles, so it passes a short median along time but not a long one (Fitzgerald & Gainza 2010, "Single channel vocal
separation using median filtering and factorisation techniques"), and it is mixed to the centre. The masks are shares of power.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHORT = (1, 3)  # steps of the medians along time, frames: together 9 frames, 0.2 s
LONG = (27,)  # on top of the short ones: 1.2 s; longer than a sung note, shorter than chords that come back
WIDE = (1, 3, 9)  # along frequency, bins: 27 bins, 290 Hz
BASS_TOP, BASS_SLOPE = 220.0, 6  # Hz, order of the slope
VOICE_LOW, VOICE_HIGH, VOICE_SLOPE = 150.0, 6000.0, 8  # Hz, order of the slopes
CENTRE_POWER = 2.0  # sharpness of the share of what is in the centre
STEADY_VOICE, STEADY_VOICE_MONO = 0.5, 0.3  # share of the steady tones in the voice's range and place that is still the voice
TINY = 1e-12

REACH = 32  # frames on either side that a mask depends on


@dataclass(frozen=True)
class Masks:
    """Shares of power in [0, 1], shape (frames, bins); the rest is `other`."""

    vocals: Floats
    drums: Floats
    bass: Floats


def masks(spectrum: NDArray[np.complex64], frequencies: Floats) -> Masks:
    """How much of each cell of a spectrogram is vocals, drums and bass.

    Args:
        spectrum: shape (frames, channels, bins), frames about 23 ms apart of windows of about 93 ms.
        frequencies: of the bins in Hz, shape (bins,).
    """
    power = np.mean(spectrum.real**2 + spectrum.imag**2, axis=1)
    level = np.sqrt(power)
    short = remedian(level, 0, SHORT)
    steady = remedian(short, 0, LONG)
    quick = np.maximum(short - steady, 0) ** 2
    steady **= 2
    low = _below(frequencies, BASS_TOP, BASS_SLOPE)
    struck = remedian(level, 1, WIDE) ** 2 * (1 - low) + np.maximum(level - short, 0) ** 2 * low
    drums = struck / (struck + steady + quick + TINY)
    tones = 1 - drums
    return Masks(tones * (1 - low) * _voice_share(spectrum, frequencies, quick, steady), drums, tones * low)


def remedian(levels: Floats, axis: int, steps: tuple[int, ...]) -> Floats:
    """Medians of three, `step` apart, one upon the other: near a median of 3 ** len(steps) cells and far quicker.

    Source: Rousseeuw & Bassett 1990, "The remedian".
    """
    for step in steps:
        width = [(step, step) if number == axis else (0, 0) for number in range(levels.ndim)]
        padded = np.pad(levels, width, mode="edge")
        before, after = (padded[: -2 * step], padded[2 * step :]) if axis == 0 else (padded[:, : -2 * step], padded[:, 2 * step :])
        levels = np.maximum(np.minimum(before, after), np.minimum(np.maximum(before, after), levels))
    return levels


def _below(frequencies: Floats, edge: float, order: int) -> Floats:
    """1 below the edge, falling to 0 above it."""
    return np.asarray(1 / (1 + (frequencies / edge) ** order), np.float32)


def _voice_share(spectrum: NDArray[np.complex64], frequencies: Floats, quick: Floats, steady: Floats) -> Floats:
    """Share of the tones that is voice: those that move, in its range, in the centre."""
    within = (1 - _below(frequencies, VOICE_LOW, VOICE_SLOPE)) * _below(frequencies, VOICE_HIGH, VOICE_SLOPE)
    place = within * _centre(spectrum) ** CENTRE_POWER
    moving = quick * place
    held = STEADY_VOICE_MONO if spectrum.shape[1] == 1 else STEADY_VOICE
    return np.asarray(np.minimum(moving / (steady + moving + TINY) + held * place, 1), np.float32)


def _centre(spectrum: NDArray[np.complex64]) -> Floats | np.float32:
    """How alike the first two channels are: 1 in the centre, 0 at the sides or out of phase."""
    if spectrum.shape[1] == 1:
        return np.float32(1)
    left, right = spectrum[:, 0], spectrum[:, 1]
    product = left.real * right.real + left.imag * right.imag
    power = left.real**2 + left.imag**2 + right.real**2 + right.imag**2
    return np.asarray(np.maximum(2 * product / (power + TINY), 0), np.float32)
