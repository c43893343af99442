"""Ground: where media lies."""

from songreel.storage.store import Store, sha256_of

__all__ = ["Store", "sha256_of"]
