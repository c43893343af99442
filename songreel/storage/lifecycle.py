"""The bucket's own lifecycle: what expires there without anybody running. Ages are days, which is the finest that S3 knows.

The rules of others in the same bucket stay as they are; ours are known by their ids, which hold the store's root.
"""

import errno
import math
from dataclasses import dataclass
from typing import Any

from songreel.errors import UserError
from songreel.storage.store import Store

MADE_OF = ("media", "results", "songs")
"""Folders of what films are made of."""
FILMS = ("reel", "runs", "plans", "flow-results")
"""Folders of films and of what is known of them. All other folders (the job book, the ledger, writings) never expire."""
ABANDONED_DAYS = 1  # of an upload in parts that was not ended
MOST_RULES = 1000  # that S3 takes
UNKNOWN = {errno.ENOSYS, errno.EPERM}
"""What a service answers that has no lifecycle: not implemented, or no such method."""


@dataclass(frozen=True)
class Keep:
    """How long what is kept."""

    hours: float = 24.0
    """What films are made of, after its last use."""
    films_days: float = 7.0
    """Films and their reels."""

    @property
    def seconds(self) -> dict[str, float]:
        """By folder."""
        return {**dict.fromkeys(MADE_OF, self.hours * 3600), **dict.fromkeys(FILMS, self.films_days * 86400)}


def rules(store: Store, keep: Keep, *, versioned: bool = False) -> list[dict[str, Any]]:
    """The rules that a bucket needs for this store.

    Args:
        store: in a bucket.
        keep: how long what is kept.
        versioned: the bucket keeps old versions, which are to go too.
    """
    prefix = _prefix(store)
    old: dict[str, Any] = {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}} if versioned else {}
    expiring = [
        {"ID": f"{_mark(store)}{folder}", "Status": "Enabled", "Filter": {"Prefix": f"{prefix}{folder}/"}, "Expiration": {"Days": days}, **old}
        for folder, days in ((folder, max(math.ceil(seconds / 86400), 1)) for folder, seconds in keep.seconds.items())
    ]
    abandoned = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABANDONED_DAYS}}
    return [*expiring, {"ID": f"{_mark(store)}uploads", "Status": "Enabled", "Filter": {"Prefix": prefix}, **abandoned}]


def install(store: Store, keep: Keep, *, dry_run: bool = False) -> str:
    """Give the bucket this store's rules beside those it has, and say what was done; a folder has none.

    Raises:
        TransientError: the bucket did not answer.
    """
    if store.local:
        return "a folder has no rules of its own: maintenance is what expires its content"
    bucket = store.root.partition("/")[0]
    try:
        there = _there(store, bucket)
        wanted = rules(store, keep, versioned=_versioned(store, bucket))
        others = [rule for rule in there["Rules"] if not str(rule.get("ID", "")).startswith(_mark(store))]
        if _same([*others, *wanted], there["Rules"]):
            return f"the bucket {bucket} has this store's {len(wanted)} rules"
        if len(others) + len(wanted) > MOST_RULES:
            raise UserError(f"the bucket {bucket} has {len(others)} lifecycle rules of others, {MOST_RULES} at most are taken: there is no room")
        if not dry_run:
            more = {name: value for name, value in there.items() if name == "TransitionDefaultMinimumObjectSize"}
            told = {"Rules": [*map(_modern, others), *wanted]}
            store.fs.call_s3("put_bucket_lifecycle_configuration", Bucket=bucket, LifecycleConfiguration=told, **more)
    except PermissionError as error:
        return f"the bucket {bucket} takes no rules from us ({error}): maintenance alone expires its content"
    except OSError as error:
        if error.errno not in UNKNOWN:
            raise
        return f"the bucket {bucket} knows no lifecycle: maintenance alone expires its content"
    return f"the bucket {bucket} {'would be' if dry_run else 'was'} given {len(wanted)} rules; {len(others)} of others stay"


def _versioned(store: Store, bucket: str) -> bool:
    try:
        return bool(store.fs.call_s3("get_bucket_versioning", Bucket=bucket).get("Status") == "Enabled")
    except OSError:  # not every service knows of versions, and not every key may ask
        return False


def _there(store: Store, bucket: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = store.fs.call_s3("get_bucket_lifecycle_configuration", Bucket=bucket)
    except FileNotFoundError as error:
        if "NoSuchBucket" in repr(error.__cause__):
            raise UserError(f"there is no bucket called {bucket}: create it, or check SONGREEL_STORE") from error
        return {"Rules": []}
    return found


def _modern(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule in the form in which S3 takes it beside ours: an old one names its prefix outside of a filter."""
    if "Filter" in rule or "Prefix" not in rule:
        return rule
    return {**{name: value for name, value in rule.items() if name != "Prefix"}, "Filter": {"Prefix": rule["Prefix"]}}


def _same(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> bool:
    return sorted(map(repr, map(_sorted, first))) == sorted(map(repr, map(_sorted, second)))


def _sorted(value: Any) -> Any:
    return {name: _sorted(value[name]) for name in sorted(value)} if isinstance(value, dict) else value


def _prefix(store: Store) -> str:
    inside = store.root.partition("/")[2]
    return f"{inside}/" if inside else ""


def _mark(store: Store) -> str:
    """What the ids of this store's rules begin with; another store's in the same bucket begin otherwise."""
    return f"songreel {_prefix(store) or '/'} "
