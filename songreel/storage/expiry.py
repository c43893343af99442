"""Removes from a store what is too old, in a folder and in a bucket alike; what is not known to expire is never touched.

Films count by their newest file: a reel goes as a whole, or not at all. What a younger film is made of stays with it.
"""

import logging
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.maintenance import Freed
from songreel.storage.lifecycle import ABANDONED_DAYS, FILMS, MADE_OF, Keep
from songreel.storage.store import Store

REEL = "reel"
LOGS_DAYS = 30.0
HALF_WRITTEN = 24 * 3600.0  # seconds after which nobody writes on

log = logging.getLogger("songreel.storage")


@dataclass(frozen=True)
class Thing:
    """A file or object."""

    key: str
    bytes: int
    written: float
    """Unix seconds."""


def expire(store: Store, keep: Keep, kept: frozenset[str] = frozenset(), *, dry_run: bool = False, now: float | None = None) -> list[Freed]:
    """Remove what is older than it is kept.

    Args:
        store: whose content.
        keep: how long what is kept.
        kept: hashes of media that stay whatever their age.
        dry_run: only say what would be removed.
        now: Unix seconds; none: those of now.
    """
    now = time.time() if now is None else now
    return [_expired(store, folder, seconds, kept, dry_run, now) for folder, seconds in keep.seconds.items()]


def abandoned_uploads(store: Store, *, dry_run: bool = False, now: float | None = None) -> Freed:
    """End the uploads in parts that nobody goes on with; their parts cost money and are seen nowhere."""
    told = Freed(what="uploads that were not ended", older_than=_days(ABANDONED_DAYS))
    if store.local:
        return told
    bucket, _, prefix = store.root.partition("/")
    before = (time.time() if now is None else now) - ABANDONED_DAYS * 86400
    old = [one for one in _uploads(store, bucket, prefix) if one["Initiated"].timestamp() < before]
    size = sum(_parts_size(store, bucket, one) for one in old)
    for one in [] if dry_run else old:
        try:
            store.fs.call_s3("abort_multipart_upload", Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])
        except FileNotFoundError:
            log.debug("the upload of %s ended meanwhile", one["Key"])
    return told.model_copy(update={"count": len(old), "bytes": size})


def old_logs(folders: list[Path], *, dry_run: bool = False, now: float | None = None) -> Freed:
    """Remove log files that nothing was written to for long."""
    before = (time.time() if now is None else now) - LOGS_DAYS * 86400
    logs = [path for folder in folders for pattern in ("*.log", "*.log.[0-9]*") for path in folder.glob(pattern) if path.is_file()]
    old = [(path, path.stat().st_size) for path in logs if path.stat().st_mtime < before]
    for path, _ in [] if dry_run else old:
        path.unlink(missing_ok=True)
    return Freed(what="logs", count=len(old), bytes=sum(size for _, size in old), older_than=_days(LOGS_DAYS))


def half_written(store: Store, *, dry_run: bool = False) -> Freed:
    """Remove what killed runs left half-written on this machine, and copies that nobody used for a day."""
    left = store.left_behind(HALF_WRITTEN)
    size = sum(one.stat().st_size for path in left for one in ([path] if path.is_file() else path.rglob("*")) if one.is_file())
    if not dry_run:
        store.sweep(HALF_WRITTEN)
    return Freed(what="work files of this machine", count=len(left), bytes=size, older_than=_days(HALF_WRITTEN / 86400))


def _expired(store: Store, folder: str, seconds: float, kept: frozenset[str], dry_run: bool, now: float) -> Freed:
    things = list(_things(store, folder))
    old = _old_reels(store, things, now - seconds) if folder == REEL else [one for one in things if one.written < now - seconds]
    gone = [one for one in old if Path(one.key).name[:64] not in kept or folder not in MADE_OF]
    removed = gone if dry_run else [one for one in gone if _removed(store, one)]
    if store.local and not dry_run:
        _remove_empty(Path(store.root) / folder)
    limit = _days(seconds / 86400) if folder in FILMS else f"{seconds / 3600:g} h"
    return Freed(what=folder, count=len(removed), bytes=sum(one.bytes for one in removed), older_than=limit)


def _old_reels(store: Store, things: list[Thing], before: float) -> list[Thing]:
    """The files of reels of which none is young."""
    reels: dict[str, list[Thing]] = {}
    for one in things:
        reels.setdefault(one.key.removeprefix(f"{store.root}/{REEL}/").partition("/")[0], []).append(one)
    return [one for files in reels.values() if max(file.written for file in files) < before for one in files]


def _things(store: Store, folder: str) -> Iterator[Thing]:
    root = f"{store.root}/{folder}"
    if store.local:
        for path in Path(root).rglob("*"):
            if path.is_file() and not path.is_symlink():
                stat = path.stat()
                yield Thing(str(path), stat.st_size, stat.st_mtime)
        return
    store.fs.invalidate_cache()
    for key, info in store.fs.find(root, detail=True).items():
        yield Thing(key, info["size"], info["LastModified"].timestamp())


def _removed(store: Store, one: Thing) -> bool:
    """Remove a thing, unless somebody used it since it was listed."""
    try:
        if store.local:
            if Path(one.key).stat().st_mtime > one.written:
                return False
            Path(one.key).unlink()
            return True
        store.fs.invalidate_cache(one.key)
        if store.fs.info(one.key)["LastModified"].timestamp() > one.written:
            return False
        store.fs.rm_file(one.key)
    except FileNotFoundError:
        return False
    return True


def _remove_empty(folder: Path) -> None:
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            shutil.rmtree(path, ignore_errors=True)


def _uploads(store: Store, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
    marks: dict[str, str] = {}
    while True:
        page = store.fs.call_s3("list_multipart_uploads", Bucket=bucket, Prefix=f"{prefix}/" if prefix else "", **marks)
        yield from page.get("Uploads", [])
        if not page.get("IsTruncated"):
            return
        marks = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}


def _parts_size(store: Store, bucket: str, upload: dict[str, Any]) -> int:
    try:
        page = store.fs.call_s3("list_parts", Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    except FileNotFoundError:
        return 0
    return sum(int(part["Size"]) for part in page.get("Parts", []))


def _days(days: float) -> str:
    return f"{days:g} {'day' if days == 1 else 'days'}"
