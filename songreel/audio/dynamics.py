"""Curves that drive the picture: float32 in [0, 1], one value per frame of the film.

Frame ``i`` is shown from ``i / fps`` seconds on; a beat belongs to the frame nearest to it. Strikes (kick, snare, hat) rise at once
and fall over `RELEASES`; levels are eased. All are scaled by the song's own loud and soft passages, so that a quiet song still moves and a
loud one is not stuck at 1.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

from schemas import CURVES, Section
from songreel.audio.spectra import Floats, Spectra

Doubles = NDArray[np.float64]

STRIKES = {"kick": (30.0, 130.0), "snare": (1500.0, 5000.0), "hat": (6500.0, 11025.0)}
"""Bands in Hz whose sudden rises are strikes."""
LEVELS = {"bass": (35.0, 220.0), "mid": (220.0, 2500.0), "treble": (2500.0, 11025.0), "loudness": (20.0, 11025.0)}
"""Bands in Hz whose levels are eased."""
RELEASES = {
    "kick": 0.18, "snare": 0.15, "hat": 0.12, "bass": 0.25, "mid": 0.25, "treble": 0.2, "vocals": 0.3, "loudness": 0.3,
    "brightness": 0.3, "beat": 0.15,
}  # fmt: skip
"""Seconds in which a curve falls to 1/e."""
RISE = 3  # frames of the fast spectra (35 ms) over which a strike rises
POOL = 0.25  # seconds; the loudest strike in each is what strikes are scaled by
FULL = 90  # percentile of those that reads 1
LEAST_STRIKE = 0.04  # of the loud passages' amplitude; weaker rises are no strikes
SOFT, LOUD = 5, 97  # percentiles of a level that read 0 and 1
LEAST_RANGE = 9.0  # dB; a song that never changes by as much is not blown up to do so
FLOOR = 60.0  # dB below its loudest at which a level is silence
EASING = 0.07  # seconds over which levels are averaged
CENTROID = (250.0, 5000.0)  # Hz that brightness tells apart at most
LEAST_OCTAVES = 0.8  # range of the centroid that brightness spans at least
TURN = 0.8  # seconds over which `energy` passes from one section to the next
TINY = 1e-9


class Grid(Protocol):
    """What is needed of a beat grid: times in seconds, rising."""

    @property
    def beats(self) -> Doubles: ...

    @property
    def downbeats(self) -> Doubles: ...


def curves(spectra: Spectra, grid: Grid, sections: Sequence[Section], fps: Fraction, frames: int, vocals: Floats) -> dict[str, Floats]:
    """All of `CURVES`, each of shape (frames,).

    Args:
        spectra: the song.
        grid: its beats and downbeats.
        sections: its form.
        fps: frames a second of the film.
        frames: of the film.
        vocals: vocal activity on the long frames, in [0, 1].
    """
    found: dict[str, Doubles] = {}
    for name, band in STRIKES.items():
        found[name] = _struck(spectra, band, fps, frames)
    for name, band in LEVELS.items():
        found[name] = _level(spectra, band, fps, frames)
    found["brightness"] = _brightness(spectra, fps, frames)
    found["vocals"] = _at_frames(vocals, spectra.long_frame_rate, fps, frames)
    found = {name: _released(curve, RELEASES[name], fps) for name, curve in found.items()}
    found |= _phases(grid, sections, fps, frames)
    found["energy"] = _energy(sections, fps, frames)
    return {name: np.clip(found[name], 0, 1).astype(np.float32) for name in CURVES}


def strikes(spectra: Spectra, band: tuple[float, float]) -> Floats:
    """Sudden rises of a band's level, shape (fast frames,), in the level's unit."""
    level = spectra.band(*band)
    before = scipy.ndimage.minimum_filter1d(level, RISE, origin=RISE // 2, mode="nearest")
    return np.asarray(np.maximum(level - np.roll(before, 1) * (np.arange(len(level)) > 0), 0), np.float32)


def _struck(spectra: Spectra, band: tuple[float, float], fps: Fraction, frames: int) -> Doubles:
    rises = strikes(spectra, band)
    pool = max(round(POOL * spectra.frame_rate), 1)
    peaks = np.maximum.reduceat(rises, np.arange(0, len(rises), pool))
    full = max(float(np.percentile(peaks, FULL)), LEAST_STRIKE * float(np.percentile(spectra.band(*LEVELS["loudness"]), LOUD)), TINY)
    heard = np.maximum(rises / full - LEAST_STRIKE, 0) / (1 - LEAST_STRIKE)
    return _peaks_at_frames(np.minimum(heard, 1.0), spectra.frame_rate, fps, frames)


def _level(spectra: Spectra, band: tuple[float, float], fps: Fraction, frames: int) -> Doubles:
    """Level of a band between the song's soft and loud passages, in dB."""
    level = 20 * np.log10(_eased(spectra.band(*band), spectra) + TINY)
    top = float(np.percentile(level, LOUD))
    if top <= 20 * np.log10(TINY) + 1:
        return np.zeros(frames)
    soft = float(np.percentile(level[level > top - FLOOR], SOFT))
    bottom = min(soft, top - LEAST_RANGE)
    return _at_frames((level - bottom) / (top - bottom), spectra.frame_rate, fps, frames)


def _eased(curve: Floats, spectra: Spectra) -> Floats:
    return np.asarray(scipy.ndimage.uniform_filter1d(curve, max(round(EASING * spectra.frame_rate), 1), mode="nearest"))


def centroid(spectra: Spectra) -> Floats:
    """Octaves above 1 Hz of the spectrum's centre of amplitude, shape (fast frames,); 0 in silence."""
    total = spectra.fast.sum(axis=1)
    centre = spectra.fast @ spectra.frequencies / (total + TINY)
    return np.asarray(np.where(total > 1e-6 * (total.max() + TINY), np.log2(np.maximum(centre, 1)), 0), np.float32)


def _brightness(spectra: Spectra, fps: Fraction, frames: int) -> Doubles:
    """Where the spectrum's centre lies between the song's dark and bright passages."""
    octaves = centroid(spectra)
    sounding = octaves[octaves > 0]
    if not len(sounding):
        return np.zeros(frames)
    low, high = np.clip(np.percentile(sounding, [SOFT, LOUD]), *np.log2(CENTROID))
    low = min(low, high - LEAST_OCTAVES)
    return _at_frames(_eased((octaves - low) / (high - low), spectra), spectra.frame_rate, fps, frames)


def _at_frames(curve: NDArray[np.floating], rate: float, fps: Fraction, frames: int) -> Doubles:
    """A curve at the frames' times."""
    times = np.arange(frames) / float(fps)
    return np.asarray(np.clip(np.interp(times * rate, np.arange(len(curve)), curve), 0, 1))


def _peaks_at_frames(curve: NDArray[np.floating], rate: float, fps: Fraction, frames: int) -> Doubles:
    """The highest value nearest to each frame, so that no peak falls between frames."""
    edges = np.ceil((np.arange(frames) - 0.5) / float(fps) * rate).astype(int)
    edges = np.clip(edges, 0, len(curve) - 1)
    return np.asarray(np.maximum.reduceat(curve, edges), np.float64)


def _released(curve: Doubles, seconds: float, fps: Fraction) -> Doubles:
    """The curve, falling no faster than to 1/e in the given time: the highest of all earlier values, each decayed to now."""
    decay = np.arange(len(curve)) / (seconds * float(fps))
    held = np.exp(np.maximum.accumulate(np.log(np.maximum(curve, TINY)) + decay) - decay)
    return np.where(held > 2 * TINY, held, 0.0)


def _phases(grid: Grid, sections: Sequence[Section], fps: Fraction, frames: int) -> dict[str, Doubles]:
    beats = _nearest_frames(grid.beats, fps)
    since = _since(beats[beats < frames], frames)
    pulse = np.where(np.isfinite(since), np.exp(-since / (RELEASES["beat"] * float(fps))), 0.0)
    edges = _nearest_frames(np.array([section.start for section in sections] + [sections[-1].end]), fps)
    return {
        "beat": pulse,
        "beat_phase": _phase(_continued(beats, frames), frames),
        "bar_phase": _phase(_continued(_nearest_frames(grid.downbeats, fps), frames), frames),
        "section_phase": _phase(np.concatenate([edges[:-1], [max(edges[-1], frames)]]), frames),
    }


def _nearest_frames(times: Doubles, fps: Fraction) -> Doubles:
    """The frame nearest to each time, each once."""
    return np.unique(np.floor(np.asarray(times, float) * float(fps) + 0.5))


def _since(marks: Doubles, frames: int) -> Doubles:
    """Frames since the last mark; infinite before the first."""
    frame = np.arange(frames)
    last = np.searchsorted(marks, frame, side="right") - 1
    return np.where(last >= 0, frame - marks[last] if len(marks) else 0.0, np.inf)


def _continued(marks: Doubles, frames: int) -> Doubles:
    """Marks carried on at the same pace to both ends of the film; with fewer than two, one span over all of it."""
    if len(marks) < 2:
        return np.array([0.0, frames])
    first, last = marks[1] - marks[0], marks[-1] - marks[-2]
    before = np.arange(marks[0] - first, -first, -first)[::-1]
    after = np.arange(marks[-1] + last, frames + last, last)
    return np.concatenate([before, marks, after])


def _phase(marks: Doubles, frames: int) -> Doubles:
    """How far each frame lies between the mark at or before it and the next, in [0, 1)."""
    frame = np.arange(frames)
    index = np.clip(np.searchsorted(marks, frame, side="right") - 1, 0, len(marks) - 2)
    return np.asarray((frame - marks[index]) / np.maximum(marks[index + 1] - marks[index], 1))


def _energy(sections: Sequence[Section], fps: Fraction, frames: int) -> Doubles:
    """Energy of the section at hand, passing smoothly into the next."""
    starts = np.array([section.start for section in sections]) * float(fps)
    index = np.clip(np.searchsorted(starts, np.arange(frames) + 0.5, side="right") - 1, 0, len(sections) - 1)
    steps = np.array([section.energy for section in sections])[index]
    return np.asarray(scipy.ndimage.uniform_filter1d(steps, max(round(TURN * float(fps)), 1), mode="nearest"))
