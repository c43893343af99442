"""How long each stage of a run took, by the wall."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

from prefect.futures import PrefectFuture

from blocks.progress import Event, tell

R = TypeVar("R")


class Clock:
    """Seconds by stage; stages may overlap. Tells the listener when a stage ends."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun: dict[str, float] = {}

    def begin(self, stage: str) -> None:
        """A stage's time runs from here."""
        self._begun[stage] = monotonic()

    def end(self, stage: str, kind: Any = "done") -> None:
        """A stage's time ends here."""
        self.seconds[stage] = monotonic() - self._begun[stage]
        tell(Event(stage, kind, share=1.0))

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Time a stage that is not a task."""
        self.begin(stage)
        tell(Event(stage, "begun"))
        yield
        self.end(stage)

    def follow(self, stage: str, future: PrefectFuture[R]) -> PrefectFuture[R]:
        """Time a task from its submission to its end, whenever its result is asked for."""
        self.begin(stage)
        future.add_done_callback(lambda done: self.end(stage, _kind(done)))
        return future


def _kind(future: PrefectFuture[Any]) -> str:
    if future.state.name == "Cached":
        return "cached"
    return "done" if future.state.is_completed() else "failed"
