"""What maintenance freed."""

from typing import Annotated

from pydantic import Field

from schemas.base import Model


class Freed(Model):
    """One kind of thing that was too old."""

    what: str
    """'media', 'results', 'reels' and so on."""
    count: Annotated[int, Field(ge=0)] = 0
    bytes: Annotated[int, Field(ge=0)] = 0
    older_than: str = ""
    """The age that was the limit, in words."""


class Maintained(Model):
    """A round of maintenance."""

    dry_run: bool
    """True: nothing was removed; what would have been is told."""
    freed: tuple[Freed, ...]
    lifecycle: str
    """What became of the bucket's own rules, in a sentence."""

    @property
    def bytes(self) -> int:
        """All that was freed."""
        return sum(one.bytes for one in self.freed)
