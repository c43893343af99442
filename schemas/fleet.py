"""What travels between a film and the runs on a pool that shoot its scenes."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Model, Share
from schemas.lyrics import Hearing
from schemas.shot import Footage


class SceneNews(Model):
    """How far one scene of a batch is."""

    state: Literal["begun", "made", "known", "failed", "refused"]
    """'known': it was made before; 'refused': this worker would make it otherwise than the film's machine, which has to do it."""
    share: Share = 0.0
    text: str = ""
    """Why it failed."""

    @property
    def decided(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state != "begun"


class BatchNews(Model):
    """A batch's record in the shared store; its run alone writes it, once the film has opened it."""

    beat: Annotated[int, Field(ge=0)] = 0
    """Counts up while the run lives; 0: it has not begun."""
    scenes: dict[int, SceneNews] = Field(default_factory=dict)


class Survey(Model):
    """What a pool's workers can shoot, as the one that was asked last told; it is kept in the shared store."""

    at: Annotated[float, Field(ge=0)]
    """Unix seconds."""
    ready: tuple[str, ...] = ()
    """Video backends of a GPU that have all they need there."""
    ears: tuple[str, ...] = ()
    """Models of stems and words that have all they need there."""
    gpu: str = ""
    """Its name; empty: there is none."""
    vram_gb: Annotated[float, Field(ge=0)] = 0.0


class Ears(Model):
    """Which ways a song was heard by."""

    separation: Literal["dsp", "demucs"] = "dsp"
    hearing: Hearing = Hearing()


class BatchResult(Model):
    """What a batch's run gives."""

    footage: dict[int, Footage]
    """By scene."""
    failed: dict[int, str]
    """Why, by scene."""
