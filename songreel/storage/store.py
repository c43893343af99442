"""Content-addressed media on fsspec: a folder, or ``s3://bucket/prefix`` through s3fs.

Content lies at ``media/<aa>/<sha256><suffix>``, a run's delivered files at ``reel/<run>/``. Puts are whole or absent, gets are
verified. A put of what is there already renews its age, so that an object in use never reaches the end of its lifecycle.
"""

import hashlib
import mimetypes
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import fsspec
from fsspec.implementations.local import LocalFileSystem

from schemas.media import MediaRef
from songreel.errors import CorruptMedia, MediaError, TransientError, UserError

RENEW_AFTER = 6 * 3600.0
"""Age in seconds past which a put of existing content writes it again (or touches it), so that its lifecycle starts anew."""

FETCHED = "fetched"  # folder of verified copies under the scratch folder
BLOCK = 1 << 20  # bytes read at a time while hashing
MEDIA_TYPES = {".npz": "application/x-npz", ".flac": "audio/flac", ".m4a": "audio/mp4", ".opus": "audio/ogg", ".lrc": "text/plain"}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, lower-case hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def media_type_of(suffix: str) -> str:
    """IANA media type for a suffix with its dot."""
    return MEDIA_TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")


class Store:
    """Media by content under one root.

    Args:
        url: a folder, ``file:///folder`` or ``s3://bucket/prefix``.
        options: what fsspec's filesystem takes (endpoint, key, secret); never part of a cache key.
        scratch: local folder for fetched copies and work files; a folder store works beside its media.
    """

    def __init__(self, url: str, options: Mapping[str, Any] | None = None, scratch: Path | None = None) -> None:
        try:
            self.fs, root = fsspec.core.url_to_fs(url, **dict(options or {}))
        except (ValueError, ImportError) as error:
            raise UserError(f"the store {url!r} cannot be used: {error}; give a folder or s3://bucket/prefix") from error
        self.url = url
        self.root = root.rstrip("/")
        self.local = isinstance(self.fs, LocalFileSystem)
        self.scratch = Path(self.root) / "work" if self.local else scratch or Path(tempfile.gettempdir()) / "songreel"
        self._verified: dict[str, tuple[int, int]] = {}

    def put_file(self, path: Path, suffix: str | None = None, media_type: str | None = None) -> MediaRef:
        """Store a copy of a file and name its content."""
        suffix = path.suffix.lower() if suffix is None else suffix
        ref = MediaRef(sha256=sha256_of(path), suffix=suffix, media_type=media_type or media_type_of(suffix), bytes=path.stat().st_size)
        self._place(path, self._media_key(ref), RENEW_AFTER)
        return ref

    def put_bytes(self, data: bytes, suffix: str, media_type: str | None = None) -> MediaRef:
        """Store bytes and name them."""
        with self.workspace() as folder:
            path = folder / f"put{suffix}"
            path.write_bytes(data)
            return self.put_file(path, suffix, media_type)

    def has(self, ref: MediaRef) -> bool:
        """Whether content of the right size is there; `get` checks the hash too."""
        try:
            return bool(self.fs.info(self._media_key(ref))["size"] == ref.bytes)
        except FileNotFoundError:
            return False

    def get(self, ref: MediaRef) -> Path:
        """A local file with the content, verified; never write to it.

        Raises:
            MediaError: nothing is stored under that name.
            CorruptMedia: what is stored has another hash; it is removed, so that it can be made or put again.
        """
        path = self._copy_of(ref)
        if not self.local and not self._is_right(path, ref):  # the copy here may be what is damaged: fetch it once more
            path.unlink()
            path = self._copy_of(ref)
        if not self._is_right(path, ref):
            self._drop(path, ref)
        return path

    def read(self, ref: MediaRef) -> bytes:
        """The content itself, verified."""
        return self.get(ref).read_bytes()

    def publish(self, run: str, name: str, path: Path) -> str:
        """Put one delivered file into the run's reel and return its address."""
        key = f"{self.root}/reel/{run}/{name}"
        self._place(path, key, renew_after=0.0)
        return str(self.fs.unstrip_protocol(key))

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A folder for work files, removed at the end however it ends."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self.scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self, older_than: float = 24 * 3600.0) -> int:
        """Remove work folders and half-written files that a killed run left behind, and old fetched copies; returns how many."""
        works = [*self.scratch.glob("*-*"), *(self.scratch / FETCHED).glob("*")]
        left = [path for path in works if time.time() - path.stat().st_mtime > older_than and not _alive(path.name)]
        for path in left:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        return len(left)

    def _media_key(self, ref: MediaRef) -> str:
        return f"{self.root}/media/{ref.sha256[:2]}/{ref.sha256}{ref.suffix}"

    def _place(self, path: Path, key: str, renew_after: float) -> None:
        if self.local:
            self._place_locally(path, Path(key))
        elif self._age(key, path.stat().st_size) > renew_after:
            self.fs.put_file(str(path), key)

    def _place_locally(self, path: Path, target: Path) -> None:
        self.scratch.mkdir(parents=True, exist_ok=True)
        part = self.scratch / f"{os.getpid()}-{uuid.uuid4().hex}.part"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, part)
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise TransientError(f"{target.name} could not be written to {target.parent}: {error.strerror}") from error

    def _age(self, key: str, size: int) -> float:
        """Seconds since the object was written; infinite when it is absent or of another size."""
        try:
            self.fs.invalidate_cache(key)
            info = self.fs.info(key)
        except FileNotFoundError:
            return float("inf")
        written = info.get("LastModified")
        return float("inf") if info["size"] != size or written is None else time.time() - written.timestamp()

    def _copy_of(self, ref: MediaRef) -> Path:
        """Where the content lies on this machine, fetched when need be; not yet verified."""
        path = Path(self._media_key(ref)) if self.local else self._fetched(ref)
        if not path.is_file():
            raise MediaError(f"the store {self.url} holds no {ref.sha256}{ref.suffix}: it expired or was never put there")
        return path

    def _fetched(self, ref: MediaRef) -> Path:
        target = self.scratch / FETCHED / f"{ref.sha256}{ref.suffix}"
        if not target.is_file() or target.stat().st_size != ref.bytes:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = self.scratch / f"{os.getpid()}-{uuid.uuid4().hex}.part"
            try:
                self.fs.get_file(self._media_key(ref), str(part))
                part.replace(target)
            except FileNotFoundError:
                return target
            finally:
                part.unlink(missing_ok=True)
        return target

    def _is_right(self, path: Path, ref: MediaRef) -> bool:
        """Whether a local file has the content that the reference names; looked at again only when it changed."""
        stat = path.stat()
        mark = (stat.st_mtime_ns, stat.st_size)
        if self._verified.get(ref.sha256) != mark and sha256_of(path) == ref.sha256:
            self._verified[ref.sha256] = mark
        return self._verified.get(ref.sha256) == mark

    def _drop(self, path: Path, ref: MediaRef) -> NoReturn:
        """Remove damaged content and say so."""
        found = sha256_of(path)
        path.unlink()
        if not self.local:
            self.fs.rm_file(self._media_key(ref))
        raise CorruptMedia(f"the stored {ref.sha256}{ref.suffix} had the content {found}: it was damaged in {self.url}, and is removed")


def _alive(name: str) -> bool:
    """Whether a work folder's process, named by its first part, still runs."""
    pid = name.split("-", 1)[0]
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
