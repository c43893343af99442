"""Footage that is bought: what all services have in common.

The next legal number of frames is asked for and conform leaves out the rest. What is longer than a model can make goes on from its own last
frame, or is continued by the entry that ``continued_by`` names. How an endpoint calls its inputs stands in the entry's options:
``frames_as``, ``seconds_as``, ``fps_as``, ``seed_as``, ``image_as``, ``negative_as``, ``size_as``, ``aspect_as``; ``input_X`` sets X for good.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from schemas import BackendProfile, Footage, MediaRef, Note, Reference, ShotOrder, Sketch
from songreel import catalogue
from songreel.access import Access
from songreel.errors import SongreelError
from songreel.services.buying import Buyer
from songreel.services.content import Wanted
from songreel.services.customer import Customer, about_of, fixed_of
from songreel.services.faults import Refused, softened
from songreel.services.jobs import Order, Record
from songreel.services.provider import Provider
from songreel.storage import Store
from songreel.video.base import Progress

MOST_PARTS = 12  # of one scene
SEEDS = 2**31  # what services take for a seed
MOMENT = 12  # frames into the scene, from which the painter's still is taken when a shot needs a first picture
EVEN = 0.45  # level of every curve for such a still without music


@dataclass(frozen=True)
class Part:
    """One job of a scene."""

    number: int
    frames: int
    first: MediaRef | None
    prompt: str


class BoughtVideo(Customer, ABC):
    """Buys footage; a subclass names its service and writes its input."""

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        super().__init__(profile, access)
        self.extra = 0.0  # dollars of pictures that shots began with

    def shoot(self, order: ShotOrder, store: Store, progress: Progress) -> Footage:
        """Footage of at least the order's length where the model can go on, at the model's own size and rate."""
        began = time.time()
        notes: list[Note] = []
        with self.provider(store) as provider:
            records = self._parts(order, store, provider, progress, notes)
        media = self._one(records, store)
        progress(1.0)
        return self._footage(order, store, media, records, notes, began)

    @abstractmethod
    def provider(self, store: Store) -> Provider:
        """Who speaks to the service."""

    def input_of(self, order: ShotOrder, profile: BackendProfile, part: Part) -> dict[str, Any]:
        """What the model is told."""
        options = profile.options
        told = fixed_of(profile)
        told |= {str(options.get("prompt_as", "prompt")): part.prompt} if options.get("prompt_as", "prompt") else {}
        values: dict[str, Any] = {
            "frames": part.frames, "seconds": ceil(part.frames / (profile.native_fps or 1)), "fps": profile.native_fps and int(profile.native_fps),
            "seed": (order.seed + part.number) % SEEDS, "image": part.first, "negative": order.negative_prompt or None,
            "aspect": aspect_of(order), "size": "*".join(str(side) for side in size_of(order, profile)),
        }  # fmt: skip
        named = {"seed_as": "seed", **{name: value for name, value in options.items() if name.endswith("_as")}}
        return told | {str(named[f"{what}_as"]): value for what, value in values.items() if named.get(f"{what}_as") and value is not None}

    def _parts(self, order: ShotOrder, store: Store, provider: Provider, progress: Progress, notes: list[Note]) -> list[Record]:
        """Every job of the scene, one after the other, each going on from the one before."""
        planned = list(parts_of(order, self.profile, self._continued()))
        records: list[Record] = []
        prompt = order.prompt
        for number, (profile, frames) in enumerate(planned):
            share = lambda part, at=number: progress((at + part) / len(planned))  # noqa: E731
            first = self._first(order, profile, store, notes) if not records else self._last(records[-1], store)
            buyer = Buyer(store, self.access, provider, share, profile.speed * frames / (profile.native_fps or 16) or 60.0)
            record, prompt = self._bought(order, profile, Part(number, frames, first, prompt), buyer, notes)
            records.append(record)
        return records

    def _bought(self, order: ShotOrder, profile: BackendProfile, part: Part, buyer: Buyer, notes: list[Note]) -> tuple[Record, str]:
        """One job's record and the prompt it was made with; a refused prompt is softened once, where the entry allows it."""
        wanted = Wanted(frames=part.frames if "frames_as" in profile.options else 2)
        try:
            return buyer.buy(self._order(order, profile, part), wanted), part.prompt
        except Refused as refused:
            milder = softened(part.prompt)
            if refused.refused != "prompt" or milder == part.prompt or not profile.options.get("soften", True):
                raise
            notes.append(Note(stage="shoot", took=f"milder words for scene {order.slot.scene}: {milder}", because=str(refused)))
            again = Part(part.number, part.frames, part.first, milder)
            return buyer.buy(self._order(order, profile, again), wanted), milder

    def _order(self, order: ShotOrder, profile: BackendProfile, part: Part) -> Order:
        seconds = part.frames / (profile.native_fps or float(order.fps))
        return Order(
            service=self.service, backend=self.profile.name, model=profile.model, input=self.input_of(order, profile, part),
            estimate=seconds * profile.dollars_per_second, about=about_of(profile),
        )  # fmt: skip

    def _continued(self) -> BackendProfile | None:
        """Who goes on when a shot is too short."""
        name = self.profile.options.get("continued_by")
        if name:
            return catalogue.find("video", str(name), self.access)
        return self.profile if self.profile.first_frame else None

    def _first(self, order: ShotOrder, profile: BackendProfile, store: Store, notes: list[Note]) -> MediaRef | None:
        """The picture that a shot begins with, for a model that needs one: bought by the scene's own words where that can be, else the painter's."""
        if not (profile.first_frame and profile.options.get("image_as")):
            return None
        maker = self._picture_maker()
        if maker is not None:
            sketch = Sketch(kind="style", name=f"scene {order.slot.scene}", description=order.prompt, look=order.look, seed=order.seed)
            try:
                reference: Reference = catalogue.made(maker, self.access).draw(sketch, store)
            except SongreelError as error:
                notes.append(Note(stage="shoot", took=f"the painter's picture to begin scene {order.slot.scene} with", because=str(error)))
            else:
                self.extra += reference.dollars
                return reference.image
        return painted_still(order, profile, store)

    def _picture_maker(self) -> BackendProfile | None:
        """The best looking model for pictures at a service that there is an account for."""
        bought = [one for one in catalogue.entries("image", self.access) if one.where == "cloud" and one.service in self.access.accounts]
        return max(bought, key=lambda one: one.looks, default=None)

    def _last(self, record: Record, store: Store) -> MediaRef:
        from songreel.video.joining import last_frame

        return store.put_bytes(last_frame(store.get(record.media[0])), ".png")

    def _one(self, records: list[Record], store: Store) -> MediaRef:
        """The jobs' films as one; a single one as it came."""
        if len(records) == 1:
            return records[0].media[0]
        from songreel.video.joining import join

        with store.workspace() as folder:
            join([store.get(record.media[0]) for record in records], folder / "footage.mp4")
            return store.put_file(folder / "footage.mp4")

    def _footage(self, order: ShotOrder, store: Store, media: MediaRef, records: list[Record], notes: list[Note], began: float) -> Footage:
        from songreel.media.probe import probe
        from songreel.media.video import count_frames

        path = Path(store.get(media))
        video = probe(path).video
        assert video is not None  # it was checked when it was taken
        run = self.access.caps.run
        return Footage(
            media=media, frames=count_frames(path), width=video.width, height=video.height, fps=video.fps, backend=self.profile.name,
            model=self.profile.model, seed=order.seed, seconds=time.time() - began, notes=tuple(notes),
            dollars=self.extra + sum(record.charged for record in records if record.at >= began or (run and record.run == run)),
        )  # fmt: skip


def parts_of(order: ShotOrder, profile: BackendProfile, continued: BackendProfile | None) -> Iterator[tuple[BackendProfile, int]]:
    """The jobs of a scene: who makes each, and how many frames; a later one's first frame is the last of the one before."""
    rate = profile.native_fps or float(order.fps)
    left = ceil(order.slot.frames / order.fps * rate) if order.slot.frames else 1
    frames = profile.frames.at_least(left)
    yield profile, frames
    left -= frames
    for _ in range(MOST_PARTS - 1):
        if left <= 0 or continued is None:
            return
        frames = continued.frames.at_least(left + 1)
        yield continued, frames
        left -= frames - 1


def aspect_of(order: ShotOrder) -> str:
    """The shape in the services' words."""
    if order.width == order.height:
        return "1:1"
    return "16:9" if order.width > order.height else "9:16"


def size_of(order: ShotOrder, profile: BackendProfile) -> tuple[int, int]:
    """The legal size nearest to the order's shape, its longest side as long as the model makes it."""
    longest = profile.longest_side or max(order.width, order.height)
    scale, step = longest / max(order.width, order.height), profile.size_multiple
    return max(round(order.width * scale / step), 1) * step, max(round(order.height * scale / step), 1) * step


def painted_still(order: ShotOrder, profile: BackendProfile, store: Store) -> MediaRef:
    """The painter's picture of the scene, at the model's size."""
    import io

    import numpy as np
    from PIL import Image

    from schemas import CURVES
    from songreel.painter.engine import Painter

    moment = order.slot.first_frame + min(MOMENT, order.slot.frames - 1)
    if order.curves is None:
        curves = {name: np.full(moment + 1, EVEN, np.float32) for name in CURVES}
    else:
        with np.load(store.get(order.curves)) as arrays:
            curves = {name: arrays[name] for name in arrays.files}
    width, height = (side // 2 * 2 for side in size_of(order, profile))
    with Painter(width, height, order.fps, "professional") as painter:
        picture = painter.still(order.look, order.seed, curves, moment)
    png = io.BytesIO()
    Image.fromarray(picture).save(png, "png")
    return store.put_bytes(png.getvalue(), ".png", "image/png")
