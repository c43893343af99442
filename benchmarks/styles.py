"""Whether a style can be told at a glance: how far two styles lie apart on one picture, against two seeds of one style.

The descriptor is a plain one: a colour histogram, and at three scales how strong and how directed the picture's edges are.
"""

from fractions import Fraction
from itertools import combinations
from statistics import median

import numpy as np

from schemas import Look
from songreel.composition.gallery import PALETTES, START, even_beat
from songreel.painter.arrays import Bytes, Floats
from songreel.painter.catalogue import styles
from songreel.painter.engine import Painter

SIZE, FPS = (320, 180), Fraction(30)
SEEDS = (7, 8)
PLACES = (("city", "night"), ("ocean", "dusk"), ("mountains", "day"), ("forest", "dawn"))
BINS = 5  # of the colour histogram along each axis
EDGES = np.geomspace(1, 256, 9) - 1
SHOWN = 12  # of the pairs that lie nearest


def describe(picture: Bytes) -> Floats:
    """Colour and edges of a picture, each part summing to 1."""
    cells = (picture.astype(int) * BINS // 256) @ np.array([BINS * BINS, BINS, 1])
    parts = [np.bincount(cells.ravel(), minlength=BINS**3)]
    gray = picture.astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    for _ in range(3):
        down, across = np.gradient(gray)
        strength = np.hypot(down, across)
        parts.append(np.histogram(strength, EDGES)[0])
        parts.append(np.histogram(np.arctan2(down, across) % np.pi, 6, (0, np.pi), weights=strength)[0])
        gray = gray[: gray.shape[0] // 2 * 2, : gray.shape[1] // 2 * 2].reshape(gray.shape[0] // 2, 2, gray.shape[1] // 2, 2).mean((1, 3))
    return np.concatenate([part / max(float(part.sum()), 1e-9) for part in parts]).astype(np.float32)


def apart(one: Floats, other: Floats) -> float:
    """How far two descriptors lie apart, at most 2 a part."""
    return float(np.abs(one - other).sum())


def main() -> None:
    names = [style.id for style in styles()]
    seen: dict[tuple[str, str, int], Floats] = {}
    curves = even_beat(START + 1)
    with Painter(*SIZE, FPS, "professional") as painter:
        for number, (world, hour) in enumerate(PLACES):
            for style in names:
                look = Look(world=world, style=style, hour=hour, variant=number, colours=PALETTES[number], energy=0.7)
                for seed in SEEDS:
                    seen[style, world, seed] = describe(painter.still(look, seed, curves, START))
    worlds = [world for world, _ in PLACES]
    alike = {style: median(apart(seen[style, world, SEEDS[0]], seen[style, world, SEEDS[1]]) for world in worlds) for style in names}
    pairs = []
    for one, other in combinations(names, 2):
        between = median(apart(seen[one, world, SEEDS[0]], seen[other, world, SEEDS[0]]) for world in worlds)
        pairs.append((between / max(alike[one], alike[other]), one, other))
    pairs.sort()
    print(f"{len(names)} styles on {len(worlds)} worlds: distance of two styles / of two seeds of the looser one")
    print(f"middle pair {median(ratio for ratio, _, _ in pairs):.1f}, nearest pair {pairs[0][0]:.1f} (aim: every pair over 2)")
    for ratio, one, other in pairs[:SHOWN]:
        print(f"  {ratio:4.1f}   {one} and {other}")


if __name__ == "__main__":
    main()
