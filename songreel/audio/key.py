"""The key, from how much each pitch class sounds.

Chroma: what stands steadily out of the spectrum's floor, folded to twelve pitch classes at the song's own tuning, every frame
with the same say. The key is the profile that fits it best, helped by what the bass plays. Pitch classes count from C.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

from schemas.analysis import PitchClass
from songreel.audio.spectra import Floats, Spectra

NAMES: tuple[PitchClass, ...] = get_args(PitchClass)
MODES: tuple[Literal["major", "minor"], ...] = ("major", "minor")
LOWEST, HIGHEST = 100.0, 2000.0  # Hz; what chords and tunes are made of
BASS_LOWEST, BASS_HIGHEST = 40.0, 180.0  # Hz
BINS = 800  # of the long spectra, up to 4.3 kHz
FLOOR_WIDTH, FLOOR_LEVEL = 25, 1.2  # bins; how far above its neighbourhood's mean a partial stands
STEADY = 5  # frames (0.23 s) a partial has to last; drums do not
SPREAD, BASS_SPREAD = 0.35, 0.6  # semitones; wide enough for a bin at the low end
BASS_WEIGHT = 0.8  # of the bass's share against the profile's correlation
SHARPNESS = 9.0  # of the soft maximum that turns scores into a confidence
LOUD = 0.02  # of the frame's loudest bin; weaker peaks do not tell the tuning
BLOCK = 2048  # frames at a time
TINY = 1e-9

PROFILES = np.array(
    [
        [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081],
        [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
    ]
)
"""Share of each pitch class above the tonic, major and minor. Source: Albrecht & Shanahan 2013, "The use of large corpora to train
a new type of key-finding algorithm"; of five profiles the one that named most made songs' keys."""


@dataclass(frozen=True, eq=False)
class Key:
    """The key of a song.

    Attributes:
        tonic: its pitch class.
        mode: major or minor.
        confidence: share of the belief in all 24 keys that it holds.
        chroma: shape (frames of the long spectra, 12), float32, loudness of each pitch class from C.
        tuning: semitones above A = 440 Hz.
    """

    tonic: PitchClass
    mode: Literal["major", "minor"]
    confidence: float
    chroma: Floats
    tuning: float


def find_key(spectra: Spectra) -> Key:
    """The key of a song; C major with confidence 0 when nothing in it has a pitch."""
    tuning = find_tuning(spectra)
    notes = _bank(spectra.long_frequencies[:BINS], tuning, LOWEST, HIGHEST, SPREAD)
    low = _bank(spectra.long_frequencies[:BINS], tuning, BASS_LOWEST, BASS_HIGHEST, BASS_SPREAD)
    chroma = np.zeros((len(spectra.long), 12), np.float32)
    bass = np.zeros(12)
    for first in range(0, len(chroma), BLOCK):
        partials = _partials(spectra.long[first : first + BLOCK, :BINS])
        chroma[first : first + BLOCK] = partials @ notes
        bass += (partials @ low).sum(axis=0)
    level = chroma.sum(axis=1, keepdims=True)
    profile = (chroma / (level + TINY + 1e-3 * level.mean())).mean(axis=0)
    if not profile.std() > TINY:
        return Key("C", "major", 0.0, chroma, tuning)
    return _best(_scores(profile, bass), chroma, tuning)


def find_tuning(spectra: Spectra) -> float:
    """How far the song's notes lie above A = 440 Hz, in semitones from -0.5 to 0.5: the mean direction of its spectral peaks."""
    first, last = np.searchsorted(spectra.long_frequencies, [LOWEST, HIGHEST])
    total = 0j
    for at in range(0, len(spectra.long), BLOCK):
        part = spectra.long[at : at + BLOCK : 2, first - 1 : last + 1]
        left, mid, right = part[:, :-2], part[:, 1:-1], part[:, 2:]
        frame, place = np.nonzero((mid > left) & (mid >= right) & (mid > LOUD * part.max(axis=1, keepdims=True)))
        a, b, c = (x[frame, place] for x in (left, mid, right))
        bins = first + place + 0.5 * (a - c) / (a - 2 * b + c - TINY)
        total += np.sum(b * np.exp(2j * np.pi * _semitones(bins * spectra.long_frequencies[1])))
    return float(np.angle(total) / (2 * np.pi))


def _semitones(frequencies: NDArray[np.floating]) -> NDArray[np.floating]:
    """MIDI numbers, with fractions."""
    return np.asarray(69 + 12 * np.log2(np.maximum(frequencies, 1) / 440))


def _bank(frequencies: Floats, tuning: float, low: float, high: float, spread: float) -> Floats:
    """How much each bin counts for each pitch class, shape (bins, 12)."""
    away = (_semitones(frequencies)[:, None] - tuning - np.arange(12) + 6) % 12 - 6
    inside = (frequencies > low) & (frequencies < high)
    return np.asarray(np.where(inside[:, None], np.exp(-0.5 * (away / spread) ** 2), 0), np.float32)


def _partials(levels: Floats) -> Floats:
    """What lasts and stands out of the spectrum's floor."""
    lasting = scipy.ndimage.minimum_filter1d(levels, STEADY, axis=0, mode="nearest")
    lasting -= FLOOR_LEVEL * scipy.ndimage.uniform_filter1d(lasting, FLOOR_WIDTH, axis=1, mode="nearest")
    return np.asarray(np.maximum(lasting, 0, out=lasting))


def _scores(profile: NDArray[np.floating], bass: NDArray[np.floating]) -> NDArray[np.float64]:
    """How well each key fits, shape (2 modes, 12 tonics)."""
    rolled = np.array([[np.roll(shape, tonic) for tonic in range(12)] for shape in PROFILES])
    standard = (rolled - rolled.mean(axis=2, keepdims=True)) / rolled.std(axis=2, keepdims=True)
    fit = standard @ ((profile - profile.mean()) / profile.std()) / 12
    return np.asarray(fit + BASS_WEIGHT * bass / (bass.sum() + TINY), np.float64)


def _best(scores: NDArray[np.float64], chroma: Floats, tuning: float) -> Key:
    belief = np.exp(SHARPNESS * (scores - scores.max()))
    mode, tonic = np.unravel_index(int(scores.argmax()), scores.shape)
    return Key(NAMES[tonic], MODES[mode], float(belief.max() / belief.sum()), chroma, tuning)
