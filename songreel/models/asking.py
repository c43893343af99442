"""What a model is asked for: its own rate, a legal size, and as many legal pieces as a scene needs.

Sizes are (width, height) in pixels. A piece that goes on from another shares one frame with it, which is shown once.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt

from schemas import BackendProfile, ShotOrder

LEAST_PIECE = 2  # frames: one is a still
LEAST_NEW = 3  # one part in so many of a piece is the most that is shared with the one before it


@dataclass(frozen=True)
class Pieces:
    """``count`` pieces of ``frames`` frames each; ``shared`` of them are the same in a piece and the one before it."""

    frames: int
    count: int
    shared: int = 1

    @property
    def total(self) -> int:
        """Frames of all together."""
        return self.frames + (self.count - 1) * (self.frames - self.shared)


@dataclass(frozen=True)
class Ask:
    """One scene as a model makes it; ``frames`` of what it gives are kept."""

    width: int
    height: int
    fps: Fraction
    frames: int
    pieces: Pieces


def ask(order: ShotOrder, profile: BackendProfile, share: float = 1.0, shared: int = 1) -> Ask:
    """What to ask of a model for an order.

    Args:
        order: whose slot is to be filled at the film's rate.
        profile: the model's limits.
        share: of the usual area and of the usual longest piece; below 1 where memory is short.
        shared: frames that a piece has in common with the one before it.
    """
    fps = Fraction(profile.native_fps).limit_denominator(1001) if profile.native_fps else order.fps
    frames = max(ceil(order.slot.frames * fps / order.fps), LEAST_PIECE)
    width, height = size(Fraction(order.width, order.height), profile, share)
    return Ask(width, height, fps, frames, pieces(frames, profile, fps, share, shared))


def pieces(frames: int, profile: BackendProfile, fps: Fraction, share: float = 1.0, shared: int = 1) -> Pieces:
    """The fewest equal legal pieces that hold so many frames."""
    longest = _longest(profile, fps, share)
    if longest is None or frames <= longest:
        return Pieces(max(profile.frames.at_least(frames), LEAST_PIECE), 1, shared)
    shared = max(min(shared, longest // LEAST_NEW), 1)
    count = 1 + ceil((frames - longest) / (longest - shared))
    even = ceil((frames + (count - 1) * shared) / count)
    return Pieces(min(profile.frames.at_least(even), longest), count, shared)


def size(aspect: Fraction, profile: BackendProfile, share: float = 1.0) -> tuple[int, int]:
    """The legal size nearest to an aspect (width / height) with the model's area and within its longest side."""
    pixels = float(profile.options.get("pixels", 0)) or _pixels(profile, aspect)
    width = sqrt(pixels * share * aspect)
    height = width / aspect
    over = max(width, height) / profile.longest_side if profile.longest_side else 0.0
    if over > 1:
        width, height = width / over, height / over
    return _legal(width, profile.size_multiple), _legal(height, profile.size_multiple)


def _longest(profile: BackendProfile, fps: Fraction, share: float) -> int | None:
    """The most frames of one piece that are legal; none: any number."""
    limits = [profile.frames.most, None if profile.max_seconds is None else int(profile.max_seconds * fps) + 1]
    known = [limit for limit in limits if limit is not None]
    if not known:
        return None
    rule = profile.frames
    steps = (max(int(min(known) * share), rule.least) - rule.remainder) // rule.multiple
    return max(rule.multiple * steps + rule.remainder, rule.least, LEAST_PIECE)


def _pixels(profile: BackendProfile, aspect: Fraction) -> float:
    """The area of the widest 16:9 picture that its longest side allows."""
    longest = profile.longest_side or 1024
    return longest * longest / max(float(aspect), float(1 / aspect))


def _legal(pixels: float, multiple: int) -> int:
    return max(round(pixels / multiple), 1) * multiple
