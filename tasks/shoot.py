"""Making the pictures: shoot and conform, one task per scene."""

from schemas import Clip, Footage, ShotOrder
from songreel.errors import SongreelError, TransientError
from songreel.execution.workers import Limits
from songreel.video.registry import LONGEST_SILENCE, OWN_MEMORY, OWN_SILENCE
from tasks.policy import stage
from tasks.studio import Studio, Work

LONG, OWN = Limits(LONGEST_SILENCE), Limits(OWN_SILENCE, OWN_MEMORY)
"""Of footage, and of footage by a person's own shader."""


@stage("shoot", "shoot {order.slot.scene}")
def shoot(order: ShotOrder, studio: Studio) -> Footage:
    """One scene's footage by the backend that its order names."""
    try:
        work = Work("shoot", "songreel.video.registry:shoot", order.slot.scene, reports=True, limits=OWN if order.own else LONG)
        footage: Footage = studio.run(work, order, studio.store, studio.access)
    except TransientError as error:
        if order.own:  # a shader that hangs once hangs again
            raise SongreelError(f"a person's shader was given up: {error}") from error
        raise
    return footage


@stage("conform", "conform {order.slot.scene}")
def conform(footage: Footage, order: ShotOrder, studio: Studio) -> Clip:
    """The footage as a clip of the timeline: exact frames, size, rate and keyframes."""
    clip: Clip = studio.run(Work("conform", "songreel.composition.conform:conform", order.slot.scene), footage, order, studio.store)
    return clip
