"""What a backend can do, at what price and under which licence."""

from typing import Annotated, Literal, Self

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


Where = Literal["built_in", "local", "local_gpu", "cloud"]
"""``local``: a model of this machine that needs no GPU, and uses it where there is one."""

Kind = Literal["video", "image", "stems", "words", "alignment", "meaning"]
"""What a backend makes: footage, pictures, a song's stems, its words, the times of words that are known, or how near words are in meaning."""


class BackendProfile(Model):
    """One entry of the catalogue: what a model can do, at what price, and which code drives it."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    kind: Kind
    title: str
    where: Where
    engine: Annotated[str, Field(pattern=r"^(\w+(\.\w+)*:\w+)?$")] = ""
    """'module:class' that drives it, made from its profile and the access of the moment."""
    model: str = ""
    """Repository of its weights, or its name at the service."""
    service: str = ""
    """Who runs it: 'replicate', 'runpod', 'runware'; empty: this machine."""
    family: str = ""
    """Whose habits its prompts follow, such as 'wan' or 'sdxl'; empty: plain words."""
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
    speed: Annotated[float, Field(ge=0)] = 0.0
    """Seconds of work for a second of footage, where it usually runs; what past runs took counts more."""
    looks: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How good its pictures look, from 0 to 1: an order among models, not a measure."""
    licence: str
    commercial: bool
    dollars_per_second: Dollars = 0.0
    as_of: Annotated[str, Field(description="Date of the price and limits, YYYY-MM-DD")]
    estimated: bool = False
    """Whether the price is our estimate, and not what the service publishes."""
    needs: tuple[str, ...] = ()
    """What must be there: extras ('models') and settings ('REPLICATE_API_TOKEN')."""
    options: dict[str, str | int | float | bool] = Field(default_factory=dict)
    """What its engine is told beside the order, such as steps and guidance."""


class BackendStatus(Model):
    """Whether a backend can be used here, and if not the command that mends it."""

    name: str
    title: str
    kind: Kind
    ready: bool
    missing: str = ""
    mend: str = ""
    licence: str
    commercial: bool
    dollars_per_second: Dollars

    @classmethod
    def of(cls, profile: BackendProfile, missing: str = "", mend: str = "") -> Self:
        """The status of a backend from what it lacks; nothing: it is ready."""
        return cls(
            name=profile.name, title=profile.title, kind=profile.kind, ready=not missing, missing=missing, mend=mend,
            licence=profile.licence, commercial=profile.commercial, dollars_per_second=profile.dollars_per_second,
        )  # fmt: skip
