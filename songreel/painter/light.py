"""Palette and hour -> the colours a scene is lit with. Colours are float32 rows of (r, g, b), display values in [0, 1]."""

from collections.abc import Sequence

import numpy as np

from schemas import Hour
from songreel.painter.arrays import Floats

HOURS: tuple[Hour, ...] = ("night", "dawn", "day", "dusk")
"""Order of ``hour`` in the shaders."""

WHITE = np.array((1.0, 1.0, 1.0))
MOONLIGHT = np.array((0.80, 0.88, 1.0))
NOON = np.array((0.52, 0.73, 0.95))


def palette(colours: Sequence[str]) -> Floats:
    """Five ``#rrggbb`` colours as an array of shape (5, 3)."""
    return np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in colours], np.float32)


def sky_tints(pal: Floats, hour: Hour) -> Floats:
    """Low, middle and top of the sky and the colour of its light: shape (4, 3)."""
    tints = {"night": _night, "dawn": _dawn, "day": _day, "dusk": _dusk}[hour](pal)
    return np.clip(np.stack(tints), 0.0, 1.0).astype(np.float32)


def _mix(a: Floats, b: Floats, share: float) -> Floats:
    return a * (1.0 - share) + b * share


def _night(pal: Floats) -> tuple[Floats, ...]:
    return _mix(pal[1], pal[2], 0.35) * 0.80, _mix(pal[0], pal[1], 0.75) * 0.85, pal[0] * 0.60, _mix(pal[4], MOONLIGHT, 0.5)


def _dawn(pal: Floats) -> tuple[Floats, ...]:
    return _mix(pal[3], pal[4], 0.60), _mix(_mix(pal[2], pal[4], 0.50), pal[3], 0.15), _mix(pal[1], pal[2], 0.55) * 1.05, _mix(pal[3], pal[4], 0.65)


def _day(pal: Floats) -> tuple[Floats, ...]:
    return (
        _mix(pal[4], WHITE, 0.25),
        _mix(_mix(pal[2], pal[4], 0.6), NOON, 0.35),
        _mix(_mix(pal[2], pal[1], 0.25), NOON, 0.45),
        _mix(pal[4], WHITE, 0.5),
    )


def _dusk(pal: Floats) -> tuple[Floats, ...]:
    return _mix(pal[3], pal[2], 0.15), _mix(pal[2], pal[1], 0.20) * 0.92, _mix(pal[0], pal[1], 0.65), _mix(pal[3], pal[4], 0.40)
