"""Image backends by name; a backend's module is imported when it is asked for, never to list it."""

from importlib import import_module

from songreel.errors import UserError
from songreel.imagery.base import ImageBackend

BACKENDS = {"painter": "songreel.imagery.painter:PainterImages"}
"""Name to 'module:class'."""


def get(name: str) -> ImageBackend:
    """The image backend of that name.

    Raises:
        UserError: no image backend is called so.
    """
    if name not in BACKENDS:
        raise UserError(f"no image backend is called {name!r}; known: {', '.join(BACKENDS)}")
    module, _, maker = BACKENDS[name].partition(":")
    backend: ImageBackend = getattr(import_module(module), maker)()
    return backend
