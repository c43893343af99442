"""Every model that can make footage or pictures, as data."""

from songreel.catalogue.entries import entries, find, made, status

__all__ = ["entries", "find", "made", "status"]
