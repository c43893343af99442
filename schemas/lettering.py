"""What type is drawn over the picture: lyrics in a look, and cards. Times count from the song's first sample."""

from typing import Literal

from pydantic import Field

from schemas.base import Model, Seconds
from schemas.look import Colours
from schemas.lyrics import Line

LetteringLook = Literal["lower_third", "karaoke", "kinetic", "typewriter", "neon", "handwritten"]
Face = Literal["sans", "bold", "display", "serif", "typewriter", "neon", "hand"]


class Card(Model):
    """A name shown for a while: over the whole picture at the film's ends, or in a corner where the song begins at once."""

    kind: Literal["title", "corner", "end"]
    title: str
    line: str = ""
    """Below it, smaller: the artist."""
    start: Seconds
    end: Seconds


class Lettering(Model):
    """Everything that is lettered in a film, or in one scene of it."""

    look: LetteringLook | Literal["none"] = "none"
    """How lyrics are shown; 'none' leaves only the cards."""
    face: Face = "sans"
    """The cards' letters."""
    tone: Literal["auto", "light", "dark"] = "auto"
    """Light letters or dark ones; 'auto' takes in every scene those that the picture behind them needs less shading for."""
    colours: Colours
    language: str = ""
    lines: tuple[Line, ...] = Field(default=(), description="A line's end is when it is gone from the picture")
    cards: tuple[Card, ...] = ()
    fonts: tuple[str, ...] = ()
    """In a shot order: the machine's own fonts that draw what the bundled ones cannot, by family and content."""
