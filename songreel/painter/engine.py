"""The painter: draws a look, moment by moment, into the planes that an encoder takes.

Passes: far (soft background, a quarter of the inner size) -> world (inner size: colour, depth, glow) -> bloom -> the style's own
pre-passes -> style and light (output size, already Y and UV) -> type (lyrics; none yet) -> chroma halved -> readback.
A frame depends on the look, the seed, the curves, its index and its scene's span, never on what was drawn before it.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import islice
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np

from schemas import Look, Quality
from songreel.errors import UserError
from songreel.painter import gl
from songreel.painter.arrays import Bytes, Floats
from songreel.painter.catalogue import Style, find_style
from songreel.painter.moments import Moments, Span
from songreel.painter.programs import Programs
from songreel.painter.textures import noise, weather

INNER: dict[Quality, float] = {"preview": 0.5, "basic": 0.5, "professional": 0.5, "cinematic": 0.75}
"""Inner resolution as a share of the output's height."""
FAR_SHARE, GLOW_SHARE, WIDE_SHARE = 1 / 4, 1 / 4, 1 / 8  # of the inner size
RING = 4  # sets of planes handed out in turn
SCENE = ((4, "f2"), (4, "f2"))  # colour; depth, glow, subject


class Planes(NamedTuple):
    """One frame in YUV 4:2:0, BT.709 limited range, rows from the top; y (h, w), u and v (h/2, w/2), uint8."""

    y: Bytes
    u: Bytes
    v: Bytes


class Painter:
    """Draws frames of one size; use it in a ``with`` statement, and from one thread.

    Args:
        width, height: even, in pixels.
        fps: frames a second.
        quality: how finely the scene is drawn before the style.

    Raises:
        MissingDependency: no OpenGL through EGL here.
    """

    def __init__(self, width: int, height: int, fps: Fraction, quality: Quality = "professional") -> None:
        if width % 2 or height % 2 or min(width, height) < 16:
            raise UserError(f"a picture of {width} x {height}: both sides must be even and at least 16")
        self.width, self.height, self.fps, self.quality = width, height, Fraction(fps), quality

    def __enter__(self) -> Self:
        self.context = gl.open_context()
        self.programs = Programs(self.context)
        self.canvas: Canvas | None = None
        self._pictures = [gl.picture(self.context, noise(), "noise_tex"), gl.picture(self.context, weather(), "weather_tex")]
        self._output = gl.Target(self.context, (self.width, self.height), ((1, "f1"), (2, "f1")))
        self._halves = gl.Target(self.context, (self.width // 2, self.height // 2), ((1, "f1"), (1, "f1")))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.context.__exit__(kind, error, trace)
        self.context.release()

    @property
    def renderer(self) -> str:
        """The driver's name for what draws."""
        return str(self.context.info["GL_RENDERER"])

    @cached_property
    def _ring(self) -> list[Planes]:
        half = (self.height // 2, self.width // 2)
        return [Planes(np.empty((self.height, self.width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8)) for _ in range(RING)]

    def frames(
        self, look: Look, seed: int, curves: Mapping[str, Floats], first_frame: int, count: int, *, scene: Span | None = None
    ) -> Iterator[Planes]:
        """Draw frames ``first_frame`` to ``first_frame + count - 1`` of the film.

        The arrays are used again: those of one frame hold until the third frame after it is drawn. Copy what should last.

        Args:
            seed: of the scene; another seed is another picture.
            curves: arrays of the names in `schemas.CURVES`, one value per frame of the film; a missing one is 0.
            scene: the whole scene's first frame and count, when only a part of it is drawn.
        """
        style = find_style(look.style)
        moments = Moments(look, seed, curves, self.fps, scene or Span(first_frame, count), style.drawings)
        for number in range(first_frame, first_frame + count):
            self._draw(look, style, moments, number)
            planes = self._ring[number % RING]
            self._read(planes)
            yield planes

    def still(self, look: Look, seed: int, curves: Mapping[str, Floats], frame: int, *, scene: Span | None = None) -> Bytes:
        """One frame as display RGB, shape (h, w, 3), uint8."""
        (planes,) = islice(self.frames(look, seed, curves, frame, 1, scene=scene or Span(max(frame - 60, 0), 120)), 1)
        return rgb(planes)

    def _draw(self, look: Look, style: Style, moments: Moments, number: int) -> None:
        canvas = self._canvas_for(style)
        held = moments.held(number)
        key = (look, moments.seed, moments.scene, held)
        if canvas.drawn != key or moments.curves is not canvas.curves:
            canvas.draw_world(self.programs.world(look), {**moments.at(held), **self._shape})
            canvas.drawn, canvas.curves = key, moments.curves
        values = {**moments.at(number), **self._shape}
        canvas.draw_style(self.programs.style(style), values, self._output)
        self._output.bind("luma_tex", "chroma_tex")
        self.programs.halve.draw(self._halves.buffer, values)

    @property
    def _shape(self) -> dict[str, gl.Uniform]:
        return {"aspect": self.width / self.height, "output_size": (self.width, self.height)}

    def _read(self, planes: Planes) -> None:
        self._output.buffer.read_into(planes.y.data, components=1, attachment=0, alignment=1)
        self._halves.buffer.read_into(planes.u.data, components=1, attachment=0, alignment=1)
        self._halves.buffer.read_into(planes.v.data, components=1, attachment=1, alignment=1)

    def _canvas_for(self, style: Style) -> "Canvas":
        if self.canvas is None or self.canvas.style != style:
            if self.canvas is not None:
                self.canvas.release()
            self.canvas = Canvas(self.context, self.programs, style, inner_size(self.width, self.height, self.quality, style))
        return self.canvas


def inner_size(width: int, height: int, quality: Quality, style: Style) -> tuple[int, int]:
    """Pixels that the world is drawn at, before the style."""
    lines = style.lines or height * INNER[quality] * style.inner
    short = min(1.0, lines / min(width, height)) if style.lines else lines / height
    return max(round(width * short), 8), max(round(height * short), 8)


class Canvas:
    """The targets that one style's passes need."""

    def __init__(self, context: Any, programs: Programs, style: Style, size: tuple[int, int]) -> None:
        def at(share: float) -> tuple[int, int]:
            return max(round(size[0] * share), 4), max(round(size[1] * share), 4)

        self.style, self.programs = style, programs
        self.drawn: object = None
        self.curves: object = None
        colour = [(4, "f2")]
        self.far = gl.Target(context, at(FAR_SHARE), colour)
        self.scene = gl.Target(context, size, SCENE, style.smooth)
        self.bloom = [gl.Target(context, at(share), colour) for share in (GLOW_SHARE, WIDE_SHARE, GLOW_SHARE)] if style.bloom else []
        self.pre = [gl.Target(context, at(step.scale), colour, step.smooth) for step in style.passes]
        self.far.bind("far_tex")
        self.scene.bind("colour_tex", "aux_tex")
        for target, sampler in zip(self.bloom, ("glow_tex", "wide_tex", "bloom_tex"), strict=False):
            target.bind(sampler)
        for target, sampler in zip(self.pre, ("pre0", "pre1"), strict=False):
            target.bind(sampler)

    def draw_world(self, world: tuple[gl.Program, gl.Program], values: dict[str, gl.Uniform]) -> None:
        far, near = world
        far.draw(self.far.buffer, values)
        near.draw(self.scene.buffer, values)
        for program, target in zip(self.programs.bloom, self.bloom, strict=False):
            program.draw(target.buffer, values)

    def draw_style(self, style: tuple[list[gl.Program], gl.Program], values: dict[str, gl.Uniform], output: gl.Target) -> None:
        steps, last = style
        values["inner"] = self.scene.size
        for program, target in zip(steps, self.pre, strict=True):
            program.draw(target.buffer, values)
        last.draw(output.buffer, values)

    def release(self) -> None:
        for target in (self.far, self.scene, *self.bloom, *self.pre):
            target.release()


def rgb(planes: Planes) -> Bytes:
    """Planes as display RGB, shape (h, w, 3), uint8; chroma repeated."""
    y = (planes.y.astype(np.float32) - 16.0) / 219.0
    u, v = (plane.astype(np.float32).repeat(2, 0).repeat(2, 1) / 224.0 - 128.0 / 224.0 for plane in (planes.u, planes.v))
    red, blue = y + 1.5748 * v, y + 1.8556 * u
    green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
    return np.asarray(np.clip(np.stack((red, green, blue), -1) * 255.0 + 0.5, 0, 255).astype(np.uint8))
