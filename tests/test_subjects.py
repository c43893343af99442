"""Subjects are drawn large on a plain ground and measured: each is there, is itself, moves, and lights only what it should."""

import tomllib
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from schemas import CURVES, Look
from songreel.painter import gl
from songreel.painter.catalogue import SHADERS, SUBJECTS, WORLDS, subject_row, subjects
from songreel.painter.engine import EXACT, subject_size
from songreel.painter.moments import Moments, Span
from songreel.painter.programs import SUBJECT_DRAWN, SUBJECT_SEEN, Programs, subject_sources
from songreel.painter.textures import noise, weather

SIZE = (240, 120)  # pixels; the subject is 80 high
FPS = Fraction(30)
FRAMES = 300
EVEN = {name: np.full(FRAMES, 0.4, np.float32) for name in CURVES}
BARS = {**EVEN, "bar_phase": (np.arange(FRAMES, dtype=np.float32) / 60) % 1.0}  # a bar takes two seconds
ON_A_SHEET = """
in vec2 uv;
out vec4 made;
void main() {
    vec2 q = (uv - vec2(0.5, 0.17)) * vec2(3.0, 1.5);
    vec3 glow = subject_glow(q);
    made = vec4(subject_mask(q, 0.0125), max(glow.r, max(glow.g, glow.b)), 1.0 - smoothstep(-0.0125, 0.0125, subject_rear(q)), 1.0);
}
"""
LIT = ("car", "train", "balloon", "lighthouse", "house", "astronaut", "rocket", "dj", "flower", "door", "heart", "eye", "moon")
WIDE = ("train", "whale", "car", "horse", "ship", "drummer", "pianist", "dj", "fish", "eye")
TALL = ("walker", "dancer", "singer", "balloon", "rocket", "flower", "door")


class Sheet:
    """Draws one subject: mask, light and the mask from behind, each (h, w), row 0 lowest."""

    def __init__(self) -> None:
        self.context = gl.open_context()
        self.pictures = [gl.picture(self.context, noise(), "noise_tex"), gl.picture(self.context, weather(), "weather_tex")]
        self.programs: dict[str, gl.Program] = {}
        self.paper = gl.Target(self.context, SIZE, ((4, "f1"),))

    def draw(self, name, frame=100, curves=BARS):
        wanted = Look(world="ocean", style="cinematic", colours=("#101010", "#303030", "#707070", "#c08040", "#f0f0f0"))
        return self.show(self._program(name), wanted, frame, curves)

    def show(self, program, wanted, frame, curves):
        program.draw(self.paper.buffer, {**Moments(wanted, 1, curves, FPS, Span(60, 150), None).at(frame), "aspect": SIZE[0] / SIZE[1]})
        shown = np.frombuffer(self.paper.buffer.read(components=3), np.uint8).reshape(SIZE[1], SIZE[0], 3) / 255
        return tuple(np.moveaxis(shown, 2, 0))

    def _program(self, name):
        if name not in self.programs:
            known = f"const int variant = 0, hour = 0, weather = 0, subject_id = {subject_row(name)};\n"
            files = [gl.Source.of(SHADERS / "common.glsl"), *subject_sources(SUBJECT_DRAWN)]
            self.programs[name] = gl.Program(self.context, [gl.Source("constants", known), *files, gl.Source("the sheet", ON_A_SHEET)])
        return self.programs[name]


@pytest.fixture(scope="module")
def sheet() -> Iterator[Sheet]:
    made = Sheet()
    yield made
    made.context.release()


@pytest.fixture(scope="module")
def masks(sheet):
    return {name: sheet.draw(name)[0] for name in subjects()[1:]}


def box(mask):
    """Lowest and highest row, leftmost and rightmost column that are covered."""
    rows, columns = np.nonzero(mask > 0.5)
    return rows.min(), rows.max(), columns.min(), columns.max()


@pytest.mark.parametrize("name", ["walker", "car", "train", "lighthouse"])
def test_a_subject_looked_up_in_its_small_picture_is_the_subject_itself(sheet, name):
    wanted = Look(world="ocean", style="cinematic", subject=name, colours=("#101010", "#303030", "#707070", "#c08040", "#f0f0f0"))
    small, values = gl.Target(sheet.context, subject_size((960, 540)), EXACT), Moments(wanted, 1, BARS, FPS, Span(60, 150), None).at(100)
    drawing = Programs(sheet.context).subject(wanted)
    drawing.draw(small.buffer, {**values, "aspect": SIZE[0] / SIZE[1]})
    small.bind("subject_tex")
    known = gl.Source("constants", f"const int variant = 0, hour = 0, weather = 0, subject_id = {subject_row(name)};")
    seeing = gl.Program(
        sheet.context, [known, gl.Source.of(SHADERS / "common.glsl"), *subject_sources(SUBJECT_SEEN), gl.Source("the sheet", ON_A_SHEET)]
    )
    seen = sheet.show(seeing, wanted, 100, BARS)
    assert all(np.abs(one - other).mean() < 0.004 for one, other in zip(seen, sheet.draw(name), strict=True))
    assert seen[0].max() > 0.99


def test_the_catalogue_lists_every_subject_in_the_shader_s_order():
    text = (SHADERS / "subjects" / "shapes.glsl").read_text("utf-8")
    for row, name in enumerate(subjects()[1:], start=1):
        assert f"SJ_{name.upper()} = {row}" in text
    assert subjects()[0] == "none"


def test_every_world_that_a_subject_is_at_home_in_exists():
    known = {path.stem for path in WORLDS.glob("*.frag")}
    for name, facts in tomllib.loads(SUBJECTS.read_text("utf-8")).items():
        assert facts["title"]
        assert set(facts["worlds"]) <= known, f"{name} is at home in a world that is not there"


@pytest.mark.parametrize("name", subjects()[1:])
def test_a_subject_covers_a_sane_share_of_its_place_and_is_whole(masks, name):
    share = (masks[name] > 0.5).mean()
    assert 0.008 < share < 0.35
    bottom, top, left, right = box(masks[name])
    assert top - bottom > 0.28 * SIZE[1], "too flat to be seen"
    assert left > 0, "cut off on the left"
    assert right < SIZE[0] - 1, "cut off on the right"
    assert top < SIZE[1] - 1, "cut off above"


@pytest.mark.parametrize("name", subjects()[1:])
def test_a_subject_is_drawn_with_smooth_edges(masks, name):
    between = (masks[name] > 0.02) & (masks[name] < 0.98)
    assert between.sum() > 20


def test_every_subject_differs_from_all_others(masks):
    for one, other in combinations(masks, 2):
        common, either = np.minimum(masks[one], masks[other]).sum(), np.maximum(masks[one], masks[other]).sum()
        assert common / either < 0.72, f"{one} and {other} look alike"


def test_wide_ones_are_wide_and_tall_ones_tall(masks):
    for names, wide in ((WIDE, True), (TALL, False)):
        for name in names:
            bottom, top, left, right = box(masks[name])
            assert (right - left > top - bottom) == wide, name


@pytest.mark.parametrize("name", subjects()[1:])
def test_a_subject_moves_with_time_and_not_in_jumps(sheet, name):
    frames = [np.stack(sheet.draw(name, frame=frame)[:2]) for frame in (100, 101, 117, 140)]
    step = np.abs(frames[1] - frames[0]).sum()
    assert max(np.abs(later - frames[0]).sum() for later in frames[2:]) > 3
    assert step < 0.45 * frames[0].sum()


def test_the_walker_takes_two_steps_in_half_a_bar_and_is_back(sheet):
    """A stride is half a bar: the legs are as they were, and apart in between they have swapped."""
    curves = [{**EVEN, "bar_phase": np.full(FRAMES, phase, np.float32)} for phase in (0.10, 0.60, 0.30)]
    legs = [sheet.draw("walker", curves=one)[0][:48, 90:150] for one in curves]
    assert np.abs(legs[0] - legs[1]).mean() < 0.01
    assert np.abs(legs[0] - legs[2]).mean() > 0.02


@pytest.mark.parametrize("name", ["walker", "couple", "singer", "guitarist", "horse", "drummer", "pianist", "dj", "flower", "door"])
def test_those_who_walk_and_stand_touch_the_ground(sheet, name):
    lowest = [box(sheet.draw(name, frame=frame)[0])[0] for frame in (100, 107, 115, 122)]
    ground = 0.17 * SIZE[1]
    assert min(lowest) <= ground + 3
    assert min(lowest) >= ground - 5


@pytest.mark.parametrize("name", subjects()[1:])
def test_only_those_with_lamps_give_light(sheet, name):
    assert (sheet.draw(name)[1].max() > 0.2) == (name in LIT)


def test_the_car_is_another_shape_from_behind_and_others_are_not(sheet):
    side, _, rear = sheet.draw("car")
    assert np.abs(side - rear).mean() > 0.05
    side, _, rear = sheet.draw("wolf")
    assert np.array_equal(side, rear)


def after(curve, value):
    return {**BARS, curve: np.full(FRAMES, value, np.float32)}


MOVED = {
    "drummer": ("snare", "hat"),
    "dj": ("beat", "treble"),
    "heart": ("beat",),
    "eye": ("bass",),
    "flower": ("section_phase",),
    "door": ("section_phase",),
}


@pytest.mark.parametrize(("name", "curve"), [(name, curve) for name, curves in MOVED.items() for curve in curves])
def test_the_music_moves_a_subject(sheet, name, curve):
    low, high = (np.stack(sheet.draw(name, curves=after(curve, value))[:2]) for value in (0.0, 1.0))
    assert np.abs(high - low).sum() > 12


def test_the_flower_and_the_door_open_as_the_section_goes_on(sheet):
    for name, what in (("flower", 0), ("door", 1)):  # petals spread; light comes through
        shares = [(sheet.draw(name, curves=after("section_phase", phase))[what] > 0.5).sum() for phase in (0.0, 0.5, 1.0)]
        assert shares == sorted(shares)
        assert shares[2] > 1.15 * shares[0]


def test_the_eye_blinks_and_is_open_most_of_the_time(sheet):
    light = np.array([sheet.draw("eye", frame=frame)[1].sum() for frame in range(0, 390, 2)])
    assert light.min() < 0.35 * light.max()
    assert np.mean(light > 0.8 * light.max()) > 0.8


def test_no_subject_is_nothing(sheet):
    mask, light, _ = sheet.draw("none")
    assert mask.max() == 0
    assert light.max() == 0
