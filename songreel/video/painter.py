"""Footage by the built-in painter: drawn and encoded side by side, already in the film's own encoding.

Nothing that draws is imported before it draws: backends are listed at once.
"""

import ctypes
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

from schemas import BackendProfile, BackendStatus, Footage, Note, Quality, ShotOrder
from songreel.access import Access
from songreel.storage import Store
from songreel.video.base import Progress

if TYPE_CHECKING:
    from songreel.media.video import ClipWriter
    from songreel.painter.arrays import Floats
    from songreel.painter.engine import Painter
    from songreel.painter.planes import Planes
    from songreel.painter.type import Overlay

MEND = "sudo apt-get install -y libegl1 libgl1-mesa-dri"
EVEN_LEVEL = 0.4  # every curve, when an order comes without music


class PainterVideo:
    """Draws every frame with shaders; needs only OpenGL, on a processor or a GPU."""

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        self.profile = profile

    def status(self) -> BackendStatus:
        return BackendStatus.of(self.profile) if _has_egl() else BackendStatus.of(self.profile, "OpenGL through EGL (libEGL.so.1)", MEND)

    def shoot(self, order: ShotOrder, store: Store, progress: Progress) -> Footage:
        """The order's exact frames in its encoding, with its keyframes; `conform` has nothing left to do."""
        from songreel.painter.type import Overlay

        began = time.monotonic()
        curves, notes = _curves(order, store)
        with store.workspace() as folder:
            path = folder / "footage.mp4"
            type_ = Overlay(order.lettering, order.width, order.height, order.fps) if order.lettering else None
            image = _image(order, store, order.width / order.height)
            renderer = _draw(order, curves, path, progress, type_, image)
            media = store.put_file(path)
        return Footage(
            media=media,
            frames=order.slot.frames,
            width=order.width,
            height=order.height,
            fps=order.fps,
            backend=self.profile.name,
            model=renderer,
            seed=order.seed,
            lettered=True,
            conformed=True,
            seconds=time.monotonic() - began,
            notes=(*notes, *(type_.notes if type_ else ())),
        )


def _draw(order: ShotOrder, curves: Mapping[str, "Floats"], path: Path, progress: Progress, type_: "Overlay | None", image: "Floats | None") -> str:
    """Draw and encode the whole order; gives the renderer's name."""
    from songreel.media.video import ClipWriter

    slot, painter = order.slot, _painter(order.width, order.height, order.fps, order.quality)
    with ClipWriter(
        path, width=order.width, height=order.height, fps=order.fps, encoding=order.encoding, keyframes=slot.keyframes
    ) as writer, encoding_beside(writer) as frames:  # fmt: skip
        drawn = painter.frames(order.look, order.seed, curves, slot.first_frame, slot.frames, own=order.own, image=image)
        for number, planes in enumerate(drawn, 1):
            if type_:
                type_.over(planes, slot.first_frame + number - 1)
            frames.put(planes)
            progress(number / slot.frames)
    return painter.renderer


def moments(order: ShotOrder, store: Store, width: int, height: int, numbers: Iterable[int]) -> "Iterator[Planes]":
    """Single frames of an order's scene at another size, by their number in the film; each holds until the next is drawn."""
    from songreel.painter.moments import Span

    curves, _ = _curves(order, store)
    image = _image(order, store, width / height)
    painter, scene = _painter(width, height, order.fps, order.quality), Span(order.slot.first_frame, order.slot.frames)
    for number in numbers:
        yield from painter.frames(order.look, order.seed, curves, number, 1, scene=scene, own=order.own, image=image)


@contextmanager
def encoding_beside(writer: "ClipWriter") -> Iterator["Queue[Planes | None]"]:
    """A queue whose frames another thread encodes; the encoder works outside the interpreter's lock.

    Raises:
        Exception: whatever the encoder raised.
    """
    from songreel.painter.planes import AHEAD

    frames: Queue[Planes | None] = Queue(maxsize=AHEAD)
    failed: list[BaseException] = []

    def encode() -> None:
        while (planes := frames.get()) is not None:
            if failed:
                continue  # empty the queue, so that the drawing side never waits for nobody
            try:
                writer.write_yuv(*planes)
            except BaseException as error:  # told to the drawing side, which raises it
                failed.append(error)

    thread = threading.Thread(target=encode, name="encode", daemon=True)
    thread.start()
    try:
        yield frames
    finally:
        frames.put(None)
        thread.join()
    if failed:
        raise failed[0]


def _image(order: ShotOrder, store: Store, shape: float) -> "Floats | None":
    """The order's own picture, for a frame of that width by height."""
    from songreel.painter.image import prepared

    return prepared(store.read(order.image), shape) if order.image else None


def _curves(order: ShotOrder, store: Store) -> tuple[dict[str, "Floats"], tuple[Note, ...]]:
    import numpy as np

    from schemas import CURVES

    if order.curves is None:
        note = Note(stage="shoot", took="music of one even level", because="the order names no curves of the song")
        return {name: np.full(1, EVEN_LEVEL, np.float32) for name in CURVES}, (note,)
    with np.load(store.get(order.curves)) as arrays:
        return {name: arrays[name] for name in arrays.files}, ()


_kept = threading.local()


def _painter(width: int, height: int, fps: Fraction, quality: Quality) -> "Painter":
    """This thread's painter, kept for the next scene of the same size."""
    from songreel.painter.engine import Painter

    key = (width, height, fps, quality)
    if getattr(_kept, "key", None) != key:
        if hasattr(_kept, "painter"):
            _kept.key = None
            _kept.painter.__exit__(None, None, None)
        _kept.painter = Painter(width, height, fps, quality).__enter__()
        _kept.key = key
    painter: Painter = _kept.painter
    return painter


def _has_egl() -> bool:
    try:
        ctypes.CDLL("libEGL.so.1")
    except OSError:
        return False
    return True
