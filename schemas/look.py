"""What the painter is told of one picture, and the words that all backends share."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Colour, Model, Share

PaletteName = Literal["warm", "cool", "monochrome", "vibrant", "cover"]
Hour = Literal["night", "dawn", "day", "dusk"]
Weather = Literal["clear", "rain", "snow", "fog", "wind"]
Camera = Literal["drift", "push", "rise", "orbit", "track", "handheld"]
"""A living path through depth layers, never a zoom of a flat picture."""

Colours = Annotated[tuple[Colour, ...], Field(min_length=5, max_length=5)]
"""Five colours from the darkest to the lightest; the fourth is the accent."""


class Look(Model):
    """What is drawn (world, subject, hour, weather, camera) and how (style, colours)."""

    world: str
    style: str
    subject: str = "none"
    """A silhouette the world can hold ('walker', 'boat', 'bird' ...), or 'none'."""
    variant: Annotated[int, Field(ge=0, le=3, description="Which of the world's named variants")] = 0
    hour: Hour = "night"
    weather: Weather = "clear"
    camera: Camera = "drift"
    colours: Colours
    energy: Share = 0.5
    """How busy and bright the scene may be; the section's energy."""


LONGEST_SHADER = 200_000  # characters


class OwnShader(Model):
    """A person's own world or style: the file's text, so that equal shaders give equal pictures wherever they lie."""

    name: Annotated[str, Field(max_length=200)]
    """The file's name, for errors and pages."""
    text: Annotated[str, Field(max_length=LONGEST_SHADER)]


class OwnShaders(Model):
    """What is drawn instead of the look's world and style; none: nothing."""

    world: OwnShader | None = None
    style: OwnShader | None = None

    def __bool__(self) -> bool:
        return self.world is not None or self.style is not None

    @property
    def names(self) -> str:
        """The files' names, in words."""
        return " and ".join(one.name for one in (self.world, self.style) if one)
