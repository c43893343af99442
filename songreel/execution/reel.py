"""One run's whole result folder: what goes in, and its delivery to a folder, whole and without touching a person's edits."""

import hashlib
import json
import logging
import os
import re
import shutil
import unicodedata
from pathlib import Path

from pydantic import Field, ValidationError

from schemas import Analysis, Clip, CostLedger, Film, FilmResult, Lyrics, MediaRef, Plan, Report, Timeline
from schemas.base import Model
from songreel.errors import TransientError, UserError
from songreel.execution.identity import media_in
from songreel.storage import Records, Store, sha256_of

MANIFEST = "manifest.json"
PLAN = "plan.json"
COSTS = "costs.json"
RECORD = ".published.json"
"""What was delivered, by name: hash, size and time of the file as it was written; tells an edited plan from a delivered one."""

PLANS = "plans"
"""Folder of the store with the plans of runs that are on their way."""

SLUG_LENGTH = 40  # characters of the song's name in the run's
HASH_LENGTH = 8  # hex digits of the run's identity in its name

log = logging.getLogger("songreel.reel")


class Inspected(Model):
    """What inspect gives: the report, and the page that shows it."""

    report: Report
    page: MediaRef | None = None


class Board(Model):
    """The film before it is shot, as small pictures by name: 'storyboard' and 'timeline'."""

    cards: dict[str, MediaRef]


class Materials(Model):
    """Everything that publish makes the reel of."""

    plan: Plan
    analysis: Analysis
    lyrics: Lyrics
    timeline: Timeline
    film: Film
    clips: tuple[Clip, ...]
    report: Report
    report_page: MediaRef | None = None
    costs: CostLedger
    result: FilmResult
    """With the film's name in the reel as its path."""
    title: str
    """The run's readable name."""
    tags: tuple[str, ...] = ()


class Reel(Model):
    """A finished run as content: the result and every file by its name in the folder."""

    result: FilmResult
    title: str
    """The run's readable name: ``night-drive · synthwave · 3:12``."""
    tags: tuple[str, ...] = ()
    files: dict[str, MediaRef]
    cards: dict[str, MediaRef] = Field(default_factory=dict)
    """Small pictures for the run's page: 'storyboard' and 'timeline'."""
    costs: CostLedger = CostLedger()
    broken: tuple[str, ...] = ()
    """Sentences of the hard rules that the film breaks."""
    lasting: bool = True
    """False when a backend failed and another stood in: an equal run tries again."""


def run_name(song: str, identity: str) -> str:
    """``night-drive-1a2b3c4d``: readable, and the same for the same song and request."""
    ascii_ = unicodedata.normalize("NFKD", song.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:SLUG_LENGTH].rstrip("-")
    return f"{slug or 'song'}-{hashlib.sha256(identity.encode()).hexdigest()[:HASH_LENGTH]}"


def remember(reel: Reel, store: Store) -> None:
    """Keep the reel's record in the store, for an equal run."""
    key = _record_key(reel.result.run, store)
    if store.local:
        store.fs.makedirs(key.rpartition("/")[0], exist_ok=True)
    with store.fs.transaction:
        store.fs.pipe_file(key, reel.model_dump_json().encode())


def recall(run: str, store: Store) -> Reel | None:
    """The reel of that run, when its record is there and the store holds its files, or a run delivered them and they are there still.

    What its page shows beside them is left out when it has expired.
    """
    try:
        reel = Reel.model_validate_json(store.fs.cat_file(_record_key(run, store)))
    except (FileNotFoundError, ValidationError):  # none, or one that an older version wrote
        return None
    if not all(store.keep(ref) or store.restore(ref, run, name) for name, ref in reel.files.items()):
        return None
    reel = reel.model_copy(update={"cards": {name: ref for name, ref in reel.cards.items() if store.keep(ref)}})
    return reel if all(store.has(ref) for ref in media_in(reel)) else None


def _record_key(run: str, store: Store) -> str:
    return f"{store.root}/runs/{run}.json"


def keep_plan(run: str, plan: Plan, store: Store) -> None:
    """Keep the plan of a run that is on its way, for whoever wants to see it before there is a film; a store that is away does no harm."""
    try:
        Records(store, PLANS).replace(run, plan.model_dump_json().encode())
    except (TransientError, OSError) as error:
        log.warning("the plan of %s cannot be looked at before its film is there: %s", run, error)


def plan_on_its_way(run: str, store: Store) -> Plan | None:
    """The plan that `keep_plan` kept."""
    try:
        return Plan.model_validate_json(Records(store, PLANS).read(run) or b"")
    except ValidationError:  # none, or one that another version wrote
        return None


def with_costs(reel: Reel, costs: CostLedger, store: Store) -> Reel:
    """The reel with these costs, in its ``costs.json`` too."""
    files = {**reel.files, COSTS: store.put_bytes(costs.model_dump_json(indent=2).encode(), ".json")}
    return reel.model_copy(update={"costs": costs, "files": files})


def deliver(reel: Reel, store: Store, out: Path) -> FilmResult:
    """Write the reel to ``out/<run>/`` and give the result with the film's place; files that are there already stay.

    A ``plan.json`` that a person edited is kept.

    Raises:
        UserError: the folder cannot be written.
    """
    folder = out / reel.result.run
    try:
        folder.mkdir(parents=True, exist_ok=True)
        published = _published(folder)
        for name, ref in reel.files.items():
            if not _kept(folder / name, name, ref, published):
                _place(store.get(ref), folder / name)
                published[name] = _mark(folder / name, ref.sha256)
        result = at(reel.result, str(folder / reel.result.film.path))
        _write(folder / MANIFEST, result.model_dump_json(indent=2))
        _write(folder / RECORD, json.dumps(published))
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror or error}; give another folder with --out") from error
    return result


def deliver_to_store(reel: Reel, store: Store) -> FilmResult:
    """Publish the reel in the store, at ``reel/<run>/``, and give the result with the film's address."""
    run = reel.result.run
    addresses = {name: store.publish(run, name, store.get(ref)) for name, ref in reel.files.items()}
    result = at(reel.result, addresses[reel.result.film.path])
    with store.workspace() as folder:
        (folder / MANIFEST).write_text(result.model_dump_json(indent=2))
        store.publish(run, MANIFEST, folder / MANIFEST)
    return result


def at(result: FilmResult, path: str) -> FilmResult:
    """The result with the film lying at ``path``."""
    return result.model_copy(update={"film": result.film.model_copy(update={"path": path})})


def _published(folder: Path) -> dict[str, list[object]]:
    try:
        record = json.loads((folder / RECORD).read_text())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _mark(path: Path, sha256: str) -> list[object]:
    stat = path.stat()
    return [sha256, stat.st_size, stat.st_mtime_ns]


def _kept(path: Path, name: str, ref: MediaRef, published: dict[str, list[object]]) -> bool:
    """Whether the file stays: it is what would be written, or it is a plan that a person edited."""
    if not path.is_file():
        return False
    if published.get(name) == _mark(path, ref.sha256):
        return True
    if path.stat().st_size == ref.bytes and sha256_of(path) == ref.sha256:
        published[name] = _mark(path, ref.sha256)
        return True
    return name == PLAN and sha256_of(path) != (published.get(name) or [None])[0]


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _write(target: Path, text: str) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.write_text(text)
    part.replace(target)
