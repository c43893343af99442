"""What a writer is told of a film, and what it gives back: words and choices only.

Cuts, counts, sizes, seeds, transitions, backends and money are no part of it: no writer decides them.
"""

from typing import Annotated

from pydantic import Field

from schemas.base import Bpm, Dollars, Model, Note, Seconds, Share
from schemas.look import Camera, Colours, Hour, PaletteName, Weather
from schemas.plan import Character, Genre, Script, StoryBeat
from schemas.request import WriterName


class Choice(Model):
    """One thing that a writer may choose, with what it is."""

    id: str
    description: str


class WorldBrief(Model):
    """A place that the painter draws."""

    id: str
    title: str
    variants: tuple[str, ...]
    subjects: tuple[str, ...]


class SectionBrief(Model):
    """A part of the song."""

    index: Annotated[int, Field(ge=0)]
    label: str
    start: Seconds
    end: Seconds
    energy: Share


class WrittenScene(Model):
    """What one scene shows, in words and in the painter's terms."""

    index: Annotated[int, Field(ge=0)]
    script: Script
    world: str
    subject: str
    variant: Annotated[int, Field(ge=0, le=3)]
    hour: Hour
    weather: Weather
    camera: Camera
    energy: Share
    """How busy and bright it may be."""


class SceneBrief(Model):
    """A scene as the rules would show it."""

    draft: WrittenScene
    section: Annotated[int, Field(ge=0)]
    seconds: Seconds
    firm: bool = False
    """A scene that no writer changes, such as one that shows the cover art."""


class Draft(Model):
    """What a film is about, as far as a writer decides it."""

    logline: str
    style: str
    style_because: str = ""
    palette: PaletteName
    colours: Colours
    characters: tuple[Character, ...] = ()
    places: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    story: tuple[StoryBeat, ...] = ()


class Brief(Model):
    """Everything that a writer is told; equal briefs give equal writings, so this is the cache key of write."""

    title: str
    artist: str = ""
    genre: Genre
    mood: str
    tempo: Bpm
    key: str
    seconds: Seconds
    wish: str = ""
    """The person's own prompt."""
    lyrics: str = ""
    language: str = ""
    draft: Draft
    """By rules."""
    styles: tuple[Choice, ...]
    """One: it was asked for."""
    palettes: tuple[PaletteName, ...]
    """One: the colours are firm."""
    worlds: tuple[WorldBrief, ...]
    sections: tuple[SectionBrief, ...]
    scenes: tuple[SceneBrief, ...]


class Writing(Model):
    """What a writer gave."""

    writer: WriterName
    model: str = ""
    """'provider:model' of a language model."""
    draft: Draft
    scenes: tuple[WrittenScene, ...]
    notes: tuple[Note, ...] = ()
    estimated: Dollars = 0.0
    charged: Dollars = 0.0
    wasted: Dollars = 0.0
    """Part of the charge that answers cost which could not be used."""
    repairs: Annotated[int, Field(ge=0)] = 0
    """Answers that were sent back."""
    tokens_in: Annotated[int, Field(ge=0)] = 0
    tokens_out: Annotated[int, Field(ge=0)] = 0
