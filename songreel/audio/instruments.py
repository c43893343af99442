"""Which instrument groups sound when: activity curves, shares of the song and spans.

Activity is in [0, 1] on the frames of the long spectra (21.5 a second). It is heard in the mix, by the same looks that tell the
stems apart: a voice's tones last but never stay, drums are wide in frequency and short, bass is steady and low.
"""

from collections.abc import Iterator

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

from schemas import Instrument
from songreel.audio.masks import remedian
from songreel.audio.spectra import Floats, Spectra

VOICE = (600.0, 4000.0)  # Hz; below it chords are too dense to tell
BASS = (35.0, 220.0)  # Hz
DRUMS = (4000.0, 11025.0)  # Hz; snares and cymbals
LASTING, WIDE = (1, 3), (1, 3)  # steps of medians over 9 frames of the long spectra (0.4 s) and 9 bins (48 Hz); of the fast: 0.1 s, 190 Hz
BRIEF = (1,)  # 3 frames of the long spectra: 0.14 s
SMOOTH = 0.5  # seconds an activity is averaged over
LOUD = 95  # percentile of a song that counts as full activity
HEARD_VOICE, HEARD_DRUMS, HEARD_BASS, HEARD_OTHER = 0.03, 0.0014, 0.02, 0.01
"""Shares of the song's loud power below which a group is not there."""
ON, OFF = 0.4, 0.25  # activity at which a span starts and ends
SHORTEST_SPAN, SHORTEST_GAP = 0.6, 0.8  # seconds
BLOCK = 4096  # frames at a time
REACH = 16  # frames that medians look beyond a block
TINY = 1e-12


def vocal_activity(spectra: Spectra) -> Floats:
    """How much it sounds as if someone sang, shape (long frames,).

    A sung tone lasts, and its upper partials tremble over more bins than those of a string or a key that is struck.
    """
    part = _band(spectra.long, spectra.long_frequencies, VOICE)
    sung = _smooth(np.concatenate([_power(_trembling(block)) for block in _blocks(part)]), spectra)
    share = sung / (_smooth(_sums(part), spectra) + TINY)
    active = _activity(sung, _smooth(_sums(spectra.long), spectra), HEARD_VOICE)
    return np.asarray(active * np.sqrt(np.minimum(share / (_loud(share) + TINY), 1)), np.float32)


def instruments(spectra: Spectra, vocals: Floats | None = None) -> tuple[Instrument, ...]:
    """The four groups, each with its share of the song's time and its spans; `vocals` where their activity is known already."""
    total = _smooth(_sums(spectra.long), spectra)
    drums = _smooth(_drums(spectra), spectra)
    low = _band(spectra.long, spectra.long_frequencies, BASS)
    bass = _smooth(np.concatenate([_power(remedian(block, 0, BRIEF)) for block in _blocks(low)]), spectra)
    curves = {
        "vocals": vocal_activity(spectra) if vocals is None else vocals,
        "drums": _activity(drums, total, HEARD_DRUMS),
        "bass": _activity(bass, total, HEARD_BASS),
        "other": _activity(np.maximum(total - drums - bass, 0), total, HEARD_OTHER),
    }
    return tuple(_instrument(name, curve, spectra) for name, curve in curves.items())


def _band(levels: Floats, frequencies: Floats, band: tuple[float, float]) -> Floats:
    first, last = np.searchsorted(frequencies, band)
    return levels[:, first:last]


def _drums(spectra: Spectra) -> Floats:
    """Power of what is wide in frequency and short, shape (long frames,); noise sums to the same in both spectra."""
    blocks = _blocks(_band(spectra.fast, spectra.frequencies, DRUMS))
    power = np.concatenate([_struck(block) for block in blocks])
    step = spectra.long_hop // spectra.hop
    centres = np.minimum(np.arange(len(spectra.long)) * step, len(power) - 1)
    return np.asarray(scipy.ndimage.uniform_filter1d(power, step)[centres])


def _struck(levels: Floats) -> Floats:
    wide, held = remedian(levels, 1, WIDE) ** 2, remedian(levels, 0, LASTING) ** 2
    return np.asarray(np.sum(levels**2 * (wide / (wide + held + TINY)) ** 2, axis=1)[REACH:-REACH])


def _trembling(levels: Floats) -> Floats:
    """What lasts and is wide."""
    return np.asarray(np.minimum(remedian(levels, 0, LASTING), remedian(levels, 1, WIDE)))


def _power(levels: Floats) -> Floats:
    return _sums(levels[REACH:-REACH])


def _sums(levels: Floats) -> Floats:
    """Power of each frame."""
    return np.asarray(np.einsum("ij,ij->i", levels, levels))


def _blocks(levels: Floats) -> Iterator[Floats]:
    """Blocks of frames with `REACH` more on either side, the ends repeated."""
    for first in range(0, len(levels), BLOCK):
        rows = np.arange(first - REACH, min(first + BLOCK, len(levels)) + REACH)
        yield levels[np.clip(rows, 0, len(levels) - 1)]


def _smooth(curve: NDArray[np.floating], spectra: Spectra) -> Floats:
    width = max(round(SMOOTH * spectra.long_frame_rate), 1)
    return np.asarray(scipy.ndimage.uniform_filter1d(curve, width, mode="nearest"), np.float32)


def _loud(curve: Floats) -> float:
    return float(np.percentile(curve, LOUD))


def _activity(power: Floats, total: Floats, heard: float) -> Floats:
    """Level of a group in [0, 1] of its own loud passages; 0 when it is not heard beside the rest."""
    full = _loud(power)
    if full <= heard * _loud(total) + TINY:
        return np.zeros_like(power)
    return np.asarray(np.minimum(np.sqrt(np.maximum(power, 0) / full), 1), np.float32)


def _instrument(name: str, activity: Floats, spectra: Spectra) -> Instrument:
    spans = spans_of(activity, spectra.long_frame_rate, spectra.duration)
    share = sum(end - start for start, end in spans) / max(spectra.duration, TINY)
    return Instrument.model_validate({"name": name, "share": min(share, 1.0), "spans": spans})


def spans_of(activity: Floats, rate: float, duration: float) -> tuple[tuple[float, float], ...]:
    """Spans in seconds that start where the activity passes `ON` and end where it falls below `OFF`.

    Args:
        activity: shape (frames,), in [0, 1].
        rate: frames a second.
        duration: of the song in seconds; no span goes beyond it.
    """
    labels, _ = scipy.ndimage.label(activity > OFF)
    strong = np.unique(labels[activity > ON])
    inside = np.isin(labels, strong[strong > 0])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(np.int8), [0]])))
    spans: list[tuple[float, float]] = []
    for start, end in zip(edges[::2] / rate, np.minimum(edges[1::2] / rate, duration), strict=True):
        if spans and start - spans[-1][1] < SHORTEST_GAP:
            spans[-1] = (spans[-1][0], float(end))
        else:
            spans.append((float(start), float(end)))
    return tuple(span for span in spans if span[1] - span[0] >= min(SHORTEST_SPAN, duration / 2))
