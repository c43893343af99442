"""The beat grid of a song: candidates judged by plain features with fitted weights, the best one taken, the next ones told.

The weights in ``beat_weights.json`` come from ``python -m benchmarks.fit_beats``. Times are seconds from the first sample.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from schemas.analysis import TempoCandidate
from schemas.base import Note
from songreel.audio.beat_features import Reader
from songreel.audio.downbeats import BarReading, bar_features
from songreel.audio.grids import Candidate, agree, candidates
from songreel.audio.onsets import Onsets, find_onsets
from songreel.audio.spectra import Spectra
from songreel.audio.tempo import COMMON, Doubles, Tempogram, find_tempogram, tempi_to_try

WEIGHTS = Path(__file__).with_name("beat_weights.json")
CLEAR, CLEAR_SECONDS = (
    0.10,
    1.6,
)  # least pulse clarity, and what is added to it over the length in s; noise reaches 0.06, in 8 s 0.28; music 0.17 or more
SURE = 0.4  # pulse clarity from which it takes nothing off the confidence
ACTIVE = 0.05  # activity below which there are no attacks: a drone reaches 0.02, soft strings 0.28
SHORTEST = 4.0  # s in which a beat can be told from chance
SAME_TEMPO = 0.04  # octaves
READINGS = 5  # tempo candidates told
OCTAVE_LEAST = 0.02  # confidence that the half and the double tempo keep at least
STEADY_NEAR, STEADY_SHARE = 0.035, 0.92  # s and share: a tracked grid this near a steady one is that steady one
THREE_LEAD = 1.9  # score by which bars of three must lead those of four: the songs of the fit are waltzes far more often than records are
EVEN_METRE = 4  # beats in a bar where no beat was found
ALIKE_NEAR, ALIKE_SHARE = 0.2, 0.8  # share of a beat within which, and of beats for which, two grids support each other
AT_START = 0.03  # s by which a beat may seem to lie before the song's first sample and still be its first beat
STRETCH_BEATS = 8  # beats at either end whose median length continues a tracked grid
Kind = Literal["steady", "tracked", "even", "user"]


@dataclass(frozen=True, eq=False)
class BeatGrid:
    """When the beats and bars of a song fall, and how sure that is."""

    beats: Doubles
    downbeats: Doubles
    """A subset of ``beats``."""
    metre: int
    tempo: float
    candidates: tuple[TempoCandidate, ...]
    """Best first, the half and double tempo of the best among them."""
    kind: Kind
    confidence: float
    notes: tuple[Note, ...] = ()


def find_grid(spectra: Spectra, *, metre: int | None = None, onsets: Onsets | None = None) -> BeatGrid:
    """The beat grid of a song.

    Args:
        spectra: the song.
        metre: beats in a bar where someone knows them; the downbeats are then found for that metre.
        onsets: the song's onset curves where they are known already.
    """
    onsets = onsets or find_onsets(spectra)
    tempogram = find_tempogram(onsets.all, onsets.rate)
    missing = _no_beat(spectra, onsets, tempogram)
    grids = () if missing else candidates(onsets, tempogram)
    if not grids:
        return _even(spectra, tempogram, metre, missing or "too few attacks were found")
    scores = _scores(grids, Reader(onsets, tempogram))
    chances = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    best = _steady_twin(int(chances.argmax()), grids, onsets.rate)
    beats = to_ends(best.positions / onsets.rate, spectra.duration)
    reading = find_bar(spectra, onsets, beats, metre)
    tempo = 60 * onsets.rate / (float(np.mean(np.diff(best.positions))) if best.steady else best.period)
    return BeatGrid(
        beats, beats[reading.first :: reading.metre], reading.metre, tempo, _tempo_candidates(tempo, grids, chances, onsets.rate),
        "steady" if best.steady else "tracked", _confidence(float(chances[_alike(best, grids)].sum()), tempogram),
    )  # fmt: skip


def find_bar(spectra: Spectra, onsets: Onsets, beats: Doubles, metre: int | None = None) -> BarReading:
    """The likeliest reading of the bar, of the given metre if there is one."""
    if metre is not None and metre not in (3, 4):
        return _bar_of_other_metre(onsets, beats, metre)
    table = weights()["bar"]
    scores = {reading: _score(row, table) for reading, row in bar_features(spectra, onsets, beats).items() if metre in (None, reading.metre)}
    return max(scores, key=lambda reading: scores[reading] - (THREE_LEAD if reading.metre == 3 else 0.0))


def _bar_of_other_metre(onsets: Onsets, beats: Doubles, metre: int) -> BarReading:
    """The place in the bar where chords change and the kick falls, for metres the weights were not fitted to."""
    at = np.clip(np.round(beats * onsets.rate).astype(int), 0, len(onsets.all) - 1)
    evidence = sum(curve[at] / (curve.std() + 1e-9) for curve in (onsets.harmony, onsets.bass, onsets.kick))
    means = [float(np.mean(evidence[place::metre])) if len(evidence[place::metre]) else 0.0 for place in range(metre)]
    return BarReading(metre, int(np.argmax(means)))


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """The fitted weights: for grids and for bars, each feature's weight, mean and spread."""
    table: dict[str, Any] = json.loads(WEIGHTS.read_text())
    return table


def _score(row: Mapping[str, float], table: Mapping[str, Mapping[str, float]]) -> float:
    return sum(entry["weight"] * (row[name] - entry["mean"]) / entry["spread"] for name, entry in table.items())


def _scores(grids: Sequence[Candidate], reader: Reader) -> Doubles:
    table = weights()["grid"]
    return np.array([_score(reader.features(grid), table) for grid in grids])


def _no_beat(spectra: Spectra, onsets: Onsets, tempogram: Tempogram) -> str:
    """Why no beat can be found, empty if one can."""
    if spectra.duration < SHORTEST:
        return f"{spectra.duration:.1f} s are too short, at least {SHORTEST:.0f} s are needed"
    if onsets.activity < ACTIVE:
        return f"hardly any attacks were heard (activity {onsets.activity:.3f}, at least {ACTIVE} is needed)"
    least = CLEAR + CLEAR_SECONDS / spectra.duration
    if tempogram.clarity < least:
        return f"nothing repeats like a beat (pulse clarity {tempogram.clarity:.2f}, at least {least:.2f} is needed)"
    return ""


def _even(spectra: Spectra, tempogram: Tempogram, metre: int | None, because: str) -> BeatGrid:
    """An even grid from 0 at the likeliest tempo."""
    tempo = tempi_to_try(tempogram)[0] if tempogram.strengths.any() else COMMON
    while tempo < COMMON / 2**0.5:
        tempo *= 2
    while tempo >= COMMON * 2**0.5:
        tempo /= 2
    beats = np.arange(0.0, max(spectra.duration, 60 / tempo), 60 / tempo)
    bar = metre or EVEN_METRE
    note = Note(stage="analyse", took=f"an even grid at {tempo:.1f} beats a minute", because=because)
    return BeatGrid(beats, beats[::bar], bar, tempo, with_octaves([(tempo, 1.0)]), "even", 0.0, (note,))


def _steady_twin(best: int, grids: Sequence[Candidate], rate: float) -> Candidate:
    """The steady grid that a tracked one follows nearly everywhere, else the chosen grid itself."""
    chosen = grids[best]
    if chosen.steady:
        return chosen
    near = [(_share_near(chosen, other, rate), index) for index, other in enumerate(grids) if other.steady and other.base == chosen.base]
    share, index = max(near, default=(0.0, best))
    return grids[index] if share >= STEADY_SHARE else chosen


def _share_near(tracked: Candidate, steady: Candidate, rate: float) -> float:
    period = steady.period
    miss = (tracked.positions - steady.positions[0] + period / 2) % period - period / 2
    return float(np.mean(np.abs(miss) < STEADY_NEAR * rate)) if abs(np.log2(tracked.period / period)) < SAME_TEMPO else 0.0


def _confidence(chance: float, tempogram: Tempogram) -> float:
    """Chance that the grid is right, held down where the pulse is unclear."""
    return float(np.clip(chance * min(1.0, tempogram.clarity / SURE), 0, 1))


def _alike(grid: Candidate, grids: Sequence[Candidate]) -> NDArray[np.bool_]:
    """Which grids have nearly the same beats."""
    return np.array([other is grid or agree(grid.positions, other.positions, ALIKE_NEAR * grid.period, ALIKE_SHARE) for other in grids])


def _tempo_candidates(tempo: float, grids: Sequence[Candidate], chances: Doubles, rate: float) -> tuple[TempoCandidate, ...]:
    """Chances of the grids gathered by tempo, the chosen tempo first."""
    gathered: list[tuple[float, float]] = [(tempo, 0.0)]
    for index in np.argsort(-chances):
        own = 60 * rate / grids[index].period
        twin = next((i for i, (other, _) in enumerate(gathered) if abs(np.log2(own / other)) < SAME_TEMPO), None)
        if twin is None:
            gathered.append((own, float(chances[index])))
        else:
            gathered[twin] = (gathered[twin][0], gathered[twin][1] + float(chances[index]))
    return with_octaves(gathered)


def with_octaves(readings: Sequence[tuple[float, float]]) -> tuple[TempoCandidate, ...]:
    """Tempo candidates of which the first stays first, with its half and double, confidences summing to 1."""
    tempo = readings[0][0]
    octaves = [_reading_at(tempo * ratio, readings) for ratio in (0.5, 2.0)]
    others = [r for r in readings[1:] if all(abs(np.log2(r[0] / o[0])) >= SAME_TEMPO for o in octaves)]
    rest = sorted([*octaves, *sorted(others, key=lambda r: -r[1])[: READINGS - 3]], key=lambda r: -r[1])
    first = max(readings[0][1], rest[0][1])
    total = first + sum(share for _, share in rest)
    return tuple(TempoCandidate(bpm=bpm, confidence=share / total) for bpm, share in [(tempo, first), *rest])


def _reading_at(tempo: float, readings: Sequence[tuple[float, float]]) -> tuple[float, float]:
    near = [share for other, share in readings if abs(np.log2(other / tempo)) < SAME_TEMPO]
    return tempo, max([OCTAVE_LEAST, *near])


def to_ends(beats: Doubles, duration: float) -> Doubles:
    """The beats continued back to the song's start and on to its end at the tempo found there."""
    lengths = np.diff(beats)
    first, last = float(np.median(lengths[:STRETCH_BEATS])), float(np.median(lengths[-STRETCH_BEATS:]))
    before = beats[0] - first * np.arange(int(max(beats[0] + AT_START, 0) / first), 0, -1)
    after = beats[-1] + last * np.arange(1, int(max(duration - beats[-1], 0) / last) + 1)
    whole = np.maximum(np.concatenate([before, beats, after]), 0)
    return np.asarray(whole[whole < duration])
