"""The painter: its catalogue, and what every world and style must hold at small size."""

import itertools
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from schemas import CURVES, Look
from songreel.errors import MissingDependency, SongreelError, UserError
from songreel.painter import camera, catalogue, gl, programs
from songreel.painter.engine import Painter
from songreel.painter.moments import Span
from songreel.painter.planes import rgb

COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")
FPS = Fraction(30)
STYLES = [style.id for style in catalogue.styles()]
WORLDS = [world.id for world in catalogue.worlds()]
SCENE = Span(30, 90)
pytestmark = pytest.mark.xdist_group("painter")


@pytest.fixture(scope="module")
def painter():
    with Painter(160, 90, FPS) as one:
        yield one


def music(level=0.5, frames=300, **named):
    return {name: np.full(frames, named.get(name, level), np.float32) for name in CURVES}


def a_look(world="city", style="cinematic", **more):
    return Look(world=world, style=style, colours=COLOURS, **more)


def drawn(painter, look, seed=1, curves=None, first=30, count=1, scene=SCENE):
    return [tuple(plane.copy() for plane in planes) for planes in painter.frames(look, seed, curves or music(), first, count, scene=scene)]


def picture(painter, look, curves=None, frame=40, seed=1):
    return painter.still(look, seed, curves or music(), frame, scene=SCENE).astype(float)


def same(a, b):
    return all(np.array_equal(one, other) for one, other in zip(a, b, strict=True))


# ---- the catalogue


def test_the_catalogue_holds_six_worlds_and_eight_styles():
    assert {"city", "ocean", "mountains", "forest", "road", "space"} <= set(WORLDS)
    assert {"cinematic", "synthwave", "watercolor", "ink_wash", "ukiyo_e", "pixel_art", "oil_painting", "comic_book"} <= set(STYLES)


@pytest.mark.parametrize("spelling", ["Ukiyo-e", "ukiyo_e", "UKIYO E"])
def test_a_style_is_found_however_it_is_spelt(spelling):
    assert catalogue.find_style(spelling).id == "ukiyo_e"


def test_an_unknown_style_lists_the_known_ones():
    with pytest.raises(UserError, match=r"no style is called 'vaporware'; known: .*cinematic.*watercolor"):
        catalogue.find_style("vaporware")


def test_an_unknown_subject_lists_the_known_ones():
    with pytest.raises(UserError, match="no subject is called 'dragon'; known: none, walker"):
        catalogue.subject_row("dragon")


def test_reading_the_catalogue_loads_no_opengl():
    code = "import sys; from songreel.painter.catalogue import styles, worlds; styles(), worlds(); sys.exit('moderngl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ---- frames


def test_a_frame_is_three_planes_in_limited_range(painter):
    ((y, u, v),) = drawn(painter, a_look())
    assert (y.shape, u.shape, v.shape) == ((90, 160), (45, 80), (45, 80))
    assert 15 <= y.min() < y.max() <= 236


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_picture(painter):
    with Painter(160, 90, FPS) as other:
        assert same(drawn(painter, a_look(), seed=5)[0], drawn(other, a_look(), seed=5)[0])
    assert not same(drawn(painter, a_look(), seed=5)[0], drawn(painter, a_look(), seed=6)[0])


@pytest.mark.parametrize("style", STYLES)
def test_a_frame_is_the_same_wherever_drawing_began(painter, style):
    whole = drawn(painter, a_look(style=style), first=30, count=6)
    for first in (33, 34):
        assert same(drawn(painter, a_look(style=style), first=first)[0], whole[first - 30])


@pytest.mark.parametrize("style", STYLES)
def test_every_frame_is_new(painter, style):
    frames = drawn(painter, a_look("road", style), count=8)
    moved = [np.abs(a[0].astype(int) - b[0]).mean() for a, b in itertools.pairwise(frames)]
    assert all(not same(a, b) for a, b in itertools.pairwise(frames))
    assert max(moved) > 0.2, "the world stands still"


@pytest.mark.parametrize("world", WORLDS)
def test_every_composition_of_a_world_is_another_picture(painter, world):
    hours, weathers, subjects = ("night", "dawn", "day", "dusk"), ("clear", "rain", "snow", "fog"), ("none", "walker", "boat", "car")
    looks = [a_look(world, variant=n, hour=hours[n], weather=weathers[n], subject=subjects[n]) for n in range(4)]
    pictures = [picture(painter, look) for look in looks]
    assert all(seen.std() > 8 for seen in pictures), "an empty picture"
    assert all(np.abs(a - b).mean() > 8 for a, b in itertools.combinations(pictures, 2))


def test_no_two_styles_look_alike(painter):
    pictures = {style: picture(painter, a_look(style=style)) for style in STYLES}
    for one, other in itertools.combinations(STYLES, 2):
        assert np.abs(pictures[one] - pictures[other]).mean() > 4, (one, other)


@pytest.mark.parametrize("style", STYLES)
def test_a_style_obeys_the_palette(painter, style):
    warm, cool = ("#1b1026", "#5c1f3a", "#b8433a", "#f28b3c", "#ffe3b0"), ("#0a1128", "#1c3a5e", "#2f7a94", "#63c7c9", "#e4f6f0")

    def redness(colours):
        seen = picture(painter, Look(world="mountains", style=style, colours=colours, hour="dusk"))
        return (seen[..., 0] - seen[..., 2]).mean()

    assert redness(warm) > redness(cool) + (3 if style == "ink_wash" else 8)


@pytest.mark.parametrize("style", STYLES)
def test_a_style_looks_alike_at_every_size(style):
    def small(height):
        with Painter(height * 16 // 9, height, FPS) as painter:
            seen = picture(painter, a_look("mountains", style, hour="dusk"))
        share = height // 180
        return seen.reshape(180, share, 320, share, 3).mean((1, 3)).reshape(18, 10, 32, 10, 3).mean((1, 3))

    assert np.abs(small(360) - small(720)).mean() < 4


@pytest.mark.parametrize("curve", ["hat", "bass", "loudness", "snare"])
def test_the_music_moves_the_picture(painter, curve):
    calm, loud = (picture(painter, a_look("city"), music(0.3, **{curve: level})) for level in (0.0, 1.0))
    assert np.abs(calm - loud).max() > 8


@pytest.mark.parametrize("style", STYLES)
def test_a_beat_does_not_flash_the_frame(painter, style):
    names = ("kick", "snare", "hat", "beat", "bass")
    quiet, struck = (picture(painter, a_look("city", style), music(0.4, **dict.fromkeys(names, level))).mean() / 255 for level in (0.0, 1.0))
    assert abs(quiet - struck) < 0.10


@pytest.mark.parametrize("size", [(90, 160), (120, 120)])
def test_tall_and_square_pictures_are_drawn_too(size):
    with Painter(*size, FPS) as painter:
        assert picture(painter, a_look(style="pixel_art")).shape == (size[1], size[0], 3)


def test_an_odd_size_is_refused():
    with pytest.raises(UserError, match="161 x 90: both sides must be even"):
        Painter(161, 90, FPS)


@pytest.mark.parametrize("kept", [3, programs.KEPT])
def test_more_looks_than_programs_are_kept_are_drawn_by_one_painter(kept, monkeypatch):
    monkeypatch.setattr(programs, "KEPT", kept)
    looks = [a_look("space", variant=n % 4, weather=sky, subject=("none", "walker")[n % 2]) for sky in programs.WEATHERS for n in range(4)]
    with Painter(32, 32, FPS) as one:
        shown = [drawn(one, look)[0] for look in looks]
        assert same(drawn(one, looks[0])[0], shown[0])
        assert len(one.programs._kept) <= kept


def test_two_painters_in_one_thread_do_not_disturb_each_other(painter):
    alone = drawn(painter, a_look(), count=3)
    with Painter(64, 64, FPS) as other:
        pairs = zip(painter.frames(a_look(), 1, music(), 30, 3, scene=SCENE), other.frames(a_look("road"), 1, music(), 30, 3), strict=True)
        between = [tuple(plane.copy() for plane in planes) for planes, _ in pairs]
    assert all(same(a, b) for a, b in zip(alone, between, strict=True))


# ---- colours, cameras, errors


@pytest.mark.parametrize("colour", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0.5, 0.5, 0.5), (0, 0, 0), (1, 1, 1)])
def test_a_known_colour_survives_the_way_to_planes(painter, colour, tmp_path, monkeypatch):
    (tmp_path / "plain.frag").write_text(f"vec3 style(vec2 uv) {{ return vec3{colour}; }}")
    monkeypatch.setattr(programs, "STYLES", tmp_path)
    plain = catalogue.Style(id="plain", title="Plain", description="one colour")
    monkeypatch.setattr("songreel.painter.engine.find_style", lambda name: plain)
    with Painter(32, 32, FPS) as one:
        seen = picture(one, a_look())
    assert np.abs(seen - np.array(colour) * 255).max() <= 3


@pytest.mark.parametrize("path", camera.PATHS)
@pytest.mark.parametrize("seed_number", [0.2, 0.8])
def test_a_camera_travels_and_never_jerks(path, seed_number):
    eyes = [camera.eye(path, n / 30, 5.0, 0.7, (seed_number, 0.4, 0.1, 0.9), 0.4 * n / 30) for n in range(150)]
    way = np.array([(eye.x, eye.y, eye.z) for eye in eyes])
    assert np.ptp(way, 0).max() > 0.15
    assert np.abs(np.diff(way, 2, axis=0)).max() < 0.002


def test_a_fault_in_a_shader_is_told_with_its_file_and_line(tmp_path, monkeypatch):
    (tmp_path / "city.frag").write_text(
        "vec3 far(vec2 p) { return vec3(0.0); }\nvoid world(vec2 p, out vec3 c, out float d, out float g) {\n    c = vec2(1.0);\n}"
    )
    monkeypatch.setattr(programs, "WORLDS", tmp_path)
    with Painter(32, 32, FPS) as one, pytest.raises(SongreelError, match=r"city\.frag line 3: error"):
        drawn(one, a_look("city"))


def test_an_unknown_world_lists_the_known_ones(painter):
    with pytest.raises(UserError, match=r"no world is called 'atlantis'; known: .*city"):
        drawn(painter, a_look("atlantis"))


def test_without_opengl_the_error_says_what_to_type(monkeypatch):
    monkeypatch.setattr(gl, "EGL", {**gl.EGL, "libegl": "libNoSuchEGL.so.1"})
    with pytest.raises(MissingDependency, match="apt-get install -y libegl1 libgl1-mesa-dri"), Painter(64, 64, FPS):
        pass


def test_planes_become_the_colours_they_stand_for():
    from songreel.painter.planes import Planes

    white = Planes(np.full((2, 2), 235, np.uint8), np.full((1, 1), 128, np.uint8), np.full((1, 1), 128, np.uint8))
    assert rgb(white).min() == 255
