"""No world flashes more than three times a second, however fast the drums: WCAG 2.3.1, measured on what the painter draws."""

from fractions import Fraction

import numpy as np
import pytest

from schemas import CURVES, Look
from songreel.inspection.flashes import FlashMeter, linear_rgb
from songreel.painter.catalogue import styles, worlds
from songreel.painter.engine import Painter

FPS = 30
SIZE = (160, 90)
FRAMES = 45
HITS = 5.0  # of every drum in a second, all at full strength: faster and harder than any song
MOST = 3
LOOKS = [(world.id, variant) for world in worlds() for variant in range(4)]
COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")


def hammering() -> dict[str, np.ndarray]:
    phase = (np.arange(FRAMES) * HITS / FPS) % 1
    level = np.full(FRAMES, 0.8, np.float32)
    curves = dict.fromkeys(CURVES, level) | {name: np.exp(-4 * phase).astype(np.float32) for name in ("kick", "snare", "hat", "bass", "beat")}
    bars = (np.arange(FRAMES) * HITS / 4 / FPS) % 1
    return curves | {"beat_phase": phase.astype(np.float32), "bar_phase": bars.astype(np.float32), "section_phase": level}


@pytest.mark.parametrize(("world", "variant"), LOOKS, ids=str)
@pytest.mark.parametrize("dark", [True, False], ids=["night", "bright"])
def test_hammering_drums_do_not_flash_the_picture(world, variant, dark):
    names = [style.id for style in styles()]
    style = names[(LOOKS.index((world, variant)) + 3 * dark) % len(names)]
    look = Look(
        world=world, variant=variant, style=style, hour="night" if dark else "dusk", weather="clear", camera="drift", colours=COLOURS, energy=1.0
    )
    meter = FlashMeter((SIZE[1] // 2, SIZE[0] // 2), Fraction(FPS))
    most = 0
    with Painter(*SIZE, Fraction(FPS), "preview") as painter:
        for planes in painter.frames(look, 5, hammering(), 0, FRAMES):
            luma = planes.y[: SIZE[1] // 2 * 2].reshape(SIZE[1] // 2, 2, SIZE[0] // 2, 2).mean((1, 3)).astype(np.uint8)
            most = max(most, *meter.follow(linear_rgb(luma, planes.u, planes.v)))
    assert most <= MOST, f"{style}: {most} flashes a second"
