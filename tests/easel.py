"""Draws worlds without a style, as the world pass leaves them, at the size of a postage stamp, and measures what was drawn."""

import ctypes
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from schemas import CURVES, Look
from songreel.painter import gl
from songreel.painter.catalogue import SHADERS, subject_row
from songreel.painter.engine import EXACT, FAR_SHARE, subject_size
from songreel.painter.image import abstract
from songreel.painter.light import HOURS
from songreel.painter.moments import Moments, Span
from songreel.painter.programs import SUBJECT_SEEN, WEATHERS, WORLD_MAIN, Programs, subject_sources, world_sources
from songreel.painter.textures import noise, weather

FPS = Fraction(30)
FRAMES = 300
STAMP = (160, 90)  # pixels
COLOURS = ("#0b0820", "#2a1a5e", "#7a2f8f", "#ff5fa2", "#ffe3c2")
EVEN = {name: np.full(FRAMES, 0.5, np.float32) for name in CURVES}
LUMA = np.array((0.2126, 0.7152, 0.0722))
FRAGMENT_SHADER, COMPILE_STATUS = 0x8B30, 0x8B81
ARGUMENTS = {"glCreateShader": 1, "glShaderSource": 4, "glCompileShader": 1, "glGetShaderiv": 3, "glGetShaderInfoLog": 4, "glDeleteShader": 1}


class View(NamedTuple):
    """What is written into a world's program: each one of them is compiled anew."""

    variant: int = 0
    hour: str = "night"
    weather: str = "clear"
    subject: str = "walker"


VIEW = View()


class Drawn(NamedTuple):
    """Values in [0, 1]: colour of shape (h, w, 3), the rest (h, w); row 0 is the lowest."""

    colour: np.ndarray
    depth: np.ndarray
    glow: np.ndarray
    cover: np.ndarray

    @property
    def light(self) -> np.ndarray:
        """Brightness of every pixel, shape (h, w)."""
        return self.colour @ LUMA


class Easel:
    """Draws worlds and keeps what it compiled, which is what these tests spend their time on."""

    def __init__(self) -> None:
        self.context = gl.open_context()
        self.programs = Programs(self.context)
        self.pictures = [gl.picture(self.context, noise(), "noise_tex"), gl.picture(self.context, weather(), "weather_tex")]
        self.pictures.append(gl.picture(self.context, abstract(), "picture_tex"))
        self.made: dict[object, Any] = {}

    def draw(self, world, view=VIEW, frame=100, seed=7, size=STAMP, curves=EVEN, colours=COLOURS) -> Drawn:
        look = Look(world=world, style="cinematic", colours=colours, **view._asdict())
        far, near = self._kept((world, view), lambda: self.programs._make_world(look))  # more of them than the painter keeps
        values = {**Moments(look, seed, curves, FPS, Span(60, 150), None).at(frame), "aspect": size[0] / size[1]}
        back, standing, scene = self._targets(size)
        back.bind("far_tex")
        standing.bind("subject_tex")
        if subject := self.programs.subject(look):
            subject.draw(standing.buffer, values)
        far.draw(back.buffer, values)
        near.draw(scene.buffer, values)
        colour, aux = (np.frombuffer(scene.buffer.read(components=3, attachment=number), np.uint8) for number in (0, 1))
        shape = (size[1], size[0], 3)
        return Drawn(colour.reshape(shape) / 255, *np.moveaxis(aux.reshape(shape) / 255, 2, 0))

    def remarks(self, world, view=VIEW) -> tuple[bool, str]:
        """Whether a world compiles and what the driver's compiler says of it."""
        known = {
            "variant": view.variant, "hour": HOURS.index(view.hour), "weather": WEATHERS.index(view.weather), "subject_id": subject_row(view.subject),
        }  # fmt: skip
        constants = "".join(f"const int {name} = {value};\n" for name, value in known.items())
        files = [gl.Source.of(SHADERS / "common.glsl"), *subject_sources(SUBJECT_SEEN), *world_sources(world)]
        return _compile(gl.HEADER + constants + "\n".join(source.text for source in files) + WORLD_MAIN)

    def _targets(self, size):
        back = ((max(round(size[0] * FAR_SHARE), 4), max(round(size[1] * FAR_SHARE), 4)), EXACT)
        layouts = (back, (subject_size(size), EXACT), (size, ((4, "f1"), (4, "f1"))))
        return self._kept(size, lambda: [gl.Target(self.context, *layout) for layout in layouts])

    def _kept(self, key, make):
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]


def with_curve(name: str, value: float) -> dict[str, np.ndarray]:
    """Curves that stand still, one of them at a value."""
    return {**EVEN, name: np.full(FRAMES, value, np.float32)}


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of two pictures, in [0, 1]."""
    return float(np.abs(one - other).mean())


def _compile(text: str) -> tuple[bool, str]:
    shader = _call("glCreateShader", ctypes.c_uint)(FRAGMENT_SHADER)
    _call("glShaderSource")(shader, 1, ctypes.byref(ctypes.c_char_p(text.encode())), None)
    _call("glCompileShader")(shader)
    compiled, said = ctypes.c_int(), ctypes.create_string_buffer(1 << 14)
    _call("glGetShaderiv")(shader, COMPILE_STATUS, ctypes.byref(compiled))
    _call("glGetShaderInfoLog")(shader, len(said), None, said)
    _call("glDeleteShader")(shader)
    return bool(compiled.value), said.value.decode().strip()


def _call(name: str, gives: Any = None) -> Any:
    egl = ctypes.CDLL("libEGL.so.1")
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    return ctypes.CFUNCTYPE(gives, *([ctypes.c_void_p] * ARGUMENTS[name]))(egl.eglGetProcAddress(name.encode()))
