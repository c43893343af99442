"""What a run tells while it works: one event at a time, to whoever listens in this context."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from schemas.media import MediaRef

Kind = Literal["planned", "begun", "moved", "done", "cached", "failed", "asked", "answered"]

WORDS = {
    "recall": "remembering", "ingest": "reading the song", "separate": "separating stems", "analyse": "finding the beat",
    "transcribe": "reading the lyrics", "plan": "imagining the film", "write": "writing the story", "budget": "choosing backends",
    "board": "drawing the storyboard",
    "preview": "painting a preview", "approval": "waiting for an answer", "sketch": "sketching", "prompt": "writing orders", "shoot": "shooting",
    "conform": "conforming", "assemble": "assembling", "inspect": "checking", "damp": "damping flashes", "publish": "publishing",
}  # fmt: skip
"""How a stage is called to a person."""


@dataclass(frozen=True)
class Event:
    """One step of a run. ``total`` counts a mapped stage's scenes; ``share`` is how much of this one is done, in [0, 1]."""

    stage: str
    kind: Kind
    scene: int | None = None
    total: int | None = None
    share: float = 0.0
    text: str = ""
    dollars: float = 0.0
    """What this step was charged."""
    clip: MediaRef | None = None
    """A scene's finished clip."""


Listener = Callable[[Event], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell(event: Event) -> None:
    """Hand an event to the listener, if there is one."""
    teller()(event)


def teller() -> Listener:
    """`tell` with this context's listener, for callbacks that run outside it."""
    return _listener.get() or _unheard


def _unheard(event: Event) -> None:
    """Nobody listens."""


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let ``listener`` hear every event of the block, from the threads it starts too."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
