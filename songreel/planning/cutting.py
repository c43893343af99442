"""Where the cuts lie: a walk over the downbeats that pays for scenes of the wrong length or off the phrase.

Every cut is a frame index, the nearest frame to its beat, so that no error adds up. The walk is exact (dynamic programming).
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from schemas.analysis import Analysis

LONG_SCENE, SHORT_SCENE = 6.5, 2.8  # seconds; wished length at energy 0 and 1
LENGTH_TOLERANCE = 0.38  # spread of the length's cost in natural-log units: twice the wish costs about 3.3
SHORTEST, LONGEST = 1.6, 11.0  # seconds; a scene outside costs a wall, not infinity, so that any grid has an answer
WALL = 40.0
OFF_PHRASE = {0: 0.0, 2: 0.35}  # cost of a cut so many bars into a four-bar phrase
OFF_PHRASE_OTHERWISE = 1.0
MISSED_SECTION = 8.0  # cost of running through a section's start
FEWEST_SCENES = 3
SLOW_BAR = 6.0  # seconds; on bars longer than this the beats inside them may carry a cut
TIE = 1e-9


@dataclass(frozen=True)
class Candidate:
    """A frame at which a cut may lie."""

    frame: int
    section: int
    off_phrase: float
    opens_section: bool


def cut_frames(analysis: Analysis, fps: Fraction, frames: int) -> tuple[int, ...]:
    """Starts of the scenes in frames, the first 0; three scenes at least, or as many as a very short film has beats for.

    Args:
        analysis: beats, downbeats and sections in seconds.
        fps: the film's rate.
        frames: the film's length.
    """
    fewest = min(FEWEST_SCENES, frames)
    for candidates in (_candidates(analysis, fps, frames, _cut_times(analysis)), _candidates(analysis, fps, frames, analysis.beats)):
        for haste in (1.0, 0.6, 0.35):
            starts = _walk(candidates, analysis, fps, frames, haste)
            if len(starts) >= fewest:
                return starts
    return _spread([one.frame for one in candidates], fewest, frames)


def _spread(beats: list[int], fewest: int, frames: int) -> tuple[int, ...]:
    """Scenes of a film too short to choose for: as alike as its beats allow, and without any beat inside it just alike."""
    even = [frames * part / fewest for part in range(1, fewest)]
    if not beats:
        return (0, *map(round, even))
    ways = combinations(beats, min(len(even), len(beats)))
    return (0, *min(ways, key=lambda way: sum(abs(frame - wish) for frame, wish in zip(way, even, strict=False))))


def _cut_times(analysis: Analysis) -> tuple[float, ...]:
    bar = analysis.metre * 60 / analysis.tempo
    return analysis.beats if bar > SLOW_BAR else analysis.downbeats


def _candidates(analysis: Analysis, fps: Fraction, frames: int, times: tuple[float, ...]) -> list[Candidate]:
    """Cut candidates in order, one a frame; bars are counted from each section's start."""
    starts = [section.start for section in analysis.sections]
    half_bar = analysis.metre * 60 / analysis.tempo / 2
    found: dict[int, Candidate] = {}
    bars = 0
    before = -1
    for time in times:
        section = max(bisect_right(starts, time + half_bar / 4) - 1, 0)
        opens = section != before
        bars = 0 if opens else bars + 1
        before = section
        frame = round(time * fps)
        if 0 < frame < frames:
            found.setdefault(frame, Candidate(frame, section, OFF_PHRASE.get(bars % 4, OFF_PHRASE_OTHERWISE), opens))
    return list(found.values())


def _walk(candidates: list[Candidate], analysis: Analysis, fps: Fraction, frames: int, haste: float) -> tuple[int, ...]:
    """The cheapest way from the first frame to the last over the candidates."""
    stops = [Candidate(0, 0, 0.0, True), *candidates, Candidate(frames, len(analysis.sections), 0.0, True)]
    best = [0.0] + [math.inf] * (len(stops) - 1)
    came_from = [0] * len(stops)
    reach = LONGEST * 2 * float(fps)
    for end in range(1, len(stops)):
        missed = 0
        for start in range(end - 1, -1, -1):
            cost = best[start] + _cost(stops[start], stops[end], analysis, fps, haste) + MISSED_SECTION * missed
            if cost < best[end] - TIE:
                best[end], came_from[end] = cost, start
            missed += stops[start].opens_section
            if stops[end].frame - stops[start].frame > reach and best[end] < math.inf:
                break
    return _trail(stops, came_from)


def _trail(stops: list[Candidate], came_from: list[int]) -> tuple[int, ...]:
    starts: list[int] = []
    at = len(stops) - 1
    while at > 0:
        at = came_from[at]
        starts.append(stops[at].frame)
    return tuple(reversed(starts))


def _cost(start: Candidate, end: Candidate, analysis: Analysis, fps: Fraction, haste: float) -> float:
    seconds = (end.frame - start.frame) / float(fps)
    energy = analysis.sections[min(start.section, len(analysis.sections) - 1)].energy
    wished = haste * LONG_SCENE * (SHORT_SCENE / LONG_SCENE) ** energy
    wall = WALL if seconds > LONGEST or seconds < SHORTEST * haste else 0.0
    return (math.log(seconds / wished) / LENGTH_TOLERANCE) ** 2 + end.off_phrase + wall
