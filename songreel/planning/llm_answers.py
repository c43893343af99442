"""What a language model is asked to answer, and what of an answer does not fit: every problem at once, so that one repair can mend them all."""

from typing import Annotated

from pydantic import BaseModel, Field

from schemas.base import Share
from schemas.look import Camera, Colours, Hour, Weather
from schemas.plan import Character, StoryBeat
from schemas.writing import Brief, Draft, SceneBrief, WorldBrief, WrittenScene
from songreel.planning.data import palettes
from songreel.planning.written import colours_misfit, luma

MOST_CHARACTERS, MOST_PLACES, MOST_WORLDS = 3, 8, 6
TOLD = 6  # problems named in one repair
AGAIN = "Give the whole answer again with these mended."

Phrase = Annotated[str, Field(min_length=2, max_length=240)]
Words = Annotated[str, Field(min_length=1, max_length=80)]


class CharacterAnswer(BaseModel):
    """Someone or something that the film follows."""

    name: Words
    description: Phrase


class StoryAnswer(BaseModel):
    """What the film tells over one section."""

    section: int
    text: Phrase


class TreatmentAnswer(BaseModel):
    """The film's treatment."""

    logline: Annotated[str, Field(min_length=2, max_length=400)]
    style: str
    style_because: Annotated[str, Field(max_length=240)] = ""
    palette: str
    colours: Annotated[
        list[Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]],
        Field(max_length=5, description="Empty, or five colours of your own for the palette, dark to light, the fourth the accent"),
    ] = []
    characters: Annotated[list[CharacterAnswer], Field(max_length=MOST_CHARACTERS)] = []
    places: Annotated[list[Words], Field(max_length=MOST_PLACES)] = []
    objects: Annotated[list[Words], Field(max_length=MOST_PLACES)] = []
    worlds: Annotated[list[str], Field(min_length=1, max_length=MOST_WORLDS)]
    story: list[StoryAnswer]


class SceneAnswer(BaseModel):
    """One scene."""

    index: int
    place: Phrase
    subject_text: Phrase
    action: Phrase
    light: Phrase
    camera_text: Annotated[str, Field(max_length=120)] = ""
    world: str
    subject: str
    variant: Annotated[int, Field(ge=0, le=3)]
    hour: Hour
    weather: Weather
    camera: Camera
    intensity: Share


class ScenesAnswer(BaseModel):
    """Every scene that was asked for, in order."""

    scenes: list[SceneAnswer]


def treatment_problems(answer: TreatmentAnswer, brief: Brief) -> list[str]:
    """What of a treatment does not fit its brief."""
    found = _unknown("style", [answer.style], [style.id for style in brief.styles])
    found += _unknown("palette", [answer.palette], brief.palettes)
    found += _unknown("world", answer.worlds, [world.id for world in brief.worlds])
    if sorted({one.section for one in answer.story}) != list(range(len(brief.sections))):
        found.append(f"story must have one entry for each of the sections 0 to {len(brief.sections) - 1}")
    if answer.colours and len(answer.colours) != 5:
        found.append(f"{len(answer.colours)} colours: give none or five")
    elif answer.colours and (problem := colours_misfit(_five(answer.colours))):
        found.append(problem)
    return found


def scene_problems(answer: ScenesAnswer, asked: list[SceneBrief], worlds: list[WorldBrief]) -> list[str]:
    """What of some scenes does not fit what was asked."""
    wanted, given = [scene.draft.index for scene in asked], [scene.index for scene in answer.scenes]
    found = [] if given == wanted else [f"the scenes {wanted} were asked for, in this order; {given} came"]
    found += _unknown("world", [scene.world for scene in answer.scenes], [world.id for world in worlds])
    subjects = {world.id: ("none", *world.subjects) for world in worlds}
    for scene in answer.scenes:
        known = subjects.get(scene.world, (scene.subject,))
        found += [f"scene {scene.index}: {problem}" for problem in _unknown("subject", [scene.subject], known)]
    return found


def repair(problems: list[str]) -> str:
    """What the model is told of an answer that does not fit."""
    more = f" (and {len(problems) - TOLD} more)" if len(problems) > TOLD else ""
    return f"The answer does not fit: {'; '.join(problems[:TOLD])}{more}. {AGAIN}"


def draft_of(answer: TreatmentAnswer, brief: Brief) -> Draft:
    """The draft that a fitting treatment makes; what is firm in the brief stays."""
    palette = next(name for name in brief.palettes if name == answer.palette)
    firm = len(brief.palettes) == 1
    readings = palettes().get(palette, ())
    kept = brief.draft.colours if firm or palette == brief.draft.palette or not readings else readings[0]
    return Draft(
        logline=line(answer.logline),
        style=answer.style,
        style_because=(line(answer.style_because) or "the language model chose it") if len(brief.styles) > 1 else brief.draft.style_because,
        palette=palette,
        colours=_five(answer.colours) if answer.colours and not firm else kept,
        characters=tuple(Character(name=line(one.name), description=line(one.description)) for one in answer.characters),
        places=tuple(map(line, answer.places)),
        objects=tuple(map(line, answer.objects)),
        story=tuple(StoryBeat(section=one.section, text=line(one.text)) for one in sorted(answer.story, key=lambda one: one.section)),
    )


def scene_of(answer: SceneAnswer, asked: SceneBrief) -> WrittenScene:
    """The scene that a fitting answer makes; its mood and lyric are the song's."""
    draft = asked.draft
    words = {"place": answer.place, "subject": answer.subject_text, "action": answer.action, "light": answer.light}
    script = draft.script.model_copy(update={name: line(text) for name, text in words.items()})
    if answer.camera_text.strip():
        script = script.model_copy(update={"camera": line(answer.camera_text)})
    return WrittenScene(
        index=draft.index, script=script, world=answer.world, subject=answer.subject, variant=answer.variant, hour=answer.hour,
        weather=answer.weather, camera=answer.camera, energy=answer.intensity,
    )  # fmt: skip


def line(text: str) -> str:
    """A text on one line, without characters that cannot be seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _five(colours: list[str]) -> Colours:
    """Five colours in lower case; the four that are no accent in order of light."""
    given = [colour.lower() for colour in colours]
    ground = sorted((given[0], given[1], given[2], given[4]), key=luma)
    return (ground[0], ground[1], ground[2], given[3], ground[3])


def _unknown(what: str, given: list[str], known: tuple[str, ...] | list[str]) -> list[str]:
    wrong = sorted(set(given) - set(known))
    return [f"no {what} is called {', '.join(repr(name[:40]) for name in wrong[:3])}; known: {', '.join(known)}"] if wrong else []
