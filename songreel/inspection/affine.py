"""The global affine motion between two small frames, and what it leaves unexplained.

Coordinates are small pixels from the frame's centre, x right, y down. Light is allowed to change by one gain and one offset over
the whole frame, so that a fade or a beat's glow over a still does not pass for motion.

Source: S. Baker, I. Matthews, "Lucas-Kanade 20 Years On: A Unifying Framework", IJCV 56(3), 2004 (inverse compositional form).
"""

from dataclasses import dataclass

import numpy as np

from songreel.inspection.kinds import Flags, Floats

BLOCK = 10
"""Side, in small pixels, of the blocks that are explained or not."""
BLUR = 1.0
"""Sigma, in small pixels, of the smoothing before a comparison: it takes grain and interpolation error, not motion."""
FLOOR = 1.6
"""Levels (RMS) that codec noise and grain may leave in a block after smoothing."""
SHARE = 0.16
"""And the share of a block's contrast that warping an encoded picture may leave."""
TEXTURE = 4.0
"""Contrast in levels (RMS) from which a block can tell one motion from another."""
ROUNDS = (10, 6, 3)
"""Refinements at a quarter, a half and full small size."""
OUTLIER = 2.5
"""Pixels whose residual is over this many times the median are left out of the next refinement."""

Matrix = Floats
"""3 x 3, maps a point of the first frame to the second."""


@dataclass(frozen=True)
class Fit:
    """How one frame follows from another.

    ``moved``: RMS displacement over the frame in small pixels. ``left_over``: share of the relevant blocks that the motion does not
    explain. ``standing``: the same with no motion allowed. ``texture``: share of all blocks that are relevant.
    """

    matrix: Matrix
    moved: float
    left_over: float
    standing: float
    texture: float


class Levels:
    """One frame smoothed, at three sizes, with what the refinement needs of it prepared once."""

    def __init__(self, luma: Floats) -> None:
        from scipy.ndimage import gaussian_filter

        full = gaussian_filter(luma.astype(np.float32), BLUR)
        half = gaussian_filter(full, 1.0)[::2, ::2]
        quarter = gaussian_filter(half, 1.0)[::2, ::2]
        self.pictures = (quarter, half, full)
        self.centre = ((full.shape[1] - 1) / 2, (full.shape[0] - 1) / 2)

    @property
    def full(self) -> Floats:
        picture: Floats = self.pictures[-1]
        return picture


@dataclass(frozen=True)
class _Grid:
    """Coordinates of the pixels of a picture sampled every ``scale`` small pixels, from the frame's centre."""

    x: Floats
    y: Floats
    scale: float
    centre: tuple[float, float]

    @classmethod
    def of(cls, picture: Floats, scale: float, centre: tuple[float, float]) -> "_Grid":
        rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
        return cls(columns * scale - centre[0], rows * scale - centre[1], scale, centre)


def _sample(picture: Floats, matrix: Matrix, grid: _Grid, order: int) -> tuple[Floats, Flags]:
    """The picture at the places that the motion leads to, and which of them lie inside it."""
    from scipy.ndimage import map_coordinates

    to_x = (matrix[0, 0] * grid.x + matrix[0, 1] * grid.y + matrix[0, 2] + grid.centre[0]) / grid.scale
    to_y = (matrix[1, 0] * grid.x + matrix[1, 1] * grid.y + matrix[1, 2] + grid.centre[1]) / grid.scale
    inside = (to_x >= 0) & (to_y >= 0) & (to_x <= picture.shape[1] - 1) & (to_y <= picture.shape[0] - 1)
    return map_coordinates(picture, (to_y, to_x), order=order, mode="nearest"), inside


def _relit(seen: Floats, wanted: Floats, use: Flags) -> Floats:
    """``seen`` with the gain and offset that bring it nearest to ``wanted`` over the pixels in use."""
    s, w = seen[use], wanted[use]
    spread = float(((s - s.mean()) ** 2).mean())
    gain = float(((s - s.mean()) * (w - w.mean())).mean()) / spread if spread > 1e-3 else 1.0
    gain = min(max(gain, 0.5), 2.0)
    relit: Floats = (seen - s.mean()) * gain + w.mean()
    return relit


def estimate(first: Levels, second: Levels, start: Matrix | None = None, coarsest: int = 0) -> Matrix:
    """The affine motion from one frame to another, coarse to fine; ``start`` is a first guess."""
    matrix = np.eye(3) if start is None else start.copy()
    for level in range(coarsest, len(ROUNDS)):
        scale = float(2 ** (len(ROUNDS) - 1 - level))
        grid = _Grid.of(first.pictures[level], scale, first.centre)
        matrix = _refine(first.pictures[level], second.pictures[level], matrix, grid, ROUNDS[level])
    return matrix


def _refine(first: Floats, second: Floats, matrix: Matrix, grid: _Grid, rounds: int) -> Matrix:
    x, y, size = grid.x, grid.y, max(grid.centre)
    dy, dx = np.gradient(first, grid.scale)
    steepest = np.stack([dx * x / size, dx * y / size, dx, dy * x / size, dy * y / size, dy], -1)
    for _ in range(rounds):
        seen, inside = _sample(second, matrix, grid, 1)
        if inside.mean() < 0.3:
            return matrix
        error = _relit(seen, first, inside) - first
        use = inside & (np.abs(error) <= OUTLIER * np.median(np.abs(error[inside])) + 0.5)
        rows = steepest[use]
        normal = rows.T @ rows
        step = np.linalg.solve(normal + np.eye(6) * (1e-4 * np.trace(normal) / 6 + 1e-6), rows.T @ error[use])
        change = np.array([[1 + step[0] / size, step[1] / size, step[2]], [step[3] / size, 1 + step[4] / size, step[5]], [0, 0, 1]])
        if abs(np.linalg.det(change)) < 0.2:
            return matrix
        matrix = matrix @ np.linalg.inv(change)
        if np.abs(step).max() < 0.01:
            break
    return matrix


def judge(first: Levels, second: Levels, matrix: Matrix) -> Fit:
    """What a motion explains and what it leaves over."""
    grid = _Grid.of(first.full, 1.0, first.centre)
    seen, inside = _sample(second.full, matrix, grid, 3)
    contrast, explained = _blocks(first.full, seen, inside)
    still_contrast, standing = _blocks(first.full, second.full, np.ones_like(inside))
    covered = np.isfinite(contrast)
    relevant = covered & ((contrast > TEXTURE) | ~standing)
    count = max(int(relevant.sum()), 1)
    moved_x = (matrix[0, 0] - 1) * grid.x + matrix[0, 1] * grid.y + matrix[0, 2]
    moved_y = matrix[1, 0] * grid.x + (matrix[1, 1] - 1) * grid.y + matrix[1, 2]
    return Fit(
        matrix=matrix,
        moved=float(np.sqrt((moved_x**2 + moved_y**2).mean())),
        left_over=float((relevant & ~explained).sum() / count),
        standing=float((~standing).mean()),
        texture=float((relevant | (still_contrast > TEXTURE)).mean()),
    )


def _blocks(wanted: Floats, seen: Floats, inside: Flags) -> tuple[Floats, Flags]:
    """Per block: RMS contrast in levels (NaN where the motion leads outside), and whether it is explained."""
    error = np.where(inside, _relit(seen, wanted, inside) - wanted, 0.0) if inside.any() else wanted
    left = np.sqrt(_means(error**2))
    mean = _means(wanted)
    contrast = np.sqrt(np.maximum(_means(wanted**2) - mean**2, 0.0))
    whole = _means(inside.astype(np.float32)) > 0.99
    return np.where(whole, contrast, np.nan), left <= np.maximum(FLOOR, SHARE * contrast)


def _means(picture: Floats) -> Floats:
    rows, columns = picture.shape[0] // BLOCK, picture.shape[1] // BLOCK
    inside = picture[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    means: Floats = inside.mean(axis=(1, 3))
    return means
