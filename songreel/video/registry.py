"""Video backends by name; a backend's module is imported when it is asked for, and none of them imports anything heavy to be listed."""

from importlib import import_module

from schemas import BackendStatus, Footage, ShotOrder
from songreel.errors import UserError
from songreel.storage import Store
from songreel.video.base import Progress, VideoBackend, unheard

BACKENDS = {"painter": "songreel.video.painter:PainterVideo"}
"""Name to 'module:class'."""

LONGEST_SILENCE = 120.0  # seconds without progress after which a backend is taken to hang; compiling a shader takes one or two


def names() -> tuple[str, ...]:
    """Names of all video backends."""
    return tuple(BACKENDS)


def get(name: str) -> VideoBackend:
    """The video backend of that name.

    Raises:
        UserError: no video backend is called so.
    """
    if name not in BACKENDS:
        raise UserError(f"no video backend is called {name!r}; known: {', '.join(BACKENDS)}")
    module, _, maker = BACKENDS[name].partition(":")
    backend: VideoBackend = getattr(import_module(module), maker)()
    return backend


def statuses() -> tuple[BackendStatus, ...]:
    """Every backend and whether it can be used here."""
    return tuple(get(name).status() for name in BACKENDS)


OWN_SILENCE, OWN_MEMORY = 20.0, 4e9
"""Seconds a frame, and bytes, after which a person's own shader is given up."""


def shoot(order: ShotOrder, store: Store, progress: Progress = unheard) -> Footage:
    """Footage by the backend that the order names.

    Raises:
        SongreelError: the backend cannot make it.
    """
    return get(order.backend).shoot(order, store, progress)
