"""The painter: draws a look, moment by moment, into the planes that an encoder takes.

Passes: subject (a small picture of its own) -> far (soft background, a quarter of the inner size) -> world (inner size: colour,
depth, glow) -> bloom -> the style's own pre-passes -> style and light (the style's share of the output's size, already Y, U and V)
-> readback, enlarged -> grain. A style that holds its drawings "on twos" draws only a held moment's first frame; grain makes each frame new.
A frame depends on the look, the seed, the curves, its index and its scene's span, never on what was drawn before it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice
from types import TracebackType
from typing import Any, Self

from schemas import Hour, Look, OwnShader, OwnShaders, Quality, Weather
from songreel.errors import UserError
from songreel.painter import gl
from songreel.painter.arrays import Bytes, Floats
from songreel.painter.catalogue import Style, find_style, find_world
from songreel.painter.finish import Finish, finish_size
from songreel.painter.image import abstract
from songreel.painter.moments import Moments, Span
from songreel.painter.own.picture import OwnPicture
from songreel.painter.planes import RING, Planes, rgb
from songreel.painter.programs import Drawing, Programs, StylePrograms, weather_over
from songreel.painter.textures import noise, weather

INNER: dict[Quality, float] = {"preview": 0.5, "basic": 0.5, "professional": 0.5, "cinematic": 0.75}
"""Inner resolution as a share of the output's height."""
SUBJECT_SIZE, LEAST_SUBJECT = (0.72, 0.56), 96  # of the inner height; pixels
FAR_SHARE, GLOW_SHARE, WIDE_SHARE, BLOOM_SHARE = 1 / 4, 1 / 4, 1 / 8, 1 / 8  # of the inner size
SCENE = ((4, "f1"), (4, "f1"))  # colour and depth; depth, glow, subject. Bytes: on a processor halves cost twice as much to write
EXACT = ((4, "f4"),)  # small soft pictures; on a processor floats are quicker to look up than halves and bytes
CANVAS = ((4, "f1"),)
NONE = OwnShaders()
Kind = tuple[Style, Hour, Weather, float]
"""What a canvas is prepared for; another one needs other programs and targets."""
BLOOM_UNITS, PRE_UNITS = ("glow_tex", "wide_tex", "bloom_tex"), ("pre0", "pre1")


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
        self.programs = Programs(self.context, float(self.fps))
        self.canvas: Canvas | None = None
        self._pictures = [gl.picture(self.context, noise(), "noise_tex"), gl.picture(self.context, weather(), "weather_tex")]
        self._shown: tuple[Floats | None, Any] = (None, gl.picture(self.context, abstract(), "picture_tex"))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.context.release()

    @property
    def renderer(self) -> str:
        """The driver's name for what draws."""
        return str(self.context.info["GL_RENDERER"])

    @cached_property
    def _ring(self) -> list[Planes]:
        return [Planes.empty(self.width, self.height) for _ in range(RING)]

    def frames(
        self, look: Look, seed: int, curves: Mapping[str, Floats], first_frame: int, count: int,
        *, scene: Span | None = None, own: OwnShaders = NONE, image: Floats | None = None,
    ) -> Iterator[Planes]:  # fmt: skip
        """Draw frames ``first_frame`` to ``first_frame + count - 1`` of the film.

        The arrays are used again: those of one frame hold until the third frame after it is drawn. Copy what should last.

        Args:
            seed: of the scene; another seed is another picture.
            curves: arrays of the names in `schemas.CURVES`, one value per frame of the film; a missing one is 0.
            scene: the whole scene's first frame and count, when only a part of it is drawn.
            own: a person's world and style, drawn instead of the look's.
            image: what the world "Picture" shows, as `image.prepared` makes it; none: a picture of its own.
        """
        style = own_style(own.style) if own.style else find_style(look.style)
        moments = Moments(look, seed, curves, self.fps, scene or Span(first_frame, count), style.drawings)
        for number in range(first_frame, first_frame + count):
            planes = self._ring[number % RING]
            with self.context:  # several painters may be open in one thread
                self._show(image)
                self._draw(look, style, moments, number, own).put(planes, moments.dance(number))
            yield planes

    def still(self, look: Look, seed: int, curves: Mapping[str, Floats], frame: int, *, scene: Span | None = None) -> Bytes:
        """One frame as display RGB, shape (h, w, 3), uint8."""
        (planes,) = islice(self.frames(look, seed, curves, frame, 1, scene=scene or Span(max(frame - 60, 0), 120)), 1)
        return rgb(planes)

    def _draw(self, look: Look, style: Style, moments: Moments, number: int, own: OwnShaders) -> Finish:
        """Draw a frame's picture, unless it is the one that is shown already."""
        canvas = self._canvas_for(style, look, own)
        held = moments.held(number)
        if canvas.due(look, moments, held):
            values = {**moments.at(held), **self.shape}
            canvas.draw_scene(self.programs.world(look, own.world), self.programs.subject(look), values)
            canvas.draw_style(values)
            canvas.finish.take()
        return canvas.finish

    def _show(self, image: Floats | None) -> None:
        """Put an image on its unit, unless it is there."""
        last, texture = self._shown
        if image is not last:
            texture.release()
            self._shown = (image, gl.picture(self.context, abstract() if image is None else image, "picture_tex"))

    @property
    def shape(self) -> dict[str, gl.Uniform]:
        """What every pass is told of the picture's form."""
        return {"aspect": self.width / self.height}

    def _canvas_for(self, style: Style, look: Look, own: OwnShaders) -> "Canvas":
        kind = (style, look.hour, "clear" if own.world else weather_over(look), 1.0 if own.world else find_world(look.world).inner)
        made_of = self.programs.style(style, look.hour, own.style, kind[2])  # in use: not among those that are dropped
        if self.canvas is None or self.canvas.kind != kind:
            if self.canvas is not None:
                self.canvas.release()
            size = inner_size(self.width, self.height, self.quality, style, kind[3])
            self.canvas = Canvas(self.context, self.programs.bloom, made_of, kind, size, (self.width, self.height))
        return self.canvas


def inner_size(width: int, height: int, quality: Quality, style: Style, world: float = 1.0) -> tuple[int, int]:
    """Pixels that a world is drawn at, before the style; ``world`` is the share that the world itself needs."""
    short = min(width, height)
    share = INNER[quality] * style.inner * world
    if style.cells:  # a grid of its own: whole output pixels to a cell, so that all cells are of one size
        share = style.samples / max(round(short / style.cells), 1)
    return max(round(width * share), 8), max(round(height * share), 8)


def own_style(shader: OwnShader) -> Style:
    """A person's style as the engine knows styles: nothing but its shader."""
    return Style(id="own", title=shader.name, description=hashlib.sha256(shader.text.encode()).hexdigest())


def subject_size(inner: tuple[int, int]) -> tuple[int, int]:
    """Pixels of the small picture of a subject: about as fine as the world draws the largest."""
    width, height = (max(round(min(inner) * share), LEAST_SUBJECT) for share in SUBJECT_SIZE)
    return width, height


class Canvas:
    """The targets and programs of one style, and what they show."""

    def __init__(
        self, context: Any, bloom: Sequence[Drawing], made_of: StylePrograms, kind: Kind, size: tuple[int, int], film: tuple[int, int]
    ) -> None:
        def made(share: float, smooth: bool = True) -> gl.Target:
            return gl.Target(context, (max(round(size[0] * share), 4), max(round(size[1] * share), 4)), EXACT, smooth)

        style = kind[0]
        self.kind, self.bloom_steps = kind, bloom if style.bloom else []
        self.steps, self.last, self.mixing = made_of.steps, made_of.last, made_of.inks
        self.shown: tuple[object, ...] = ()
        self.far = made(FAR_SHARE)
        self.scene = gl.Target(context, size, SCENE)
        self.subject = gl.Target(context, subject_size(size), EXACT)
        self.bloom = [made(share) for share in (GLOW_SHARE, WIDE_SHARE, BLOOM_SHARE)[: len(self.bloom_steps)]]
        self.pre = [made(step.scale, step.smooth) for step in style.passes]
        for step in self.steps:
            if isinstance(step, OwnPicture):  # it changes the scene's picture, at the film's own size
                step.given = self.scene.textures[0]
                self.pre = [gl.Target(context, film, CANVAS)]
        last = self.pre[-1].size if style.blocks else finish_size(film, style.finish)
        self.finish = Finish(context, last, film, style.grain, style.blocks)
        self.ground = gl.Target(context, last, CANVAS, smooth=False)
        self.inks = gl.Target(context, (256, 4), CANVAS, smooth=False)
        self._bind()
        if made_of.canvas:
            made_of.canvas.draw(self.ground.buffer, {"aspect": size[0] / size[1], "inner": size})

    def _bind(self) -> None:
        self.far.bind("far_tex")
        self.subject.bind("subject_tex")
        self.scene.bind("colour_tex", "aux_tex")
        self.ground.bind("canvas_tex")
        self.inks.bind("inks_tex")
        for target, sampler in zip((*self.bloom, *self.pre), (*BLOOM_UNITS[: len(self.bloom)], *PRE_UNITS), strict=False):
            target.bind(sampler)

    def due(self, look: Look, moments: Moments, held: int) -> bool:
        """Whether another moment of a scene is due; it is then taken as shown."""
        due = (look, moments, held)
        new = due != self.shown
        self.shown = due
        return new

    def draw_scene(self, world: tuple[Drawing, Drawing], subject: gl.Program | None, values: dict[str, gl.Uniform]) -> None:
        """Draw the world, its bloom and the style's pre-passes."""
        values["inner"] = self.scene.size
        far, near = world
        if self.mixing:
            self.mixing.draw(self.inks.buffer, values)
        if subject:
            subject.draw(self.subject.buffer, values)
        far.draw(self.far.buffer, values)
        near.draw(self.scene.buffer, values)
        for program, target in zip((*self.bloom_steps, *self.steps), (*self.bloom, *self.pre), strict=True):
            program.draw(target.buffer, values)

    def draw_style(self, values: dict[str, gl.Uniform]) -> None:
        """Draw the styled picture."""
        values["inner"] = self.scene.size
        self.last.draw(self.finish.target.buffer, values)

    def release(self) -> None:
        for target in (self.far, self.subject, self.scene, self.ground, self.inks, *self.bloom, *self.pre):
            target.release()
