"""Keeps the store small: expires what is old, sweeps what killed runs left, installs the bucket's own rules, and tells what it freed."""

import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.settings import PREFECT_API_URL
from pydantic import ValidationError

from blocks.settings import Settings, current
from blocks.waiting import end_overdue, unfinished
from flows import songs
from schemas import MediaRef
from schemas.maintenance import Freed, Maintained
from songreel.errors import SongreelError
from songreel.storage import Records, Store, expiry, lifecycle

RUNS = "runs"
ARTIFACT = "maintenance"
HASH = re.compile(r"\b[0-9a-f]{64}\b")
"""Of content, in the record of a film, whichever version wrote it."""

REF = {"sha256", "suffix"}
"""Fields by which content is known in JSON."""

log = logging.getLogger("songreel.flows")


@flow(name="maintenance", persist_result=False)
def maintenance(dry_run: bool = False) -> Maintained:
    """Remove what the store has kept long enough, and install the bucket's lifecycle rules.

    Never removed: the job book, the ledger, writings, a film younger than `SONGREEL_KEEP_FILMS_DAYS` and what it is made of.

    Args:
        dry_run: only say what would be removed.

    Raises:
        TransientError: the bucket did not answer.
    """
    settings = current()
    store = settings.open_store()
    if not dry_run:
        _renewed(settings, store)
    done = kept_up(settings, store, dry_run=dry_run)
    table = [{"what": one.what, "older than": one.older_than, "removed": one.count, "MB": round(one.bytes / 1e6, 1)} for one in done.freed]
    words = f"{'Would free' if dry_run else 'Freed'} {done.bytes / 1e6:.1f} MB; {done.lifecycle}."
    create_table_artifact(table, key=ARTIFACT, description=words)
    log.info("%s", words)
    if not dry_run:
        _unanswered(settings)
    return done


def _renewed(settings: Settings, store: Store) -> None:
    """Keep what runs that wait, for an answer or in the queue, are still to use: their songs, pictures and plans' songs."""
    try:
        for given in unfinished(PREFECT_API_URL.value() or "", settings.prefect_headers):
            songs.renew(str(given.get("song") or ""), store)
            for ref in _refs(given):
                store.keep(ref)
    except SongreelError as error:
        log.warning("what waiting runs use is not renewed: %s", error)


def _refs(given: Any) -> Iterator[MediaRef]:
    """Content that a run's parameters name, at any depth."""
    if isinstance(given, Mapping) and set(given) >= REF:
        with suppress(ValidationError):
            yield MediaRef.model_validate(given)
    elif isinstance(given, Mapping | list):
        for one in given.values() if isinstance(given, Mapping) else given:
            yield from _refs(one)


def _unanswered(settings: Settings) -> None:
    """End the runs that waited for a person's answer for too long, each with a sentence."""
    try:
        ended = end_overdue(PREFECT_API_URL.value() or "", settings.prefect_headers)
    except SongreelError as error:
        log.warning("runs that nobody answered are not ended: %s", error)
    else:
        log.info("%d runs that nobody answered ended", len(ended))


def kept_up(settings: Settings, store: Store, *, dry_run: bool = False, now: float | None = None) -> Maintained:
    """A round of maintenance, without Prefect.

    Args:
        settings: how long what is kept, and where logs lie.
        store: whose content.
        dry_run: only say what would be removed.
        now: Unix seconds; none: those of now.
    """
    keep = lifecycle.Keep(settings.keep_hours, settings.keep_films_days)
    said = lifecycle.install(store, keep, dry_run=dry_run)
    freed: list[Freed] = expiry.expire(store, keep, _of_young_films(store, keep, now), dry_run=dry_run, now=now)
    logs = [settings.logs, settings.server_home, settings.home]
    freed += [expiry.abandoned_uploads(store, dry_run=dry_run, now=now), expiry.half_written(store, dry_run=dry_run)]
    freed += [expiry.old_logs(logs, dry_run=dry_run, now=now)]
    return Maintained(dry_run=dry_run, freed=tuple(freed), lifecycle=said)


def _of_young_films(store: Store, keep: lifecycle.Keep, now: float | None) -> frozenset[str]:
    """Hashes of the media of films that are kept still.

    In a folder a film may lie in its media alone, when it was delivered elsewhere. A bucket's own rules go by folder, and see no films.
    """
    if not store.local:
        return frozenset()
    young = (time.time() if now is None else now) - keep.films_days * 86400
    records = Records(store, RUNS)
    hashes: set[str] = set()
    for path in Path(records.root).glob("*.json"):
        if path.stat().st_mtime >= young:
            hashes |= set(HASH.findall(path.read_text("utf-8")))
    return frozenset(hashes)
