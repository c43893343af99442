"""Every world of the catalogue, drawn at postage-stamp size and measured: does it show something, move with the music and never flash?

A program takes half a second to compile, so each world is seen in nine views: its four variants at an hour each, one of them at the
other hours with other subjects, and two weathers. Which variant, hour and weather meet differs from world to world.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
import pytest

from schemas import CURVES
from songreel.painter.catalogue import find_world, subjects, worlds
from songreel.painter.light import HOURS
from tests.easel import COLOURS, Easel, View, apart, with_curve

NAMES = [world.id for world in sorted(worlds(), key=lambda world: world.shows_image)]
WEATHERS = ("rain", "snow", "fog", "wind")
OTHERS = ("balloon", "couple", "boat")  # what stands in one variant at its other hours: something in the air, on the ground and afloat
UPRIGHT, SQUARE, CARD = (90, 160), (120, 120), (256, 144)  # pixels
SHARP = ("kick", "snare", "hat", "bass", "beat")
SLOW = ("loudness", "energy", "section_phase")  # a phrase or a section long: what they change is no flash
FLASH = 0.10  # of the picture's brightness: the most that a drum may change
SAME = 1 / 255  # mean difference that could be rounding
TINT = {"day": 0.12}  # daylight is a little blue in every palette
LEAST_TINT = 0.06

each_world = pytest.mark.parametrize("world", NAMES)
each_variant = pytest.mark.parametrize("variant", range(4))


def view_of(world: str, variant: int) -> View:
    """A variant at an hour of its own."""
    return View(variant, HOURS[(variant + NAMES.index(world)) % 4])


def driven(curve: str, value: float):
    """Curves of which one has a value; flow is the integral of loudness."""
    return with_curve("loudness" if curve == "flow" else curve, value)


def hours_of(world: str) -> dict[str, View]:
    """One variant at all four hours."""
    shown = view_of(world, NAMES.index(world) // 2 % 4)
    others = iter(OTHERS)
    return {hour: shown if hour == shown.hour else shown._replace(hour=hour, subject=next(others)) for hour in HOURS}


def weathers_of(world: str) -> list[View]:
    """Two weathers, in two variants."""
    turn = NAMES.index(world)
    return [view_of(world, (turn + step) % 4)._replace(weather=WEATHERS[(turn // 2 + 2 * step + turn) % 4]) for step in (1, 2)]


@pytest.fixture(scope="module")
def easel() -> Iterator[Easel]:
    made = Easel()
    yield made
    made.context.release()


@pytest.fixture
def drawn(easel, world, variant):
    return easel.draw(world, view_of(world, variant))


@each_world
def test_the_compiler_has_nothing_to_remark(easel, world):
    for variant in range(4):
        assert easel.remarks(world, View(variant, weather="rain")) == (True, "")


@each_world
def test_a_world_names_four_curves_that_exist_and_subjects_that_exist(world):
    facts = find_world(world)
    assert len(facts.curves) >= 4
    assert set(facts.curves) <= {*CURVES, "flow"}
    assert set(facts.subjects) <= set(subjects())
    assert facts.words


@each_world
@each_variant
def test_a_variant_shows_a_picture(drawn, world, variant):
    assert drawn.colour.std() > 0.04, "flat"
    assert drawn.light.std() > 0.03, "without light and dark"
    assert 0.02 < drawn.light.mean() < 0.92, "all dark or all light"
    assert np.mean(np.ptp(drawn.light, axis=1) > 0.05) > 0.5, "nothing but a gradient"


@each_world
@each_variant
def test_depth_and_glow_tell_near_from_far_and_light_from_dark(drawn, world, variant):
    assert np.ptp(drawn.depth) > 0.5
    assert drawn.glow.mean() < 0.25


@each_world
def test_something_in_a_world_glows(easel, world):
    assert max(easel.draw(world, view_of(world, variant)).glow.max() for variant in range(4)) > 0.25


@each_world
def test_the_four_variants_are_four_compositions(easel, world):
    shown = [easel.draw(world, view_of(world, variant)) for variant in range(4)]
    for one, other in combinations(shown, 2):
        assert apart(one.colour, other.colour) > 0.02
        assert apart(one.depth, other.depth) > 0.02


@each_world
def test_every_hour_is_a_picture_of_its_own_and_night_is_the_darkest(easel, world):
    shown = {hour: easel.draw(world, view) for hour, view in hours_of(world).items()}
    for (one, picture), (other, beside) in combinations(shown.items(), 2):
        assert apart(picture.colour, beside.colour) > 0.02, f"{one} looks like {other}"
    for hour in ("dawn", "day"):
        assert shown["night"].light.mean() < 0.8 * shown[hour].light.mean()


@each_world
def test_weather_is_seen(easel, world):
    for view in weathers_of(world):
        clear = easel.draw(world, view._replace(weather="clear"), size=CARD)
        assert apart(easel.draw(world, view, size=CARD).colour, clear.colour) > SAME, f"{view.weather} in variant {view.variant}"


@each_world
@each_variant
def test_one_moment_is_drawn_the_same_twice_and_another_seed_differently(easel, world, variant):
    one, again, other = (easel.draw(world, view_of(world, variant), seed=seed).colour for seed in (7, 7, 8))
    assert np.array_equal(one, again)
    assert apart(one, other) > 0.005


@each_world
@each_variant
def test_every_frame_is_new_and_none_jumps(easel, world, variant):
    frames = [easel.draw(world, view_of(world, variant), frame=frame).colour for frame in (*range(100, 106), 130)]
    steps = [apart(one, other) for one, other in pairwise(frames[:-1])]
    assert min(steps) > 0.0002
    assert max(steps) < 0.03
    assert max(steps) < 3 * min(steps)
    assert apart(frames[0], frames[-1]) > steps[0]


@each_world
def test_every_curve_that_a_world_names_moves_it(easel, world):
    for curve in find_world(world).curves:
        changes = []
        for variant in range(4):
            low, high = (easel.draw(world, view_of(world, variant), size=CARD, curves=driven(curve, value)).colour for value in (0.0, 1.0))
            changes.append(np.abs(high - low))
        assert max(change.max() for change in changes) > 0.05, f"{curve} moves nothing"
        assert max(change.mean() for change in changes) > 0.0001, f"{curve} moves next to nothing"


@each_world
@each_variant
def test_no_curve_flashes_the_picture(easel, world, variant):
    for curve in {*find_world(world).curves, *SHARP} - {*SLOW, "flow"}:
        off, on = (easel.draw(world, view_of(world, variant), curves=driven(curve, value)).light.mean() for value in (0.0, 1.0))
        assert abs(on - off) < FLASH * max(on, off), f"{curve} changes brightness from {off:.3f} to {on:.3f}"


@each_world
@each_variant
def test_colours_come_from_the_palette(easel, world, variant):
    grey = tuple(f"#{level:02x}{level:02x}{level:02x}" for level in (12, 50, 110, 170, 240))
    view = view_of(world, variant)
    colour = easel.draw(world, view, colours=grey).colour
    assert np.ptp(colour, axis=2).mean() < TINT.get(view.hour, LEAST_TINT)
    assert apart(colour, easel.draw(world, view, colours=COLOURS).colour) > 0.02, "the palette changes nothing"


@each_world
@each_variant
@pytest.mark.parametrize("size", [UPRIGHT, SQUARE], ids=["upright", "square"])
def test_upright_and_square_pictures_are_composed_too(easel, world, variant, size):
    drawn = easel.draw(world, view_of(world, variant), size=size)
    assert drawn.light.std() > 0.03
    columns = np.flatnonzero(drawn.cover.max(axis=0) > 0.5)
    assert len(columns), "the subject is out of the picture"
    assert columns.min() > 0
    assert columns.max() < size[0] - 1


@each_world
@each_variant
@pytest.mark.parametrize("size", [UPRIGHT, SQUARE, (128, 72)], ids=["upright", "square", "wide"])
def test_every_format_has_light_and_dark_in_its_middle_third(easel, world, variant, size):
    colour = easel.draw(world, view_of(world, variant), size=size).colour
    assert colour[:, size[0] // 3 : 2 * size[0] // 3].std() > 0.035


@each_world
@each_variant
def test_a_subject_stands_whole_and_not_too_small(easel, world, variant):
    cover = easel.draw(world, view_of(world, variant), size=CARD).cover > 0.5
    rows, columns = np.nonzero(cover)
    assert 0.08 < np.ptp(rows) / CARD[1] < 0.6
    assert 0.06 * CARD[1] < np.median(rows) < 0.9 * CARD[1], "above or below the picture"
    assert columns.min() > 0.04 * CARD[0]
    assert columns.max() < 0.96 * CARD[0]


@each_world
def test_those_that_fly_and_float_have_a_place_too(easel, world):
    for view in hours_of(world).values():
        assert easel.draw(world, view, size=CARD).cover.max() > 0.9, f"no {view.subject}"


@each_world
@each_variant
def test_a_subject_is_told_apart_from_what_is_behind_it(easel, world, variant):
    drawn = easel.draw(world, view_of(world, variant), size=CARD)
    rows, columns = np.nonzero(drawn.cover > 0.5)
    beside = np.zeros(drawn.cover.shape, bool)
    beside[rows.min() : rows.max() + 4, max(columns.min() - 4, 0) : columns.max() + 4] = True
    around = drawn.colour[beside & (drawn.cover < 0.1)].mean(axis=0)
    assert np.abs(drawn.colour[drawn.cover > 0.9].mean(axis=0) - around).max() > 0.05
