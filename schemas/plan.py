"""What plan gives: the treatment, the scenes and the file that a person can edit."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.analysis import PitchClass, Section, SectionLabel
from schemas.base import Bpm, Fps, Frame, Model, Note, Seconds, Seed, Share
from schemas.lettering import Lettering
from schemas.look import Colours, Look, PaletteName
from schemas.request import FilmRequest
from schemas.song import Song

Genre = Literal["pop", "rock", "hip-hop", "electronic", "country", "jazz", "classical", "christian", "blues", "folk"]
TransitionKind = Literal["cut", "crossfade", "fade_black", "fade_white", "wipe", "dissolve"]


class Transition(Model):
    """How a scene comes in. ``frames`` is its whole length, even, centred on the scene's first frame; 0 for a cut."""

    kind: TransitionKind = "cut"
    frames: Annotated[int, Field(ge=0, multiple_of=2)] = 0

    @model_validator(mode="after")
    def _length_fits_kind(self) -> Self:
        if (self.kind == "cut") != (self.frames == 0):
            raise ValueError(f"a {self.kind} of {self.frames} frames: a cut has 0 frames, every other transition at least 2")
        return self


class Character(Model):
    name: str
    description: str


class StoryBeat(Model):
    """What the film tells over one section."""

    section: Annotated[int, Field(ge=0, description="Index into the analysis' sections")]
    text: str


class Treatment(Model):
    """What the film is about."""

    title: str
    artist: str = ""
    logline: str
    style: str
    style_because: str = ""
    """Why this style, and which others suit."""
    genre: Genre
    mood: str
    palette: PaletteName
    colours: Colours
    characters: tuple[Character, ...] = ()
    places: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    story: tuple[StoryBeat, ...] = ()
    lettering: Lettering | None = None
    """Lyrics and cards drawn over the picture."""
    lettering_because: str = ""
    """Why the lyrics have this look."""
    image: str = ""
    """Where the given image or the cover art is seen, or why it is not; empty without one."""
    seed: Seed


class Script(Model):
    """What one scene shows, in words."""

    place: str
    subject: str
    action: str
    camera: str
    light: str
    mood: str
    lyric: str = ""


class Scene(Model):
    """A span of the song between two cuts, with its script. ``end_frame`` is exclusive."""

    index: Annotated[int, Field(ge=0)]
    start_frame: Frame
    end_frame: Frame
    section: Annotated[int, Field(ge=0, description="Index into the analysis' sections")]
    label: SectionLabel
    energy: Share
    transition: Transition = Transition()
    script: Script
    look: Look
    prompt: str
    negative_prompt: str = ""
    seed: Seed
    backend: str = "auto"
    """A video backend's name, or 'auto' for the execution plan's choice."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end_frame <= self.start_frame:
            raise ValueError(f"scene {self.index} ends at frame {self.end_frame}, not after its start at {self.start_frame}")
        return self


class MusicSummary(Model):
    """The part of the analysis that a reader of the plan wants."""

    duration: Seconds
    tempo: Bpm
    metre: int
    key: PitchClass
    mode: Literal["major", "minor"]
    energy: Share
    valence: Share
    arousal: Share
    sections: tuple[Section, ...]


class Plan(Model):
    """``plan.json``: the whole plan, readable, editable by hand and renderable again."""

    version: Literal[1] = 1
    song: Song
    request: FilmRequest
    fps: Fps
    width: Annotated[int, Field(gt=0, multiple_of=2)]
    height: Annotated[int, Field(gt=0, multiple_of=2)]
    frames: Annotated[int, Field(gt=0, description="Frames of the whole film: round(duration x fps)")]
    music: MusicSummary
    treatment: Treatment
    scenes: Annotated[tuple[Scene, ...], Field(min_length=1)]
    notes: tuple[Note, ...] = ()

    @model_validator(mode="after")
    def _scenes_tile_the_film(self) -> Self:
        expected = 0
        for number, scene in enumerate(self.scenes):
            if scene.index != number or scene.start_frame != expected:
                raise ValueError(
                    f"scene {scene.index} starts at frame {scene.start_frame}; scene {number} starting at {expected} was due: "
                    "scenes must be numbered in order and follow each other without a gap"
                )
            expected = scene.end_frame
        if expected != self.frames:
            raise ValueError(f"the last scene ends at frame {expected}, the film at {self.frames}")
        for before, scene in zip((None, *self.scenes), self.scenes, strict=False):
            room = (
                scene.end_frame - scene.start_frame
                if before is None
                else min(before.end_frame - before.start_frame, scene.end_frame - scene.start_frame)
            )
            if (before is None and scene.transition.frames) or scene.transition.frames > room:
                raise ValueError(f"the {scene.transition.kind} into scene {scene.index} of {scene.transition.frames} frames does not fit")
        return self
