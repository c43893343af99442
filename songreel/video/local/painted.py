"""The painter's own pictures of a scene, for models that start from a picture or keep to a structure.

They have the film's time: picture i of a model's rate shows what the painter draws at that moment, so AI footage keeps its motion.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from schemas import ShotOrder
from songreel.models.asking import Ask
from songreel.painter.planes import rgb
from songreel.storage import Store

if TYPE_CHECKING:
    from songreel.video.local.base import Take

LEAST_SIDE = 96  # pixels: worlds are drawn no smaller, and then shrunk
SOFT = 1.2  # pixels of blur before edges are sought: grain is no edge
STRONG, WEAK = 0.9, 0.4  # quantile of an edge that stands by itself; share of it that continues one
LEAST_EDGE = 20.0  # of Sobel's sum, whose steps count eightfold
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # BT.709
Picture = NDArray[np.uint8]


def painted(order: ShotOrder, store: Store, asked: Ask, numbers: Sequence[int]) -> Iterator[Picture]:
    """The scene's pictures of these numbers at the model's rate and size, (h, w, 3) uint8.

    Args:
        order: whose world is drawn.
        store: where its curves are.
        asked: the model's rate and size.
        numbers: frames of the footage, counted from its first.
    """
    from PIL import Image

    from songreel.video.painter import moments

    scale = max(LEAST_SIDE / min(asked.width, asked.height), 1.0)
    width, height = (2 * round(side * scale / 2) for side in (asked.width, asked.height))
    slot = order.slot
    at = [slot.first_frame + min(int(number * order.fps / asked.fps), slot.frames - 1) for number in numbers]
    for planes in moments(order, store, width, height, at):
        picture = Image.fromarray(rgb(planes))
        yield np.asarray(picture if scale == 1 else picture.resize((asked.width, asked.height), Image.Resampling.BOX))


def first_picture(take: "Take", kind: str) -> Any:
    """What a scene starts from, as a PIL image.

    Args:
        take: the scene.
        kind: 'scene', what the painter draws at its first moment; 'reference', its first reference image if it has one, else the same;
            'text', nothing.
    """
    from PIL import Image

    if kind == "text":
        return None
    if kind == "reference" and take.order.references:
        return Image.open(BytesIO(take.store.read(take.order.references[0]))).convert("RGB").resize((take.asked.width, take.asked.height))
    (picture,) = painted(take.order, take.store, take.asked, [0])
    return Image.fromarray(picture)


def gray(picture: Picture) -> Picture:
    """The picture without its colours and finest lines, (h, w, 3) uint8."""
    from scipy import ndimage

    soft = ndimage.gaussian_filter(picture.astype(np.float32) @ LUMA, SOFT)
    return np.asarray(np.repeat(np.rint(soft)[:, :, None].astype(np.uint8), 3, 2))


def edges(picture: Picture) -> Picture:
    """White lines on black where the picture changes, (h, w, 3) uint8: what ControlNets trained on Canny take."""
    from scipy import ndimage

    gray = ndimage.gaussian_filter(picture.astype(np.float32).mean(2), SOFT)
    across, down = ndimage.sobel(gray, 1), ndimage.sobel(gray, 0)
    strength = np.hypot(across, down)
    lines = strength * _is_ridge(strength, across, down)
    strong = lines > max(float(np.quantile(strength, STRONG)), LEAST_EDGE)
    weak = lines > WEAK * max(float(np.quantile(strength, STRONG)), LEAST_EDGE)
    labels, count = ndimage.label(weak, np.ones((3, 3)))
    kept = np.zeros(count + 1, bool)
    kept[np.unique(labels[strong])] = True
    kept[0] = False
    return np.asarray(np.repeat(kept[labels][:, :, None].astype(np.uint8) * 255, 3, 2))


def _is_ridge(strength: NDArray[np.float32], across: NDArray[np.float32], down: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where the strength is the largest along its own direction, of four."""
    from scipy import ndimage

    angle = np.round(np.arctan2(down, across) / (np.pi / 4)).astype(int) % 4
    steps = ((0, 1), (1, 1), (1, 0), (1, -1))
    ridge = np.zeros(strength.shape, bool)
    for way, (dy, dx) in enumerate(steps):
        ahead, behind = ndimage.shift(strength, (dy, dx), order=0), ndimage.shift(strength, (-dy, -dx), order=0)
        ridge |= (angle == way) & (strength >= ahead) & (strength >= behind)
    return ridge
