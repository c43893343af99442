"""Small real backends that a test's own catalogue names: they write real little films of moving noise, or fail in a told way."""

import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from schemas import BackendProfile, BackendStatus, Footage, ShotOrder
from songreel.access import Access
from songreel.errors import SongreelError
from songreel.storage import Store
from songreel.video.base import Progress

WIDTH, HEIGHT = 128, 72  # px, of the native footage


class Small:
    """Writes drifting, changing patterns at its own rate and size, in the legal frames; its seconds cost what its profile says."""

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        self.profile = profile

    def status(self) -> BackendStatus:
        missing = str(self.profile.options.get("missing", ""))
        return BackendStatus.of(self.profile, missing, "make it so" if missing else "")

    def shoot(self, order: ShotOrder, store: Store, progress: Progress) -> Footage:
        """The order's frames, at the profile's own rate."""
        began = time.monotonic()
        fps = Fraction(self.profile.native_fps or float(order.fps)).limit_denominator(1001)
        frames = self.profile.frames.at_least(-int(-order.slot.frames / order.fps * fps // 1))
        with store.workspace() as folder:
            path = folder / "footage.mp4"
            _write(path, frames, fps, order.seed, progress)
            media = store.put_file(path)
        return Footage(
            media=media, frames=frames, width=WIDTH, height=HEIGHT, fps=fps, backend=self.profile.name, model=self.profile.model, seed=order.seed,
            seconds=time.monotonic() - began, dollars=round(float(frames / fps) * self.profile.dollars_per_second, 6),
        )  # fmt: skip


class Model(Small):
    """A model on a GPU whose work takes its time: the profile's ``seconds`` a scene, and ``loading`` once a process.

    It writes down what it does in ``shot.txt`` of its machine's home: 'loaded at …', 'begun 3 at …', 'shot 3 at …', in Unix seconds.
    """

    _loaded = False

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        super().__init__(profile, access)
        self._book = access.home / "shot.txt"

    def shoot(self, order: ShotOrder, store: Store, progress: Progress, share: float = 1.0) -> Footage:
        scene, began = order.slot.scene, time.monotonic()
        if not Model._loaded:
            time.sleep(float(self.profile.options.get("loading", 0.0)))
            Model._loaded = True
            self._write_down("loaded")
        self._write_down(f"begun {scene}")
        steps = 20
        for step in range(steps):
            time.sleep(float(self.profile.options["seconds"]) / steps)
            progress((step + 1) / (steps + 1))
        footage = super().shoot(order, store, lambda _: progress(1.0))
        self._write_down(f"shot {scene}")
        return footage.model_copy(update={"seconds": time.monotonic() - began})

    def _write_down(self, text: str) -> None:
        with self._book.open("a") as book:
            book.write(f"{text} at {time.time():.2f}\n")


class Broken(Small):
    """Fails every time."""

    def shoot(self, order: ShotOrder, store: Store, progress: Progress) -> Footage:
        raise SongreelError(f"{self.profile.name} is out of order")


def _write(path: Path, frames: int, fps: Fraction, seed: int, progress: Progress) -> None:
    """Waves whose shape changes, never one picture that moves."""
    from schemas import Encoding
    from songreel.media.video import ClipWriter

    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    waves = [(chance.uniform(0.05, 0.3), chance.uniform(0.05, 0.3), chance.uniform(2, 9), chance.uniform(0, 6)) for _ in range(5)]
    with ClipWriter(path, width=WIDTH, height=HEIGHT, fps=fps, encoding=Encoding(threads=1), keyframes=(0,)) as writer:
        for number in range(frames):
            t = number / float(fps)
            field = sum(np.sin(a * x * (1 + 0.3 * np.sin(t)) + b * y + c * t + d) for a, b, c, d in waves)
            luma = (128 + 15 * field).clip(16, 235).astype(np.uint8)
            flat = np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8)
            writer.write_yuv(luma, flat, flat)
            progress((number + 1) / frames)
