"""Clips that stand still, clips that are a still under a pan, zoom or turn, and frames that repeat.

A clip is looked at over several pairs of its frames. It is a Ken Burns clip when one affine motion over the whole frame (with one gain
and offset of light) explains nearly every textured block of nearly every pair; parallax, water, particles, smoke or a moving
figure leave more over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from songreel.inspection.affine import Fit, Levels, Matrix, estimate, judge
from songreel.inspection.kinds import Flags
from songreel.inspection.watching import Watched

PAIRS = 4
"""Pairs of frames looked at in a clip."""
GAP = 1.0
"""Seconds between the frames of a pair, where the clip is long enough: things that move on their own have moved by then."""
LINKS = 4
"""The motion over the gap is followed in this many links before it is fitted as a whole."""
LEFT_OVER = 0.10
"""Share of the relevant blocks that may stay unexplained in a Ken Burns pair: a caption covers about as much.

Measured at 320 x 180, crf 20 to 28: pans, zooms and turns with and without grain leave 0 to 0.08, slow clouds over still hills 0.23,
thirty specks over a pan 0.49, water and parallax over 0.63.
"""
FAR = 5.0
"""Small pixels (RMS) of motion that are enough to judge by: where the gap has more, shorter ones are tried too, for a fast zoom softens
and sharpens what it shows. Parallax of a tenth of that would still leave half a pixel everywhere."""
GLIMPSE = 2
"""Frames between the two that give the first guess of a fast motion."""
STANDING = 0.01
"""Share of all blocks that may change in a still clip: 1 of 144."""
MOVED = 0.35
"""Small pixels (RMS) below which a motion is none."""
TEXTURE = 0.15
"""Share of blocks that must have texture before an affine motion says anything: a moon in an empty sky always moves 'affinely'."""
AGREE = 0.75
"""Share of a clip's pairs that must agree on a verdict."""
SHORTEST = 6
"""Frames a clip needs to be judged."""
HOPELESS = 0.5
"""Left over in the first link from which on the rest of a pair need not be looked at."""

REPEATED = 0.06
"""Share of a clip's usual change that is left in a frame which repeats the one before: what an encoder still refines.

Measured at crf 20: 0.00 to 0.07 of it in doubled frames, 0.08 where a live motion turns back."""
LEAST_REPEATED, MOST_REPEATED = 0.02, 0.15
"""And in levels: below the first a frame always repeats, above the second it never does, however lively the clip."""
MOST_BLOCK = 1.5
"""Levels that no block of a repeated frame may change by."""
USUAL = 0.75
"""Quantile of a clip's changes that counts as usual: motion often comes in bursts."""
LIVELY = 0.3
"""Levels of usual change from which a clip moves; in slower ones an encoder repeats frames by itself."""
RUN = 1 / 6
"""Seconds of repeated frames in a row that are a stop in a moving clip: 5 frames at 30 a second. A style that draws on twos repeats 1."""
LEAST_NEW = 11.5
"""New pictures a second that a moving clip needs; drawing on twos gives 12 at 24 frames a second, and below it looks like a slideshow."""


@dataclass(frozen=True)
class ClipVerdict:
    """One clip, from ``start`` to ``stop`` (exclusive), transitions left out.

    ``left_over`` is the median share of blocks that no affine motion explains, ``moved`` the largest global motion in small pixels a gap.
    ``repeats`` holds the frames that repeat the one before them where that is a fault.
    """

    start: int
    stop: int
    still: bool
    ken_burns: bool
    left_over: float
    moved: float
    repeats: tuple[int, ...]


def spans(frames: int, cuts: Sequence[tuple[float, int]]) -> tuple[tuple[int, int], ...]:
    """First and last (exclusive) frame of each clip, the frames inside transitions left out.

    Args:
        frames: of the film.
        cuts: (frame, whole length of the transition) in order.
    """
    edges: list[tuple[int, int]] = [(round(frame) - length // 2, round(frame) + length // 2) for frame, length in cuts]
    starts, stops = [0, *(late for _, late in edges)], [*(early for early, _ in edges), frames]
    return tuple((start, max(stop, start)) for start, stop in zip(starts, stops, strict=True))


def judge_clip(watched: Watched, start: int, stop: int) -> ClipVerdict:
    """Whether one clip stands still, is a Ken Burns, or stutters."""
    fits = _fits(watched, start, stop) if stop - start >= SHORTEST else []
    still = bool(fits) and all(fit.standing <= STANDING or _only_light(fit) for fit in fits)
    zoomed = not still and bool(fits) and float(np.mean([_is_affine(fit) for fit in fits])) >= AGREE and any(fit.moved > MOVED for fit in fits)
    return ClipVerdict(
        start, stop, still, zoomed,
        float(np.median([fit.left_over for fit in fits])) if fits else 1.0,
        max((fit.moved for fit in fits), default=0.0),
        () if still else repeats(watched, start, stop),
    )  # fmt: skip


def _only_light(fit: Fit) -> bool:
    return fit.left_over <= STANDING and fit.moved <= MOVED


def _is_affine(fit: Fit) -> bool:
    return fit.left_over <= LEFT_OVER and fit.texture >= TEXTURE


def _fits(watched: Watched, start: int, stop: int) -> list[Fit]:
    """Motion over evenly placed pairs, and over the longest gap of a clip that stands; fewer once the pairs cannot agree any more."""
    inner = (start + 1, stop - 1) if stop - start > SHORTEST + 2 else (start, stop)
    room = inner[1] - 1 - inner[0]
    gap = min(max(round(GAP * watched.fps), LINKS), room)
    firsts = sorted({inner[0] + round((room - gap) * k / (PAIRS - 1)) for k in range(PAIRS)})
    fits: list[Fit] = []
    for first in firsts:
        fits.append(_follow(watched, first, first + gap))
        if sum(not _is_affine(fit) for fit in fits) > (1 - AGREE) * len(firsts):
            return fits
    return [*fits, _stands(watched, inner[0], inner[1] - 1)] if _all_stand(fits) else fits


def _all_stand(fits: list[Fit]) -> bool:
    return all(fit.standing <= STANDING for fit in fits)


def _stands(watched: Watched, first: int, last: int) -> Fit:
    return judge(_levels(watched, first), _levels(watched, last), np.eye(3))


def _follow(watched: Watched, first: int, last: int) -> Fit:
    """The motion between two frames, link by link and then as a whole."""
    stations = [first + round((last - first) * k / LINKS) for k in range(LINKS + 1)]
    begin = here = _levels(watched, first)
    link, whole = _guess(watched, begin, first, stations[1]), np.eye(3)
    fits = []
    for station in stations[1:]:
        there = _levels(watched, station)
        link = estimate(here, there, link)
        whole, here = link @ whole, there
        fits.append(judge(begin, here, whole))
        if fits[0].left_over > HOPELESS:
            return judge(begin, _levels(watched, last), np.eye(3))
    refined = judge(begin, here, estimate(begin, here, whole, coarsest=1))
    return min((refined, fits[-1], *(fit for fit in fits if fit.moved > FAR)), key=lambda fit: fit.left_over)


def _guess(watched: Watched, begin: Levels, first: int, station: int) -> Matrix:
    """The motion to the first station, if it goes on as over the first frames."""
    glimpse = estimate(begin, _levels(watched, first + GLIMPSE), None)
    guess: Matrix = np.linalg.matrix_power(glimpse, max((station - first) // GLIMPSE, 1))
    return guess


def _levels(watched: Watched, frame: int) -> Levels:
    return Levels(watched.luma.one(frame).astype(np.float32))


def repeats(watched: Watched, start: int, stop: int) -> tuple[int, ...]:
    """Frames of a moving clip that repeat the one before: in runs, or so often that it was made at a lower rate."""
    change, spread = watched.change[start + 1 : stop], watched.spread[start + 1 : stop]
    if not len(change) or (usual := float(np.quantile(change, USUAL))) < LIVELY:
        return ()
    again = (change <= np.clip(REPEATED * usual, LEAST_REPEATED, MOST_REPEATED)) & (spread <= MOST_BLOCK)
    if (1 - again.mean()) * float(watched.fps) >= LEAST_NEW:
        again = _long_runs(again, max(round(RUN * watched.fps), 2))
    return tuple(int(k) + start + 1 for k in np.flatnonzero(again))


def _long_runs(flags: Flags, least: int) -> Flags:
    """Only the runs of at least ``least`` set flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    kept: Flags = np.zeros(len(flags), bool)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        kept[first:last] = last - first >= least
    return kept
