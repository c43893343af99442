"""Cuts as they are in the picture, and how far they lie from the beats.

A cut is named by the first frame of the new picture. A transition's place is the frame on which its two halves meet: the old
picture's share, summed over the frames, says how long it stayed, whatever the kind (a linear crossfade, a wipe and a fade through
black of the same centre give the same sum).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from songreel.inspection.kinds import Bytes, Flags, Floats
from songreel.inspection.watching import Watched

SEARCH = 6
"""Frames on either side of a planned cut in which the real one is looked for."""
SIDE = 3
"""Frames on each side of a boundary that must agree among themselves and differ from the other side."""
QUIET = 0.06
"""Unlikeness that neighbouring frames may have without counting as motion; encoded grain reaches 0.03."""
SEEN = 0.9
"""A planned cut is seen where the two sides differ this many times more than neighbours on one side do.

Measured on painted films: 1.3 to 17 at cuts (1.3 where only the light changes), at most 0.56 elsewhere."""
CLEAR = 3.0
LEAST = 0.25
"""A cut that no plan names must stand out (a violent jolt on the beat reaches 1.8), and change this much of the picture; 1 is all of it."""
TIE = 0.9
"""A planned frame whose score is this share of the best is taken: the picture does not tell them apart."""
RETURN = 12
"""Frames within which a picture that comes back makes two cuts a flash or a flicker, not cuts."""
ACCURACY = 2.0
ACCURACY_SHARE = 1 / 6
"""A transition's centre is known to 2 frames, or a sixth of its length: nearer to the plan than that, it is where the plan says.

Measured between painted clips: half of them off by under 0.4 frames, the worst (wipes) by 1.3 of 12 and 3.2 of 24 frames."""
TYPE_FREE = (0.08, 0.4)
"""Shares of the picture's height at its top and at its bottom in which no large words stand."""
GRID = 4
"""A transition is followed in GRID x GRID blocks of the picture."""
STRUCTURE = 0.05
"""Least share of a block's variance that must tell the old from the new picture."""
FADED = 0.15
"""A picture is taken to be in its own clip to at least this share however far it moved: below, dividing by it gives noise."""
FAINT = 0.05
"""Share of either picture below which a frame counts as half old and half new: the black in the middle of a fade."""
HALF_FRAME = 0.5
ROUNDING = 0.02
"""Frames of slack on half a frame: beat times are given in rounded seconds."""


@dataclass(frozen=True)
class Cut:
    """One cut or transition as delivered.

    ``frame``: first frame of the new picture, or a transition's centre; ``planned``: where the plan has it, none when it was not planned.
    ``length``: frames of the planned transition, 0 for a hard cut. ``measured``: the raw centre. ``seen``: whether the picture shows it.
    """

    frame: float
    planned: int | None
    length: int
    measured: float
    score: float
    seen: bool

    @property
    def kind(self) -> Literal["cut", "transition"]:
        return "transition" if self.length else "cut"


def boundary_scores(unlike: Floats) -> tuple[Floats, Floats]:
    """How cut-like the boundary before each frame is: (least difference across it, that over the largest difference beside it).

    Args:
        unlike: shape (reach, n), unlikeness of frame t to frame t - k in row k - 1.

    Returns:
        Two arrays of shape (n,); 0 where the film's ends leave too few frames.
    """
    count = unlike.shape[1]
    padded = np.pad(unlike, ((0, 0), (SIDE, SIDE)))
    here = np.arange(count) + SIDE

    def between(before: int, after: int) -> Floats:
        values: Floats = padded[after + before - 1, here + after]
        return values

    across = np.minimum.reduce([between(before, after) for before in range(1, SIDE + 1) for after in range(SIDE)])
    beside = np.maximum.reduce([padded[0, here + step] for step in range(-SIDE + 1, SIDE) if step != 0])
    across[:1] = across[count - SIDE + 1 :] = 0.0
    return across, across / (beside + QUIET)


def planned_cut(watched: Watched, scores: Floats, planned: int, room: tuple[int, int]) -> Cut:
    """Where a planned hard cut really is, within `SEARCH` frames and inside ``room`` (first and last frame allowed)."""
    first, last = max(planned - SEARCH, room[0], 1), min(planned + SEARCH, room[1], watched.frames - 1)
    window = scores[first : last + 1]
    if not len(window):
        return Cut(planned, planned, 0, planned, 0.0, False)
    found = first + int(window.argmax())
    best = float(window.max())
    if first <= planned <= last and scores[planned] >= TIE * best:
        found = planned
    seen = best >= SEEN
    return Cut(found if seen else planned, planned, 0, found, best, seen)


def planned_transition(watched: Watched, planned: int, length: int, room: tuple[int, int]) -> Cut:
    """Where a planned transition's centre really is; ``length`` is its whole length in frames."""
    reach = length // 2 + SEARCH
    first, last = max(planned - reach, room[0], 0), min(planned + reach, room[1] + 1, watched.frames)
    span, before, after = (
        watched.luma.read(max(start, room[0]), min(stop, room[1] + 1))
        for start, stop in ((first, last), (2 * first - last + 1, first + 1), (last - 1, 2 * last - first - 1))
    )
    centre = blend_centre(span, before, after)
    if centre is None:
        return Cut(planned, planned, length, planned, 0.0, False)
    accuracy = max(ACCURACY, ACCURACY_SHARE * length)
    if abs(first + centre - planned) > accuracy:  # words that come or go in the middle of the picture may pass for a part of it
        beside = blend_centre(*(_without_type(frames) for frames in (span, before, after)))
        centre = min((centre, centre if beside is None else beside), key=lambda found: abs(first + found - planned))
    measured = first + centre
    known = abs(measured - planned) <= accuracy
    return Cut(planned if known else measured, planned, length, measured, 1.0, True)


def _without_type(frames: Bytes) -> Bytes:
    """The top and bottom rows of frames, between which large words stand."""
    top, bottom = (round(frames.shape[1] * share) for share in TYPE_FREE)
    return np.concatenate([frames[:, :top], frames[:, -bottom:]], axis=1)


def blend_centre(span: Bytes, before: Bytes, after: Bytes) -> float | None:
    """Frames that the first picture of a span stays before the last one takes over; none if the two do not differ.

    In each block every frame is fitted as ``a x first + b x last + constant``. A clip's own motion makes a and b fade with the
    distance in time; how fast is seen in the frames before and after the span, and divided out. The old picture's share is then a / (a + b).

    Args:
        span: luma, shape (n, h, w), from before the change until after it.
        before: frames of the old clip that end with the span's first; as many as the span where there are.
        after: frames of the new clip that begin with the span's last.
    """
    if len(span) < 3:
        return None
    blocks, old, new = _structure(span), _structure(before[::-1]), _structure(after)
    fit = _Pair.of(blocks[0], blocks[-1])
    if fit is None:
        return None
    a, b = fit.shares(blocks)
    a, b = a / _fading(fit.shares(old)[0], len(a)), b / _fading(fit.shares(new)[1], len(b))[::-1]
    a, b = np.clip(a, 0, 2), np.clip(b, 0, 2)
    return float(((a + FAINT / 2) / (a + b + FAINT)).sum())


@dataclass(frozen=True)
class _Pair:
    """The old and the new picture of a transition as blocks, shape (blocks, pixels), and the products that a fit needs."""

    old: Floats
    new: Floats
    oo: Floats
    nn: Floats
    on: Floats
    weight: Floats

    @classmethod
    def of(cls, old: Floats, new: Floats) -> "_Pair | None":
        oo, nn, on = (old * old).sum(1), (new * new).sum(1), (old * new).sum(1)
        apart = 1 - on * on / (oo * nn + 1e-3)
        even = np.sqrt(np.minimum(oo, nn) / np.maximum(np.maximum(oo, nn), 1e-3))  # a flat picture drowns in a lively one's blocks
        weight = np.where((apart > STRUCTURE) & (np.minimum(oo, nn) > 1e-3), apart * even, 0.0)
        return cls(old, new, oo, nn, on, weight / weight.sum()) if weight.any() else None

    def shares(self, blocks: Floats) -> tuple[Floats, Floats]:
        """How much of the old and of the new picture is in each frame, shape (n,) each."""
        determinant = np.where(self.weight > 0, self.oo * self.nn - self.on**2, 1.0)
        from_old, from_new = np.einsum("tbp,bp->tb", blocks, self.old), np.einsum("tbp,bp->tb", blocks, self.new)
        a = (from_old * self.nn - from_new * self.on) / determinant
        b = (from_new * self.oo - from_old * self.on) / determinant
        return (a * self.weight).sum(1), (b * self.weight).sum(1)


def _fading(own: Floats, count: int) -> Floats:
    """How much of a picture is left in its own clip 0, 1 .. ``count`` - 1 frames away; never rising, at least `FADED`."""
    left = np.minimum.accumulate(np.clip(own, FADED, 1.0))[:count] if len(own) else np.ones(1)
    return np.concatenate([left, np.full(count - len(left), left[-1])])


def _structure(frames: Bytes) -> Floats:
    """Smoothed blocks of frames without their means, shape (n, GRID * GRID, pixels)."""
    from scipy.ndimage import gaussian_filter

    blocks = _blocks(gaussian_filter(frames.astype(np.float32), (0, 2, 2)))
    flat: Floats = blocks - blocks.mean(axis=2, keepdims=True)
    return flat


def _blocks(frames: Floats) -> Floats:
    """Pixels of each of GRID x GRID blocks: (n, h, w) -> (n, GRID * GRID, pixels)."""
    count, rows, columns = frames.shape[0], frames.shape[1] // GRID, frames.shape[2] // GRID
    inside = frames[:, : rows * GRID, : columns * GRID].reshape(count, GRID, rows, GRID, columns)
    return inside.transpose(0, 1, 3, 2, 4).reshape(count, GRID * GRID, rows * columns)


def unplanned(watched: Watched, clear: Flags, scores: Floats, taken: Sequence[tuple[int, int]]) -> list[Cut]:
    """Hard cuts among the ``clear`` frames outside the spans ``taken`` (first and last frame); flashes are left out."""
    clear = clear.copy()
    for first, last in taken:
        clear[max(first, 0) : last + 1] = False
    found = [int(t) for t in np.flatnonzero(clear) if scores[t] == scores[max(t - SIDE + 1, 0) : t + SIDE].max()]
    return [Cut(t, None, 0, t, float(scores[t]), True) for t in _without_returns(watched, found)]


def _without_returns(watched: Watched, found: list[int]) -> list[int]:
    """Leave out pairs of cuts between which the picture was only interrupted."""
    kept: list[int] = []
    for frame in found:
        if kept and frame - kept[-1] <= RETURN and _same_picture(watched, kept[-1] - 1, frame):
            kept.pop()
        else:
            kept.append(frame)
    return kept


def _same_picture(watched: Watched, one: int, other: int) -> bool:
    from scipy.ndimage import gaussian_filter

    a, b = (gaussian_filter(watched.luma.one(frame).astype(np.float32), 2).ravel() for frame in (one, other))
    return bool(np.corrcoef(a, b)[0, 1] > 0.8) if a.std() > 1 and b.std() > 1 else False


def measure_cuts(watched: Watched, cuts: Sequence[int] | None, transitions: Sequence[tuple[int, int]]) -> tuple[Cut, ...]:
    """Every cut of the film, in order: the planned ones where they really are, and others that nobody planned.

    Args:
        watched: the film.
        cuts: first frames of the scenes but the first, transitions' centres among them; none when there is no plan.
        transitions: (centre, whole length) in frames.
    """
    across, scores = boundary_scores(watched.unlike)
    lengths = {centre: length for centre, length in transitions if length > 0}
    planned = sorted({*(cuts or ()), *lengths})
    found = [_measure(watched, scores, planned, k, lengths) for k in range(len(planned))]
    taken = [_span(cut) for cut in found]
    clear = (scores >= CLEAR) & (across >= LEAST)
    return tuple(sorted([*found, *unplanned(watched, clear, scores, taken)], key=lambda cut: cut.frame))


def _measure(watched: Watched, scores: Floats, planned: list[int], k: int, lengths: dict[int, int]) -> Cut:
    """Measure one planned cut, keeping away from its neighbours."""
    frame = planned[k]
    before = (planned[k - 1] + frame + 1) // 2 if k else 0
    after = (planned[k + 1] + frame) // 2 if k + 1 < len(planned) else watched.frames - 1
    if frame in lengths:
        return planned_transition(watched, frame, lengths[frame], (before, after))
    return planned_cut(watched, scores, frame, (before, after))


def _span(cut: Cut) -> tuple[int, int]:
    """Frames in which a planned cut explains a jump."""
    reach = cut.length // 2 + (SEARCH if cut.length else SIDE)
    return int(cut.frame) - reach, int(cut.frame) + reach


def distance_to_beats(frame: float, beats: Sequence[float], fps: Fraction) -> float:
    """Frames to the nearest beat, signed: positive when the cut is late."""
    at = np.asarray(beats, float) * float(fps)
    nearest = at[np.abs(at - frame).argmin()]
    return float(frame - nearest)


def on_beat(distance: float) -> bool:
    """Whether a cut is as near to its beat as whole frames allow."""
    return abs(distance) <= HALF_FRAME + ROUNDING


def share_by_chance(frames: int, beats: Sequence[float], fps: Fraction) -> float:
    """On-beat share of cuts thrown at random: the share of all frames of the film that a cut could begin on and be on a beat."""
    if frames < 2 or not len(beats):
        return 0.0
    near = np.zeros(frames - 1, bool)
    for beat in np.asarray(beats, float) * float(fps):
        first = int(np.ceil(beat - HALF_FRAME - ROUNDING))
        last = int(np.floor(beat + HALF_FRAME + ROUNDING))
        near[max(first - 1, 0) : max(last, 0)] = True
    return float(near.mean())
