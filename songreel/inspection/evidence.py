"""What stands behind a report: every array and every single measurement."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from schemas import Report
from songreel.inspection.alignment import Alignment
from songreel.inspection.clips import ClipVerdict
from songreel.inspection.cuts import Cut
from songreel.inspection.kinds import Bytes, Flags, Floats
from songreel.inspection.soundtrack import SoundMatch
from songreel.inspection.timing import Timing


@dataclass(frozen=True)
class MeasuredClip:
    """One clip: the scene it belongs to (its number between planned cuts), the verdict, and a picture of its middle (h, w, 3)."""

    scene: int
    verdict: ClipVerdict
    still: Bytes


@dataclass(frozen=True)
class MeasuredCut:
    """One cut and its signed distance in frames to the nearest beat (positive: late); none without a beat grid."""

    cut: Cut
    distance: float | None


@dataclass(frozen=True)
class Evidence:
    """Everything measured of one film; arrays run over its n frames.

    ``change``: mean change of luma in levels. ``light``: mean relative luminance. ``general``, ``red``: flashes in the second that ends
    there. ``beats``: seconds.
    """

    film: str
    master: str
    fps: Fraction
    beats: tuple[float, ...]
    change: Floats
    light: Floats
    general: Bytes
    red: Bytes
    black: Flags
    cuts: tuple[MeasuredCut, ...]
    transitions: tuple[tuple[int, int], ...]
    clips: tuple[MeasuredClip, ...]
    alignment: Alignment
    sound: SoundMatch
    timing: Timing

    @property
    def frames(self) -> int:
        return len(self.change)

    @property
    def repeated(self) -> tuple[int, ...]:
        """Frames that repeat the one before where that is a fault."""
        return tuple(frame for clip in self.clips for frame in clip.verdict.repeats)


@dataclass(frozen=True)
class Inspection:
    """A report and what stands behind it."""

    report: Report
    evidence: Evidence


def runs(flags: Flags) -> Sequence[tuple[int, int]]:
    """First and last (exclusive) index of each run of set flags."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
