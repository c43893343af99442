"""From a styled picture to the film's planes: read back, enlarged to the film's size, grained.

A style whose own shader shows nothing finer is drawn smaller and enlarged here: on a processor that costs a tenth of drawing it large.
Grain is the film's, not the picture's: it is laid on at full size, anew in every frame, also where the picture under it is held.
"""

from typing import Any

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from songreel.painter import gl
from songreel.painter.arrays import Bytes
from songreel.painter.planes import Planes

THREE = ((1, "f1"),) * 3  # Y, U and V, all of the picture's own size
ROW = 32  # bytes: rows of enlarged pictures are a whole number of the scaler's registers
LEAST = 540  # lines: small films are styled at their own size, or fine texture would be lost in them
TILE = 256  # pixels that the grain is shifted by at most, either way
BAND = 64  # rows that stay in a core's own memory while grain is laid on them
WHITE, RANGE = 235, 219.0  # of 8-bit luma
SHADE = 0.65  # share of the grain that is gone in white
FINEST = 14  # bits behind the point of the grain's whole numbers
LARGEST = 64  # of those whole numbers: their product with a luma fits 16 bits
FLOOR = round(RANGE / SHADE) + 16  # luma at which the grain would be gone: its strength is as far as a luma lies below


class Finish:
    """The last target of a style, and its way into planes.

    Args:
        size: (width, height) that the style's shader is drawn at.
        film: (width, height) of the planes.
        grain: strength in shares of white.
        blocks: enlarge every pixel to a square; else smoothly.
    """

    def __init__(self, context: Any, size: tuple[int, int], film: tuple[int, int], grain: float, blocks: bool) -> None:
        self.target = gl.Target(context, size, THREE)
        width, height = size
        self._film = film
        self._drawn = [np.empty((height, width), np.uint8) for _ in THREE]
        self._given = av.VideoFrame.from_dlpack(self._drawn, format="yuv444p", width=width, height=height)
        self._scaler = VideoReformatter()
        self._way = Interpolation.POINT if blocks else Interpolation.BICUBIC
        self._shown: Any = None
        self._grain = Grain(film, grain) if grain else None

    def take(self) -> None:
        """Read the drawn picture back and enlarge it; it is shown until the next one is taken."""
        for number, plane in enumerate(self._drawn):
            self.target.buffer.read_into(plane.data, components=1, attachment=number, alignment=1)
        same = {"src_colorspace": 1, "dst_colorspace": 1, "src_color_range": 1, "dst_color_range": 1}
        self._shown = self._scaler.reformat(self._given, *self._film, "yuv420p", interpolation=self._way, threads=1, **same)

    def put(self, into: Planes, shift: tuple[float, float]) -> None:
        """Write the picture that is shown.

        Args:
            into: planes of the film's size.
            shift: two numbers in [0, 1) that differ from frame to frame: where the grain lies.
        """
        y, u, v = (_view(plane) for plane in self._shown.planes)
        np.copyto(into.u, u)
        np.copyto(into.v, v)
        if self._grain:
            self._grain.lay(y, into.y, shift)
        else:
            np.copyto(into.y, y)

    def release(self) -> None:
        self.target.release()


class Grain:
    """Noise that is finer in the lights: most in black, a third of it in white.

    Args:
        size: (width, height) of the picture.
        strength: in shares of white, from the least to the largest value in black.
    """

    def __init__(self, size: tuple[int, int], strength: float) -> None:
        width, height = size
        x, y = np.arange(width + TILE, dtype=np.float64), np.arange(height + TILE, dtype=np.float64)[:, None]
        noise = np.modf(52.9829189 * np.modf(0.06711056 * x + 0.00583715 * y)[0])[0] - 0.5  # interleaved gradient noise: even over any small patch
        unit = strength * 255.0 * SHADE / RANGE  # levels of luma for each level that a luma lies below FLOOR
        self.bits = min(int(np.log2(LARGEST / (0.5 * unit))), FINEST)
        self.noise = np.rint(noise * (unit * 2**self.bits)).astype(np.int16)
        self._sum, self._bytes = np.empty((BAND, width), np.int16), np.empty((BAND, width), np.uint8)

    def lay(self, luma: Bytes, into: Bytes, shift: tuple[float, float]) -> None:
        """Write a luma plane with its grain; luma of 8-bit limited range."""
        across, down = (int(part * TILE) for part in shift)
        height, width = luma.shape
        half = 1 << (self.bits - 1)
        for top in range(0, height, BAND):
            rows = slice(top, min(top + BAND, height))
            total, small = self._sum[: rows.stop - top], self._bytes[: rows.stop - top]
            np.subtract(FLOOR, luma[rows], out=total, dtype=np.int16)
            np.multiply(total, self.noise[down + top : down + rows.stop, across : across + width], out=total)
            np.add(total, half, out=total)
            np.right_shift(total, self.bits, out=total)
            np.copyto(small, total, casting="unsafe")  # two's complement: adding wraps to the signed sum
            np.add(luma[rows], small, out=into[rows])


def finish_size(film: tuple[int, int], share: float) -> tuple[int, int]:
    """Size that a share of the film's size is drawn at: not under LEAST lines, rows of whole registers, an even number of them."""
    width, height = film
    share = max(share, min(LEAST / min(film), 1.0))
    if share >= 1.0:
        return film
    return max(round(width * share / ROW), 1) * ROW, round(height * share / 2) * 2


def _view(plane: Any) -> Bytes:
    rows = np.frombuffer(memoryview(plane), np.uint8)[: plane.height * plane.line_size].reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
