"""What a backend can do, at what price and under which licence."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Dollars, Model, Seconds


class FramesRule(Model):
    """Legal frame counts: ``multiple * k + remainder`` within the limits; ask for the next legal count and trim."""

    multiple: Annotated[int, Field(ge=1)] = 1
    remainder: Annotated[int, Field(ge=0)] = 0
    least: Annotated[int, Field(ge=1)] = 1
    most: Annotated[int, Field(ge=1)] | None = None

    def at_least(self, frames: int) -> int:
        """Smallest legal count that is not below ``frames``, or the most that is legal."""
        wanted = max(frames, self.least)
        steps = -(-(wanted - self.remainder) // self.multiple)
        legal = self.multiple * max(steps, 0) + self.remainder
        return legal if self.most is None else min(legal, self.most)


class BackendProfile(Model):
    """One entry of the catalogue."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    kind: Literal["video", "image"]
    title: str
    where: Literal["built_in", "local_gpu", "cloud"]
    frames: FramesRule = FramesRule()
    size_multiple: Annotated[int, Field(ge=1)] = 2
    longest_side: Annotated[int, Field(ge=16)] | None = None
    native_fps: float | None = None
    """Frames a second it makes; none: whatever is asked for."""
    max_seconds: Seconds | None = None
    first_frame: bool = False
    last_frame: bool = False
    seeded: bool = True
    driven_by_music: bool = False
    """Takes the analysis' curves."""
    vram_gb: Annotated[float, Field(ge=0)] = 0.0
    licence: str
    commercial: bool
    dollars_per_second: Dollars = 0.0
    as_of: Annotated[str, Field(description="Date of the price and limits, YYYY-MM-DD")]
    needs: tuple[str, ...] = ()
    """What must be there: extras ('models') and settings ('REPLICATE_API_TOKEN')."""


class BackendStatus(Model):
    """Whether a backend can be used here, and if not the command that mends it."""

    name: str
    title: str
    kind: Literal["video", "image"]
    ready: bool
    missing: str = ""
    mend: str = ""
    licence: str
    commercial: bool
    dollars_per_second: Dollars
