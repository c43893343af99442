"""Draws a sketch with the first image backend that can, and says which were passed over."""

import logging
from collections.abc import Sequence

from schemas.base import Note
from schemas.shot import Reference, Sketch
from songreel.access import NO_ACCESS, Access
from songreel.errors import SongreelError
from songreel.imagery import registry
from songreel.storage import Store

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
            return _told(registry.get(name, access).draw(sketch, store), passed_over)
        except SongreelError as error:
            logger.warning("%s could not draw %s: %s", name, sketch.name, error)
            passed_over.append(Note(stage="sketch", took=f"the next image backend after {name}", because=str(error)))
    return _told(registry.get(backends[-1], access).draw(sketch, store), passed_over)


def _told(reference: Reference, notes: Sequence[Note]) -> Reference:
    return reference.model_copy(update={"notes": (*notes, *reference.notes)}) if notes else reference
