"""The cover art or a given image as the world "Picture" looks it up; without one, a picture drawn here.

Arrays are float32, shape (h, w, 4), values in [0, 1]; row 0 is the texture's v = 0, the picture's lowest row. r, g, b are the image's own
colours (the shader brings them into the film's palette), a its large shapes: brightness, blurred.
"""

import io
import warnings
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from songreel.errors import UserError
from songreel.painter.arrays import Bytes, Floats

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 512  # texels
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # those that covers come in; a given image is one of the first three
LARGEST_FILE, MOST_PIXELS = 20 << 20, 50_000_000  # bytes, pixels
LUMA = np.array((0.2126, 0.7152, 0.0722), np.float32)
SHAPES = 0.025  # of the longer side: what is smaller is no large shape
TOWARDS = 0.35  # how far an image is cropped towards the film's shape, as a share of the way in logarithms; the world crops the rest
DARK_END, LIGHT_END = 0.01, 0.99  # quantiles of brightness that are stretched to the ends
MOST_STRETCH = 1.6


def opened(content: bytes, kinds: tuple[str, ...] = KINDS) -> "Image":
    """A picture's first frame upright, in RGB, decoded whole.

    Args:
        content: the file's bytes.
        kinds: Pillow's names of the formats that are taken.

    Raises:
        UserError: it is too large, of another kind, or damaged; the message is a clause that says which.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(content) > LARGEST_FILE:
        raise UserError(f"it has {len(content) / 1e6:.0f} MB, at most {LARGEST_FILE / 1e6:.0f} are taken")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=kinds)
            if image.width * image.height > MOST_PIXELS:
                raise UserError(f"it has {image.width}x{image.height} pixels, at most {MOST_PIXELS / 1e6:.0f} million are taken")
            image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # JPEG decodes to a smaller size at once
            return _plain(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise UserError(f"it is no picture of a known kind ({', '.join(kinds)})") from error
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError, Image.DecompressionBombError) as error:
        raise UserError(f"it cannot be decoded ({error})") from error


def prepared(content: bytes, shape: float) -> Floats:
    """An image as a texture: small, its weight in the middle, its tones from dark to light.

    Args:
        content: the file's bytes.
        shape: the film's width divided by its height.

    Raises:
        UserError: it is no picture that can be shown.
    """
    image = opened(content)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    colours = np.asarray(image, np.float32) / 255
    return textured(_toned(_cropped(colours, shape)))


@cache
def abstract() -> Floats:
    """What is shown where no image is given, in greys: a sun over folded hills, its rings in the air and a path of light."""
    side = 256
    y, x = (np.mgrid[side - 1 : -1 : -1, :side] + 0.5) / side
    far_off = np.hypot(x - 0.58, y - 0.64)
    level = 0.62 - 0.34 * y + 0.10 * np.cos(2 * np.pi * far_off / 0.085) * np.exp(-2.5 * far_off)
    level = np.where(far_off < 0.17, 0.97 - 0.5 * np.maximum(0.64 - y, 0), level)
    for height, swing, phase, grey in ((0.44, 0.07, 0.3, 0.46), (0.34, 0.09, 1.9, 0.27), (0.22, 0.08, 3.6, 0.12)):
        crest = height + swing * np.sin(2 * np.pi * (1.15 * x + phase)) + 0.025 * np.sin(2 * np.pi * (3.4 * x + 2 * phase))
        level = np.where(y < crest, grey + 0.9 * np.maximum(0.05 - (crest - y), 0) + 0.25 * np.maximum(0.1 - np.abs(x - 0.58), 0), level)
    return textured(np.repeat(np.clip(level, 0.03, 1.0)[..., None], 3, axis=2).astype(np.float32))


def textured(colours: Floats) -> Floats:
    """A picture's rows, the highest first, as a texture's, with its large shapes."""
    from scipy.ndimage import gaussian_filter

    shapes = gaussian_filter(colours @ LUMA, SHAPES * max(colours.shape[:2]), mode="nearest")
    low, high = float(shapes.min()), float(shapes.max())
    shapes = (shapes - low) / max(high - low, 1e-3)
    return np.ascontiguousarray(np.dstack([colours, shapes])[::-1], np.float32)


def _plain(image: "Image") -> "Image":
    """In RGB: deep greys scaled, transparency over a middle grey."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        deep = np.nan_to_num(np.asarray(image, np.float64))
        low, high = float(deep.min()), float(deep.max())
        grey: Bytes = ((deep - low) / max(high - low, 1e-9) * 255).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if image.has_transparency_data:
        over = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, (110, 110, 110, 255)), over).convert("RGB")
    return image.convert("RGB")


def _cropped(colours: Floats, shape: float) -> Floats:
    """The part with most to see of an image, cropped part of the way to a shape."""
    height, width = colours.shape[:2]
    own = width / height
    wanted = own ** (1 - TOWARDS) * shape**TOWARDS
    weight = _interest(colours)
    if wanted < own:
        return colours[:, _window(weight.sum(axis=0), max(round(height * wanted), 2))]
    return colours[_window(weight.sum(axis=1), max(round(width / wanted), 2))]


def _interest(colours: Floats) -> Floats:
    """How much there is to see at each place: contours and colours unlike the rest; a little everywhere, so that what is even is cut evenly."""
    from scipy.ndimage import gaussian_filter, gaussian_gradient_magnitude

    contours = gaussian_gradient_magnitude(colours @ LUMA, 2.0)
    apart = np.abs(colours - colours.mean(axis=(0, 1))).sum(axis=2)
    both = contours / max(float(contours.mean()), 1e-4) + apart / max(float(apart.mean()), 1e-4)
    rows, columns = (np.hanning(size + 2)[1:-1] for size in colours.shape[:2])
    found: Floats = gaussian_filter(np.asarray(both, np.float32), 4.0) * (0.35 + rows[:, None] * columns[None, :])
    return found


def _window(weight: Floats, size: int) -> slice:
    """Where a window of a size holds the most weight."""
    if size >= len(weight):
        return slice(None)
    sums = np.concatenate([[0.0], np.cumsum(weight, dtype=np.float64)])
    first = int(np.argmax(sums[size:] - sums[:-size]))
    return slice(first, first + size)


def _toned(colours: Floats) -> Floats:
    """A dull image's tones stretched, so that its shapes can be told; an even one stays even."""
    luma = colours @ LUMA
    low, high = (float(value) for value in np.quantile(luma, (DARK_END, LIGHT_END)))
    stretch = min(0.94 / max(high - low, 1e-3), MOST_STRETCH)
    if stretch <= 1.0:
        return colours
    middle = 0.5 * (low + high)
    toned: Floats = np.clip((colours - middle) * stretch + min(max(middle, 0.47), 0.53), 0.0, 1.0).astype(np.float32)
    return toned
