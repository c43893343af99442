"""The looks of lyrics as data, read from `looks.toml`, and which one suits a film."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas import Model
from schemas.base import Share
from schemas.lettering import Face, LetteringLook

FILE = Path(__file__).with_name("looks.toml")
STYLE_WEIGHT, GENRE_WEIGHT = 3, 2  # a look must first of all suit what the picture looks like


class Sheet(Model):
    """How one look sets and moves its words."""

    title: str
    description: str
    face: Face
    card: Face
    """The letters of cards in films that this look suits."""
    size: float
    """Of the letters, as a share of the picture's shorter side; ``tall`` for tall pictures."""
    tall: float
    tracking: float = 0.0
    """Space between letters in em."""
    width: Annotated[tuple[Share, Share, Share], Field(description="Share of the safe width, for wide, square and tall pictures")]
    align: Literal["start", "centre"]
    anchor: Literal["bottom", "middle"]
    place: Annotated[tuple[Share, Share, Share], Field(description="Share of the picture's height, for wide, square and tall pictures")]
    leading: float
    """From one baseline to the next, in em."""
    lead: float
    """Seconds before a word is sung at which it begins to come in."""
    capitals: bool = False
    slant: float = 0.0
    """Degrees that the line runs uphill."""
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


@cache
def sheets() -> dict[LetteringLook, Sheet]:
    """Every look, in the order of the file."""
    return TypeAdapter(dict[LetteringLook, Sheet]).validate_python(tomllib.loads(FILE.read_text("utf-8")))


def suited(genre: str, style: str, energy: float) -> tuple[LetteringLook, str]:
    """The look that suits a film best, and why.

    Args:
        genre, style: of the film.
        energy: of the song, in [0, 1]; a wild one does not get quiet words, nor a quiet one big words.
    """

    def score(name: LetteringLook) -> float:
        sheet = sheets()[name]
        fits = energy if name == "kinetic" else 1 - abs(energy - 0.5)
        return STYLE_WEIGHT * (style in sheet.styles) + GENRE_WEIGHT * (genre in sheet.genres) + fits

    best = max(sheets(), key=score)
    sheet = sheets()[best]
    reasons = [f"the style {style}"] * (style in sheet.styles) + [f"{genre}"] * (genre in sheet.genres)
    return best, f"{sheet.title} suits {' and '.join(reasons)}" if reasons else f"{sheet.title} suits a song of energy {energy:.2f}"
