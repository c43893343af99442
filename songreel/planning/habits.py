"""How each family of models likes to be told what to show, and how much of a text it reads, from a data file."""

import re
import tomllib
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter, model_validator

from schemas.base import Model
from schemas.look import Camera
from songreel.planning.data import FOLDER

Part = Literal["trigger", "subject", "place", "light", "camera", "mood", "theme", "style", "aspect", "quality"]
Shape = Literal["wide", "square", "tall"]
PIECE = re.compile(r"\w+|[^\w\s]")
WEIGHED = re.compile(r"<(?:lora|hypernet|lyco):[^<>]*>|(?<=[\w)\]}]):\s*[-+]?\d*\.?\d+(?=[)\]}])|(?<=[\w)])(?:\+{1,3}|-{2,3})(?=[\s,.)]|$)")
BRACKETS = str.maketrans("", "", "()[]{}<>|\\")


class Habits(Model):
    """One family's habits."""

    form: Literal["prose", "tags", "none"]
    tokens: Annotated[int, Field(ge=0)] = 0
    """The most that its text encoder reads."""
    words: Annotated[int, Field(ge=0)] = 0
    """The most that its makers recommend; 0: as many as it reads."""
    letters: Annotated[int, Field(ge=1)] = 5
    """Letters that make one token more in a long word."""
    order: tuple[Part, ...] = ()
    """The parts as they are told."""
    keep: tuple[Part, ...] = ()
    """The parts, the first to be kept before the first to be dropped."""
    quality: str = ""
    negative: tuple[str, ...] = ()
    negative_tokens: Annotated[int, Field(ge=0)] = 0
    """0: it takes no negative prompt."""
    camera: dict[Camera, str] = Field(default_factory=dict)
    """In the model's own words; empty: the scene's own."""
    aspect: dict[Shape, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> "Habits":
        if sorted(self.order) != sorted(self.keep):
            raise ValueError(f"'order' and 'keep' name different parts: {', '.join(set(self.order) ^ set(self.keep))}")
        if self.camera and set(self.camera) != set(get_args(Camera)):
            raise ValueError(f"the camera has words for {', '.join(self.camera)}; needed: {', '.join(get_args(Camera))}")
        return self


@cache
def habits() -> dict[str, Habits]:
    """Family to its habits."""
    return TypeAdapter(dict[str, Habits]).validate_python(tomllib.loads((FOLDER / "habits.toml").read_text("utf-8")))


def tokens(text: str, letters: int) -> int:
    """Tokens of a text, estimated on the high side: signs and short words are one, long words one more for every so many letters."""
    return sum(1 + (len(piece) - 1) // letters for piece in PIECE.findall(text))


def fits(text: str, told: Habits) -> bool:
    """Whether a model reads a text to its end."""
    return tokens(text, told.letters) <= told.tokens and not 0 < told.words < len(text.split())


def plain(text: str) -> str:
    """A text without the signs by which some programs weigh words, such as (neon:1.3), ((neon)), neon++ or <lora:neon:0.8>: these models read
    them as words."""
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(WEIGHED.sub("", text).translate(BRACKETS).split()))
