"""Whether the picture moves with the music: on its beats, and with its loud and quiet passages. Beside each figure stands what chance gives.

The control is the same film with its sound shuffled: the song is cut into pieces of 1 to 4 seconds, which are put together in another
order, beats and loudness with them, and measured against the same pictures in the same way.

Motion is the mean change of luma from frame to frame in blocks so large that grain is lost in them, evened over two frames, because a style
that draws on twos changes in every second one only. Each frame's motion is divided by its clip's median where beats are judged, so that one
lively clip does not decide. Cuts and transitions are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from songreel.inspection.kinds import Flags, Floats

NEAR = 1 / 30
"""Seconds on either side of a beat that count as near."""
TWOS = 1 / 15
"""Seconds of one drawing on twos, over which motion is evened."""
AROUND_CUT = 1
"""Frames on either side of a cut that are left out."""
HIGHEST = 20.0
"""Frames that change more than this many times their clip's median count as this much."""
LEAST = 1e-3
"""Levels of median change below which a clip stands and says nothing."""
PIECES = (1.0, 4.0)
"""Seconds of the shuffled sound's pieces."""
SHUFFLES = 400
"""Orders that say what chance gives."""
HIGH = 0.975
"""Share of them that lies below the ``high`` of a figure."""
THIRD = 1 / 3
"""Share of the song that counts as loud, and as quiet."""
PASSAGE = 1.0
"""Seconds over which loudness and motion are averaged before loud and quiet passages are compared."""
SILENT = 1e-5
"""Amplitude below which a passage counts as silent: -100 dBFS."""

Order = NDArray[np.intp]


@dataclass(frozen=True)
class Alignment:
    """Motion near beats over motion elsewhere, and in loud passages over quiet ones; 1 is chance.

    ``off_beat``: with the grid moved by half a beat. ``chance``, ``chance_high``: mean over the shuffled sound, and what one order in forty
    passes. ``loud``, ``loud_chance_high``: the same for loudness. ``louder``: decibels between the loud and the quiet passages.
    ``motion``: the normalised curve, shape (frames,), NaN where left out.
    """

    ratio: float
    off_beat: float
    chance: float
    chance_high: float
    loud: float
    loud_chance_high: float
    louder: float
    motion: Floats


def align(change: Floats, fps: float, clips: Sequence[tuple[int, int]], beats: Sequence[float] = (), loudness: Floats | None = None) -> Alignment:
    """Measure motion against a song.

    Args:
        change: of the picture from the frame before, in levels, shape (frames,).
        fps: frames a second.
        clips: (first, last exclusive) frames of each clip, transitions left out.
        beats: of the song, seconds; with fewer than two, nothing is measured on them.
        loudness: of the song at each frame, an amplitude, shape (frames,); without it loud and quiet are not compared.
    """
    even = _evened(change, clips, fps)
    motion = normalised(even, clips)
    orders = _orders(len(motion), fps)
    on, off, chance, high = _on_beats(motion, np.asarray(beats, float) * fps, orders, fps)
    loud, loud_high, louder = (1.0, 1.0, 0.0) if loudness is None else _with_loudness(even, loudness, orders, fps)
    return Alignment(on, off, chance, high, loud, loud_high, louder, motion)


def _on_beats(motion: Floats, at: Floats, orders: Sequence[Order], fps: float) -> tuple[float, float, float, float]:
    """The ratio on the grid, half a beat off it, and by chance: mean and high."""
    if len(at) < 2:
        return 1.0, 1.0, 1.0, 1.0
    near = near_beats(len(motion), at, fps)
    half = near_beats(len(motion), at + float(np.median(np.diff(at))) / 2, fps)
    chance = [ratio(motion, near[order]) for order in orders]
    return ratio(motion, near), ratio(motion, half), float(np.mean(chance)), float(np.quantile(chance, HIGH))


def _with_loudness(motion: Floats, loudness: Floats, orders: Sequence[Order], fps: float) -> tuple[float, float, float]:
    """Motion in the loudest third of the song over that in its quietest, the high of chance, and the decibels between the thirds."""
    length = max(round(PASSAGE * fps), 1)
    passages = [slice(first, first + length) for first in range(0, len(motion), length)]
    moved = np.array([_mean(motion[passage]) for passage in passages])

    def loud_over_quiet(heard: Floats, of: Floats, least: float) -> float:
        level = np.array([heard[passage].mean() for passage in passages])
        low, high = np.quantile(level, (THIRD, 1 - THIRD))
        return _mean(of[level >= high]) / max(_mean(of[level <= low]), least) if high > low else 1.0

    level = np.array([loudness[passage].mean() for passage in passages])
    louder = 20 * np.log10(max(loud_over_quiet(loudness, level, SILENT), SILENT))
    chance = [loud_over_quiet(loudness[order], moved, LEAST) for order in orders]
    return loud_over_quiet(loudness, moved, LEAST), float(np.quantile(chance, HIGH)), float(louder)


def _mean(values: Floats) -> float:
    """Mean of what is known; NaN-free, 0 where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def _orders(frames: int, fps: float) -> list[Order]:
    """Shuffles of a film's frames: pieces of `PIECES` seconds in random order; short films are cut into shorter ones."""
    rng = np.random.default_rng(frames)
    longest = min(PIECES[1], frames / fps / 4)
    sizes = [max(round(seconds * fps), 1) for seconds in (min(PIECES[0], longest / 2), longest)]
    return [_shuffled(frames, sizes[0], sizes[1], rng) for _ in range(SHUFFLES)]


def _shuffled(frames: int, shortest: int, longest: int, rng: np.random.Generator) -> Order:
    edges = np.cumsum(rng.integers(shortest, longest + 1, frames // shortest + 1))
    pieces = np.split(np.arange(frames), edges[edges < frames])
    return np.concatenate([pieces[number] for number in rng.permutation(len(pieces))])


def _evened(change: Floats, clips: Sequence[tuple[int, int]], fps: float) -> Floats:
    """Each clip's change evened over `TWOS` (a triangle, so that every second frame counts as much); NaN near cuts and between clips."""
    reach = max(round(TWOS * fps), 1)
    weights = np.convolve(np.ones(reach), np.ones(reach)) / reach**2
    even = np.full(len(change), np.nan)
    for start, stop in clips:
        piece = change[start + AROUND_CUT : stop - AROUND_CUT]
        if len(piece):
            even[start + AROUND_CUT : stop - AROUND_CUT] = np.convolve(np.pad(piece, reach - 1, mode="edge"), weights, "valid")
    return even


def normalised(motion: Floats, clips: Sequence[tuple[int, int]]) -> Floats:
    """Each frame's motion over its clip's median; NaN where it is left out and in clips that stand."""
    scaled = np.full(len(motion), np.nan)
    for start, stop in clips:
        piece = motion[start + AROUND_CUT : stop - AROUND_CUT]
        if len(piece) and np.median(piece) > LEAST:
            scaled[start + AROUND_CUT : stop - AROUND_CUT] = np.minimum(piece / np.median(piece), HIGHEST)
    return scaled


def ratio(motion: Floats, near: Flags) -> float:
    """Mean motion in the frames near beats over the mean elsewhere; 1 where either has no frame."""
    known = np.isfinite(motion)
    if not (near & known).any() or not (~near & known).any():
        return 1.0
    elsewhere = float(motion[~near & known].mean())
    return float(motion[near & known].mean()) / max(elsewhere, 1e-6)


def near_beats(frames: int, at: Floats, fps: float) -> Flags:
    """Frames within `NEAR` of a beat, beats given in frames."""
    near = np.zeros(frames, bool)
    reach = max(round(NEAR * fps), 1)
    for step in range(-reach, reach + 1):
        index = np.rint(at).astype(int) + step
        near[index[(index >= 0) & (index < frames)]] = True
    return near
