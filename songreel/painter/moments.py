"""What the shaders are told at each frame: time, camera, light and the music, all from the frame's index alone."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from schemas import CURVES, Look
from songreel.painter.arrays import Floats
from songreel.painter.calm import calmed
from songreel.painter.camera import eye
from songreel.painter.gl import Uniform
from songreel.painter.light import palette, sky_tints
from songreel.painter.pace import beat_frames, pace

SOUND = ("spectrum", "wave")  # arrays of one row of bytes a frame, beside the curves
FULL = np.float32(255)
BOILS = 8.0  # changes a second of what trembles on a drawn canvas


class Span(NamedTuple):
    """A scene's place on the film's grid."""

    first_frame: int
    frames: int


class Moments:
    """The uniforms of one scene.

    Args:
        curves: one value per frame of the film, in [0, 1]; frames past an array's end take its last value.
        drawings: new moments of the world a second; none for one every frame.
    """

    def __init__(self, look: Look, seed: int, curves: Mapping[str, Floats], fps: Fraction, scene: Span, drawings: float | None) -> None:
        self.look, self.seed, self.curves, self.fps, self.scene = look, seed, calmed(curves, float(fps)), float(fps), scene
        self.hold = max(1, round(self.fps / drawings)) if drawings else 1
        self.numbers = tuple(float(n) for n in np.random.default_rng(seed).random(4))
        pal = palette(look.colours)
        self.fixed: dict[str, Uniform] = {
            "rnd": self.numbers,
            "pal": _rows(pal),
            "sky_tint": _rows(sky_tints(pal, look.hour)),
            "busy": look.energy,
        }
        speed = pace(curves, self.fps)
        loudness = np.asarray(curves.get("loudness", np.zeros(1)), np.float64)
        self.clock = np.cumsum(speed) / self.fps
        self.heard = np.cumsum(loudness * speed[: len(loudness)]) / self.fps
        self.beats = np.concatenate([[0], beat_frames(curves)])

    def held(self, frame: int) -> int:
        """The frame whose moment of the world is shown at a frame: itself, or the last one drawn "on twos"; every beat has its drawing."""
        if self.hold == 1:
            return frame
        first = int(self.beats[np.searchsorted(self.beats, frame, side="right") - 1])
        return first + (frame - first) // self.hold * self.hold

    def world_time(self, frame: int) -> float:
        """World seconds since the song began; past the curves' end the clock runs on as it last did."""
        last = len(self.clock) - 1
        rate = self.clock[last] - (self.clock[last - 1] if last else 0.0)
        return float(self.clock[min(max(frame, 0), last)] + rate * max(frame - last, 0))

    def at(self, frame: int) -> dict[str, Uniform]:
        """Every uniform at a frame of the film."""
        start, frames = self.scene
        began, now = self.world_time(start), self.world_time(frame)
        since, lasts = max(now - began, 0.0), self.world_time(start + frames) - began
        flow = _value(self.heard, frame)
        heard = max(flow - _value(self.heard, start), 0.0)
        camera = eye(self.look.camera, since, lasts, self.look.energy, self.numbers, heard)
        music: dict[str, Uniform] = {name: _value(self.curves[name], frame) if name in self.curves else 0.0 for name in CURVES}
        return {
            **self.fixed,
            **music,
            **self.sound(frame),
            "frame": frame,
            "t": now,
            "paint_t": frame / self.fps,
            "st": since,
            "sp": min(since / lasts, 1.0),
            "cam": (camera.x, camera.y, camera.z),
            "roll": camera.roll,
            "flow": flow,
            "boil": _pair(self.seed, int(frame / self.fps * BOILS) + (1 << 20)),
        }

    def dance(self, frame: int) -> tuple[float, float]:
        """Another pair of numbers in every frame, for what dances on the film itself."""
        return _pair(self.seed, frame)

    def sound(self, frame: int) -> dict[str, Uniform]:
        """The frame's spectrum and samples, where the song's analysis has them: for shaders that look the sound up."""
        return {name: rows[min(frame, len(rows) - 1)] / FULL for name in SOUND if (rows := self.curves.get(name)) is not None}


def _value(curve: Floats, frame: int) -> float:
    return float(curve[min(max(frame, 0), len(curve) - 1)])


def _rows(array: Floats) -> list[tuple[float, ...]]:
    return [tuple(float(value) for value in row) for row in array]


def _pair(seed: int, step: int) -> tuple[float, float]:
    """Two numbers in [0, 1) that differ from step to step: a scrambled pair of counters."""
    mixed = (seed * 0x9E3779B97F4A7C15 + step * 0xD1B54A32D192ED03) & (2**64 - 1)
    mixed = ((mixed ^ (mixed >> 31)) * 0x94D049BB133111EB) & (2**64 - 1)
    mixed ^= mixed >> 29
    return (mixed >> 40) / 2**24, (mixed & 0xFFFFFF) / 2**24
