"""Small records by key in the store, beside the media: whole or absent, on every machine that shares the store.

`create` has one winner among all processes and machines: a hard link in a folder, a conditional put (``If-None-Match: *``) in a bucket.
"""

import os
import uuid
from collections.abc import Container
from pathlib import Path

from songreel.errors import TransientError, UserError
from songreel.storage.store import Store

SUFFIX = ".json"
WRITER = "writer"  # field of a bucket's record


class Records:
    """The records of one folder of the store.

    Args:
        store: where they lie.
        folder: name of the folder under the store's root.
    """

    def __init__(self, store: Store, folder: str) -> None:
        self.store = store
        self.root = f"{store.root}/{folder}"

    def read(self, key: str) -> bytes | None:
        """The record of that key, or nothing."""
        try:
            return bytes(self.store.fs.cat_file(self._at(key)))
        except FileNotFoundError:
            return None

    def create(self, key: str, content: bytes) -> bool:
        """Write a record that is not there yet; false, and nothing is written, when there is one.

        Raises:
            TransientError: it could not be written.
        """
        if not self.store.local:
            return self._created_in_bucket(key, content)
        with _Part(Path(self._at(key)), content) as part:
            try:
                os.link(part, self._at(key))
            except FileExistsError:
                return False
        return True

    def replace(self, key: str, content: bytes) -> None:
        """Write a record over whatever was there.

        Raises:
            TransientError: it could not be written.
        """
        if not self.store.local:
            self.store.fs.pipe_file(self._at(key), content)
            return
        with _Part(Path(self._at(key)), content) as part:
            part.replace(self._at(key))

    def marks(self, settled: Container[str] = ()) -> dict[str, str]:
        """Every key, with a mark that changes when its record does.

        Args:
            settled: keys whose records never change again; not looked at in a folder, so their marks say nothing.
        """
        return self._marks_of_folder(settled) if self.store.local else self._marks_of_bucket()

    def _at(self, key: str) -> str:
        if not set(key.split("/")).isdisjoint(("", ".", "..")):  # a key may be a caller's word
            raise UserError(f"{key!r} names no record")
        return f"{self.root}/{key}{SUFFIX}"

    def _created_in_bucket(self, key: str, content: bytes) -> bool:
        """Each writer signs: when an answer was lost on its way, the record that is found in the next try may be the writer's own."""
        writer = uuid.uuid4().hex
        try:
            self.store.fs.pipe_file(self._at(key), content, mode="create", Metadata={WRITER: writer})
        except FileExistsError:
            return self._writer(key) == writer
        except OSError as error:
            if "PreconditionFailed" in str(error) or "pre-conditions" in str(error):
                return self._writer(key) == writer
            raise
        return True

    def _writer(self, key: str) -> str:
        """Who created a bucket's record; nothing when it is gone."""
        bucket, name, _ = self.store.fs.split_path(self._at(key))
        try:
            found = self.store.fs.call_s3("head_object", Bucket=bucket, Key=name)
        except FileNotFoundError:
            return ""
        return str(found.get("Metadata", {}).get(WRITER, ""))

    def _marks_of_folder(self, settled: Container[str]) -> dict[str, str]:
        found = {}
        try:
            with os.scandir(self.root) as entries:
                for entry in entries:
                    if entry.name.endswith(SUFFIX):
                        key = entry.name[: -len(SUFFIX)]
                        found[key] = "" if key in settled else _mark(entry)
        except FileNotFoundError:
            return {}
        return found

    def _marks_of_bucket(self) -> dict[str, str]:
        self.store.fs.invalidate_cache(self.root)
        try:
            entries = self.store.fs.ls(self.root, detail=True)
        except FileNotFoundError:
            return {}
        return {Path(one["name"]).name[: -len(SUFFIX)]: str(one.get("ETag", "")) for one in entries if one["name"].endswith(SUFFIX)}


def _mark(entry: "os.DirEntry[str]") -> str:
    stat = entry.stat()
    return f"{stat.st_ino}-{stat.st_mtime_ns}"


class _Part:
    """The content in a file of its own beside the target, written through to the disk; removed at the end, when it is still there."""

    def __init__(self, target: Path, content: bytes) -> None:
        self._target, self._content = target, content
        self._part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")

    def __enter__(self) -> Path:
        try:
            self._part.parent.mkdir(parents=True, exist_ok=True)
            with self._part.open("wb") as file:
                file.write(self._content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self._part.unlink(missing_ok=True)
            raise TransientError(f"{self._target.name} could not be written to {self._target.parent}: {error.strerror}") from error
        return self._part

    def __exit__(self, *_: object) -> None:
        self._part.unlink(missing_ok=True)
