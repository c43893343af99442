"""What budget gives: who shoots each scene, in which order, and what that costs."""

from typing import Annotated

from pydantic import Field

from schemas.base import Dollars, Model, Note, Seconds, Share
from schemas.request import ChoiceName


class Assignment(Model):
    """Who shoots a scene, and what that is expected to take."""

    scene: Annotated[int, Field(ge=0)]
    backend: str
    dollars: Dollars = 0.0
    seconds: Seconds = 0.0
    """Time of making its footage."""
    then: tuple[str, ...] = ()
    """Who shoots it when that fails, best first; the painter is always the last."""
    turn: Annotated[int, Field(ge=0)] = 0
    """Its place in the order of shooting: scenes of one model follow each other."""


class ExecutionPlan(Model):
    """The whole film's assignments, in the order of the scenes."""

    assignments: tuple[Assignment, ...]
    cap: Dollars
    choice: ChoiceName = "free"
    seconds: Seconds = 0.0
    """Time until the film is ready."""
    notes: tuple[Note, ...] = Field(default=())

    @property
    def dollars(self) -> float:
        """What the film is expected to cost."""
        return sum(assignment.dollars for assignment in self.assignments)

    @property
    def in_turn(self) -> tuple[Assignment, ...]:
        """The assignments in the order of shooting."""
        return tuple(sorted(self.assignments, key=lambda one: one.turn))


class Choice(Model):
    """One way to make the film, as it is offered."""

    number: Annotated[int, Field(ge=1)]
    name: ChoiceName
    title: str
    ready: bool
    """Whether it can be taken here and now."""
    dollars: Dollars
    dollars_per_minute: Dollars
    minutes: Annotated[float, Field(ge=0)]
    """Until the film is ready."""
    looks: Share
    """How good the pictures look: the mean of the backends' looks over the film."""
    scenes: dict[str, int]
    """How many scenes each backend shoots."""
    degraded: tuple[str, ...] = ()
    """What is less than asked for, in sentences."""
    missing: str = ""
    """What has to be done before it can be taken."""
