"""Writers: who decides what a film tells. The rules always can; a language model may be asked in their place.

A writer gets a brief and gives words and choices. What it gave is laid over the rules' plan, which keeps its cuts, counts, sizes, seeds,
transitions and backends, and is checked before it counts. So the worst that a writer can do is to tell a dull story.
"""

from typing import Protocol

from schemas.lyrics import Lyrics
from schemas.plan import Plan, Scene
from schemas.writing import Brief, Choice, Draft, SceneBrief, SectionBrief, WorldBrief, Writing, WrittenScene
from songreel.errors import SongreelError
from songreel.painter.catalogue import find_world, styles, worlds
from songreel.planning.data import palettes

LONGEST_LYRICS = 6000  # characters of a song's lyrics that a writer reads
LONGEST_WISH = 2000  # characters of the person's prompt
LONGEST_LINE = 300  # characters of what is sung in one scene
LONGEST_NAME = 120  # characters of a title or an artist


class WriterFailed(SongreelError):
    """A writer has nothing to give; the rules' plan stays. ``dollars`` were charged all the same."""

    def __init__(self, message: str, dollars: float = 0.0) -> None:
        super().__init__(message)
        self.dollars = dollars


class Writer(Protocol):
    """Decides what a film is about and what each scene shows."""

    def write(self, brief: Brief) -> Writing:
        """The film in words.

        Raises:
            WriterFailed: it has none to give; says why.
        """
        ...


class Rules:
    """The rules as a writer: what they drafted stays."""

    def write(self, brief: Brief) -> Writing:
        return Writing(writer="rules", draft=brief.draft, scenes=tuple(scene.draft for scene in brief.scenes))


def brief_of(plan: Plan, lyrics: Lyrics) -> Brief:
    """What a writer is told of a film that the rules have planned."""
    request, treatment, music = plan.request, plan.treatment, plan.music
    free_style = request.style == "auto" and not request.own.style
    free_colours = request.palette == "auto" and treatment.palette != "cover"
    known = [style for style in styles() if free_style or style.id == treatment.style]
    return Brief(
        title=treatment.title[:LONGEST_NAME], artist=treatment.artist[:LONGEST_NAME], genre=treatment.genre, mood=treatment.mood,
        tempo=music.tempo, key=f"{music.key} {music.mode}", seconds=music.duration, wish=request.prompt.strip()[:LONGEST_WISH],
        lyrics="\n".join(line.text for line in lyrics.lines)[:LONGEST_LYRICS], language=lyrics.language,
        draft=Draft(**{name: getattr(treatment, name) for name in Draft.model_fields}),
        styles=tuple(Choice(id=style.id, description=f"{style.title}: {style.description}") for style in known),
        palettes=tuple(palettes()) if free_colours else (treatment.palette,),
        worlds=_worlds(plan),
        sections=tuple(
            SectionBrief(index=at, label=part.label, start=part.start, end=part.end, energy=part.energy) for at, part in enumerate(music.sections)
        ),
        scenes=tuple(_told(plan, scene) for scene in plan.scenes),
    )  # fmt: skip


def _worlds(plan: Plan) -> tuple[WorldBrief, ...]:
    """The worlds that a writer may choose from: the one that was asked for, else all that need no image."""
    asked = find_world(plan.request.world).id if plan.request.world != "auto" else ""
    known = [world for world in worlds() if (world.id == asked if asked else not world.shows_image)]
    return tuple(WorldBrief(id=world.id, title=world.title, variants=world.variants, subjects=world.subjects) for world in known)


def _told(plan: Plan, scene: Scene) -> SceneBrief:
    look = scene.look
    shown = {name: getattr(look, name) for name in ("world", "subject", "variant", "hour", "weather", "camera", "energy")}
    script = scene.script.model_copy(update={"lyric": scene.script.lyric[:LONGEST_LINE]})
    return SceneBrief(
        draft=WrittenScene(index=scene.index, script=script, **shown),
        section=scene.section,
        seconds=round(float((scene.end_frame - scene.start_frame) / plan.fps), 3),
        firm=find_world(look.world).shows_image,
    )
