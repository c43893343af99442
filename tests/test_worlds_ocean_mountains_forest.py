"""Ocean, mountains and forest, drawn at postage-stamp size and measured."""

import ctypes
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from schemas import CURVES, Look
from songreel.painter import gl, programs
from songreel.painter.catalogue import SHADERS, WORLDS, find_world, subject_row
from songreel.painter.engine import EXACT, subject_size
from songreel.painter.moments import Moments, Span
from songreel.painter.textures import noise, weather

NAMES = ("ocean", "mountains", "forest")
HOURS = ("night", "dawn", "day", "dusk")
STAMP, CARD = (96, 54), (256, 144)  # pixels
SHAPES = ((128, 72), (96, 96), (72, 128))
FPS = Fraction(30)
FRAMES = 300
COLOURS = ("#14062e", "#4b1c7a", "#c2297e", "#ff7a3d", "#ffe066")
EVEN = {name: np.full(FRAMES, 0.4, np.float32) for name in CURVES}
SAME = 1.5 / 255  # mean difference that could be rounding
FLASH = 0.10  # of the frame's brightness: the most that a beat may change
FRAGMENT_SHADER, COMPILE_STATUS = 0x8B30, 0x8B81
ARGUMENTS = {"glCreateShader": 1, "glShaderSource": 4, "glCompileShader": 1, "glGetShaderiv": 3, "glGetShaderInfoLog": 4, "glDeleteShader": 1}


class Easel:
    """Draws worlds without a style, as the world pass leaves them."""

    def __init__(self) -> None:
        self.context = gl.open_context()
        self.programs = programs.Programs(self.context)
        self.pictures = [gl.picture(self.context, noise(), "noise_tex"), gl.picture(self.context, weather(), "weather_tex")]

    def draw(self, world, variant=0, hour="night", frame=100, seed=7, size=STAMP, curves=EVEN, colours=COLOURS, **look):
        """Colour, shape (h, w, 3), and depth, glow, subject likewise; values in [0, 1]."""
        wanted = Look(world=world, style="cinematic", variant=variant, hour=hour, colours=colours, **look)
        far, near = self.programs.world(wanted)
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
        planes = [scene.buffer.read(components=3, attachment=number) for number in (0, 1)]
        back.release()
        standing.release()
        scene.release()
        return tuple(np.frombuffer(plane, np.uint8).reshape(size[1], size[0], 3) / 255 for plane in planes)

    def remarks(self, world, variant, subject):
        """Whether a world compiles and what the driver says of it."""
        known = f"const int variant = {variant}; const int hour = 0; const int weather = 1; const int subject_id = {subject_row(subject)};\n"
        files = [gl.Source.of(SHADERS / "common.glsl"), *programs.subject_sources(programs.SUBJECT_SEEN), gl.Source.of(WORLDS / f"{world}.frag")]
        text = (gl.HEADER + known + "\n".join(source.text for source in files) + programs.WORLD_MAIN).encode()
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


@pytest.fixture(scope="module")
def easel() -> Iterator[Easel]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programs, "KEPT", 100)  # compiling is what these tests spend their time on
        made = Easel()
        yield made
        made.context.release()


def with_curve(name, value):
    return {**EVEN, name: np.full(FRAMES, value, np.float32)}


def apart(one, other):
    """Mean difference of two pictures, 0..1."""
    return float(np.abs(one - other).mean())


def brightness(colour):
    return float((colour @ np.array((0.2126, 0.7152, 0.0722))).mean())


@pytest.mark.parametrize("world", NAMES)
@pytest.mark.parametrize("variant", range(4))
def test_the_compiler_has_nothing_to_remark(easel, world, variant):
    assert easel.remarks(world, variant, "walker") == (True, "")


@pytest.mark.parametrize("world", NAMES)
def test_the_four_variants_are_four_compositions(easel, world):
    drawn = [easel.draw(world, variant)[1][..., 0] for variant in range(4)]
    for one, other in combinations(drawn, 2):
        assert apart(one, other) > 0.02


@pytest.mark.parametrize("world", NAMES)
def test_the_same_moment_is_drawn_the_same_and_another_seed_is_not(easel, world):
    first, again = easel.draw(world, seed=3)[0], easel.draw(world, seed=3)[0]
    assert np.array_equal(first, again)
    assert apart(first, easel.draw(world, seed=4)[0]) > SAME


@pytest.mark.parametrize("world", NAMES)
@pytest.mark.parametrize("size", SHAPES)
def test_every_format_has_light_and_dark_in_its_middle_third(easel, world, size):
    for variant in range(4):
        colour = easel.draw(world, variant, size=size)[0]
        middle = colour[:, size[0] // 3 : 2 * size[0] // 3]
        assert middle.std() > 0.035


@pytest.mark.parametrize("world", NAMES)
def test_every_curve_that_a_world_names_moves_it_and_it_names_four(easel, world):
    named = find_world(world).curves
    assert len(named) >= 4
    for curve in named:
        changes = []
        for variant in range(4):
            low, high = (easel.draw(world, variant, size=CARD, curves=with_curve(curve, value))[0] for value in (0.0, 1.0))
            changes.append(np.abs(high - low))
        assert max(change.max() for change in changes) > 0.05, f"{curve} moves nothing"


@pytest.mark.parametrize("world", NAMES)
def test_no_beat_flashes_the_frame(easel, world):
    for variant in range(4):
        for curve in ("kick", "snare", "hat", "bass", "beat"):
            off, on = (brightness(easel.draw(world, variant, curves=with_curve(curve, value))[0]) for value in (0.0, 1.0))
            assert abs(on - off) < FLASH * max(on, off), f"{curve} changes variant {variant} from {off:.3f} to {on:.3f}"


@pytest.mark.parametrize("world", NAMES)
def test_motion_is_smooth_from_frame_to_frame_and_never_stands_still(easel, world):
    for variant in range(4):
        frames = [easel.draw(world, variant, frame=frame)[0] for frame in (100, 101, 102, 130)]
        assert 0 < apart(frames[0], frames[1]) < 0.012
        assert apart(frames[0], frames[3]) > apart(frames[0], frames[1])


@pytest.mark.parametrize(("world", "kind"), [("ocean", "rain"), ("mountains", "snow"), ("forest", "fog"), ("forest", "wind")])
def test_weather_shows(easel, world, kind):
    assert apart(easel.draw(world, 1, size=CARD, weather=kind)[0], easel.draw(world, 1, size=CARD)[0]) > SAME


@pytest.mark.parametrize("world", NAMES)
def test_colours_come_from_the_palette(easel, world):
    grey = tuple(f"#{level:02x}{level:02x}{level:02x}" for level in (12, 50, 110, 170, 240))
    for variant in range(4):
        colour = easel.draw(world, variant, colours=grey)[0]
        assert np.ptp(colour, axis=2).mean() < 0.06


@pytest.mark.parametrize(("world", "variant"), [("ocean", 0), ("mountains", 0), ("mountains", 3), ("forest", 0), ("forest", 3)])
def test_a_subject_stands_whole_and_not_too_small(easel, world, variant):
    cover = easel.draw(world, variant, size=CARD, subject="walker")[1][..., 2] > 0.5
    rows, columns = np.nonzero(cover)
    assert 0.08 < np.ptp(rows) / CARD[1] < 0.6
    assert columns.min() > 0.12 * CARD[0]
    assert columns.max() < 0.88 * CARD[0]


@pytest.mark.parametrize("world", NAMES)
@pytest.mark.parametrize("variant", range(4))
def test_every_hour_of_every_variant_is_a_picture_of_its_own(easel, world, variant):
    drawn = {hour: easel.draw(world, variant, hour) for hour in HOURS}
    for hour, (colour, aux) in drawn.items():
        assert colour.std() > 0.04, f"{hour} is flat"
        assert 0.02 < brightness(colour) < 0.92, f"{hour} is all dark or all light"
        assert np.ptp(aux[..., 0]) > 0.3, f"{hour} has no depth"
    for one, other in combinations(HOURS, 2):
        assert apart(drawn[one][0], drawn[other][0]) > 0.02, f"{one} looks like {other}"
    assert brightness(drawn["night"][0]) < 0.75 * brightness(drawn["day"][0])
