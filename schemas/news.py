"""What is told of a run while it works: small facts that a page, a terminal or a caller elsewhere can show."""

from typing import Annotated

from pydantic import Field

from schemas.base import Dollars, Model
from schemas.media import MediaRef


class News(Model):
    """One piece of news of a run."""

    sequence: Annotated[int, Field(ge=1)]
    """Rises through the whole run; a run that went on in another process leaves a gap."""
    stage: str
    """Which part of the line tells it; 'run' for the whole, 'approval' for a person's answer."""
    what: str
    """'planned', 'begun', 'moved', 'done', 'cached' or 'failed'; of an approval 'asked' or 'answered'."""
    percent: Annotated[float, Field(ge=0, le=100)]
    """How much of the whole film is done; never falls."""
    message: str
    """In words."""
    scene: Annotated[int, Field(ge=0)] | None = None
    dollars: Dollars = 0.0
    """Charged so far."""
    clip: MediaRef | None = None
    """A scene's finished clip, as the film will show it."""
