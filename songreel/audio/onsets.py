"""Evidence for beats, read off the shared spectra: onset curves in bands and harmonic change.

Every curve is float32 at `Spectra.frame_rate` (86 a second), at least 0, and evened out over about eight seconds so that a quiet verse counts
as much as a loud chorus. With centred windows and this lag a curve peaks within
a quarter of a frame of the attack.
"""

from dataclasses import dataclass

import numpy as np

from songreel.audio.spectra import Floats, Spectra

BANDS = 36  # log-spaced between the edges below
LOW_EDGE, HIGH_EDGE = 30.0, 10000.0  # Hz
LOW_TOP, MID_TOP = 180.0, 2000.0  # Hz: low | mid | high onsets
KICK = (30.0, 130.0)  # Hz
BRIGHT = (1500.0, 9000.0)  # Hz
COMPRESSION = 300.0  # log1p(this * magnitude / reference)
LAG = 2  # frames over which a rise is measured: 23 ms
LEVELLING = 8.0  # s
QUIET_SHARE = 0.05  # of the song's own level, added where the local level is divided out
ACTIVE = 0.05  # share of the frames, those with the largest attacks, by which a song's activity is judged
HARMONY_SPAN = 0.4  # s compared on either side of a harmonic change
CHORD_RANGE, BASS_RANGE = (110.0, 2100.0), (40.0, 180.0)  # Hz
PITCH_WIDTH = 0.35  # semitones, standard deviation of a pitch class's window


@dataclass(frozen=True, eq=False)
class Onsets:
    """Curves of one song, each of shape (frames,), float32."""

    rate: float
    """Frames a second."""
    all: Floats
    low: Floats
    mid: Floats
    high: Floats
    kick: Floats
    bright: Floats
    harmony: Floats
    """Change of the chords' pitch classes."""
    bass: Floats
    """Change of the bass's pitch class."""
    activity: float
    """Size of the song's larger attacks before they are evened out: about 1 for drums, 0.3 for soft strings, under 0.02 for a drone."""


def find_onsets(spectra: Spectra) -> Onsets:
    """The onset curves of a song."""
    centres, levels = _band_levels(spectra)
    flux = _rise(np.log1p(COMPRESSION * levels))
    low, high = int(np.searchsorted(centres, LOW_TOP)), int(np.searchsorted(centres, MID_TOP))
    even = [
        _even_out(curve, spectra.frame_rate) for curve in (flux[:, :low].mean(1), flux[:, low:high].mean(1), flux[:, high:].mean(1), flux.mean(1))
    ]
    kick, bright = (_even_out(_rise(spectra.band(*edges)[:, None])[:, 0], spectra.frame_rate) for edges in (KICK, BRIGHT))
    harmony, bass = (_harmonic_change(spectra, edges) for edges in (CHORD_RANGE, BASS_RANGE))
    return Onsets(spectra.frame_rate, even[3], even[0], even[1], even[2], kick, bright, harmony, bass, _activity(flux.mean(1)))


def _activity(rise: Floats) -> float:
    return float(np.sort(rise)[-max(1, int(ACTIVE * len(rise))) :].mean())


def _band_levels(spectra: Spectra) -> tuple[Floats, Floats]:
    """Centres of the bands in Hz and their magnitudes relative to the song's level, shape (frames, bands)."""
    edges = np.unique(np.searchsorted(spectra.frequencies, np.geomspace(LOW_EDGE, HIGH_EDGE, BANDS + 1)))
    part = spectra.fast[:, edges[0] : edges[-1]]
    levels = np.add.reduceat(part, edges[:-1] - edges[0], axis=1)
    reference = max(float(np.sqrt(np.mean(levels[:: max(1, len(levels) // 2000)] ** 2))), 1e-9)
    centres = np.sqrt(spectra.frequencies[edges[:-1]] * spectra.frequencies[edges[1:] - 1])
    return np.asarray(centres, np.float32), np.asarray(levels / np.float32(reference * 10), np.float32)


def _rise(levels: Floats) -> Floats:
    """Rise over `LAG` frames against the loudest of the neighbouring bands, so that vibrato is no onset; shape kept."""
    before = np.concatenate([np.repeat(levels[:1], LAG, axis=0), levels[:-LAG]])[: len(levels)]
    widest = before.copy()
    np.maximum(widest[:, 1:], before[:, :-1], out=widest[:, 1:])
    np.maximum(widest[:, :-1], before[:, 1:], out=widest[:, :-1])
    return np.asarray(np.maximum(levels - widest, 0), np.float32)


def _even_out(curve: Floats, rate: float) -> Floats:
    """Smoothed over three frames and divided by its local level."""
    smooth = np.convolve(curve, [0.25, 0.5, 0.25], "same").astype(np.float32)
    local = np.sqrt(moving_mean(smooth**2, int(LEVELLING * rate)))
    level = float(np.sqrt(np.mean(smooth**2)))
    return np.asarray(smooth / (local + QUIET_SHARE * level + 1e-9), np.float32)


def moving_mean(curve: Floats, width: int) -> Floats:
    """Mean over ``width`` frames around each frame, over fewer at the ends."""
    sums = np.concatenate([[0.0], np.cumsum(curve, dtype=np.float64)])
    at = np.arange(len(curve))
    first, last = np.maximum(at - width // 2, 0), np.minimum(at + width // 2 + 1, len(curve))
    return np.asarray((sums[last] - sums[first]) / (last - first), np.float32)


def _harmonic_change(spectra: Spectra, edges: tuple[float, float]) -> Floats:
    """Cosine distance of the pitch classes before and after each instant, in [0, 1], at the fast frame rate."""
    first, last = np.searchsorted(spectra.long_frequencies, edges)
    part = spectra.long[:, first:last]
    part = np.log1p(part * np.float32(10 / max(float(part.mean()), 1e-9)))
    classes = part @ _pitch_classes(spectra.long_frequencies[first:last])
    classes /= np.linalg.norm(classes, axis=1, keepdims=True) + 1e-9
    span = max(1, int(HARMONY_SPAN * spectra.long_frame_rate))
    sums = np.concatenate([np.zeros((1, 12)), np.cumsum(classes, axis=0, dtype=np.float64)])
    at = np.arange(len(classes))
    after = sums[np.minimum(at + span, len(classes))] - sums[at]
    before = sums[at] - sums[np.maximum(at - span, 0)]
    norms = np.linalg.norm(after, axis=1) * np.linalg.norm(before, axis=1)
    change = np.where(norms > 0, 1 - (after * before).sum(1) / np.maximum(norms, 1e-9), 0)
    change[:3] = 0
    return np.interp(spectra.times, spectra.long_times, change).astype(np.float32)


def _pitch_classes(frequencies: Floats) -> Floats:
    """Weights of each frequency in the twelve pitch classes, shape (bins, 12)."""
    pitch = 12 * np.log2(np.maximum(frequencies, 1) / 440) + 9  # C is 0
    distance = (pitch[:, None] - np.arange(12) + 6) % 12 - 6
    return np.exp(-0.5 * (distance / PITCH_WIDTH) ** 2).astype(np.float32)
