"""Type: lyrics and cards drawn over the picture, on the planes that an encoder takes; no OpenGL here."""

from songreel.painter.type.overlay import Overlay

__all__ = ["Overlay"]
