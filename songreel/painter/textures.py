"""The two pictures that every shader may look up: noise and weather. Made once, tileable, the same on every machine.

Arrays are float32, shape (size, size, 4), values in [0, 1]; row 0 is the texture's v = 0.
"""

from functools import cache

import numpy as np

from songreel.painter.arrays import Floats

NOISE_SIZE = 256  # texels; shaders/common.glsl divides by it
NOISE_CELLS = 8  # cells of the coarsest octave across the noise texture; fbm1 and ridge1 repeat after as many units
NOISE_OCTAVES = 5
WEATHER_SIZE = 512  # texels
DROPS, FLAKES, GUSTS = 150, 170, 46  # particles in one tile of weather
SEED = 20240607  # any number; changing it changes every picture


@cache
def noise() -> Floats:
    """r, g: independent white lattices; b: five octaves of value noise; a: five octaves of ridges."""
    rng = np.random.default_rng(SEED)
    out = np.empty((NOISE_SIZE, NOISE_SIZE, 4), np.float32)
    out[..., 0] = rng.random((NOISE_SIZE, NOISE_SIZE))
    out[..., 1] = rng.random((NOISE_SIZE, NOISE_SIZE))
    layers = [_stretched(rng.random((NOISE_CELLS << octave, NOISE_CELLS << octave))) for octave in range(NOISE_OCTAVES)]
    weights = 0.5 ** np.arange(1, NOISE_OCTAVES + 1)
    out[..., 2] = _normal(sum(w * layer for w, layer in zip(weights, layers, strict=True)))
    out[..., 3] = _normal(sum(w * (1.0 - np.abs(2.0 * layer - 1.0)) for w, layer in zip(weights, layers, strict=True)))
    return out


@cache
def weather() -> Floats:
    """r: raindrops drawn long by their fall; g: snowflakes; b: streaks of wind; a: unused."""
    rng = np.random.default_rng(SEED + 1)
    out = np.zeros((WEATHER_SIZE, WEATHER_SIZE, 4), np.float32)
    for _ in range(DROPS):
        _stamp(out[..., 0], rng, half_width=0.9, half_height=rng.uniform(14, 38), level=rng.uniform(0.25, 1.0))
    for _ in range(FLAKES):
        size = rng.uniform(0.9, 3.6)
        _stamp(out[..., 1], rng, half_width=size, half_height=size, level=rng.uniform(0.35, 1.0))
    for _ in range(GUSTS):
        _stamp(out[..., 2], rng, half_width=rng.uniform(20, 90), half_height=rng.uniform(0.8, 1.6), level=rng.uniform(0.2, 0.9))
    return out


def _stretched(lattice: Floats) -> Floats:
    """A lattice of (n, n) values drawn smoothly over the whole noise texture, wrapping round."""
    count = lattice.shape[0]
    place = (np.arange(NOISE_SIZE) + 0.5) * count / NOISE_SIZE
    cell = place.astype(int) % count
    share = place % 1.0
    share = share * share * (3.0 - 2.0 * share)
    rows = lattice[cell] * (1 - share)[:, None] + lattice[(cell + 1) % count] * share[:, None]
    return np.asarray(rows[:, cell] * (1 - share) + rows[:, (cell + 1) % count] * share)


def _normal(values: Floats) -> Floats:
    """Scaled so that its hundredths at either end fall on 0 and 1."""
    low, high = np.quantile(values, (0.01, 0.99))
    return np.asarray(np.clip((values - low) / (high - low), 0.0, 1.0))


def _stamp(layer: Floats, rng: np.random.Generator, half_width: float, half_height: float, level: float) -> None:
    """Add one soft particle somewhere, wrapping round; sizes in texels."""
    centre = rng.uniform(0, WEATHER_SIZE, 2)
    reach_y, reach_x = int(half_height * 2.2) + 2, int(half_width * 2.2) + 2
    dy, dx = np.mgrid[-reach_y : reach_y + 1, -reach_x : reach_x + 1]
    rows, columns = (int(centre[0]) + dy) % WEATHER_SIZE, (int(centre[1]) + dx) % WEATHER_SIZE
    shape = np.exp(-((dy - centre[0] % 1) ** 2) / half_height**2 - (dx - centre[1] % 1) ** 2 / half_width**2)
    layer[rows, columns] = np.maximum(layer[rows, columns], level * shape)
