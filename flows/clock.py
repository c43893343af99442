"""How long each stage of a run took, by the wall."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture

from blocks.progress import Event, Kind, teller

R = TypeVar("R")


class Clock:
    """Seconds by stage; stages may overlap. Tells the listener when a stage ends."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun: dict[str, float] = {}
        self._tell = teller()  # a task's end is told from a thread without this context

    def begin(self, stage: str) -> None:
        """A stage's time runs from here."""
        self._begun[stage] = monotonic()

    def end(self, stage: str, kind: Kind = "done") -> None:
        """A stage's time ends here."""
        self.seconds[stage] = monotonic() - self._begun[stage]
        self._tell(Event(stage, kind, share=1.0))

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Time a stage that is not a task."""
        self.begin(stage)
        self._tell(Event(stage, "begun"))
        yield
        self.end(stage)

    def follow(self, stage: str, future: PrefectFuture[R]) -> PrefectFuture[R]:
        """Time a task from its submission to its end, whenever its result is asked for."""
        self.begin(stage)
        future.add_done_callback(lambda done: self.end(stage, _kind(done)))
        return future


def state_of(future: PrefectFuture[Any]) -> State[Any]:
    """A finished task's final state; before `wait` a future asks the server, which may lag."""
    future.wait()
    return future.state


def _kind(future: PrefectFuture[Any]) -> Kind:
    state = state_of(future)
    if state.name == "Cached":
        return "cached"
    return "done" if state.is_completed() else "failed"
