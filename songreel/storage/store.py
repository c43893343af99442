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

FETCHED, SONGS = "fetched", "songs"  # folders of verified copies, and of songs under their own names, under the scratch folder
FETCHES = 3  # of content that does not come whole
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
        renew_after: seconds past which content that is used again has its age renewed; none: `RENEW_AFTER`.
    """

    def __init__(self, url: str, options: Mapping[str, Any] | None = None, scratch: Path | None = None, renew_after: float | None = None) -> None:
        self.fs, root = _opened(url, dict(options or {}))
        self.url = url
        self.root = root.rstrip("/")
        self.local = isinstance(self.fs, LocalFileSystem)
        self.scratch = Path(self.root) / "work" if self.local else scratch or Path(tempfile.gettempdir()) / "songreel"
        self._renew_after = renew_after
        self._verified: dict[str, tuple[int, int]] = {}

    def put_file(self, path: Path, suffix: str | None = None, media_type: str | None = None) -> MediaRef:
        """Store a copy of a file and name its content."""
        suffix = path.suffix.lower() if suffix is None else suffix
        ref = MediaRef(sha256=sha256_of(path), suffix=suffix, media_type=media_type or media_type_of(suffix), bytes=path.stat().st_size)
        self._place(path, self._media_key(ref), self.renew_after, ref.media_type)
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

    @property
    def renew_after(self) -> float:
        """Seconds past which content that is used again has its age renewed."""
        return RENEW_AFTER if self._renew_after is None else self._renew_after

    def keep(self, ref: MediaRef) -> bool:
        """Like `has`, for content that is about to be used: its age is renewed, so that it does not expire meanwhile."""
        key = self._media_key(ref)
        age = self._age(key, ref.bytes)
        if age == float("inf"):
            return False
        if age > self.renew_after:
            self._renew(key)
        return True

    def find(self, sha256: str, suffix: str) -> MediaRef:
        """The reference to content that is stored.

        Raises:
            MediaError: nothing is stored under that name.
        """
        ref = MediaRef(sha256=sha256, suffix=suffix, media_type=media_type_of(suffix), bytes=0)
        try:
            self.fs.invalidate_cache(self._media_key(ref))
            return ref.model_copy(update={"bytes": int(self.fs.info(self._media_key(ref))["size"])})
        except FileNotFoundError:
            raise MediaError(f"the store {self.url} holds no {sha256}{suffix}: it expired or was never put there") from None

    def get(self, ref: MediaRef) -> Path:
        """A local file with the content, verified; never write to it.

        Raises:
            MediaError: nothing is stored under that name.
            CorruptMedia: what is stored has another hash; it is removed, so that it can be made or put again.
            TransientError: it came cut off each time.
        """
        path = self._copy_of(ref)
        for _ in range(FETCHES - 1):  # the copy here may be what is damaged, or the way here: what is stored is not judged by one
            if self.local or self._is_right(path, ref):
                break
            path.unlink()
            path = self._copy_of(ref)
        if not self._is_right(path, ref):
            self._drop(path, ref)
        return path

    def fetch(self, at: str, path: Path, largest: int) -> None:
        """Write any object of the same service into a file.

        Args:
            at: bucket and key, or a path on a folder's file system.
            path: the file.
            largest: bytes it may have.

        Raises:
            UserError: there is none, it may not be read, or it is larger.
            TransientError: it came cut off.
        """
        told = self.fs.unstrip_protocol(at)
        try:
            self.fs.invalidate_cache(at)
            size = self.fs.info(at)["size"]
            if size > largest:
                raise UserError(f"{told} has {size} bytes; at most {largest} are taken")
            self.fs.get_file(at, str(path))
        except FileNotFoundError:
            raise UserError(f"there is nothing at {told}") from None
        except PermissionError as error:
            raise UserError(f"{told} may not be read with the credentials that are set: {error}") from error
        if path.stat().st_size != size:
            raise TransientError(f"{told} was cut off after {path.stat().st_size} of {size} bytes")

    def link(self, what: MediaRef | str, seconds: float) -> str | None:
        """An address from which anyone may read for so many seconds; none for a folder, which has no server.

        Args:
            what: content, or a name under the store's root, or an address that `publish` gave.
            seconds: from now.
        """
        if self.local:
            return None
        return str(self.fs.sign(self._at(what), expiration=int(seconds)))

    def restore(self, ref: MediaRef, run: str, name: str) -> bool:
        """Make content anew from a file that a run delivered with it; false when that is gone too, or another."""
        source = f"{self.root}/reel/{run}/{name}"
        if self._age(source, ref.bytes) == float("inf"):
            return False
        if self.local:
            self._place_locally(Path(source), Path(self._media_key(ref)))
        else:
            self.fs.cp_file(source, self._media_key(ref))
        return True

    def read(self, ref: MediaRef) -> bytes:
        """The content itself, verified."""
        return self.get(ref).read_bytes()

    def publish(self, run: str, name: str, path: Path) -> str:
        """Put one delivered file into the run's reel and return its address."""
        key = f"{self.root}/reel/{run}/{name}"
        self._place(path, key, 0.0, media_type_of(path.suffix.lower()))
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
        left = self.left_behind(older_than)
        for path in left:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        return len(left)

    def left_behind(self, older_than: float) -> list[Path]:
        """What `sweep` removes."""
        works = [*self.scratch.glob("*-*"), *(self.scratch / FETCHED).glob("*"), *(self.scratch / SONGS).glob("*")]
        return [path for path in works if time.time() - path.stat().st_mtime > older_than and not _alive(path.name)]

    def _media_key(self, ref: MediaRef) -> str:
        return f"{self.root}/media/{ref.sha256[:2]}/{ref.sha256}{ref.suffix}"

    def _at(self, what: MediaRef | str) -> str:
        if isinstance(what, MediaRef):
            return self._media_key(what)
        at = str(self.fs._strip_protocol(what)) if "://" in what else f"{self.root}/{what}"
        if not at.startswith(f"{self.root}/"):
            raise UserError(f"{what} does not lie in the store {self.url}")
        return at

    def _place(self, path: Path, key: str, renew_after: float, media_type: str) -> None:
        if self.local:
            self._place_locally(path, Path(key))
        elif self._age(key, path.stat().st_size) > renew_after:
            self.fs.put_file(str(path), key, ContentType=media_type)

    def _renew(self, key: str) -> None:
        """Let an object's age begin anew; one that expired meanwhile stays gone."""
        try:
            if self.local:
                os.utime(key)
                return
            bucket, name, _ = self.fs.split_path(key)
            kind = self.fs.info(key).get("ContentType") or "application/octet-stream"
            source = {"Bucket": bucket, "Key": name}
            # A copy onto itself is refused unless something changes: its description is given again.
            self.fs.call_s3("copy_object", Bucket=bucket, Key=name, CopySource=source, MetadataDirective="REPLACE", ContentType=kind)
            self.fs.invalidate_cache(key)
        except FileNotFoundError:
            return

    def _place_locally(self, path: Path, target: Path) -> None:
        self.scratch.mkdir(parents=True, exist_ok=True)
        part = self.scratch / scratch_name()
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
        written = info["mtime"] if self.local else info["LastModified"].timestamp()
        return float("inf") if info["size"] != size else time.time() - float(written)

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
            part = self.scratch / scratch_name()
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
        """Remove damaged content and say so; what was only cut off on its way here stays."""
        found, size = sha256_of(path), path.stat().st_size
        path.unlink()
        if not self.local and self.fs.info(self._media_key(ref))["size"] != size:
            raise TransientError(f"{ref.sha256}{ref.suffix} came cut off from {self.url} {FETCHES} times ({size} bytes)")
        if not self.local:
            self.fs.rm_file(self._media_key(ref))
        raise CorruptMedia(f"the stored {ref.sha256}{ref.suffix} had the content {found}: it was damaged in {self.url}, and is removed")


def scratch_name() -> str:
    """Name of a file that is being written, by which `Store.sweep` knows its process."""
    return f"{os.getpid()}-{uuid.uuid4().hex}.part"


def _opened(url: str, options: dict[str, Any]) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    if url.startswith("s3://"):
        from songreel.storage.bucket import Bucket  # its libraries take a second to import

        return Bucket(**options), str(Bucket._strip_protocol(url))
    try:
        fs, root = fsspec.core.url_to_fs(url, **options)
    except (ValueError, ImportError) as error:
        raise UserError(f"the store {url!r} cannot be used: {error}; give a folder or s3://bucket/prefix") from error
    return fs, str(root)


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
