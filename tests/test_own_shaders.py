"""A person's own shaders: Shadertoy, ISF and the painter's form draw, hear the music, and tell their faults by their own lines."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli.gallery import make_gallery
from flows.clock import Clock
from flows.line import Line
from flows.shooting import stand_ins
from schemas import CURVES, Encoding, Look, OwnShader, OwnShaders, ShotOrder, Slot
from songreel.composition.gallery import LOOP
from songreel.errors import SongreelError, UserError
from songreel.execution.machine import Machine
from songreel.execution.workers import Workers
from songreel.media.video import count_frames
from songreel.painter.engine import Painter
from songreel.painter.own.picture import APART
from songreel.painter.own.reading import dialect_of, isf_of, native, pixels
from songreel.painter.planes import rgb
from songreel.storage import Store
from tasks.studio import Studio

SIZE = (96, 54)
FRAMES = 40
SEED = 3
COLOURS = ("#0b0820", "#2a1a5e", "#7a2f8f", "#ff5fa2", "#ffe3c2")
LOOK = Look(world="city", style="cinematic", colours=COLOURS)
PLAIN = OwnShader(
    name="plain.fs", text='/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/\nvoid main() { gl_FragColor = IMG_THIS_PIXEL(inputImage); }'
)
TOY = """// red to the right, green upwards, blue by the clock
void mainImage(out vec4 fragColor, in vec2 fragCoord) {
    vec2 uv = fragCoord / iResolution.xy;
    fragColor = vec4(uv, 0.5 + 0.5 * sin(iTime), 1.0);
}
"""
HEARING = """
void mainImage(out vec4 fragColor, in vec2 fragCoord) {
    vec2 uv = fragCoord / iResolution.xy;
    float level = texture(iChannel0, vec2(uv.x, 0.25)).x;
    fragColor = vec4(vec3(step(uv.y, level)), 1.0);
}
"""
ISF = """/*{
  "ISFVSN": "2",
  "INPUTS": [
    {"NAME": "bass", "TYPE": "float", "MIN": 0.2, "MAX": 0.8, "DEFAULT": 0.5},
    {"NAME": "tint", "TYPE": "color", "DEFAULT": [0.0, 1.0, 0.0, 1.0]},
    {"NAME": "sound", "TYPE": "audioFFT"}
  ],
  "PASSES": [
    {"TARGET": "trail", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor($WIDTH / 2.0)", "HEIGHT": "$HEIGHT/2"},
    {}
  ]
}*/
void main() {
    if (PASSINDEX == 0) {
        gl_FragColor = IMG_NORM_PIXEL(trail, isf_FragNormCoord) + vec4(1.0 / 64.0, 0.0, 0.0, 0.0);
    } else {
        float grown = IMG_NORM_PIXEL(trail, isf_FragNormCoord).r;
        gl_FragColor = vec4(grown, bass * tint.g, IMG_SIZE(trail).x / RENDERSIZE.x, 1.0);
    }
}
"""
NEGATIVE = """/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
void main() { gl_FragColor = vec4(1.0 - IMG_THIS_PIXEL(inputImage).rgb, 1.0); }
"""
OWN_WORLD = """
vec3 far(vec2 p) { return pal[1]; }
void world(vec2 p, out vec3 colour, out float depth, out float glow) {
    colour = mix(far_at(p), pal[4], mask(length(p) - 0.2, 0.02)); depth = 0.5; glow = 0.0;
}
"""


def curves(**levels: float) -> dict[str, np.ndarray]:
    return {name: np.full(FRAMES, levels.get(name, 0.5), np.float32) for name in CURVES}


def drawn(own: OwnShaders, music: dict[str, np.ndarray] | None = None, frames: tuple[int, int] = (0, 1)) -> list[np.ndarray]:
    """Pictures in [0, 1], shape (h, w, 3), of frames first .. first + count - 1."""
    first, count = frames
    with Painter(*SIZE, Fraction(30), "preview") as painter:
        return [rgb(planes).astype(float) / 255 for planes in painter.frames(LOOK, SEED, music or curves(), first, count, own=own)]


def own(text: str, kind: str = "world", name: str = "mine.frag") -> OwnShaders:
    """A world is shown through a style that leaves it as it is."""
    shader = OwnShader(name=name, text=text)
    return OwnShaders(world=shader, style=PLAIN) if kind == "world" else OwnShaders(style=shader)


def test_a_shadertoy_image_is_drawn_upright_and_moves_with_the_clock():
    first, *_, last = drawn(own(TOY), frames=(0, 31))
    assert first[:, -10:, 0].mean() > first[:, :10, 0].mean() + 0.5  # red to the right
    assert first[:10, :, 1].mean() > first[-10:, :, 1].mean() + 0.5  # green upwards: the first row is the top
    begun = round(np.random.default_rng(SEED).random() * APART, 2)
    moved = 0.5 * (np.sin(begun + 1.0) - np.sin(begun))
    assert last[..., 2].mean() - first[..., 2].mean() == pytest.approx(moved, abs=0.06)


def test_each_scene_shows_a_world_from_another_time_on():
    with Painter(*SIZE, Fraction(30), "preview") as painter:
        one, other = (painter.frames(LOOK, seed, curves(), 0, 1, own=own(TOY)) for seed in (1, 2))
        assert abs(float(next(one).u.mean()) - float(next(other).u.mean())) > 5


def test_a_shadertoy_image_hears_the_spectrum_of_its_frame():
    spectrum = np.zeros((FRAMES, 64), np.uint8)
    spectrum[:, :32] = 230  # loud below, silent above
    (heard,) = drawn(own(HEARING), curves() | {"spectrum": spectrum})
    assert heard[:, : SIZE[0] // 3].mean() > 0.7
    assert heard[:, -SIZE[0] // 3 :].mean() < 0.15
    (bands,) = drawn(own(HEARING), curves(bass=0.9, mid=0.1, treble=0.1))
    assert bands[:, :8].mean() > bands[:, -8:].mean() + 0.4


def test_an_isf_file_keeps_its_buffer_from_frame_to_frame_and_takes_its_inputs_from_header_and_music():
    first, *_, late = drawn(own(ISF), curves(bass=1.0), frames=(0, 33))
    assert late[..., 0].mean() - first[..., 0].mean() == pytest.approx(32 / 64, abs=0.06)  # grows by 1/64 a frame
    assert first[..., 1].mean() == pytest.approx(0.8, abs=0.06)  # the most that its bass may be
    assert first[..., 2].mean() == pytest.approx(0.5, abs=0.06)  # the buffer has half the width
    (quiet,) = drawn(own(ISF), curves(bass=0.0))
    assert quiet[..., 1].mean() == pytest.approx(0.2, abs=0.06)


def test_a_scene_begins_with_empty_buffers_whatever_was_drawn_before():
    with Painter(*SIZE, Fraction(30), "preview") as painter:
        long_run = [rgb(planes).copy() for planes in painter.frames(LOOK, SEED, curves(), 0, 20, own=own(ISF))]
        again = [rgb(planes).copy() for planes in painter.frames(LOOK, SEED, curves(), 0, 2, own=own(ISF))]
    assert (again[1] == long_run[1]).all()


def test_an_isf_filter_changes_the_picture_of_the_world():
    (plain,), (negative,) = drawn(OwnShaders(style=PLAIN)), drawn(own(NEGATIVE, "style"))
    assert np.abs(plain + negative - 1).mean() < 0.03
    assert plain.std() > 0.02


def test_a_shadertoy_style_finds_the_picture_in_its_second_channel():
    text = "void mainImage(out vec4 c, in vec2 f) { c = 1.0 - texture(iChannel1, f / iResolution.xy); }"
    (plain,), (negative,) = drawn(OwnShaders(style=PLAIN)), drawn(own(text, "style"))
    assert np.abs(plain + negative - 1).mean() < 0.03


def test_a_world_in_the_painters_own_form_has_all_that_the_built_in_ones_have():
    (picture,) = drawn(own(OWN_WORLD))
    middle, corner = picture[SIZE[1] // 2, SIZE[0] // 2], picture[2, 2]
    assert middle.mean() > corner.mean() + 0.3


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("// one\nvoid mainImage(out vec4 c, in vec2 f) {\n    c = vec4(nothing);\n}\n", 3),
        ('/*{"INPUTS": []}*/\n\n\nvoid main() {\n  gl_FragColor = vec5(1.0);\n}', 5),
        ("vec3 far(vec2 p) { return vec3(0.0); }\nvoid world(vec2 p, out vec3 c, out float d, out float g) { c = p; }", 2),
    ],
    ids=["shadertoy", "isf", "own form"],
)
def test_a_compile_error_names_the_file_and_the_users_own_line(text, line):
    with pytest.raises(SongreelError, match=rf"mine\.frag line {line}: "):
        drawn(own(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("void main() {}", "is no shader that can be drawn"),
        ("", "is no shader that can be drawn"),
        ("/*{ broken json }*/ void main() {}", "is no JSON"),
        ('/*{"INPUTS": [{"NAME": "x y", "TYPE": "float"}]}*/ void main() {}', "wrong at INPUTS.0.NAME"),
        ('/*{"INPUTS": [{"NAME": "x", "TYPE": "cube"}]}*/ void main() {}', "wrong at INPUTS.0.TYPE"),
        ('/*{"IMPORTED": {"a": {"PATH": "/etc/passwd"}}}*/ void main() {}', "imports pictures"),
        ('/*{"INPUTS": [{"NAME": "startImage", "TYPE": "image"}]}*/ void main() {}', "only inputImage"),
        (NEGATIVE, "give it with --style"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(text, words):
    with pytest.raises(UserError, match=words):
        native(OwnShader(name="mine.frag", text=text), "world")


def test_a_world_cannot_be_a_style():
    with pytest.raises(UserError, match="give it with --world"):
        native(OwnShader(name="mine.fs", text='/*{"INPUTS": []}*/ void main() {}'), "style")


def test_dialects_are_told_apart():
    assert [dialect_of("x", text) for text in (TOY, ISF, OWN_WORLD, "vec3 style(vec2 uv) { return vec3(0.0); }")] == [
        "shadertoy",
        "isf",
        "world",
        "style",
    ]


@pytest.mark.parametrize(
    ("rule", "size"), [("$WIDTH", 320), ("floor($WIDTH/3)", 106), ("$HEIGHT*2 + 1", 361), (64, 64), ("max($WIDTH, 9999)", 4096), ("$blur * 100", 25)]
)
def test_pass_sizes_are_worked_out(rule, size):
    assert pixels(rule, (320, 180), {"blur": 0.25}, "x") == size


@pytest.mark.parametrize("rule", ["__import__('os')", "$WIDTH.real", "$NONE", "1/0", "(lambda: 1)()", "9**9**9", "", "$WIDTH" * 3])
def test_a_pass_size_is_arithmetic_and_nothing_else(rule):
    with pytest.raises(UserError, match="cannot be worked out"):
        pixels(rule, (320, 180), {}, "x")


def test_more_passes_than_allowed_are_refused():
    text = '/*{"PASSES": [' + ",".join(['{"TARGET": "a"}'] * 9) + "]}*/ void main() {}"
    with pytest.raises(UserError, match="PASSES"):
        isf_of("mine.fs", text)


@pytest.mark.parametrize("kind", ["style", "world"])
def test_the_examples_of_the_guide_draw(kind):
    guide = (Path(__file__).parents[1] / "docs" / "adding-a-style.md").read_text("utf-8")
    example = next(block for block in re.findall(r"```glsl\n(.*?)```", guide, re.DOTALL) if f" {kind}(" in block)
    (picture,) = drawn(own(example, kind))
    assert picture.std() > 0.05


# llvmpipe ends all of a shader's loops after 65,535 rounds, so a round takes long.
ROUND = "x = fract(sin(x.yzwx * 12.9898 + pow(abs(x), vec4(1.7)) + float(i)) * 43758.5453); "
ENDLESS = f"""
void mainImage(out vec4 c, in vec2 f) {{
    vec4 x = f.xyxy + vec4(1.0, 2.0, 3.0, 4.0);
    for (int i = 0; i < 2000000000; i++) {{
        {ROUND * 24}
        if (x.x < -1.0) break;
    }}
    c = x;
}}
"""


def test_a_shader_that_never_ends_is_given_up_before_the_song_is_heard_and_told(tmp_path):
    with Workers(1) as workers:
        line = Line(Studio(Store(str(tmp_path)), workers), Machine(1, 8.0, None), Clock())
        left, notes = line._tried(own(ENDLESS, name="endless.frag"))
    assert not left
    assert [("endless.frag" in note.took, "nothing was made for 20 s" in note.because) for note in notes] == [(True, True)]


def test_a_scene_whose_shader_fails_is_first_tried_with_the_painters_own_world(tmp_path):
    order = ShotOrder(
        backend="painter", slot=Slot(scene=0, start_frame=0, end_frame=30), width=96, height=54, fps=Fraction(30), encoding=Encoding(),
        quality="preview", prompt="p", seed=1, look=LOOK, own=own(TOY, name="toy.frag"),
    )  # fmt: skip
    took, other = next(stand_ins(order, []))
    assert "instead of toy.frag and plain.fs" in took
    assert (other.own, other.look, other.seed) == (OwnShaders(), LOOK, 1)


def test_the_gallery_is_written_where_it_was_asked_for_and_not_where_the_workers_stand(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert make_gallery(Path("shown"), "watercolor,synthwave", "space", 90, True, 2, as_json=False) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "shown" / "index.html")
    loops = sorted((tmp_path / "shown" / "loops").glob("*.mp4"))
    assert [path.name for path in loops] == ["synthwave-space.mp4", "watercolor-space.mp4"]
    assert all(count_frames(path) == LOOP for path in loops)
    with Image.open(tmp_path / "shown" / "sheet-1.png") as sheet:
        assert np.asarray(sheet).std() > 10
