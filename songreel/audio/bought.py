"""A song's words by a model at a service: the vocals go there, words with times come back.

Bought once: the order is the vocals' content and the model, so that a second run, or another machine with the same store, finds it.
"""

from schemas import MediaRef, Song
from songreel import catalogue
from songreel.access import Access
from songreel.audio.ways import price
from songreel.services.buying import Buyer
from songreel.services.content import Wanted
from songreel.services.customer import Customer, about_of, fixed_of
from songreel.services.jobs import Order, Record
from songreel.services.replicate import Replicate
from songreel.services.waiting import Progress
from songreel.storage.store import Store

EXPECTED = 60.0  # seconds for a song
MARK = 1e-9  # by which the numbers of two songs' orders differ, at least


class ReplicateWords(Customer):
    """A transcriber on Replicate.

    How it calls its inputs stands in its entry's options: ``audio_as``; ``input_X`` sets X for good; ``marked_by`` names a number, with its
    usual value as ``input_X``, that is moved by less than anyone hears, so that an order whose answer was lost is told from another song's.
    """

    driver = Replicate

    def buy(self, sound: MediaRef, seconds: float, store: Store, progress: Progress) -> Record:
        """The order's record, its answer in the store as JSON; bought now or before.

        Args:
            sound: what is to be heard.
            seconds: how long it lasts.
            store: where the sound is, and the answer goes.
            progress: told the share done.

        Raises:
            OverBudget: a cap forbids it.
            TransientError: trying again may help.
            SongreelError: it will not.
        """
        told = {**fixed_of(self.profile), **self._mark(sound), str(self.profile.options.get("audio_as", "audio")): sound}
        order = Order(self.service, self.profile.name, self.profile.model, told, price(self.profile, seconds), "text", about_of(self.profile))
        with Replicate(self.account, self.patience) as provider:
            return Buyer(store, self.access, provider, progress, EXPECTED).buy(order, Wanted(".json"))

    def _mark(self, sound: MediaRef) -> dict[str, float]:
        options = self.profile.options
        name = str(options.get("marked_by", ""))
        return {name: float(options[f"input_{name}"]) + int(sound.sha256[:5], 16) * MARK} if name else {}


def bought(name: str, sound: MediaRef, song: Song, store: Store, access: Access, progress: Progress) -> tuple[MediaRef, float]:
    """The service's answer in the store, and what it cost, in dollars."""
    backend: ReplicateWords = catalogue.made(catalogue.find("words", name, access), access)
    record = backend.buy(sound, song.duration, store, progress)
    return record.media[0], record.charged
