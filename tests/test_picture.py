"""Cover art and given images: taken safely, in the palette, in the plan, and alive in the picture."""

import io
import json
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli.wishes import Wishes
from schemas import CURVES, Encoding, FilmRequest, Look, MediaRef, Plan, Slot
from songreel.errors import UserError
from songreel.execution.identity import canonical, digest
from songreel.imagery.given import take
from songreel.inspection.clips import judge_clip
from songreel.inspection.watching import watch
from songreel.media.probe import probe
from songreel.media.video import ClipWriter
from songreel.painter.catalogue import find_world
from songreel.painter.engine import Painter
from songreel.painter.image import LONGEST_SIDE, opened, prepared
from songreel.painter.planes import rgb
from songreel.planning import order, sketches
from songreel.planning.colour import cover_palette
from songreel.storage import Store
from tests.test_planning import made_analysis, made_plan

FPS = Fraction(30)
SIZE = (320, 180)
REF = MediaRef(sha256="cd" * 32, suffix=".png", media_type="image/png", bytes=10)
COLOURS = ("#0b0820", "#2a1a5e", "#7a2f8f", "#ff5fa2", "#ffe3c2")
LUMA = np.array((0.2126, 0.7152, 0.0722))
QUIET = {name: np.full(200, 0.12, np.float32) for name in CURVES}
EVEN = {name: np.full(200, 0.5, np.float32) for name in CURVES}
LONG = made_analysis()

each_variant = pytest.mark.parametrize("variant", range(4))


def painted(size: tuple[int, int] = (300, 240), mirrored: bool = False) -> Image.Image:
    """A made cover: a bright warm disc at the left before a dark blue ground, a green ledge below."""
    x, y = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    picture = np.zeros((size[1], size[0], 3))
    picture[...] = (20, 26, 70)
    picture[np.hypot(x + 0.42, y * 0.8 + 0.05) < 0.5] = (250, 200, 110)
    picture[y > 0.75] = (30, 90, 60)
    picture += np.random.default_rng(3).normal(0, 6, picture.shape)
    made = np.clip(picture, 0, 255).astype(np.uint8)
    return Image.fromarray(made[:, ::-1] if mirrored else made)


def coded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes that claims 60000 x 60000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = (60000).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def look(variant: int, style: str = "cinematic") -> Look:
    return Look(world="picture", style=style, variant=variant, hour="dusk", colours=COLOURS, energy=0.4)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "no picture of a known kind"),
        (b"#!/bin/sh\nrm -rf /\n", "no picture of a known kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "no picture of a known kind"),
        (coded(painted(), "GIF"), "no picture of a known kind"),
        (coded(painted(), "TIFF"), "no picture of a known kind"),
        (coded(painted())[:2000], "cannot be decoded"),
        (coded(painted(), "JPEG")[:900], "cannot be decoded"),
        (coded(painted(), "WEBP")[:200], "cannot be decoded|no picture"),
        (bomb(), "pixels"),
        (b"\x89PNG" + bytes(21 << 20), "MB, at most"),
    ],
    ids=["empty", "script", "svg", "gif", "tiff", "cut png", "cut jpeg", "cut webp", "bomb", "huge"],
)
def test_a_file_that_is_no_picture_is_refused_in_one_sentence(content, because, store, tmp_path):
    path = tmp_path / "cover.png"
    path.write_bytes(content)
    with pytest.raises(UserError, match=because) as refused:
        take(path, store)
    assert "cover.png" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not list(Path(store.root).glob("media/**/*.png"))


def test_a_missing_file_and_a_folder_are_told_apart(store, tmp_path):
    with pytest.raises(UserError, match=r"there is no image at .*missing\.png"):
        take(tmp_path / "missing.png", store)
    with pytest.raises(UserError, match="it is a folder"):
        take(tmp_path, store)


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
def test_equal_images_make_equal_requests_wherever_they_lie(kind, suffix, store, tmp_path):
    refs = []
    for name in ("here/a.png", "there/other name.bin"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_bytes(coded(painted(), kind))
        refs.append(Wishes(image=path).request(lambda: store).image)
    assert refs[0] == refs[1]
    assert refs[0].suffix == suffix
    assert digest({"request": FilmRequest(image=refs[0])}) != digest({"request": FilmRequest()})
    assert str(tmp_path) not in json.dumps(canonical(FilmRequest(image=refs[0])))


def test_an_image_is_taken_upright_without_transparency_and_with_deep_greys():
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    assert opened(coded(painted((300, 200)), "JPEG", exif=turned)).size[0] < 300
    clear = np.asarray(opened(coded(Image.new("RGBA", (8, 8), (255, 0, 0, 0)))))
    assert np.ptp(clear) == 0
    deep = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    assert np.asarray(opened(coded(Image.fromarray(deep)))).std() > 60


@pytest.mark.parametrize("size", [(3000, 100), (40, 900), (7, 7), (1, 1), (1200, 1200)], ids=str)
@pytest.mark.parametrize("shape", [16 / 9, 9 / 16])
def test_every_image_becomes_a_small_texture(size, shape):
    texture = prepared(coded(painted(size)), shape)
    assert texture.shape[2] == 4
    assert max(texture.shape[:2]) <= LONGEST_SIDE
    assert np.isfinite(texture).all()
    assert texture.min() >= 0
    assert texture.max() <= 1


def test_what_there_is_to_see_stays_in_when_an_image_is_cropped():
    wide = Image.new("RGB", (900, 300), (20, 20, 30))
    wide.paste(painted((220, 220)), (660, 40))
    kept = prepared(coded(wide), 9 / 16)
    assert kept.shape[1] < 0.8 * kept.shape[0] * 3
    assert kept[..., :3].max() > 0.9


def shown(plan: Plan) -> list[int]:
    return [scene.index for scene in plan.scenes if scene.look.world == "picture"]


def test_a_given_image_gives_the_palette_and_the_cover_does_where_it_is_asked_to():
    cover = coded(painted())
    given = made_plan(FilmRequest(image=REF), cover=cover)
    assert (given.treatment.palette, given.treatment.colours) == ("cover", cover_palette(cover))
    assert made_plan(FilmRequest(image=REF, palette="cool"), cover=cover).treatment.palette == "cool"
    assert made_plan(FilmRequest(palette="cover"), cover=cover).treatment.colours == cover_palette(cover)


def test_the_image_opens_the_film_and_comes_back_in_the_last_chorus():
    plan = made_plan(cover=coded(painted()))
    seen = shown(plan)
    last = max(scene.section for scene in plan.scenes if scene.label in ("chorus", "drop"))
    assert seen[0] == 0
    assert next(scene.index for scene in plan.scenes if scene.section == last) in seen
    assert len(seen) <= len(plan.scenes) / 5
    assert min(np.diff(seen)) > 1
    assert len({plan.scenes[at].look.variant for at in seen[:4]}) == min(len(seen), 4)
    assert all(plan.scenes[at].backend == "painter" for at in seen)
    assert plan.treatment.image.startswith("the cover art is painted anew in scenes 0")
    assert not plan.notes or "cover" not in str(plan.notes)


@pytest.mark.parametrize(
    ("request_", "because"),
    [
        (FilmRequest(picture=False), "asked not to appear"),
        (FilmRequest(world="ocean"), "the world that was asked for"),
        (FilmRequest(backend="wan"), "wan draws no worlds"),
    ],
    ids=["switched off", "a world", "a backend"],
)
def test_the_image_is_kept_out_where_it_was_asked_not_to_appear(request_, because):
    plan = made_plan(request_, cover=coded(painted()))
    assert not shown(plan)
    assert because in plan.treatment.image


def test_without_an_image_the_world_is_never_cast_even_when_it_is_named():
    for prompt in ("", "a mosaic of the album cover", "cover art"):
        plan = made_plan(FilmRequest(prompt=prompt))
        assert not shown(plan)
        assert plan.treatment.image == ""


def test_an_image_that_cannot_be_read_is_noted_and_left_out():
    plan = made_plan(cover=b"broken")
    assert not shown(plan)
    assert [note.took for note in plan.notes] == ["no scenes of the cover art"]


def test_only_the_scenes_that_show_the_image_depend_on_it():
    asked = FilmRequest(palette="cool", image=REF)
    plan, other = (
        made_plan(request, cover=coded(painted()))
        for request in (asked, asked.model_copy(update={"image": REF.model_copy(update={"sha256": "ef" * 32})}))
    )
    for scene, same in zip(plan.scenes, other.scenes, strict=True):
        slot = Slot(scene=scene.index, start_frame=scene.start_frame, end_frame=scene.end_frame)
        one, two = (order(of, which, slot, "painter") for of, which in ((plan, scene), (other, same)))
        assert (one == two) == (scene.index not in shown(plan))
        assert (one.image == REF) == (scene.index in shown(plan))


def test_reference_images_are_not_of_scenes_that_show_the_image():
    plan = made_plan(FilmRequest(prompt="a lonely astronaut"), cover=coded(painted()))
    assert all(not find_world(sketch.look.world).shows_image for sketch in sketches(plan))


def brightness(variant: int, image: bytes, style: str = "cinematic") -> np.ndarray:
    with Painter(*SIZE, FPS, "professional") as painter:
        texture = prepared(image, SIZE[0] / SIZE[1])
        (planes,) = painter.frames(look(variant, style), 5, {**EVEN, "section_phase": np.ones(200, np.float32)}, 150, 1, image=texture)
        return rgb(planes) / 255 @ LUMA


@each_variant
@pytest.mark.parametrize("style", ["cinematic", "comic_book"])
def test_the_image_can_be_seen(variant, style):
    """Where the disc stands, it is bright: at the left, and at the right in the mirrored image."""
    one, other = (brightness(variant, coded(painted(mirrored=mirrored)), style) for mirrored in (False, True))
    upper = slice(SIZE[1] // 8, SIZE[1] // 2)
    left, right = slice(SIZE[0] // 4, SIZE[0] // 2), slice(SIZE[0] // 2, 3 * SIZE[0] // 4)
    assert one[upper, left].mean() > other[upper, left].mean() + 0.05
    assert other[upper, right].mean() > one[upper, right].mean() + 0.05


def test_a_painter_shows_each_scene_its_own_image_and_then_its_own_picture_again():
    with Painter(160, 90, FPS, "preview") as painter:
        textures = [None, prepared(coded(painted()), 16 / 9), prepared(coded(painted(mirrored=True)), 16 / 9), None]
        stills = [next(painter.frames(look(1), 5, EVEN, 100, 1, image=texture)).y.copy() for texture in textures]
    assert np.array_equal(stills[0], stills[3])
    assert all(np.abs(stills[a].astype(int) - stills[b]).mean() > 2 for a, b in ((0, 1), (1, 2), (2, 3)))


@each_variant
@pytest.mark.parametrize("style", ["cinematic", "paper_cutout"])
def test_it_is_no_still_and_no_still_under_a_pan_even_in_quiet_music(variant, style, tmp_path):
    path, frames = tmp_path / "clip.mp4", 45
    with (
        Painter(*SIZE, FPS, "preview") as painter,
        ClipWriter(path, width=SIZE[0], height=SIZE[1], fps=FPS, encoding=Encoding(crf=22), keyframes=(0,)) as writer,
    ):
        for planes in painter.frames(look(variant, style), 5, QUIET, 60, frames, image=prepared(coded(painted()), SIZE[0] / SIZE[1])):
            writer.write_yuv(*planes)
    with watch(path, probe(path)) as watched:
        verdict = judge_clip(watched, 0, frames)
    assert not verdict.still
    assert not verdict.ken_burns
    assert verdict.left_over > 0.15
