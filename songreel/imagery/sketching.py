"""Draws a sketch with the first image backend that can, and says which were passed over."""

import logging
from collections.abc import Sequence

from schemas.base import Note
from schemas.shot import Reference, Sketch
from songreel.access import NO_ACCESS, Access
from songreel.errors import SongreelError, TransientError
from songreel.imagery import registry
from songreel.imagery.base import ImageBackend
from songreel.storage import Store

RETRIES = 2  # of one backend, before the next one is asked

logger = logging.getLogger(__name__)


def draw(sketch: Sketch, store: Store, access: Access = NO_ACCESS, backends: Sequence[str] = ("painter",)) -> Reference:
    """The sketch's reference image.

    Args:
        sketch: what to draw.
        store: where the image is put.
        access: what backends may use.
        backends: image backends in order of preference.

    Raises:
        SongreelError: the last backend's own, when none could draw it.
    """
    passed_over: list[Note] = []
    for name in backends[:-1]:
        try:
            return _told(_tried(registry.get(name, access), sketch, store), passed_over)
        except SongreelError as error:
            logger.warning("%s could not draw %s: %s", name, sketch.name, error)
            passed_over.append(Note(stage="sketch", took=f"the next image backend after {name}", because=str(error)))
    return _told(registry.get(backends[-1], access).draw(sketch, store), passed_over)


def _tried(backend: ImageBackend, sketch: Sketch, store: Store) -> Reference:
    """The backend's image, tried again after faults of the moment."""
    for _ in range(RETRIES):
        try:
            return backend.draw(sketch, store)
        except TransientError as error:
            logger.info("%s is tried again: %s", backend.profile.name, error)
    return backend.draw(sketch, store)


def _told(reference: Reference, notes: Sequence[Note]) -> Reference:
    return reference.model_copy(update={"notes": (*notes, *reference.notes)}) if notes else reference
