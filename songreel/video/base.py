"""The contract of a video backend: a shot order in, footage out."""

from collections.abc import Callable
from typing import Protocol

from schemas import BackendProfile, BackendStatus, Footage, ShotOrder
from songreel.storage import Store

Progress = Callable[[float], None]
"""Told the share done, rising from above 0 to 1."""


class VideoBackend(Protocol):
    """Makes one scene's footage; `profile` says what it can do, at what price and under which licence.

    Made from its entry in the catalogue and the access of the moment.
    """

    profile: BackendProfile

    def status(self) -> BackendStatus:
        """Whether it can be used here, and if not the command that mends it; imports nothing heavy."""
        ...

    def shoot(self, order: ShotOrder, store: Store, progress: Progress) -> Footage:
        """Footage for an order: at least its frames, from equal orders equal pictures.

        An error that ``progress`` raises ends the work within two seconds, at a service too.

        Raises:
            TransientError: trying again may help.
            SongreelError: it will not.
        """
        ...


def unheard(share: float) -> None:
    """Progress for who does not listen."""
