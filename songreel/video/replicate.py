"""Footage by models on Replicate."""

from songreel.services import replicate
from songreel.services.replicate import Replicate
from songreel.storage import Store
from songreel.video.bought import BoughtVideo


class ReplicateVideo(BoughtVideo):
    """Any video model there whose inputs the catalogue names: text-to-video, image-to-video, SVD."""

    service, setting, sign_up = Replicate.service, replicate.SETTING, replicate.SIGN_UP

    def provider(self, store: Store) -> Replicate:
        return Replicate(self.account, self.patience)
