"""Ground of every schema: one frozen base model and the units.

Times count from the song's first sample, in seconds. Frames count from 0 on the film's grid.
Levels and shares are in [0, 1]. Colours are ``#rrggbb``. A model never holds a path: content is a `MediaRef`.
"""

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema


class Model(BaseModel):
    """Frozen; unknown fields, NaN and infinities are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


def _fraction(value: Any) -> Any:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"{value!r} is no frame rate; try 30, 24 or 30000/1001") from None
    if isinstance(value, float):
        ntsc = Fraction(round(value * 1.001) * 1000, 1001)  # 23.976, 29.97 and 59.94 are shorthand for these
        return ntsc if abs(ntsc - value) < 0.005 and value % 1 else Fraction(value).limit_denominator(1001)
    return value


Seconds = Annotated[float, Field(ge=0)]
Hertz = Annotated[int, Field(gt=0)]
Bpm = Annotated[float, Field(gt=0)]
Dollars = Annotated[float, Field(ge=0)]
Frame = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Fps = Annotated[
    Fraction,
    BeforeValidator(_fraction),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(/\d+)?$", "examples": ["30", "24", "30000/1001"]}),
]


class Note(Model):
    """One fallback that was taken, told to the user: which stage, what it took instead, and why."""

    stage: str
    took: str
    because: str
