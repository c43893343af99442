"""A film made of generated pictures: key pictures four beats apart, and every picture between them generated too.

The key pictures of a scene are ordered in one request; what lies between two of them is generated from their blend, again in one request, so
that one becomes the other and no picture stands still or is panned. Conform fills up to the film's rate along the motion.
"""

import io
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

from schemas import Footage, MediaRef, Note, ShotOrder
from songreel.services.buying import Buyer
from songreel.services.content import Wanted
from songreel.services.customer import fixed_of
from songreel.services.faults import Refused, softened
from songreel.services.jobs import Order, Record
from songreel.services.runware import Runware
from songreel.storage import Store
from songreel.video.base import Progress
from songreel.video.bought import SEEDS, BoughtVideo, size_of

BEATS = 4  # between two key pictures
BEAT = 0.5  # seconds of a beat, when the order comes without music
FEWEST_KEYS = 3  # of a scene: eight or more of a film of three scenes
STRENGTH = 0.55  # how far a picture between two others may leave their blend
FIRST_BETWEEN = 1000  # added to the seed of a picture between two keys, so that none is a key's
WRAP = -0.5  # fall of the beat's phase that is a new beat


class RunwareFrames(BoughtVideo):
    """Footage of pictures by Flux schnell."""

    driver = Runware

    def shoot(self, order: ShotOrder, store: Store, progress: Progress) -> Footage:
        """The scene's pictures at the entry's own rate."""
        began = time.time()
        notes: list[Note] = []
        rate = Fraction(self.profile.native_fps or 6).limit_denominator(100)
        frames = ceil(order.slot.frames / order.fps * rate) + 1
        width, height = size_of(order, self.profile)
        at = key_frames(frames, float(rate), _beats(order, store))
        with self.provider(store) as provider:
            first = Buyer(store, self.access, provider, lambda share: progress(0.4 * share), 10.0)
            order, keys = self._keys(order, first, len(at), notes)
            second = Buyer(store, self.access, provider, lambda share: progress(0.4 + 0.55 * share), 15.0)
            records, pictures = self._between(order, store, second, keys, at)
        media = _written(pictures, store, rate, (width, height))
        progress(1.0)
        run = self.access.caps.run
        return Footage(
            media=media, frames=len(pictures), width=width, height=height, fps=rate, backend=self.profile.name, model=self.profile.model,
            seed=order.seed, seconds=time.time() - began, notes=tuple(notes),
            dollars=sum(record.charged for record in (*keys, *records) if record.at >= began or (run and record.run == run)),
        )  # fmt: skip

    def provider(self, store: Store) -> Runware:
        return Runware(self.account, self.patience)

    def _keys(self, order: ShotOrder, buyer: Buyer, count: int, notes: list[Note]) -> tuple[ShotOrder, list[Record]]:
        """The key pictures, from the prompt alone; a refused prompt is softened once, for all of the scene."""
        try:
            return order, buyer.buy_all([self._picture(order, number, {}) for number in range(count)], self._wanted(order))
        except Refused as refused:
            milder = order.model_copy(update={"prompt": softened(order.prompt)})
            if milder == order:
                raise
            notes.append(Note(stage="shoot", took=f"milder words for scene {order.slot.scene}: {milder.prompt}", because=str(refused)))
            return milder, buyer.buy_all([self._picture(milder, number, {}) for number in range(count)], self._wanted(order))

    def _between(
        self, order: ShotOrder, store: Store, buyer: Buyer, keys: Sequence[Record], at: Sequence[int]
    ) -> tuple[list[Record], list[MediaRef]]:
        """Every picture that is no key, generated from the blend of the keys around it; gives them, and all pictures in order."""
        shown: dict[int, MediaRef] = {frame: key.media[0] for frame, key in zip(at, keys, strict=True)}
        orders: dict[int, Order] = {}
        for left, right in pairwise(at):
            for frame in range(left + 1, right):
                share = (frame - left) / (right - left)
                blend = _blend(store.read(shown[left]), store.read(shown[right]), share, store)
                orders[frame] = self._picture(order, FIRST_BETWEEN + frame, {"seedImage": blend, "strength": STRENGTH})
        records = buyer.buy_all(list(orders.values()), self._wanted(order)) if orders else []
        shown |= {frame: record.media[0] for frame, record in zip(orders, records, strict=True)}
        return records, [shown[frame] for frame in sorted(shown)]

    def _picture(self, order: ShotOrder, number: int, more: dict[str, Any]) -> Order:
        width, height = size_of(order, self.profile)
        seed = (order.seed + number) % SEEDS
        told = {**fixed_of(self.profile), "positivePrompt": order.prompt, "width": width, "height": height, "seed": seed, **more}
        return Order(self.service, self.profile.name, self.profile.model, told, float(self.profile.options["dollars_per_image"]), "image")

    def _wanted(self, order: ShotOrder) -> Wanted:
        width, height = size_of(order, self.profile)
        return Wanted(".png", shape=width / height)


def key_frames(frames: int, rate: float, beats: Sequence[float]) -> list[int]:
    """Where key pictures stand: the scene's first and last frame, and every fourth beat between; at least three.

    Args:
        frames: of the scene at the backend's rate.
        rate: frames a second.
        beats: seconds of the beats from the scene's start.
    """
    inner = sorted({round(beat * rate) for beat in beats[BEATS::BEATS]} - {0})
    at = [0, *(frame for frame in inner if 1 < frame < frames - 2), frames - 1]
    if len(at) < FEWEST_KEYS and frames > 2:
        at = sorted({round(step * (frames - 1) / (FEWEST_KEYS - 1)) for step in range(FEWEST_KEYS)})
    return at


def _beats(order: ShotOrder, store: Store) -> list[float]:
    """Seconds of the scene's beats from its start."""
    import numpy as np

    length = order.slot.frames / float(order.fps)
    if order.curves is None:
        return [number * BEAT for number in range(ceil(length / BEAT))]
    with np.load(store.get(order.curves)) as arrays:
        phase = arrays["beat_phase"][order.slot.first_frame : order.slot.first_frame + order.slot.frames]
    return [float(frame + 1) / float(order.fps) for frame in np.flatnonzero(np.diff(phase) < WRAP)]


def _blend(left: bytes, right: bytes, share: float, store: Store) -> MediaRef:
    from PIL import Image

    pictures = [Image.open(io.BytesIO(content)).convert("RGB") for content in (left, right)]
    file = io.BytesIO()
    Image.blend(pictures[0], pictures[1].resize(pictures[0].size), share).save(file, "png")
    return store.put_bytes(file.getvalue(), ".png")


def _written(pictures: Sequence[MediaRef], store: Store, rate: Fraction, size: tuple[int, int]) -> MediaRef:
    """The pictures as a video."""
    import numpy as np
    from PIL import Image

    from songreel.media.video import ClipWriter
    from songreel.video.joining import ALMOST_LOSSLESS

    with store.workspace() as folder:
        path = folder / "footage.mp4"
        with ClipWriter(path, width=size[0], height=size[1], fps=rate, encoding=ALMOST_LOSSLESS) as writer:
            for ref in pictures:
                writer.write_rgb(np.asarray(Image.open(store.get(ref)).convert("RGB").resize(size)))
        return store.put_file(path)
