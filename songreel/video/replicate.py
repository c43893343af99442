"""Footage by models on Replicate."""

from songreel.services.replicate import Replicate
from songreel.storage import Store
from songreel.video.bought import BoughtVideo


class ReplicateVideo(BoughtVideo):
    """Any video model there whose inputs the catalogue names: text-to-video, image-to-video, SVD."""

    driver = Replicate

    def provider(self, store: Store) -> Replicate:
        return Replicate(self.account, self.patience)
