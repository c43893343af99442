"""Making the pictures: shoot and conform, one task per scene."""

from schemas import Clip, Footage, ShotOrder
from songreel.catalogue import find
from songreel.errors import SongreelError, TransientError
from songreel.execution.workers import Limits
from songreel.video import registry
from songreel.video.registry import LONGEST_SILENCE, OWN_MEMORY, OWN_SILENCE
from tasks.policy import stage
from tasks.studio import Studio, Work

LONG, OWN = Limits(LONGEST_SILENCE), Limits(OWN_SILENCE, OWN_MEMORY)
"""Of footage, and of footage by a person's own shader."""

MODEL = Limits(600.0)
"""Of a model on the GPU, which tells nothing while its weights come from disk."""

SMALLER = 0.5
"""Share of a model's usual picture and length that is tried when memory runs out."""


@stage("shoot", "shoot {order.slot.scene}")
def shoot(order: ShotOrder, studio: Studio) -> Footage:
    """One scene's footage by the backend that its order names."""
    where = find("video", order.backend, studio.access).where
    try:
        if where == "cloud":
            ordered: Footage = studio.wait(_in_a_worker(order), registry.shoot, order, studio.store, studio.access)
            return ordered
        work = _on_the_gpu(order) if where == "local_gpu" else _in_a_worker(order)
        footage: Footage = studio.run(work, order, studio.store, studio.access)
    except TransientError as error:
        if order.own:  # a shader that hangs once hangs again
            raise SongreelError(f"a person's shader was given up: {error}") from error
        raise
    return footage


def _in_a_worker(order: ShotOrder) -> Work:
    return Work("shoot", "songreel.video.registry:shoot", order.slot.scene, reports=True, limits=OWN if order.own else LONG)


def _on_the_gpu(order: ShotOrder) -> Work:
    """The work of a model of this machine: in the process that has it loaded, with one smaller try when memory runs out."""
    target = "songreel.video.local.base:shoot"
    return Work("shoot", target, order.slot.scene, reports=True, limits=MODEL, model=order.backend, smaller={"share": SMALLER})


@stage("conform", "conform {order.slot.scene}")
def conform(footage: Footage, order: ShotOrder, studio: Studio) -> Clip:
    """The footage as a clip of the timeline: exact frames, size, rate and keyframes."""
    clip: Clip = studio.run(Work("conform", "songreel.composition.conform:conform", order.slot.scene), footage, order, studio.store)
    return clip
