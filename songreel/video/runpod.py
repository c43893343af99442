"""Footage from RunPod: its public endpoints, and our own worker with any local model of the catalogue."""

from collections.abc import Iterable
from typing import Any

from schemas import BackendStatus, Footage, MediaRef, ShotOrder
from songreel.errors import MissingDependency
from songreel.services.buying import Buyer
from songreel.services.content import Wanted
from songreel.services.customer import about_of
from songreel.services.jobs import Order, Record
from songreel.services.runpod import Runpod
from songreel.storage import Store
from songreel.video.base import Progress
from songreel.video.bought import BoughtVideo


class RunpodVideo(BoughtVideo):
    """A public endpoint, named by the entry's model."""

    driver = Runpod

    def provider(self, store: Store) -> Runpod:
        return Runpod(self.account, store, self.patience)


class RunpodWorker(RunpodVideo):
    """Our own worker on an endpoint of one's own: it is given the whole order and the name of a local backend.

    What the local backend gives is the footage, joined and at its own rate; a result in a store that both share is not sent at all.
    """

    def status(self) -> BackendStatus:
        """Ready when there is a key and an endpoint."""
        status = super().status()
        if status.ready and not self._endpoint:
            mend = f'export SONGREEL_RUNPOD_ENDPOINTS=\'{{"{self.profile.name}": "ENDPOINT"}}\' (see deployments/runpod/README.md)'
            return BackendStatus.of(self.profile, "the id of your RunPod endpoint", mend)
        return status

    def shoot(self, order: ShotOrder, store: Store, progress: Progress) -> Footage:
        """The footage that the local backend makes on RunPod."""
        if not self._endpoint:
            raise MissingDependency(f"{self.profile.name} needs the id of your RunPod endpoint: {self.status().mend}")
        local = str(self.profile.options.get("local", self.profile.model))
        there = order.model_copy(update={"backend": local})
        with self.provider(store) as provider:
            seconds = order.slot.frames / float(order.fps)
            job = Order(
                service=self.service, backend=self.profile.name, model=f"songreel/{local}", input={"order": there.model_dump(mode="json")},
                estimate=seconds * self.profile.dollars_per_second, about=self._about(there, store),
            )  # fmt: skip
            record = Buyer(store, self.access, provider, progress, self.profile.speed * seconds or 60.0).buy(job, Wanted(frames=2))
        progress(1.0)
        return self._of(order, record)

    def _about(self, order: ShotOrder, store: Store) -> dict[str, Any]:
        """Where it goes, and the files that the order names, unless the store is a bucket that the worker reads too."""
        files = {ref.sha256: ref for ref in _media(order)} if store.local else {}
        return {"endpoint": self._endpoint, "own_worker": True, "files": files, **about_of(self.profile)}

    def _of(self, order: ShotOrder, record: Record) -> Footage:
        made = Footage.model_validate(record.facts["footage"])
        update = {"media": record.media[0], "backend": self.profile.name, "seed": order.seed, "dollars": record.charged}
        return made.model_copy(update=update)

    @property
    def _endpoint(self) -> str:
        account = self.access.accounts.get(self.service)
        return account.endpoints.get(self.profile.name, "") if account else ""


def _media(order: ShotOrder) -> Iterable[MediaRef]:
    return (*order.references, *([order.curves] if order.curves else ()))
