"""The form: where sections begin, which repeat each other, and what each is.

Everything is counted in bars. A section is a run of bars that sound alike in level, timbre, voice and harmony; the best division is found by
dynamic programming, with a taste for 4, 8 and 16 bars. Boundaries are downbeats, and the sections tile the song from 0 to its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas import Section, SectionLabel
from songreel.audio.spectra import Floats, Spectra

Doubles = NDArray[np.float64]

BANDS, LOWEST, HIGHEST = 16, 40.0, 10000.0  # bands of equal musical width between two frequencies in Hz
SHORTEST, LONGEST = 4, 24  # bars
SHORTEST_END = 2  # bars; an outro may be this short
SHORT_SONG = 20.0  # seconds; below it a song has at most two sections
PENALTY = 5.0  # what one more section has to explain
ODD_LENGTHS = (0.0, 0.6, 0.35, 0.6, 0.15, 0.6, 0.35, 0.6)  # cost of a length by what 8 leaves of it, of PENALTY
CONTEXT = 4  # bars on either side whose harmony is compared
LEVEL, TIMBRE, VOICE, HARMONY = 1.0, 1.0, 0.8, 8.0  # weights
LEAST_DB, LEAST_VOICE = 1.5, 0.15  # spreads below which differences are chance
ENERGY_APART = 0.18  # difference of energy at which two sections of one sound are no longer the same
ALIKE, LEAST_ALIKE = 0.6, 0.35  # likeness at which sections share a letter; the least where a song's sections are little alike
REPEATS = 80  # percentile of a song's likenesses above which sections count as repeats, within those limits
QUIETER, MUCH_QUIETER = 0.1, 0.3  # energy by which an intro or outro, and a bridge, stay below the choruses
MOST_ADDED = 0.3  # share of the song that choruses of several groups may fill
QUIET = 12.0  # dB below the loud bars at which energy is 0
LOUD = 90  # percentile of the bars' levels that has full energy
DENSITY = 0.25  # weight of attacks in the energy
BLOCK = 8192  # frames at a time
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Bars:
    """What each bar sounds like; shapes (bars,) or (bars, features)."""

    edges: Doubles
    """Shape (bars + 1,), seconds; the first is 0 and the last the song's end."""
    energy: Doubles
    """In [0, 1]."""
    voice: Doubles
    """Vocal activity in [0, 1]."""
    sound: Doubles
    """Level, timbre and voice, scaled so that 1 is a difference one hears."""
    harmony: Doubles
    """Chroma less the song's, unit length."""


def sections(spectra: Spectra, downbeats: Sequence[float] | Doubles, duration: float, vocals: Floats, chroma: Floats) -> tuple[Section, ...]:
    """The sections of a song.

    Args:
        spectra: the song.
        downbeats: in seconds, rising.
        duration: of the song in seconds; the last section ends there.
        vocals: vocal activity on the long frames, in [0, 1].
        chroma: loudness of the pitch classes on the long frames, shape (long frames, 12).
    """
    bars = _bars(spectra, _edges(np.asarray(downbeats, float), duration), vocals, chroma)
    starts = _divide(bars, duration)
    groups = _groups(bars, starts)
    labels = _labels(bars, starts, groups)
    times = [*bars.edges[starts[:-1]], duration]
    return tuple(
        Section(label=label, start=float(a), end=float(b), energy=_mean(bars.energy, i, j), group=chr(ord("A") + min(group, 25)))
        for label, a, b, i, j, group in zip(labels, times, times[1:], starts, starts[1:], groups, strict=False)
    )


def _mean(values: Doubles, first: int, last: int) -> float:
    return float(np.clip(values[first:last].mean(), 0, 1))


def _edges(downbeats: Doubles, duration: float) -> Doubles:
    """Edges of the bars; what lies before the first and behind the last downbeat is a bar of its own when it is long enough."""
    inside = downbeats[(downbeats > 0) & (downbeats < duration)]
    if len(inside) < 2:
        return np.array([0.0, duration])
    half = float(np.median(np.diff(inside))) / 2
    first = 0 if inside[0] >= half else 1
    last = len(inside) if duration - inside[-1] >= half else len(inside) - 1
    return np.concatenate([[0.0], inside[first:last], [duration]])


def _bars(spectra: Spectra, edges: Doubles, vocals: Floats, chroma: Floats) -> Bars:
    bands = _bands(spectra)
    fast = _frames(edges, spectra.frame_rate, len(bands))
    long = _frames(edges, spectra.long_frame_rate, len(vocals))
    power = _per_bar(10 ** (bands / 10), fast).sum(axis=1)
    level = 10 * np.log10(power + TINY)
    attacks = _per_bar(np.maximum(np.diff(bands, axis=0, prepend=bands[:1]), 0).mean(axis=1, keepdims=True), fast)[:, 0]
    voice = _per_bar(vocals[:, None], long)[:, 0]
    timbre = _per_bar(bands, fast)
    timbre -= timbre.mean(axis=1, keepdims=True)
    tones = _per_bar(chroma / (chroma.sum(axis=1, keepdims=True) + TINY), long)
    tones -= tones.mean(axis=0)
    return Bars(
        edges, _energy(level, attacks), voice,
        np.hstack([LEVEL * _scaled(level[:, None], LEAST_DB), TIMBRE * _scaled(timbre, LEAST_DB), VOICE * _scaled(voice[:, None], LEAST_VOICE)]),
        tones / (np.linalg.norm(tones, axis=1, keepdims=True) + TINY),
    )  # fmt: skip


def _bands(spectra: Spectra) -> Doubles:
    """Levels of the fast spectra in bands, dB, shape (frames, BANDS); 80 dB below the loudest nothing is told apart."""
    edges = np.searchsorted(spectra.frequencies, np.geomspace(LOWEST, HIGHEST, BANDS + 1))
    edges = np.maximum.accumulate(np.maximum(edges, np.arange(BANDS + 1) + 1))
    blocks = (spectra.fast[first : first + BLOCK, : edges[-1]] ** 2 for first in range(0, len(spectra.fast), BLOCK))
    power = np.concatenate([np.add.reduceat(block, edges[:-1], axis=1) for block in blocks]).astype(np.float64)
    return np.asarray(10 * np.log10(power + 1e-8 * power.max() + TINY**2))


def _frames(edges: Doubles, rate: float, count: int) -> NDArray[np.intp]:
    """First frame of each bar, at most the last frame."""
    return np.minimum(np.round(edges[:-1] * rate).astype(np.intp), count - 1)


def _per_bar(values: NDArray[np.floating], firsts: NDArray[np.intp]) -> Doubles:
    """Means over bars."""
    counts = np.maximum(np.diff(np.append(firsts, len(values))), 1)
    return np.asarray(np.add.reduceat(values.astype(np.float64), firsts, axis=0) / counts[:, None])


def _scaled(values: Doubles, least: float) -> Doubles:
    """Values around their mean, in units of their spread over all columns, but at least of `least`."""
    centred = values - values.mean(axis=0)
    return np.asarray(centred / max(float(np.sqrt(np.mean(np.sum(centred**2, axis=1)))), least))


def _energy(level: Doubles, attacks: Doubles) -> Doubles:
    """Level below the loud bars and attacks of each bar, in [0, 1]."""
    loudness = 1 - (np.percentile(level, LOUD) - level) / QUIET
    density = attacks / (np.percentile(attacks, LOUD) + TINY)
    return np.clip((1 - DENSITY) * np.clip(loudness, 0, 1) + DENSITY * np.clip(density, 0, 1), 0, 1)


def _divide(bars: Bars, duration: float) -> list[int]:
    """First bars of the sections, and the number of bars at the end: the division that explains most for its number of sections."""
    count = len(bars.energy)
    shortest = max(SHORTEST, count // 3 + 1) if duration < SHORT_SONG else SHORTEST
    sums = np.vstack([np.zeros(bars.sound.shape[1]), np.cumsum(bars.sound, axis=0)])
    turn = HARMONY * _harmonic_turns(bars.harmony)
    best = np.full(count + 1, -np.inf)
    best[0] = 0.0
    previous = np.zeros(count + 1, int)
    for end in range(1, count + 1):
        least = min(SHORTEST_END, shortest) if end == count and duration >= SHORT_SONG else shortest
        for start in range(max(0, end - LONGEST), max(end - least, 0) + 1):
            length = end - start
            explained = float(np.sum((sums[end] - sums[start]) ** 2)) / length
            value = best[start] + explained + (turn[start] if start else 0.0) - PENALTY * (1 + ODD_LENGTHS[length % 8])
            if value > best[end] and (length >= least or count < 2 * shortest):
                best[end], previous[end] = value, start
    firsts = [count]
    while firsts[-1] > 0:
        firsts.append(int(previous[firsts[-1]]))
    return firsts[::-1]


def _harmonic_turns(harmony: Doubles) -> Doubles:
    """How much the harmony of the next bars differs from that of the last ones, in [0, 1], shape (bars,)."""
    sums = np.vstack([np.zeros(12), np.cumsum(harmony, axis=0)])
    here = np.arange(len(harmony))
    before = sums[here] - sums[np.maximum(here - CONTEXT, 0)]
    after = sums[np.minimum(here + CONTEXT, len(harmony))] - sums[here]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return np.asarray((1 - np.sum(before * after, axis=1) / (lengths + TINY)) / 2 * (lengths > TINY))


def _groups(bars: Bars, starts: list[int]) -> list[int]:
    """A number for each section, shared by those that repeat each other."""
    count = len(starts) - 1
    likeness = {(i, j): _likeness(bars, starts, i, j) for i in range(count) for j in range(i)}
    enough = float(np.clip(np.percentile(list(likeness.values()) or [0.0], REPEATS), LEAST_ALIKE, ALIKE))
    groups: list[int] = []
    for index in range(count):
        found: dict[int, list[float]] = {}
        for other, group in enumerate(groups):
            found.setdefault(group, []).append(likeness[index, other])
        best = max(found, key=lambda group: float(np.mean(found[group])), default=None)
        groups.append(len(found) if best is None or np.mean(found[best]) < enough else best)
    return groups


def _likeness(bars: Bars, starts: list[int], one: int, two: int) -> float:
    """How much two sections sound like one another, in [0, 1]: in sound, in energy, and in harmony bar by bar."""
    a, b = slice(starts[one], starts[one + 1]), slice(starts[two], starts[two + 1])
    apart = float(np.linalg.norm(bars.sound[a].mean(axis=0) - bars.sound[b].mean(axis=0)))
    length = min(a.stop - a.start, b.stop - b.start)
    first, second = bars.harmony[a], bars.harmony[b]
    fits = [float(np.mean(np.sum(np.roll(first, -turn, axis=0)[:length] * second[:length], axis=1))) for turn in (0, 1, 2, 3)]
    lift = (_mean(bars.energy, a.start, a.stop) - _mean(bars.energy, b.start, b.stop)) / ENERGY_APART
    return float(np.sqrt(np.exp(-(apart**2)) * max(*fits, 0.0)) * np.exp(-(lift**2)))


def _labels(bars: Bars, starts: list[int], groups: list[int]) -> list[SectionLabel]:
    """What each section is, from its energy, its voice, its repeats and its place."""
    energy = np.array([_mean(bars.energy, i, j) for i, j in pairwise(starts)])
    voice = np.array([_mean(bars.voice, i, j) for i, j in pairwise(starts)])
    group = np.array(groups)
    count = len(groups)
    if count == 1:
        return ["verse"]
    lengths = np.diff(starts)
    top = np.isin(group, _top_groups(energy, voice, group, lengths))
    peak = float(energy[top].mean())
    high: SectionLabel = "drop" if not top.all() and voice[top].mean() < 0.7 * voice[~top].mean() else "chorus"
    labels: list[SectionLabel] = [high if t else "verse" for t in top]
    for index in range(1, count - 1):
        apart = np.sum(group == group[index]) == 1 or energy[index] < peak - MUCH_QUIETER
        if labels[index] == "verse" and apart and high in labels[:index] and labels[index + 1] == high:
            labels[index] = "bridge"
    if labels[0] != high and _is_edge(energy[0], voice[0], peak, voice):
        labels[0] = "intro"
    if count > 2 and labels[-1] != high and _is_edge(energy[-1], voice[-1], peak, voice):
        labels[-1] = "outro"
    return labels


def _top_groups(energy: Doubles, voice: Doubles, group: NDArray[np.intp], lengths: NDArray[np.intp]) -> list[int]:
    """The group that most sounds like the chorus (loud, sung, repeated), and the next ones as loud while they fill little of the song."""
    scores = {
        int(g): energy[group == g].mean() + 0.2 * voice[group == g].mean() + 0.05 * (np.sum(group == g) > 1) - 0.2 * (group[0] == g)
        for g in np.unique(group)
    }
    ranked = sorted(scores, key=lambda g: -float(scores[g]))
    chosen = ranked[:1]
    for g in ranked[1:]:
        filled = lengths[np.isin(group, [*chosen, g])].sum() / lengths.sum()
        if filled < MOST_ADDED and energy[group == g].mean() > energy[group == ranked[0]].mean() - QUIETER and g != group[0]:
            chosen.append(g)
    return chosen


def _is_edge(energy: float, voice: float, peak: float, voices: Doubles) -> bool:
    """Whether a first or last section leads in or out: quieter than the peak, or hardly sung."""
    return bool(energy < peak - QUIETER or voice < 0.6 * voices.max())
