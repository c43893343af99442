"""Delivered films as the store has them: ``reel/<run>/`` in a folder or a bucket, and the plan of a run that is not there yet.

Names come from here and never from a caller; a run's name is checked before it is part of a place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas import FilmResult, MediaRef, Plan
from songreel.execution.reel import MANIFEST, PLAN, plan_on_its_way, recall
from songreel.storage import Store
from songreel.storage.store import media_type_of

RUN = re.compile(r"[a-z0-9][a-z0-9-]{0,60}-[0-9a-f]{8}")
BLOCK = 1 << 20  # bytes read at once from a bucket
GOOD_FOR = 900  # seconds of a presigned address


@dataclass(frozen=True)
class Place:
    """One file of a reel: in a folder (``path``) or a bucket (``key``)."""

    size: int
    media_type: str
    path: Path | None = None
    key: str = ""
    mark: str = ""
    """Changes when the content does."""


class Reels:
    """The reels of one store. Every call may wait for the store: call it in a thread."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def result(self, run: str) -> FilmResult | None:
        """What the run gave; nothing when its film is not there (any more)."""
        content = self._content(run, MANIFEST)
        if content is not None:
            try:
                return FilmResult.model_validate_json(content)
            except ValidationError:  # another version wrote it
                return None
        reel = recall(run, self.store) if RUN.fullmatch(run) else None
        return reel.result if reel else None

    def plan(self, run: str) -> Plan | None:
        """The run's plan, as soon as there is one."""
        if not RUN.fullmatch(run):
            return None
        content = self._content(run, PLAN)
        try:
            if content is not None:
                return Plan.model_validate_json(content)
        except ValidationError:  # another version wrote it
            return None
        reel = recall(run, self.store)
        return Plan.model_validate_json(self.store.read(reel.files[PLAN])) if reel else plan_on_its_way(run, self.store)

    def file(self, run: str, name: str) -> Place | None:
        """One file of the delivered reel."""
        if not RUN.fullmatch(run):
            return None
        key = f"{self.store.root}/reel/{run}/{name}"
        try:
            info = self.store.fs.info(key)
        except FileNotFoundError:
            reel = recall(run, self.store)  # a film that was delivered to a folder elsewhere
            return self.media(reel.files[name]) if reel and name in reel.files else None
        mark = str(info.get("ETag") or f"{info.get('mtime')}-{info['size']}")
        media_type = media_type_of(Path(name).suffix)
        if self.store.local:
            return Place(int(info["size"]), media_type, path=Path(key), mark=mark)
        return Place(int(info["size"]), media_type, key=key, mark=mark)

    def media(self, ref: MediaRef) -> Place | None:
        """Content by its name."""
        if not self.store.has(ref):
            return None
        return Place(ref.bytes, ref.media_type, path=self.store.get(ref), mark=ref.sha256)

    def address(self, place: Place) -> str:
        """A presigned address of a file in a bucket, good for minutes."""
        return str(self.store.fs.url(place.key, expires=GOOD_FOR))

    def blocks(self, place: Place, start: int, end: int) -> Iterator[bytes]:
        """A file's bytes from ``start`` up to ``end``, from a bucket."""
        for at in range(start, end, BLOCK):
            yield self.store.fs.cat_file(place.key, at, min(at + BLOCK, end))

    def _content(self, run: str, name: str) -> bytes | None:
        if not RUN.fullmatch(run):
            return None
        try:
            return bytes(self.store.fs.cat_file(f"{self.store.root}/reel/{run}/{name}"))
        except FileNotFoundError:
            return None
