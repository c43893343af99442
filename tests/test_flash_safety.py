"""No world flashes more than three times a second, however fast the drums: WCAG 2.3.1, measured on what the painter draws."""

from fractions import Fraction

import numpy as np
import pytest
import soundfile

from schemas import CURVES, Look
from songreel.audio.analyse import analyse
from songreel.audio.ingest import take
from songreel.inspection.flashes import FlashMeter, linear_rgb
from songreel.painter.catalogue import styles, worlds
from songreel.painter.engine import Painter
from songreel.storage import Store
from tests.songs import SongSpec, make_song

FPS = 30
SIZE = (160, 90)
FRAMES = 45
HITS = 5.0  # of every drum in a second, all at full strength: faster and harder than any song
MOST = 3
LOOKS = [(world.id, variant) for world in sorted(worlds(), key=lambda world: world.shows_image) for variant in range(4)]
BRIGHT = ("#5b2a1e", "#c65a1e", "#b9a8c9", "#f0cf9a", "#fff6e0")
COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")


def hammering() -> dict[str, np.ndarray]:
    phase = (np.arange(FRAMES) * HITS / FPS) % 1
    level = np.full(FRAMES, 0.8, np.float32)
    curves = dict.fromkeys(CURVES, level) | {name: np.exp(-4 * phase).astype(np.float32) for name in ("kick", "snare", "hat", "bass", "beat")}
    bars = (np.arange(FRAMES) * HITS / 4 / FPS) % 1
    return curves | {"beat_phase": phase.astype(np.float32), "bar_phase": bars.astype(np.float32), "section_phase": level}


@pytest.fixture(scope="module")
def drummed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Curves of a fast, loud song as the analysis hears it: motion that the music quickens flickers, too."""
    folder = tmp_path_factory.mktemp("drummed")
    made = make_song(SongSpec(tempo=168.0, form=(("chorus", 4),), seed=5), seconds=4 * 4 * 60 / 168)
    soundfile.write(folder / "song.flac", made.samples, made.rate)
    store = Store(str(folder / "store"))
    analysis = analyse(take(folder / "song.flac", store), store, fps=Fraction(FPS))
    with np.load(store.get(analysis.curves)) as curves:
        return {name: curves[name][FPS:] for name in curves}


def most_flashes(look: Look, curves: dict[str, np.ndarray], frames: int) -> int:
    meter = FlashMeter((SIZE[1] // 2, SIZE[0] // 2), Fraction(FPS))
    most = 0
    with Painter(*SIZE, Fraction(FPS), "preview") as painter:
        for planes in painter.frames(look, 5, curves, 0, frames):
            luma = planes.y[: SIZE[1] // 2 * 2].reshape(SIZE[1] // 2, 2, SIZE[0] // 2, 2).mean((1, 3)).astype(np.uint8)
            most = max(most, *meter.follow(linear_rgb(luma, planes.u, planes.v)))
    return most


def style_for(world: str, variant: int, turn: int) -> str:
    names = [style.id for style in styles()]
    return names[(LOOKS.index((world, variant)) + turn) % len(names)]


@pytest.mark.parametrize(("world", "variant"), LOOKS, ids=str)
@pytest.mark.parametrize("dark", [True, False], ids=["night", "bright"])
def test_hammering_drums_do_not_flash_the_picture(world, variant, dark):
    style = style_for(world, variant, 3 * dark)
    look = Look(
        world=world, variant=variant, style=style, hour="night" if dark else "dusk", weather="clear", camera="drift", colours=COLOURS, energy=1.0
    )
    most = most_flashes(look, hammering(), FRAMES)
    assert most <= MOST, f"{style}: {most} flashes a second"


@pytest.mark.parametrize(("world", "variant"), LOOKS, ids=str)
@pytest.mark.parametrize("style", ["cinematic", "pixel_art"])
def test_a_fast_song_and_a_moving_camera_do_not_flicker(world, variant, style, drummed):
    bright = style == "cinematic"
    look = Look(
        world=world, variant=variant, style=style, hour="day" if bright else "night", weather="clear", camera="push",
        colours=BRIGHT if bright else COLOURS, energy=1.0,
    )  # fmt: skip
    most = most_flashes(look, drummed, 2 * FPS)
    assert most <= MOST, f"{most} flashes a second"
