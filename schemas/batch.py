"""Many songs at once: what is asked of each, the look they share, and what became of them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from schemas.base import Dollars, Model, Seconds
from schemas.look import PaletteName


class BatchSong(Model):
    """One song of a batch."""

    song: str
    """Its path or address."""
    title: str = ""
    """How its list calls it."""
    wishes: dict[str, Any] = Field(default_factory=dict)
    """Fields of the film's request that its list gives for this song alone."""
    fault: str = ""
    """Why it cannot be made, when its list says nothing that can be."""


class BatchLook(Model):
    """What the films of a batch have in common; empty is left to each film."""

    style: str = ""
    palette: PaletteName | Literal[""] = ""
    worlds: tuple[str, ...] = ()
    """The family of worlds that all films go through."""
    because: str = ""


class BatchRow(Model):
    """What became of one song."""

    song: str
    title: str = ""
    state: Literal["made", "known", "failed", "left"]
    """'known': the film was made before; 'left': it was not asked for, since it is no new song."""
    film: str = ""
    """Path or address."""
    run: str = ""
    """The film's run in the store."""
    flow_run: str = ""
    """Id of the run that made it."""
    duration: Seconds = 0.0
    seconds: Seconds = 0.0
    """Time that its run took."""
    dollars: Dollars = 0.0
    sentence: str = ""
    """Why it failed, or which fallbacks were taken."""


class BatchResult(Model):
    """A batch's end."""

    rows: tuple[BatchRow, ...]
    look: BatchLook = BatchLook()
    dollars: Dollars = 0.0

    def count(self, *states: str) -> int:
        """Songs that ended in these states."""
        return sum(row.state in states for row in self.rows)


AtOnce = Annotated[int, Field(ge=1, le=64)]
