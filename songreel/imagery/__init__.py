"""5 sketch: reference images that tell the backends what the film looks like."""

from songreel.imagery.sketching import draw

__all__ = ["draw"]
