"""Reference images that are bought: SDXL on Replicate, Flux schnell on Runware."""

from contextlib import AbstractContextManager
from typing import Any

from schemas.backend import BackendProfile, BackendStatus
from schemas.base import Note
from schemas.shot import Reference, Sketch
from songreel.access import Access, Account
from songreel.errors import MissingDependency
from songreel.services import replicate, runware
from songreel.services.buying import Buyer
from songreel.services.client import Patience
from songreel.services.content import Wanted
from songreel.services.faults import Refused, softened
from songreel.services.jobs import Order, Record
from songreel.services.provider import Provider
from songreel.services.replicate import Replicate
from songreel.services.runware import Runware
from songreel.storage import Store

WIDTH, HEIGHT = 1024, 576  # px; 16:9 in the steps of 64 that both take
SEEDS = 2**31  # what services take for a seed
EXPECTED = 10.0  # seconds for one picture


class BoughtImages:
    """Buys pictures; a subclass names its service and its inputs."""

    service = setting = sign_up = ""
    prompt_as = "prompt"

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        self.profile, self.access = profile, access

    def status(self) -> BackendStatus:
        """Ready when there is a key."""
        if self.service in self.access.accounts:
            return BackendStatus.of(self.profile)
        return BackendStatus.of(self.profile, f"{self.setting} (an account at {self.service})", self._mend())

    def _mend(self) -> str:
        return f"export {self.setting}=... (a key from {self.sign_up})"

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
        fixed = {name.removeprefix("input_"): value for name, value in self.profile.options.items() if name.startswith("input_")}
        told: dict[str, Any] = {**fixed, self.prompt_as: description, "width": WIDTH, "height": HEIGHT, "seed": sketch.seed % SEEDS}
        about: dict[str, Any] = {
            name: self.profile.options[name] for name in ("latest_version", "dollars_per_work_second") if name in self.profile.options
        }
        price = float(self.profile.options.get("dollars_per_image", 0.0))
        order = Order(self.service, self.profile.name, self.profile.model, told, price, "image", about)
        return buyer.buy(order, Wanted(".png", shape=WIDTH / HEIGHT))

    def provider(self) -> "AbstractContextManager[Provider]":
        """Who speaks to the service."""
        raise NotImplementedError

    @property
    def account(self) -> Account:
        """The account at the service.

        Raises:
            MissingDependency: there is none.
        """
        if self.service not in self.access.accounts:
            raise MissingDependency(f"{self.profile.name} needs {self.setting}: {self._mend()}")
        return self.access.accounts[self.service]

    @property
    def patience(self) -> Patience:
        """Time limits, as the catalogue's entry says."""
        return Patience.of(self.profile.options)


class ReplicateImages(BoughtImages):
    """An image model on Replicate."""

    service, setting, sign_up = Replicate.service, replicate.SETTING, replicate.SIGN_UP

    def provider(self) -> Replicate:
        return Replicate(self.account, self.patience)


class RunwareImages(BoughtImages):
    """An image model on Runware."""

    service, setting, sign_up = Runware.service, runware.SETTING, runware.SIGN_UP
    prompt_as = "positivePrompt"

    def provider(self) -> Runware:
        return Runware(self.account, self.patience)
