"""City, road and space are drawn at postage-stamp size and measured: do they show something, move with the music and never flash?"""

import ctypes
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest

from schemas import CURVES, Look
from songreel.painter import gl
from songreel.painter.catalogue import SHADERS, WORLDS, find_world, subject_row
from songreel.painter.engine import EXACT, subject_size
from songreel.painter.gl import Source
from songreel.painter.moments import Moments, Span
from songreel.painter.programs import SUBJECT_SEEN, WORLD_MAIN, Programs, subject_sources
from songreel.painter.textures import noise, weather

NAMES = ("city", "road", "space")
VIEWS = [(variant, hour) for variant in range(4) for hour in ("dusk", "night", "day" if variant % 2 else "dawn")]
"""Each hour on half of the compositions or more: a shader takes half a second to compile."""
SIZE = (160, 90)
FPS = Fraction(30)
FRAMES = 300
COLOURS = ("#0b0820", "#2a1a5e", "#7a2f8f", "#ff5fa2", "#ffe3c2")
QUIET = {name: np.full(FRAMES, 0.5, np.float32) for name in CURVES}
FRAGMENT_SHADER, COMPILE_STATUS = 0x8B30, 0x8B81


class Easel:
    """Draws worlds without a style, as they leave the world pass."""

    def __init__(self) -> None:
        self.context = gl.open_context()
        self.programs = Programs(self.context)
        self.made = {}
        self.pictures = [gl.picture(self.context, noise(), "noise_tex"), gl.picture(self.context, weather(), "weather_tex")]

    def programs_of(self, look):
        key = (look.world, look.variant, look.hour, look.weather, look.subject)
        if key not in self.made:  # more of them than the painter keeps
            self.made[key] = self.programs._make_world(look)
        return self.made[key]

    def draw(self, world, variant=0, hour="dusk", frame=100, seed=7, size=SIZE, curves=QUIET, sky="clear"):
        """Colour, shape (h, w, 3) in [0, 1], and depth, glow, subject likewise."""
        wanted = Look(
            world=world, style="cinematic", variant=variant, hour=hour, weather=sky, subject="walker" if hour == "dusk" else "none", colours=COLOURS
        )
        far, near = self.programs_of(wanted)
        back = gl.Target(self.context, (size[0] // 4, size[1] // 4), ((4, "f4"),))
        scene = gl.Target(self.context, size, ((4, "f1"), (4, "f1")))
        values = {**Moments(wanted, seed, curves, FPS, Span(60, 150), None).at(frame), "aspect": size[0] / size[1]}
        back.bind("far_tex")
        standing = gl.Target(self.context, subject_size(size), EXACT)
        standing.bind("subject_tex")
        if subject := self.programs.subject(wanted):
            subject.draw(standing.buffer, values)
        far.draw(back.buffer, values)
        near.draw(scene.buffer, values)
        colour, aux = (
            np.frombuffer(scene.buffer.read(components=3, attachment=number), np.uint8).reshape(size[1], size[0], 3) / 255 for number in (0, 1)
        )
        back.release()
        standing.release()
        scene.release()
        return colour, aux

    def remarks(self, world, variant):
        """What the driver's compiler says of a world."""
        known = f"const int variant = {variant}; const int hour = 0; const int weather = 1; const int subject_id = {subject_row('walker')};\n"
        files = [Source.of(SHADERS / "common.glsl"), *subject_sources(SUBJECT_SEEN), Source.of(WORLDS / f"{world}.frag")]
        text = (gl.HEADER + known + "\n".join(source.text for source in files) + WORLD_MAIN).encode()
        shader = _call("glCreateShader", ctypes.c_uint)(FRAGMENT_SHADER)
        _call("glShaderSource")(shader, 1, ctypes.byref(ctypes.c_char_p(text)), None)
        _call("glCompileShader")(shader)
        compiled, said = ctypes.c_int(), ctypes.create_string_buffer(1 << 14)
        _call("glGetShaderiv")(shader, COMPILE_STATUS, ctypes.byref(compiled))
        _call("glGetShaderInfoLog")(shader, len(said), None, said)
        _call("glDeleteShader")(shader)
        return bool(compiled.value), said.value.decode().strip()


def _call(name, gives=None):
    egl = ctypes.CDLL("libEGL.so.1")
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    return ctypes.CFUNCTYPE(gives, *([ctypes.c_void_p] * ARGUMENTS[name]))(egl.eglGetProcAddress(name.encode()))


ARGUMENTS = {"glCreateShader": 1, "glShaderSource": 4, "glCompileShader": 1, "glGetShaderiv": 3, "glGetShaderInfoLog": 4, "glDeleteShader": 1}


@pytest.fixture(scope="module")
def easel() -> Iterator[Easel]:
    made = Easel()
    yield made
    made.context.release()


def difference(one, other):
    """Mean difference of two pictures, in [0, 1]."""
    return float(np.abs(one - other).mean())


def light(picture):
    return picture @ np.array((0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("world", NAMES)
def test_the_compiler_has_nothing_to_say_about_any_variant(easel, world):
    for variant in range(4):
        assert easel.remarks(world, variant) == (True, "")


@pytest.mark.parametrize("world", NAMES)
def test_every_variant_and_every_hour_shows_a_picture_of_its_own(easel, world):
    shown = {view: easel.draw(world, *view)[0] for view in VIEWS}
    for key, picture in shown.items():
        grey = light(picture)
        assert grey.std() > 0.03, f"{key} is flat"
        assert 0.02 < grey.mean() < 0.9, f"{key} is empty or blown out"
        assert np.mean(np.ptp(grey, axis=1) > 0.05) > 0.5, f"{key} has nothing but a gradient"
    for (one, picture), (other, beside) in combinations(shown.items(), 2):
        assert difference(picture, beside) > 0.02, f"{one} looks like {other}"


@pytest.mark.parametrize("world", NAMES)
def test_night_is_darker_than_morning_and_day(easel, world):
    for variant, hour in VIEWS:
        if hour in ("dawn", "day"):
            assert light(easel.draw(world, variant, "night")[0]).mean() < 0.8 * light(easel.draw(world, variant, hour)[0]).mean()


@pytest.mark.parametrize("world", NAMES)
def test_every_declared_curve_moves_the_picture_and_none_flashes(easel, world):
    for curve in find_world(world).curves:
        moved = 0.0
        for variant in range(4):
            low, high = (easel.draw(world, variant, curves={**QUIET, curve: np.full(FRAMES, level, np.float32)})[0] for level in (0, 1))
            if curve != "loudness":  # it also carries the drive forward, by its integral
                assert abs(light(high).mean() - light(low).mean()) < 0.1 * light(low).mean(), f"{curve} flashes variant {variant}"
            moved = max(moved, difference(low, high))
        assert moved > 0.0008, f"{curve} moves nothing"


@pytest.mark.parametrize("world", NAMES)
def test_one_moment_is_drawn_the_same_twice_and_another_seed_differently(easel, world):
    for variant in range(4):
        one, again, other = (easel.draw(world, variant, seed=seed)[0] for seed in (7, 7, 8))
        assert np.array_equal(one, again)
        assert difference(one, other) > 0.005


@pytest.mark.parametrize("world", NAMES)
def test_every_frame_is_new_and_none_jumps(easel, world):
    for variant in range(4):
        frames = [easel.draw(world, variant, frame=frame)[0] for frame in range(100, 106)]
        steps = [difference(one, other) for one, other in pairwise(frames)]
        assert min(steps) > 0.0002
        assert max(steps) < 0.03
        assert max(steps) < 3 * min(steps)


@pytest.mark.parametrize(("world", "sky"), [("city", "rain"), ("city", "fog"), ("road", "wind"), ("space", "snow")])
def test_weather_is_seen(easel, world, sky):
    assert difference(easel.draw(world, 0)[0], easel.draw(world, 0, sky=sky)[0]) > 0.01


@pytest.mark.parametrize("world", NAMES)
@pytest.mark.parametrize("size", [(90, 160), (120, 120)])
def test_upright_and_square_pictures_are_composed_too(easel, world, size):
    for variant in range(4):
        colour, aux = easel.draw(world, variant, size=size)
        assert light(colour).std() > 0.03
        columns = np.flatnonzero(aux[..., 2].max(axis=0) > 0.5)
        assert len(columns), "the subject is out of the picture"
        assert columns.min() > 0
        assert columns.max() < size[0] - 1


@pytest.mark.parametrize("world", NAMES)
def test_depth_and_glow_tell_near_from_far_and_light_from_dark(easel, world):
    for variant in range(4):
        _, aux = easel.draw(world, variant, "night")
        assert np.ptp(aux[..., 0]) > 0.5
        assert aux[..., 1].max() > 0.25
        assert aux[..., 1].mean() < 0.25
