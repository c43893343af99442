"""Ground: where media lies."""

from songreel.storage.records import Records
from songreel.storage.store import Store, sha256_of

__all__ = ["Records", "Store", "sha256_of"]
