"""Reference images that are bought: SDXL on Replicate, Flux schnell on Runware."""

from abc import ABC, abstractmethod
from typing import Any

from schemas.base import Note
from schemas.shot import Reference, Sketch
from songreel.services.buying import Buyer
from songreel.services.content import Wanted
from songreel.services.customer import Customer, about_of, fixed_of
from songreel.services.faults import Refused, softened
from songreel.services.jobs import Order, Record
from songreel.services.provider import Provider
from songreel.services.replicate import Replicate
from songreel.services.runware import Runware
from songreel.storage import Store

WIDTH, HEIGHT = 1024, 576  # px; 16:9 in the steps of 64 that both take
SEEDS = 2**31  # what services take for a seed
EXPECTED = 10.0  # seconds for one picture


class BoughtImages(Customer, ABC):
    """Buys pictures; a subclass names its service."""

    prompt_as = "prompt"

    def draw(self, sketch: Sketch, store: Store) -> Reference:
        """The sketch as a 1024x576 picture; a refused description is softened once."""
        notes: list[Note] = []
        with self.provider() as provider:
            buyer = Buyer(store, self.access, provider, lambda share: None, EXPECTED)
            try:
                record = self._bought(buyer, sketch, sketch.description)
            except Refused as refused:
                milder = softened(sketch.description)
                if milder == sketch.description:
                    raise
                notes.append(Note(stage="sketch", took=f"milder words for {sketch.name}: {milder}", because=str(refused)))
                record = self._bought(buyer, sketch, milder)
        return Reference(sketch=sketch, image=record.media[0], backend=self.profile.name, dollars=record.charged, notes=tuple(notes))

    def _bought(self, buyer: Buyer, sketch: Sketch, description: str) -> Record:
        told: dict[str, Any] = {
            **fixed_of(self.profile), self.prompt_as: description, "width": WIDTH, "height": HEIGHT, "seed": sketch.seed % SEEDS,
        }  # fmt: skip
        price = float(self.profile.options.get("dollars_per_image", 0.0))
        order = Order(self.service, self.profile.name, self.profile.model, told, price, "image", about_of(self.profile))
        return buyer.buy(order, Wanted(".png", shape=WIDTH / HEIGHT))

    @abstractmethod
    def provider(self) -> Provider:
        """Who speaks to the service."""


class ReplicateImages(BoughtImages):
    """An image model on Replicate."""

    driver = Replicate

    def provider(self) -> Replicate:
        return Replicate(self.account, self.patience)


class RunwareImages(BoughtImages):
    """An image model on Runware."""

    driver = Runware
    prompt_as = "positivePrompt"

    def provider(self) -> Runware:
        return Runware(self.account, self.patience)
