"""The contract of an image backend: a sketch in, a reference image out."""

from typing import Protocol

from schemas.backend import BackendProfile, BackendStatus
from schemas.shot import Reference, Sketch
from songreel.storage import Store


class ImageBackend(Protocol):
    """Draws reference images. Made from its entry in the catalogue and the access of the moment."""

    profile: BackendProfile

    def status(self) -> BackendStatus:
        """Whether it can be used here, and if not the command that mends it; imports nothing heavy."""
        ...

    def draw(self, sketch: Sketch, store: Store) -> Reference:
        """The reference image of a sketch, 16:9.

        Raises:
            TransientError: trying again may help.
            SongreelError: it will not.
        """
        ...
