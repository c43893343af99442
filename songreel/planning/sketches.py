"""Which reference images a film needs: one style frame and one per character."""

from collections.abc import Sequence

from schemas.look import Look
from schemas.plan import Plan, Scene
from schemas.shot import Sketch
from songreel.painter.catalogue import find_style, find_world, worlds
from songreel.planning.words import named


def sketches(plan: Plan) -> tuple[Sketch, ...]:
    """The film's reference images to be; two films with the same treatment share them."""
    key_scene = max(_without_image(plan.scenes), key=lambda scene: (scene.energy, -scene.index))
    style = find_style(plan.treatment.style)
    style_frame = Sketch(
        kind="style",
        name=style.title,
        description=f"{key_scene.script.place}, {key_scene.script.light}, {style.title}",
        look=key_scene.look,
        seed=plan.treatment.seed,
    )
    return (style_frame, *(_character(plan, person.name, person.description) for person in plan.treatment.characters))


def _character(plan: Plan, name: str, description: str) -> Sketch:
    look = _stage(_without_image(plan.scenes), named(description, "subject"))
    return Sketch(kind="character", name=name, description=description, look=look, seed=plan.treatment.seed)


def _without_image(scenes: Sequence[Scene]) -> Sequence[Scene]:
    """The scenes of the film's own worlds, where it has any: a sketch has no image to show."""
    return [scene for scene in scenes if not find_world(scene.look.world).shows_image] or scenes


def _stage(scenes: Sequence[Scene], subjects: tuple[str, ...]) -> Look:
    """The first scene's look that shows the character, else the first scene's world made to hold it, else any world that can."""
    shown = next((scene.look for scene in scenes if scene.look.subject in subjects), None)
    if shown is not None:
        return shown
    first = scenes[0].look
    own = next(world for world in worlds() if world.id == first.world)
    for world in (own, *worlds()):
        held = next((subject for subject in subjects if subject in world.subjects), None)
        if held:
            return first.model_copy(update={"world": world.id, "subject": held})
    return first
