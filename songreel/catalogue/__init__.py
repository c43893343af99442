"""Every model that can make footage or pictures, hear the song or read the prompt, as data."""

from songreel.catalogue.entries import entries, find, made, status

__all__ = ["entries", "find", "made", "status"]
