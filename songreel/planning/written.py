"""A writing laid over the plan by rules: the same cuts, counts, sizes and seeds, with other words and choices."""

from collections.abc import Sequence
from itertools import pairwise

from schemas.look import Colours, Look
from schemas.lyrics import Lyrics
from schemas.plan import Plan, Scene, Treatment
from schemas.writing import Writing, WrittenScene
from songreel.errors import SongreelError
from songreel.painter.catalogue import find_style, find_world
from songreel.planning.casting import distinct
from songreel.planning.colour import readings
from songreel.planning.lettering import lettering
from songreel.planning.prompting import compose, negative

SWING = 0.25  # how far a scene's energy may leave its section's, so that the picture still follows the music
DARK, BRIGHT = 0.25, 0.7  # luma that the first colour must stay under and the last one reach
BEFORE, AFTER = 0.02, 0.02  # luma by which neighbours may be out of order
GUESSES = ("the nearest worlds:", "the worlds ")
"""How the rules' notes begin that tell which worlds they took for words they did not know; another writer chose its own."""


class BadWriting(SongreelError):
    """A writing does not fit its plan; says where."""


def applied(plan: Plan, writing: Writing, lyrics: Lyrics) -> Plan:
    """The plan with a writing's words and choices.

    Args:
        plan: by rules; its frames, transitions, seeds and backends stay.
        writing: for this plan.
        lyrics: of the song, for the type.

    Raises:
        BadWriting: it does not fit.
    """
    problems = misfits(plan, writing)
    if problems:
        raise BadWriting("; ".join(problems))
    treatment = plan.treatment.model_copy(update=dict(writing.draft))
    looks = _looks(plan, writing, treatment)
    scenes = tuple(_scene(scene, words, look, treatment, plan) for scene, words, look in zip(plan.scenes, writing.scenes, looks, strict=True))
    treatment, _ = lettering(plan.request, treatment, lyrics, scenes, plan.music.energy)
    notes = [note for note in plan.notes if writing.writer == "rules" or not note.took.startswith(GUESSES)]
    return Plan.model_validate(dict(plan) | {"treatment": treatment, "scenes": scenes, "notes": (*notes, *writing.notes)})


def misfits(plan: Plan, writing: Writing) -> list[str]:
    """What of a writing does not fit its plan, each in a sentence."""
    found = []
    if [scene.index for scene in writing.scenes] != [scene.index for scene in plan.scenes]:
        found.append(f"{len(writing.scenes)} scenes were written, numbered otherwise than the plan's {len(plan.scenes)}")
    if plan.request.style != "auto" and writing.draft.style != plan.treatment.style:
        found.append(f"the style {writing.draft.style} was not asked for")
    if unknown := unknown_names(writing):
        found.append(unknown)
    if plan.request.palette != "auto" and writing.draft.colours != plan.treatment.colours:
        found.append("the palette that was asked for is changed")
    if problem := "" if writing.draft.colours == plan.treatment.colours else colours_misfit(writing.draft.colours):
        found.append(problem)
    sections = range(len(plan.music.sections))
    if any(beat.section not in sections for beat in writing.draft.story):
        found.append(f"the story tells of a section beyond the song's {len(sections)}")
    return found


def unknown_names(writing: Writing) -> str:
    """The first style, world or subject that the painter does not have; empty when it has all."""
    try:
        find_style(writing.draft.style)
        for scene in writing.scenes:
            world = find_world(scene.world)
            if scene.subject != "none" and scene.subject not in world.subjects:
                return f"scene {scene.index}: the world {world.id} has no place for {scene.subject!r}"
    except SongreelError as error:
        return str(error)
    return ""


def colours_misfit(colours: Colours) -> str:
    """Why five colours are no palette; empty when they are one: dark to light, with room for silhouettes and highlights."""
    light = [luma(colour) for colour in colours]
    if light[0] > DARK or light[4] < BRIGHT:
        return f"the palette runs from {light[0]:.2f} to {light[4]:.2f} of white: its first colour must be under {DARK}, its last over {BRIGHT}"
    if any(after < before - BEFORE for before, after in pairwise((*light[:3], light[4]))) or not light[1] - AFTER <= light[3] <= light[4] + AFTER:
        return "the palette's colours are not in order from dark to light"
    return ""


def luma(colour: str) -> float:
    """How light ``#rrggbb`` is, from 0 to 1 (Rec. 709 weights)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _looks(plan: Plan, writing: Writing, treatment: Treatment) -> tuple[Look, ...]:
    """The scenes' looks, with no two neighbours of the same composition."""
    before, after = readings(plan.treatment), readings(treatment)
    same = treatment.colours == plan.treatment.colours
    looks = [
        _look(scene, words, treatment.style, scene.look.colours if same else _reading(scene.look.colours, before, after))
        for scene, words in zip(plan.scenes, writing.scenes, strict=True)
    ]
    return distinct(looks, [scene.label for scene in plan.scenes])


def _reading(colours: Colours, before: Sequence[Colours], after: Sequence[Colours]) -> Colours:
    """The reading of the new palette that stands where a scene's colours stand in the old one."""
    return after[(before.index(colours) if colours in before else 0) % len(after)]


def _look(scene: Scene, words: WrittenScene, style: str, colours: Colours) -> Look:
    if find_world(scene.look.world).shows_image:
        return scene.look.model_copy(update={"style": style, "colours": colours})
    shown = words.model_dump(include={"world", "subject", "variant", "hour", "weather", "camera"})
    energy = min(max(words.energy, scene.energy - SWING, 0.0), scene.energy + SWING, 1.0)
    return scene.look.model_copy(update={**shown, "energy": energy, "style": style, "colours": colours})


def _scene(scene: Scene, words: WrittenScene, look: Look, treatment: Treatment, plan: Plan) -> Scene:
    firm = find_world(scene.look.world).shows_image
    script = scene.script if firm else words.script.model_copy(update={"lyric": scene.script.lyric})
    update = {"look": look, "script": script, "prompt": compose(script, treatment.style, plan.request.prompt)}
    return scene.model_copy(update={**update, "negative_prompt": negative(treatment.style)})
