"""From a scene of the plan to the exact request for its footage."""

from schemas.media import MediaRef
from schemas.plan import Plan, Scene
from schemas.shot import Reference, ShotOrder, Slot
from songreel.painter.catalogue import find_world
from songreel.planning.lettering import of_span
from songreel.planning.picture import ENCODINGS
from songreel.planning.showing import image_of
from songreel.planning.wording import Frame, prompt_for, shape_of


def order(
    plan: Plan, scene: Scene, slot: Slot, backend: str, *, family: str = "", references: tuple[Reference, ...] = (), curves: MediaRef | None = None
) -> ShotOrder:
    """The shot order of one scene; equal orders give equal footage.

    Args:
        plan: for size, rate and quality.
        scene: what to show.
        slot: its place on the timeline, handles included.
        backend: who shoots it.
        family: whose habits its prompt follows; '' tells it the plan's own prompt.
        references: pictures for backends that take any; leave out for those that do not, or their shots are made anew with every reference.
        curves: the analysis' curves, for backends driven by the music.
    """
    frame = Frame(theme=plan.request.prompt, shape=shape_of(plan.width, plan.height))
    words = prompt_for(scene, plan.treatment, plan.treatment.style, family, frame)
    return ShotOrder(
        backend=backend,
        slot=slot,
        width=plan.width,
        height=plan.height,
        fps=plan.fps,
        encoding=ENCODINGS[plan.request.quality],
        quality=plan.request.quality,
        prompt=words.prompt,
        negative_prompt=words.negative,
        seed=scene.seed,
        look=scene.look,
        own=plan.request.own,
        references=tuple(reference.image for reference in references),
        curves=curves,
        image=image_of(plan.song, plan.request) if find_world(scene.look.world).shows_image else None,
        lettering=of_span(plan.treatment.lettering, float(slot.first_frame / plan.fps), float((slot.first_frame + slot.frames) / plan.fps)),
    )
