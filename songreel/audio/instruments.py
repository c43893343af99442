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

VOICE = (200.0, 4000.0)  # Hz
BASS = (35.0, 220.0)  # Hz
LASTING, STAYING = (1,), (3, 9)  # steps of medians along time, frames of 46 ms: 0.14 s, and 1.2 s on top
WIDE = (1, 3)  # steps along frequency, bins of 21.5 Hz: 9 bins
HELD = (1, 3)  # steps along time, frames of 12 ms: 0.1 s
SMOOTH = 0.5  # seconds an activity is averaged over
LOUD = 95  # percentile of a song that counts as full activity
HEARD = 0.01  # share of the song's loudest power below which a group is not there
ON, OFF = 0.4, 0.25  # activity at which a span starts and ends
SHORTEST_SPAN, SHORTEST_GAP = 0.6, 0.8  # seconds
BLOCK = 4096  # frames at a time
REACH = 16  # frames that medians look beyond a block
TINY = 1e-12


def vocal_activity(spectra: Spectra) -> Floats:
    """How much it sounds as if someone sang, shape (long frames,)."""
    first, last = np.searchsorted(spectra.long_frequencies, VOICE)
    quick = np.concatenate([_power(_moving(part)) for part in _blocks(spectra.long[:, first:last])])
    total = np.einsum("ij,ij->i", spectra.long, spectra.long)
    quick, total = _smooth(quick, spectra), _smooth(total, spectra)
    share = quick / (total + TINY)
    return _activity(quick * share / (_loud(share) + TINY), total)


def instruments(spectra: Spectra, vocals: Floats | None = None) -> tuple[Instrument, ...]:
    """The four groups, each with its share of the song's time and its spans."""
    total = _smooth(np.einsum("ij,ij->i", spectra.long, spectra.long), spectra)
    drums = _smooth(_drums(spectra), spectra)
    first, last = np.searchsorted(spectra.long_frequencies, BASS)
    low = _smooth(np.concatenate([_power(remedian(part, 0, LASTING)) for part in _blocks(spectra.long[:, first:last])]), spectra)
    curves = {
        "vocals": vocal_activity(spectra) if vocals is None else vocals,
        "drums": _activity(drums, total),
        "bass": _activity(low, total),
        "other": _activity(np.maximum(total - drums - low, 0), total),
    }
    return tuple(_instrument(name, curve, spectra) for name, curve in curves.items())


def _drums(spectra: Spectra) -> Floats:
    """Power of what is wide in frequency and short, shape (long frames,)."""
    power = np.concatenate([_struck(part) for part in _blocks(spectra.fast)])
    centres = np.minimum(np.arange(len(spectra.long)) * (spectra.long_hop // spectra.hop), len(power) - 1)
    return np.asarray(scipy.ndimage.uniform_filter1d(power, spectra.long_hop // spectra.hop)[centres])


def _struck(levels: Floats) -> Floats:
    wide, held = remedian(levels, 1, WIDE) ** 2, remedian(levels, 0, HELD) ** 2
    return np.asarray(np.sum(levels**2 * (wide / (wide + held + TINY)) ** 2, axis=1)[REACH:-REACH])


def _moving(levels: Floats) -> Floats:
    """Tones that last but do not stay."""
    lasting = remedian(levels, 0, LASTING)
    return np.asarray(np.maximum(lasting - remedian(lasting, 0, STAYING), 0))


def _power(levels: Floats) -> Floats:
    inner = levels[REACH:-REACH]
    return np.asarray(np.einsum("ij,ij->i", inner, inner))


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


def _activity(power: Floats, total: Floats) -> Floats:
    """Level of a group in [0, 1] of its own loud passages; 0 when it is not heard beside the rest."""
    full = _loud(power)
    if full <= HEARD * HEARD * _loud(total) + TINY:
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
