"""Camera paths: where the eye is at each moment of a scene.

x is sideways, y height, z forward, in the world's units; roll in radians. Paths are smooth, depend only on the scene's seed and the
moment, and travel less in short scenes so that the speed stays musical.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin

from schemas import Camera

FULL_TRAVEL = 4.5  # seconds a scene lasts from which the camera goes its whole way
CALM, LIVELY = 0.4, 0.7  # share of the way that the camera goes in a scene without energy, and what full energy adds
STEADY = 0.65  # share of constant speed in the easing; the rest starts and ends gently
BREATH = 0.035  # forward travel per second of full loudness


@dataclass(frozen=True)
class Eye:
    x: float
    y: float
    z: float
    roll: float = 0.0


@dataclass(frozen=True)
class Moment:
    """``progress`` is the eased share of the scene, ``seconds`` since it began, ``side`` -1 or 1, ``size`` how far to travel."""

    progress: float
    seconds: float
    side: float
    size: float
    phase: float


def eye(path: Camera, seconds: float, duration: float, energy: float, numbers: tuple[float, ...], heard: float) -> Eye:
    """Where the eye is.

    Args:
        seconds: since the scene began; duration: the scene's length.
        energy: of the scene, 0..1; livelier scenes travel further.
        numbers: four in [0, 1) from the scene's seed.
        heard: integral of loudness since the scene began, seconds.
    """
    share = min(max(seconds / duration, 0.0), 1.0) if duration > 0 else 0.0
    eased = STEADY * share + (1.0 - STEADY) * share * share * (3.0 - 2.0 * share)
    size = (CALM + LIVELY * energy) * min(duration / FULL_TRAVEL, 1.0) ** 0.6
    moment = Moment(eased, seconds, 1.0 if numbers[0] < 0.5 else -1.0, size, 2 * pi * numbers[1])
    way = PATHS[path](moment)
    return Eye(way.x, way.y, way.z + BREATH * heard, way.roll)


def _drift(m: Moment) -> Eye:
    return Eye(m.side * m.size * 0.42 * (m.progress - 0.5), 0.025 * sin(m.phase + 0.5 * m.seconds), 0.40 * m.size * m.progress)


def _push(m: Moment) -> Eye:
    return Eye(0.05 * sin(m.phase + 0.45 * m.seconds), 0.02 * sin(m.phase * 2 + 0.35 * m.seconds), 1.05 * m.size * m.progress)


def _rise(m: Moment) -> Eye:
    return Eye(m.side * 0.10 * (m.progress - 0.5), m.size * 0.26 * (m.progress - 0.5), 0.35 * m.size * m.progress)


def _orbit(m: Moment) -> Eye:
    angle = m.side * m.size * 1.5 * (m.progress - 0.5)
    return Eye(0.48 * sin(angle), 0.03 * sin(m.phase + 0.4 * m.seconds), 0.55 * (1.0 - cos(angle)) + 0.2 * m.progress, -0.025 * angle)


def _track(m: Moment) -> Eye:
    return Eye(m.side * m.size * 0.95 * (m.progress - 0.5), 0.015 * sin(m.phase + 0.7 * m.seconds), 0.22 * m.progress)


def _handheld(m: Moment) -> Eye:
    def sway(speed: float, turn: float) -> float:
        return 0.6 * sin(m.phase + turn + speed * m.seconds) + 0.4 * sin(2.1 * m.phase + turn + 2.3 * speed * m.seconds)

    return Eye(0.05 * sway(1.1, 0.0), 0.022 * sway(1.4, 2.0), 0.5 * m.size * m.progress, 0.010 * sway(0.9, 4.0))


PATHS: dict[Camera, Callable[[Moment], Eye]] = {
    "drift": _drift,
    "push": _push,
    "rise": _rise,
    "orbit": _orbit,
    "track": _track,
    "handheld": _handheld,
}
