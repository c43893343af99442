"""Where bars begin: the reading (beats in a bar, which beat is first) that harmony, kick, snare and the form's seams speak for."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from songreel.audio.onsets import Onsets
from songreel.audio.spectra import Floats, Spectra

Doubles = NDArray[np.float64]

METRES = (3, 4)  # beats in a bar that are told apart
NEAR_FRAMES = 4  # a curve counts at a beat when it peaks within this many frames (46 ms)
SEAM_BEATS = 8  # beats on either side compared for a seam of the form
COLOUR_BANDS = 24  # bands of the long spectrum in which seams are heard
PULSE = ("harmony", "bass", "kick", "low", "high", "all", "seam")


class BarReading(NamedTuple):
    """Beats in a bar, and the index of the first downbeat among the beats."""

    metre: int
    first: int


def readings() -> tuple[BarReading, ...]:
    """All readings that are compared, in a fixed order."""
    return tuple(BarReading(metre, first) for metre in METRES for first in range(metre))


def bar_features(spectra: Spectra, onsets: Onsets, beats: Doubles) -> Mapping[BarReading, dict[str, float]]:
    """What speaks for each reading of the bar.

    Args:
        beats: times in seconds.

    Returns:
        For each reading, by how much each curve at the reading's downbeats stands above the curve at all beats, in standard deviations.
        Each feature counts for its own metre only.
    """
    curves = {name: _at_beats(getattr(onsets, name), beats * onsets.rate) for name in PULSE[:-1]} | {"seam": _seams(spectra, beats)}
    scaled = {name: (curve - curve.mean()) / (curve.std() + 1e-9) for name, curve in curves.items()}
    return {reading: _of_reading(reading, scaled) for reading in readings()}


def _of_reading(reading: BarReading, curves: Mapping[str, Floats]) -> dict[str, float]:
    out: dict[str, float] = {}
    for metre in METRES:
        for name, curve in curves.items():
            for place in range(metre):
                at = curve[reading.first + place :: metre]
                out[f"{name}_{place + 1}_of_{metre}"] = float(at.mean()) if reading.metre == metre and len(at) else 0.0
        out[f"in_{metre}"] = float(reading.metre == metre)
    return out


def _at_beats(curve: Floats, positions: Doubles) -> Floats:
    padded = np.pad(curve, NEAR_FRAMES, mode="edge")
    widest = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEAR_FRAMES + 1).max(1)
    return np.asarray(widest[np.clip(np.round(positions).astype(int), 0, len(curve) - 1)], np.float32)


def _seams(spectra: Spectra, beats: Doubles) -> Floats:
    """How much the sound of the next beats differs from that of the last ones, at each beat; its peaks alone are kept."""
    edges = np.unique(np.geomspace(2, spectra.long.shape[1] - 1, COLOUR_BANDS + 1).astype(int))
    at = np.clip((beats * spectra.long_frame_rate).astype(int), 0, len(spectra.long) - 1)
    colour = np.log1p(100 * np.add.reduceat(spectra.long, edges[:-1], axis=1)[:, :-1])
    sums = np.concatenate([np.zeros((1, colour.shape[1])), np.cumsum(colour, axis=0, dtype=np.float64)])
    order = np.arange(len(at))
    before, after = at[np.maximum(order - SEAM_BEATS, 0)], at[np.minimum(order + SEAM_BEATS, len(at) - 1)]
    mean_before = (sums[at] - sums[before]) / np.maximum(at - before, 1)[:, None]
    mean_after = (sums[after] - sums[at]) / np.maximum(after - at, 1)[:, None]
    difference = np.linalg.norm(mean_after - mean_before, axis=1)
    difference[(order < 2) | (order >= len(at) - 2)] = 0
    neighbours = np.pad(difference, 1)
    return np.asarray(np.where((difference >= neighbours[:-2]) & (difference >= neighbours[2:]), difference**2, 0), np.float32)
